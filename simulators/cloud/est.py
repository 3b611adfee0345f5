"""The development cloud's enrolment server: EST (RFC 7030), without the HTTP server that carries it.

Whoever serves it does TLS 1.3 with `trusted_pem` as what clients' certificates are verified against, asks for one and
does not insist, and hands the certificate over that was verified. Who may have which certificate is decided here; `ca`
makes it. RFC 7030, section 3.5 (binding a request to its TLS connection) is left out: TLS 1.3 has no tls-unique.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from cryptography.x509.oid import NameOID

from hubagent.uplink.message.fields import HUB_ID
from simulators.cloud.ca import HUB_LIFE_S, Authority, pem_of
from simulators.cloud.claims import Claims, TooManyTries
from simulators.kept_file import read_kept, write_kept

PREFIX: Final = "/.well-known/est/"
CRL_PATH: Final = "/crl"
REQUEST_MAX: Final = 16 * 1024
"""Bytes of a CSR as it is sent."""
CLAIM_USER: Final = "claim"
"""The name beside a claim code in HTTP Basic authentication."""
AGAIN_S: Final = 3600.0
"""So long the same key gets the same certificate again."""
_CERTIFICATES: Final = "application/pkcs7-mime; smime-type=certs-only"


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class _Refused(Exception):
    """The answer to a request that gets nothing."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.response = Response(status, f"{why}\n".encode(), {"Content-Type": "text/plain", **(headers or {})})


@dataclass(frozen=True, slots=True)
class _Who:
    """Who asks: as what the server knows them."""

    hub: str
    anew: bool
    """With its manufacturer's certificate or a claim: whatever the hub had before ends."""


@dataclass(slots=True)
class _Given:
    """What a hub was given."""

    key: str
    """The fingerprint of the latest certificate's key."""
    certificate: str
    """The latest, in PEM form."""
    serials: dict[str, float]
    """Of all certificates that may still be valid, and when they end."""


