"""A hub's log becomes a recording, which played brings about that log again."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hubagent.api.views import devices_view, entry_views
from simulators.recording.format import T_MAX_S, Became, Done, Event, Header, Pressed, table_of
from simulators.recording.house import house_of
from simulators.recording.hub_cast import TooMuch
from simulators.recording.hub_tape import Told, hub_tape, remarks
from simulators.recording.hub_views import Known, devices_in, view_of
from simulators.recording.reading import open_recording
from simulators.recording.replay import Wishes, replay
from simulators.recording.writing import spooling
from simulators.virtual_time import run_virtual
from tests.helpers.a_site import a_site

START = 1_800_000_000.0


def _line(t: float, device: str, attribute: str, value: Any, **more: Any) -> dict[str, Any]:
    line = {"event": "reported", "device": device, "name": device, "attribute": attribute, "value": value}
    return {**line, "t": START + t, "cause": None, **more}


def _recorded(
    folder: Path, lines: list[dict[str, Any]], known: tuple[Known, ...] = (), start: float | None = START
) -> tuple[Header, list[Event], Told]:
    with hub_tape(start, known) as tape, spooling(folder / "one") as spool:
        for line in lines:
            tape.hear(view_of(line))
        header, told = tape.finish(spool, "hub", None)
    with open_recording(folder / "one") as recording:
        return header, list(recording.events), told


def test_reports_become_what_devices_become_and_what_is_no_change_nothing(tmp_path: Path) -> None:
    known = (Known("hall.light", "hall.light", {"on": False, "level": 0}),)
    lines = [
        _line(1.0, "hall.light", "on", False),
        _line(2.0, "hall.light", "on", True),
        _line(2.0, "hall.light", "level", 40),
        _line(3.0, "hall.light", "level", 40),
        _line(4.0, "hall.light", "level", None),
        _line(5.0, "kitchen.air", "temperature", 20.5),
        _line(6.0, "kitchen.air", "pressure", 1013),
    ]
    header, events, told = _recorded(tmp_path, lines, known)
    assert [table_of(event) for event in events] == [
        {"t": 2.0, "device": "hall.light", "set": {"on": True}},
        {"t": 2.0, "device": "hall.light", "set": {"level": 40}},
        {"t": 5.0, "device": "kitchen.air", "set": {"temperature": 20.5}},
    ]
    assert [(device.name, device.kind) for device in header.devices] == [
        ("hall.light", "dimmer"),
        ("kitchen.air", "climate"),
    ]
    assert header.devices[0].state == {"on": False, "level": 0}
    assert told.unplayed == {"kitchen.air.pressure": 1}
    assert told.names == {}


def test_what_a_rule_had_sent_is_the_hubs_doing_and_what_a_person_had_is_not(tmp_path: Path) -> None:
    def sent(t: float, cause: str, event: str = "sent") -> dict[str, Any]:
        return _line(t, "hall.blind", "position", 0, event=event, cause=cause)

    lines = [
        _line(0.0, "hall.blind", "position", 100),
        sent(10.0, "rule:evening"),
        _line(12.0, "hall.blind", "position", 90),
        _line(30.0, "hall.blind", "position", 0),
        sent(30.1, "rule:evening", "answered"),
        _line(31.0, "hall.blind", "position", 1),
        _line(40.0, "hall.blind", "position", 50),
        sent(50.0, "api"),
        _line(51.0, "hall.blind", "position", 0),
        sent(60.0, "rule:evening"),
        _line(200.0, "hall.blind", "position", 70),
    ]
    _, events, _ = _recorded(tmp_path, lines)
    told = [(event.t, event.by) for event in events if isinstance(event, Became)]
    assert told == [
        (0.0, None),
        (12.0, "hub"),
        (30.0, "hub"),
        (31.0, "hub"),
        (40.0, None),
        (51.0, None),
        (200.0, None),
    ]


def test_what_a_sensor_measures_after_a_command_is_not_the_hubs_doing(tmp_path: Path) -> None:
    lines = [
        _line(1.0, "hall.plug", "on", False),
        _line(2.0, "hall.plug", "on", True, event="sent", cause="rule:on"),
        _line(2.1, "hall.plug", "on", True),
        _line(2.2, "hall.plug", "power", 60.5),
        _line(9.0, "hall.plug", "on", False),
        # What is plugged in is the same, although it draws nothing now.
        _line(9.1, "hall.plug", "power", 0),
    ]
    _, events, _ = _recorded(tmp_path, lines)
    told = [(dict(event.set), event.by) for event in events if isinstance(event, Became)]
    assert told == [({"on": False}, None), ({"on": True}, "hub"), ({"load": 60.5}, None), ({"on": False}, None)]


def test_presses_are_played_on_the_button_that_was_pressed(tmp_path: Path) -> None:
    def press(t: float, button: str, gesture: str) -> dict[str, Any]:
        return _line(t, "sofa.remote", button, gesture, event="pressed")

    lines = [
        press(1, "button_2", "double"),
        press(2, "button_1", "hold"),
        press(2.2, "button_1", "hold_repeat"),
        press(3, "button_1", "release"),
        press(4, "button_1", "quintuple"),
        press(5, "button_77", "single"),
    ]
    header, events, told = _recorded(tmp_path, lines)
    assert [(event.t, event.press, event.gesture) for event in events if isinstance(event, Pressed)] == [
        (1.0, "2", "double"),
        (2.0, "1", "hold"),
        (3.0, "1", "release"),
    ]
    assert header.devices[0].options == {"buttons": 2}
    assert told.unplayed == {"sofa.remote.button_1": 1, "sofa.remote.button_77": 1}


def test_a_device_that_was_silent_has_no_power_meanwhile(tmp_path: Path) -> None:
    def presence(t: float, event: str, state: str | None = None) -> dict[str, Any]:
        return {**_line(t, "hall.light", "", None), "event": event, "state": state, "attribute": None}

    lines = [
        _line(0.0, "hall.light", "on", True),
        presence(1.0, "changed", "ready"),
        presence(5.0, "silent"),
        presence(5.0, "changed", "dead"),
        presence(6.0, "changed", "interviewing"),
        presence(9.0, "changed", "ready"),
        presence(20.0, "left"),
    ]
    _, events, _ = _recorded(tmp_path, lines)
    assert [(event.t, event.do) for event in events if isinstance(event, Done)] == [
        (5.0, "fault device.dead device=hall.light"),
        (9.0, "fault device.alive device=hall.light"),
        (20.0, "fault device.dead device=hall.light"),
    ]


def test_a_clock_that_was_put_back_does_not_disorder_the_recording(tmp_path: Path) -> None:
    lines = [_line(100.0, "a.b", "on", True), _line(40.0, "a.b", "on", False), _line(101.0, "a.b", "on", True)]
    _, events, told = _recorded(tmp_path, lines)
    assert [event.t for event in events] == [100.0, 100.0, 101.0]
    assert told.early == 1
    assert any("the hub's clock was put back" in line for line in remarks(told))


def test_a_clock_that_jumped_over_decades_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(TooMuch, match="did the clock jump"):
        _recorded(tmp_path, [_line(-START, "a.b", "on", True), _line(0, "a.b", "on", False)], start=None)
    assert T_MAX_S < START


def test_without_a_start_the_first_line_is_it(tmp_path: Path) -> None:
    header, events, _ = _recorded(tmp_path, [_line(7.5, "a.b", "on", True)], start=None)
    assert header.start == START + 7.5
    assert [event.t for event in events] == [0.0]


def test_other_names_are_told(tmp_path: Path) -> None:
    _, _, told = _recorded(tmp_path, [_line(0, "Küche oben", "on", True), _line(0, "a.b", "on", True)])
    assert told.names == {"Küche oben": "kuche_oben"}
    assert remarks(told) == ["'Küche oben' is called kuche_oben in it"]


def test_a_hub_recorded_and_played_to_another_hub_says_the_same(tmp_path: Path) -> None:
    """Both hubs' logs: of the one that lived in the demo, and of the one to whose devices its log was played."""

    async def live() -> None:
        async with a_site("demo", seed=8, cloud=False) as site:
            agent = await site.settle()
            following = agent.events.following
            devices = devices_in(devices_view(agent.home))
            with hub_tape(site.wall(), devices) as tape, spooling(tmp_path / "one") as spool:
                for _ in range(12):
                    await asyncio.sleep(10)
                    page = agent.events.since(following, 4096)
                    following = page.following
                    for entry in page.entries:
                        for view in entry_views(entry, agent.home):
                            tape.hear(view_of(view))
                tape.finish(spool, "hub", None)
            believed.update(site.picture())

    believed: dict[str, dict[str, Any]] = {}
    run_virtual(live, seed=8, max_steps=10**8)
    (tmp_path / "hub").mkdir()
    with open_recording(tmp_path / "one") as recording:
        wishes = Wishes(house_of(recording.header), tmp_path / "hub", hub_too=True, cloud=False)
        played = run_virtual(lambda: replay(recording, wishes), seed=9, max_steps=10**8)
    assert played.counts.problems == []
    assert played.counts.played > 50
    settable = ("on", "position", "locked", "open", "occupied", "leak", "smoke", "heating_setpoint", "mode")
    compared = 0
    for name, before in believed.items():
        # A strip's outlets are devices of their own there, and its whole none.
        other = played.believed.get(name.replace("/", "_"))
        for attribute in settable if other is not None else ():
            if attribute in before:
                compared += 1
                assert other is not None
                assert (name, attribute, other[attribute]) == (name, attribute, before[attribute])
    assert compared > 20
