"""What the hub told of since the test began: reports, presses, commands, notifications."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, overload

from hubagent.model.event import Event, Notified
from hubagent.pairing import PairingProgressed
from simulators.testing.context import Context
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

_E = TypeVar("_E")


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    """On the home's clock."""
    event: Event | PairingProgressed


@dataclass(frozen=True, slots=True)
class Notification:
    at: datetime
    to: str
    text: str
    rule: str


class Events(Sequence[Told]):
    """The oldest first; the latest 20,000."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @overload
    def __getitem__(self, index: int) -> Told: ...
    @overload
    def __getitem__(self, index: slice) -> list[Told]: ...
    def __getitem__(self, index: int | slice) -> Told | list[Told]:
        heard = self._context.there.recorder.hub.events
        if isinstance(index, slice):
            return [Told(self._context.local(it.at), it.event) for it in list(heard)[index]]
        return Told(self._context.local(heard[index].at), heard[index].event)

    def __len__(self) -> int:
        return len(self._context.there.recorder.hub.events)

    def of(self, kind: type[_E]) -> list[_E]:
        """Those of one kind: `home.events.of(ButtonPressed)`."""
        return [it.event for it in self._context.there.recorder.hub.events if isinstance(it.event, kind)]

    def __iter__(self) -> Iterator[Told]:
        return iter(self[:])

    @property
    def notifications(self) -> list[Notification]:
        return [
            Notification(self._context.local(it.at), it.event.to, it.event.text, it.event.who.removeprefix("rule:"))
            for it in self._context.there.recorder.hub.events
            if isinstance(it.event, Notified)
        ]
