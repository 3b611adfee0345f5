"""A device has another name: the rule files follow, and nothing else in them changes, no comment and no space."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.tree import Name
from hubagent.rules.names import ALIASES
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
_BEHIND: Final = re.compile(r"(?:\.[\w-]+)+")
_GIVEN: Final = "given"
"""What a test is given is said by keys."""


class CannotRename(ValueError):
    """The text says why."""


@dataclass(frozen=True, slots=True)
class Renamed:
    text: str
    places: int
    """How often the name stood there."""
    left: tuple[int, ...]
    """Lines of texts with escapes or several lines, which a person has to change."""
    keys: tuple[int, ...] = ()
    """Lines of keys that name it, likewise: what a test is given."""


def renamed(document: Document, old: str, new: str, others: Iterable[str] = ()) -> Renamed:
    """The file with the new name. `others` are names of other devices, of which the old one may be a part.

    Raises CannotRename where expressions, or the quotes around it, could not have it.
    """
    source = document.source
    longer = [other for other in others if other.casefold() != old.casefold() and old.casefold() in other.casefold()]
    spans: list[tuple[int, int]] = []
    left: list[int] = []
    expected: dict[Key, str] = {}
    for key, value in _texts(document.tables, ()):
        for start, end in reversed(_occurrences(key, value, old, longer)):
            if not _is_word(new) and not _stands_alone(value, start, end, new):
                raise CannotRename(
                    f"{document.path}:{document.line(key)}: {new!r} is no word, and expressions would need "
                    f'device("{new}") there; choose a name of letters, digits, _ and dots'
                )
            part = source.positions.part(key, start, end - start)
            if part is None or source.text[part[0] : part[1]].casefold() != old.casefold():
                left.append(document.line(key))
            else:
                spans.append(part)
                as_before = expected.get(key, value)
                expected[key] = as_before[:start] + new + as_before[end:]
    text = source.text
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    _check_quotes(document, new, text, expected)
    keys = [document.line(key) for key, name in _given(document.tables) if _names(name, old, longer)]
    return Renamed(text, len(spans), tuple(dict.fromkeys(left)), tuple(dict.fromkeys(keys)))


def _check_quotes(document: Document, new: str, text: str, expected: dict[Key, str]) -> None:
    """That the file says what it is meant to: quotes and backslashes in a name end a text, or mean something else."""
    try:
        said = dict(_texts(tomllib.loads(text), ()))
    except tomllib.TOMLDecodeError:
        said = {}
    for key, value in expected.items():
        if said.get(key) != value:
            place = f"{document.path}:{document.line(key)}"
            raise CannotRename(f"{place}: {new!r} cannot stand there: its quotes or backslashes mean something in TOML")


def _texts(thing: Any, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(thing, dict):
        for name, below in thing.items():
            yield from _texts(below, (*key, name))
    elif isinstance(thing, list):
        for index, below in enumerate(thing):
            yield from _texts(below, (*key, index))
    elif isinstance(thing, str):
        yield key, thing


def _given(tables: Any) -> Iterator[tuple[Key, str]]:
    """The keys of what tests are given, also where dots in them make tables of tables."""
    tests = tables.get("test", ())
    for number, test in enumerate(tests if isinstance(tests, list) else ()):
        given = test.get(_GIVEN) if isinstance(test, dict) else None
        if isinstance(given, dict):
            yield from _ends(given, ("test", number, _GIVEN), "")


def _ends(table: dict[str, Any], key: Key, name: str) -> Iterator[tuple[Key, str]]:
    for part, below in table.items():
        whole = f"{name}.{part}" if name else part
        if isinstance(below, dict):
            yield from _ends(below, (*key, part), whole)
        else:
            yield (*key, part), whole


def _occurrences(key: Key, value: str, old: str, longer: Iterable[str]) -> list[tuple[int, int]]:
    """Where the name stands as one, and not as a part of another name."""
    last = next((part for part in reversed(key) if isinstance(part, str)), "")
    if last in WORDS_OF_PEOPLE:
        return []
    found = _names(value, old, longer)
    if last not in TEMPLATES:
        return found
    braces = [match.span() for match in _BRACES.finditer(value)]
    return [(start, end) for start, end in found if any(low < start and end < high for low, high in braces)]


def _names(value: str, old: str, longer: Iterable[str]) -> list[tuple[int, int]]:
    """Where a text names the device; `hall` is not named by `hall.light.level`, nor within another's name."""
    found = [span for span in _spans(value, old) if _is_about(value, span[1])]
    others = [span for other in longer for span in _spans(value, other)] if found else []
    return [(start, end) for start, end in found if not any(low <= start and end <= high for low, high in others)]


def _spans(value: str, name: str) -> list[tuple[int, int]]:
    pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    return [match.span() for match in pattern.finditer(value)]


def _is_about(value: str, end: int) -> bool:
    """Behind a device's name stands nothing of a name, or one attribute; more is another device's name."""
    behind = _BEHIND.match(value, end)
    if behind is None:
        return True
    word = behind[0][1:]
    name = ALIASES.get(word, word)
    return name in ATTRIBUTES or parameter_number(name) is not None


def _stands_alone(value: str, start: int, end: int, new: str) -> bool:
    """It is the whole text, or in quotes within it: then it may have any other letters."""
    quote = value[start - 1 : start] if start else ""
    in_quotes = quote in ("'", '"') and value[end : end + 1] == quote and quote not in new and "\\" not in new
    return (start, end) == (0, len(value)) or in_quotes


def _is_word(name: str) -> bool:
    try:
        root = parse(name).root
    except BadExpression:
        return False
    return isinstance(root, Name) and root.text == name
