"""The Gecko bootloader of 700- and 800-series sticks, as far as a stick that was left in it has to be got out again.

Silicon Labs UG489, Gecko Bootloader User's Guide, the menu on the serial port. Uploading is not kept.
"""

from collections.abc import Callable
from typing import Final

MENU: Final = b"\r\nGecko Bootloader v1.12.00\r\n1. upload gbl\r\n2. run\r\n3. ebl info\r\nBL > \0"
RUN: Final = ord("2")


class Bootloader:
    """Shows its menu at once, and again for every byte that it does not know; `run` is told to start the firmware."""

    def __init__(self, write: Callable[[bytes], None], run: Callable[[], None]) -> None:
        self._write = write
        self._run = run
        write(MENU)

    def data_received(self, data: bytes) -> None:
        if RUN in data:
            self._run()
        elif data:
            self._write(MENU)
