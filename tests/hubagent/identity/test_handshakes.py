"""Who is let in on either side, and what is said to whom is not: contexts of hub and cloud, in memory.

No certificate, an expired, a not yet valid, one of another name, a revoked one, one of another authority: each is
refused by the hub, and by the cloud. The cloud goes by this machine's clock, the hub by its own.
"""

import re
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from hubagent.clock import TrustedClock
from hubagent.identity.enrolment import Proof
from hubagent.identity.identity import Identity
from hubagent.identity.key import OPERATIONAL, HubKey
from hubagent.identity.peer import verified_chain
from hubagent.identity.trouble import IdentityUnusable
from hubagent.identity.visit import Visit
from hubagent.runtime import real_runtime
from hubagent.uplink.transports.dial import PeerRefused
from hubagent.uplink.transports.port import Trouble
from hubagent.uplink.transports.tls_trouble import lost_by
from simulators.cloud.ca import DAY_S, Authority, Dates, Issued, new_authority, server_context
from tests.helpers.an_identity import HUB, an_identity
from tests.helpers.bad_certificates import der_of, of_version, pem, with_a_name_in_no_letters, with_an_extension_twice
from tests.helpers.tls_handshake import Shaken, shake_hands
from tests.hubagent.identity.a_hub import AHub

NO_CHECK_TIME = 0x200000
NOW = real_runtime(None).wall()  # type: ignore[arg-type]  # no port is opened


def now() -> float:
    return NOW


AUTHORITY = new_authority(now)
STRANGER = new_authority(now)
EXPIRED, EARLY = Dates(NOW - 30 * DAY_S, NOW - DAY_S), Dates(NOW + DAY_S, NOW + 30 * DAY_S)


def sure_clock() -> TrustedClock:
    clock = TrustedClock(lambda: 0.0, lambda: 0.0, None, built=NOW - DAY_S)
    clock.learned(NOW)
    return clock


def server_with(folder: Path, issued: Issued, *, crl: bytes | None = None) -> ssl.SSLContext:
    return server_context(*issued.write(folder, "server"), AUTHORITY.anchors_pem, crl)


def said_by_the_hub(hub: Identity, shaken: Shaken) -> str:
    """As `dial` says it."""
    if shaken.client_error is not None:
        return lost_by(shaken.client_error, "the cloud").detail
    try:
        hub.check(shaken.client)
    except PeerRefused as error:
        return f"the cloud is not trusted: {error.detail}"
    return ""


def test_a_hub_and_its_cloud_take_each_other_by_tls_1_3(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY, clock=sure_clock())
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, AUTHORITY.server()), "localhost")
    assert (said_by_the_hub(hub, shaken), shaken.server_error) == ("", None)
    assert shaken.client.version() == "TLSv1.3"
    shown = shaken.server.getpeercert()
    assert shown is not None
    assert shown["subject"] == ((("commonName", HUB),),)


def test_anchors_that_trouble_their_reader_are_none_and_that_is_said(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY)
    hub.files.write(hub.files.anchors, pem(with_an_extension_twice(der_of(AUTHORITY.root))))
    with pytest.raises(IdentityUnusable, match="the hub trusts nobody yet"):
        hub.client_context()
    with pytest.raises(IdentityUnusable, match="name the cloud's anchor again"):
        Visit(hub, hub.anchors(), None).client_context()


@pytest.mark.parametrize("damage", [lambda der: of_version(der, 1), with_a_name_in_no_letters])
def test_who_shows_what_openssl_takes_and_the_hub_cannot_read_is_refused(damage: Callable[[bytes], bytes]) -> None:
    class Shown:
        """As `ssl.SSLObject` has it from Python 3.13 on."""

        def get_verified_chain(self) -> list[bytes]:
            return [damage(der_of(AUTHORITY.server().certificate))]

    with pytest.raises(PeerRefused, match="a certificate that cannot be read"):
        verified_chain(cast("ssl.SSLObject", Shown()))


def _revoked_server() -> Issued:
    server = AUTHORITY.server()
    AUTHORITY.revoke(server.certificate.serial_number)
    return server


SERVERS: dict[str, tuple[Callable[[], Issued], str, str]] = {
    "expired": (lambda: AUTHORITY.server(dates=EXPIRED), "localhost", r"'localhost' has expired on \d{4}-"),
    "not yet valid": (lambda: AUTHORITY.server(dates=EARLY), "localhost", r"'localhost' is not valid before \d{4}-"),
    "of another name": (AUTHORITY.server, "evil.example", "its certificate is for another name"),
    "of another address": (AUTHORITY.server, "192.0.2.9", "its certificate is for another address"),
    "revoked": (_revoked_server, "localhost", r"'localhost' was revoked on \d{4}-"),
    "of another authority": (STRANGER.server, "localhost", "nobody whom the hub trusts issued its certificate"),
    "a hub's": (lambda: AUTHORITY.hub_with_key("localhost"), "localhost", "its certificate is not one for a server"),
}


