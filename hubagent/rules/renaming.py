"""A device has another name: the rule files follow, and nothing else in them changes, no comment and no space."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.tree import Name
from hubagent.toml_lines import Document, Key

WORDS_OF_PEOPLE: Final = frozenset(
    [
        "name",
        "description",
        "stop",
        "notify",
        "webhook",
        "rule",
        "run",
        "scene",
        "mode",
        "id",
        "http",
        "method",
        "time",
        "cron",
        "days",
        "dst",
        "limit",
        "priority",
        "missed",
        "resumed",
        "blueprint",
        "parameters",
        "variable",
        "date",
    ]
)
"""Keys whose texts name no device."""
TEMPLATES: Final = frozenset(("text", "body"))
"""Keys whose texts name devices in braces only."""
_BRACES: Final = re.compile(r"\{[^{}]*\}")


class CannotRename(ValueError):
    """The text says why."""


@dataclass(frozen=True, slots=True)
class Renamed:
    text: str
    places: int
    """How often the name stood there."""
    left: tuple[int, ...]
    """Lines of texts with escapes or several lines, which a person has to change."""


def renamed(document: Document, old: str, new: str) -> Renamed:
    """The file with the new name. Raises CannotRename where expressions could not have it."""
    source = document.source
    spans: list[tuple[int, int]] = []
    left: list[int] = []
    for key, value in _texts(document.tables, ()):
        for start, end in _occurrences(key, value, old):
            if not _is_word(new) and not _stands_alone(value, start, end):
                raise CannotRename(
                    f"{document.path}:{document.line(key)}: {new!r} is no word, and expressions would need "
                    f'device("{new}") there; choose a name of letters, digits, _ and dots'
                )
            part = source.positions.part(key, start, end - start)
            if part is None or source.text[part[0] : part[1]].casefold() != old.casefold():
                left.append(document.line(key))
            else:
                spans.append(part)
    text = source.text
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return Renamed(text, len(spans), tuple(dict.fromkeys(left)))


def _texts(thing: Any, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(thing, dict):
        for name, below in thing.items():
            yield from _texts(below, (*key, name))
    elif isinstance(thing, list):
        for index, below in enumerate(thing):
            yield from _texts(below, (*key, index))
    elif isinstance(thing, str):
        yield key, thing


def _occurrences(key: Key, value: str, old: str) -> list[tuple[int, int]]:
    """Where the name stands as one, and not as a part of another name."""
    last = next((part for part in reversed(key) if isinstance(part, str)), "")
    if last in WORDS_OF_PEOPLE:
        return []
    pattern = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w-])", re.IGNORECASE)
    found = [match.span() for match in pattern.finditer(value)]
    if last not in TEMPLATES:
        return found
    braces = [match.span() for match in _BRACES.finditer(value)]
    return [(start, end) for start, end in found if any(low < start and end < high for low, high in braces)]


def _stands_alone(value: str, start: int, end: int) -> bool:
    """It is the whole text, or in quotes within it: then it may have any letters."""
    return (start, end) == (0, len(value)) or (value[start - 1 : start] in "'\"" and value[end : end + 1] in "'\"")


def _is_word(name: str) -> bool:
    try:
        root = parse(name).root
    except BadExpression:
        return False
    return isinstance(root, Name) and root.text == name
