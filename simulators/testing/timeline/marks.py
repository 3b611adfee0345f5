"""What stands in a row of the picture. Times are of the loop; texts are for people, and not yet escaped."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Band:
    """It was so for that time."""

    begin: float
    end: float
    text: str
    style: str
    tip: str


@dataclass(frozen=True, slots=True)
class Thin:
    """Somebody believed otherwise for that time."""

    begin: float
    end: float
    style: str
    tip: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A number over time; what is moving goes straight from point to point, and else stays."""

    points: Sequence[tuple[float, float]]
    low: float
    high: float
    unit: str
    moves: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Dot:
    """It happened then."""

    at: float
    style: str
    tip: str


Mark = Band | Thin | Curve | Dot


@dataclass(slots=True)
class Row:
    group: str
    label: str
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shade:
    """Over all rows: something was wrong on purpose."""

    begin: float
    end: float
    style: str
    tip: str
