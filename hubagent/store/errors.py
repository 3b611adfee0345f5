"""What a store cannot do, as whoever starts the agent is told."""

from pathlib import Path


class StoreUnusable(Exception):
    """The state cannot be opened; nothing was changed. `remedy` says what to do."""

    def __init__(self, place: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{place}: {reason}; {remedy}")
        self.place = place
        self.reason = reason
        self.remedy = remedy


class StoreFailed(Exception):
    """It could not be written now: the disk is full or fails. `reason` alone is for whoever need not know the place."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
