"""Reading certificates: whose they are, how long they live, who made them. Nothing here decides whom to trust."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hubagent.uplink.message.fields import HUB_ID

PEM_MAX: Final = 64 * 1024
"""Bytes of a file of certificates."""
CERTIFICATES_MAX: Final = 16
UNREADABLE: Final = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
"""What the library raises at something damaged, or made to trouble its reader. Much of it is looked at only when it is
asked for: names, extensions, keys."""


class BadCertificate(ValueError):
    """What should be a certificate is none, or none of use here."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a certificate is valid, in Unix seconds."""

    begin: float
    end: float


def read_certificates(pem: bytes) -> list[x509.Certificate]:
    """All of a PEM file's. Raises BadCertificate."""
    if len(pem) > PEM_MAX:
        raise BadCertificate(f"more than {PEM_MAX} bytes of certificates")
    try:
        certificates = x509.load_pem_x509_certificates(pem)
    except UNREADABLE as error:
        raise BadCertificate(f"no certificate in PEM form: {error}") from error
    return bounded(certificates)


def bounded(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Raises BadCertificate for too many, and for one whose names cannot be read."""
    if len(certificates) > CERTIFICATES_MAX:
        raise BadCertificate(f"{len(certificates)} certificates; at most {CERTIFICATES_MAX} are taken")
    return [with_names(certificate) for certificate in certificates]


def with_names(certificate: x509.Certificate) -> x509.Certificate:
    """The same, whose names can be asked for without care from now on. Raises BadCertificate."""
    try:
        common_name(certificate.subject)
        common_name(certificate.issuer)
    except UNREADABLE as error:
        raise BadCertificate(f"a certificate with a name that cannot be read: {error}") from error
    return certificate


def pem_of(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def life_of(certificate: x509.Certificate) -> Life:
    return Life(certificate.not_valid_before_utc.timestamp(), certificate.not_valid_after_utc.timestamp())


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def common_name(name: x509.Name) -> str:
    """Of a subject or issuer; its whole text where it has no CN, at most 200 letters."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value if found else name.rfc4514_string() or "without a name")[:200]


def hub_of(certificate: x509.Certificate) -> str:
    """The hub's id: the certificate's CN. Raises BadCertificate."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1 or not HUB_ID.fullmatch(str(names[0].value)):
        raise BadCertificate(
            f"the certificate is for {common_name(certificate.subject)!r}, which is no hub's id "
            "(8 to 64 of a-z 0-9 -, and - at neither end)"
        )
    return str(names[0].value)


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may sign others."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False
    return constraints.ca


def is_anchor(certificate: x509.Certificate) -> bool:
    """Whether it is a root: an authority that signed itself."""
    return is_authority(certificate) and signed_by(certificate, certificate)


def signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def date_text(unix: float) -> str:
    """As people read it: 2026-11-26 03:53 UTC."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M UTC")
