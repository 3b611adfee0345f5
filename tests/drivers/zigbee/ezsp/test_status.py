"""Statuses of all versions are sl_status values to whoever reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee.ezsp.configuration import GetValueResponse
from drivers.zigbee.ezsp.frame import EzspStatusResponse, LateStatusResponse, StatusResponse
from drivers.zigbee.ezsp.networking import NetworkInitResponse, StackStatusHandler
from drivers.zigbee.ezsp.scanning import StartScanResponse
from drivers.zigbee.ezsp.status import Status


@pytest.mark.parametrize(
    ("byte", "status"),
    # error-def.h of EmberZNet 7.4.
    [
        (0x00, Status.OK),
        (0x01, Status.FAIL),
        (0x02, Status.INVALID_PARAMETER),
        (0x18, Status.ALLOCATION_FAILED),
        (0x66, Status.ZIGBEE_DELIVERY_FAILED),
        (0x70, Status.INVALID_STATE),
        (0x72, Status.ZIGBEE_MAX_MESSAGE_LIMIT_REACHED),
        (0x74, Status.MESSAGE_TOO_LONG),
        (0x90, Status.NETWORK_UP),
        (0x91, Status.NETWORK_DOWN),
        (0x93, Status.NOT_JOINED),
        (0x9B, Status.ZIGBEE_CHANNEL_CHANGED),
        (0x9C, Status.ZIGBEE_NETWORK_OPENED),
        (0x9D, Status.ZIGBEE_NETWORK_CLOSED),
        (0xA1, Status.BUSY),
        (0xB1, Status.INVALID_INDEX),
        (0xB4, Status.FULL),
    ],
)
def test_an_ember_status_is_translated_both_ways(byte: int, status: Status) -> None:
    assert StackStatusHandler.from_bytes(bytes((byte,)), 13).status is status
    assert StackStatusHandler(status).to_bytes(13) == bytes((byte,))


def test_an_ezsp_status_is_another_table() -> None:
    # UG100 "EzspStatus": 0x37 ERROR_INVALID_ID, 0x36 ERROR_INVALID_VALUE, 0x35 ERROR_OUT_OF_MEMORY.
    assert GetValueResponse.from_bytes(b"\x37\x00", 13).status is Status.NOT_SUPPORTED
    assert GetValueResponse.from_bytes(b"\x36\x00", 13).status is Status.INVALID_PARAMETER
    assert GetValueResponse.from_bytes(b"\x35\x00", 13).status is Status.NO_MORE_RESOURCE


@pytest.mark.parametrize("version", range(14, 20))
def test_a_status_has_four_bytes_from_version_14_on(version: int) -> None:
    assert NetworkInitResponse(Status.NOT_JOINED).to_bytes(version).hex() == "17000000"
    assert NetworkInitResponse.from_bytes(bytes.fromhex("020c0000"), version).status is Status.ZIGBEE_DELIVERY_FAILED


def test_a_scan_answers_in_four_bytes_before_version_14_too() -> None:
    # ezspStartScan of EmberZNet 7 returns an sl_status_t.
    assert StartScanResponse(Status.MAC_SCANNING).to_bytes(13).hex() == "4d000000"


def test_a_response_of_no_bytes_before_version_14_counts_as_done() -> None:
    assert LateStatusResponse.from_bytes(b"", 13).status.ok
    assert LateStatusResponse(Status.FAIL).to_bytes(13) == b""


@given(st.integers(0, 0xFF))
def test_every_old_byte_is_some_status_and_means_the_same_when_sent_back(byte: int) -> None:
    status = StatusResponse.from_bytes(bytes((byte,)), 13).status
    assert isinstance(status, Status)
    assert status.ok == (byte == 0)
    again = StatusResponse(status).to_bytes(13)
    assert StatusResponse.from_bytes(again, 13).status == status


@given(st.integers(0, 0xFFFF_FFFF))
def test_every_number_is_a_status_that_is_kept_as_it_is(number: int) -> None:
    status = StatusResponse.from_bytes(number.to_bytes(4, "little"), 14).status
    assert status == number
    assert StatusResponse(status).to_bytes(14) == number.to_bytes(4, "little")


def test_a_status_without_a_name_prints_its_number() -> None:
    assert str(Status(0x7777)) == "STATUS_0x7777"
    assert str(Status.NOT_JOINED) == "NOT_JOINED"
    assert not Status(0x7777).ok
    assert {Status(0x7777): 1}[Status(0x7777)] == 1


def test_what_an_old_byte_cannot_say_is_a_failure() -> None:
    assert StatusResponse(Status.ZIGBEE_NO_APS_ACK).to_bytes(13) == b"\x01"  # ERR_FATAL
    assert EzspStatusResponse(Status.ZIGBEE_NO_APS_ACK).to_bytes(13) == b"\x38"  # ERROR_INVALID_CALL
