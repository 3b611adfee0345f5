"""A certificate authority for tests, quick and without care: P-256, a day's validity, revocations in one list."""

import datetime
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hubagent.uplink.transports.dial import PeerRefused

DAY = datetime.timedelta(days=1)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, as files."""

    certificate: Path
    key: Path
    value: x509.Certificate


class Authority:
    """One CA in `folder`; its certificate is `anchor`, its list of revoked ones `crl`."""

    def __init__(self, folder: Path, name: str = "Test CA") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._revoked: list[x509.RevokedCertificate] = []
        self._count = 0
        now = _now()
        value = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 365 * DAY)
            .not_valid_after(now + 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.anchor = folder / "anchor.pem"
        self.anchor.write_bytes(value.public_bytes(serialization.Encoding.PEM))
        self.crl = folder / "crl.pem"
        self._write_crl()

    def server(self, *names: str, since: datetime.timedelta = -DAY, until: datetime.timedelta = DAY) -> Issued:
        """For a server of these names and addresses; those of loopback where none is given."""
        alternatives = [_alternative(name) for name in names or LOOPBACK]
        return self._issue((names or LOOPBACK)[0], alternatives, ExtendedKeyUsageOID.SERVER_AUTH, since, until)

    def client(self, name: str, *, since: datetime.timedelta = -DAY, until: datetime.timedelta = DAY) -> Issued:
        return self._issue(name, [], ExtendedKeyUsageOID.CLIENT_AUTH, since, until)

    def revoke(self, issued: Issued) -> None:
        """The list on disk has it when this returns; whoever read the list before does not."""
        now = _now()
        entry = x509.RevokedCertificateBuilder().serial_number(issued.value.serial_number).revocation_date(now - DAY)
        self._revoked.append(entry.build())
        self._write_crl()

    def _issue(
        self,
        name: str,
        alternatives: list[x509.GeneralName],
        purpose: x509.ObjectIdentifier,
        since: datetime.timedelta,
        until: datetime.timedelta,
    ) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        now = _now()
        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + since)
            .not_valid_after(now + until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        value = builder.sign(self._key, hashes.SHA256())
        self._count += 1
        issued = Issued(self._folder / f"{self._count}.pem", self._folder / f"{self._count}.key", value)
        issued.certificate.write_bytes(value.public_bytes(serialization.Encoding.PEM))
        issued.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return issued

    def _write_crl(self) -> None:
        now = _now()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(now - 2 * DAY)
            .next_update(now + 365 * DAY)
        )
        for entry in self._revoked:
            builder = builder.add_revoked_certificate(entry)
        self.crl.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


class FileCredentials:
    """A hub's identity from files, as `dial` wants it."""

    def __init__(self, hub: str, issued: Issued | None, anchor: Path, crl: Path | None = None) -> None:
        self.hub = hub
        self.refuse: str | None = None
        """Set: `check` refuses the other side for it."""
        self._issued = issued
        self._anchor = anchor
        self._crl = crl

    def client_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(self._anchor)
        if self._crl is not None:
            context.load_verify_locations(self._crl)
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        if self._issued is not None:
            context.load_cert_chain(self._issued.certificate, self._issued.key)
        return context

    def check(self, tls: ssl.SSLObject) -> None:
        assert tls.version() == "TLSv1.3"
        if self.refuse is not None:
            raise PeerRefused(self.refuse)


def server_context(authority: Authority, issued: Issued, *, client_needed: bool = True) -> ssl.SSLContext:
    """For a server in a test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(issued.certificate, issued.key)
    context.load_verify_locations(authority.anchor)
    context.load_verify_locations(authority.crl)
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    context.verify_mode = ssl.CERT_REQUIRED if client_needed else ssl.CERT_NONE
    return context


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - OpenSSL looks at the real clock


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
