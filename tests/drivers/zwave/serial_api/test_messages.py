"""Every message of the Serial API against bytes that have a source outside this project, and against any bytes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.application import ApplicationUpdate
from drivers.zwave.serial_api.function import MalformedMessage, Message, to_frame
from drivers.zwave.serial_api.inclusion import AddNodeCallback, NetworkStatus, RemoveNodeCallback
from drivers.zwave.serial_api.send_data import (
    SendDataBridgeResponse,
    SendDataCallback,
    TransmitReport,
    TransmitStatus,
)
from drivers.zwave.serial_api.table import REQUESTS, UNSOLICITED, decode_request, decode_unsolicited
from drivers.zwave.serial_frame import DataFrame, FrameType
from tests.helpers.plain import plain

FOLDER = Path(__file__).parents[3] / "vectors" / "serial_api"


def _kinds() -> dict[str, type[Message]]:
    kinds: dict[str, type[Message]] = {kind.__name__: kind for kind in (*UNSOLICITED, setup.SetupRefused)}
    requests: tuple[Any, ...] = (*REQUESTS, *setup.REQUESTS, setup.UnknownSetup)
    for request in requests:
        kinds |= {kind.__name__: kind for kind in (request, request.RESPONSE, request.CALLBACK) if kind is not None}
    return kinds


KINDS = _kinds()


def _vectors() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for number, vector in enumerate(tomllib.loads(path.read_text())["vector"]):
            found.append(pytest.param(vector, id=f"{path.stem}-{number}-{vector['message']}"))
    return found


@pytest.mark.parametrize("vector", _vectors())
def test_bytes_decode_to_the_stated_fields_and_encode_back(vector: dict[str, Any]) -> None:
    frame = DataFrame.from_bytes(bytes.fromhex(vector["bytes"]))
    message = KINDS[vector["message"]].from_payload(frame.payload)
    assert plain(message) == vector["fields"], vector["source"]
    assert to_frame(message).to_bytes().hex() == vector.get("encodes_to", vector["bytes"]), vector["source"]


@pytest.mark.parametrize("vector", _vectors())
def test_the_table_finds_the_message_of_a_frame(vector: dict[str, Any]) -> None:
    frame = DataFrame.from_bytes(bytes.fromhex(vector["bytes"]))
    kind = KINDS[vector["message"]]
    assert (frame.type, frame.function) == (kind.TYPE, kind.FUNCTION)
    if kind in (*REQUESTS, *setup.REQUESTS):
        assert type(decode_request(frame)) is kind
    elif kind in UNSOLICITED:
        assert type(decode_unsolicited(frame)) is kind


def test_every_message_has_a_vector_in_the_file_of_its_module() -> None:
    found = {
        (vector["message"], path.stem)
        for path in FOLDER.glob("*.toml")
        for vector in tomllib.loads(path.read_text())["vector"]
    }
    assert found == {(name, kind.__module__.rsplit(".", 1)[1]) for name, kind in KINDS.items()}


@pytest.mark.parametrize("request_kind", [*REQUESTS, *setup.REQUESTS])
def test_a_request_s_response_and_callback_are_of_its_function(request_kind: Any) -> None:
    for kind, type_ in ((request_kind.RESPONSE, FrameType.RESPONSE), (request_kind.CALLBACK, FrameType.REQUEST)):
        if kind is not None:
            assert kind.FUNCTION == request_kind.FUNCTION
            assert kind.TYPE is type_


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=64))
def test_arbitrary_payloads_raise_only_malformed_message(name: str, payload: bytes) -> None:
    kind = KINDS[name]
    try:
        message = kind.from_payload(payload)
    except MalformedMessage:
        return
    assert kind.from_payload(message.to_payload()) == message


@given(st.integers(0, 255), st.sampled_from(FrameType), st.binary(max_size=64))
def test_arbitrary_frames_raise_only_malformed_message(function: int, type_: FrameType, payload: bytes) -> None:
    frame = DataFrame(type_, function, payload)
    for decode in (decode_request, decode_unsolicited):
        try:
            decode(frame)
        except MalformedMessage:
            continue


@given(st.binary(max_size=32))
def test_arbitrary_transmit_reports_raise_only_malformed_message(data: bytes) -> None:
    try:
        report = TransmitReport.from_bytes(data)
    except MalformedMessage:
        return
    assert TransmitReport.from_bytes(report.to_bytes()) == report


def test_a_transmit_report_says_by_which_way_the_command_went() -> None:
    # zwave-js 15.29.0 serialises a report: one repeater, -60 dBm, a beam of a second, 100 kbit/s.
    report = TransmitReport.from_bytes(bytes.fromhex("01c4ba7f7f7f0000030200000043010000"))
    assert report.repeaters == (2,)
    assert report.ack_rssi_dbm == -60
    assert report.ack_repeater_rssi_dbm == (-70, None, None, None)
    assert report.speed_and_beam == 0x43
    assert report.attempts == 1


def test_a_function_that_is_not_kept_is_none_and_no_error() -> None:
    assert decode_request(DataFrame(FrameType.REQUEST, 0xF4)) is None
    assert decode_unsolicited(DataFrame(FrameType.REQUEST, 0xF4)) is None


def test_an_unknown_setup_command_is_kept_to_be_refused() -> None:
    request = decode_request(DataFrame(FrameType.REQUEST, 0x0B, b"\x99"))
    assert request == setup.UnknownSetup(b"\x99")


def test_a_bridge_response_without_its_status_counts_as_accepted() -> None:
    assert SendDataBridgeResponse.from_payload(b"").accepted


@pytest.mark.parametrize(
    ("number", "status"),
    # ZW_transport_api.h of SDK 7.x: TRANSMIT_COMPLETE_VERIFIED is 5; of SDK 4.x: TRANSMIT_COMPLETE_HOP_1_FAIL is 6.
    [(0x05, TransmitStatus.OK), (0x06, TransmitStatus.NO_ACK), (0xFE, TransmitStatus.NO_ACK)],
)
def test_a_callback_with_a_status_that_is_not_listed_ends_its_call_all_the_same(
    number: int, status: TransmitStatus
) -> None:
    assert SendDataCallback.from_payload(bytes((7, number, 0, 3))) == SendDataCallback(7, status, 3)


@pytest.mark.parametrize("number", [0x09, 0x23])
def test_whatever_else_ends_an_inclusion_or_exclusion_is_a_failure(number: int) -> None:
    # ZW_controller_api.h: SECURITY_FAILED 9, NOT_PRIMARY 0x23.
    for kind in (AddNodeCallback, RemoveNodeCallback):
        callback = kind.from_payload(bytes((7, number, 0, 0)))
        assert callback.status is NetworkStatus.FAILED
        assert callback.final


def test_a_failed_update_carries_no_information() -> None:
    update = decode_unsolicited(DataFrame(FrameType.REQUEST, 0x49, bytes.fromhex("810000")))
    assert isinstance(update, ApplicationUpdate)
    assert update.information is None