@pytest.mark.parametrize("which", SERVERS)
def test_the_hub_refuses_a_cloud_whose_certificate_is(tmp_path: Path, which: str) -> None:
    make, name, why = SERVERS[which]
    shown = make()
    hub = an_identity(tmp_path, AUTHORITY, clock=sure_clock())
    hub.files.write(hub.files.revoked, AUTHORITY.crl_pem())
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, shown), name)
    said = said_by_the_hub(hub, shaken)
    assert said.startswith("the cloud is not trusted: ")
    assert re.search(why, said), said


def test_the_hub_refuses_a_cloud_without_a_certificate(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY, clock=sure_clock())
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shaken = shake_hands(hub.client_context(), nobody, "localhost")
    # OpenSSL's server offers no TLS 1.3 then; there is no certificate that could be named.
    assert said_by_the_hub(hub, shaken) == "the cloud does not speak TLS 1.3"
    assert shaken.client.version() is None or shaken.client_error is not None


def test_the_hub_refuses_a_cloud_that_signed_for_itself(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY, clock=sure_clock())
    root = STRANGER._root
    context = server_context(*root.write(tmp_path, "server"), AUTHORITY.anchors_pem)
    shaken = shake_hands(hub.client_context(), context, "localhost")
    assert "nobody whom the hub trusts" in said_by_the_hub(hub, shaken)


def test_the_hub_speaks_nothing_older_than_tls_1_3(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY, clock=sure_clock())
    old = server_with(tmp_path, AUTHORITY.server())
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    shaken = shake_hands(hub.client_context(), old, "localhost")
    assert said_by_the_hub(hub, shaken) == "the cloud does not speak TLS 1.3"


def test_the_cloud_speaks_nothing_older_than_tls_1_3(tmp_path: Path) -> None:
    old = an_identity(tmp_path, AUTHORITY).client_context()
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    shaken = shake_hands(old, server_with(tmp_path, AUTHORITY.server()), "localhost")
    assert shaken.server_error is not None
    assert shaken.server_error.reason == "UNSUPPORTED_PROTOCOL"


def _hub(folder: Path, authority: Authority = AUTHORITY, dates: Dates | None = None) -> Identity:
    """Trusts the cloud, whoever issued its own certificate."""
    hub = an_identity(folder, authority, dates=dates, clock=sure_clock())
    hub.files.write(hub.files.anchors, AUTHORITY.anchors_pem)
    return hub


def _revoked_hub(folder: Path) -> Identity:
    hub = _hub(folder)
    certificate = hub.certificate()
    assert certificate is not None
    AUTHORITY.revoke(certificate.serial_number)
    return hub


def _hub_with_a_servers(folder: Path) -> Identity:
    hub = _hub(folder)
    server = AUTHORITY.server((HUB,))
    seal = hub.source.open()
    hub.files.write_pair(
        hub.files.operational, HubKey(server.key).sealed(seal, OPERATIONAL), [server.certificate, *server.chain]
    )
    return hub


HUBS: dict[str, tuple[Callable[[Path], Identity], str]] = {
    "expired": (lambda folder: _hub(folder, dates=EXPIRED), "it has expired"),
    "not yet valid": (lambda folder: _hub(folder, dates=EARLY), "it is damaged, not valid yet, or not what it takes"),
    "revoked": (_revoked_hub, "it was revoked"),
    "of another authority": (lambda folder: _hub(folder, STRANGER), "it does not know who issued it"),
    "a server's": (_hub_with_a_servers, "it is not of a kind that it takes"),
}


@pytest.mark.parametrize("which", HUBS)
def test_the_cloud_refuses_a_hub_whose_certificate_is(tmp_path: Path, which: str) -> None:
    make, why = HUBS[which]
    hub = make(tmp_path)
    server = server_with(tmp_path, AUTHORITY.server(), crl=AUTHORITY.crl_pem())
    shaken = shake_hands(hub.client_context(), server, "localhost")
    assert shaken.server_error is not None
    assert shaken.client_error is not None
    lost = lost_by(shaken.client_error, "the cloud")
    assert lost.trouble is Trouble.IDENTITY
    assert lost.detail == f"the cloud refused the hub's certificate: {why}"


