"""A repeater: a plug-in radio and nothing else."""

from simulators.devices.device import Device


class Repeater(Device):
    pass
