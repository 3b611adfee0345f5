"""Every command class against what zwave-js' own unit tests parsed and serialised.

The recordings are not part of the project. Where they are absent these tests are skipped.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.table import VERSIONS, UnknownCommand, decode
from tests.drivers.zwave.command_classes import peer_names_actuators, peer_names_management, peer_names_sensors
from tests.drivers.zwave.command_classes.peer import Peer

RECORDINGS = Path(__file__).parents[4].parent / "shared" / "data" / "zwave_cc_vectors.jsonl"

PEERS: Final[dict[str, Peer]] = {
    **peer_names_actuators.PEERS,
    **peer_names_management.PEERS,
    **peer_names_sensors.PEERS,
}

# Lines in which we and zwave-js differ on purpose: bytes and the reason.
EXCEPTIONS: Final[dict[str, str]] = {
    **peer_names_actuators.EXCEPTIONS,
    **peer_names_sensors.EXCEPTIONS,
}


def _read() -> list[dict[str, Any]]:
    if not RECORDINGS.exists():
        return []
    return [json.loads(text) for text in RECORDINGS.read_text().splitlines()]


LINES: Final = _read()

# zwave-js' tests also construct commands that zwave-js then refuses to read: what is invalid in one line is in all.
INVALID: Final = frozenset(line["hex"] for line in LINES if line["class"] == "InvalidCC")


def _parameters() -> list[Any]:
    if not LINES:
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no recordings at {RECORDINGS}"))]
    return [
        pytest.param(line, id=f"{number}-{line['class']}-{line['hex'][:16]}")
        for number, line in enumerate(LINES, start=1)
        if line["ccId"] in VERSIONS
    ]


def _differences(line: dict[str, Any]) -> list[str]:
    """What of the line is not as we have it; empty when all is."""
    data = bytes.fromhex(line["hex"])
    try:
        command = decode(data)
    except MalformedCommand as error:
        return [] if line["hex"] in INVALID else [f"malformed: {error}"]
    if line["hex"] in INVALID:
        return [f"{command} is invalid for zwave-js"]
    if command.to_bytes() != data:
        return [f"encodes to {command.to_bytes().hex()}"]
    return _command_differences(command, line["class"], line["fields"])


def _command_differences(command: object, name: str, fields: dict[str, Any]) -> list[str]:
    if name.endswith("CC"):  # a class without a command: one that zwave-js does not know either
        return [] if isinstance(command, UnknownCommand) else [f"{command} is unknown to zwave-js"]
    if name not in PEERS:
        return [f"no table of names has {name}"]
    peer = PEERS[name]
    if type(command) is not peer.kind:
        return [f"{command} is not a {peer.kind.__name__}"]
    compared = {field: value for field, value in fields.items() if field not in peer.ignored}
    unknown = [f"no table of names has {field} of {name}" for field in compared.keys() - peer.fields.keys()]
    ours = {field: peer.fields[field](command) for field in compared.keys() & peer.fields.keys()}
    return unknown + [
        f"{field}: {value!r} here, {compared[field]!r} in zwave-js"
        for field, value in ours.items()
        if value != compared[field]
    ]


@pytest.mark.parametrize("line", _parameters())
def test_zwave_js_and_we_read_and_write_the_same(line: dict[str, Any]) -> None:
    if line["hex"] not in EXCEPTIONS:
        assert _differences(line) == []


@pytest.mark.skipif(not LINES, reason=f"no recordings at {RECORDINGS}")
@pytest.mark.parametrize("data", EXCEPTIONS)
def test_every_exception_is_still_one(data: str) -> None:
    assert any(_differences(line) for line in LINES if line["hex"] == data), EXCEPTIONS[data]
