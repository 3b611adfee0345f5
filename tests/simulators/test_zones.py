"""Zones of a simulated run are the pinned package's, and the machine's own again afterwards."""

import zoneinfo
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulators.virtual_time import run_virtual


def test_a_machine_with_other_zones_has_the_same_run(tmp_path: Path) -> None:
    folder = tmp_path / "Europe"
    folder.mkdir()
    # A machine on which Stockholm is at UTC.
    (folder / "Stockholm").write_bytes(
        b"TZif" + b"1" + b"\0" * 15 + b"\0\0\0\0" * 4 + b"\0\0\0\1\0\0\0\4" + b"\0" * 6 + b"UTC\0"
    )
    before = zoneinfo.TZPATH
    try:
        zoneinfo.reset_tzpath((str(tmp_path),))
        ZoneInfo.clear_cache()
        assert _offset() == 0

        async def inside() -> int:
            return _offset()

        assert run_virtual(inside) == 3600
        assert (str(tmp_path),) == zoneinfo.TZPATH
        assert _offset() == 0
    finally:
        zoneinfo.reset_tzpath(before)
        ZoneInfo.clear_cache()


def _offset() -> int:
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Stockholm")).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
