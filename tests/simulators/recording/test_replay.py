"""A recording played through devices, radio bytes, drivers, home, rules, uplink and cloud, in virtual time."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hubagent.agent import Agent
from hubagent.home import Previous
from hubagent.model.event import Event, StateReported
from simulators.recording.format import Done, event_of
from simulators.recording.house import house_of
from simulators.recording.reading import BadRecording, open_recording
from simulators.recording.replay import Played, Wishes, replay
from simulators.virtual_time import run_virtual
from tests.simulators.recording.a_recording import START, a_recording, some_rules


def _play(file: Path, folder: Path, seed: int = 1, **wishes: Any) -> Played:
    hub = folder / f"hub{sum(1 for _ in folder.iterdir())}"
    hub.mkdir()
    with open_recording(file) as recording:
        plan = house_of(recording.header)
        return run_virtual(
            lambda: replay(recording, Wishes(plan, hub, seed=seed, **wishes)), seed=seed, max_steps=10**8
        )


def test_rules_run_on_what_was_recorded_at_the_time_of_day_at_which_it_was(tmp_path: Path) -> None:
    played = _play(a_recording(tmp_path), tmp_path, rules=(some_rules(tmp_path),), after_s=3600.0)
    runs = {rule: (runs.count, round(runs.first_t)) for rule, runs in played.tally.rules.items()}
    # Clocks go from 2 to 3 at t = 3600: five past three is five minutes later.
    assert runs == {
        "light for whoever comes": (1, 60),
        "dark again": (1, 150),
        "too cold": (1, 310),
        "the button says so": (1, 90),
        "at three in the morning, which comes an hour after one": (1, 3900),
    }
    assert [said.text for said in played.tally.notifications] == ["pressed", "18.5 °C", "three"]
    assert played.tally.commands["sent"] == played.tally.commands["confirmed"] == 2
    assert played.counts.played == 6
    assert played.counts.left_out == 2
    assert played.counts.problems == []
    assert played.crashes == 0
    assert played.cloud_messages > 0


def test_at_the_end_devices_hub_and_recording_agree(tmp_path: Path) -> None:
    played = _play(a_recording(tmp_path), tmp_path, hub_too=True, cloud=False)
    assert played.counts.played == 8
    assert played.cloud_messages == 0
    assert played.truth["kitchen.climate"] == {"temperature": 21.0, "humidity": 60.0, "illuminance": 0.0}
    assert played.believed["kitchen.climate"]["temperature"] == 21.0
    assert played.truth["kitchen.heating"]["setpoint"] == played.believed["kitchen.heating"]["heating_setpoint"] == 17.0
    assert played.truth["hall.light"] == {"level": 0.0, "on": False}
    assert played.believed["hall.motion"]["occupied"] is False


def test_the_same_seed_is_the_same_bytes_and_another_is_not(tmp_path: Path) -> None:
    file, rules = a_recording(tmp_path), (some_rules(tmp_path),)
    first, again, other = (_play(file, tmp_path, seed, rules=rules).trace for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_what_the_hub_did_once_is_played_only_where_no_rule_does_it(tmp_path: Path) -> None:
    file = a_recording(tmp_path)
    levels: list[float] = []

    def made(agent: Agent) -> None:
        def hear(event: Event, _previous: Previous) -> None:
            if isinstance(event, StateReported) and "level" in event.values and event.values["level"] not in levels:
                levels.append(float(event.values["level"] or 0))

        agent.home.listen(hear)

    _play(file, tmp_path, rules=(some_rules(tmp_path),), made=made)
    assert levels == pytest.approx([0.0, 30.0], abs=1.0)
    levels.clear()
    _play(file, tmp_path, hub_too=True, made=made)
    assert levels == pytest.approx([0.0, 80.0], abs=1.0)


def test_what_was_so_before_the_start_sets_nothing_off(tmp_path: Path) -> None:
    """The first event of the recording says what its header says already, but for the temperature."""
    played = _play(a_recording(tmp_path), tmp_path, rules=(some_rules(tmp_path),), until=20.0, after_s=0.0)
    assert played.tally.rules == {}
    assert played.counts.played == 1


def test_a_part_of_it_begins_as_the_home_was_by_then(tmp_path: Path) -> None:
    """By 300 s the kitchen is cold, and stays so for 200 s more: no rule may say that it became so."""
    played = _play(a_recording(tmp_path), tmp_path, rules=(some_rules(tmp_path),), since=300.0)
    assert played.counts.played == 2
    assert played.tally.rules == {}
    assert played.truth["kitchen.climate"]["temperature"] == 21.0
    part = _play(a_recording(tmp_path), tmp_path, since=300.0, until=450.0)
    assert part.truth["kitchen.climate"]["temperature"] == 18.5
    assert part.believed["kitchen.climate"]["temperature"] == 18.5
    assert part.ended == 450.0


def test_it_goes_on_until_it_is_to_end_also_where_nothing_comes_any_more(tmp_path: Path) -> None:
    """The last event is at 500 s, and what a rule waits for after it, at 800 s."""
    rules = tmp_path / "rules.toml"
    rules.write_text(
        "[[rule]]\nname = 'warm again'\nwhen = 'kitchen.climate.temperature > 20.5 for 5m'\n"
        "do = [{ notify = 'owner', text = 'warm' }]\n"
    )
    file = a_recording(tmp_path)
    assert _play(file, tmp_path, rules=(rules,)).tally.rules == {}
    played = _play(file, tmp_path, rules=(rules,), until=1200.0)
    assert played.tally.rules["warm again"].first_t == pytest.approx(800.0, abs=1.0)
    assert played.ended == 1200.0
    just = _play(file, tmp_path, rules=(rules,), until=799.0, after_s=0.0)
    assert just.tally.rules == {}
    assert _play(file, tmp_path, rules=(rules,), until=799.0, after_s=5.0).tally.rules.keys() == {"warm again"}


def test_nothing_is_played_from_the_end_on_nor_any_fault_beside_it(tmp_path: Path) -> None:
    fault = event_of({"t": 600.0, "do": "fault device.dead device=kitchen.climate"})
    assert isinstance(fault, Done)
    played = _play(a_recording(tmp_path), tmp_path, until=500.0, faults=(fault,), hub_too=True)
    assert (played.counts.played, played.counts.left_out, played.ended) == (7, 0, 500.0)


def test_rules_of_another_home_are_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        "[[rule]]\nname = 'lost'\nwhen = 'hall.moton becomes occupied'\ndo = [{ set = 'hall.light', on = true }]\n"
    )
    played = _play(a_recording(tmp_path), tmp_path, rules=(rules, some_rules(tmp_path)))
    [remark] = played.remarks
    assert remark.endswith(
        "rule 'lost' never runs in this home: there is no device 'hall.moton'; did you mean 'hall.motion'?"
    )


def test_faults_take_part_in_the_recording_and_beside_it(tmp_path: Path) -> None:
    dead: list[dict[str, Any]] = [
        {"t": 5.0, "do": "fault device.dead device=kitchen.climate"},
        {"t": 10.0, "device": "kitchen.climate", "set": {"temperature": 15.0}},
    ]
    played = _play(a_recording(tmp_path, dead), tmp_path)
    # It is colder than the hub could hear.
    assert played.truth["kitchen.climate"]["temperature"] == 15.0
    assert played.believed["kitchen.climate"]["temperature"] == 20.0
    fault = event_of({"t": 5.0, "do": "fault device.dead device=kitchen.climate"})
    assert isinstance(fault, Done)
    beside = _play(a_recording(tmp_path, dead[1:]), tmp_path, faults=(fault,))
    assert beside.believed["kitchen.climate"]["temperature"] == 20.0
    assert beside.counts.played == 2


def test_what_is_impossible_is_counted_and_said_and_the_rest_is_played(tmp_path: Path) -> None:
    events = [
        {"t": 1.0, "device": "hall.light", "set": {"open": True}},
        {"t": 2.0, "device": "hall.light", "press": "9"},
        {"t": 3.0, "do": "walk nobody hall"},
        {"t": 4.0, "do": "fault device.dead device=hall.nothing"},
        {"t": 5.0, "device": "hall.light", "set": {"level": 10}},
    ]
    played = _play(a_recording(tmp_path, events), tmp_path)
    assert (played.counts.played, played.counts.impossible) == (1, 4)
    for problem, words in zip(
        played.counts.problems,
        ("t 1: no hand sets 'open'", "t 2: it has no button '9'", "t 3: nobody is called", "t 4: there is no device"),
        strict=True,
    ):
        assert problem.startswith(words)
    assert played.truth["hall.light"]["level"] == 10.0


def test_a_file_that_goes_wrong_in_the_middle_ends_the_play_with_its_line(tmp_path: Path) -> None:
    file = a_recording(tmp_path)
    with file.open("a") as more:
        more.write("nonsense\n")
    with pytest.raises(BadRecording, match=r"flat\.jsonl:10: it is no JSON"):
        _play(file, tmp_path)


@pytest.mark.parametrize(("start", "years"), [(0.0, 84), (START, 28), (1_735_000_000.0, 28), (2_000_000_000.0, 0)])
def test_a_recording_of_any_date_is_played_at_that_day_and_time(tmp_path: Path, start: float, years: int) -> None:
    """In a year that the hub can believe."""
    walls: list[float] = []

    def made(agent: Agent) -> None:
        agent.home.listen(lambda _event, _previous: walls.append(agent.events.since(1, 10_000).entries[-1].at))

    played = _play(a_recording(tmp_path, start=start), tmp_path, made=made)
    assert played.counts.played == 6
    then, now = (datetime.fromtimestamp(unix, ZoneInfo("Europe/Berlin")) for unix in (start + 500, max(walls)))
    assert now.year - then.year == years
    assert (now.month, now.day, now.weekday(), now.utcoffset()) == (
        then.month,
        then.day,
        then.weekday(),
        then.utcoffset(),
    )
    assert 0 <= (now.hour * 60 + now.minute) - (then.hour * 60 + then.minute) <= 2
