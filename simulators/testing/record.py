"""What happened in a run, for people: how everything was and when, who did what, and what was wrong on purpose.

Only kept here, in the order in which it happened; `recorder` fills it, `failure` and `timeline` tell of it. Times are
of the loop. Everything has its bound: of a long run the newest is kept, and how much is gone is counted.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hubagent.model.capability import Value

POINTS_MAX: Final = 20_000
"""Of one attribute of one device."""
HAPPENINGS_MAX: Final = 50_000
SPANS_MAX: Final = 2_000


class Series:
    """One value over time: what it came to be, and when. Before its first point nobody knows."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.values: list[Value] = []
        self.lost = 0
        """Points that were too many; the oldest."""

    def add(self, at: float, value: Value, *, sets_out: bool = False) -> bool:
        """Whether that is new. With `sets_out` it is kept though it is not: from here on it moves."""
        known = bool(self.values) and self.values[-1] == value and type(self.values[-1]) is type(value)
        if known and not sets_out:
            return False
        if self.times and self.times[-1] == at:
            # What lasts no time at all was never seen by anybody; but that it changed is to be seen.
            self.values[-1] = value
            return not known
        self.times.append(at)
        self.values.append(value)
        if len(self.times) > POINTS_MAX:
            half = POINTS_MAX // 2
            del self.times[:half], self.values[:half]
            self.lost += half
        return not known

    def at(self, moment: float) -> Value:
        found = bisect_right(self.times, moment)
        return self.values[found - 1] if found else None

    def since(self, moment: float) -> float | None:
        """When it came to be what it is at that moment; None where nobody knows, or it was so from the beginning."""
        found = bisect_right(self.times, moment) - 1
        while found > 0 and self.values[found - 1] == self.values[found]:
            found -= 1
        return self.times[found] if found > 0 or (found == 0 and self.lost) else None

    @property
    def latest(self) -> Value:
        return self.values[-1] if self.values else None

    def __iter__(self) -> Iterator[tuple[float, Value]]:
        return zip(self.times, self.values, strict=True)


class Kind(StrEnum):
    """Of a happening; the values are how people filter them."""

    HAND = "hand"
    TRUTH = "truth"
    BUTTON = "button"
    RULE = "rule"
    COMMAND = "command"
    NOTICE = "notice"
    HUB = "hub"
    CLOUD = "cloud"
    FAULT = "fault"
    EXPECTED = "expected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Happening:
    at: float
    kind: Kind
    about: str
    """The device, the rule, the resident: whatever it is about."""
    text: str


@dataclass(slots=True)
class Span:
    """Something that lasts: a fault, or that the hub or the cloud is off."""

    kind: Kind
    name: str
    about: str
    """What it strikes: a device, a radio; empty for the hub, the cloud."""
    begin: float
    end: float | None = None
    """None: it had not ended."""


Attributes = dict[str, Series]


@dataclass
class Record:
    began: float = 0.0
    ended: float = 0.0
    truth: dict[str, Attributes] = field(default_factory=dict)
    """By device and attribute."""
    hub: dict[str, Attributes] = field(default_factory=dict)
    """What the hub believed."""
    cloud: dict[str, Attributes] = field(default_factory=dict)
    residents: dict[str, Series] = field(default_factory=dict)
    """Who was in which room."""
    mentioned: set[tuple[str, str]] = field(default_factory=set)
    """Devices and attributes that somebody expected something of."""
    places: Mapping[str, str] = field(default_factory=dict)
    """By device, its room."""
    happenings: deque[Happening] = field(default_factory=lambda: deque(maxlen=HAPPENINGS_MAX))
    spans: deque[Span] = field(default_factory=lambda: deque(maxlen=SPANS_MAX))

    def happened(self, at: float, kind: Kind, about: str, text: str) -> None:
        self.happenings.append(Happening(at, kind, about, text))

    def begin(self, at: float, kind: Kind, name: str, about: str = "") -> Span:
        span = Span(kind, name, about, at)
        self.spans.append(span)
        return span

    def series(self, of: dict[str, Attributes], device: str, attribute: str) -> Series:
        return of.setdefault(device, {}).setdefault(attribute, Series())

    def latest(self, count: int) -> list[Happening]:
        """The oldest of them first."""
        return list(self.happenings)[-count:]
