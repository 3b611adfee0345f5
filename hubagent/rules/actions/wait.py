"""`{ wait = "3m" }`, and `{ wait = "hall.motion is clear", for = "3m", timeout = "1h", on_timeout = "stop" }`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Final

from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.expression_form import EXPRESSION, read_expression
from hubagent.rules.reading.form import Form, choice, duration
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong
from hubagent.toml_lines import NOWHERE, Spot


class OnTimeout(Enum):
    CONTINUE = "continue"
    STOP = "stop"


_DURATION: Final = duration()


def _duration_or_expression(value: Any) -> float | Expression:
    """`3m` is a duration; what begins with a digit is one, or wants to be."""
    if isinstance(value, str) and value.strip()[:1].isdigit():
        seconds: float = _DURATION.read(value)
        return seconds
    return read_expression(value)


WAIT: Final = Form(_duration_or_expression, EXPRESSION.schema, 'a duration, as "3m", or a condition')


@dataclass(frozen=True, slots=True)
class PauseAction:
    """Until a time has passed."""

    seconds: float
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WaitAction:
    """Until a condition holds, and has held for a time."""

    FIELDS: ClassVar = Fields(
        {
            "wait": Field(WAIT, "how long, or until what holds", into="condition", required=True),
            "for": Field(duration(), "how long it must hold", into="held_s", default='"0s"'),
            "timeout": Field(duration(0.001), "how long to wait at most", into="timeout_s", default="no end"),
            "on_timeout": Field(choice(OnTimeout), "what comes after the timeout", default='"continue"'),
        }
    )

    condition: Expression
    held_s: float = 0.0
    timeout_s: float | None = None
    """None: for as long as it takes."""
    on_timeout: OnTimeout = OnTimeout.CONTINUE
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    @staticmethod
    def read(condition: float | Expression, place: Spot, **further: Any) -> "PauseAction | WaitAction":
        """What was read of the table; a duration has nothing beside it. Raises Wrong."""
        if not isinstance(condition, float | int):
            return WaitAction(condition, place=place, **further)
        if further:
            raise Wrong("waits for a time: for, timeout and on_timeout belong to a condition")
        return PauseAction(condition, place=place)