def test_the_cloud_refuses_a_hub_without_a_certificate(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=AUTHORITY.anchors_pem.decode())
    shaken = shake_hands(context, server_with(tmp_path, AUTHORITY.server()), "localhost")
    assert shaken.client_error is not None
    assert lost_by(shaken.client_error, "the cloud").detail == "the cloud refused the hub's certificate: it got none"


def test_a_hub_shows_no_certificate_that_is_not_of_a_hub(tmp_path: Path) -> None:
    hub = an_identity(tmp_path, AUTHORITY, hub="HUB/../1")
    with pytest.raises(IdentityUnusable, match="which is no hub's id"):
        hub.client_context()


def test_a_hub_whose_clock_starts_in_1970_connects_and_still_refuses_what_has_expired(tmp_path: Path) -> None:
    """Fault 11: the clock is wrong at boot; dates are judged by the floor until the cloud has said the time."""
    clock = TrustedClock(lambda: 0.0, lambda: 0.0, None, built=NOW - 5 * DAY_S)
    hub = an_identity(tmp_path, AUTHORITY, clock=clock)
    assert not clock.sure
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, AUTHORITY.server()), "localhost")
    assert said_by_the_hub(hub, shaken) == ""

    long_expired = AUTHORITY.server(dates=Dates(NOW - 30 * DAY_S, NOW - 6 * DAY_S))
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, long_expired), "localhost")
    assert "has expired" in said_by_the_hub(hub, shaken)


def test_once_the_cloud_has_said_the_time_both_dates_count(tmp_path: Path) -> None:
    """Fault 11: what the floor cannot know yet, the cloud's word settles."""
    clock = TrustedClock(lambda: 0.0, lambda: 0.0, None, built=NOW - 50 * DAY_S)
    hub = an_identity(tmp_path, AUTHORITY, clock=clock, dates=Dates(NOW - 50 * DAY_S, NOW + 50 * DAY_S))
    expired, early = AUTHORITY.server(dates=EXPIRED), AUTHORITY.server(dates=EARLY)
    for shown in (expired, early):
        shaken = shake_hands(hub.client_context(), server_with(tmp_path, shown), "localhost")
        assert said_by_the_hub(hub, shaken) == ""
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, AUTHORITY.server()), "localhost")
    hub.check(shaken.client)
    clock.learned(NOW)
    for shown, why in ((expired, "has expired"), (early, "is not valid before")):
        shaken = shake_hands(hub.client_context(), server_with(tmp_path, shown), "localhost")
        assert why in said_by_the_hub(hub, shaken)


def test_an_expired_cloud_cannot_talk_the_hub_into_its_own_time(tmp_path: Path) -> None:
    """Fault 11: who has an old certificate's key can say any time up to its end, and none after."""
    clock = TrustedClock(lambda: 0.0, lambda: 0.0, None, built=NOW - 20 * DAY_S)
    hub = an_identity(tmp_path, AUTHORITY, clock=clock, dates=Dates(NOW - 20 * DAY_S, NOW + 50 * DAY_S))
    shaken = shake_hands(hub.client_context(), server_with(tmp_path, AUTHORITY.server(dates=EXPIRED)), "localhost")
    hub.check(shaken.client)
    clock.learned(NOW + 1000 * DAY_S)
    assert not clock.sure
    assert clock.floor == NOW - 20 * DAY_S


def test_an_expired_authority_in_the_chain_is_refused_too(tmp_path: Path) -> None:
    """Python's OpenSSL looks at no dates here; all of the chain's are looked at, the root's as well."""
    old = new_authority(lambda: NOW, root_dates=Dates(NOW - 30 * DAY_S, NOW - DAY_S))
    hub = an_identity(tmp_path, old, clock=sure_clock())
    context = server_context(*old.server().write(tmp_path, "server"), old.anchors_pem)
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    shaken = shake_hands(hub.client_context(), context, "localhost")
    assert "'hubagent development root' has expired" in said_by_the_hub(hub, shaken)


async def test_what_was_renewed_is_shown_at_the_next_connect(hub: AHub) -> None:
    """Fault 12: a certificate that was renewed is used without a restart, by a new context at each connect."""
    await hub.claimed()
    first = _shown(hub)
    assert _shown(hub) == first
    await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    assert _shown(hub) != first


def _shown(hub: AHub) -> bytes:
    certificate, key = hub.authority.server().write(hub.folder / "x", "server")
    server = server_context(certificate, key, hub.authority.anchors_pem)
    server.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    shown = shake_hands(hub.identity.client_context(), server, "localhost").server.getpeercert(binary_form=True)
    assert shown is not None
    return shown
