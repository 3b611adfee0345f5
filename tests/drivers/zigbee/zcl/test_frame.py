"""The ZCL frame: its header in both sizes, and what an answer looks like. Bytes with a source are in the vectors."""

import pytest

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters.ikea import ArrowRelease
from drivers.zigbee.zcl.clusters.on_off import Toggle
from drivers.zigbee.zcl.foundation import DefaultResponse, ReadAttributes, global_frame
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus, status_of


def test_a_frame_has_three_bytes_before_its_payload() -> None:
    frame = ZclFrame(7, 0x0A, b"\x01\x02", cluster_specific=False, from_server=True)
    assert frame.to_bytes() == bytes.fromhex("08070a0102")


def test_a_frame_with_a_makers_code_has_five() -> None:
    frame = ZclFrame(
        7, 2, b"", cluster_specific=True, from_server=False, manufacturer_code=0x115F, disable_default_response=True
    )
    assert frame.to_bytes() == bytes.fromhex("155f110702")


def test_reserved_bits_of_the_control_are_left_alone() -> None:
    assert ZclFrame.from_bytes(bytes.fromhex("e80701")) == ZclFrame(7, 1, b"", cluster_specific=False, from_server=True)


@pytest.mark.parametrize("data", ["", "00", "0001", "04", "045f11", "045f1101"])
def test_a_header_that_is_cut_short_is_malformed(data: str) -> None:
    with pytest.raises(MalformedFrame):
        ZclFrame.from_bytes(bytes.fromhex(data))


@pytest.mark.parametrize("control", [0x02, 0x03, 0x0A, 0x17])
def test_a_reserved_type_of_frame_is_malformed(control: int) -> None:
    with pytest.raises(MalformedFrame, match="reserved"):
        ZclFrame.from_bytes(bytes((control, 1, 2, 3, 4, 5)))


def test_a_command_knows_its_direction_and_its_maker() -> None:
    toggle = frame_of(1, Toggle())
    assert (toggle.cluster_specific, toggle.from_server, toggle.manufacturer_code) == (True, False, None)
    assert frame_of(1, ArrowRelease(1000)).manufacturer_code == 0x117C
    assert frame_of(1, Toggle(), disable_default_response=True).to_bytes() == bytes.fromhex("110102")


def test_a_global_command_goes_in_the_direction_that_is_said() -> None:
    asked = ReadAttributes((5,))
    assert global_frame(1, asked).to_bytes() == bytes.fromhex("0001000500")
    assert global_frame(1, asked, from_server=True, manufacturer_code=0x117C).to_bytes() == bytes.fromhex(
        "0c7c1101000500"
    )


def test_an_answer_turns_the_direction_round_and_asks_for_no_answer() -> None:
    asked = ZclFrame.from_bytes(bytes.fromhex("055f110702"))
    refusal = DefaultResponse(asked.command, ZclStatus.UNSUP_COMMAND)
    answer = asked.answer(DefaultResponse.COMMAND, refusal.to_bytes(), cluster_specific=False)
    assert answer.to_bytes() == bytes.fromhex("1c5f11070b0281")


def test_a_status_that_is_not_known_is_its_number() -> None:
    assert status_of(0x86) is ZclStatus.UNSUPPORTED_ATTRIBUTE
    assert status_of(0x77) == 0x77
    assert DefaultResponse.from_bytes(b"\x02\x77") == DefaultResponse(2, 0x77)
