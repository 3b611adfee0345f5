"""On a file system that is really full, and one that really cannot be written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    script = "mount -t tmpfs -o size=2m tmpfs /mnt"
    return subprocess.run([*_NAMESPACE, "sh", "-c", script], capture_output=True, check=False).returncode == 0


def test_a_disk_that_is_really_full_loses_nothing_and_heals(tmp_path: Path) -> None:
    """Fault 8: the disk is full."""
    if not _may_mount():
        pytest.skip("this machine lets nobody mount a small disk")
    script = f"mount -t tmpfs -o size=2m tmpfs {tmp_path} && {sys.executable} -m {__package__}.full_disk {tmp_path}"
    done = subprocess.run([*_NAMESPACE, "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "empty disk: durable, 20 messages, well",
        "full disk: memory, 620 messages, database or disk is full",
        "free again: durable, 620 messages, well",
        "started on a full disk: memory, 621 messages, database or disk is full",
        "started where nothing may be written: memory, 1 messages, disk I/O error",
        "writable again: durable, 622 messages, well",
    ]
