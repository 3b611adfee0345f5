"""Expressions, and texts with expressions in braces, as forms of a value."""

from functools import lru_cache
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.template import Template, parse_template
from hubagent.rules.expression.tree import Expression
from hubagent.rules.reading.form import Form, plain_value
from hubagent.rules.reading.wrong import Wrong, shown

EXPRESSION_LENGTH_MAX: Final = 500

_parse = lru_cache(maxsize=1024)(parse)
"""Rules of one home have many conditions in common."""


def read_expression(value: Any) -> Expression:
    """Raises Wrong."""
    if not isinstance(value, str):
        raise Wrong(f'is an expression in quotes, as "hall.lux < 30"; not {shown(value)}')
    try:
        return _parse(value)
    except BadExpression as bad:
        raise Wrong(f"{bad.what}{bad.hint}", column=bad.column, length=max(1, bad.length)) from bad


def read_value_or_expression(value: Any) -> Value | Expression:
    """A text is an expression. Raises Wrong."""
    return read_expression(value) if isinstance(value, str) else plain_value(value)


EXPRESSION: Final = Form(
    read_expression,
    {"type": "string", "minLength": 1, "maxLength": EXPRESSION_LENGTH_MAX},
    "an expression",
)
VALUE_OR_EXPRESSION: Final = Form(
    read_value_or_expression,
    {"type": ["boolean", "number", "string"], "maxLength": EXPRESSION_LENGTH_MAX},
    "a value, or an expression in quotes",
)


def template(most: int) -> Form:
    """Text with expressions in braces."""

    def read(value: Any) -> Template:
        if not isinstance(value, str):
            raise Wrong(f"is a text in quotes, not {shown(value)}")
        if len(value) > most:
            raise Wrong(f"has at most {most} letters, not {len(value)}")
        try:
            return parse_template(value)
        except BadExpression as bad:
            raise Wrong(f"{bad.what}{bad.hint}", column=bad.column, length=max(1, bad.length)) from bad

    return Form(read, {"type": "string", "maxLength": most}, "a text; {expressions} in braces")
