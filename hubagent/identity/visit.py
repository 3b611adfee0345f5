"""Credentials for one visit to the enrolment server: with which certificate the hub comes, and whom it takes there."""

import ssl

from cryptography import x509

from hubagent.identity.identity import Identity, verifying_context
from hubagent.identity.peer import judge, verified_chain


class Visit:
    """`shown`: the operational certificate, the manufacturer's, or none. Implements `Credentials`."""

    def __init__(self, identity: Identity, anchors: list[x509.Certificate], shown: str | None) -> None:
        self.chain: list[x509.Certificate] = []
        """What the server showed, once the connection stood and was verified."""
        self._identity = identity
        self._anchors = anchors
        self._shown = shown

    @property
    def hub(self) -> str:
        return self._identity.hub

    def client_context(self) -> ssl.SSLContext:
        """Raises IdentityUnusable."""
        context = verifying_context(self._anchors)
        if self._shown is not None:
            self._identity.show(context, self._shown)
        return context

    def check(self, tls: ssl.SSLObject) -> None:
        """Raises PeerRefused."""
        chain = verified_chain(tls)
        judge(chain, self._identity.clock, self._identity.revoked())
        self.chain = chain


class BlindVisit:
    """To fetch what is then compared with a fingerprint that a person gave (RFC 7030, section 4.1.1); for nothing else.

    No certificate is shown, and no secret may be sent: nobody knows who is at the other end.
    """

    hub = ""

    def client_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def check(self, tls: ssl.SSLObject) -> None:
        """Nothing is known to check by."""
