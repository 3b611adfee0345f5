"""The hub's side of EST (RFC 7030): how certificates are asked for, and what each answer means in plain words.

CSRs go out as PKCS #10, certificates come as certs-only PKCS #7, both in base64.
"""

import base64
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from hubagent.identity.certificate import UNREADABLE, bounded
from hubagent.identity.https import Answer, Ask, Request
from hubagent.identity.revocation import BadCrl, read_lists
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials
from hubagent.uplink.transports.port import ConnectFailed, Trouble

PREFIX: Final = "/.well-known/est/"
CRL_PATH: Final = "/crl"
CLAIM_USER: Final = "claim"
RETRY_DEFAULT_S: Final = 60.0
RETRY_MAX_S: Final = 24 * 3600.0
_SAID_MAX: Final = 200
"""Letters of a server's words that are shown."""


class EnrolmentFailed(Exception):
    """There is no certificate: the text says what happened, where, and what to do."""

    def __init__(self, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s
        """Not before, where the server said so."""


class CloudUnreachable(EnrolmentFailed):
    """It could not be asked, or could not answer: it may pass."""


class CloudNotTrusted(EnrolmentFailed):
    """Who answered is not whom the hub trusts."""


class NotAuthorised(EnrolmentFailed):
    """The cloud does not give this hub a certificate."""


class TryLater(EnrolmentFailed):
    """The cloud wants to be asked again: a person looks at it first, or it has too much to do."""


@dataclass(frozen=True, slots=True)
class EstServer:
    """Where it is, and how it is asked."""

    address: Address
    ask: Ask

    @property
    def url(self) -> str:
        return f"https://{self.address}"

    async def authorities(self, credentials: Credentials) -> list[x509.Certificate]:
        """`cacerts` (section 4.1): roots, and what lies between them and a hub. Raises EnrolmentFailed."""
        answer = await self._asked(credentials, Request("GET", f"{PREFIX}cacerts"))
        return self._certificates(answer, "the list of authorities")

    async def certificate(
        self, credentials: Credentials, request: x509.CertificateSigningRequest, *, renew: bool, claim: str | None
    ) -> x509.Certificate:
        """`simpleenroll` or `simplereenroll` (section 4.2). Raises EnrolmentFailed."""
        headers = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"}
        if claim is not None:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{CLAIM_USER}:{claim}".encode()).decode()
        body = base64.encodebytes(request.public_bytes(Encoding.DER))
        path = f"{PREFIX}{'simplereenroll' if renew else 'simpleenroll'}"
        answer = await self._asked(credentials, Request("POST", path, headers, body))
        certificates = self._certificates(answer, "a certificate")
        if len(certificates) != 1:
            raise EnrolmentFailed(f"{self.url} sent {len(certificates)} certificates in place of one")
        return certificates[0]

    async def revoked(self, credentials: Credentials) -> list[x509.CertificateRevocationList]:
        """The lists of what is revoked, of all its authorities. Raises EnrolmentFailed."""
        answer = await self._asked(credentials, Request("GET", CRL_PATH))
        try:
            return read_lists(answer.body)
        except BadCrl as error:
            raise EnrolmentFailed(f"{self.url}{CRL_PATH}: {error}") from error

    async def _asked(self, credentials: Credentials, request: Request) -> Answer:
        try:
            answer = await self.ask(self.address, credentials, request)
        except ConnectFailed as error:
            raise _trouble(error) from error
        if answer.status == 200:
            return answer
        raise self._refusal(answer, request)

    def _refusal(self, answer: Answer, request: Request) -> EnrolmentFailed:
        said = _said(answer)
        where = f"{self.url}{request.path} answered {answer.status}{f': {said}' if said else ''}"
        if answer.status == 202:
            wait_s = _retry_after(answer.headers) or RETRY_DEFAULT_S
            return TryLater(
                f"{self.url} wants to be asked again in {wait_s:.0f} s{f': {said}' if said else ''}", wait_s
            )
        if answer.status in (429, 503):
            return TryLater(f"{where}; try again later", _retry_after(answer.headers) or RETRY_DEFAULT_S)
        if answer.status in (401, 403):
            return NotAuthorised(
                f"{where}; get a claim code from the cloud's page, and use it: hubagent provision --cloud {self.url} "
                "--claim CODE"
            )
        if 300 <= answer.status < 400:
            return EnrolmentFailed(f"{where}: it sends the hub elsewhere, and the hub does not go; name that server")
        if answer.status == 404:
            return EnrolmentFailed(f"{where}: there is no enrolment server (EST); see whether host and port are right")
        if answer.status >= 500:
            return CloudUnreachable(f"{where}; it has trouble of its own, try again later")
        return EnrolmentFailed(where)

    def _certificates(self, answer: Answer, what: str) -> list[x509.Certificate]:
        try:
            der = base64.b64decode(b"".join(answer.body.split()), validate=True)
            certificates = bounded(_from_pkcs7(der))
        except UNREADABLE as error:
            raise EnrolmentFailed(
                f"{self.url} should have sent {what} (certs-only PKCS #7 in base64), and sent something else: "
                f"{str(error)[:_SAID_MAX]}"
            ) from error
        if not certificates:
            raise EnrolmentFailed(f"{self.url} should have sent {what}, and sent none")
        return certificates


def _from_pkcs7(content: bytes) -> list[x509.Certificate]:
    """Servers may write BER, of which DER is a part (RFC 5652, section 5): the library takes it, and need not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return pkcs7.load_der_pkcs7_certificates(content)


_TROUBLES: Final = {
    Trouble.CERTIFICATE: CloudNotTrusted,
    Trouble.PORTAL: CloudNotTrusted,
    Trouble.IDENTITY: NotAuthorised,
    Trouble.PROTOCOL: EnrolmentFailed,
}


def _trouble(error: ConnectFailed) -> EnrolmentFailed:
    kind = _TROUBLES.get(error.lost.trouble, CloudUnreachable)
    return kind(error.lost.detail, error.lost.retry_after_s)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """In seconds; a date is not looked at, because it would be by whose clock?"""
    value = headers.get("retry-after", "").strip()
    return min(float(value), RETRY_MAX_S) if value.isascii() and value.isdecimal() else None


def _said(answer: Answer) -> str:
    """A server's own words, where they are meant for people; printable, on one line, not too long."""
    if not answer.headers.get("content-type", "").lower().startswith("text/plain"):
        return ""
    text = " ".join(answer.body[: 4 * _SAID_MAX].decode("utf-8", "replace").split())
    return "".join(letter for letter in text if letter.isprintable())[:_SAID_MAX]
