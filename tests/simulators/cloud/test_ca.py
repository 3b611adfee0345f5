"""What the development authority signs, as OpenSSL's own program sees it."""

import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.cloud.ca import DAY_S, Authority, Dates, Issued, new_authority, open_authority
from tests.interop.peers import openssl

NOW = 1_800_000_000.0


class Judge:
    """`openssl verify` at the test's time, with the root as the only anchor."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self._folder = folder
        self._program = openssl()
        self.crl: bytes | None = None
        (folder / "root.pem").write_bytes(authority.anchors_pem)

    def verify(self, issued: Issued, purpose: str, *options: str, at: float = NOW) -> str:
        """Empty when it is good; else what OpenSSL says."""
        certificate, _ = issued.write(self._folder, "judged")
        command = [self._program, "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "judged.pem"]
        command += ["-purpose", purpose, "-attime", str(int(at)), *options]
        if self.crl is not None:
            (self._folder / "crl.pem").write_bytes(self.crl)
            command += ["-crl_check_all", "-CRLfile", "crl.pem"]
        done = subprocess.run(
            [*command, str(certificate)], cwd=self._folder, capture_output=True, text=True, timeout=20, check=False
        )
        return "" if done.returncode == 0 else done.stderr


@pytest.fixture
def authority() -> Authority:
    return new_authority(lambda: NOW)


@pytest.fixture
def judge(tmp_path: Path, authority: Authority) -> Judge:
    return Judge(tmp_path, authority)


def test_a_servers_certificate_is_good_for_its_names_and_addresses_and_no_others(
    authority: Authority, judge: Judge
) -> None:
    server = authority.server(("cloud.example", "localhost"), ("127.0.0.1", "::1"))
    for option, name in (
        ("-verify_hostname", "cloud.example"),
        ("-verify_hostname", "localhost"),
        ("-verify_ip", "127.0.0.1"),
        ("-verify_ip", "::1"),
    ):
        assert judge.verify(server, "sslserver", option, name) == ""
    assert "hostname mismatch" in judge.verify(server, "sslserver", "-verify_hostname", "evil.example")
    assert "IP address mismatch" in judge.verify(server, "sslserver", "-verify_ip", "127.0.0.2")


def test_a_hubs_certificate_names_the_hub_and_is_none_for_a_server(authority: Authority, judge: Judge) -> None:
    hub = authority.hub_with_key("hub-00000001")
    [name] = hub.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "hub-00000001"
    assert judge.verify(hub, "sslclient") == ""
    assert "unsuitable certificate purpose" in judge.verify(hub, "sslserver")


def test_a_servers_certificate_is_none_for_a_hub(authority: Authority, judge: Judge) -> None:
    assert "unsuitable certificate purpose" in judge.verify(authority.server(), "sslclient")


def test_dates_are_as_asked_for(authority: Authority, judge: Judge) -> None:
    hub = authority.hub_with_key("hub-00000001", Dates(NOW + DAY_S, NOW + 2 * DAY_S))
    assert "not yet valid" in judge.verify(hub, "sslclient")
    assert judge.verify(hub, "sslclient", at=NOW + 1.5 * DAY_S) == ""
    assert "has expired" in judge.verify(hub, "sslclient", at=NOW + 2 * DAY_S + 1)


def test_who_was_revoked_is_on_the_list_and_nobody_else(authority: Authority, judge: Judge) -> None:
    good, bad = authority.hub_with_key("hub-00000001"), authority.hub_with_key("hub-00000002")
    authority.revoke(bad.certificate.serial_number)
    judge.crl = authority.crl_pem()
    assert judge.verify(good, "sslclient") == ""
    assert "certificate revoked" in judge.verify(bad, "sslclient")
    assert judge.verify(authority.server(), "sslserver") == ""


def test_an_issuing_authority_can_be_revoked_by_the_root(authority: Authority, judge: Judge) -> None:
    server = authority.server()
    authority.revoke(authority.issuing.serial_number)
    judge.crl = authority.crl_pem()
    assert "certificate revoked" in judge.verify(server, "sslserver")


def test_another_authoritys_certificates_are_nothing_here(judge: Judge) -> None:
    assert "unable to get" in judge.verify(new_authority(lambda: NOW).server(), "sslserver")


def test_an_issuing_authority_signs_no_further_authority(authority: Authority, judge: Judge) -> None:
    leaf = authority.hub_with_key("hub-00000001")
    child = Issued(_signed_by(leaf), leaf.key, (leaf.certificate, authority.issuing))
    assert judge.verify(child, "sslclient") != ""


def _signed_by(leaf: Issued) -> x509.Certificate:
    from cryptography.hazmat.primitives import hashes

    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub-00000002")]))
        .issuer_name(leaf.certificate.subject)
        .public_key(leaf.key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.fromtimestamp(NOW - 1, UTC))
        .not_valid_after(datetime.fromtimestamp(NOW + DAY_S, UTC))
        .sign(leaf.key, hashes.SHA256())
    )


def test_an_authority_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    first = open_authority(tmp_path / "ca", lambda: NOW)
    hub = first.hub_with_key("hub-00000001")
    first.revoke(hub.certificate.serial_number)
    again = open_authority(tmp_path / "ca", lambda: NOW)
    assert again.root == first.root
    assert again.is_revoked(hub.certificate.serial_number)
    assert again.server().certificate.issuer == first.issuing.subject


def test_its_keys_are_their_owners_only(tmp_path: Path) -> None:
    open_authority(tmp_path / "ca", lambda: NOW)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "ca").glob("*.key")} == {0o600}


@pytest.mark.parametrize("name", ["root.pem", "issuing.key", "revoked.json"])
def test_a_damaged_authority_is_one_error_that_names_the_file(tmp_path: Path, name: str) -> None:
    authority = open_authority(tmp_path / "ca", lambda: NOW)
    authority.revoke(1)
    (tmp_path / "ca" / name).write_bytes(b"{nonsense")
    with pytest.raises(ValueError, match=r"is not (an authority's certificate|a list of what is revoked)"):
        open_authority(tmp_path / "ca", lambda: NOW)


def test_a_list_of_the_revoked_has_an_end_of_its_own(authority: Authority) -> None:
    first, second = authority.crl_pem(Dates(NOW - DAY_S, NOW + DAY_S)).split(b"-----END X509 CRL-----\n")[:2]
    for pem in (first, second):
        crl = x509.load_pem_x509_crl(pem + b"-----END X509 CRL-----\n")
        assert crl.next_update_utc == datetime.fromtimestamp(NOW + DAY_S, UTC)
        assert crl.public_bytes(Encoding.DER)
