"""An expression's text, cut into words, numbers and signs. Nothing of Python's own syntax is involved."""

import re
from typing import Final, NamedTuple

from hubagent.rules.expression.bad import BadExpression

LENGTH_MAX: Final = 500
NUMBER_LENGTH_MAX: Final = 30

KEYWORDS: Final = frozenset(("and", "or", "not", "in", "is", "if", "else", "true", "false", "unknown"))

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]+)?)
      (?P<unit>(?:[a-zA-Z]+(?:[0-9]+(?:\.[0-9]+)?[a-zA-Z]+)*|[ ]?%|[ ]?°[a-zA-Z]?|[µμ]g/m³|m³/h)?)
    | (?P<text>'[^'\\\n]*'|"[^"\\\n]*")
    | (?P<name>[^\W\d]\w*(?:-\w+)*(?:\.\w+(?:-\w+)*)*)
    | (?P<suffix>\.\w+(?:-\w+)*)
    | (?P<sign>==|!=|<=|>=|[-+*/()<>,])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WHOLE_DIGITS_MAX: Final = 15
"""Longer whole numbers are floats: exact ones of any size cost time, and no device has them."""
_HINTS: Final = {
    "=": "; equal is ==",
    "&": "; say and",
    "|": "; say or",
    "!": "; say not, or !=",
    "{": "; braces belong into texts only",
    "[": "; a list is written in round brackets: x in ('a', 'b')",
    "'": "; a text ends with the sign that it began with, and has no \\ in it",
    '"': "; a text ends with the sign that it began with, and has no \\ in it",
    "%": "; % is a unit, right after its number",
    "^": "; there are no powers",
}


class Token(NamedTuple):
    kind: str
    """`number`, `text`, `name`, `suffix`, `sign`, a keyword as itself, or `end`."""
    text: str
    column: int
    length: int
    value: int | float | str = ""
    """Of a number and of a text."""
    unit: str = ""


def tokens(text: str) -> list[Token]:
    """Ends with one of kind `end`. Raises BadExpression."""
    if len(text) > LENGTH_MAX:
        what = f"an expression has at most {LENGTH_MAX} letters; this one has {len(text)}"
        raise BadExpression(text, LENGTH_MAX, 1, what)
    found: list[Token] = []
    at = 0
    while not found or found[-1].kind != "end":
        match = _TOKEN.match(text, at)
        if match is None:
            raise _meaningless(text, at)
        found.append(_token(text, match))
        at = match.end()
    return found


def _meaningless(text: str, at: int) -> BadExpression:
    at += len(text) - at - len(text[at:].lstrip())
    return BadExpression(text, at, 1, f"{text[at]!r} means nothing here", _HINTS.get(text[at], ""))


def _token(text: str, match: re.Match[str]) -> Token:
    kind = match.lastgroup
    assert kind is not None
    if kind == "unit":
        return _number(text, match)
    word = match[kind]
    length = len(word)
    at = match.end() - length
    if kind == "name":
        return Token(word if word in KEYWORDS else kind, word, at, length)
    if kind == "text":
        return Token(kind, word, at, length, word[1:-1])
    if kind == "end":
        return Token(kind, word, at, 1)
    return Token(kind, word, at, length)


def _number(text: str, match: re.Match[str]) -> Token:
    digits, unit = match["number"], match["unit"]
    at = match.start("number")
    length = match.end() - at
    if length > NUMBER_LENGTH_MAX:
        raise BadExpression(text, at, length, f"a number has at most {NUMBER_LENGTH_MAX} letters")
    value = int(digits) if digits.isdecimal() and len(digits) <= _WHOLE_DIGITS_MAX else float(digits)
    return Token("number", f"{digits}{unit}", at, length, value, unit.strip().replace("μ", "µ"))
