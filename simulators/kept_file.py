"""Files in which simulated chips and devices keep what survives a restart, as JSON.

Written whole or not at all; whatever is wrong with one is one error that names it.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

_Read = TypeVar("_Read")


class CannotKeep(OSError):
    """The disk, or whoever owns it, does not let a file be read or written; says which, and why."""


def read_kept(path: Path, what: str, read: Callable[[Any], _Read]) -> _Read:
    """What `read` makes of the file's JSON. Raises ValueError where it is not `what` it should be; CannotKeep."""
    with _on_disk(path, "read"):
        text = path.read_bytes()
    with kept_well(path, what):
        return read(json.loads(text))


def write_kept(path: Path, document: Any, *, synced: bool) -> None:
    """Everything, or nothing: a power cut leaves the old file or the new one.

    `synced`: it is on the disk when this returns, which takes some milliseconds. Raises CannotKeep.
    """
    scratch = path.with_name(path.name + ".new")
    with _on_disk(path, "written"):
        with scratch.open("w") as file:
            json.dump(document, file)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        scratch.replace(path)


@contextmanager
def kept_well(path: Path, what: str) -> Iterator[None]:
    """While something is made of what a file said: all that this can raise becomes one ValueError."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not {what}: {error!r}") from error


@contextmanager
def _on_disk(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotKeep(f"{path} cannot be {done}: {error.strerror or error}") from error
