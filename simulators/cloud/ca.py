"""The development cloud's certification authority: a root, an issuing authority below it, and what they sign.

Whoever may ask for what is not decided here (`est` does). It takes names and dates from its caller, never from a
request: of a CSR only the public key counts. RFC 5280; its keys are for tests and lie in a folder in the clear.
"""

import ipaddress
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.kept_file import kept_well, read_kept, write_kept

DAY_S: Final = 86_400.0
ROOT_LIFE_S: Final = 20 * 365 * DAY_S
ISSUING_LIFE_S: Final = 5 * 365 * DAY_S
SERVER_LIFE_S: Final = 90 * DAY_S
HUB_LIFE_S: Final = 90 * DAY_S
CRL_LIFE_S: Final = 7 * DAY_S
BACKDATED_S: Final = 300.0
"""A certificate is valid from a little before it was made: other clocks are not ours."""

PublicKey = ec.EllipticCurvePublicKey
PrivateKey = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Dates:
    """From when to when a certificate is valid, in Unix seconds."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with the key that was made for it, and what leads from it to the root."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()
    """Those between it and the root, nearest first."""

    @property
    def certificate_pem(self) -> bytes:
        """As a TLS library wants it: itself, and what leads to the root."""
        return pem_of((self.certificate, *self.chain))

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Into NAME.pem and NAME.key; the two paths."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.certificate_pem)
        write_private(key, self.key_pem)
        return certificate, key


class Authority:
    """Root and issuing authority. Made by `new_authority` or `open_authority`."""

    def __init__(self, clock: Callable[[], float], root: Issued, issuing: Issued, kept: Path | None = None) -> None:
        self._clock = clock
        self._root = root
        self._issuing = issuing
        self._kept = kept
        self._revoked: dict[int, float] = {}
        self.on_revoked: Callable[[], None] = lambda: None
        """Called when a certificate counts no more: who checks them needs the new lists."""

    @property
    def root(self) -> x509.Certificate:
        return self._root.certificate

    @property
    def issuing(self) -> x509.Certificate:
        return self._issuing.certificate

    @property
    def anchors_pem(self) -> bytes:
        """What others trust: the root alone."""
        return pem_of((self.root,))

    def now(self) -> float:
        return self._clock()

    def dates(self, life_s: float) -> Dates:
        """From now on, for so long."""
        now = self._clock()
        return Dates(now - BACKDATED_S, now + life_s)

    def server(
        self,
        names: Sequence[str] = ("localhost",),
        addresses: Sequence[str] = ("127.0.0.1",),
        dates: Dates | None = None,
    ) -> Issued:
        """A certificate for a server that is reached by any of these names and addresses."""
        key = new_key()
        subjects: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        subjects += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        certificate = self._sign_leaf(
            _name((names or addresses)[0]),
            key.public_key(),
            dates or self.dates(SERVER_LIFE_S),
            ExtendedKeyUsageOID.SERVER_AUTH,
            x509.SubjectAlternativeName(subjects),
        )
        return Issued(certificate, key, (self.issuing,))

    def hub(self, hub: str, public_key: PublicKey, dates: Dates | None = None) -> x509.Certificate:
        """The operational certificate of a hub: its CN is the hub's id."""
        dates = dates or self.dates(HUB_LIFE_S)
        return self._sign_leaf(_name(hub), public_key, dates, ExtendedKeyUsageOID.CLIENT_AUTH)

    def hub_with_key(self, hub: str, dates: Dates | None = None) -> Issued:
        """The same with a key made here: for tests, never for a real hub."""
        key = new_key()
        return Issued(self.hub(hub, key.public_key(), dates), key, (self.issuing,))

    def revoke(self, serial: int) -> None:
        """From now on; a second time changes nothing."""
        self._revoked.setdefault(serial, self._clock())
        if self._kept is not None:
            write_kept(self._kept, {str(number): at for number, at in self._revoked.items()}, synced=True)
        self.on_revoked()

    def is_revoked(self, serial: int) -> bool:
        return serial in self._revoked

    def crl_pem(self, dates: Dates | None = None) -> bytes:
        """The revocation lists, one of each authority: who checks a leaf needs its issuer's, mosquitto too."""
        dates = dates or self.dates(CRL_LIFE_S)
        return b"".join(self._crl(signer, dates).public_bytes(Encoding.PEM) for signer in (self._issuing, self._root))

    def restore_revoked(self, revoked: dict[int, float]) -> None:
        self._revoked = dict(revoked)

    def _crl(self, signer: Issued, dates: Dates) -> x509.CertificateRevocationList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(signer.certificate.subject)
            .last_update(_moment(dates.begin))
            .next_update(_moment(dates.end))
            .add_extension(_authority_key(signer.certificate), critical=False)
            .add_extension(x509.CRLNumber(int(self._clock() * 1000)), critical=False)
        )
        for serial, at in sorted(self._revoked.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_moment(at)).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(signer.key, hashes.SHA256())

    def _sign_leaf(
        self,
        subject: x509.Name,
        public_key: PublicKey,
        dates: Dates,
        usage: x509.ObjectIdentifier,
        *extensions: x509.ExtensionType,
    ) -> x509.Certificate:
        builder = _builder(subject, self.issuing.subject, public_key, dates)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(signs_data=True), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        builder = builder.add_extension(_authority_key(self.issuing), critical=False)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self._issuing.key, hashes.SHA256())


def new_authority(
    clock: Callable[[], float], name: str = "hubagent development", root_dates: Dates | None = None
) -> Authority:
    """A new root and a new issuing authority, in memory."""
    now = clock()
    root = _make_root(f"{name} root", root_dates or Dates(now - BACKDATED_S, now + ROOT_LIFE_S))
    return Authority(clock, root, make_issuing(f"{name} issuing", root, Dates(now - BACKDATED_S, now + ISSUING_LIFE_S)))


def open_authority(folder: Path, clock: Callable[[], float], name: str = "hubagent development") -> Authority:
    """The authority that is kept in `folder`, made where there is none. Raises ValueError for a damaged one."""
    kept = folder / "revoked.json"
    if not (folder / "issuing.pem").exists():
        made = new_authority(clock, name)
        made._root.write(folder, "root")
        made._issuing.write(folder, "issuing")
    authority = Authority(clock, _read_issued(folder, "root"), _read_issued(folder, "issuing"), kept)
    if kept.exists():
        authority.restore_revoked(read_kept(kept, "a list of what is revoked", _read_revoked))
    return authority


def new_key() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def write_private(path: Path, content: bytes) -> None:
    """Readable by its owner only from the first moment."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def server_context(
    certificate: Path, key: Path, anchors: bytes, crl: bytes | None = None, *, required: bool = True
) -> ssl.SSLContext:
    """What a server of the cloud speaks: TLS 1.3 only, with hubs that show a certificate of ours which is not revoked.

    `required` False is for enrolment, where a hub may have none yet.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=anchors.decode("ascii"))
    if crl is not None:
        revocations = certificate.with_name(f"{certificate.stem}.crl")
        revocations.write_bytes(crl)
        context.load_verify_locations(cafile=str(revocations))
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
    return context


def _make_root(name: str, dates: Dates) -> Issued:
    key = new_key()
    builder = _builder(_name(name), _name(name), key.public_key(), dates)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_key_usage(signs_data=False), critical=True)
    return Issued(builder.sign(key, hashes.SHA256()), key)


def make_issuing(name: str, root: Issued, dates: Dates) -> Issued:
    key = new_key()
    builder = _builder(_name(name), root.certificate.subject, key.public_key(), dates)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(signs_data=False), critical=True)
    builder = builder.add_extension(_authority_key(root.certificate), critical=False)
    return Issued(builder.sign(root.key, hashes.SHA256()), key)


def _builder(subject: x509.Name, issuer: x509.Name, public_key: PublicKey, dates: Dates) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(dates.begin))
        .not_valid_after(_moment(dates.end))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, signs_data: bool) -> x509.KeyUsage:
    """A leaf signs handshakes; an authority signs certificates and revocation lists."""
    return x509.KeyUsage(
        digital_signature=signs_data,
        key_cert_sign=not signs_data,
        crl_sign=not signs_data,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(signer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _moment(unix: float) -> datetime:
    return datetime.fromtimestamp(int(unix), UTC)


def _read_issued(folder: Path, name: str) -> Issued:
    path = folder / f"{name}.pem"
    with kept_well(path, "an authority's certificate"):
        certificate, *chain = x509.load_pem_x509_certificates(path.read_bytes())
        key = load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
        assert isinstance(key, PrivateKey)
        return Issued(certificate, key, tuple(chain))


def _read_revoked(document: object) -> dict[int, float]:
    if not isinstance(document, dict):
        raise TypeError("no table")
    return {int(serial): float(at) for serial, at in document.items()}