class EnrolmentServer:
    """`manufacturers` are the roots of those whose hubs are let in without a claim."""

    def __init__(
        self,
        authority: Authority,
        entropy: Callable[[int], bytes],
        manufacturers: Sequence[x509.Certificate] = (),
        kept: Path | None = None,
    ) -> None:
        self.authority = authority
        self.claims = Claims(authority.now, entropy)
        self.hub_life_s = HUB_LIFE_S
        self.wait_s = 0.0
        """So long a hub has to come back for its certificate (202), as where a person looks at each."""
        self.anchors: list[x509.Certificate] = [authority.root]
        """What `cacerts` tells hubs to trust; more than one while authorities change."""
        self._manufacturers = tuple(manufacturers)
        self._kept = kept
        self._given: dict[str, _Given] = {}
        self._waiting: dict[str, float] = {}
        if kept is not None and kept.exists():
            read_kept(kept, "the state of an enrolment server", self._restore)

    @property
    def trusted_pem(self) -> bytes:
        """What the TLS server verifies clients' certificates against."""
        return pem_of((*self.anchors, *self._manufacturers))

    def new_claim(self, hub: str) -> str:
        """A code with which one hub becomes `hub`."""
        if not HUB_ID.fullmatch(hub):
            raise ValueError(f"{hub!r} is no hub's id: 8 to 64 of a-z 0-9 -, and - at neither end")
        code = self.claims.new(hub)
        self._keep()
        return code

    def revoke(self, hub: str) -> bool:
        """Whatever certificates the hub has count no more; whether it had any."""
        given = self._given.pop(hub, None)
        if given is not None:
            for serial in given.serials:
                self.authority.revoke(int(serial))
            self._keep()
        return given is not None

    def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        peer_certificate: bytes | None,
        peer_address: str = "",
    ) -> Response:
        """One request. `peer_certificate` is what TLS verified, in DER form; `headers` in any case."""
        try:
            return self._answer(
                method, path, {name.lower(): it for name, it in headers.items()}, body, peer_certificate, peer_address
            )
        except _Refused as refused:
            return refused.response

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, certificate: bytes | None, address: str
    ) -> Response:
        if path == CRL_PATH and method == "GET":
            return Response(200, self.authority.crl_pem(), {"Content-Type": "application/x-pem-file"})
        operation = path.removeprefix(PREFIX) if path.startswith(PREFIX) else ""
        if operation == "cacerts" and method == "GET":
            return _certificates([*self.anchors, self.authority.issuing])
        if operation == "csrattrs" and method == "GET":
            # Section 4.5.2: nothing special is wanted.
            return Response(204)
        if operation not in ("simpleenroll", "simplereenroll"):
            raise _Refused(404, "there is nothing here")
        if method != "POST":
            raise _Refused(405, "certificates are asked for by POST", {"Allow": "POST"})
        request, peer = _read_request(headers, body), _load(certificate)
        if operation == "simplereenroll":
            return self._issue(self._renewing(peer, request), request)
        return self._issue(self._enrolling(peer, request, headers, address), request)

    def _enrolling(
        self,
        peer: x509.Certificate | None,
        request: x509.CertificateSigningRequest,
        headers: Mapping[str, str],
        address: str,
    ) -> _Who:
        """Section 3.3.2: the manufacturer's certificate; 3.2.3: or a claim code as a password."""
        if (authorization := headers.get("authorization")) is not None:
            return self._claiming(authorization, request, address)
        if peer is None:
            raise _Refused(
                401,
                "who asks? show the manufacturer's certificate, or a claim code",
                {"WWW-Authenticate": 'Basic realm="claim"'},
            )
        if not any(_signed_by(peer, root) for root in self._manufacturers):
            raise _Refused(403, "this certificate is of no manufacturer whose hubs are let in here")
        self._refuse_dates(peer, "the manufacturer's certificate")
        return _Who(_hub_of_device(peer), anew=True)

    def _claiming(self, authorization: str, request: x509.CertificateSigningRequest, address: str) -> _Who:
        try:
            hub = self.claims.redeem(_password(authorization), _key_of(request), address)
        except TooManyTries as error:
            raise _Refused(429, str(error), {"Retry-After": f"{error.wait_s + 1:.0f}"}) from error
        if hub is None:
            raise _Refused(
                401, "this claim code is wrong, too old, or was used", {"WWW-Authenticate": 'Basic realm="claim"'}
            )
        self._keep()
        return _Who(hub, anew=True)

    def _renewing(self, peer: x509.Certificate | None, request: x509.CertificateSigningRequest) -> _Who:
        """Section 4.2.2: with the certificate that is to be renewed, for the same name."""
        if peer is None:
            raise _Refused(401, "who asks? show the certificate that is to be renewed")
        if not _signed_by(peer, self.authority.issuing):
            raise _Refused(403, "this certificate was not issued here; enrol instead")
        if self.authority.is_revoked(peer.serial_number):
            raise _Refused(403, "this certificate was revoked; enrol anew")
        self._refuse_dates(peer, "this certificate")
        if request.subject != peer.subject:
            raise _Refused(400, "a renewal is for the same name as before")
        return _Who(_common_name(peer.subject), anew=False)

    def _refuse_dates(self, peer: x509.Certificate, which: str) -> None:
        now = self.authority.now()
        if peer.not_valid_after_utc.timestamp() < now:
            raise _Refused(403, f"{which} has expired")
        if peer.not_valid_before_utc.timestamp() > now:
            raise _Refused(403, f"{which} is not valid yet")

    def _issue(self, who: _Who, request: x509.CertificateSigningRequest) -> Response:
        key, given = _key_of(request), self._given.get(who.hub)
        if given is not None and given.key == key and (latest := self._lately(given)) is not None:
            # The answer was lost: the same again, however often.
            return _certificates([latest])
        if (wait_s := self._wait(key)) > 0:
            raise _Refused(202, "somebody looks at this first", {"Retry-After": f"{wait_s:.0f}"})
        if who.anew:
            self.revoke(who.hub)
        public_key = request.public_key()
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        certificate = self.authority.hub(who.hub, public_key, self.authority.dates(self.hub_life_s))
        self._note(who.hub, key, certificate)
        return _certificates([certificate])

    def _lately(self, given: _Given) -> x509.Certificate | None:
        """The hub's latest certificate, where it was made just now."""
        latest = x509.load_pem_x509_certificate(given.certificate.encode())
        return latest if self.authority.now() - latest.not_valid_before_utc.timestamp() < AGAIN_S else None

    def _note(self, hub: str, key: str, certificate: x509.Certificate) -> None:
        given, now = self._given.get(hub), self.authority.now()
        serials = {serial: end for serial, end in (given.serials.items() if given else ()) if end >= now}
        serials[str(certificate.serial_number)] = certificate.not_valid_after_utc.timestamp()
        self._given[hub] = _Given(key, certificate.public_bytes(Encoding.PEM).decode(), serials)
        self._keep()

    def _wait(self, key: str) -> float:
        if not self.wait_s:
            return 0.0
        now = self.authority.now()
        return self._waiting.setdefault(key, now + self.wait_s) - now

    def _keep(self) -> None:
        if self._kept is not None:
            given = {hub: asdict(it) for hub, it in self._given.items()}
            write_kept(self._kept, {"claims": self.claims.kept(), "given": given}, synced=True)

    def _restore(self, document: Any) -> None:
        self.claims.restore(document["claims"])
        self._given = {hub: _Given(**it) for hub, it in document["given"].items()}


