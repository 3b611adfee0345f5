"""Texts with expressions in braces: `freezer {garage.freezer.temp} °C`. A brace itself is written twice."""

from dataclasses import dataclass
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.duration import duration_text
from hubagent.rules.expression.bad import BadExpression, together
from hubagent.rules.expression.compile import Compiled, compile_expression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.tree import Expression, Reference
from hubagent.rules.expression.types import Sort, Type
from hubagent.rules.words import WORDS

EXPRESSIONS_MAX: Final = 20
RENDERED_MAX: Final = 4000
"""Letters of a text when its expressions are filled in."""


@dataclass(frozen=True, slots=True)
class Template:
    text: str
    parts: tuple[tuple[int, str | Expression], ...]
    """Plain texts and expressions, each with the column where it begins."""

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(
            Reference(reference.name, column + reference.column, reference.length)
            for column, part in self.parts
            if isinstance(part, Expression)
            for reference in part.references
        )


class CompiledTemplate:
    __slots__ = ("_parts", "text")

    def __init__(self, text: str, parts: tuple[str | Compiled, ...]) -> None:
        self.text = text
        self._parts = parts

    def render(self) -> str:
        """The text as it is now; what is not known is called so."""
        texts = [part if isinstance(part, str) else value_text(part.evaluate(), part.type) for part in self._parts]
        return "".join(texts)[:RENDERED_MAX]


def parse_template(text: str) -> Template:
    """Raises BadExpression, whose column is the text's."""
    parts: list[tuple[int, str | Expression]] = []
    plain, at = "", 0
    while at < len(text):
        sign = text[at]
        if sign in "{}" and text[at : at + 2] == sign * 2:
            plain, at = plain + sign, at + 2
        elif sign == "{":
            if plain:
                parts.append((at, plain))
            plain = ""
            end = text.find("}", at)
            if end < 0:
                raise BadExpression(text, at, len(text) - at, "the brace is never closed", "; a brace itself is {{")
            parts.append((at + 1, _inner(text, at + 1, end)))
            at = end + 1
        elif sign == "}":
            raise BadExpression(text, at, 1, "the brace was never opened", "; a brace itself is }}")
        else:
            plain, at = plain + sign, at + 1
    if plain:
        parts.append((at, plain))
    if sum(isinstance(part, Expression) for _, part in parts) > EXPRESSIONS_MAX:
        raise BadExpression(text, 0, len(text), f"a text has at most {EXPRESSIONS_MAX} expressions")
    return Template(text, tuple(parts))


def compile_template(template: Template, scope: Scope) -> CompiledTemplate:
    """Raises BadExpression, which knows all that is wrong."""
    parts: list[str | Compiled] = []
    mistakes: list[BadExpression] = []
    for column, part in template.parts:
        try:
            parts.append(part if isinstance(part, str) else compile_expression(part, scope))
        except BadExpression as bad:
            mistakes += [_moved(template.text, column, one) for one in bad.all]
    if mistakes:
        raise together(mistakes)
    return CompiledTemplate(template.text, tuple(parts))


def value_text(value: Value, kind: Type) -> str:
    """As a person would write it: a flag by its word, a number without digits that say nothing."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        words = (word for word, meanings in WORDS.items() for meaning in meanings if meaning == (kind.attribute, value))
        return next(words, "true" if value else "false")
    if isinstance(value, int | float):
        if kind.sort is Sort.DURATION:
            return duration_text(value)
        if kind.sort is Sort.TIME:
            minutes = int(value) // 60
            return f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{value:.10g}"
    return value


def _inner(text: str, start: int, end: int) -> Expression:
    try:
        return parse(text[start:end])
    except BadExpression as bad:
        raise _moved(text, start, bad) from bad


def _moved(text: str, column: int, bad: BadExpression) -> BadExpression:
    return BadExpression(text, column + bad.column, bad.length, bad.what, bad.hint, bad.device)
