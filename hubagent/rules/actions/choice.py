"""`{ if = "..", do = [..], else = [..] }` and `{ choose = [{ if = "..", do = [..] }, ..], else = [..] }`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from hubagent.rules.actions.fields import ACTIONS, OPTIONS
from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.expression_form import EXPRESSION
from hubagent.rules.reading.table import Field, Fields
from hubagent.toml_lines import NOWHERE, Spot

if TYPE_CHECKING:
    from hubagent.rules.actions.table import Action

OPTIONS_MAX: Final = 32

_ELSE: Final = Field(ACTIONS, "otherwise", into="otherwise", default="[]")


@dataclass(frozen=True, slots=True)
class Option:
    FIELDS: ClassVar = Fields(
        {
            "if": Field(EXPRESSION, "the condition", into="condition", required=True),
            "do": Field(ACTIONS, "when it holds", required=True),
        }
    )

    condition: Expression
    do: "tuple[Action, ...]"
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ChooseAction:
    """The first option whose condition holds; an `if` has one."""

    FIELDS: ClassVar = Fields(
        {"choose": Field(OPTIONS, "the first whose `if` holds", into="options", required=True), "else": _ELSE}
    )

    options: tuple[Option, ...]
    otherwise: "tuple[Action, ...]" = ()
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


class IfAction:
    """As it is written; read as a choice of one."""

    FIELDS: ClassVar = Option.FIELDS | Fields({"else": _ELSE})

    @staticmethod
    def read(
        condition: Expression, do: "tuple[Action, ...]", place: Spot, otherwise: "tuple[Action, ...]" = ()
    ) -> ChooseAction:
        return ChooseAction((Option(condition, do, place=place),), otherwise, place=place)
