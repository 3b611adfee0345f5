"""The enrolment server: who gets which certificate, and who gets none; judged with OpenSSL's own program too."""

import base64
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from simulators.cloud.ca import DAY_S, Authority, Dates, Issued, new_authority, new_key
from simulators.cloud.claims import CODES_MAX, Claims
from simulators.cloud.est import AGAIN_S, EnrolmentServer, Response
from tests.interop.peers import openssl

NOW = 1_800_000_000.0
HUB = "hub-00000001"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def maker(clock: Clock) -> Authority:
    return new_authority(clock, "maker")


@pytest.fixture
def server(clock: Clock, maker: Authority) -> EnrolmentServer:
    entropy = random.Random("est").randbytes
    return EnrolmentServer(new_authority(clock), entropy, [maker.root, maker.issuing])


def csr(key: Any, hub: str = "") -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hub)] if hub else [])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    return base64.b64encode(request.public_bytes(Encoding.DER))


def ask(
    server: EnrolmentServer,
    operation: str,
    body: bytes,
    *,
    peer: Issued | None = None,
    code: str | None = None,
    address: str = "192.0.2.1",
    kind: str = "application/pkcs10",
) -> Response:
    headers = {"Content-Type": kind}
    if code is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"claim:{code}".encode()).decode()
    shown = peer.certificate.public_bytes(Encoding.DER) if peer is not None else None
    return server.handle("POST", f"/.well-known/est/{operation}", headers, body, shown, address)


def certificate_in(response: Response) -> x509.Certificate:
    assert response.status == 200, response.body
    [certificate] = pkcs7.load_der_pkcs7_certificates(base64.b64decode(response.body))
    return certificate


def enrolled(server: EnrolmentServer, maker: Authority, device: Issued | None = None) -> Issued:
    """A hub with its operational certificate."""
    key = new_key()
    device = device or maker.hub_with_key("device-7")
    return Issued(certificate_in(ask(server, "simpleenroll", csr(key), peer=device)), key)


def test_the_authorities_certificates_are_read_by_openssl(server: EnrolmentServer, tmp_path: Path) -> None:
    response = server.handle("GET", "/.well-known/est/cacerts", {}, b"", None)
    assert response.headers["Content-Type"] == "application/pkcs7-mime; smime-type=certs-only"
    (tmp_path / "cacerts.p7").write_bytes(base64.b64decode(response.body))
    done = subprocess.run(
        [openssl(), "pkcs7", "-inform", "DER", "-in", "cacerts.p7", "-print_certs"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.count("BEGIN CERTIFICATE") == 2
    assert "CN = hubagent development root" in done.stdout


def test_a_hub_with_its_makers_certificate_gets_one_that_openssl_verifies(
    server: EnrolmentServer, maker: Authority, tmp_path: Path
) -> None:
    hub = enrolled(server, maker)
    (tmp_path / "hub.pem").write_bytes(hub.certificate_pem)
    (tmp_path / "root.pem").write_bytes(server.authority.anchors_pem)
    (tmp_path / "issuing.pem").write_bytes(server.authority.issuing.public_bytes(Encoding.PEM))
    subprocess.run(
        [
            openssl(),
            "verify",
            "-x509_strict",
            "-purpose",
            "sslclient",
            "-attime",
            str(int(NOW)),
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "hub.pem",
        ],
        cwd=tmp_path,
        capture_output=True,
        timeout=20,
        check=True,
    )
    assert hub.certificate.public_key() == hub.key.public_key()


def test_a_request_that_openssl_made_is_taken(server: EnrolmentServer, maker: Authority, tmp_path: Path) -> None:
    def run(*arguments: str) -> None:
        subprocess.run([openssl(), *arguments], cwd=tmp_path, capture_output=True, timeout=20, check=True)

    run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "hub.key")
    run("req", "-new", "-key", "hub.key", "-subj", "/CN=whatever", "-outform", "DER", "-out", "hub.csr")
    body = base64.b64encode((tmp_path / "hub.csr").read_bytes())
    assert certificate_in(ask(server, "simpleenroll", body, peer=maker.hub_with_key("device-7")))


def test_the_id_is_the_devices_serial_number_and_not_what_the_request_says(
    server: EnrolmentServer, maker: Authority, clock: Clock
) -> None:
    device = _device(maker, "SN-00012345", clock)
    certificate = certificate_in(ask(server, "simpleenroll", csr(new_key(), "somebody-else"), peer=device))
    [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "sn-00012345"


def _device(maker: Authority, serial: str, clock: Clock) -> Issued:
    from datetime import UTC, datetime

    key = new_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)]))
        .issuer_name(maker.issuing.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.fromtimestamp(clock.now - DAY_S, UTC))
        .not_valid_after(datetime.fromtimestamp(clock.now + DAY_S, UTC))
        .sign(maker._issuing.key, SHA256())
    )
    return Issued(certificate, key)


def test_a_claim_code_lets_one_hub_in_once(server: EnrolmentServer) -> None:
    code = server.new_claim(HUB)
    key = new_key()
    certificate = certificate_in(ask(server, "simpleenroll", csr(key), code=code))
    assert certificate.subject.rfc4514_string() == f"CN={HUB}"
    refused = ask(server, "simpleenroll", csr(new_key()), code=code)
    assert (refused.status, b"was used" in refused.body) == (401, True)


def test_a_code_is_taken_however_it_is_typed(server: EnrolmentServer) -> None:
    code = server.new_claim(HUB).lower().replace("-", " ")
    assert certificate_in(ask(server, "simpleenroll", csr(new_key()), code=code))


def test_a_hub_whose_answer_was_lost_gets_the_same_certificate_again(server: EnrolmentServer, clock: Clock) -> None:
    code, key = server.new_claim(HUB), new_key()
    first = certificate_in(ask(server, "simpleenroll", csr(key), code=code))
    assert certificate_in(ask(server, "simpleenroll", csr(key), code=code)) == first
    clock.now += AGAIN_S
    assert certificate_in(ask(server, "simpleenroll", csr(key), code=code)) != first


def test_an_old_code_lets_nobody_in(server: EnrolmentServer, clock: Clock) -> None:
    code = server.new_claim(HUB)
    clock.now += 24 * 3600 + 1
    assert ask(server, "simpleenroll", csr(new_key()), code=code).status == 401


def test_who_guesses_codes_has_to_wait_and_somebody_else_has_not(server: EnrolmentServer, clock: Clock) -> None:
    code = server.new_claim(HUB)
    guess = [ask(server, "simpleenroll", csr(new_key()), code=f"GUESS-{n}").status for n in range(7)]
    assert guess == [401] * 5 + [429] * 2
    waiting = ask(server, "simpleenroll", csr(new_key()), code=code)
    assert (waiting.status, int(waiting.headers["Retry-After"])) == (429, 61)
    assert ask(server, "simpleenroll", csr(new_key()), code=code, address="192.0.2.2").status == 200
    clock.now += 61
    assert ask(server, "simpleenroll", csr(new_key()), code="GUESS").status == 401


def test_guessing_from_many_addresses_meets_a_limit_too(server: EnrolmentServer) -> None:
    statuses = [
        ask(server, "simpleenroll", csr(new_key()), code="GUESS", address=f"192.0.2.{n}").status for n in range(60)
    ]
    assert statuses.count(401) == 50


def test_codes_are_kept_as_hashes_and_bounded(clock: Clock) -> None:
    claims = Claims(clock, random.Random("codes").randbytes)
    codes = [claims.new(HUB) for _ in range(CODES_MAX + 5)]
    kept = claims.kept()
    assert len(kept) == CODES_MAX
    assert len(set(codes)) == len(codes)
    assert not any(code in str(kept) for code in codes[-50:])
    assert claims.redeem(codes[0], "key", "192.0.2.1") is None


