"""A home that runs elsewhere is recorded, and played to, by questions and answers."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulators.cable import MemoryCable
from simulators.home import home_file, read_home
from simulators.recording.format import Became, Event, Pressed
from simulators.recording.hands import seen
from simulators.recording.live import LOOK_S, WorldRefused, WorldTape, play_live
from simulators.recording.player import Counts
from simulators.recording.questions import PAGE_MAX, Questions
from simulators.recording.reading import open_recording
from simulators.recording.recorder import RING_MAX
from simulators.recording.writing import spooling
from simulators.virtual_time import run_virtual
from simulators.world import World
from simulators.world_control import answer
from tests.simulators.recording.a_recording import a_recording

DEMO = read_home(home_file("demo"))


class AHome:
    """The demo without anybody in it, and somebody to be asked."""

    def __init__(self) -> None:
        self.world = World(DEMO, 3, still=True)
        self._more = Questions(self.world, lambda: 1000.0 + asyncio.get_running_loop().time()).answers

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """As over the wire."""
        line = json.dumps(question).encode()
        told: dict[str, Any] = json.loads(json.dumps(answer(self.world, line, self._more)))
        return told


def _read(path: Path) -> list[Event]:
    with open_recording(path) as recording:
        return list(recording.events)


def test_what_happens_in_it_is_recorded_with_its_own_times(tmp_path: Path) -> None:
    async def main() -> float:
        home = AHome()
        home.ask({"record": {}})
        await asyncio.sleep(50)
        home.world.do("press", "kitchen.light")
        with spooling(tmp_path / "one") as spool:
            tape = WorldTape(home.ask, spool, pytest.fail)
            async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
                running = tasks.create_task(tape.run())
                await asyncio.sleep(1.25 * LOOK_S)
                home.world.do("set", "kitchen.sink", "wet=true")
                await asyncio.sleep(10)
                home.world.do("press", "bedroom.remote", "2", "double")
                await asyncio.sleep(LOOK_S)
                running.cancel()
            spool.finish(tape.header)
        return tape.header.start

    assert run_virtual(main) == 1050.0
    first, second, *_ = _read(tmp_path / "one")
    # What happened before it began is not in it, but for how things were.
    assert first == Became.model_validate({"t": 1.25 * LOOK_S, "device": "kitchen.sink", "set": {"wet": True}})
    assert isinstance(second, Pressed)
    assert (second.device, second.press, second.gesture) == ("bedroom.remote", "2", "double")
    assert second.t == pytest.approx(10 + 1.25 * LOOK_S)
    with open_recording(tmp_path / "one") as recording:
        assert recording.header.by_name["kitchen.light"].state == {"on": True}


def test_more_than_one_answer_holds_is_fetched_at_once_and_what_was_lost_is_said(tmp_path: Path) -> None:
    lost: list[str] = []

    async def main() -> int:
        home = AHome()
        with spooling(tmp_path / "one") as spool:
            tape = WorldTape(home.ask, spool, lost.append)
            for count in range(PAGE_MAX * 2 + 7):
                home.world.do("set", "kitchen.sink", f"wet={'true' if count % 2 == 0 else 'false'}")
            tape.fetch()
            assert spool.events == PAGE_MAX * 2 + 7
            assert lost == []
            for _ in range(RING_MAX + 11):
                home.world.do("press", "kitchen.light")
            tape.fetch()
            return spool.events

    assert run_virtual(main) == PAGE_MAX * 2 + 7 + RING_MAX
    assert lost == ["11 events were lost: they came faster than they were fetched"]


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ({"record": {"since": "0"}}, "events are asked for from a number on"),
        ({"record": {"since": True}}, "events are asked for from a number on"),
        ({"play": {}}, "an event has one of set, press, do"),
        ({"play": {"t": 0, "device": "hall.moon", "set": {"on": True}}}, "the home has no hall.moon"),
        ({"play": {"t": 0, "device": "hall.light", "set": {"open": True}}}, "no hand sets 'open'"),
        ({"play": {"t": 0, "do": "walk nobody hall"}}, "nobody is called 'nobody'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(question: dict[str, Any], complaint: str) -> None:
    async def main() -> dict[str, Any]:
        return AHome().ask(question)

    told = run_virtual(main)
    assert not told["ok"]
    assert complaint in told["error"]


def test_it_is_played_to_in_its_own_time_or_so_many_times_as_fast(tmp_path: Path) -> None:
    devices = [
        {"name": "hall.light", "kind": "dimmer", "state": {"level": 10.0}},
        {"name": "hall.sun", "kind": "climate"},
    ]
    events = [
        {"t": 100.0, "device": "hall.light", "set": {"level": 30.0}},
        {"t": 100.0, "device": "hall.light", "set": {"level": 70.0}, "by": "hub"},
        {"t": 100.0, "device": "hall.sun", "set": {"temperature": 30.0}},
        {"t": 900.0, "device": "hall.light", "set": {"level": 90.0}},
    ]
    file = a_recording(tmp_path, events, devices=devices)

    async def main(speed: float, until: float | None, *, hub_too: bool) -> tuple[Counts, object, float]:
        home = AHome()
        loop = asyncio.get_running_loop()
        async with home.world.running({radio: MemoryCable() for radio in home.world.dongles}):
            with open_recording(file) as recording:
                counts = await play_live(recording, home.ask, speed=speed, hub_too=hub_too, until=until)
            return counts, seen(home.world.devices["hall.light"].device)["level"], loop.time()

    counts, level, time = run_virtual(lambda: main(1.0, 500.0, hub_too=False))
    assert (counts.played, counts.left_out, counts.impossible, level, time) == (1, 1, 1, 30.0, 100.0)
    assert counts.problems == ["t 100: the home has no hall.sun"]
    counts, level, time = run_virtual(lambda: main(10.0, None, hub_too=True))
    assert (counts.played, counts.left_out, level, time) == (3, 0, 90.0, 90.0)


def test_a_home_that_knows_nothing_of_recordings_says_so(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(DEMO, 3, still=True)

        def ask(question: Mapping[str, Any]) -> dict[str, Any]:
            return answer(world, json.dumps(question).encode())

        with spooling(tmp_path / "one") as spool, pytest.raises(WorldRefused, match="what to do is a list of words"):
            WorldTape(ask, spool, pytest.fail)

    run_virtual(main)
