"""The hub's identity as the uplink uses it: its name, a TLS context for each connection, and who may be at its end."""

import logging
import ssl
from contextlib import suppress

from cryptography import x509

from hubagent.clock import TrustedClock
from hubagent.identity.certificate import BadCertificate, hub_of, is_anchor, life_of, pem_of
from hubagent.identity.files import IdentityFiles
from hubagent.identity.key import MANUFACTURER, OPERATIONAL
from hubagent.identity.peer import NO_CHECK_TIME, judge, verified_chain
from hubagent.identity.revocation import BadCrl, Revoked, read_lists
from hubagent.identity.seal import SealSource
from hubagent.identity.trouble import IdentityUnusable

_log = logging.getLogger(__name__)


class Identity:
    """Made of what is on disk, and reads it anew for each connection: what was renewed counts from the next one on."""

    def __init__(self, files: IdentityFiles, source: SealSource, clock: TrustedClock) -> None:
        self.files = files
        self.source = source
        self.clock = clock
        self._hub: str | None = None
        # A damaged certificate says nothing of the time; what else it means, `client_context` tells.
        with suppress(IdentityUnusable):
            if (certificate := self.certificate()) is not None:
                clock.not_before(life_of(certificate).begin)

    @property
    def hub(self) -> str:
        """The name in the operational certificate; the last that was known where that cannot be read just now.

        Raises IdentityUnusable.
        """
        try:
            self._hub = self._read_hub()
        except IdentityUnusable:
            if self._hub is None:
                raise
        return self._hub

    def _read_hub(self) -> str:
        certificate = self.certificate()
        if certificate is None:
            raise IdentityUnusable("the hub has no certificate yet; get one: hubagent provision --cloud https://...")
        try:
            return hub_of(certificate)
        except BadCertificate as error:
            raise IdentityUnusable(f"{self.files.operational}: {error}; get another: hubagent provision") from error

    def certificate(self) -> x509.Certificate | None:
        """The operational one; None where there is none. Raises IdentityUnusable for a damaged one."""
        try:
            return next(iter(self.files.certificates(self.files.operational)), None)
        except (OSError, BadCertificate) as error:
            raise IdentityUnusable(
                f"{self.files.operational}: {_reason(error)}; get another: hubagent provision"
            ) from error

    def anchors(self) -> list[x509.Certificate]:
        """Whom the hub trusts. Raises IdentityUnusable."""
        try:
            return [one for one in self.files.certificates(self.files.anchors) if is_anchor(one)]
        except (OSError, BadCertificate) as error:
            raise IdentityUnusable(
                f"{self.files.anchors}: {_reason(error)}; name the anchor again: hubagent provision --anchor FILE"
            ) from error

    def client_context(self) -> ssl.SSLContext:
        """A new one of what is on disk now: TLS 1.3 only, the host's name checked, our certificate shown.

        `check` has to be called after the handshake: OpenSSL looks at no dates. Raises IdentityUnusable.
        """
        self._read_hub()
        anchors = self.anchors()
        if not anchors:
            raise IdentityUnusable(
                "the hub trusts nobody yet; name the cloud's anchor: hubagent provision --anchor FILE"
            )
        context = verifying_context(anchors)
        self.show(context, OPERATIONAL)
        return context

    def show(self, context: ssl.SSLContext, shown: str) -> None:
        """Put the operational certificate, or the manufacturer's, into a context. Raises IdentityUnusable."""
        path = {OPERATIONAL: self.files.operational, MANUFACTURER: self.files.manufacturer}[shown]
        source = seal_for(self.source, shown)
        seal = source.open()
        try:
            context.load_cert_chain(path, password=lambda: seal.password(shown))
        except OSError as error:
            raise IdentityUnusable(
                f"{path}: the sealing key {source} does not open it, or it is damaged ({_reason(error)}); "
                "put the right one back, or get a new identity: hubagent provision"
            ) from error

    def check(self, tls: ssl.SSLObject) -> None:
        """What OpenSSL did not look at: dates by the hub's clock, and revocation. Raises PeerRefused."""
        judge(verified_chain(tls), self.clock, self.revoked())

    def revoked(self) -> Revoked:
        """A damaged list is none: it is told of, and fetched again."""
        try:
            return Revoked(read_lists(self.files.read(self.files.revoked) or b""))
        except (OSError, BadCrl) as error:
            _log.error("%s: %s", self.files.revoked, _reason(error))
            return Revoked()


def seal_for(source: SealSource, shown: str) -> SealSource:
    """The manufacturer's key has a sealing key of its own, because a factory reset destroys the other."""
    return source.beside(MANUFACTURER) if shown == MANUFACTURER else source


def verifying_context(anchors: list[x509.Certificate]) -> ssl.SSLContext:
    """TLS 1.3 only, with who can show a chain to one of `anchors` and has the name that was dialled.

    Raises IdentityUnusable for anchors that OpenSSL does not take.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(cadata=pem_of(anchors).decode("ascii"))
    except (ssl.SSLError, ValueError) as error:
        raise IdentityUnusable(
            f"OpenSSL does not take the trust anchors ({_reason(error)}); "
            "name the cloud's anchor again: hubagent provision --anchor FILE"
        ) from error
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    return context


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
