"""Renewing by itself: over years, in virtual time, through outages and boxes."""

import asyncio
import errno
import logging
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from cryptography import x509

from hubagent.identity.certificate import life_of
from hubagent.identity.enrolment import Enrolment, Proof
from hubagent.identity.findings import findings
from hubagent.identity.https import Answer, Request
from hubagent.identity.notes import read_notes
from hubagent.identity.opening import enrolment_of
from hubagent.identity.renewal import ASKED_S, JITTER, Need, Renewal, alert_days, due_at, need_of, renew_now
from hubagent.identity.reset import reset_identity
from hubagent.identity.trouble import IdentityUnusable
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials
from simulators.cloud.ca import DAY_S, Dates, new_authority
from tests.hubagent.identity.a_hub import NOW, YEAR_S, AHub

HOUR_S = 3600.0


@asynccontextmanager
async def renewing(hub: AHub, *, seed: int = 1) -> AsyncIterator[Renewal]:
    """The hub is on, and renews; the world's time is the loop's from now on."""
    loop = asyncio.get_running_loop()
    begin, at = hub.time.now, loop.time()
    world = type(hub.time)
    hub.time.__class__ = type("Moving", (world,), {"now": property(lambda _self: begin + loop.time() - at)})
    hub.switched_on()
    renewal = Renewal(hub.identity, lambda: Enrolment(hub.identity, hub.cloud.est()), random.Random(seed))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(renewal.run())
        yield renewal
        running.cancel()
    end = hub.time.now
    hub.time.__class__ = world
    hub.time.now = end


@pytest.mark.usefixtures("a_quick_disk")
async def test_months_pass_with_one_renewal_each_two(hub: AHub) -> None:
    """Fault 12: renewed at two thirds of its life, long before it ends."""
    await hub.claimed()
    hub.cloud.asked.clear()
    async with renewing(hub):
        hub.identity.clock.learned(hub.time.now)
        for _ in range(26):
            await asyncio.sleep(5 * DAY_S)
            certificate = _certificate(hub)
            assert life_of(certificate).end - hub.time.now > 20 * DAY_S
            assert hub.connects() == ""
    assert hub.cloud.asked.count("simplereenroll") == 2
    assert hub.cloud.asked.count("simpleenroll") == 0
    assert 125 <= hub.cloud.asked.count("crl") <= 135


async def test_hubs_of_one_hour_are_not_renewed_in_one_hour(hub: AHub) -> None:
    dates = Dates(NOW, NOW + 90 * DAY_S)
    due = [due_at(hub.authority.hub_with_key(f"hub-{number:08}", dates).certificate) - NOW for number in range(200)]
    assert all(60 * DAY_S - JITTER * 90 * DAY_S <= at <= 60 * DAY_S + JITTER * 90 * DAY_S for at in due)
    assert max(due) - min(due) > 7 * DAY_S
    busiest = max(sum(1 for other in due if at <= other < at + HOUR_S) for at in due)
    assert busiest < 10


async def test_a_renewal_that_fails_is_tried_again_slower_and_slower_and_succeeds(
    hub: AHub, caplog: pytest.LogCaptureFixture
) -> None:
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    hub.cloud.away = True
    async with renewing(hub):
        await asyncio.sleep(2 * DAY_S)
        tries = read_notes(hub.files).failures
        assert 10 <= tries <= 30
        assert "no route to host" in read_notes(hub.files).failed
        assert any(
            found["grade"] == "warning" and "could not be renewed" in found["text"] for found in findings(hub.identity)
        )
        hub.cloud.away = False
        await asyncio.sleep(6.5 * HOUR_S)
        assert read_notes(hub.files).failures == 0
        certificate = _certificate(hub)
        assert life_of(certificate).begin > NOW + 66 * DAY_S
    assert "could not be renewed (try 1)" in caplog.text


@pytest.mark.usefixtures("a_quick_disk")
async def test_alerts_come_at_30_14_and_7_days_and_once_each(hub: AHub, caplog: pytest.LogCaptureFixture) -> None:
    await hub.claimed()
    hub.cloud.away = True
    async with renewing(hub):
        await asyncio.sleep(95 * DAY_S)
    alerts = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(alerts) == 4
    assert "local control goes on" in alerts[0].message


