"""What crossed a seam, in order, as one hash: two runs with the same hash were the same run.

A line a crossing: when, where, and which bytes. Only a hash of them is kept, and the latest lines; a whole file of them
where somebody asks, to find the first line that differs.
"""

import hashlib
import struct
from collections import deque
from collections.abc import Callable
from typing import Final, TextIO

LATEST_MAX: Final = 200
_stamp = struct.Struct("<d").pack


class Trace:
    """`now` is the loop's time."""

    def __init__(self, now: Callable[[], float], file: TextIO | None = None) -> None:
        self.lines = 0
        self._now = now
        self._hash = hashlib.blake2b(digest_size=16)
        self._latest: deque[tuple[float, str, bytes]] = deque(maxlen=LATEST_MAX)
        self._file = file

    def add(self, where: str, data: bytes) -> None:
        """`where` is a short name of the seam and direction."""
        now = self._now()
        self.lines += 1
        # A dozen of these a report: a call each for time, place and bytes would be felt in a week.
        self._hash.update(b"".join((_stamp(now), where.encode(), b"\0", data)))
        self._latest.append((now, where, data))
        if self._file is not None:
            self._file.write(_text(now, where, data) + "\n")

    @property
    def hash(self) -> str:
        """Of everything so far, in hexadecimal."""
        return self._hash.hexdigest()

    def latest(self) -> list[str]:
        """The last lines, for people."""
        return [_text(*line) for line in self._latest]


def _text(now: float, where: str, data: bytes) -> str:
    return f"{now!r} {where} {data.hex()}"
