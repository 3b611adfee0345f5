"""What a store cannot do, as whoever starts the agent is told."""

import errno
from pathlib import Path
from typing import Final

MAKE_ROOM: Final = "make room on that disk, or choose another state_dir"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class StoreUnusable(Exception):
    """The state cannot be opened; nothing was changed. `remedy` says what to do."""

    def __init__(self, place: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy


def remedy_for(error: OSError, otherwise: str) -> str:
    """What to do about it: on a full disk nothing becomes writable by being allowed."""
    return MAKE_ROOM if error.errno in _FULL else otherwise


class StoreFailed(Exception):
    """It could not be written now: the disk is full or fails. `reason` alone is for whoever need not know the place."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
