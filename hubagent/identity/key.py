"""The hub's private key: made here by OpenSSL, sealed before it touches the disk.

EC P-256. The random numbers are OpenSSL's own and do not come through the runtime's seam: a simulation's entropy is
drawn from a seed, and a key that can be drawn again is none.
"""

from typing import Final, NoReturn

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hubagent.identity.seal import Seal

OPERATIONAL: Final = "operational"
MANUFACTURER: Final = "manufacturer"


class KeySealed(Exception):
    """The key cannot be opened: another sealing key closed it, or it is damaged."""


class HubKey:
    """A private key in memory. It is never shown, and cannot be pickled."""

    __slots__ = ("_key",)

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    def sealed(self, seal: Seal, purpose: str) -> bytes:
        """As encrypted PKCS #8 in PEM (RFC 5958): what may lie on disk, and what `ssl` reads."""
        encryption = BestAvailableEncryption(seal.password(purpose))
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)

    def request(self, subject: x509.Name) -> x509.CertificateSigningRequest:
        """A CSR (PKCS #10, RFC 2986)."""
        return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self._key, hashes.SHA256())

    def belongs_to(self, certificate: x509.Certificate) -> bool:
        ours = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        try:
            theirs = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        except (ValueError, UnsupportedAlgorithm):
            return False
        return ours == theirs

    def __repr__(self) -> str:
        return "<HubKey>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not written anywhere but sealed")


def new_key() -> HubKey:
    return HubKey(ec.generate_private_key(ec.SECP256R1()))


def open_key(pem: bytes, seal: Seal, purpose: str) -> HubKey:
    """Raises KeySealed."""
    return _load(pem, seal.password(purpose), "the sealing key does not open it, or it is damaged")


def read_plain_key(pem: bytes) -> HubKey:
    """A manufacturer's, as it comes: not encrypted. Raises KeySealed."""
    return _load(pem, None, "it is no EC private key in PEM form without a password")


def _load(pem: bytes, password: bytes | None, complaint: str) -> HubKey:
    try:
        key = load_pem_private_key(pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The cause is left out: its text could quote what was read.
        raise KeySealed(complaint) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeySealed(complaint)
    return HubKey(key)
