"""A stick that was left in its bootloader, after an update that was cut short, and the way out of it.

The Gecko bootloader of 700- and 800-series sticks shows a menu on the serial port (Silicon Labs UG489); "2" runs the
firmware. Nothing of the menu can begin a frame, so the link takes it for noise.
"""

from typing import Final

PROMPT: Final = b"BL >"
RUN: Final = b"2"
RUNS_MAX: Final = 3
"""How often it is told: a stick without firmware comes back with its menu."""


class BootloaderWatch:
    """Looks for the menu in what a stick says before it has said anything else."""

    def __init__(self) -> None:
        self._tail = b""
        self._runs = 0

    def sees_menu(self, data: bytes) -> bool:
        """Whether `data` ends a prompt that is worth answering with RUN."""
        seen = self._tail + data
        self._tail = seen[-len(PROMPT) + 1 :]
        if PROMPT not in seen or self._runs >= RUNS_MAX:
            return False
        self._tail = b""
        self._runs += 1
        return True
