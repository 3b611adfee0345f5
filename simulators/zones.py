"""Time zones as the pinned tzdata package has them, whatever the machine's own are: a seed is one run everywhere."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from hubagent.toml_lines import did_you_mean


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


def wrong_with_zone(name: str) -> str:
    """What is to be said of a name that no time zone has; empty where one has it."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return f"there is no time zone {name!r}{did_you_mean(name, zoneinfo.available_timezones())}"
    return ""
