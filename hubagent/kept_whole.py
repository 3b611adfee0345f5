"""Files that are written whole or not at all: a power cut leaves the old content or the new."""

import os
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
OWNER_ALONE: Final = 0o700
"""Of a folder."""
NEW: Final = ".new"


def write_whole(path: Path, content: bytes) -> None:
    """Safe on disk when this returns, and readable by its owner only from the first moment. Raises OSError."""
    fresh = path.with_name(path.name + NEW)
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def take_its_place(made: Path, path: Path) -> None:
    """The file `made`, in the same folder, becomes `path`, whole or not at all. Raises OSError."""
    _sync(made, os.O_RDONLY)
    made.replace(path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Gone for good when this returns; nothing where it is not there. Raises OSError."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Its owner's only; there for good when this returns. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ALONE)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, how: int) -> None:
    descriptor = os.open(path, how)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
