"""Getting a certificate, and a new one in time: with a new key each, and never less than before on disk.

In this order, so that a power cut anywhere leaves an identity that works: the new key, sealed, beside the old; the
request; the anchors; key and certificate in one rename over the old ones; the new key's scratch file away.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from hubagent.identity.anchors import Anchors, merged
from hubagent.identity.certificate import (
    UNREADABLE,
    BadCertificate,
    date_text,
    hub_of,
    is_anchor,
    is_authority,
    life_of,
    pem_of,
    signed_by,
)
from hubagent.identity.est import CloudNotTrusted, EnrolmentFailed, EstServer
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import Identity
from hubagent.identity.key import MANUFACTURER, OPERATIONAL, HubKey, KeySealed, new_key, open_key
from hubagent.identity.notes import read_notes, write_notes
from hubagent.identity.revocation import newest, pem_of_lists
from hubagent.identity.seal import Seal
from hubagent.identity.visit import BlindVisit, Visit

_log = logging.getLogger(__name__)

_BETWEEN_MAX: Final = 4
"""Authorities between the root and a hub."""


class Proof(Enum):
    """By what the cloud knows the hub that asks."""

    OPERATIONAL = "its present certificate"
    MANUFACTURER = "its manufacturer's certificate"
    CLAIM = "a claim code"


_SHOWN: Final = {Proof.OPERATIONAL: OPERATIONAL, Proof.MANUFACTURER: MANUFACTURER, Proof.CLAIM: None}


@dataclass(frozen=True, slots=True)
class Enrolled:
    hub: str
    certificate: x509.Certificate


class Enrolment:
    """One hub at one enrolment server."""

    def __init__(self, identity: Identity, server: EstServer) -> None:
        self._identity = identity
        self._files: IdentityFiles = identity.files
        self._server = server

    async def introduce(self, sha256: str) -> list[x509.Certificate]:
        """The cloud's anchor, known by its fingerprint alone. Raises EnrolmentFailed."""
        offered = await self._server.authorities(BlindVisit())
        found = [one for one in offered if is_anchor(one) and one.fingerprint(hashes.SHA256()).hex() == sha256]
        if not found:
            named = ", ".join(one.fingerprint(hashes.SHA256()).hex() for one in offered if is_anchor(one)) or "none"
            raise CloudNotTrusted(
                f"{self._server.url} has no anchor with the fingerprint {sha256}; it names {named}. "
                "Compare it with what the cloud's operator published: somebody may answer in its place"
            )
        return found

    async def enrol(
        self, proof: Proof, anchors: Sequence[x509.Certificate], claim: str | None = None, *, afresh: bool = False
    ) -> Enrolled:
        """Get a certificate for a new key, and put both in place of what was there.

        `afresh`: `anchors` come from a person, and replace those on disk. Raises EnrolmentFailed, IdentityUnusable,
        IdentityBusy, OSError.
        """
        with self._files.held():
            seal = self._identity.source.open() if proof is Proof.OPERATIONAL else self._identity.source.make()
            key = self._pending(seal)
            visit = Visit(self._identity, list(anchors), None)
            authorities = await self._server.authorities(visit)
            known = Anchors(tuple(anchors), {} if afresh else read_notes(self._files).absent)
            trusted = self._merged(known, authorities, visit.chain)
            asking = Visit(self._identity, list(anchors), _SHOWN[proof])
            certificate = await self._server.certificate(
                asking, key.request(self._subject(proof)), renew=proof is Proof.OPERATIONAL, claim=claim
            )
            expected = self._identity.hub if proof is Proof.OPERATIONAL else None
            chain = self._accepted(certificate, key, authorities, trusted.certificates, asking.chain, expected)
            self._put(trusted, key.sealed(seal, OPERATIONAL), chain)
        _log.info("the hub %s has a certificate until %s", hub_of(certificate), date_text(life_of(certificate).end))
        return Enrolled(hub_of(certificate), certificate)

    async def refresh(self) -> None:
        """Anchors and lists of the revoked, as the cloud has them now. Raises EnrolmentFailed, OSError and others."""
        anchors = self._identity.anchors()
        visit = Visit(self._identity, anchors, None)
        authorities = await self._server.authorities(visit)
        lists = await self._server.revoked(Visit(self._identity, anchors, None))
        with self._files.held():
            known = Anchors(tuple(self._identity.anchors()), read_notes(self._files).absent)
            trusted = self._merged(known, authorities, visit.chain)
            kept = newest(self._identity.revoked().lists, lists, (*trusted.certificates, *authorities))
            self._files.write(self._files.revoked, pem_of_lists(kept))
            self._put_anchors(trusted)
            self._note(trusted, refreshed=self._identity.clock.now()[0])

    def _merged(self, known: Anchors, offered: list[x509.Certificate], seen: list[x509.Certificate]) -> Anchors:
        clock = self._identity.clock
        now, sure = clock.now()
        return merged(known, offered, seen, clock.floor, now if sure else None)

    def _pending(self, seal: Seal) -> HubKey:
        """The key that was being asked for when the power went, or the answer did not come; else a new one."""
        sealed = self._files.read(self._files.pending)
        if sealed is not None:
            try:
                return open_key(sealed, seal, OPERATIONAL)
            except KeySealed:
                _log.warning("%s cannot be opened, and is made anew", self._files.pending)
        key = new_key()
        self._files.write(self._files.pending, key.sealed(seal, OPERATIONAL))
        return key

    def _subject(self, proof: Proof) -> x509.Name:
        """RFC 7030, section 4.2.2: a renewal is for the same name. Otherwise the cloud gives the name."""
        certificate = self._identity.certificate() if proof is Proof.OPERATIONAL else None
        return certificate.subject if certificate is not None else x509.Name([])

    def _accepted(
        self,
        certificate: x509.Certificate,
        key: HubKey,
        authorities: Sequence[x509.Certificate],
        anchors: Sequence[x509.Certificate],
        seen: Sequence[x509.Certificate],
        expected: str | None,
    ) -> list[x509.Certificate]:
        """The certificate, and what leads from it towards its root. Raises EnrolmentFailed."""
        try:
            hub = hub_of(certificate)
        except BadCertificate as error:
            raise self._unfit(str(error)) from error
        if not key.belongs_to(certificate):
            raise self._unfit("it is for another key")
        if expected is not None and hub != expected:
            raise self._unfit(f"it is for {hub!r}, and the hub is {expected!r}")
        if is_authority(certificate) or not _for_clients(certificate):
            raise self._unfit("it is none for a hub")
        life = life_of(certificate)
        if life.end <= self._identity.clock.floor:
            raise self._unfit(f"it has ended on {date_text(life.end)}")
        if seen and life.begin > min(life_of(one).end for one in seen):
            raise self._unfit(f"it begins on {date_text(life.begin)}, when the cloud's own has ended")
        chain = path(certificate, authorities, anchors)
        if chain is None:
            raise self._unfit("no anchor that the hub trusts issued it")
        return chain

    def _unfit(self, why: str) -> EnrolmentFailed:
        return EnrolmentFailed(f"{self._server.url} sent a certificate that the hub cannot use: {why}")

    def _put(self, trusted: Anchors, sealed_key: bytes, chain: list[x509.Certificate]) -> None:
        self._put_anchors(trusted)
        self._files.write_pair(self._files.operational, sealed_key, chain)
        self._files.remove(self._files.pending)
        self._identity.clock.not_before(life_of(chain[0]).begin)
        self._note(trusted)

    def _put_anchors(self, trusted: Anchors) -> None:
        if list(trusted.certificates) != self._files.certificates(self._files.anchors):
            self._files.write(self._files.anchors, pem_of(trusted.certificates))

    def _note(self, trusted: Anchors, refreshed: float | None = None) -> None:
        before = read_notes(self._files)
        at = before.refreshed if refreshed is None else refreshed
        write_notes(self._files, replace(before, cloud=self._server.url, absent=dict(trusted.absent), refreshed=at))


def path(
    certificate: x509.Certificate, authorities: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate]
) -> list[x509.Certificate] | None:
    """The certificate, and those between it and one of `anchors`, which is not among them; None where none leads."""
    chain = [certificate]
    for _ in range(_BETWEEN_MAX + 1):
        if any(signed_by(chain[-1], anchor) for anchor in anchors):
            return chain
        between = [one for one in authorities if is_authority(one) and one not in chain and signed_by(chain[-1], one)]
        if not between:
            return None
        chain.append(between[0])
    return None


def _for_clients(certificate: x509.Certificate) -> bool:
    """Whether a TLS client may use it (RFC 5280, section 4.2.1.12)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except UNREADABLE:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage
