"""Time zones as the pinned tzdata package has them, whatever the machine's own are: a seed is one run everywhere."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def zones_of_the_package() -> Iterator[None]:
    """Python looks at the machine's zones first, which are as old as the machine is."""
    before = zoneinfo.TZPATH
    _look_in(())
    try:
        yield
    finally:
        _look_in(before)


def _look_in(path: tuple[str, ...]) -> None:
    if path != zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(path)
        zoneinfo.ZoneInfo.clear_cache()