@pytest.mark.parametrize(
    ("days_left", "alert", "grade"),
    [(40, None, "ok"), (31, None, "ok"), (20, 30, "warning"), (13, 14, "warning"), (6, 7, "error"), (-1, 0, "error")],
)
async def test_what_doctor_says_as_the_end_comes_near(hub: AHub, days_left: int, alert: int | None, grade: str) -> None:
    enrolled = await hub.claimed()
    hub.time.now = life_of(enrolled.certificate).end - days_left * DAY_S
    hub.switched_on()
    assert alert_days(enrolled.certificate, hub.time.now) == alert
    [found] = [one for one in findings(hub.identity) if "certificate" in one["text"]]
    assert found["grade"] == grade
    assert (found["fix"] == "") == (grade == "ok")


async def test_a_short_lived_certificate_is_not_alerted_from_its_first_day(hub: AHub) -> None:
    dates = Dates(NOW, NOW + 7 * DAY_S)
    certificate = hub.authority.hub_with_key("hub-00000001", dates).certificate
    assert alert_days(certificate, NOW + 1 * DAY_S) is None
    assert alert_days(certificate, NOW + 6 * DAY_S) == 7


async def test_years_in_a_box_and_a_clock_of_1970_end_with_the_makers_certificate(hub: AHub) -> None:
    """Fault 12: expired while offline; the bootstrap is kept. Fault 11: the clock starts in 1970."""
    hub.made_by_maker()
    first = await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    hub.time.now += 3 * YEAR_S
    hub.time.wall_off = -hub.time.now
    hub.switched_on()
    # It does not know yet that it has expired; the cloud does, and says so.
    assert need_of(hub.identity.certificate(), hub.identity.clock) is Need.NOTHING
    async with renewing(hub):
        # An image of last year knows better than 1970.
        hub.identity.clock.not_before(hub.time.now - YEAR_S)
        await asyncio.sleep(2 * HOUR_S)
        certificate = _certificate(hub)
        assert certificate.serial_number != first.certificate.serial_number
        assert hub.identity.hub == first.hub
        assert hub.connects() == ""


async def test_a_hub_that_learns_the_time_renews_at_once(hub: AHub) -> None:
    """Fault 11 and 12: the cloud's word on the time shows that the renewal is due."""
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    hub.time.wall_off = -hub.time.now
    hub.cloud.asked.clear()
    async with renewing(hub):
        await asyncio.sleep(10)
        assert "simplereenroll" not in hub.cloud.asked
        hub.identity.clock.learned(hub.time.now)
        await asyncio.sleep(1)
        assert "simplereenroll" in hub.cloud.asked


async def test_a_clock_that_is_wrongly_ahead_costs_a_renewal_and_nothing_else(hub: AHub) -> None:
    """Fault 11: what only the machine's clock says is no proof that the certificate has expired."""
    first = await hub.claimed()
    hub.time.wall_off = 70 * YEAR_S
    async with renewing(hub):
        await asyncio.sleep(2 * DAY_S)
    certificate = _certificate(hub)
    assert certificate.serial_number != first.certificate.serial_number
    assert hub.identity.hub == first.hub
    assert hub.connects() == ""


async def test_a_clock_that_is_wrongly_ahead_is_no_reason_to_begin_anew_with_the_makers_certificate(hub: AHub) -> None:
    """Beginning anew revokes what the hub has."""
    hub.made_by_maker()
    await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    hub.time.wall_off = 70 * YEAR_S
    hub.cloud.asked.clear()
    async with renewing(hub):
        await asyncio.sleep(HOUR_S)
    assert "simplereenroll" in hub.cloud.asked
    assert "simpleenroll" not in hub.cloud.asked


