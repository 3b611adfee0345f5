"""A counter of one byte that a device keeps in flash, in steps and ahead of time.

Without power it never goes back to what it has counted a moment ago: hosts drop a message that is the same as the last.
"""

from typing import Final

STEP: Final = 16
_NUMBERS: Final = 256


class RollingCounter:
    def __init__(self, value: int = 0) -> None:
        self._value = value

    def next(self) -> int:
        self._value = (self._value + 1) % _NUMBERS
        return self._value

    @property
    def kept(self) -> int:
        """Where it goes on without power."""
        return (self._value // STEP + 1) * STEP % _NUMBERS

    def restore(self, kept: int) -> None:
        """Raises ValueError."""
        if kept not in range(_NUMBERS):
            raise ValueError(f"{kept!r} is no byte")
        self._value = kept

    def lose_power(self) -> None:
        self._value = self.kept
