"""What time it is at least, and what time it is: for certificates' dates, on machines whose clock starts in 1970.

The machine's own clock is never believed by itself. A floor is: the latest of when this program was made, what was
written down last, and when our own certificate was made; it moves on with the loop's monotonic clock. The cloud's word
counts once the connection is authenticated, and never below the floor. It raises the floor, for good, only when it is
confirmed: by the machine's clock, or by the cloud again an hour later. So a cloud that is wrong once does not make the
hub refuse everybody's certificates for months. No other source is asked: plain HTTP's dates are what a captive portal
forges.
"""

import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hubagent.kept_whole import write_whole

_log = logging.getLogger(__name__)

BUILT: Final = 1_795_651_200.0
"""2026-11-26 00:00 UTC: no clock that is right can be before this release. An image's SOURCE_DATE counts above it."""
SOURCE_DATE: Final = Path(__file__).parent / "SOURCE_DATE"
"""Unix seconds as text (SOURCE_DATE_EPOCH), for those who build an image; need not be there."""
TOLERANCE_S: Final = 300.0
"""Two clocks that are right may differ by so much."""
CONFIRMED_S: Final = 3600.0
"""The cloud's words that agree over so long are proof."""
_YEAR_3000: Final = 32_503_680_000.0
_FILE_MAX: Final = 64


class _Word:
    """What the cloud said, and since when its words agree with each other."""

    __slots__ = ("at", "first_at", "unix")

    def __init__(self, unix: float, at: float, first_at: float) -> None:
        self.unix = unix
        self.at = at
        self.first_at = first_at

    def time(self, loop_time: float) -> float:
        return self.unix + max(0.0, loop_time - self.at)


class TrustedClock:
    """One a process. `loop_time` is the loop's monotonic clock."""

    def __init__(
        self, wall: Callable[[], float], loop_time: Callable[[], float], kept: Path | None, built: float | None = None
    ) -> None:
        self._wall = wall
        self._loop_time = loop_time
        self._kept = kept
        self._base = max(_built() if built is None else built, _read(kept))
        self._base_at = loop_time()
        self._ceiling = math.inf
        self._word: _Word | None = None
        self.on_sure: Callable[[], None] = lambda: None
        """Called once `sure` becomes true."""

    @property
    def floor(self) -> float:
        """It is not earlier than this, in Unix seconds; never goes back."""
        return self._floor_at(self._loop_time())

    @property
    def sure(self) -> bool:
        """Whether the cloud has said the time since the start."""
        return self._word is not None

    def now(self) -> tuple[float, bool]:
        """The best that is known in Unix seconds, and whether it is sure.

        The machine's own clock counts only while nothing better does, and for no proof.
        """
        if self._word is None:
            return max(self.floor, self._wall()), False
        return max(self.floor, self._word.time(self._loop_time())), True

    @property
    def wall_off_s(self) -> float | None:
        """By how much the machine's clock is ahead; None while that is not known."""
        return self._wall() - self.now()[0] if self.sure else None

    def not_before(self, unix: float) -> None:
        """Something trusted was made then, so it is later now: our own certificate."""
        if self.floor < unix < _YEAR_3000:
            self._raise_floor(unix, self._loop_time())

    def vouched_until(self, unix: float) -> None:
        """The peer's certificates end then; its word on a later time would be worth nothing."""
        self._ceiling = unix

    def learned(self, unix: float, loop_time: float | None = None) -> None:
        """The authenticated cloud said that it was `unix` at `loop_time`, which is now where it is not given."""
        at = self._loop_time() if loop_time is None else loop_time
        floor, latest = self._floor_at(at), min(self._ceiling, _YEAR_3000)
        if not floor - TOLERANCE_S <= unix <= latest:
            _log.warning("the cloud's time is not believed: %g is not between %.0f and %.0f", unix, floor, latest)
            return
        before = self._word
        agrees = before is not None and abs(unix - before.time(at)) <= TOLERANCE_S
        first_at = before.first_at if before is not None and agrees else at
        self._word = _Word(max(unix, floor), at, first_at)
        if at - first_at >= CONFIRMED_S or abs(self._wall() - unix) <= TOLERANCE_S:
            self._raise_floor(max(unix, floor), at)
        if before is None:
            self.on_sure()

    def save(self) -> None:
        """What is known is known after a restart. A disk that fails is told of, no more."""
        if self._kept is None:
            return
        try:
            write_whole(self._kept, f"{int(self.floor)}\n".encode())
        except OSError as error:
            _log.error("%s: the time could not be written down: %s", self._kept, error)

    def _floor_at(self, loop_time: float) -> float:
        return self._base + max(0.0, loop_time - self._base_at)

    def _raise_floor(self, unix: float, loop_time: float) -> None:
        self._base, self._base_at = unix, loop_time


def _built() -> float:
    return max(BUILT, _read(SOURCE_DATE))


def _read(path: Path | None) -> float:
    """A damaged file is no floor, and none stands for a time that no clock will see."""
    if path is None:
        return 0.0
    try:
        with path.open("rb") as file:
            value = float(file.read(_FILE_MAX))
    except (OSError, ValueError):
        return 0.0
    return value if 0.0 <= value < _YEAR_3000 else 0.0
