"""What takes the place of a damaged state: its own records as far as their checksums are right, the others by the last
good copy; or all of that copy.

It is made beside the damaged file, and that is there until it is whole: the power may go at any moment.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Final

from hubagent.kept_whole import take_its_place
from hubagent.runtime import Runtime
from hubagent.store.aside import put_aside, remove_database
from hubagent.store.database import (
    UPDATE,
    Contents,
    Damaged,
    Newer,
    Place,
    Records,
    make_records,
    open_records,
    read_copy,
)
from hubagent.store.errors import StoreUnusable

_log = logging.getLogger(__name__)

STATE: Final = "hub.db"
BACKUP: Final = "hub.db.backup"
_RESCUED: Final = "hub.db.rescued"
_NAMES_MAX: Final = 10
"""Of records that a line of the log names."""


def open_state(folder: Path, runtime: Runtime) -> sqlite3.Connection:
    """The state in `folder`, or what can be rescued of it, or an empty one; the log says which.

    Raises StoreUnusable; OSError where the disk fails.
    """
    path, rescued = folder / STATE, folder / _RESCUED
    if path.exists() and path.stat().st_size:
        # It may be from another time.
        rescued.unlink(missing_ok=True)
    elif not rescued.exists() and (folder / BACKUP).exists():
        _log.error("%s is missing", path)
        _rescue(folder, None, runtime)
    # Else the power went when only this was left to do.
    _take_rescued(folder)
    try:
        return open_records(path, runtime)
    except Damaged as damage:
        _log.error("%s is damaged (%s)", path, damage)
        left = damage.left
    _rescue(folder, left, runtime)
    put_aside(path, runtime)
    _take_rescued(folder)
    return open_records(path, runtime)


def mended(left: Contents, copy: Contents | None) -> tuple[Contents, list[Place], list[Place]]:
    """What is left, with what the copy has for the rotten ones; which those were, and which it does not have."""
    # Records of another version's making are not put among these.
    of_copy: Records = copy.sound if copy is not None and copy.version == left.version else {}
    records = dict(left.sound)
    found: list[Place] = []
    lost: list[Place] = []
    for place in left.rotten:
        meant = _meant(place, left.sound, of_copy)
        if meant is None:
            lost.append(place)
        else:
            records[meant] = of_copy[meant]
            found.append(meant)
    return Contents(left.version, records), found, lost


def _meant(place: Place, sound: Records, copy: Records) -> Place | None:
    """Which record of the copy it was. It is its name that can be rotten: then one of a name like it is missing."""
    if place in copy and place not in sound:
        return place
    missing = (it for it in copy if it not in sound and _differ_by_one(it, place))
    return next(missing, None)


def _differ_by_one(one: Place, other: Place) -> bool:
    first, second = "\0".join(one), "\0".join(other)
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1


def _rescue(folder: Path, left: Contents | None, runtime: Runtime) -> None:
    """Make what takes the state's place; nothing where nothing can be believed."""
    copy = _of_copy(folder, runtime)
    age = "" if copy is None else _age(folder / BACKUP, runtime)
    if left is not None:
        contents, found, lost = mended(left, copy)
        if found:
            _log.error("taken from the copy of %s: %s", age, _named(found))
        if lost:
            _log.error("lost: %s", _named(lost))
    elif copy is not None:
        contents = copy
        _log.error("the copy of %s took its place; what was stored since is lost", age)
    else:
        _log.error("starting with nothing; devices will be interviewed anew")
        return
    try:
        _make(folder / _RESCUED, contents, runtime)
    except (Damaged, sqlite3.Error, OSError) as error:
        remedy = "make room on the disk, or check it; nothing was changed"
        raise StoreUnusable(folder / _RESCUED, f"cannot be written: {error}", remedy) from error


def _of_copy(folder: Path, runtime: Runtime) -> Contents | None:
    backup = folder / BACKUP
    if not backup.exists():
        _log.error("there is no copy of it")
        return None
    try:
        return read_copy(backup, runtime)
    except Newer as newer:
        # Begun anew, it would be replaced by tomorrow's copy.
        raise StoreUnusable(backup, str(newer), UPDATE) from newer
    except (Damaged, sqlite3.Error) as damage:
        _log.error("its copy %s is damaged too (%s)", backup, damage)
        return damage.left if isinstance(damage, Damaged) else None


def _age(backup: Path, runtime: Runtime) -> str:
    hours = (runtime.wall() - backup.stat().st_mtime) / 3600
    # A clock that is not set yet cannot tell.
    return f"{hours:.1f} h ago" if hours >= 0 else "a time that has not come by this clock"


def _make(path: Path, contents: Contents, runtime: Runtime) -> None:
    made = path.with_name(f"{path.name}.new")
    remove_database(made)
    make_records(made, contents, runtime)
    take_its_place(made, path)


def _take_rescued(folder: Path) -> None:
    rescued, path = folder / _RESCUED, folder / STATE
    if rescued.exists():
        # A log of another file must not be taken for one of this.
        remove_database(path)
        take_its_place(rescued, path)


def _named(places: list[Place]) -> str:
    names = [" ".join(place) for place in places[:_NAMES_MAX]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
