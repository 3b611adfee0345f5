"""Where a key of a TOML document stands, so that an error can name the line, and what may have been meant.

The parsing itself is tomllib's.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Key = tuple[str | int, ...]
"""A path into the document: names of tables and keys, numbers of items."""

_TABLE = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_TABLE_OF_ARRAY = re.compile(r"^\s*\[\[\s*([^\[\]]+?)\s*\]\]\s*(#.*)?$")
_ASSIGNMENT = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a document."""

    place: str
    """`file:line`, or the name of an environment variable."""
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.key}: {self.what}" if self.key else f"{self.place}: {self.what}"


class Mistakes(Exception):
    """Everything that is wrong, at once."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file, read: its tables, and where they stand."""

    path: Path
    tables: Mapping[str, Any]
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int:
        """The line of `key`, or of the nearest table around it; counted from 1."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def mistake(self, key: Key, what: str) -> Mistake:
        return Mistake(f"{self.path}:{self.line(key)}", dotted(key), what)


def read_document(path: Path) -> Document:
    """Raises Mistakes where it is not there, not UTF-8 or not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        return Document(path, tomllib.loads(text), _lines(text))
    except OSError as error:
        raise Mistakes([Mistake(str(path), "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise Mistakes([Mistake(str(path), "", "is not UTF-8 text")]) from error
    except tomllib.TOMLDecodeError as error:
        raise Mistakes([_syntax_mistake(path, str(error))]) from error


def dotted(key: Key) -> str:
    """`rule[2].when`."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of a mistake's text: what may have been meant; empty where nothing is near."""
    near = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _syntax_mistake(path: Path, message: str) -> Mistake:
    match = re.search(r"\s*\(at line (\d+), column (\d+)\)", message)
    if match is None:
        return Mistake(str(path), "", f"is not TOML: {message}")
    return Mistake(f"{path}:{match[1]}", "", f"is not TOML: {message[: match.start()]}, column {match[2]}")


def _lines(text: str) -> dict[Key, int]:
    lines: dict[Key, int] = {}
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE_OF_ARRAY.match(line):
            name = _numbered(_parts(match[1]), counts)
            counts[name] = counts.get(name, -1) + 1
            table = (*name, counts[name])
            lines.setdefault(name, number)
            lines[table] = number
        elif match := _TABLE.match(line):
            table = _numbered(_parts(match[1]), counts)
            for end in range(1, len(table) + 1):
                lines.setdefault(table[:end], number)
        elif match := _ASSIGNMENT.match(line):
            key = (*table, *_parts(match[1]))
            for end in range(len(table) + 1, len(key) + 1):
                lines.setdefault(key[:end], number)
    return lines


def _numbered(name: Key, counts: Mapping[Key, int]) -> Key:
    """`name` below the last item of an array of tables, where its start is one."""
    result: Key = ()
    for part in name[:-1]:
        result = (*result, part)
        if result in counts:
            result = (*result, counts[result])
    return (*result, name[-1])


def _parts(text: str) -> Key:
    return tuple(part.strip("\"'") for part in _PART.findall(text))
