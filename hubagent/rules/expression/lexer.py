"""An expression's text, cut into words, numbers and signs. Nothing of Python's own syntax is involved."""

import re
from dataclasses import dataclass
from typing import Final

from hubagent.rules.expression.bad import BadExpression

LENGTH_MAX: Final = 500
NUMBER_LENGTH_MAX: Final = 30

KEYWORDS: Final = frozenset(("and", "or", "not", "in", "is", "if", "else", "true", "false", "unknown"))

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?)(?P<unit>(?:[a-zA-Z]+(?:\d+(?:\.\d+)?[a-zA-Z]+)*|%|°[a-zA-Z]|µg/m³|m³/h)?)
    | (?P<text>'[^'\\\n]*'|"[^"\\\n]*")
    | (?P<name>[^\W\d]\w*(?:-\w+)*(?:\.\w+(?:-\w+)*)*)
    | (?P<suffix>\.\w+(?:-\w+)*)
    | (?P<sign>==|!=|<=|>=|[-+*/()<>,])
    """,
    re.VERBOSE,
)
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


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """`number`, `text`, `name`, `suffix`, `sign`, a keyword as itself, or `end`."""
    text: str
    column: int
    length: int
    unit: str = ""


def tokens(text: str) -> list[Token]:
    """Ends with one of kind `end`. Raises BadExpression."""
    if len(text) > LENGTH_MAX:
        raise BadExpression(
            text, LENGTH_MAX, 1, f"an expression has at most {LENGTH_MAX} letters; this one has {len(text)}"
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadExpression(text, at, 1, f"{text[at]!r} means nothing here", _HINTS.get(text[at], ""))
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(text, match))
        at = match.end()
    found.append(Token("end", "", len(text), 1))
    return found


def _token(text: str, match: re.Match[str]) -> Token:
    at, length = match.start(), match.end() - match.start()
    if match["number"] is not None:
        if length > NUMBER_LENGTH_MAX:
            raise BadExpression(text, at, length, f"a number has at most {NUMBER_LENGTH_MAX} letters")
        return Token("number", match["number"], at, length, match["unit"])
    if match["text"] is not None:
        return Token("text", match["text"][1:-1], at, length)
    if match["name"] is not None:
        word = match["name"]
        return Token(word if word in KEYWORDS else "name", word, at, length)
    if match["suffix"] is not None:
        return Token("suffix", match["suffix"][1:], at, length)
    return Token("sign", match["sign"], at, length)
