"""What the hub notes beside its identity: who issues it, when the cloud's lists were fetched, what failed.

Nothing in it is needed to connect. A damaged file is no notes.
"""

import json
import logging
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from hubagent.identity.files import IdentityFiles

_log = logging.getLogger(__name__)

_TEXT_MAX: Final = 500
_ABSENT_MAX: Final = 64
_FAILURES_MAX: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Notes:
    cloud: str = ""
    """The enrolment server's URL."""
    refreshed: float = 0.0
    """When the anchors and the lists of the revoked were fetched last, in Unix seconds by the trusted clock."""
    absent: dict[str, float] = field(default_factory=dict)
    """`Anchors.absent`."""
    failures: int = 0
    """Of renewals, since the last that succeeded."""
    failed: str = ""
    """What the last failure was."""


def read_notes(files: IdentityFiles) -> Notes:
    try:
        content = files.read(files.notes)
        return _notes(json.loads(content)) if content else Notes()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        _log.error("%s cannot be read, and is made anew: %s", files.notes, type(error).__name__)
        return Notes()


def write_notes(files: IdentityFiles, notes: Notes) -> None:
    """Raises OSError."""
    files.write(files.notes, json.dumps(asdict(notes)).encode())


def shortened(text: str) -> str:
    return text[:_TEXT_MAX]


def _notes(document: Any) -> Notes:
    """Raises TypeError, ValueError."""
    if not isinstance(document, dict) or not isinstance(document.get("absent", {}), dict):
        raise TypeError("no notes")
    absent = {_text(at): _seconds(since) for at, since in document.get("absent", {}).items()}
    return Notes(
        cloud=_text(document.get("cloud", "")),
        refreshed=_seconds(document.get("refreshed", 0.0)),
        absent=dict(list(absent.items())[:_ABSENT_MAX]),
        failures=_count(document.get("failures", 0)),
        failed=_text(document.get("failed", "")),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    # JSON has halves of letters, which no terminal takes: those are a ValueError.
    value.encode()
    return shortened(value)


def _seconds(value: Any) -> float:
    """JSON's numbers may be infinite, or none; and what is longer than a float can say is no time of anybody's."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    try:
        seconds = float(value)
    except OverflowError as error:
        raise ValueError("too long a number") from error
    if not math.isfinite(seconds):
        raise ValueError("no finite number")
    return seconds


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _FAILURES_MAX:
        raise ValueError("no count")
    return value
