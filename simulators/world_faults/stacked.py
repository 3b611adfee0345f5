"""One setting that several faults may want at once: the latest counts until it is healed, then the one before."""

from collections.abc import Callable
from typing import Generic, TypeVar

from simulators.fault_kind import Heal

_Value = TypeVar("_Value")


class Stacked(Generic[_Value]):
    """`read` and `write` are the setting's; what it was before the first fault is what it is after the last."""

    def __init__(self, read: Callable[[], _Value], write: Callable[[_Value], None]) -> None:
        self._read = read
        self._write = write
        self._before: list[_Value] = []
        self._wanted: dict[int, _Value] = {}
        self._numbers = 0

    def put(self, value: _Value) -> Heal:
        if not self._wanted:
            self._before = [self._read()]
        self._numbers += 1
        number = self._numbers
        self._wanted[number] = value
        self._write(value)

        def heal() -> None:
            if number in self._wanted:
                del self._wanted[number]
                self._write(next(reversed(self._wanted.values())) if self._wanted else self._before[0])

        return heal

    def settle(self, value: _Value) -> None:
        """It is that from now on, and nobody's fault wants anything else any more."""
        self._wanted.clear()
        self._write(value)
