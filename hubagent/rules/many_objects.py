"""Making many objects that stay: thousands of rules, read and tied to their devices."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """What is made here stays, and the files bound how much it is; to look for garbage in it doubles the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
