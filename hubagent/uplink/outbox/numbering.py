"""Which incarnation, boot and epoch this is, and what the next message's number is: none is ever given twice.

A number counts only within its epoch, and an epoch is counted up on disk before anything is numbered in it. So numbers
themselves need no disk: what was acknowledged before it was committed leaves no trace, and does not come again.

Where the disk does not take the count, the epoch leaps ahead by a random number: the next start leaps elsewhere.
"""

from collections.abc import Callable, Mapping
from typing import Final

from hubagent.uplink.message.up import INCARNATION_LENGTH
from hubagent.uplink.outbox.numbers import Numbers
from hubagent.uplink.outbox.place import EPOCH_MAX, SEQ_MAX

EPOCHS_MAX: Final = 32
"""With messages, in the outbox: the cloud has to remember a number for each class in each."""
BOOT_END: Final = 2**21
"""Versions of reported state are made of it, and shall stay below 2^53."""
_FIRST_BOOT_BITS: Final = 20
_BOOT_LEAP_BITS: Final = 12
_EPOCH_LEAP_BITS: Final = 22
_UNSEEN_EPOCH: Final = 2**28
"""Where to begin while there may be a file that cannot be read: above what it is likely to have."""
_EPOCH_END: Final[int] = EPOCH_MAX - 2 ** (_EPOCH_LEAP_BITS + 4)
"""At a start beyond it the epochs begin anew, with a new incarnation; until then a run may leap some more."""
NOTED_EVERY: Final = 2**16
"""So often the number is noted, for a start that has to go on in this epoch."""
SEQ_LEAP: Final = 2**26
"""Ahead of what was noted: two weeks of fifty messages a second that no disk took."""


class Numbering:
    def __init__(self, numbers: Numbers, entropy: Callable[[int], bytes]) -> None:
        self._numbers = numbers
        self._entropy = entropy
        self.boot = 0
        self.epoch = 0
        self.seq = 0
        """The last that was given in this epoch."""

    @property
    def incarnation(self) -> bytes:
        return self._numbers.get("incarnation").to_bytes(INCARNATION_LENGTH, "big", signed=True)

    def begin_anew(self, *, unseen: bool) -> None:
        """There is no file, or none that can be read; `unseen`: there may be one, whose messages come later.

        The boot begins with a random number: a command for boot 1 of an incarnation that is no more may still be under
        way, and shall not be taken for one of ours.
        """
        drawn = int.from_bytes(self._entropy(INCARNATION_LENGTH), "big", signed=True)
        self._numbers.set("incarnation", drawn)
        self._set_boot(1 + self._random(_FIRST_BOOT_BITS))
        self._set_epoch(_UNSEEN_EPOCH + self._random(_EPOCH_LEAP_BITS) if unseen else 1)

    def begin(self, held: Mapping[int, int]) -> bool:
        """Another start; `held` has the last number of each epoch that has messages.

        Where there are too many epochs it goes on in the latest, far ahead: whether it does.
        """
        self._set_boot(self._numbers.get("boot") + 1)
        self.epoch = max(self._numbers.get("epoch"), *held, 0)
        seq = max(self._numbers.get("seq"), held.get(self.epoch, 0)) + SEQ_LEAP
        if self.epoch > _EPOCH_END:
            # What is left keeps its numbers; they are others than those of the new incarnation.
            self.begin_anew(unseen=False)
            return False
        if len(held) < EPOCHS_MAX or seq > SEQ_MAX // 2:
            self._set_epoch(self.epoch + 1)
            return False
        self._numbers.set("epoch", self.epoch)
        self.seq = seq
        self._numbers.set("seq", seq)
        return True

    def next(self) -> int:
        self.seq += 1
        if self.seq % NOTED_EVERY == 0:
            self._numbers.set("seq", self.seq)
        return self.seq

    @property
    def epoch_is_full(self) -> bool:
        return self.seq >= SEQ_MAX

    def next_epoch(self) -> None:
        self._set_epoch(max(self.epoch, self._numbers.get("epoch")) + 1)

    def leap(self, *, boot: bool) -> None:
        """The count is not on disk, and is not known to the next start."""
        if boot:
            self._set_boot(self.boot + self._random(_BOOT_LEAP_BITS))
        self._set_epoch(self.epoch + self._random(_EPOCH_LEAP_BITS))

    def may_outrun(self, epoch: int) -> bool:
        return epoch < _EPOCH_END

    def outrun(self, epoch: int) -> None:
        """Far beyond it: whoever used that one may have used others, of which nobody has told."""
        self._set_epoch(max(epoch, self.epoch) + 1 + self._random(_EPOCH_LEAP_BITS))

    def knows(self, epoch: int) -> None:
        """The file counted up to `epoch`: what comes next is later, wherever we are now."""
        self._numbers.set("epoch", max(epoch, self.epoch))

    def _set_boot(self, boot: int) -> None:
        self.boot = boot if boot < BOOT_END else 1 + boot % BOOT_END
        self._numbers.set("boot", self.boot)

    def _set_epoch(self, epoch: int) -> None:
        self.epoch = epoch
        self.seq = 0
        self._numbers.set("epoch", epoch)
        self._numbers.set("seq", 0)

    def _random(self, bits: int) -> int:
        return int.from_bytes(self._entropy(4), "big") >> (32 - bits)
