"""How old messages are, as far as that is sure: clocks of hubs start in 1970, jump, and are set by strangers.

A message is stamped with the seconds of its boot's own monotonic clock. Where that clock's beginning lies in the world
is noted once for each epoch, and noted anew when the hub learns better: so a clock that jumps from 1970 to today makes
nothing older, and what was put before the jump has the right time afterwards.

Three things are known of a message's age, and the greatest counts, since each is a lower bound:
- one of this boot is as old as the monotonic clock says;
- one of an earlier boot is at least as old as this boot;
- where the time was sure when it was put, or later in its boot, and is sure now, it is what lies between.
What was put in a boot that never knew the time is older than all that came after it, in the order of their numbers.
So a wrong clock makes nothing drop too early; at worst something is kept too long, within the bound in bytes.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Clock = Callable[[], tuple[float, bool]]
"""Unix seconds, and whether they are sure."""

STEP_S: Final = 60.0
"""By so much the clock may be off before it is noted anew."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a boot's monotonic clock stood at 0."""

    unix: float
    sure: bool


class Ages:
    def __init__(self, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._started = monotonic()
        self._shift = 0
        self._own: set[int] = set()
        self._beginnings: dict[int, Beginning] = {}
        self._changed: set[int] = set()

    def now(self) -> int:
        """The stamp of what is put now."""
        return int(self._monotonic() - self._started) + self._shift

    def load(self, beginnings: Mapping[int, Beginning]) -> None:
        self._beginnings = {**beginnings, **self._beginnings}

    def continues(self, stamp: int) -> None:
        """This boot goes on in an earlier one's epoch, whose last stamp was `stamp`: stamps shall not go back.

        The time between the two is forgotten. That makes the earlier one's messages younger, never older.
        """
        self._shift = max(self._shift, stamp)

    def begin(self, epoch: int) -> None:
        """An epoch of this boot."""
        self._own.add(epoch)
        unix, sure = self._clock()
        self._note(epoch, Beginning(unix - self.now(), sure))

    def look(self) -> None:
        """Note anew what the clock knows better now."""
        unix, sure = self._clock()
        begun = unix - self.now()
        if not sure:
            return
        for epoch in sorted(self._own):
            known = self._beginnings[epoch]
            if not known.sure or abs(known.unix - begun) > STEP_S:
                self._note(epoch, Beginning(begun, sure))

    def keep_only(self, epochs: Iterable[int]) -> list[int]:
        """Forget the others; which these are."""
        keep = {*epochs, *self._own}
        gone = [epoch for epoch in self._beginnings if epoch not in keep]
        for epoch in gone:
            del self._beginnings[epoch]
            self._changed.discard(epoch)
        return gone

    def all_changed(self) -> None:
        """The file is another one: it has none of them."""
        self._changed.update(self._beginnings)

    def changed(self) -> list[tuple[int, Beginning]]:
        return [(epoch, self._beginnings[epoch]) for epoch in sorted(self._changed)]

    def written(self) -> None:
        self._changed.clear()

    def unix(self, epoch: int, stamp: int) -> float:
        """When it was put, as far as is known."""
        known = self._beginnings.get(epoch)
        return float(stamp) if known is None else known.unix + stamp

    def too_old_below(self, epoch: int, age_s: float) -> float:
        """Messages of `epoch` with a stamp below this are older than `age_s`."""
        now = self.now()
        if epoch in self._own:
            return now - age_s
        if now - self._shift > age_s:
            return math.inf
        unix, sure = self._clock()
        known = self._beginnings.get(epoch)
        if not sure or known is None or not known.sure:
            return -math.inf
        return unix - age_s - known.unix

    def _note(self, epoch: int, beginning: Beginning) -> None:
        self._beginnings[epoch] = beginning
        self._changed.add(epoch)
