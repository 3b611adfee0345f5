"""Lists of revoked certificates (CRLs, RFC 5280 section 5): who signed them, and whom they name.

A list counts although it is past its next update: an old list names who was revoked then, and a revocation does not
pass. Without a list of an authority nothing is known of its certificates, and they are taken for good.
"""

import re
from collections.abc import Iterable
from typing import Final, get_args

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from hubagent.identity.certificate import UNREADABLE, common_name

CRL_MAX: Final = 1024 * 1024
"""Bytes of all lists together: some ten thousand revoked certificates."""
LISTS_MAX: Final = 16
_SIGNERS: Final = get_args(CertificateIssuerPublicKeyTypes)
_PEM: Final = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----\s*", re.DOTALL)


class BadCrl(ValueError):
    """What should be lists of revoked certificates is none."""


class Revoked:
    """The lists that the hub has."""

    def __init__(self, lists: Iterable[x509.CertificateRevocationList] = ()) -> None:
        self.lists = tuple(lists)

    def __len__(self) -> int:
        return len(self.lists)

    def since(self, certificate: x509.Certificate, issuer: x509.Certificate) -> float | None:
        """When `issuer` revoked its certificate, in Unix seconds; None where it did not, or nothing is known."""
        for one in self.lists:
            if one.issuer != issuer.subject:
                continue
            entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and _signed(one, issuer):
                return entry.revocation_date_utc.timestamp()
        return None


def read_lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    """All of a PEM file's. Raises BadCrl."""
    if len(pem) > CRL_MAX:
        raise BadCrl(f"more than {CRL_MAX} bytes of lists of revoked certificates")
    found = _PEM.findall(pem)
    if not found and pem.strip():
        raise BadCrl("no list of revoked certificates in PEM form")
    if len(found) > LISTS_MAX:
        raise BadCrl(f"{len(found)} lists of revoked certificates; at most {LISTS_MAX} are taken")
    try:
        return [_read(one) for one in found]
    except UNREADABLE as error:
        raise BadCrl(f"no list of revoked certificates: {error}") from error


def _read(pem: bytes) -> x509.CertificateRevocationList:
    """Its issuer can be asked for without care from then on. Raises one of UNREADABLE."""
    one = x509.load_pem_x509_crl(pem)
    common_name(one.issuer)
    return one


def pem_of_lists(lists: Iterable[x509.CertificateRevocationList]) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in lists)


def newest(
    kept: Iterable[x509.CertificateRevocationList],
    fetched: Iterable[x509.CertificateRevocationList],
    authorities: Iterable[x509.Certificate],
) -> list[x509.CertificateRevocationList]:
    """One list of each authority: the later one. What none of `authorities` signed is left out, if it is new.

    No more than `read_lists` takes: where that is too little, those go first that the cloud has not named for longest.
    """
    known = list(authorities)
    found: dict[x509.Name, x509.CertificateRevocationList] = {one.issuer: one for one in kept}
    for one in fetched:
        signers = [authority for authority in known if authority.subject == one.issuer]
        if not any(_signed(one, authority) for authority in signers):
            continue
        before = found.get(one.issuer)
        if before is None or one.last_update_utc >= before.last_update_utc:
            found.pop(one.issuer, None)
            found[one.issuer] = one
    lists = list(found.values())[-LISTS_MAX:]
    while len(pem_of_lists(lists)) > CRL_MAX:
        del lists[0]
    return lists


def _signed(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        key = issuer.public_key()
        return isinstance(key, _SIGNERS) and one.is_signature_valid(key)
    except UNREADABLE:
        return False
