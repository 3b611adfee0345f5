"""Power cuts at each step that changes a disk: what was not synced may be lost, or may be kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class PowerCut(BaseException):
    """The machine is off; nothing catches this."""


class Disk:
    """Counts the steps below `folder`, and cuts the power before the step `at`.

    A rename or a removal counts only when its folder was synced, and a file's bytes only when the file was; `lose`
    says whether what was not is gone after the cut. Both happens.
    """

    def __init__(self, folder: Path, at: int, *, lose: bool) -> None:
        self._folder = folder.resolve()
        self._at = at
        self._lose = lose
        self._unsynced_files: set[Path] = set()
        self._unsynced_names: list[tuple[Path, Path, bytes | None]] = []
        self.steps = 0
        self.cut = False

    def step(self, path: Path) -> bool:
        """Whether the step is one of ours. Raises PowerCut."""
        if self.cut or not path.resolve().is_relative_to(self._folder):
            return False
        if self.steps == self._at:
            self.cut = True
            if self._lose:
                self._forget()
            raise PowerCut(str(path))
        self.steps += 1
        return True

    def created(self, path: Path) -> None:
        self._unsynced_files.add(path)

    def renamed(self, source: Path, target: Path, before: bytes | None) -> None:
        self._unsynced_names.append((target.parent, target, before))
        if source in self._unsynced_files:
            self._unsynced_files.add(target)

    def removed(self, path: Path, before: bytes) -> None:
        self._unsynced_names.append((path.parent, path, before))

    def synced(self, path: Path) -> None:
        self._unsynced_files.discard(path)
        self._unsynced_names = [one for one in self._unsynced_names if one[0] != path]

    def _forget(self) -> None:
        for path in self._unsynced_files:
            if path.exists():
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        for _, path, before in reversed(self._unsynced_names):
            if before is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(before)
                path.chmod(0o600)


@contextmanager
def power_cut(monkeypatch: pytest.MonkeyPatch, folder: Path, at: int, *, lose: bool) -> Iterator[Disk]:
    """Within, the power is cut before the step `at`; `Disk.cut` tells whether there was such a step."""
    disk = Disk(folder, at, lose=lose)
    real_open, real_fsync, real_replace, real_unlink = os.open, os.fsync, Path.replace, Path.unlink

    def opened(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        ours = flags & os.O_CREAT and disk.step(Path(path))
        descriptor = real_open(path, flags, *arguments, **options)
        if ours:
            disk.created(Path(path))
        return descriptor

    def fsync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if disk.step(path):
            real_fsync(descriptor)
            disk.synced(path)

    def replace(source: Path, target: Path) -> Path:
        before = target.read_bytes() if target.exists() else None
        ours = disk.step(target)
        result = real_replace(source, target)
        if ours:
            disk.renamed(source, target, before)
        return result

    def unlink(path: Path, missing_ok: bool = False) -> None:
        before = path.read_bytes() if path.is_file() else None
        ours = before is not None and disk.step(path)
        real_unlink(path, missing_ok=missing_ok)
        if ours and before is not None:
            disk.removed(path, before)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", opened)
        patched.setattr(os, "fsync", fsync)
        patched.setattr(Path, "replace", replace)
        patched.setattr(Path, "unlink", unlink)
        try:
            yield disk
        except PowerCut:
            assert disk.cut