async def test_a_cloud_that_says_a_wrong_time_for_hours_costs_no_hub_its_certificate(hub: AHub) -> None:
    """Fault 11: by the wrong time the certificate has expired; the cloud's enrolment server knows better."""
    await hub.claimed()
    hub.time.now += 20 * DAY_S
    async with renewing(hub):
        for _ in range(5):
            hub.identity.clock.learned(hub.time.now + 75 * DAY_S)
            await asyncio.sleep(HOUR_S)
        assert life_of(_certificate(hub)).begin > NOW + 19 * DAY_S
        assert hub.cloud.asked.count("simplereenroll") == 1
    assert hub.connects() == ""


def _certificate(hub: AHub) -> x509.Certificate:
    certificate = hub.identity.certificate()
    assert certificate is not None
    return certificate


async def test_an_expired_hub_without_a_makers_certificate_says_what_a_person_has_to_do(hub: AHub) -> None:
    await hub.claimed()
    hub.time.now += 100 * DAY_S
    async with renewing(hub):
        hub.identity.clock.learned(hub.time.now)
        await asyncio.sleep(HOUR_S)
    assert "get a claim code from the cloud's page" in read_notes(hub.files).failed
    [found] = [one for one in findings(hub.identity) if one["grade"] == "error"]
    assert "has ended on" in found["text"]


async def test_a_hub_whose_key_is_lost_comes_back_with_the_makers_certificate(hub: AHub) -> None:
    hub.made_by_maker()
    await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    hub.source.destroy()
    hub.time.now += 66 * DAY_S
    async with renewing(hub):
        await asyncio.sleep(HOUR_S)
    assert hub.connects() == ""


@pytest.mark.usefixtures("a_quick_disk")
async def test_a_hub_that_was_reset_waits_for_a_person(hub: AHub) -> None:
    hub.made_by_maker()
    await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    hub.files.write(hub.files.pending, b"a key that was being asked for")
    reset_identity(hub.files, hub.source)
    assert not hub.files.pending.exists()
    hub.cloud.asked.clear()
    async with renewing(hub):
        await asyncio.sleep(100 * DAY_S)
    assert hub.cloud.asked == []
    assert hub.identity.certificate() is None


async def test_a_reset_after_the_clouds_authority_changed_still_enrols(hub: AHub) -> None:
    """Fault 13: the old anchor and the new one overlap, and a reset keeps both."""
    hub.made_by_maker()
    await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    new = new_authority(lambda: hub.time.now, "new")
    hub.cloud.server.anchors.append(new.root)
    await hub.enrolment.refresh()
    reset_identity(hub.files, hub.source)
    hub.cloud.server = hub.new_server(new)
    hub.switched_on()
    await hub.enrolment.enrol(Proof.MANUFACTURER, hub.identity.anchors())
    assert hub.connects() == ""


async def test_the_time_is_written_down_each_hour_and_at_the_end(hub: AHub) -> None:
    """Fault 11: the last good time."""
    await hub.claimed()
    async with renewing(hub):
        hub.identity.clock.learned(hub.time.now)
        await asyncio.sleep(1)
        written = float(hub.files.clock.read_text())
        await asyncio.sleep(3 * HOUR_S)
        assert 3 * HOUR_S - 60 <= float(hub.files.clock.read_text()) - written <= 3 * HOUR_S + 60
        await asyncio.sleep(1800)
    assert abs(float(hub.files.clock.read_text()) - hub.time.now) <= 1


async def test_a_cloud_that_asks_for_patience_is_not_asked_before(hub: AHub) -> None:
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    hub.cloud.server.wait_s = 10 * HOUR_S
    hub.cloud.asked.clear()
    async with renewing(hub):
        await asyncio.sleep(9.9 * HOUR_S)
        assert hub.cloud.asked.count("simplereenroll") == 1
        await asyncio.sleep(HOUR_S)
        assert hub.cloud.asked.count("simplereenroll") == 2
        assert read_notes(hub.files).failures == 0


async def test_a_young_certificate_is_renewed_at_once_at_the_clouds_wish(hub: AHub) -> None:
    first = await hub.claimed()
    hub.cloud.asked.clear()
    async with renewing(hub) as renewal:
        await asyncio.sleep(10)
        assert "simplereenroll" not in hub.cloud.asked
        renewal.now()
        await asyncio.sleep(1)
        assert hub.cloud.asked.count("simplereenroll") == 1
        assert _certificate(hub).serial_number != first.certificate.serial_number
        await asyncio.sleep(DAY_S)
        assert hub.cloud.asked.count("simplereenroll") == 1
    assert hub.connects() == ""


