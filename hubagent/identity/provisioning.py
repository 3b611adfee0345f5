"""`hubagent provision`: from a hub that is nobody to one with a certificate, at one person's wish."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509

from hubagent.identity.anchors import usable
from hubagent.identity.certificate import BadCertificate, read_certificates
from hubagent.identity.enrolment import Enrolled, Enrolment, Proof
from hubagent.identity.est import TryLater
from hubagent.identity.identity import Identity
from hubagent.identity.manufacturer import take_over
from hubagent.identity.seal import refuse_beside
from hubagent.identity.trouble import IdentityRefused, IdentityUnusable

CLAIM_MAX: Final = 128
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_FILE_MAX: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person gives a hub on its way."""

    claim: str | None = field(default=None, repr=False)
    anchor: Path | None = None
    anchor_sha256: str | None = None
    manufacturer: tuple[Path, Path] | None = None
    """Certificate and key."""


async def provision_hub(
    identity: Identity, enrolment: Enrolment, wishes: Wishes, tell: Callable[[str], None], patience_s: float
) -> Enrolled:
    """Raises IdentityUnusable, EnrolmentFailed, IdentityBusy.

    `tell` is told while the cloud lets the hub wait, which it may for `patience_s`.
    """
    try:
        return await _provision(identity, enrolment, wishes, tell, patience_s)
    except OSError as error:
        raise IdentityUnusable(
            f"{identity.files.folder}: cannot be written: {(error.strerror or str(error)).lower()}; "
            "make room or make it writable, then provision again"
        ) from error


async def _provision(
    identity: Identity, enrolment: Enrolment, wishes: Wishes, tell: Callable[[str], None], patience_s: float
) -> Enrolled:
    identity.files.prepare()
    refuse_beside(identity.source, identity.files.folder.parent)
    proof = _proof(identity, wishes)
    named = wishes.anchor is not None or wishes.anchor_sha256 is not None
    anchors = await _anchors(identity, enrolment, wishes)
    if wishes.manufacturer is not None:
        take_over(identity.files, identity.source, *wishes.manufacturer)
    deadline = asyncio.get_running_loop().time() + patience_s
    while True:
        try:
            return await enrolment.enrol(proof, anchors, wishes.claim, afresh=named)
        except TryLater as later:
            wait_s = later.retry_after_s or 0.0
            if asyncio.get_running_loop().time() + wait_s > deadline:
                raise
            tell(str(later))
            await asyncio.sleep(wait_s)


def _proof(identity: Identity, wishes: Wishes) -> Proof:
    if wishes.claim is not None:
        if not 0 < len(wishes.claim) <= CLAIM_MAX or not wishes.claim.isprintable():
            raise IdentityUnusable("this is no claim code; it is on the cloud's page, as ABCD-EFGH-JKMN-PQRS")
        return Proof.CLAIM
    if wishes.manufacturer is None and not identity.files.manufacturer.exists():
        raise IdentityUnusable(
            "by what shall the cloud know this hub? give --claim CODE (the cloud's page shows one), or the "
            "manufacturer's certificate: --manufacturer-cert FILE --manufacturer-key FILE"
        )
    return Proof.MANUFACTURER


async def _anchors(identity: Identity, enrolment: Enrolment, wishes: Wishes) -> list[x509.Certificate]:
    if wishes.anchor is not None:
        return _read_anchors(wishes.anchor, identity)
    if wishes.anchor_sha256 is not None:
        wanted = wishes.anchor_sha256.lower().replace(":", "").replace(" ", "")
        if not _SHA256.fullmatch(wanted):
            raise IdentityUnusable(f"{wishes.anchor_sha256!r} is no SHA-256: 64 hexadecimal digits")
        return await enrolment.introduce(wanted)
    anchors = identity.anchors()
    if not anchors:
        raise IdentityRefused(
            "whom shall the hub trust? give the cloud's anchor (--anchor FILE), or its fingerprint "
            "(--anchor-sha256 HEX); without one it would give itself to whoever answers"
        )
    return anchors


def _read_anchors(path: Path, identity: Identity) -> list[x509.Certificate]:
    try:
        with path.open("rb") as file:
            offered = read_certificates(file.read(_FILE_MAX + 1))
    except OSError as error:
        raise IdentityUnusable(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except BadCertificate as error:
        raise IdentityUnusable(f"{path}: {error}") from error
    anchors = usable(offered, identity.clock.floor)
    if not anchors:
        raise IdentityUnusable(f"{path}: there is no root certificate in it that is a trust anchor and not expired")
    return anchors
