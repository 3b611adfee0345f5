import json
from typing import Any

import pytest

from simulators.recording.format import (
    DEVICES_MAX,
    KIND,
    NUMBER_MAX,
    BadLine,
    Became,
    Done,
    Pressed,
    event_of,
    header_of,
    recording_schema,
    table_of,
)
from tests.helpers.json_schema import complaints

CLIMATE = {"name": "kitchen.climate", "kind": "climate", "state": {"temperature": 21.5}}
HEADER = {"v": 1, "kind": KIND, "start": 1_489_017_438.0, "devices": [CLIMATE]}
EVENTS: list[dict[str, Any]] = [
    {"t": 0.0, "device": "kitchen.climate", "set": {"temperature": 21.5, "humidity": 40}},
    {"t": 1.5, "device": "hall.light", "set": {"on": True, "level": 40.0}, "by": "hub"},
    {"t": 2.0, "device": "hall.strip", "set": {"on:2": False}},
    {"t": 2.0, "device": "hall.remote", "press": "1"},
    {"t": 2.0, "device": "hall.remote", "press": "up", "gesture": "hold"},
    {"t": 2.5, "do": "walk alex kitchen"},
    {"t": 2.5, "do": "fault device.dead device=hall.light"},
]
BAD_EVENTS: list[tuple[Any, str]] = [
    ([], "an event is a JSON object"),
    ({}, "has one of set, press, do; this one has none"),
    ({"t": 1, "device": "a.b", "set": {"on": True}, "press": "1"}, "has several"),
    ({"device": "a.b", "set": {"on": True}}, "t: field required"),
    ({"t": -1, "device": "a.b", "set": {"on": True}}, "t: input should be greater than or equal to 0"),
    ({"t": 1e12, "device": "a.b", "set": {"on": True}}, "t: input should be less than"),
    ({"t": float("nan"), "device": "a.b", "set": {"on": True}}, "t: input should be a finite number"),
    ({"t": True, "device": "a.b", "set": {"on": True}}, "t: input should be a valid number"),
    ({"t": 1, "device": "A B", "set": {"on": True}}, "device: string should match"),
    ({"t": 1, "device": "a.b", "set": {}}, "set: dictionary should have at least 1 item"),
    ({"t": 1, "device": "a.b", "set": {f"a{n}": 1 for n in range(33)}}, "set: dictionary should have at most 32"),
    ({"t": 1, "device": "a.b", "set": {"__class__": 1}}, "set.__class__"),
    ({"t": 1, "device": "a.b", "set": {"on": [1]}}, "set.on: is neither a flag, a number of reasonable size nor"),
    ({"t": 1, "device": "a.b", "set": {"on": None}}, "set.on: is neither"),
    ({"t": 1, "device": "a.b", "set": {"on": NUMBER_MAX + 1}}, "set.on: is neither"),
    ({"t": 1, "device": "a.b", "set": {"on": "x" * 201}}, "set.on: is neither"),
    ({"t": 1, "device": "a.b", "set": {"on": True}, "by": "me"}, "by: input should be 'hub'"),
    ({"t": 1, "device": "a.b", "press": "1", "gesture": "kick"}, "gesture: string should match"),
    ({"t": 1, "do": "walk alex"}, "do: it is written: walk RESIDENT ROOM"),
    ({"t": 1, "do": "dance"}, "do: 'dance' is nothing that can be done"),
    ({"t": 1, "do": "walk alex kitchen", "who": "me"}, "who: there is no such key"),
]
BAD_HEADERS: list[tuple[Any, str]] = [
    ([], "the first line of a recording is"),
    ({**HEADER, "kind": "diary"}, "the first line of a recording is"),
    ({**HEADER, "v": 2}, "it is of version 2; this program reads version 1"),
    ({**HEADER, "start": "yesterday"}, "start: input should be a valid number"),
    ({**HEADER, "start": 1e11}, "start: input should be less than"),
    ({**HEADER, "devices": [CLIMATE, CLIMATE]}, "devices: kitchen.climate: there more than once"),
    ({**HEADER, "devices": [{**CLIMATE, "kind": "oven"}]}, "devices.0: there is no kind 'oven'; there are switch, "),
    ({**HEADER, "devices": [{**CLIMATE, "options": {"x": 1}}]}, "devices.0: options: x: there is no such key"),
    ({**HEADER, "devices": [{"name": "a.b", "kind": "dimmer", "power": "battery"}]}, "does not run on a battery"),
    (
        {**HEADER, "devices": [{**CLIMATE, "name": "kitchen.thermometer", "radio": "zigbee"}]},
        "19 letters; on Zigbee a device keeps 16",
    ),
    (
        {
            **HEADER,
            "devices": [
                {"name": "behind_the_house.lamp", "kind": "dimmer"},
                {"name": "the_hall_upstairs.lamp", "kind": "dimmer"},
            ],
        },
        "devices.1: 'the_hall_upstairs' is no room: those have 16 letters at most; give it a `room`",
    ),
    (
        {**HEADER, "devices": [{"name": "window.lamp", "kind": "dimmer"}]},
        "devices.0: 'window' is no room; give it a `room`",
    ),
    (
        {**HEADER, "devices": [{"name": f"r{number}.lamp", "kind": "dimmer"} for number in range(201)]},
        "devices: a home has 200 rooms at most, not 201; give devices a `room`",
    ),
    ({**HEADER, "devices": [CLIMATE] * (DEVICES_MAX + 1)}, "devices: list should have at most"),
    ({**HEADER, "place": {"timezone": ""}}, "place.timezone"),
    ({**HEADER, "place": {"timezone": "Asia/Tokio"}}, "place: there is no time zone 'Asia/Tokio'; did you mean"),
    ({**HEADER, "place": {"timezone": "../etc/passwd"}}, "place: there is no time zone '../etc/passwd'"),
]


