"""A real device of which somebody took a snapshot: what it says is in the file, and nothing of it can be touched."""

from pathlib import Path

from simulators.devices.device import Device


class Captured(Device):
    """`file` is read by the radio whose device it is."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
