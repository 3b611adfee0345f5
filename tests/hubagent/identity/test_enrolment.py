"""Getting a certificate: by which proof, from whom, and what is refused."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes

from hubagent.identity.certificate import life_of
from hubagent.identity.enrolment import Enrolment, Proof
from hubagent.identity.est import (
    CloudNotTrusted,
    CloudUnreachable,
    EnrolmentFailed,
    EstServer,
    NotAuthorised,
    TryLater,
)
from hubagent.identity.files import IdentityBusy
from hubagent.identity.https import Answer, Request
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials
from simulators.cloud.ca import DAY_S, Dates, PublicKey, new_authority, new_key
from tests.helpers.bad_certificates import (
    der_of,
    loaded,
    of_version,
    with_an_extension_twice,
)
from tests.helpers.est_in_memory import ADDRESS
from tests.hubagent.identity.a_hub import AHub


async def test_a_claim_code_makes_a_hub_that_connects(hub: AHub) -> None:
    enrolled = await hub.claimed("hub-00000001")
    assert enrolled.hub == hub.identity.hub == "hub-00000001"
    assert hub.connects() == ""


async def test_the_manufacturers_certificate_makes_a_hub_that_connects(hub: AHub) -> None:
    hub.made_by_maker()
    enrolled = await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
    assert enrolled.hub.startswith("hub-")
    assert hub.connects() == ""


async def test_a_wrong_code_is_refused_with_the_next_command(hub: AHub) -> None:
    with pytest.raises(NotAuthorised, match=r"wrong, too old, or was used.*hubagent provision --cloud .* --claim CODE"):
        await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, "WRONG")
    assert not hub.files.operational.exists()


async def test_a_cloud_of_another_authority_is_refused_before_it_hears_the_code(hub: AHub) -> None:
    stranger = new_authority(lambda: hub.time.now)
    hub.cloud.shown = stranger.server
    with pytest.raises(CloudNotTrusted, match="nobody whom the hub trusts issued its certificate"):
        await hub.claimed()
    assert hub.cloud.asked == []


async def test_an_enrolment_server_whose_certificate_has_expired_is_refused(hub: AHub) -> None:
    """Fault 11: the hub's floor is enough to see it."""
    await hub.claimed()
    hub.identity.clock.learned(hub.time.now)
    hub.cloud.asked.clear()
    hub.cloud.shown = lambda: hub.authority.server(dates=Dates(hub.time.now - 9 * DAY_S, hub.time.now - DAY_S))
    with pytest.raises(CloudNotTrusted, match="'localhost' has expired"):
        await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    with pytest.raises(CloudNotTrusted, match="'localhost' has expired"):
        await hub.enrolment.refresh()
    assert hub.cloud.asked == []


async def test_an_enrolment_server_whose_certificate_was_revoked_is_refused(hub: AHub) -> None:
    await hub.claimed()
    stolen = hub.authority.server()
    hub.authority.revoke(stolen.certificate.serial_number)
    await hub.enrolment.refresh()
    hub.cloud.shown = lambda: stolen
    with pytest.raises(CloudNotTrusted, match="'localhost' was revoked"):
        await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)


async def test_two_who_renew_at_once_do_not_meet(hub: AHub) -> None:
    await hub.claimed()
    with hub.files.held(), pytest.raises(IdentityBusy, match="just being renewed by another process"):
        await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)


async def test_a_renewal_has_a_new_key_and_the_same_name(hub: AHub) -> None:
    first = await hub.claimed()
    before = hub.files.operational.read_bytes()
    hub.time.now += 60 * DAY_S
    renewed = await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    assert renewed.hub == first.hub
    assert renewed.certificate.public_key() != first.certificate.public_key()
    assert hub.files.operational.read_bytes() != before
    assert not hub.files.pending.exists()
    assert hub.connects() == ""


async def test_a_lost_answer_costs_no_claim_code(hub: AHub) -> None:
    code = hub.cloud.server.new_claim("hub-00000001")
    hub.cloud.loses_answers = 1
    with pytest.raises(CloudUnreachable):
        await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, code)
    hub.switched_on()
    assert (await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, code)).hub == "hub-00000001"


async def test_a_cloud_that_wants_to_be_asked_again_says_when(hub: AHub) -> None:
    hub.cloud.server.wait_s = 20
    code = hub.cloud.server.new_claim("hub-00000001")
    with pytest.raises(TryLater, match="asked again in 20 s: somebody looks at this first") as later:
        await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, code)
    assert later.value.retry_after_s == 20
    hub.time.now += 20
    assert await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, code)


