"""Measurements on their way to the cloud: gathered for a while, and told of together.

A change is worth telling, the same again is not. What was gathered is lost when the power goes: it is a measurement,
and the next one comes. An orderly end tells it.
"""

from collections.abc import Container, Mapping
from typing import Any, Final

from hubagent.model.capability import Value

GATHER_S: Final = 5.0
TOGETHER_MAX: Final = 64
"""Readings of one message."""
REMEMBERED_MAX: Final = 10_000
"""Attributes whose last value is remembered, to tell a change from the same again."""


class Readings:
    def __init__(self) -> None:
        self._waiting: list[list[Any]] = []
        self._last: dict[tuple[str, str], Value] = {}

    @property
    def full(self) -> bool:
        return len(self._waiting) >= TOGETHER_MAX

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def changed(self, device: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """Those of `values` that are other than they were last."""
        news = {name: value for name, value in values.items() if self._last.get((device, name), self) != value}
        if news:
            if len(self._last) >= REMEMBERED_MAX:
                self._last.clear()
            self._last.update({(device, name): value for name, value in news.items()})
        return news

    def keep_only(self, devices: Container[str]) -> None:
        """Of the others nothing is remembered: one that comes back has everything to tell."""
        self._last = {key: value for key, value in self._last.items() if key[0] in devices}

    def add(self, at: float, device: str, values: Mapping[str, Value]) -> None:
        self._waiting += [[at, device, name, value] for name, value in values.items()]

    def take(self) -> dict[str, Any]:
        """The body of one message."""
        taken, self._waiting = self._waiting[:TOGETHER_MAX], self._waiting[TOGETHER_MAX:]
        return {"readings": taken}
