"""The identity's files in the state folder, each replaced whole: key and certificate are one file, so that a power cut
never leaves one without the other.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography import x509

from hubagent.identity.certificate import pem_of, read_certificates
from hubagent.kept_whole import make_folder, remove, write_whole

FOLDER: Final = "identity"
FILE_MAX: Final = 1024 * 1024 + 1
"""Bytes that are read of one: more than any of them may have."""


class IdentityBusy(Exception):
    """Somebody else is just changing the identity."""


class IdentityFiles:
    """Reads and replaces; understands nothing."""

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir / FOLDER
        self.operational = self.folder / "operational.pem"
        """The sealed key, the hub's certificate, and what leads from it to its root."""
        self.pending = self.folder / "pending.pem"
        """The sealed key that a certificate is being asked for."""
        self.manufacturer = self.folder / "manufacturer.pem"
        """As `operational`, from the factory; outlives a factory reset."""
        self.anchors = self.folder / "anchors.pem"
        self.revoked = self.folder / "crl.pem"
        self.notes = self.folder / "notes.json"
        self.clock = self.folder / "clock"
        """`TrustedClock`'s."""

    def prepare(self) -> None:
        """Raises OSError."""
        make_folder(self.folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Alone with the files: the agent and a command may both want to renew. Raises IdentityBusy, OSError."""
        self.prepare()
        with (self.folder / "lock").open("a+b") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IdentityBusy("the identity is just being renewed by another process; try again later") from None
            yield

    def read(self, path: Path) -> bytes | None:
        """At most a bounded piece of it; None where it is not there. Raises OSError."""
        try:
            with path.open("rb") as file:
                return file.read(FILE_MAX)
        except FileNotFoundError:
            return None

    def certificates(self, path: Path) -> list[x509.Certificate]:
        """Those in a file, none where there is none. Raises OSError, BadCertificate."""
        content = self.read(path)
        return read_certificates(content) if content else []

    def write_pair(self, path: Path, sealed_key: bytes, chain: list[x509.Certificate]) -> None:
        """Key and certificate, in one rename. Raises OSError."""
        write_whole(path, sealed_key + pem_of(chain))

    def write(self, path: Path, content: bytes) -> None:
        write_whole(path, content)

    def remove(self, path: Path) -> None:
        remove(path)
