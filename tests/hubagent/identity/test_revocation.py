"""Lists of revoked certificates: which are taken, and what they do."""

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from hubagent.identity.revocation import LISTS_MAX, BadCrl, Revoked, newest, pem_of_lists, read_lists
from simulators.cloud.ca import DAY_S, Authority, Dates, new_authority
from tests.helpers.bad_certificates import damaged, der_of, pem, with_a_name_in_no_letters
from tests.helpers.connects import connects
from tests.hubagent.identity.a_hub import NOW, AHub

AUTHORITY = new_authority(lambda: NOW)


def lists(authority: Authority, at: float = NOW) -> list[x509.CertificateRevocationList]:
    return read_lists(authority.crl_pem(Dates(at, at + DAY_S)))


def test_who_is_revoked_is_known_by_issuer_and_serial_number() -> None:
    authority, other = new_authority(lambda: NOW), new_authority(lambda: NOW)
    bad, good = authority.server().certificate, authority.server().certificate
    authority.revoke(bad.serial_number)
    revoked = Revoked(lists(authority))
    assert revoked.since(bad, authority.issuing) == NOW
    assert revoked.since(good, authority.issuing) is None
    assert Revoked(lists(other)).since(bad, authority.issuing) is None


def test_a_list_of_the_same_name_that_the_authority_did_not_sign_says_nothing() -> None:
    authority, forger = new_authority(lambda: NOW), new_authority(lambda: NOW)
    good = authority.server().certificate
    forger.revoke(good.serial_number)
    assert Revoked(lists(forger)).since(good, authority.issuing) is None
    ours = lists(authority)
    assert newest(ours, lists(forger, NOW + 5), [authority.root, authority.issuing]) == ours


def test_the_later_list_of_an_authority_counts_and_an_older_one_does_not_come_back() -> None:
    authority = new_authority(lambda: NOW)
    serial = authority.server().certificate.serial_number
    before = lists(authority)
    authority.revoke(serial)
    after = lists(authority, NOW + 1)
    authorities = [authority.root, authority.issuing]
    kept = newest(before, after, authorities)
    assert all(one.get_revoked_certificate_by_serial_number(serial) for one in kept)
    assert newest(kept, before, authorities) == kept


def test_the_list_of_another_authority_is_kept_beside() -> None:
    other = new_authority(lambda: NOW, "other")
    kept = newest(lists(AUTHORITY), lists(other), [other.root, other.issuing])
    assert len(kept) == 4


def test_what_is_kept_can_be_read_again_however_long_the_lists_have_become(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a second authority's lists would make the hub forget all of them."""
    other = new_authority(lambda: NOW, "other")
    ours, theirs = lists(AUTHORITY), lists(other)
    monkeypatch.setattr("hubagent.identity.revocation.CRL_MAX", len(pem_of_lists(theirs)) + 10)
    kept = newest(ours, theirs, [other.root, other.issuing])
    assert read_lists(pem_of_lists(kept)) == theirs
    assert newest([*theirs, *ours], theirs, [other.root, other.issuing]) == theirs


def test_lists_are_written_as_they_are_read() -> None:
    both = lists(AUTHORITY)
    assert read_lists(pem_of_lists(both)) == both
    assert read_lists(b"") == []


_CRL = AUTHORITY.crl_pem()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense",
        b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        _CRL[: len(_CRL) // 3],
        _CRL * (LISTS_MAX // 2 + 1),
        b"x" * (1024 * 1024 + 1),
    ],
)
def test_what_is_no_list_is_one_error(sent: bytes) -> None:
    with pytest.raises(BadCrl):
        read_lists(sent)


def _der_of_list() -> bytes:
    return der_of(read_lists(_CRL)[0])


def test_a_list_of_a_version_that_there_is_not_is_one_error() -> None:
    # TBSCertList begins with its version (RFC 5280, section 5.1), 1 for v2.
    strange = _der_of_list().replace(bytes.fromhex("020101"), bytes.fromhex("020107"), 1)
    with pytest.raises(BadCrl, match="not a valid CRL version"):
        read_lists(pem(strange, "X509 CRL"))


def test_a_list_of_an_issuer_whose_name_cannot_be_read_is_one_error() -> None:
    with pytest.raises(BadCrl):
        read_lists(pem(with_a_name_in_no_letters(_der_of_list()), "X509 CRL"))


def test_a_damaged_list_is_none_or_can_be_used() -> None:
    certificate = AUTHORITY.server().certificate
    for der in damaged(_der_of_list(), 1000, seed=1):
        try:
            strange = read_lists(pem(der, "X509 CRL"))
        except BadCrl:
            continue
        Revoked(strange).since(certificate, AUTHORITY.issuing)
        newest(strange, lists(AUTHORITY), [AUTHORITY.root, AUTHORITY.issuing])


@given(st.binary(max_size=400), st.integers(min_value=0, max_value=len(_CRL)))
def test_damage_is_one_error_or_a_list(damage: bytes, at: int) -> None:
    try:
        read_lists(_CRL[:at] + damage + _CRL[at + len(damage) :])
    except BadCrl:
        return


async def test_a_cloud_whose_certificate_was_revoked_is_refused_after_the_next_refresh(hub: AHub) -> None:
    await hub.claimed()
    stolen = hub.authority.server()
    assert connects(hub.identity, hub.authority, hub.folder / "x", shown=stolen) == ""
    hub.authority.revoke(stolen.certificate.serial_number)
    await hub.enrolment.refresh()
    complaint = connects(hub.identity, hub.authority, hub.folder / "x", shown=stolen)
    assert complaint == "the certificate of 'localhost' was revoked on 2027-01-15 08:00 UTC"
    assert hub.connects() == ""


async def test_an_issuing_authority_that_was_revoked_is_refused_with_all_its_certificates(hub: AHub) -> None:
    await hub.claimed()
    hub.authority.revoke(hub.authority.issuing.serial_number)
    await hub.enrolment.refresh()
    assert "'hubagent development issuing' was revoked" in hub.connects()


async def test_an_old_list_still_counts_and_an_authority_without_a_list_is_taken(hub: AHub) -> None:
    """A hub that was in a box for years comes back, although every list that it has is old."""
    await hub.claimed()
    stolen = hub.authority.server(dates=Dates(NOW, NOW + 4000 * DAY_S))
    hub.authority.revoke(stolen.certificate.serial_number)
    await hub.enrolment.refresh()
    hub.time.now += 1000 * DAY_S
    hub.switched_on()
    assert hub.connects() == ""
    assert "was revoked" in connects(hub.identity, hub.authority, hub.folder / "x", shown=stolen)
    hub.files.remove(hub.files.revoked)
    assert hub.connects() == ""


async def test_a_long_list_is_read_whole(hub: AHub) -> None:
    await hub.claimed()
    for serial in range(10_000):
        hub.authority.revoke(2**150 + serial)
    await hub.enrolment.refresh()
    assert hub.files.revoked.stat().st_size > 600_000
    assert len(hub.identity.revoked()) == 2


async def test_a_damaged_list_is_told_of_and_fetched_again(hub: AHub, caplog: pytest.LogCaptureFixture) -> None:
    await hub.claimed()
    hub.files.write(hub.files.revoked, b"nonsense")
    assert hub.connects() == ""
    assert "no list of revoked certificates in PEM form" in caplog.text
    await hub.enrolment.refresh()
    assert len(hub.identity.revoked()) == 2
