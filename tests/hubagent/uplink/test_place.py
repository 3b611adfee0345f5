"""The uplink's place in the agent: what is said of it while there is no uplink."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hubagent.uplink.place import UplinkPlace
from tests.helpers.an_agent import an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind
from tests.helpers.scripted_transport import HUB, ScriptedTransport


async def test_before_its_first_start_it_is_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    real = UplinkPlace.run

    async def run(place: UplinkPlace) -> None:
        seen.append(place.status())
        await real(place)

    monkeypatch.setattr(UplinkPlace, "run", run)
    async with an_agent(tmp_path, FakeKind(FakeDriver()), link=ScriptedTransport().link()):
        await asyncio.sleep(1)
    assert seen == [{"hub": HUB, "phase": "starting", "detail": ""}]


async def test_why_it_failed_is_its_own_reason_and_not_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise ValueError("the outbox is odd")

    async def renewal() -> None:
        await asyncio.sleep(5)
        raise ValueError("the renewal is odd")

    monkeypatch.setattr("hubagent.uplink.place.open_outbox", opened)
    link = ScriptedTransport().link(upkeep=renewal)
    async with an_agent(tmp_path, FakeKind(FakeDriver()), link=link) as agent:
        await asyncio.sleep(5.1)
        assert agent.uplink is not None
        status = agent.uplink.status()
    assert (status["hub"], status["phase"]) == (HUB, "failed")
    assert status["detail"].startswith("ValueError: the outbox is odd; starting it again in ")
