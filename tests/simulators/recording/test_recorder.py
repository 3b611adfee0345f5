"""What happens in a home is recorded, and played it happens again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.cable import MemoryCable
from simulators.devices.device import Value
from simulators.home import HomePlan
from simulators.recording.format import Became, Event, Header, Pressed
from simulators.recording.hands import BATTERY, seen
from simulators.recording.house import house_of
from simulators.recording.player import Player, play
from simulators.recording.recorder import Recorder, Ring
from simulators.virtual_time import run_virtual
from simulators.world import World
from tests.helpers.a_site import a_site

LASTS_S = 300.0


@dataclass(frozen=True)
class Demo:
    header: Header
    events: list[Event]
    truth: dict[str, dict[str, Value]]
    """How devices were at the end."""


async def _demo_recorded() -> Demo:
    """Some minutes with residents, weather and a hub with rules."""
    events: list[Event] = []
    async with a_site("demo", seed=5) as site:
        await site.settle()
        recorder = Recorder(site.world, site.wall, events.append)
        header = recorder.header()
        await asyncio.sleep(60)
        site.world.do("set", "kitchen.sink", "wet=true")
        site.world.do("press", "study.remote", "1", "hold")
        site.world.do("press", "porch.sockets", "2")
        site.world.do("set", "living.heating", "mode=eco")
        await asyncio.sleep(LASTS_S - 60)
        return Demo(header, events, _truth(site.world))


@pytest.fixture(scope="module")
def demo() -> Demo:
    return run_virtual(_demo_recorded, seed=5, max_steps=10**8)


def _truth(world: World) -> dict[str, dict[str, Value]]:
    """Without batteries, which run down by what devices have to do, the hub's questions among it."""
    return {
        name: {attribute: value for attribute, value in seen(placed.device).items() if attribute != BATTERY}
        for name, placed in world.devices.items()
    }


def _by(events: Sequence[Event], by: str | None) -> set[tuple[str, str]]:
    return {
        (event.device, attribute)
        for event in events
        if isinstance(event, Became) and event.by == by
        for attribute in event.set
    }


async def _played(plan: HomePlan, header: Header, events: Sequence[Event]) -> tuple[Player, list[Event], World]:
    """In a still world without a hub; and what was recorded of that."""
    heard: list[Event] = []
    world = World(plan, 9, still=True)
    async with world.running({radio: MemoryCable() for radio in world.dongles}):
        player = Player(world, hub_too=True)
        player.begin(header)
        recorder = Recorder(world, lambda: 0.0, heard.append)
        loop = asyncio.get_running_loop()
        await play(player, events, loop.time() - recorder.t)
        await asyncio.sleep(10)
    return player, heard, world


def test_the_demo_played_is_the_demo_at_its_devices_event_by_event(demo: Demo) -> None:
    assert len(demo.events) > 100

    async def main() -> None:
        player, heard, world = await _played(house_of(demo.header), demo.header, demo.events)
        assert player.counts.problems == []
        assert player.counts.played == len(demo.events)
        assert _truth(world) == demo.truth
        assert [_of(event) for event in heard] == [_of(event) for event in demo.events]
        assert [event.t for event in heard] == pytest.approx([event.t for event in demo.events], abs=1e-6)

    run_virtual(main)


def _of(event: Event) -> tuple[object, ...]:
    match event:
        case Became(device=device, set=settings):
            return device, dict(settings)
        case Pressed(device=device, press=button, gesture=gesture):
            return device, button, gesture
    raise AssertionError(event)


def test_what_rules_did_is_told_apart_from_what_people_did(demo: Demo) -> None:
    hub, home = _by(demo.events, "hub"), _by(demo.events, None)
    # Switched by rules only, and moved by people and weather only.
    assert {device for device, _ in hub} >= {"hall.light", "porch.light", "study.lamp", "living.lamp"}
    assert {device for device, _ in hub}.isdisjoint({"hall.motion", "kitchen.sink", "bath.climate", "porch.sockets"})
    assert {("hall.motion", "occupied"), ("kitchen.sink", "wet"), ("porch.sockets", "on:2")} <= home
    assert ("hall.light", "on") not in home
    # A blind is on its way for a quarter of a minute, and where it arrives is still the hub's doing.
    assert ("study.blind", "position") in hub
    # The lamp is the hub's doing; that the sensor beside it sees its light is not.
    assert ("nursery.lamp", "on") in hub
    assert ("nursery.climate", "illuminance") in home - hub


def test_a_button_that_is_held_is_recorded_once(demo: Demo) -> None:
    held = [event for event in demo.events if isinstance(event, Pressed) and event.gesture == "hold"]
    assert [event.device for event in held] == ["study.remote"]


def test_the_same_seed_is_the_same_recording(demo: Demo) -> None:
    again = run_virtual(_demo_recorded, seed=5, max_steps=10**8)
    assert again.events == demo.events
    assert again.header == demo.header


def test_a_ring_says_how_many_were_lost_and_where_to_go_on() -> None:
    ring = Ring(most=3)
    events = [Pressed(t=float(n), device="a.b", press="1") for n in range(5)]
    for event in events:
        ring.add(event)
    page = ring.since(0, 2)
    assert (list(page.events), page.following, page.lost) == (events[2:4], 4, 2)
    page = ring.since(page.following, 2)
    assert (list(page.events), page.following, page.lost) == (events[4:], 5, 0)
    page = ring.since(99, 2)
    assert (list(page.events), page.following, page.lost) == ([], 5, 0)
    page = ring.since(-7, 2)
    assert (list(page.events), page.lost) == (events[2:4], 2)


def test_a_captured_device_is_left_out(tmp_path: Path) -> None:
    captured = {"name": "hall.real", "kind": "captured", "radio": "none", "options": {"file": str(tmp_path / "none")}}
    plan = HomePlan.model_validate(
        {"room": [{"name": "hall"}], "device": [captured, {"name": "hall.light", "kind": "switch"}]}
    )

    async def main() -> Header:
        return Recorder(World(plan, 1), lambda: 7.0, lambda _event: None).header()

    header = run_virtual(main)
    assert [device.name for device in header.devices] == ["hall.light"]
    assert header.start == 7.0
