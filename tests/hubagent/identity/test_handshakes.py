"""Who is let in on either side, and what is said to whom is not: contexts of hub and cloud, in memory."""

import ssl
from pathlib import Path

import pytest

from hubagent.identity.identity import Identity
from hubagent.uplink.transports.dial import PeerRefused
from simulators.cloud.ca import DAY_S, Authority, Dates, Issued, new_authority, server_context
from tests.helpers.an_identity import an_identity
from tests.helpers.tls_handshake import shake_hands

NOW = 1_800_000_000.0


@pytest.fixture
def authority() -> Authority:
    return new_authority(lambda: NOW)


@pytest.fixture
def hub(tmp_path: Path, authority: Authority) -> Identity:
    return an_identity(tmp_path / "hub", authority)


def cloud(folder: Path, issued: Issued, authority: Authority, *, crl: bool = False) -> ssl.SSLContext:
    """A server's context that looks at no clock but the test's: the machine's is not the test's."""
    certificate, key = issued.write(folder / "cloud", "server")
    context = server_context(certificate, key, authority.anchors_pem, authority.crl_pem() if crl else None)
    context.verify_flags |= ssl.VerifyFlags(0x200000)
    return context


def test_a_hub_and_its_cloud_take_each_other(tmp_path: Path, authority: Authority, hub: Identity) -> None:
    shaken = shake_hands(hub.client_context(), cloud(tmp_path, authority.server(), authority), "localhost")
    assert (shaken.client_error, shaken.server_error) == (None, None)
    assert shaken.client.version() == "TLSv1.3"
    hub.check(shaken.client)
    shown = shaken.server.getpeercert()
    assert shown is not None
    assert shown["subject"] == ((("commonName", "hub-00000001"),),)


def test_an_expired_cloud_is_refused_by_the_hubs_clock(tmp_path: Path, authority: Authority, hub: Identity) -> None:
    expired = authority.server(dates=Dates(NOW - 30 * DAY_S, NOW - DAY_S))
    shaken = shake_hands(hub.client_context(), cloud(tmp_path, expired, authority), "localhost")
    hub.clock.not_before(NOW)
    with pytest.raises(PeerRefused, match="'localhost' has expired on 2027-01-14"):
        hub.check(shaken.client)