@pytest.mark.parametrize("table", EVENTS, ids=lambda table: json.dumps(table)[:60])
def test_what_is_read_is_what_is_written(table: dict[str, Any]) -> None:
    assert table_of(event_of(table)) == table
    assert complaints(table, recording_schema()) == []


def test_flags_numbers_and_texts_stay_what_they_are() -> None:
    event = event_of({"t": 0, "device": "a.b", "set": {"flag": True, "whole": 1, "number": 1.0, "text": "true"}})
    assert isinstance(event, Became)
    assert [type(value) for value in event.set.values()] == [bool, int, float, str]


@pytest.mark.parametrize(("table", "complaint"), BAD_EVENTS)
def test_a_bad_event_is_refused_in_words(table: Any, complaint: str) -> None:
    with pytest.raises(BadLine) as refused:
        event_of(table)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(("table", "complaint"), BAD_HEADERS)
def test_a_bad_header_is_refused_in_words(table: Any, complaint: str) -> None:
    with pytest.raises(BadLine) as refused:
        header_of(table)
    assert complaint in str(refused.value)


def test_everything_that_is_wrong_with_a_line_is_said_up_to_a_bound() -> None:
    with pytest.raises(BadLine) as refused:
        event_of({"t": 1, "device": "a.b", "set": {"on": True}, **{f"x{n}": 1 for n in range(50)}})
    assert str(refused.value).count("no such key") == 5
    assert str(refused.value).endswith("; and more")


def test_a_recording_from_elsewhere_names_no_file_of_this_machine() -> None:
    captured = {"name": "a.b", "kind": "captured", "radio": "zigbee", "options": {"file": "/etc/passwd"}}
    with pytest.raises(BadLine, match="no kind 'captured'"):
        header_of({**HEADER, "devices": [captured]})


def test_the_schema_takes_headers_and_refuses_what_the_reader_refuses_by_its_shape() -> None:
    schema = recording_schema()
    assert complaints(HEADER, schema) == []
    by_meaning = ("do: ", "t: input should be a finite number")
    wrong_by_shape = [table for table, complaint in BAD_EVENTS if not complaint.startswith(by_meaning)]
    assert [table for table in wrong_by_shape if complaints(table, schema) == []] == []


def test_rooms_come_in_the_order_of_their_devices_and_outside_is_none() -> None:
    names = ("kitchen.a", "outside.b", "hall.c", "kitchen.d")
    devices = [{"name": name, "kind": "climate"} for name in names]
    devices.append({"name": "hall.e", "kind": "climate", "room": "attic"})
    header = header_of({**HEADER, "devices": devices})
    assert header.rooms == ["kitchen", "hall", "attic"]


def test_each_kind_of_event_is_told_by_its_key() -> None:
    kinds = [type(event_of(table)) for table in EVENTS]
    assert kinds == [Became, Became, Became, Pressed, Pressed, Done, Done]