async def test_a_cloud_that_asks_each_second_gets_a_renewal_a_minute(hub: AHub) -> None:
    await hub.claimed()
    hub.cloud.asked.clear()
    async with renewing(hub) as renewal:
        for _ in range(300):
            renewal.now()
            await asyncio.sleep(1)
    assert hub.cloud.asked.count("simplereenroll") == 300 / ASKED_S


async def test_wishes_while_a_renewal_is_under_way_are_that_one(hub: AHub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.claimed()
    hub.cloud.asked.clear()
    real = hub.cloud.ask

    async def slow(address: Address, credentials: Credentials, request: Request) -> Answer:
        await asyncio.sleep(10 * ASKED_S)
        return await real(address, credentials, request)

    monkeypatch.setattr(hub.cloud, "ask", slow)
    async with renewing(hub) as renewal:
        renewal.now()
        for _ in range(15):
            await asyncio.sleep(ASKED_S + 1)
            renewal.now()
        await asyncio.sleep(HOUR_S)
    assert hub.cloud.asked.count("simplereenroll") == 1


async def test_a_wished_renewal_that_fails_is_tried_again_as_ever_until_it_succeeds(
    hub: AHub, caplog: pytest.LogCaptureFixture
) -> None:
    first = await hub.claimed()
    hub.cloud.away = True
    async with renewing(hub) as renewal:
        renewal.now()
        for _ in range(20):
            await asyncio.sleep(1)
            renewal.now()
        assert read_notes(hub.files).failures == 1
        await asyncio.sleep(2 * DAY_S)
        assert 10 <= read_notes(hub.files).failures <= 30
        hub.cloud.away = False
        await asyncio.sleep(6.5 * HOUR_S)
        assert read_notes(hub.files).failures == 0
        assert _certificate(hub).serial_number != first.certificate.serial_number
    assert "could not be renewed (try 1)" in caplog.text


async def test_an_enrolment_server_that_is_none_is_told_and_the_renewal_goes_on(
    hub: AHub, caplog: pytest.LogCaptureFixture
) -> None:
    """Its URL is from the notes, which may be damaged."""
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    urls = iter(("https://cloud.example:99999", None))
    renewal = Renewal(hub.identity, lambda: enrolment_of(hub.identity, next(urls)), random.Random(1))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(renewal.run())
        await asyncio.sleep(HOUR_S / 2)
        assert not running.done()
        running.cancel()
    assert "the enrolment server is not known" in caplog.text


@pytest.mark.parametrize("what", ["notes", "revoked", "anchors", "operational", "pending", "clock"])
@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\xff" * 100, b"[]", b"{}", b'{"absent": 5}', b"[" * 100_000])
async def test_a_damaged_file_never_stops_the_renewal(hub: AHub, what: str, damage: bytes) -> None:
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    getattr(hub.files, what).write_bytes(damage)
    async with renewing(hub):
        await asyncio.sleep(HOUR_S)
        findings(hub.identity)
    if what in ("notes", "revoked", "pending", "clock"):
        certificate = _certificate(hub)
        assert life_of(certificate).begin > NOW + DAY_S


async def test_a_full_disk_leaves_the_present_certificate_and_is_said(
    hub: AHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await hub.claimed()
    hub.time.now += 66 * DAY_S
    real = os.fsync

    def full(descriptor: int) -> None:
        if str(hub.state) in os.readlink(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        async with renewing(hub):
            await asyncio.sleep(HOUR_S)
            assert hub.connects() == ""
    assert "No space left on device" in caplog.text
    async with renewing(hub):
        await asyncio.sleep(HOUR_S)
    certificate = _certificate(hub)
    assert life_of(certificate).begin > NOW + 60 * DAY_S


async def test_renewing_at_a_persons_wish_needs_something_to_renew(hub: AHub) -> None:
    with pytest.raises(IdentityUnusable, match="no certificate to renew"):
        await renew_now(hub.identity, hub.enrolment)
