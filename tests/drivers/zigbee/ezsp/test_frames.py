"""All EZSP frames, of the versions where layouts changed: both directions, and against any bytes."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee import ezsp
from drivers.zigbee.ezsp.frame import (
    Callback,
    Command,
    Frame,
    Response,
    decode_header,
    encode_callback,
    encode_command,
    encode_response,
)
from drivers.zigbee.ezsp.green_power import GpAddress, GpApplicationId
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, SendUnicast, SendUnicastResponse
from drivers.zigbee.ezsp.security import ImportTransientKey
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.table import (
    CALLBACKS,
    CALLBACKS_UNTIL_13,
    COMMANDS,
    COMMANDS_UNTIL_13,
    callback_type,
    command_type,
    decode_callback,
    decode_command,
    decode_response,
)
from drivers.zigbee.ezsp.token_interface import GetTokenDataResponse
from drivers.zigbee.ezsp.utilities import GetEui64, InvalidCommand, InvalidCommandResponse, ReadCountersResponse
from drivers.zigbee.wire import MalformedFrame, Record
from tests.drivers.zigbee.ezsp.messages import messages

VERSIONS = (13, 14, 16, 18, 19)
"""13 and 14: everything; 16: Green Power; 18 and 19: tokens, MAC filters."""

_COMMANDS = (*COMMANDS.values(), *COMMANDS_UNTIL_13.values())
_CALLBACKS = (*CALLBACKS.values(), *CALLBACKS_UNTIL_13.values())
_KINDS: tuple[type[Record], ...] = (*_COMMANDS, *(kind.RESPONSE for kind in _COMMANDS), *_CALLBACKS)

versions = st.sampled_from(VERSIONS)


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=10)  # of each of 500 kinds
@given(data=st.data(), version=versions)
def test_every_message_comes_back_as_it_went(kind: type[Record], data: st.DataObject, version: int) -> None:
    message = data.draw(messages(kind, version))
    assert kind.from_bytes(message.to_bytes(version), version) == message


@given(kind=st.sampled_from(_KINDS), version=versions, data=st.binary(max_size=120))
def test_arbitrary_bytes_raise_only_malformed_frame(kind: type[Record], version: int, data: bytes) -> None:
    try:
        message = kind.from_bytes(data, version)
    except MalformedFrame:
        return
    assert kind.from_bytes(message.to_bytes(version), version) == message


@given(data=st.binary(max_size=40), version=versions)
def test_arbitrary_frames_raise_only_malformed_frame(data: bytes, version: int) -> None:
    try:
        frame = decode_header(data)
        decode_command(frame, version)
        decode_callback(frame, version)
        decode_response(GetEui64, frame, version)
    except MalformedFrame:
        return


@settings(max_examples=300)
@given(kind=st.sampled_from(_KINDS), version=versions, data=st.data())
def test_a_message_that_is_cut_short_is_malformed_or_another(
    kind: type[Record], version: int, data: st.DataObject
) -> None:
    whole = data.draw(messages(kind, version)).to_bytes(version)
    for length in range(len(whole)):
        try:
            message = kind.from_bytes(whole[:length], version)
        except MalformedFrame:
            continue
        assert kind.from_bytes(message.to_bytes(version), version) == message


# --- the table


def _defined() -> dict[str, str]:
    """Every class with an ID in the modules of the package, and where it is."""
    found: dict[str, str] = {}
    for path in sorted(Path(ezsp.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and _number(node) is not None:
                assert node.name not in found
                found[node.name] = path.stem
    return found


def _number(node: ast.ClassDef) -> ast.expr | None:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "ID":
            return statement.value
    return None


def test_the_table_has_every_command_and_callback_once() -> None:
    listed = [kind.__name__ for kind in (*_COMMANDS, *_CALLBACKS)]
    assert sorted(listed) == sorted(_defined())
    assert not COMMANDS.keys() & CALLBACKS.keys()


def test_no_two_of_a_table_have_one_number() -> None:
    for table in (COMMANDS, CALLBACKS, COMMANDS_UNTIL_13, CALLBACKS_UNTIL_13):
        assert all(number == kind.ID for number, kind in table.items())
    names = {kind.__name__: kind.__module__ for kind in (*_COMMANDS, *_CALLBACKS)}
    sources = {name: f"drivers.zigbee.ezsp.{module}" for name, module in _defined().items()}
    assert names == sources


@pytest.mark.parametrize("kind", _COMMANDS, ids=lambda kind: kind.__name__)
def test_a_response_is_named_after_its_command_and_is_of_no_other(kind: type[Command]) -> None:
    assert kind.RESPONSE.__name__ == f"{kind.__name__}Response"
    assert issubclass(kind.RESPONSE, Response)
    assert [other for other in _COMMANDS if other.RESPONSE is kind.RESPONSE] == [kind]


def test_a_number_means_what_it_meant_in_its_version() -> None:
    assert [getattr(command_type(0x005D, version), "__name__", None) for version in (13, 14, 16, 17)] == [
        "SetAddressTableRemoteNodeId",
        None,
        None,
        "GpProxyTableRemoveEntry",
    ]
    assert [getattr(callback_type(0x0062, version), "__name__", None) for version in (13, 14, 17)] == [
        "IncomingSenderEui64Handler",
        None,
        "MuxInvalidRxHandler",
    ]


def test_a_command_that_is_not_kept_is_none_and_no_error() -> None:
    for frame_id in (0x0F00, InvalidCommand.ID + 0x0100):
        frame = Frame(sequence=1, frame_id=frame_id, payload=b"")
        assert decode_command(frame, 14) is None
        assert decode_callback(frame, 14) is None


# --- headers


@given(data=st.data(), version=versions, sequence=st.integers(0, 255))
def test_a_command_travels_with_its_header(data: st.DataObject, version: int, sequence: int) -> None:
    kind = data.draw(st.sampled_from([kind for kind in COMMANDS.values() if version >= kind.SINCE]))
    kind = command_type(kind.ID, version) or kind
    command = data.draw(messages(kind, version))
    frame = decode_header(encode_command(sequence, command, version))
    assert frame == Frame(sequence, kind.ID, command.to_bytes(version))
    assert decode_command(frame, version) == command


@given(data=st.data(), version=versions, sequence=st.integers(0, 255), control=st.integers(0, 7))
def test_a_response_travels_with_its_header(data: st.DataObject, version: int, sequence: int, control: int) -> None:
    kind = data.draw(st.sampled_from(_COMMANDS))
    response = data.draw(messages(kind.RESPONSE, version))
    frame = decode_header(encode_response(sequence, kind.ID, response, version, control=control))
    assert (frame.sequence, frame.frame_id) == (sequence, kind.ID)
    assert frame.is_response
    assert not frame.is_callback
    assert (frame.overflow, frame.truncated, frame.callbacks_pending) == tuple(bool(control & bit) for bit in (1, 2, 4))
    assert decode_response(kind, frame, version) == response


@given(data=st.data(), version=versions, sequence=st.integers(0, 255))
def test_a_callback_travels_with_its_header_and_is_no_response(
    data: st.DataObject, version: int, sequence: int
) -> None:
    kind = data.draw(st.sampled_from([kind for kind in CALLBACKS.values() if version >= kind.SINCE]))
    kind = callback_type(kind.ID, version) or kind
    callback = data.draw(messages(kind, version))
    frame = decode_header(encode_callback(sequence, callback, version))
    assert frame.is_callback
    assert not frame.is_response
    assert decode_callback(frame, version) == callback


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x80", b"\x00\x80\x01", b"\x00\x80\x01\x34"])
def test_a_header_that_is_cut_short_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_header(data)


def test_what_comes_instead_of_an_answer_is_a_refusal_or_malformed() -> None:
    refusal = encode_response(3, InvalidCommand.ID, InvalidCommandResponse(Status.COMMAND_IS_INVALID), 14)
    assert decode_response(GetEui64, decode_header(refusal), 14) == InvalidCommandResponse(Status.COMMAND_IS_INVALID)
    another = encode_response(3, SendUnicast.ID, SendUnicastResponse(Status.OK, 1), 14)
    with pytest.raises(MalformedFrame):
        decode_response(GetEui64, decode_header(another), 14)


@pytest.mark.parametrize(("version", "reason"), [(13, "31"), (14, "31"), (14, "31000000")])
def test_a_refusal_is_read_whether_its_reason_has_one_byte_or_four(version: int, reason: str) -> None:
    response = InvalidCommandResponse.from_bytes(bytes.fromhex(reason), version)
    assert response.reason is Status.COMMAND_IS_INVALID


@pytest.mark.parametrize("version", VERSIONS)
def test_a_refusal_begins_with_an_ezsp_status_in_every_version(version: int) -> None:
    # UG100 "EzspStatus": ERROR_VERSION_NOT_SET 0x30, ERROR_INVALID_FRAME_ID 0x31.
    assert InvalidCommandResponse(Status.NOT_INITIALIZED).to_bytes(version)[:1] == b"\x30"
    assert InvalidCommandResponse(Status.COMMAND_IS_INVALID).to_bytes(version)[:1] == b"\x31"


# --- what is written by hand


@given(data=st.data(), version=versions)
def test_a_unicast_written_by_hand_is_as_any_command_is_written(data: st.DataObject, version: int) -> None:
    command: Any = data.draw(messages(SendUnicast, version))
    assert command.to_bytes(version) == Record.to_bytes(command, version)


@given(data=st.data(), version=versions, behind=st.binary(max_size=3))
def test_an_incoming_message_read_by_hand_is_as_any_callback_is_read(
    data: st.DataObject, version: int, behind: bytes
) -> None:
    message = data.draw(messages(IncomingMessageHandler, version)).to_bytes(version) + behind
    assert IncomingMessageHandler.from_bytes(message, version) == IncomingMessageHandler.unpack(message, 0, version)[0]


def test_a_tag_too_large_for_an_old_stick_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="version 13"):
        SendUnicast(0, 1, ApsFrame(0, 0, 0, 0), 256, b"").to_bytes(13)


# --- what hosts and sticks do otherwise than the others


def test_a_transient_key_comes_with_flags_or_without() -> None:
    # zigbee-herdsman leaves them out since version 14, bellows does not.
    key = b"ZigBeeAlliance09"
    without = ImportTransientKey.from_bytes(b"\xff" * 8 + key, 14)
    assert without == ImportTransientKey(0xFFFF_FFFF_FFFF_FFFF, key, None)
    assert ImportTransientKey.from_bytes(b"\xff" * 8 + key + b"\0", 14) == ImportTransientKey(without.eui64, key)


def test_token_data_may_end_with_a_failure() -> None:
    assert GetTokenDataResponse.from_bytes(bytes.fromhex("2d000000"), 14) == GetTokenDataResponse(Status.NOT_FOUND)


def test_counters_are_read_though_a_byte_stands_behind_them() -> None:
    assert ReadCountersResponse.from_bytes(bytes.fromhex("0100020002"), 14) == ReadCountersResponse((1, 2))


def test_a_green_power_device_is_known_by_its_source_id_or_by_its_eui64() -> None:
    by_source = GpAddress.of_source(0x01234567)
    assert by_source.to_bytes().hex() == "00" + "67452301" * 2 + "00"
    assert by_source.source_id == 0x01234567
    by_eui64 = GpAddress(GpApplicationId.IEEE_ADDRESS, 0x0011223344556677, 1)
    assert by_eui64.to_bytes().hex() == "02" + "7766554433221100" + "01"


def test_only_commands_have_responses_and_only_callbacks_come_unasked() -> None:
    assert all(issubclass(kind, Command) for kind in _COMMANDS)
    assert all(issubclass(kind, Callback) for kind in _CALLBACKS)