async def test_an_anchor_is_known_by_its_fingerprint_alone(hub: AHub) -> None:
    wanted = hub.authority.root.fingerprint(hashes.SHA256()).hex()
    assert await hub.enrolment.introduce(wanted) == [hub.authority.root]


async def test_another_anchor_than_the_one_of_the_fingerprint_is_refused(hub: AHub) -> None:
    wanted = new_authority(lambda: hub.time.now).root.fingerprint(hashes.SHA256()).hex()
    with pytest.raises(CloudNotTrusted, match="somebody may answer in its place"):
        await hub.enrolment.introduce(wanted)


async def test_a_stranger_whose_authorities_trouble_their_reader_is_refused_like_any_other(
    hub: AHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers in the cloud's place may say anything: nobody knows yet who it is."""
    strange = loaded(with_an_extension_twice(der_of(hub.authority.root)))
    monkeypatch.setattr(hub.cloud.server, "anchors", [strange])
    with pytest.raises(CloudNotTrusted, match="it names none"):
        await hub.enrolment.introduce(strange.fingerprint(hashes.SHA256()).hex())


async def test_authorities_that_cannot_be_read_are_no_list_of_them(hub: AHub) -> None:
    real = der_of(hub.authority.root)

    async def ask(address: Address, credentials: Credentials, request: Request) -> Answer:
        answer = await hub.cloud.ask(address, credentials, request)
        sent = base64.b64decode(answer.body)
        assert real in sent
        return replace(answer, body=base64.b64encode(sent.replace(real, of_version(real, 1))))

    with pytest.raises(EnrolmentFailed, match="should have sent the list of authorities"):
        await Enrolment(hub.identity, EstServer(ADDRESS, ask)).introduce("00" * 32)


async def test_an_issuing_authority_is_no_anchor_whatever_its_fingerprint(hub: AHub) -> None:
    with pytest.raises(CloudNotTrusted):
        await hub.enrolment.introduce(hub.authority.issuing.fingerprint(hashes.SHA256()).hex())


@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("another key", "it is for another key"),
        ("another hub", "and the hub is 'hub-00000001'"),
        ("no hub", "which is no hub's id"),
        ("a server", "it is none for a hub"),
        ("an authority", "which is no hub's id"),
        ("expired", "it has ended on"),
        ("of the future", "when the cloud's own has ended"),
        ("of a hyphen", "which is no hub's id .* and - at neither end"),
        ("of two key usages", "it is none for a hub"),
        ("of a stranger", "no anchor that the hub trusts issued it"),
    ],
)
async def test_a_certificate_that_is_not_the_hubs_is_refused_and_the_old_one_stays(
    hub: AHub, which: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.claimed()
    before = hub.files.operational.read_bytes()
    real, now = hub.authority, hub.time.now
    stranger = new_authority(lambda: now)

    def wrong(name: str, key: PublicKey, _dates: object = None) -> object:
        match which:
            case "another key":
                return real_hub(name, new_key().public_key())
            case "another hub":
                return real_hub("hub-00000002", key)
            case "no hub":
                return real_hub("HUB", key)
            case "a server":
                return real.server(["hub-00000001"]).certificate
            case "an authority":
                return real.issuing
            case "expired":
                return real_hub(name, key, Dates(now - 2 * DAY_S, now - DAY_S))
            case "of the future":
                return real_hub(name, key, Dates(now + 10_000 * DAY_S, now + 10_001 * DAY_S))
            case "of a hyphen":
                return real_hub("-ub-00000001", key)
            case "of two key usages":
                return loaded(with_an_extension_twice(der_of(real_hub(name, key))))
            case _:
                return stranger.hub(name, key)

    real_hub = real.hub
    monkeypatch.setattr(real, "hub", wrong)
    if which == "a server":
        monkeypatch.setattr("hubagent.identity.key.HubKey.belongs_to", lambda _key, _certificate: True)
    with pytest.raises(EnrolmentFailed, match=why):
        await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    assert hub.files.operational.read_bytes() == before
    assert hub.connects() == ""


async def test_the_clock_knows_that_it_is_later_than_the_certificate_began(hub: AHub) -> None:
    enrolled = await hub.claimed()
    hub.time.wall_off = -hub.time.now
    assert hub.switched_on(built=0.0).clock.floor >= life_of(enrolled.certificate).begin