def _read_request(headers: Mapping[str, str], body: bytes) -> x509.CertificateSigningRequest:
    """Section 4.2.1: a CSR in DER, in base64."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/pkcs10":
        raise _Refused(415, "a request for a certificate is application/pkcs10")
    if len(body) > REQUEST_MAX:
        raise _Refused(413, f"a request has at most {REQUEST_MAX} bytes")
    try:
        request = x509.load_der_x509_csr(base64.b64decode(b"".join(body.split()), validate=True))
        sound = request.is_signature_valid
        key = request.public_key()
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm) as error:
        raise _Refused(400, "this is no request for a certificate (PKCS #10 in base64)") from error
    if not sound:
        raise _Refused(400, "the request is not signed by the key that it is for")
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _Refused(400, "hubs have EC P-256 keys")
    return request


def _certificates(certificates: Sequence[x509.Certificate]) -> Response:
    """A certs-only PKCS #7, in base64 (sections 4.1.3 and 4.2.3)."""
    body = base64.encodebytes(pkcs7.serialize_certificates(list(certificates), Encoding.DER))
    return Response(200, body, {"Content-Type": _CERTIFICATES, "Content-Transfer-Encoding": "base64"})


def _load(peer: bytes | None) -> x509.Certificate | None:
    try:
        return None if peer is None else x509.load_der_x509_certificate(peer)
    except ValueError as error:
        raise _Refused(400, "the client's certificate cannot be read") from error


def _password(authorization: str) -> str:
    """Of HTTP Basic (RFC 7617); of whom does not matter."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError as error:
        raise _Refused(400, "a claim code comes by HTTP Basic") from error
    if scheme.lower() != "basic":
        raise _Refused(400, "a claim code comes by HTTP Basic")
    return decoded.partition(":")[2]


def _hub_of_device(device: x509.Certificate) -> str:
    """Its serial number (IEEE 802.1AR names a device so) where that can be an id; else its key's fingerprint."""
    for attribute in device.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER):
        if HUB_ID.fullmatch(str(attribute.value).lower()):
            return str(attribute.value).lower()
    key = device.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"hub-{hashlib.sha256(key).hexdigest()[:24]}"


def _key_of(request: x509.CertificateSigningRequest) -> str:
    key = request.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def _common_name(name: x509.Name) -> str:
    return str(name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
