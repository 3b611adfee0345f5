"""Certificates of strangers: read, or refused with one error, whatever is wrong with them."""

import pytest

from hubagent.identity.anchors import usable
from hubagent.identity.certificate import BadCertificate, hub_of, is_anchor, is_authority, read_certificates
from hubagent.identity.enrolment import path
from hubagent.uplink.message.fields import HUB_ID
from simulators.cloud.ca import DAY_S, Dates, new_authority
from tests.helpers.bad_certificates import (
    damaged,
    der_of,
    loaded,
    of_version,
    pem,
    with_a_name_in_no_letters,
    with_an_extension_twice,
)

NOW = 1_800_000_000.0
AUTHORITY = new_authority(lambda: NOW)
ROOT = der_of(AUTHORITY.root)


def test_who_has_an_extension_twice_is_no_authority() -> None:
    strange = loaded(with_an_extension_twice(ROOT))
    assert not is_authority(strange)
    assert not is_anchor(strange)
    assert usable([strange, AUTHORITY.root], NOW) == [AUTHORITY.root]


def test_of_a_version_that_there_is_not_is_a_bad_certificate() -> None:
    with pytest.raises(BadCertificate, match="not a valid X509 version"):
        read_certificates(pem(of_version(ROOT, 1)))


def test_a_name_that_cannot_be_read_makes_a_bad_certificate() -> None:
    with pytest.raises(BadCertificate, match="a name that cannot be read"):
        read_certificates(pem(with_a_name_in_no_letters(ROOT)))


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_damaged_is_told_by_one_error(seed: int) -> None:
    hub = AUTHORITY.hub_with_key("hub-00000001", Dates(NOW, NOW + DAY_S)).certificate
    for der in damaged((ROOT, der_of(AUTHORITY.issuing), der_of(hub))[seed], 500, seed):
        try:
            [certificate] = read_certificates(pem(der))
            usable([certificate], NOW)
            path(hub, [certificate], [AUTHORITY.root])
            path(certificate, [AUTHORITY.issuing], [AUTHORITY.root])
            hub_of(certificate)
        except BadCertificate:
            continue


@pytest.mark.parametrize("name", ["-ub-00000001", "hub-0000000-", "--------", "-" * 64])
def test_a_hubs_id_has_no_hyphen_at_its_ends(name: str) -> None:
    """As UPLINK.md has it: a cloud would refuse each message of such a hub."""
    with pytest.raises(BadCertificate, match="and - at neither end"):
        hub_of(AUTHORITY.hub_with_key(name, Dates(NOW, NOW + DAY_S)).certificate)


@pytest.mark.parametrize("name", ["hub-0000", "0" * 64, "a--------z"])
def test_a_hubs_id_is_what_its_messages_may_say(name: str) -> None:
    assert HUB_ID.fullmatch(name)
    assert hub_of(AUTHORITY.hub_with_key(name, Dates(NOW, NOW + DAY_S)).certificate) == name
