"""How long a transition takes, in the one byte that Z-Wave has for it.

SDS13781 (Z-Wave Application Command Class Specification), duration encoding: 0x00 is instantly, 0x01-0x7F are seconds,
0x80-0xFD are 1-126 minutes (in a Set, 0x80-0xFE are 1-127 minutes); 0xFE in a report is unknown, 0xFF in a Set is the
device's own default.
"""

from dataclasses import dataclass
from typing import Self

DEFAULT_BYTE = 0xFF
UNKNOWN_BYTE = 0xFE


@dataclass(frozen=True, slots=True)
class Duration:
    """The byte as it stands on the wire; `seconds` says what it means, since a report and a Set differ in 0xFE."""

    byte: int

    @property
    def seconds(self) -> int | None:
        """Seconds, or None where the byte names none (a default, or unknown)."""
        if self.byte <= 0x7F:
            return self.byte
        if self.byte in (UNKNOWN_BYTE, DEFAULT_BYTE):
            return None
        return (self.byte - 0x7F) * 60

    @classmethod
    def from_seconds(cls, seconds: float) -> Self:
        """The nearest duration that the byte can say: seconds up to 127, then whole minutes up to 126."""
        if seconds <= 0x7F:
            return cls(max(0, round(seconds)))
        return cls(0x7F + min(126, max(1, round(seconds / 60))))


INSTANTLY = Duration(0)
DEFAULT = Duration(DEFAULT_BYTE)
UNKNOWN = Duration(UNKNOWN_BYTE)
