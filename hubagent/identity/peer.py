"""Judging the other side of a TLS connection, after OpenSSL did: dates by the hub's own clock, and revocation.

Python cannot tell OpenSSL which time it is, so OpenSSL is told not to look at the dates, and every certificate of the
chain that it verified is looked at here. Revocation is looked up here too: OpenSSL refuses a chain for whose authority
it has no list, and then an authority that the cloud changed meanwhile could never be reached again.
"""

import ssl
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from cryptography import x509

from hubagent.clock import TrustedClock
from hubagent.identity.certificate import UNREADABLE, common_name, date_text, life_of, with_names
from hubagent.identity.revocation import Revoked
from hubagent.uplink.transports.dial import PeerRefused

NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL's x509_vfy.h, which Python's `ssl` has no name for."""


def verified_chain(tls: ssl.SSLObject) -> list[x509.Certificate]:
    """The chain that OpenSSL verified, from the other side's certificate to our anchor. Raises PeerRefused."""
    get: Any = getattr(tls, "get_verified_chain", None)
    if get is None:
        # Before Python 3.13 it is there without a public name.
        get = tls._sslobj.get_verified_chain  # type: ignore[attr-defined]
    chain = [one if isinstance(one, bytes) else one.public_bytes(_DER) for one in get() or ()]
    if not chain:
        raise PeerRefused("it showed no certificate")
    try:
        return [with_names(x509.load_der_x509_certificate(one)) for one in chain]
    except UNREADABLE as error:
        raise PeerRefused(f"it showed a certificate that cannot be read: {error}") from error


_DER: Final = 2
"""`_ssl.ENCODING_DER`."""


def judge(chain: Sequence[x509.Certificate], clock: TrustedClock, revoked: Revoked) -> None:
    """Raises PeerRefused. Once it is passed, the clock knows how far this peer's word on the time can be worth it."""
    now, sure = clock.now()
    for certificate in chain:
        name, life = common_name(certificate.subject), life_of(certificate)
        if life.end < (now if sure else clock.floor):
            raise PeerRefused(f"the certificate of {name!r} has expired on {date_text(life.end)}")
        if sure and life.begin > now:
            raise PeerRefused(f"the certificate of {name!r} is not valid before {date_text(life.begin)}")
    for certificate, issuer in pairwise(chain):
        if (since := revoked.since(certificate, issuer)) is not None:
            name = common_name(certificate.subject)
            raise PeerRefused(f"the certificate of {name!r} was revoked on {date_text(since)}")
    clock.vouched_until(min(life_of(certificate).end for certificate in chain))
