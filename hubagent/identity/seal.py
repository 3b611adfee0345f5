"""The sealing key: what opens the hub's private key, kept where the state and its backups are not.

A file of its owner's, a variable of the environment, or a credential of systemd. Who copies the state folder has
nothing without it; who destroys it has destroyed the hub's key and every old backup of it.
"""

import base64
import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hubagent.identity.trouble import IdentityRefused, IdentityUnusable
from hubagent.kept_whole import make_folder, remove, sync_folder, write_whole

SECRET_BYTES: Final = 32
SECRET_MAX: Final = 1024
_OTHERS: Final = 0o077
_WORLD: Final = 0o007
_INFO: Final = b"hubagent identity 1: "
KINDS: Final = ("file", "env", "systemd")


class SealMissing(IdentityUnusable):
    """The sealing key is not where it should be: the text says where, and what to do."""


class SealElsewhere(SealMissing):
    """The sealing key is given to the hub's own process, and this one was not given it: nothing need be wrong."""


class SealRefused(IdentityRefused):
    """The sealing key lies open to others, or beside what it seals."""


class Seal:
    """A sealing key in memory. It is never shown, and cannot be pickled."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if not SECRET_BYTES <= len(secret) <= SECRET_MAX:
            raise ValueError(f"a sealing key has {SECRET_BYTES} to {SECRET_MAX} bytes")
        self._secret = secret

    def password(self, purpose: str) -> bytes:
        """For one kind of key: HKDF (RFC 5869) of the sealing key, as a PEM's password."""
        kdf = HKDF(algorithm=hashes.SHA256(), length=SECRET_BYTES, salt=None, info=_INFO + purpose.encode())
        return base64.urlsafe_b64encode(kdf.derive(self._secret))

    def __repr__(self) -> str:
        return "<Seal>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealing key is not written anywhere")


@dataclass(frozen=True, slots=True)
class SealSource:
    """Where a sealing key comes from; `text` is as hub.toml says it."""

    kind: str
    name: str
    environment: Mapping[str, str] = field(repr=False)
    """May have the key in it."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def path(self) -> Path | None:
        """The file that it lies in; None for a variable."""
        if self.kind == "file":
            return Path(self.name)
        if self.kind == "systemd" and (folder := self.environment.get("CREDENTIALS_DIRECTORY")):
            return Path(folder) / self.name
        return None

    def __reduce__(self) -> NoReturn:
        raise TypeError("what the environment says is not written anywhere")

    def beside(self, word: str) -> "SealSource":
        """Another sealing key with another fate; of a variable or a credential there is only the one."""
        if self.kind != "file":
            return self
        return SealSource(self.kind, f"{self.name}.{word}", self.environment)

    def open(self) -> Seal:
        """Raises SealMissing, SealRefused."""
        if self.kind == "env":
            return self._seal(self._variable())
        path = self.path
        if path is None:
            raise SealElsewhere(
                f"{self}: systemd gave no credentials ($CREDENTIALS_DIRECTORY is not set); start the hub by its "
                f"service with LoadCredentialEncrypted={self.name}:..., and a command by systemd-run with the same "
                "--property"
            )
        return self._seal(self._read(path))

    def make(self) -> Seal:
        """Open it; a file that is missing is made first, of OpenSSL's random numbers. Raises as `open` does."""
        path = self.path
        if self.kind == "file" and path is not None and not path.exists():
            try:
                make_folder(path.parent)
                write_whole(path, ssl.RAND_bytes(SECRET_BYTES))
            except OSError as error:
                raise SealMissing(f"{path}: the sealing key could not be made: {_reason(error)}") from error
        return self.open()

    def destroy(self) -> bool:
        """Whether it is gone; False where it is not ours to destroy. Raises OSError.

        It is overwritten first. Flash may keep the old bytes somewhere all the same: that is what a TPM is for.
        """
        path = self.path
        if self.kind != "file" or path is None:
            return False
        if path.exists():
            with path.open("r+b") as file:
                file.write(ssl.RAND_bytes(max(SECRET_BYTES, path.stat().st_size)))
                file.flush()
                os.fsync(file.fileno())
            remove(path)
        elif path.parent.exists():
            sync_folder(path.parent)
        return True

    def _variable(self) -> bytes:
        value = self.environment.get(self.name)
        if not value:
            raise SealElsewhere(f"{self}: the variable {self.name} is not set; set it for the hub's process")
        return value.encode()

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                self._refuse_open(path, os.fstat(file.fileno()))
                return file.read(SECRET_MAX + 1)
        except OSError as error:
            raise SealMissing(
                f"{path}: the sealing key cannot be read: {_reason(error)}; put it back, or make a new identity: "
                "hubagent identity reset, then hubagent provision"
            ) from error

    def _refuse_open(self, path: Path, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise SealRefused(f"{path}: the sealing key is no file")
        # systemd shows a credential's access list as the group's rights.
        if status.st_mode & (_OTHERS if self.kind == "file" else _WORLD):
            raise SealRefused(f"{path}: others may read the sealing key; mend it: chmod 600 {path}")
        if status.st_uid not in (os.geteuid(), 0):
            raise SealRefused(f"{path}: the sealing key is another user's; mend it: chown {os.geteuid()} {path}")

    def _seal(self, secret: bytes) -> Seal:
        try:
            return Seal(secret)
        except ValueError as error:
            raise SealMissing(
                f"{self}: {error}; this has {len(secret)}. Make one: head -c 32 /dev/urandom | base64"
            ) from None


def seal_source(text: str, environment: Mapping[str, str]) -> SealSource:
    """Of `file:/path`, `env:NAME` or `systemd:NAME`. Raises ValueError."""
    kind, _, name = text.partition(":")
    if kind not in KINDS or not name:
        raise ValueError("is file:/path, env:NAME or systemd:NAME")
    if kind != "file" and "/" in name:
        raise ValueError(f"{name} is no name")
    return SealSource(kind, name, environment)


def refuse_beside(source: SealSource, state_dir: Path) -> None:
    """The key does not hang beside the lock: a backup of the state would have both. Raises SealRefused."""
    path = source.path
    if path is not None and path.resolve().is_relative_to(state_dir.resolve()):
        raise SealRefused(
            f"{path}: the sealing key lies in the state folder {state_dir}, and a backup of that would have both; "
            "choose another place: [identity] seal in hub.toml"
        )


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
