"""What keeps a rule from being bound to a home, and where it stands."""

from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.compile import Compiled, compile_expression
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.template import CompiledTemplate, Template, compile_template
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.types import Type
from hubagent.toml_lines import Mistake, Spot


class CannotBind(Exception):
    """A device is not known, or is not able to do that. The text says what, without the place."""

    def __init__(self, what: str, place: Spot, *, column: int = 0, length: int = 0, device: str | None = None) -> None:
        super().__init__(what)
        self.place = place
        self.column = column
        self.length = length
        self.device = device
        """Who is not there, and may come; None where something else is wrong."""
        self.others: tuple[CannotBind, ...] = ()
        """What else is wrong with the same expression."""

    def mistake(self) -> Mistake:
        return self.place.mistake(str(self), column=self.column, length=self.length)


def compile_at(expression: Expression, scope: Scope, expected: Type | None, place: Spot) -> Compiled:
    """Raises CannotBind, with the first that is wrong and where; `others` has the rest."""
    try:
        return compile_expression(expression, scope, expected)
    except BadExpression as bad:
        raise _cannot_bind(bad, place) from bad


def compile_template_at(template: Template, scope: Scope, place: Spot) -> CompiledTemplate:
    """Raises CannotBind, likewise."""
    try:
        return compile_template(template, scope)
    except BadExpression as bad:
        raise _cannot_bind(bad, place) from bad


def _cannot_bind(bad: BadExpression, place: Spot) -> CannotBind:
    first, *others = (
        CannotBind(str(one), place, column=one.column, length=max(one.length, 1), device=one.device) for one in bad.all
    )
    first.others = tuple(others)
    return first
