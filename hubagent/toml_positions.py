"""Where every key and value of a TOML text stands. The text is known to be TOML: tomllib has read it.

Works on offsets into the text; lines and columns are counted only for what is asked.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_Key = tuple[str | int, ...]

# No possessive quantifiers, which would say more plainly that nothing is tried twice: Python 3.11 before 3.11.5 takes
# them wrong around alternatives (python/cpython#106052). Where two alternatives meet, their first letters differ.
_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_ONE_PART = re.compile(_PART)
_DOTTED = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*'{3,5}"""
    r'''|"(?:[^"\\\n]|\\.)*"'''
    r"""|'[^'\n]*'""",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


@dataclass(frozen=True, slots=True)
class _Found:
    key_start: int
    key_end: int
    start: int
    """Of the value; of a table, its header."""
    end: int
    plain: bool = False
    """A text on one line without escapes: its letters stand in the file as they are."""


class Positions:
    def __init__(self, text: str, found: Mapping[_Key, _Found]) -> None:
        self._text = text
        self._found = found

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def key(self, key: _Key) -> tuple[int, int] | None:
        """From where to where the key itself stands."""
        found = self._found.get(key)
        return (found.key_start, found.key_end) if found is not None else self._around(key)

    def part(self, key: _Key, column: int, length: int) -> tuple[int, int] | None:
        """From where to where its value stands, or of a text the part from `column` (counted from 0)."""
        found = self._found.get(key)
        if found is None:
            return self._around(key)
        if found.plain and length:
            start = min(found.start + 1 + column, found.end - 1)
            return start, min(start + length, found.end)
        return found.start, found.end

    def _around(self, key: _Key) -> tuple[int, int] | None:
        """What stands nearest around a key that is not there."""
        while key and key not in self._found:
            key = key[:-1]
        found = self._found.get(key)
        return (found.start, found.end) if found is not None else None

    def line(self, key: _Key) -> int:
        """The line where `key`, or the nearest table around it, begins; counted from 1."""
        while key and key not in self._found:
            key = key[:-1]
        found = self._found.get(key)
        return bisect_right(self._starts, found.key_start) if found is not None else 1

    def lines(self) -> dict[_Key, int]:
        return {key: self.line(key) for key in self._found}

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """The line of an offset, counted from 1, and the columns from 0; what goes on below is cut off."""
        line = bisect_right(self._starts, start)
        begin = self._starts[line - 1]
        last = begin + len(self.text_of(line).rstrip())
        return line, start - begin, max(start + 1, min(end, last)) - begin

    def text_of(self, line: int) -> str:
        begin = self._starts[line - 1]
        end = self._text.find("\n", begin)
        return self._text[begin : end if end >= 0 else len(self._text)]


def find_positions(text: str) -> Positions:
    scan = _Scan(text)
    with suppress(RecursionError):  # what was found until there has to do
        scan.document()
    return Positions(text, scan.found)


class _Scan:
    def __init__(self, text: str) -> None:
        self.found: dict[_Key, _Found] = {}
        self._text = text
        self._counts: dict[_Key, int] = {}
        """Of every array of tables, the number of its last item."""

    def document(self) -> None:
        text = self._text
        table: _Key = ()
        at = _after(_GAP, text, 0)
        while at < len(text):
            before = at
            if text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._assignment(table, at)
            at = _after(_GAP, text, at)
            if at <= before:  # no TOML: better no more positions than none to end
                return

    def _header(self, at: int) -> tuple[_Key, int]:
        brackets = 2 if self._text.startswith("[[", at) else 1
        inside = _after(_SPACE, self._text, at + brackets)
        name, end = self._key(inside)
        closed = _after(_SPACE, self._text, end) + brackets
        found = _Found(at, closed, at, closed)
        key = self._numbered(name)
        if brackets == 2:
            self._counts[key] = self._counts.get(key, -1) + 1
            self.found.setdefault(key, found)
            key = (*key, self._counts[key])
        for length in range(1, len(key) + 1):
            self.found.setdefault(key[:length], found)
        return key, closed

    def _numbered(self, name: _Key) -> _Key:
        """`name` below the last item of an array of tables, where its start is one."""
        result: _Key = ()
        for part in name[:-1]:
            result = (*result, part)
            if result in self._counts:
                result = (*result, self._counts[result])
        return (*result, name[-1]) if name else ()

    def _assignment(self, table: _Key, at: int) -> int:
        name, end = self._key(at)
        start = _after(_SPACE, self._text, _after(_SPACE, self._text, end) + 1)
        key = (*table, *name)
        stop, plain = self._value(key, start)
        found = _Found(at, end, start, stop, plain)
        for length in range(len(table) + 1, len(key)):
            self.found.setdefault(key[:length], found)
        self.found[key] = found
        return stop

    def _value(self, key: _Key, at: int) -> tuple[int, bool]:
        """Where the value ends, and whether it is a text as it stands."""
        first = self._text[at : at + 1]
        if first == "[":
            return self._array(key, at), False
        if first == "{":
            return self._inline(key, at), False
        if match := _STRING.match(self._text, at):
            written = match[0]
            plain = "\n" not in written and not written.startswith(('"""', "'''"))
            return match.end(), plain and (first == "'" or "\\" not in written)
        end = _after(_SCALAR, self._text, at)
        return at + len(self._text[at:end].rstrip()), False

    def _array(self, key: _Key, at: int) -> int:
        text = self._text
        at = _after(_GAP, text, at + 1)
        number = 0
        while at < len(text) and text[at] != "]":
            end, plain = self._value((*key, number), at)
            self.found[*key, number] = _Found(at, end, at, end, plain)
            number += 1
            at = _after(_GAP, text, end)
            if at < len(text) and text[at] == ",":
                at = _after(_GAP, text, at + 1)
            elif end == at:
                break
        return min(at + 1, len(text))

    def _inline(self, key: _Key, at: int) -> int:
        text = self._text
        at = _after(_GAP, text, at + 1)
        while at < len(text) and text[at] != "}":
            before = at
            at = _after(_GAP, text, self._assignment(key, at))
            if at < len(text) and text[at] == ",":
                at = _after(_GAP, text, at + 1)
            if at <= before:
                break
        return min(at + 1, len(text))

    def _key(self, at: int) -> tuple[_Key, int]:
        match = _DOTTED.match(self._text, at)
        if match is None:
            return (), at
        return tuple(_unquoted(part) for part in _ONE_PART.findall(match[0])), match.end()


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match is not None else at


def _unquoted(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        return str(tomllib.loads(f"key = {part}")["key"])
    return part[1:-1] if part[0] in "\"'" else part
