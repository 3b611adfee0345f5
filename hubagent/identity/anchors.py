"""Trust anchors that overlap: a new one comes in beside the old, which stays until it is sure that nobody needs it.

So a cloud may change its authority under hubs that are away for weeks (RFC 7030, section 4.1.3 leaves the how to us).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from hubagent.identity.certificate import common_name, date_text, fingerprint, is_anchor, life_of

_log = logging.getLogger(__name__)

ANCHORS_MAX: Final = 12
ABSENT_S: Final = 30 * 86_400.0
"""An anchor that was absent from two lists so far apart is given up."""
_RSA_BITS_MIN: Final = 2048


@dataclass(frozen=True, slots=True)
class Anchors:
    """Whom the hub trusts, and since when the cloud does not name some of them any more."""

    certificates: tuple[x509.Certificate, ...]
    absent: Mapping[str, float]
    """By fingerprint, in Unix seconds."""


def usable(offered: Iterable[x509.Certificate], floor: float) -> list[x509.Certificate]:
    """Those that can be anchors at all: roots with a key worth it, and not expired."""
    return [one for one in offered if is_anchor(one) and _strong(one) and life_of(one).end >= floor]


def merged(
    known: Anchors,
    offered: Sequence[x509.Certificate],
    seen: Sequence[x509.Certificate],
    floor: float,
    now: float | None,
) -> Anchors:
    """After the cloud, over a verified connection with the chain `seen`, has named its authorities.

    `floor` is the clock's: what has expired by that is expired. `now` is None while the clock is not sure: then
    nobody's absence begins or ends.
    """
    new = usable(offered, floor)
    if not new:
        return known
    named = {fingerprint(one) for one in (*new, *seen)}
    absent = {at: since for at, since in known.absent.items() if at not in named}
    kept = []
    for one in known.certificates:
        at = fingerprint(one)
        if life_of(one).end < floor:
            _log.warning("the trust anchor %r has expired on %s", common_name(one.subject), date_text(life_of(one).end))
            continue
        if at not in named and now is not None and now - absent.setdefault(at, now) >= ABSENT_S:
            _log.warning("the trust anchor %r is given up: the cloud names others", common_name(one.subject))
            continue
        kept.append(one)
    have = {fingerprint(one) for one in kept}
    for one in new:
        if fingerprint(one) in have:
            continue
        if len(kept) >= ANCHORS_MAX:
            _log.error(
                "the cloud names more than %d trust anchors: %r is left out", ANCHORS_MAX, common_name(one.subject)
            )
            continue
        kept.append(one)
        have.add(fingerprint(one))
    return Anchors(tuple(kept), {at: since for at, since in absent.items() if at in have})


def _strong(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _RSA_BITS_MIN
    return isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey)
