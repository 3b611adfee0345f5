"""A PostgreSQL of the test's own, where its programs are installed; the tests that need it are skipped elsewhere."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

_PLACES: Final = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path:
    """Where initdb, pg_ctl and psql are."""
    for place in _PLACES:
        for found in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if all((found / name).exists() for name in ("initdb", "pg_ctl", "psql")):
                return found
    pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")


def _user() -> int | None:
    """It does not run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@contextmanager
def running(folder: Path) -> Iterator["Database"]:
    """On a socket in `folder`, which its user must be able to reach."""
    where, user = programs(), _user()
    if user is not None:
        os.chown(folder, user, -1)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([str(where / command[0]), *command[1:]], user=user, check=True, capture_output=True, cwd=folder)

    run("initdb", "--pgdata", str(data), "--auth", "trust", "--username", "postgres", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "--pgdata", str(data), "--options", options, "--log", str(folder / "log"), "--wait", "start")
    try:
        yield Database(where / "psql", folder)
    finally:
        run("pg_ctl", "--pgdata", str(data), "--mode", "immediate", "stop")


class Database:
    def __init__(self, psql: Path, folder: Path) -> None:
        self._command = [str(psql), "-h", str(folder), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qAtX", "postgres"]

    def run(self, sql: str) -> list[list[str]]:
        """The rows of all statements, one after another."""
        done = subprocess.run(self._command, input=sql, text=True, capture_output=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return [line.split("|") for line in done.stdout.splitlines()]

    def begin(self, sql: str) -> "subprocess.Popen[str]":
        """The same, while the test goes on."""
        pipe = subprocess.PIPE
        started = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        assert started.stdin is not None
        started.stdin.write(sql)
        started.stdin.flush()
        return started
