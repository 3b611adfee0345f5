"""EZSP frames against bytes that have a source outside this project: sticks in use, and other projects' own tests."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.zigbee.ezsp.frame import (
    Callback,
    Command,
    Frame,
    Response,
    decode_header,
    encode_callback,
    encode_command,
    encode_legacy_command,
    encode_legacy_response,
    encode_response,
)
from drivers.zigbee.ezsp.table import (
    CALLBACKS,
    CALLBACKS_UNTIL_13,
    COMMANDS,
    COMMANDS_UNTIL_13,
    decode_callback,
    decode_command,
    decode_response,
)
from drivers.zigbee.wire import Record
from tests.helpers.plain import plain

FOLDER = Path(__file__).parents[3] / "vectors" / "zigbee" / "ezsp"

_COMMANDS: dict[str, type[Command]] = {
    kind.__name__: kind for table in (COMMANDS, COMMANDS_UNTIL_13) for kind in table.values()
}
_RESPONSES: dict[str, type[Response]] = {kind.RESPONSE.__name__: kind.RESPONSE for kind in _COMMANDS.values()}
_CALLBACKS: dict[str, type[Callback]] = {
    kind.__name__: kind for table in (CALLBACKS, CALLBACKS_UNTIL_13) for kind in table.values()
}
_KINDS: dict[str, type[Record]] = {**_COMMANDS, **_RESPONSES, **_CALLBACKS}


def _all() -> Iterator[tuple[Path, int, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.toml")):
        for number, vector in enumerate(tomllib.loads(path.read_text())["vector"]):
            yield path, number, vector


def _vectors(key: str) -> list[Any]:
    return [
        pytest.param(vector, id=f"{path.stem}-{number}-{vector['message']}")
        for path, number, vector in _all()
        if key in vector
    ]


def _asked(name: str) -> type[Command]:
    return next(kind for kind in _COMMANDS.values() if kind.RESPONSE is _RESPONSES[name])


def _decode(name: str, frame: Frame, version: int) -> Record | None:
    if name in _COMMANDS:
        assert not frame.is_response
        assert not frame.is_callback
        return decode_command(frame, version)
    if name in _CALLBACKS:
        assert frame.is_callback
        return decode_callback(frame, version)
    assert frame.is_response
    return decode_response(_asked(name), frame, version)


def _encode(message: Record, frame: Frame, version: int) -> bytes:
    if isinstance(message, Callback):
        return encode_callback(frame.sequence, message, version)
    if isinstance(message, Command):
        if frame.legacy:
            return encode_legacy_command(frame.sequence, message)
        return encode_command(frame.sequence, message, version)
    assert isinstance(message, Response)
    if frame.legacy:
        return encode_legacy_response(frame.sequence, frame.frame_id, message)
    return encode_response(frame.sequence, frame.frame_id, message, version)


@pytest.mark.parametrize("vector", _vectors("frame"))
def test_frames_decode_to_the_stated_message_and_encode_back(vector: dict[str, Any]) -> None:
    frame = decode_header(bytes.fromhex(vector["frame"]))
    message = _decode(vector["message"], frame, vector["version"])
    assert message is not None
    assert type(message) is _KINDS[vector["message"]]
    assert plain(message) == vector["fields"], vector["source"]
    encoded = _encode(message, frame, vector["version"])
    assert encoded.hex() == vector.get("encodes_to", vector["frame"]), vector["source"]


@pytest.mark.parametrize("vector", _vectors("payload"))
def test_parameters_decode_to_the_stated_fields_and_encode_back(vector: dict[str, Any]) -> None:
    message = _KINDS[vector["message"]].from_bytes(bytes.fromhex(vector["payload"]), vector["version"])
    assert plain(message) == vector["fields"], vector["source"]
    encoded = message.to_bytes(vector["version"])
    assert encoded.hex() == vector.get("encodes_to", vector["payload"]), vector["source"]


def test_every_vector_is_in_the_file_of_its_module() -> None:
    for path, number, vector in _all():
        assert _KINDS[vector["message"]].__module__.rsplit(".", 1)[1] == path.stem, (path.name, number)


def test_a_stick_says_that_callbacks_are_waiting() -> None:
    # github.com/Koenkk/zigbee-herdsman issue 319.
    assert decode_header(bytes.fromhex("2f8401170000")).callbacks_pending
    assert not decode_header(bytes.fromhex("2c8001020000")).callbacks_pending
