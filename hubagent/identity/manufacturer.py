"""What the factory put into the hub (IDevID, IEEE 802.1AR): taken over once, sealed, and kept through every reset."""

from pathlib import Path

from hubagent.identity.certificate import BadCertificate, is_authority, read_certificates
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import seal_for
from hubagent.identity.key import MANUFACTURER, KeySealed, read_plain_key
from hubagent.identity.seal import SealSource
from hubagent.identity.trouble import IdentityUnusable

_FILE_MAX = 64 * 1024


def take_over(files: IdentityFiles, source: SealSource, certificate: Path, key: Path) -> None:
    """Keep the manufacturer's certificate with its key. Raises IdentityUnusable, IdentityBusy, OSError."""
    try:
        chain = read_certificates(_read(certificate))
    except BadCertificate as error:
        raise IdentityUnusable(f"{certificate}: {error}") from error
    if not chain or is_authority(chain[0]):
        raise IdentityUnusable(f"{certificate}: its first certificate is none of a device")
    try:
        private = read_plain_key(_read(key))
    except KeySealed as error:
        raise IdentityUnusable(f"{key}: {error}") from None
    if not private.belongs_to(chain[0]):
        raise IdentityUnusable(f"{key}: this key does not belong to the certificate in {certificate}")
    seal = seal_for(source, MANUFACTURER).make()
    with files.held():
        files.write_pair(files.manufacturer, private.sealed(seal, MANUFACTURER), chain)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_MAX)
    except OSError as error:
        raise IdentityUnusable(f"{path}: {(error.strerror or str(error)).lower()}") from error
