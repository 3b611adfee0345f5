"""Conversations of bellows and zigbee2mqtt with a stick: all that they said has a class here, and the same parts in it.

The logs hold values, not bytes. So each line's values are put into our class in the order of its bytes, written, read
again, and must be what the line says.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.zigbee.ezsp.configuration import AddEndpoint
from drivers.zigbee.ezsp.table import callback_type, command_type
from drivers.zigbee.ezsp.utilities import Counts
from drivers.zigbee.wire import Listed, Nested, Record, Trailing, layout

FOLDER = Path(__file__).parents[5] / "shared" / "data" / "zigbee_captures"
VERSION = 14
LOGS = ("bellows_v14.log", "zigbee2mqtt_v14.log")

_LINE = re.compile(r"^ *[\d.]+ (?P<way>=>|<= CB) 0x(?P<number>[0-9A-F]{4}) (?P<name>\w+) (?P<values>.*)$")
_WITHOUT_ITS_VALUES = re.compile(r"DECODE-FAIL|legacyfmt|customFrame|\[default\]$")
_ADDRESS = re.compile(r"\b(?:[0-9a-f]{2}:){7,15}[0-9a-f]{2}\b")


def lines(log: str) -> Iterator[tuple[str, int, str, str]]:
    path = FOLDER / log
    if not path.exists():
        pytest.skip(f"needs the captures in {FOLDER}")
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _LINE.match(line)
        if found:
            yield found["way"], int(found["number"], 16), found["name"], found["values"]


def plain_values(text: str) -> Any:
    """Python's own notation of numbers, bytes and lists, made of the log's."""
    text = re.sub(r"<[\w.|]+: (\d+)>", r"\1", text)  # <EmberApsOption.RETRY: 64>
    text = _ADDRESS.sub(lambda found: _address(found[0]), text)
    text = re.sub(r"\w+\((?=\w+=)", "(", text)  # EmberApsFrame(profileId=...
    text = re.sub(r"\b\w+=(?=[\d(b\[])", "", text)
    return ast.literal_eval(text)


def _address(text: str) -> str:
    data = bytes.fromhex(text.replace(":", ""))
    return str(int.from_bytes(data)) if len(data) == 8 else repr(data)


def flat(values: Any) -> list[Any]:
    if isinstance(values, dict):
        return flat(list(values.values()))
    if isinstance(values, list | tuple):
        return [part for value in values for part in flat(value)]
    return [values]


def built(kind: type[Record], parts: list[Any]) -> Record:
    """A record of these values, which are taken away from `parts`."""
    values: dict[str, Any] = {}
    for name, wire in layout(kind, VERSION):
        if isinstance(wire, Nested):
            values[name] = built(wire.kind, parts)
        elif isinstance(wire, Counts | Listed):
            values[name] = tuple(parts)
            parts.clear()
        elif parts or not isinstance(wire, Trailing):
            values[name] = parts.pop(0)
    return kind(**values)


def parts_of(record: Record) -> list[Any]:
    found: list[Any] = []
    for name, _ in layout(type(record), VERSION):
        value = getattr(record, name)
        found += parts_of(value) if isinstance(value, Record) else flat(value)
    return [value for value in found if value is not None]


def the_same(kind: type[Record], values: Any) -> None:
    """The values are those of the record, all of them, in the order of its bytes."""
    parts = flat(values)
    left = list(parts)
    record = built(kind, left)
    assert not left, (kind, parts)
    read = kind.from_bytes(record.to_bytes(VERSION), VERSION)
    assert read == record
    assert parts_of(read) == parts


@pytest.mark.parametrize("log", LOGS)
def test_all_that_hosts_and_sticks_said_has_a_class_of_its_name(log: str) -> None:
    seen = 0
    for way, number, name, _ in lines(log):
        kind = command_type(number, VERSION) if way == "=>" else callback_type(number, VERSION)
        assert kind is not None, name
        assert kind.__name__.lower() == name.lower()
        seen += 1
    assert seen > 50


@pytest.mark.parametrize("log", LOGS)
def test_commands_and_answers_have_the_values_of_the_log(log: str) -> None:
    seen = 0
    for way, number, name, text in lines(log):
        if way != "=>" or _WITHOUT_ITS_VALUES.search(f"{name} {text}"):
            continue
        kind = command_type(number, VERSION)
        assert kind is not None
        asked, _, answered = text.rpartition(" -> ")
        if kind is not AddEndpoint:  # the log has both lists in one
            the_same(kind, plain_values(asked))
        the_same(kind.RESPONSE, plain_values(answered))
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("log", LOGS)
def test_callbacks_have_the_values_of_the_log(log: str) -> None:
    seen = 0
    for way, number, _, text in lines(log):
        if way == "<= CB":
            kind = callback_type(number, VERSION)
            assert kind is not None
            the_same(kind, plain_values(text))
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("log", LOGS)
def test_endpoints_are_added_as_the_log_says(log: str) -> None:
    for _, number, _, text in lines(log):
        if number == AddEndpoint.ID:
            said = plain_values(text.rpartition(" -> ")[0])
            inputs = said["inputClusterCount"]
            clusters = tuple(said["inputClusterList"])
            assert len(clusters) == inputs + said["outputClusterCount"]
            command = AddEndpoint(
                said["endpoint"],
                said["profileId"],
                said["deviceId"],
                said["deviceVersion"],
                clusters[:inputs],
                clusters[inputs:],
            )
            assert AddEndpoint.from_bytes(command.to_bytes(VERSION), VERSION) == command
