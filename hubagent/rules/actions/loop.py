"""`{ repeat = 3, do = [..] }` and `{ while = "..", at_most = 10, do = [..] }`: with a bound, always."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from hubagent.rules.actions.fields import ACTIONS
from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.expression_form import EXPRESSION
from hubagent.rules.reading.form import whole
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.actions.table import Action

ROUNDS_MAX: Final = 1000

_DO: Final = Field(ACTIONS, "what is done in every round", required=True)


@dataclass(frozen=True, slots=True)
class RepeatAction:
    FIELDS: ClassVar = Fields(
        {"repeat": Field(whole(1, ROUNDS_MAX), "how often", into="times", required=True), "do": _DO}
    )

    times: int
    do: "tuple[Action, ...]"
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WhileAction:
    FIELDS: ClassVar = Fields(
        {
            "while": Field(EXPRESSION, "before each round: goes on while it holds", into="condition", required=True),
            "at_most": Field(whole(1, ROUNDS_MAX), "how often at most", required=True),
            "do": _DO,
        }
    )

    condition: Expression
    at_most: int
    do: "tuple[Action, ...]"
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
