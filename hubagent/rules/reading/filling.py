"""Puts a blueprint's arguments where their `$names` stand: as text in names, as an expression in expressions."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from typing import Any, Final

from hubagent.rules.actions.set import SETTABLE
from hubagent.rules.blueprint import ParameterType
from hubagent.rules.expression.lexer import KEYWORDS
from hubagent.rules.names import ROOTS
from hubagent.rules.reading.wrong import Wrong, shown

DEPTH_MAX: Final = 32
LETTERS_MAX: Final = 50_000
"""That one use puts in."""

REFERENCE: Final = re.compile(r"\$(\$|[A-Za-z_][A-Za-z0-9_]*)")
"""`$name`; `$$` is a dollar."""

_PLAIN_NAME: Final = re.compile(r"[^\W\d]\w*(?:-\w+)*(?:\.\w+(?:-\w+)*)*")
_NO_DEVICES: Final = KEYWORDS | ROOTS
"""Words that mean something else in an expression."""
_BRACES: Final = re.compile(r"(\{[^{}]*\})")
"""Splits a text; every second part is in braces."""

Arguments = Mapping[str, tuple[ParameterType, Any]]

_QUOTES: Final = ("'", '"')
_EXPRESSIONS: Final = frozenset({"if", "while", "wait", "to"})
_TEMPLATES: Final = frozenset({"text", "body"})
_SET: Final = frozenset(SETTABLE) - {"mode"}
"""Attributes; `mode` is the home's as well, and a name."""


def size_of(value: Any, depth: int = 0) -> int:
    """How many values there are in it."""
    if depth > DEPTH_MAX or not isinstance(value, dict | list):
        return 1
    below = value.values() if isinstance(value, dict) else value
    return 1 + sum(size_of(one, depth + 1) for one in below)


def names_in(value: Any, depth: int = 0) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every parameter that is named, and where."""
    if depth > DEPTH_MAX:
        return
    if isinstance(value, str):
        yield from (((), match[1]) for match in REFERENCE.finditer(value) if match[1] != "$")
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from (((key, *path), found) for path, found in names_in(below, depth + 1))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from (((number, *path), found) for path, found in names_in(below, depth + 1))


class Filling:
    """Fills one use, within a bound: a few letters of a file can be made to stand for many."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._letters = 0

    def filled(self, value: Any, key: str = "", depth: int = 0) -> Any:
        """A copy with the arguments in it. Raises Wrong."""
        if depth > DEPTH_MAX:
            return value  # the reader of actions says so
        if isinstance(value, dict):
            return {name: self.filled(below, name, depth + 1) for name, below in value.items()}
        if isinstance(value, list):
            return [self.filled(below, key, depth + 1) for below in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        whole = REFERENCE.fullmatch(value)
        if whole is not None and whole[1] != "$" and key not in _EXPRESSIONS:
            return self._arguments[whole[1]][1]
        if key in _TEMPLATES:
            # Each part once: what an argument says is no parameter, whatever signs are in it.
            parts = enumerate(_BRACES.split(value))
            return "".join(self._put(part, _expression if number % 2 else _text) for number, part in parts)
        return self._put(value, _expression if key in _EXPRESSIONS or key in _SET else _text)

    def _put(self, text: str, write: Callable[[ParameterType, Any], str]) -> str:
        def one(match: re.Match[str]) -> str:
            if match[1] == "$":
                return "$"
            quoted = match.string[match.start() - 1 : match.start()] in _QUOTES
            written = (_text if quoted else write)(*self._arguments[match[1]])
            self._letters += len(written)
            if self._letters > LETTERS_MAX:
                raise Wrong(f"puts more than {LETTERS_MAX:,} letters into the blueprint")
            return written

        return REFERENCE.sub(one, text)


def _text(_type: ParameterType, value: Any) -> str:
    if isinstance(value, list):
        raise Wrong("several devices cannot stand inside a text")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, time) else str(value)


def _expression(type_: ParameterType, value: Any) -> str:
    text = _text(type_, value)
    match type_:
        case ParameterType.DEVICE if _PLAIN_NAME.fullmatch(text) and text.partition(".")[0] not in _NO_DEVICES:
            return text
        case ParameterType.DEVICE | ParameterType.DEVICES:
            return f"device({_quoted(text)})"
        case ParameterType.NUMBER:
            return f"({text})" if text.startswith("-") else text
        case ParameterType.DURATION | ParameterType.FLAG:
            return text
        case _:
            return _quoted(text)


def _quoted(text: str) -> str:
    quote = next((quote for quote in ("'", '"') if quote not in text), None)
    if quote is None or "\\" in text:
        raise Wrong(f"{shown(text)} cannot stand in an expression: it has both kinds of quotes, or a backslash")
    return f"{quote}{text}{quote}"
