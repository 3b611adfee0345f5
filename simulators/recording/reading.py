"""A recording's file, read line by line: as long as it may be, only the line at hand is in memory. A file may come from
anywhere, so every mistake of it is said with its line, and nothing of it is believed before.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final, NoReturn, cast

from simulators.recording.format import BadLine, Event, Header, event_of, header_of

HEADER_BYTES_MAX: Final = 1 << 20
LINE_BYTES_MAX: Final = 1 << 14
GZIP_BEGINS: Final = b"\x1f"
_KEY_SHOWN: Final = 40
"""Letters of a key that a complaint says."""


class BadRecording(Exception):
    """A file that is no recording, or is damaged; says where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Recording:
    """An open one. `events` can be gone through once, and raises BadRecording where the file goes wrong."""

    path: Path
    header: Header
    events: Iterator[Event]


@contextmanager
def open_recording(path: Path) -> Iterator[Recording]:
    """Plain or gzipped, whatever its name. Raises BadRecording."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise BadRecording(f"{path} cannot be read: {error.strerror or error}") from error
    with plain, _unpacked(plain) as file:
        header = _header(path, file)
        yield Recording(path, header, _events(path, header, file))


@contextmanager
def _unpacked(plain: BufferedReader) -> Iterator[IO[bytes]]:
    # A pipe cannot be put back, and may have given its first byte alone; no JSON begins with that of gzip.
    if plain.peek(1)[:1] != GZIP_BEGINS:
        yield plain
        return
    with gzip.GzipFile(fileobj=plain, mode="rb") as file:
        yield cast("IO[bytes]", file)


def _header(path: Path, file: IO[bytes]) -> Header:
    with _at(path, 1):
        line = _line(file, HEADER_BYTES_MAX)
        if not line:
            raise BadLine("it is empty; a recording begins with its header")
        return header_of(_json(line))


def _events(path: Path, header: Header, file: IO[bytes]) -> Iterator[Event]:
    number, latest = 1, 0.0
    known = header.by_name
    while True:
        number += 1
        with _at(path, number):
            line = _line(file, LINE_BYTES_MAX)
            if not line:
                return
            event = event_of(_json(line))
            if event.t < latest:
                raise BadLine(f"t {event.t} is before {latest}, which came first; sort the events by t")
            device = getattr(event, "device", None)
            if device is not None and device not in known:
                raise BadLine(f"there is no device {device!r} among the header's devices")
        latest = event.t
        yield event


def _line(file: IO[bytes], most: int) -> bytes:
    """Empty at the end of the file. Raises BadLine."""
    try:
        line = file.readline(most + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadLine(f"the gzip is damaged: {error}") from error
    except OSError as error:
        raise BadLine(f"it cannot be read: {error.strerror or error}") from error
    if len(line) > most:
        raise BadLine(f"it has more than {most} bytes")
    return line


def _json(line: bytes) -> Any:
    try:
        return json.loads(line, parse_constant=_no_constant, object_pairs_hook=_each_once)
    except BadLine:
        raise
    except UnicodeDecodeError as error:
        raise BadLine("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadLine(f"it is no JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise BadLine("it is no JSON that anybody wrote: too deep, or a number too long") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises BadLine."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in found if keys.count(key) > 1)
        raise BadLine(f"the key {twice[:_KEY_SHOWN]!r} is there twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no number", name, 0)


@contextmanager
def _at(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except BadLine as error:
        raise BadRecording(f"{path}:{number}: {error}") from error
