"""A TOML document, and where in it each key and value stands, so that an error can point at it with a caret.

The parsing itself is tomllib's; `toml_positions` finds the places, and only when somebody asks for one.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from hubagent.toml_positions import Positions, find_positions

Key = tuple[str | int, ...]
"""A path into the document: names of tables and keys, numbers of items."""

DOCUMENT_BYTES_MAX: Final = 1 << 20
KEY_PARTS_MAX: Final = 64
_EXCERPT_WIDTH_MAX: Final = 120
_DOTTED_LENGTH_MAX: Final = 200
_AT_END: Final = " (at end of document)"
"""How tomllib says that a file ended too early: it names no line then."""

# tomllib takes the square of a dotted key's parts, so that one line could keep a hub busy for hours.
_LONG_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    rf"{{{KEY_PARTS_MAX}}}"
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a document."""

    place: str
    """`file:line`, or the name of an environment variable."""
    key: str
    what: str
    column: int | None = None
    """Counted from 1; None where only the line is known."""
    excerpt: str = ""
    """The line itself, and below it a caret under what is wrong."""

    def __str__(self) -> str:
        place = self.place if self.column is None else f"{self.place}:{self.column}"
        said = f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"
        return f"{said}\n{self.excerpt}" if self.excerpt else said


class Mistakes(Exception):
    """Everything that is wrong, at once."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


class Source:
    """The text of one document. Its positions are found when the first one is asked for: no error, no cost."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def positions(self) -> Positions:
        return find_positions(self.text)

    def mistake(self, key: Key, what: str, *, of_key: bool = False, column: int = 0, length: int = 0) -> Mistake:
        """With a caret under the value of `key`, or with `of_key` under the key itself.

        `column` and `length` are of the part of the value's text that is wrong, where it is a part.
        """
        found = self.positions.key(key) if of_key else self.positions.part(key, column, length)
        place = f"{self.path}:{self.positions.line(key)}"
        if found is None:
            return Mistake(place, dotted(key), what)
        line, start, end = self.positions.place(*found)
        excerpt = _excerpt(self.positions.text_of(line), start, end)
        return Mistake(f"{self.path}:{line}", dotted(key), what, start + 1, excerpt)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands, for whoever finds out later what is wrong with it. Costs little until it is said."""

    source: Source
    key: Key
    used_at: "Spot | None" = None
    """Where the blueprint that stands here is used."""

    def below(self, *parts: str | int) -> "Spot":
        return Spot(self.source, (*self.key, *parts), self.used_at)

    def mistake(self, what: str, *, of_key: bool = False, column: int = 0, length: int = 0) -> Mistake:
        if self.used_at is None:
            return self.source.mistake(self.key, what, of_key=of_key, column=column, length=length)
        # The text differs from what stands in the file by what the arguments put in, so there is no column in it.
        return self.source.mistake(self.key, f"{what} (used at {self.used_at})", of_key=of_key)

    def __str__(self) -> str:
        """`file:line`; of what a blueprint makes, where it is used."""
        if self.used_at is not None:
            return str(self.used_at)
        return f"{self.source.path}:{self.source.positions.line(self.key)}"


NOWHERE: Final = Spot(Source(Path("nowhere"), ""), ())
"""Of what no file says."""


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file, read: its tables, and where they stand."""

    path: Path
    tables: Mapping[str, Any]
    source: Source = field(default_factory=lambda: Source(Path(), ""))

    @property
    def lines(self) -> Mapping[Key, int]:
        return self.source.positions.lines()

    def line(self, key: Key) -> int:
        """The line of `key`, or of the nearest table around it; counted from 1."""
        return self.source.positions.line(key)

    def mistake(self, key: Key, what: str) -> Mistake:
        return Mistake(f"{self.path}:{self.line(key)}", dotted(key), what)

    def spot(self, *key: str | int) -> Spot:
        return Spot(self.source, key)


def read_document(path: Path) -> Document:
    """Raises Mistakes where it is not there, too big, not UTF-8 or not TOML."""
    try:
        with path.open("rb") as file:
            data = file.read(DOCUMENT_BYTES_MAX + 1)
        if len(data) > DOCUMENT_BYTES_MAX:
            raise Mistakes([Mistake(str(path), "", f"is larger than {DOCUMENT_BYTES_MAX >> 20} MB; split it")])
        return parse_document(path, data.decode("utf-8"))
    except OSError as error:
        raise Mistakes([Mistake(str(path), "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise Mistakes([Mistake(str(path), "", "is not UTF-8 text")]) from error


def parse_document(path: Path, text: str) -> Document:
    """Raises Mistakes where it is not TOML, or TOML that nobody writes."""
    if long := _LONG_KEY.search(text):
        place = f"{path}:{text.count(chr(10), 0, long.start()) + 1}"
        raise Mistakes([Mistake(place, "", f"a key has at most {KEY_PARTS_MAX} parts between dots")])
    try:
        return Document(path, tomllib.loads(text), Source(path, text))
    except tomllib.TOMLDecodeError as error:
        raise Mistakes([_syntax_mistake(path, text, str(error))]) from error
    except RecursionError as error:
        raise Mistakes([Mistake(str(path), "", "its lists and tables stand too deep in one another")]) from error
    except ValueError as error:  # of a number with thousands of digits, or a day that there is not
        raise Mistakes([Mistake(str(path), "", f"is not TOML: {error}")]) from error


def dotted(key: Key) -> str:
    """`rule[2].when`."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text if len(text) <= _DOTTED_LENGTH_MAX else f"{text[: _DOTTED_LENGTH_MAX - 3]}..."


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of a mistake's text: what may have been meant; empty where nothing is near."""
    near = difflib.get_close_matches(str(word)[:_WORD_LENGTH_MAX], sorted(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


_WORD_LENGTH_MAX = 100
"""difflib takes the square of a word's length."""


def _syntax_mistake(path: Path, text: str, message: str) -> Mistake:
    match = re.search(r"\s*\(at line (\d+), column (\d+)\)", message)
    if match is None and message.endswith(_AT_END):
        return _end_mistake(path, text, message.removesuffix(_AT_END))
    if match is None:
        return Mistake(str(path), "", f"is not TOML: {message}")
    line, column = int(match[1]), int(match[2])
    lines = text.split("\n", line)
    excerpt = _excerpt(lines[line - 1], column - 1, column) if line <= len(lines) else ""
    what = f"is not TOML: {message[: match.start()]}, column {column}"
    return Mistake(f"{path}:{line}", "", what, excerpt=excerpt)


def _end_mistake(path: Path, text: str, message: str) -> Mistake:
    """Of what is not complete where the file ends: behind its last line that says anything."""
    said = text.rstrip()
    last = said.rpartition("\n")[2]
    what = f"is not TOML: {message}, at the end of the file"
    return Mistake(f"{path}:{said.count(chr(10)) + 1}", "", what, excerpt=_excerpt(last, len(last), len(last) + 1))


def _excerpt(line: str, start: int, end: int) -> str:
    """The line, or of a long one what stands around `start`, with carets below from `start` to `end`."""
    line = "".join(letter if letter.isprintable() else " " for letter in line.rstrip("\r\n"))
    first = max(0, min(start - _EXCERPT_WIDTH_MAX // 2, len(line) - _EXCERPT_WIDTH_MAX)) if start else 0
    shown = line[first : first + _EXCERPT_WIDTH_MAX]
    width = max(1, min(end, first + len(shown)) - start)
    return f"    {shown.rstrip()}\n    {' ' * (start - first)}{'^' * width}"
