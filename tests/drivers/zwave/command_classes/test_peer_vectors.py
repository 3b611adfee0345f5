"""Every command class against what zwave-js' own unit tests parsed and serialised.

The recordings are not part of the project. Where they are absent these tests are skipped.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.table import VERSIONS, UnknownCommand, decode
from tests.drivers.zwave.command_classes import peer_names_actuators
from tests.drivers.zwave.command_classes.peer import Peer

RECORDINGS = Path(__file__).parents[4].parent / "shared" / "data" / "zwave_cc_vectors.jsonl"

PEERS: Final[dict[str, Peer]] = {
    **peer_names_actuators.PEERS,
}

# Lines in which we and zwave-js differ on purpose: bytes and the reason.
EXCEPTIONS: Final[dict[str, str]] = {}


def _lines() -> list[Any]:
    if not RECORDINGS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no recordings at {RECORDINGS}"))]
    lines = [json.loads(text) for text in RECORDINGS.read_text().splitlines()]
    return [
        pytest.param(line, id=f"{number}-{line['class']}-{line['hex'][:16]}")
        for number, line in enumerate(lines, start=1)
        if line["ccId"] in VERSIONS
    ]


def _differences(line: dict[str, Any]) -> list[str]:
    """What of the line is not as we have it; empty when all is."""
    data = bytes.fromhex(line["hex"])
    name: str = line["class"]
    try:
        command = decode(data)
    except MalformedCommand as error:
        return [] if name == "InvalidCC" else [f"malformed: {error}"]
    if command.to_bytes() != data:
        return [f"encodes to {command.to_bytes().hex()}"]
    if name == "InvalidCC":
        return [f"{command} is invalid for zwave-js"]
    if name.endswith("CC"):  # a class without a command: one that zwave-js does not know either
        return [] if isinstance(command, UnknownCommand) else [f"{command} is unknown to zwave-js"]
    if name not in PEERS:
        return [f"no table of names has {name}"]
    peer = PEERS[name]
    if type(command) is not peer.kind:
        return [f"{command} is not a {peer.kind.__name__}"]
    return [
        difference
        for field, value in line["fields"].items()
        if field not in peer.ignored
        for difference in _field_differences(command, peer, field, value)
    ]


def _field_differences(command: object, peer: Peer, field: str, value: object) -> list[str]:
    if field not in peer.fields:
        return [f"no table of names has {field} of {peer.kind.__name__}"]
    ours = peer.fields[field](command)
    return [] if ours == value else [f"{field}: {ours!r} here, {value!r} in zwave-js"]


@pytest.mark.parametrize("line", _lines())
def test_zwave_js_and_we_read_and_write_the_same(line: dict[str, Any]) -> None:
    differences = _differences(line)
    if line["hex"] in EXCEPTIONS:
        return
    assert differences == []


@pytest.mark.skipif(not RECORDINGS.exists(), reason=f"no recordings at {RECORDINGS}")
@pytest.mark.parametrize("data", EXCEPTIONS)
def test_every_exception_is_still_one(data: str) -> None:
    lines = [json.loads(text) for text in RECORDINGS.read_text().splitlines()]
    assert any(_differences(line) for line in lines if line["hex"] == data), EXCEPTIONS[data]
