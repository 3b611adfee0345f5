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


def read_kept(path: Path, what: str, read: Callable[[Any], _Read]) -> _Read:
    """What `read` makes of the file's JSON. Raises ValueError where it is not `what` it should be."""
    with kept_well(path, what):
        return read(json.loads(path.read_bytes()))


def write_kept(path: Path, document: Any, *, synced: bool) -> None:
    """Everything, or nothing: a power cut leaves the old file or the new one.

    `synced`: it is on the disk when this returns, which takes some milliseconds.
    """
    scratch = path.with_name(path.name + ".new")
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
