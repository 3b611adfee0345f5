"""A recording's file, written: events first go into a file beside it, because the header names every device that took
part, and the last of them may turn up late. The recording itself appears whole, with its header, or not at all.
"""

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from simulators.recording.format import Event, Header, table_of
from simulators.recording.reading import HEADER_BYTES_MAX

GZIP_SUFFIX: Final = ".gz"


class CannotWrite(Exception):
    """The file cannot be written; says why."""


class Spool:
    """Events that wait for their header. Made by `spooling`."""

    def __init__(self, path: Path, waiting: IO[bytes]) -> None:
        self.path = path
        self.events = 0
        self._waiting = waiting
        self._latest = 0.0

    @property
    def latest(self) -> float:
        """When the last one was."""
        return self._latest

    def add(self, event: Event) -> None:
        """Raises CannotWrite."""
        assert event.t >= self._latest, "who records has them in order"
        self._latest = event.t
        self.events += 1
        with _plainly(self.path):
            self._waiting.write(_line(event))

    def finish(self, header: Header) -> None:
        """Write the recording, in place of what was there. Raises CannotWrite."""
        self._waiting.seek(0)
        first = _line(header)
        if len(first) > HEADER_BYTES_MAX:
            raise CannotWrite(f"{self.path}: the header has more than {HEADER_BYTES_MAX} bytes: too many devices")
        unfinished = self.path.with_name(f"{self.path.name}.part")
        with _plainly(self.path):
            try:
                with unfinished.open("wb") as plain, _packed(self.path, plain) as file:
                    file.write(first)
                    shutil.copyfileobj(self._waiting, file)
                os.replace(unfinished, self.path)
            finally:
                unfinished.unlink(missing_ok=True)


@contextmanager
def spooling(path: Path) -> Iterator[Spool]:
    """Raises CannotWrite at once where there is no such folder; `.gz` packs."""
    with _plainly(path):
        waiting = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - closed below, outside of what is said plainly
    with waiting:
        yield Spool(path, waiting)


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror or error}") from error


@contextmanager
def _packed(path: Path, plain: IO[bytes]) -> Iterator[IO[bytes]]:
    if path.suffix != GZIP_SUFFIX:
        yield plain
        return
    # Without a name and a time in it: the same recording is the same file.
    with gzip.GzipFile(filename="", fileobj=plain, mode="wb", mtime=0) as file:
        yield cast("IO[bytes]", file)


def _line(line: Header | Event) -> bytes:
    return json.dumps(table_of(line), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
