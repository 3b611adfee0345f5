"""The time of day and the weekday in templates: `now().hour >= 22`, `now().weekday() < 5`."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from jinja2 import nodes

from hubagent.rules.importers import said
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Part(Enum):
    HOUR = "hour"
    WEEKDAY = "weekday"
    """From 0 for Monday."""
    ISO_WEEKDAY = "isoweekday"
    """From 1 for Monday."""
    HOUR_AND_MINUTE = "%H:%M"


@dataclass(frozen=True, slots=True)
class Clock:
    """A part of what the clock says."""

    part: Part

    def compared(self, sign: str, wanted: Any) -> Said:
        """Raises CannotTranslate."""
        if self.part is Part.HOUR_AND_MINUTE:
            return _of_time(sign, wanted)
        if isinstance(wanted, bool) or not isinstance(wanted, int):
            raise CannotTranslate("template", "the time compared with something else")
        if self.part is Part.HOUR:
            return _of_hour(sign, wanted)
        first = 1 if self.part is Part.ISO_WEEKDAY else 0
        days = [day for number, day in enumerate(_DAYS, first) if _holds(number, sign, wanted)]
        if not days or len(days) == len(_DAYS):
            return said.TRUE if days else said.FALSE
        return said.among(Said("weekday"), [said.text(day) for day in days])


def _holds(number: int, sign: str, wanted: int) -> bool:
    return {
        "==": number == wanted,
        "<": number < wanted,
        "<=": number <= wanted,
        ">": number > wanted,
        ">=": number >= wanted,
    }[sign]


def _of_hour(sign: str, hour: int) -> Said:
    if not 0 <= hour <= 23:
        raise CannotTranslate("template", f"the hour {hour}")
    if sign == "==":
        return Said(f"between('{hour:02}:00', '{(hour + 1) % 24:02}:00')")
    if sign in ("<=", ">"):  # the hour goes on until the next begins
        sign, hour = ("<" if sign == "<=" else ">="), hour + 1
    if hour == 24:
        return said.TRUE if sign == "<" else said.FALSE
    return said.compared(Said("time"), sign, said.text(f"{hour:02}:00"))


def _of_time(sign: str, wanted: Any) -> Said:
    """Of texts as `22:30`, whose order is that of the times; seconds are not in them."""
    if not isinstance(wanted, str) or len(wanted) != 5 or wanted[2] != ":":
        raise CannotTranslate("template", "the time compared with something else")
    hour, minute = wanted[:2], wanted[3:]
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise CannotTranslate("template", f"the time {wanted}")
    if sign not in ("<", ">="):
        raise CannotTranslate("template", "a minute of the clock")
    return said.compared(Said("time"), sign, said.text(wanted))


def attribute(node: nodes.Getattr) -> Clock | None:
    """`now().hour`."""
    if node.attr == "hour" and _is_now(node.node):
        return Clock(Part.HOUR)
    return None


def call(node: nodes.Call) -> Clock | None:
    """`now().weekday()`, `now().strftime('%H:%M')`."""
    method = node.node
    if not isinstance(method, nodes.Getattr) or not _is_now(method.node) or node.kwargs:
        return None
    if method.attr in ("weekday", "isoweekday") and not node.args:
        return Clock(Part(method.attr))
    if method.attr == "strftime" and len(node.args) == 1:
        form = node.args[0]
        if isinstance(form, nodes.Const) and form.value == "%H:%M":
            return Clock(Part.HOUR_AND_MINUTE)
    return None


def _is_now(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "now"
