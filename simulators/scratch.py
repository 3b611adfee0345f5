"""Folders for as long as a run: in memory where this machine has such a place, as nothing waits there."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - folders of their own are made in it


def scratch_folder(prefix: str) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=prefix, dir=_MEMORY if _MEMORY.is_dir() else None)


@contextmanager
def scratch_disk(prefix: str) -> Iterator[Path]:
    """A hub's, empty; gone afterwards with what other lives of the hub left beside it."""
    with scratch_folder(prefix) as made:
        folder = Path(made) / "hub"
        folder.mkdir()
        yield folder
