"""Device Reset Locally (SDS13782): announces that the device was set back by hand, just before it leaves."""

from drivers.zwave.command_classes import device_reset_locally
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.device_reset_locally import DeviceResetLocallyNotification
from simulators.zwave.reactions.reaction import Answer, Reaction


class DeviceResetLocallyReaction(Reaction):
    MODULE = device_reset_locally
    REPORTS = (DeviceResetLocallyNotification,)

    def react(self, command: Command) -> Answer:  # noqa: ARG002 - it only sends
        return None
