"""Certificates and lists that were made to trouble who reads them. No signature on them is right."""

import base64
import random
from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_KEY_USAGE = bytes.fromhex("0603551d0f")
_BASIC_CONSTRAINTS = bytes.fromhex("0603551d13")
_COMMON_NAME = bytes.fromhex("0603550403")
_LETTERS = 2
"""Between the name's kind and its letters: tag and length."""


def with_an_extension_twice(der: bytes) -> bytes:
    """In all certificates of `der`, which may be a PKCS #7 of them."""
    assert _KEY_USAGE in der
    assert _BASIC_CONSTRAINTS in der
    return der.replace(_KEY_USAGE, _BASIC_CONSTRAINTS)


def of_version(der: bytes, version: int) -> bytes:
    """The one certificate: `[0] EXPLICIT INTEGER` (RFC 5280, section 4.1), 2 for v3."""
    before, tag, after = der.partition(bytes.fromhex("a003020102"))
    assert tag
    return before + tag[:-1] + bytes((version,)) + after


def with_a_name_in_no_letters(der: bytes) -> bytes:
    """All its names begin with what is no UTF-8."""
    at = der.index(_COMMON_NAME)
    changed = bytearray(der)
    while at >= 0:
        changed[at + len(_COMMON_NAME) + _LETTERS] = 0xFF
        at = der.find(_COMMON_NAME, at + 1)
    return bytes(changed)


def loaded(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def der_of(certificate: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def pem(der: bytes, what: str = "CERTIFICATE") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (what.encode(), base64.encodebytes(der), what.encode())


def damaged(der: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Each with one byte that was another."""
    rng = random.Random(seed)
    for _ in range(count):
        changed = bytearray(der)
        changed[rng.randrange(len(der))] = rng.choice((rng.randrange(256), 0, 1, 2, 3, 0xFF))
        yield bytes(changed)
