"""One place in the source that could make two runs of one seed differ."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Sin:
    path: str
    line: int
    what: str
    """Its name in the table of what is excused: `time.monotonic`, `set`, `id`."""
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.why}"
