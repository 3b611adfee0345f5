"""Where a run's hub has its disk: in memory where this machine has such a place, as nothing waits there."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@contextmanager
def a_folder() -> Iterator[Path]:
    """An empty one, gone afterwards with what other lives of the hub left beside it."""
    with tempfile.TemporaryDirectory(prefix="hubagent-chaos-", dir=MEMORY if MEMORY.is_dir() else None) as made:
        folder = Path(made) / "hub"
        folder.mkdir()
        yield folder
