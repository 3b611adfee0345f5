"""A recording of what a hub saw and did: its own log, told to simulated devices.

Only when all of the log is known is it known what its devices are; until then it waits in a file of its own. What a
rule sent is taken for the cause of what the device then said that it is; what a person had sent is not, for it would
not happen again by itself.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, Final

from simulators.climate.plan import PlacePlan
from simulators.devices.device import Value
from simulators.devices.remote import GESTURES
from simulators.recording.format import KIND, T_MAX_S, VERSION, Became, Done, Event, Header, Pressed
from simulators.recording.hands import commanded
from simulators.recording.hub_cast import Actor, Survey, TooMuch, button_of
from simulators.recording.hub_views import Known, View
from simulators.recording.meaning import BATTERY, value_for
from simulators.recording.writing import Spool

ANSWER_MAX_S: Final = 120.0
"""So long after a command at most, what a device says is its answer: a blind takes its time."""
AFTERWARDS_S: Final = 2.0
"""So long after the command has ended, still."""
_RULE: Final = "rule:"
_SILENT: Final = frozenset(("silent", "left"))
_REPEATED: Final = "hold_repeat"


@dataclass(frozen=True, slots=True)
class Told:
    """For people: what became of the log."""

    names: Mapping[str, str]
    """By what a device is called there, what it is called here, where that is something else."""
    unplayed: Mapping[str, int]
    """By device and attribute: events that no simulated device can do."""
    early: int
    """Events whose time was before the one before them: the hub's clock was put back."""


class HubTape:
    """Made by `hub_tape`."""

    def __init__(self, waiting: IO[bytes], start: float | None, devices: Iterable[Known]) -> None:
        self._waiting = waiting
        self._start = start
        self._survey = Survey()
        for known in devices:
            self._survey.know(known)

    def hear(self, view: View) -> None:
        """Raises TooMuch."""
        if self._start is None:
            self._start = view.t
        if view.t - self._start > T_MAX_S:
            raise TooMuch(f"{view.t} is more than ten years after {self._start}, when it began: did the clock jump?")
        self._survey.hear(view)
        self._waiting.write(json.dumps(asdict(view), default=str).encode() + b"\n")

    def finish(self, spool: Spool, home: str, place: PlacePlan | None) -> tuple[Header, Told]:
        """Write the recording. Raises CannotWrite."""
        cast = self._survey.cast()
        start = self._start or 0.0
        telling = _Telling(cast, start)
        self._waiting.seek(0)
        for line in self._waiting:
            for event in telling.events(View(**json.loads(line))):
                spool.add(event)
        devices = [actor.table for actors in cast.values() for actor in actors]
        table = {"v": VERSION, "kind": KIND, "start": start, "home": home, "place": place, "devices": devices}
        header = Header.model_validate(table)
        spool.finish(header)
        return header, Told(self._survey.renamed(cast), dict(telling.unplayed), telling.early)


@contextmanager
def hub_tape(start: float | None = None, devices: Iterable[Known] = ()) -> Iterator[HubTape]:
    """`start` is the Unix time at which it begins, with `devices` as they are then; None: that of the first line.

    Raises TooMuch.
    """
    with tempfile.TemporaryFile() as waiting:
        yield HubTape(waiting, start, devices)


@dataclass(slots=True)
class _Wish:
    """What rules last had sent to a device."""

    until: float = 0.0
    values: dict[str, object] = field(default_factory=dict)

    def sent(self, view: View, t: float) -> None:
        if t > self.until:
            self.values.clear()
        self.values[view.attribute] = view.value
        self.until = t + ANSWER_MAX_S

    def explains(self, view: View, t: float) -> bool:
        """Whether what a device says follows from it; on its way to a number it may say others."""
        wanted = self.values.get(view.attribute, view.value)
        return t <= self.until and (wanted == view.value or not isinstance(view.value, bool | str))


class _Telling:
    """From the hub's views to events, in one go."""

    def __init__(self, cast: Mapping[str, list[Actor]], start: float) -> None:
        self.unplayed: Counter[str] = Counter()
        self.early = 0
        self._cast = cast
        self._start = start
        self._latest = 0.0
        self._said: dict[tuple[str, str], Value] = {
            (actor.name, attribute): value
            for actors in cast.values()
            for actor in actors
            for attribute, value in actor.table["state"].items()
        }
        self._wishes: dict[str, _Wish] = {}
        self._dead: set[str] = set()

    def events(self, view: View) -> Iterator[Event]:
        actors = self._cast.get(view.device, [])
        if not actors:
            return
        t = self._time(view)
        match view.event:
            case "reported":
                yield from self._reported(view, actors, t)
            case "pressed":
                yield from self._pressed(view, actors, t)
            case "sent" if view.cause.startswith(_RULE):
                self._wishes.setdefault(view.device, _Wish()).sent(view, t)
            case "answered" if view.cause.startswith(_RULE):
                self._wishes.setdefault(view.device, _Wish()).until = t + AFTERWARDS_S
            case "silent" | "left" | "changed":
                yield from self._presence(view, actors, t)

    def _time(self, view: View) -> float:
        t = view.t - self._start
        if t < self._latest:
            self.early += t < self._latest - AFTERWARDS_S
            return self._latest
        self._latest = t
        return t

    def _reported(self, view: View, actors: list[Actor], t: float) -> Iterator[Event]:
        actor = next((actor for actor in actors if view.attribute in actor.part.attributes), None)
        here = "" if actor is None else actor.part.attributes[view.attribute]
        value = value_for(here, view.attribute, view.value)
        if actor is None or not here or (here == BATTERY and actor.table.get("power") == "mains"):
            self.unplayed[f"{view.name}.{view.attribute}"] += 1
            return
        # A plug that is off draws nothing, whatever is plugged in.
        nothing = here == "load" and not value and self._said.get((actor.name, "on")) is False
        if value is None or nothing or self._said.get((actor.name, here)) == value:
            return
        self._said[actor.name, here] = value
        wish = self._wishes.get(view.device)
        by_hub = wish is not None and commanded(here) and wish.explains(view, t)
        table = {"t": t, "device": actor.name, "set": {here: value}, "by": "hub" if by_hub else None}
        yield Became.model_validate(table)

    def _pressed(self, view: View, actors: list[Actor], t: float) -> Iterator[Event]:
        actor = next((actor for actor in actors if actor.part.role.kind == "remote"), None)
        number = button_of(view)
        if view.value == _REPEATED:
            return
        if actor is None or not number or view.value not in GESTURES:
            self.unplayed[f"{view.name}.{view.attribute}"] += 1
            return
        yield Pressed(t=t, device=actor.name, press=str(number), gesture=str(view.value))

    def _presence(self, view: View, actors: list[Actor], t: float) -> Iterator[Event]:
        gone = view.event in _SILENT or view.state == "dead"
        if gone == (view.device in self._dead) or (not gone and view.state != "ready"):
            return
        (self._dead.add if gone else self._dead.discard)(view.device)
        for actor in actors:
            yield Done(t=t, do=f"fault device.{'dead' if gone else 'alive'} device={actor.name}")


def remarks(told: Told, most: int = 20) -> list[str]:
    """What people should know, in lines."""
    lines = [f"{there!r} is called {here} in it" for there, here in list(told.names.items())[:most]]
    for name, count in sorted(told.unplayed.items(), key=lambda item: (-item[1], item[0]))[:most]:
        lines.append(f"{name}: {count} events that no simulated device can do")
    if told.early:
        lines.append(f"{told.early} events came out of order: the hub's clock was put back; they follow at once")
    return lines
