"""A damaged database is put aside, for those who want to know why; so many of them, and so much."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hubagent.runtime import Runtime

_log = logging.getLogger(__name__)

COPIES_MAX: Final = 3
BYTES_MAX: Final = 256 * 1024 * 1024
"""Of all damaged copies but the newest: an outbox can be large, and the card is small."""
PARTS: Final = ("", "-wal", "-shm")
"""Of a SQLite database: what follows its name."""


def put_aside(path: Path, runtime: Runtime) -> None:
    """Raises OSError."""
    stamp = datetime.fromtimestamp(runtime.wall(), UTC).strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    for suffix in PARTS:
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.replace(path.with_name(f"{aside.name}{suffix}"))
    _log.error("it is kept as %s", aside)
    copies = sorted(it for it in path.parent.glob(f"{path.name}.corrupt-*") if not it.name.endswith(PARTS[1:]))
    while len(copies) > COPIES_MAX or (len(copies) > 1 and _size(copies) > BYTES_MAX):
        remove_database(copies.pop(0))


def remove_database(path: Path) -> None:
    """With its logs; nothing where there is none. Raises OSError."""
    for suffix in PARTS:
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _size(paths: list[Path]) -> int:
    return sum(it.stat().st_size for it in paths)
