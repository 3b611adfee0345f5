"""What the devices of one radio keep without power, in one file of the world's.

Only they know what that is. Each says when something of it may have changed, and is asked for all of it a moment later:
flash is not written for every frame. Without a file nobody is asked, and all is forgotten with the process.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from simulators.kept_file import kept_well, read_kept, write_kept

Kept = dict[str, Any]
"""What somebody keeps, as JSON has it: names, numbers, lists; bytes in hexadecimal. What is as from the factory may be
left out."""

WRITTEN_WITHIN_S: Final = 1.0
"""So much is lost when the world is killed."""
_LATER: Final = ("battery",)
_WHAT: Final = "what simulated devices keep"


class Keeper(Protocol):
    """A part of a device, or all of it."""

    def kept(self) -> Kept: ...

    def restore(self, kept: Kept) -> None:
        """Be as it was. Raises anything that an unfit dictionary leads to."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """A device that is there."""

    identity: str
    parts: Mapping[str, Keeper]

    def entry(self) -> Kept:
        return {"identity": self.identity, **{name: part.kept() for name, part in self.parts.items()}}


def nothing() -> None:
    """Who has no memory tells nobody that something changed."""


class DeviceMemory:
    """By the devices' names. One who is not there this time is kept for the next."""

    def __init__(self, loop: asyncio.AbstractEventLoop, path: Path | None, devices: dict[str, Kept]) -> None:
        self.is_new = not devices
        """Nobody of them has ever been anywhere."""
        self._loop = loop
        self._path = path
        self._devices = devices
        self._known: dict[str, _Known] = {}
        self._changed: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @classmethod
    def open(cls, loop: asyncio.AbstractEventLoop, path: Path | None) -> "DeviceMemory":
        """Read `path`, if there is such a file. Raises ValueError on a damaged one."""
        if path is None or not path.exists():
            return cls(loop, path, {})
        return cls(loop, path, read_kept(path, _WHAT, _devices))

    def restore(self, name: str, identity: str, parts: Mapping[str, Keeper]) -> bool:
        """Have a device be as it was; false: it is as from the factory. Raises ValueError on what it cannot be.

        Another one under an old name, as its `identity` tells, is a new one.
        """
        entry = self._devices.get(name)
        if entry is None or self._path is None or entry["identity"] != identity:
            return False
        with kept_well(self._path, f"{_WHAT}: {name}"):
            for part, it in parts.items():
                # A part that an older world did not keep is as from the factory.
                if part in entry or part not in _LATER:
                    it.restore(entry[part])
        return True

    def watch(self, name: str, identity: str, parts: Mapping[str, Keeper]) -> Callable[[], None]:
        """From now on a device is asked what it keeps; what is returned is called when that may have changed."""
        if self._path is None:
            return nothing
        self._known[name] = _Known(identity, parts)

        def changed() -> None:
            self._changed.add(name)
            if self._timer is None and not self._closed:
                self._timer = self._loop.call_later(WRITTEN_WITHIN_S, self._write)

        return changed

    def close(self) -> None:
        """The world ends: all of it is written now, whoever said something or not."""
        self._closed = True
        self._changed.update(self._known)
        self._write()

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = {name: self._known[name].entry() for name in sorted(self._changed)}
        if any(self._devices.get(name) != entry for name, entry in now.items()):
            self._devices.update(now)
            assert self._path is not None
            # Not synced: the agent may live in this process, and is not to wait for a disk.
            write_kept(self._path, {"devices": self._devices}, synced=False)
        self._changed.clear()


def _devices(document: Any) -> dict[str, Kept]:
    devices: dict[str, Kept] = document["devices"]
    for name, entry in devices.items():
        if not isinstance(entry["identity"], str):
            raise TypeError(f"{name} is {entry['identity']!r}")
    return devices
