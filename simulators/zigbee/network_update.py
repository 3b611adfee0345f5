"""What the stick as network manager does about its host's Mgmt_NWK_Update_req: it changes the channel, too.

Zigbee Specification 05-3474-22, §2.4.3.3.9.
"""

from typing import Final

from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo.management import CHANGE_CHANNEL, CHANGE_CHANNEL_MASK, MgmtNwkUpdateReq
from drivers.zigbee.zdo.table import decode
from simulators.zigbee.chip import Chip
from simulators.zigbee.memory import CHANNELS
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.rejoining import CHANNEL_CHANGE_S

_SETTLED_S: Final = 0.1
"""The stick is the last to change."""


class NetworkUpdate:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._goes_to: int | None = None

    def heard(self, message: ApsMessage) -> None:
        """A broadcast of the host's."""
        if message.profile != 0 or message.cluster != MgmtNwkUpdateReq.CLUSTER:
            return
        try:
            _, request = decode(message.cluster, message.payload)
        except MalformedFrame:
            return
        if isinstance(request, MgmtNwkUpdateReq):
            self.obey(request)

    def obey(self, request: MgmtNwkUpdateReq) -> None:
        """Some hosts tell the stick by a broadcast, some alone, some both."""
        if self._chip.formed is None:
            return
        if request.update.update_id is not None:
            self._chip.formed.update_id = request.update.update_id
        if request.update.duration == CHANGE_CHANNEL_MASK:
            self._chip.formed.channel_mask = request.channels
        elif request.update.duration == CHANGE_CHANNEL:
            channel = request.channels.bit_length() - 1
            if channel in CHANNELS and channel != self._goes_to:
                self._goes_to = channel
                self._chip.later(CHANNEL_CHANGE_S + _SETTLED_S, lambda: self.change_channel(channel))

    def change_channel(self, channel: int) -> None:
        chip = self._chip
        self._goes_to = None
        if chip.formed is None:
            return
        chip.formed.channel = channel
        chip.memory.save()
        chip.network.changed()
        chip.say_status(Status.ZIGBEE_CHANNEL_CHANGED)
        chip.network.rejoining.find_the_lost()
