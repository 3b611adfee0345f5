"""`{ numeric = "freezer.temperature", above = -12, rearm_below = -15, for = "10m" }`, `"freezer.temperature > -12"`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.model.capability import InvalidValue, Kind, Value
from hubagent.rules.binding import CannotBind
from hubagent.rules.expression.scope import Scope
from hubagent.rules.reading.form import number
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.triggers.fields import HELD, ID, SUBJECT
from hubagent.rules.triggers.meaning import find_subject, observed
from hubagent.rules.triggers.nature import BoundEdge
from hubagent.toml_lines import NOWHERE, Spot

_BOUNDS = ("above", "below", "rearm_below", "rearm_above")


@dataclass(frozen=True, slots=True)
class NumericTrigger:
    """A number comes to be above and below its bounds; with a level to re-arm it, not again before that was passed."""

    FIELDS: ClassVar = Fields(
        {
            "numeric": Field(SUBJECT, "the device, or DEVICE.ATTRIBUTE", into="subject", required=True),
            "above": Field(number(), "when it comes to be more than this"),
            "below": Field(number(), "when it comes to be less than this"),
            "rearm_below": Field(number(), "with above: not again before it was less than this", default="above"),
            "rearm_above": Field(number(), "with below: not again before it was more than this", default="below"),
            "for": HELD,
            "id": ID,
        }
    )

    subject: str
    above: float | None = None
    below: float | None = None
    inclusive: bool = False
    """The bounds themselves count too: `>=` and `<=`."""
    rearm_below: float | None = None
    rearm_above: float | None = None
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        above, below = self.above, self.below
        if above is None and below is None:
            raise Wrong("says above = NUMBER or below = NUMBER, or both")
        if above is not None and below is not None and above >= below:
            raise Wrong(f"nothing is above {above:g} and below {below:g}", below=("above",))
        if self.rearm_below is not None and (above is None or self.rearm_below > above):
            raise Wrong("is a level at or under `above`, for that to happen again", below=("rearm_below",))
        if self.rearm_above is not None and (below is None or self.rearm_above < below):
            raise Wrong("is a level at or over `below`, for that to happen again", below=("rearm_above",))

    def bind(self, scope: Scope) -> BoundEdge:
        place = self.place.below("numeric")
        subject = find_subject(self.subject, scope, place)
        attribute = observed(subject, place)
        if attribute.kind is not Kind.NUMBER:
            raise CannotBind(f"{attribute.name} is {attribute.kind.value}, not a number with bounds", place)
        for name in _BOUNDS:
            try:
                attribute.check(getattr(self, name))
            except InvalidValue as invalid:
                raise CannotBind(str(invalid), self.place.below(name)) from invalid
        holds = self.holds()
        return BoundEdge(
            keys=((subject.device.id, attribute.name),),
            cells=(scope.cell(subject.device.id, attribute.name),),
            test=lambda before, now: holds(now) and not holds(before),
            stays=lambda _then, now: holds(now),
            rearms=self._rearms(),
            held_s=self.held_s,
        )

    def holds(self) -> Callable[[Value], bool]:
        """Whether a value is inside the bounds; an unknown one is not."""
        low = self.above if self.above is not None else float("-inf")
        high = self.below if self.below is not None else float("inf")
        if self.inclusive:
            return lambda value: isinstance(value, int | float) and low <= value <= high
        return lambda value: isinstance(value, int | float) and low < value < high

    def _rearms(self) -> Callable[[Value], bool] | None:
        if self.rearm_below is None and self.rearm_above is None:
            return None
        low = self.rearm_below if self.rearm_below is not None else float("-inf")
        high = self.rearm_above if self.rearm_above is not None else float("inf")
        return lambda value: isinstance(value, int | float) and (value < low or value > high)
