"""The power is cut at each step that writes: the hub is always one that works, or one that can be made to."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from hubagent.identity.enrolment import Proof
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import Identity
from hubagent.identity.reset import reset_identity
from hubagent.identity.trouble import IdentityUnusable
from simulators.cloud.ca import DAY_S, new_authority
from tests.helpers.power_cuts import power_cut
from tests.hubagent.identity.a_hub import AHub

Life = Callable[[AHub], Awaitable[object]]
STEPS_MAX = 80


class Trials:
    """The same life again and again, cut at one step after the other."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self.cuts = 0

    def fresh(self) -> Iterator[tuple[int, bool, AHub]]:
        for at in range(STEPS_MAX):
            for lose in (False, True):
                yield at, lose, AHub(self._folder / f"{at}-{lose}")

    async def cut(self, at: int, lose: bool, hub: AHub, life: Life) -> bool:
        """Whether the power went; the hub is on again then."""
        with power_cut(self._monkeypatch, hub.folder, at, lose=lose) as disk:
            await life(hub)
        hub.switched_on()
        self.cuts += disk.cut
        return disk.cut


@pytest.fixture
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trials:
    return Trials(tmp_path, monkeypatch)


async def test_a_renewal_that_is_cut_anywhere_leaves_a_hub_that_connects_and_renews(trials: Trials) -> None:
    """Fault 12: the certificate is renewed, and what was written is what is used."""
    for at, lose, hub in trials.fresh():
        await hub.claimed()
        hub.time.now += 60 * DAY_S
        if not await trials.cut(at, lose, hub, lambda hub: hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)):
            break
        assert hub.connects() == "", (at, lose)
        renewed = await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
        assert renewed.hub == "hub-00000001"
        assert hub.connects() == ""
        assert not hub.files.pending.exists()
    assert trials.cuts > 15


async def test_a_first_enrolment_that_is_cut_anywhere_can_be_done_again_with_the_same_code(trials: Trials) -> None:
    for at, lose, hub in trials.fresh():
        code = hub.cloud.server.new_claim("hub-00000001")

        async def claiming(hub: AHub, code: str = code) -> None:
            await hub.enrolment.enrol(Proof.CLAIM, hub.anchors, code)

        if not await trials.cut(at, lose, hub, claiming):
            break
        if hub.identity.certificate() is None or hub.files.pending.exists():
            await claiming(hub)
        assert hub.connects() == "", (at, lose)
    assert trials.cuts > 30


async def test_a_refresh_that_is_cut_anywhere_leaves_somebody_to_trust(trials: Trials) -> None:
    """Fault 13: the authority changes under the fleet."""
    for at, lose, hub in trials.fresh():
        await hub.claimed()
        await hub.enrolment.refresh()
        hub.authority.revoke(7)
        hub.time.now += DAY_S
        hub.cloud.server.anchors.append(new_authority(lambda hub=hub: hub.time.now, "next").root)  # type: ignore[misc]
        if not await trials.cut(at, lose, hub, lambda hub: hub.enrolment.refresh()):
            break
        assert hub.connects() == "", (at, lose)
        assert len(hub.identity.revoked()) == 2
        await hub.enrolment.refresh()
        assert len(hub.identity.anchors()) == 2
    assert trials.cuts > 15


async def test_a_reset_that_is_cut_anywhere_can_be_finished_and_then_no_backup_opens(trials: Trials) -> None:
    for at, lose, hub in trials.fresh():
        hub.made_by_maker()
        await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
        backup = shutil.copytree(hub.state, hub.folder / "backup")

        async def resetting(hub: AHub) -> None:
            assert reset_identity(hub.files, hub.source)

        cut = await trials.cut(at, lose, hub, resetting)
        if cut:
            works = hub.connects() == ""
            assert works == (hub.identity.certificate() is not None and hub.source.path is not None and _opens(hub))
            await resetting(hub)
        assert hub.identity.certificate() is None
        assert not hub.files.pending.exists()
        with pytest.raises(IdentityUnusable):
            Identity(IdentityFiles(backup), hub.source, hub.identity.clock).client_context()
        # Nor with a new sealing key; and the manufacturer's word still counts.
        await hub.enrolment.enrol(Proof.MANUFACTURER, hub.identity.anchors())
        assert hub.connects() == ""
        with pytest.raises(IdentityUnusable, match="does not open it"):
            Identity(IdentityFiles(backup), hub.source, hub.identity.clock).client_context()
        if not cut:
            break
    assert trials.cuts > 8


def _opens(hub: AHub) -> bool:
    try:
        hub.identity.client_context()
    except IdentityUnusable:
        return False
    return True


async def test_what_the_factory_gave_is_taken_over_whole_or_again(trials: Trials) -> None:
    for at, lose, hub in trials.fresh():

        async def taking(hub: AHub) -> None:
            hub.made_by_maker()

        if not await trials.cut(at, lose, hub, taking):
            break
        hub.made_by_maker()
        await hub.enrolment.enrol(Proof.MANUFACTURER, hub.anchors)
        assert hub.connects() == "", (at, lose)
    assert trials.cuts > 8


async def test_the_time_that_was_written_down_is_read_whole_or_is_the_one_before(trials: Trials) -> None:
    """Fault 11: the last good time outlives a power cut."""
    for at, lose, hub in trials.fresh():
        hub.identity.clock.save()
        before = hub.identity.clock.floor

        async def saving(hub: AHub) -> None:
            hub.identity.clock.learned(hub.time.now + DAY_S)
            hub.identity.clock.save()

        if not await trials.cut(at, lose, hub, saving):
            break
        assert hub.identity.clock.floor in (before, hub.time.now + DAY_S)
    assert trials.cuts > 4