def test_a_renewal_is_for_the_same_name_and_another_key(server: EnrolmentServer, maker: Authority) -> None:
    hub = enrolled(server, maker)
    name = str(hub.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    key = new_key()
    renewed = certificate_in(ask(server, "simplereenroll", csr(key, name), peer=hub))
    assert renewed.subject == hub.certificate.subject
    assert renewed.public_key() == key.public_key()
    assert ask(server, "simplereenroll", csr(new_key(), "hub-somebody"), peer=hub).status == 400


def test_a_renewal_leaves_the_old_certificate_in_force_until_it_ends(server: EnrolmentServer, maker: Authority) -> None:
    hub = enrolled(server, maker)
    name = str(hub.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    ask(server, "simplereenroll", csr(new_key(), name), peer=hub)
    assert not server.authority.is_revoked(hub.certificate.serial_number)


def test_enrolling_anew_revokes_whatever_the_hub_had(server: EnrolmentServer, maker: Authority) -> None:
    device = maker.hub_with_key("device-7")
    hub = enrolled(server, maker, device)
    name = str(hub.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    renewed = certificate_in(ask(server, "simplereenroll", csr(new_key(), name), peer=hub))
    enrolled(server, maker, device)
    assert server.authority.is_revoked(hub.certificate.serial_number)
    assert server.authority.is_revoked(renewed.serial_number)
    refused = ask(server, "simplereenroll", csr(new_key(), name), peer=hub)
    assert (refused.status, b"revoked" in refused.body) == (403, True)


def test_a_hub_that_is_revoked_renews_no_more_at_once(server: EnrolmentServer, maker: Authority) -> None:
    hub = enrolled(server, maker)
    name = str(hub.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    assert server.revoke(name)
    assert ask(server, "simplereenroll", csr(new_key(), name), peer=hub).status == 403


@pytest.mark.parametrize(
    ("peer", "status", "why"),
    [
        ("nobody", 401, b"who asks?"),
        ("stranger", 403, b"of no manufacturer"),
        ("expired", 403, b"has expired"),
        ("early", 403, b"not valid yet"),
        ("operational", 403, b"of no manufacturer"),
    ],
)
def test_who_is_nobody_gets_no_certificate(
    server: EnrolmentServer, maker: Authority, clock: Clock, peer: str, status: int, why: bytes
) -> None:
    shown = {
        "nobody": None,
        "stranger": new_authority(clock).hub_with_key("device-7"),
        "expired": maker.hub_with_key("device-7", Dates(NOW - 2 * DAY_S, NOW - DAY_S)),
        "early": maker.hub_with_key("device-7", Dates(NOW + DAY_S, NOW + 2 * DAY_S)),
        "operational": enrolled(server, maker),
    }[peer]
    refused = ask(server, "simpleenroll", csr(new_key()), peer=shown)
    assert refused.status == status
    assert why in refused.body


def test_a_makers_certificate_renews_nothing(server: EnrolmentServer, maker: Authority) -> None:
    assert ask(server, "simplereenroll", csr(new_key()), peer=maker.hub_with_key("device-7")).status == 403


def _forged() -> bytes:
    """A request that somebody else's key signed."""
    request = bytearray(base64.b64decode(csr(new_key())))
    request[-1] ^= 1
    return base64.b64encode(bytes(request))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"!!!", "application/pkcs10", 400),
        (b"", "application/pkcs10", 400),
        (b"AAAA" * 5000, "application/pkcs10", 413),
        (csr(new_key()), "text/plain", 415),
        (csr(ec.generate_private_key(ec.SECP384R1())), "application/pkcs10", 400),
        (csr(rsa.generate_private_key(65537, 2048)), "application/pkcs10", 400),
        (_forged(), "application/pkcs10", 400),
    ],
)
def test_what_is_no_request_is_refused(
    server: EnrolmentServer, maker: Authority, body: bytes, kind: str, status: int
) -> None:
    assert ask(server, "simpleenroll", body, peer=maker.hub_with_key("device-7"), kind=kind).status == status


@given(body=st.binary(max_size=300), authorization=st.text(max_size=40), method=st.sampled_from(["GET", "POST", "X"]))
def test_nonsense_is_answered_and_raises_nothing(body: bytes, authorization: str, method: str) -> None:
    server = EnrolmentServer(_ANY, random.Random("any").randbytes)
    for path in ("/.well-known/est/simpleenroll", "/.well-known/est/simplereenroll", "/crl", "/x", ""):
        headers = {"content-type": "application/pkcs10", "AUTHORIZATION": authorization}
        assert server.handle(method, path, headers, base64.b64encode(body), None).status in (200, 400, 401, 404, 405)


_ANY = new_authority(lambda: NOW)


def test_a_hub_may_have_to_come_back_for_its_certificate(
    server: EnrolmentServer, maker: Authority, clock: Clock
) -> None:
    server.wait_s = 20.0
    device, key = maker.hub_with_key("device-7"), new_key()
    waiting = ask(server, "simpleenroll", csr(key), peer=device)
    assert (waiting.status, waiting.headers["Retry-After"]) == (202, "20")
    clock.now += 20
    assert certificate_in(ask(server, "simpleenroll", csr(key), peer=device))


def test_what_was_given_and_claimed_outlives_a_restart(clock: Clock, tmp_path: Path) -> None:
    authority, entropy = new_authority(clock), random.Random("kept").randbytes
    first = EnrolmentServer(authority, entropy, kept=tmp_path / "est.json")
    used, unused = first.new_claim(HUB), first.new_claim("hub-00000002")
    certificate = certificate_in(ask(first, "simpleenroll", csr(new_key()), code=used))
    again = EnrolmentServer(authority, entropy, kept=tmp_path / "est.json")
    assert ask(again, "simpleenroll", csr(new_key()), code=used).status == 401
    assert ask(again, "simpleenroll", csr(new_key()), code=unused).status == 200
    assert again.revoke(HUB)
    assert authority.is_revoked(certificate.serial_number)


def test_the_list_of_the_revoked_is_for_everybody(server: EnrolmentServer) -> None:
    response = server.handle("GET", "/crl", {}, b"", None)
    assert response.status == 200
    assert response.body.count(b"BEGIN X509 CRL") == 2


def test_no_id_but_a_hubs_can_be_claimed(server: EnrolmentServer) -> None:
    with pytest.raises(ValueError, match="is no hub's id"):
        server.new_claim("../../etc")
