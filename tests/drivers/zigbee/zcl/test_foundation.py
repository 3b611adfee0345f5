"""The commands that every cluster has: what devices do otherwise than the standard, and how fast a report is read."""

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee.wire import MalformedFrame, Record
from drivers.zigbee.zcl.attribute_records import (
    AttributeValue,
    ExpectedReports,
    ReadRecord,
    Reporting,
    ReportingRecord,
    ReportingTold,
    WriteRecord,
)
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import (
    ConfigureReporting,
    ConfigureReportingResponse,
    ReadAttributesResponse,
    ReadReportingConfigurationResponse,
    ReportAttributes,
    WriteAttributes,
    WriteAttributesNoResponse,
    WriteAttributesResponse,
    WriteAttributesUndivided,
)
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from tests.drivers.zigbee.zcl.any_record import records

CALLS_MAX = 6
"""Frame and report, an attribute and its value: two functions and four objects are made of them."""


def _calls(data: bytes) -> list[str]:
    """The Python functions that are called to read a report."""
    seen: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        ReportAttributes.from_bytes(ZclFrame.from_bytes(data).payload)
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize("report", ["18040a0000293408", "18040a00001001", "18040a0000207f", "18040a00003900000040"])
def test_a_report_of_one_attribute_is_read_in_a_handful_of_calls(report: str) -> None:
    calls = _calls(bytes.fromhex(report))
    assert len(calls) <= CALLS_MAX, calls


@given(
    kind=st.sampled_from([ReportAttributes, WriteAttributes, WriteAttributesUndivided, WriteAttributesNoResponse]),
    data=st.data(),
)
def test_a_report_read_by_hand_is_as_any_command_is_read(kind: type[ReportAttributes], data: st.DataObject) -> None:
    raw = data.draw(records(kind)).to_bytes()
    assert kind.from_bytes(raw) == kind.unpack(raw, 0)[0]


def test_a_report_with_a_stray_byte_behind_it_counts() -> None:
    assert ReportAttributes.from_bytes(bytes.fromhex("0000100100")) == ReportAttributes(
        (AttributeValue(0, DataType.BOOLEAN, True),)
    )
    with pytest.raises(MalformedFrame):
        ReportAttributes.from_bytes(bytes.fromhex("0000"))
    with pytest.raises(MalformedFrame):
        ReportAttributes.from_bytes(bytes.fromhex("00001001010020"))


def test_a_report_with_a_type_that_is_not_known_is_malformed_whole() -> None:
    with pytest.raises(MalformedFrame, match="0x99"):
        ReportAttributes.from_bytes(bytes.fromhex("0000100101009900"))


def test_a_report_without_attributes_is_empty() -> None:
    assert ReportAttributes.from_bytes(b"") == ReportAttributes(())


def test_attributes_that_could_not_be_read_have_no_type() -> None:
    response = ReadAttributesResponse.from_bytes(bytes.fromhex("0500860400004203616263"))
    assert response.records == (
        ReadRecord(5, ZclStatus.UNSUPPORTED_ATTRIBUTE),
        ReadRecord(4, ZclStatus.SUCCESS, DataType.CHAR_STRING, "abc"),
    )


@pytest.mark.parametrize(
    ("kind", "record", "raw"),
    [
        (WriteAttributesResponse, WriteRecord(ZclStatus.READ_ONLY, 0x10), "881000"),
        (ConfigureReportingResponse, ReportingRecord(ZclStatus.UNREPORTABLE_ATTRIBUTE, 0, 0x10), "8c001000"),
    ],
)
def test_what_was_refused_is_named_and_success_of_all_is_one_byte(kind: Any, record: Record, raw: str) -> None:
    assert kind((record,)).to_bytes().hex() == raw
    assert kind.from_bytes(bytes.fromhex(raw)) == kind((record,))
    assert kind().to_bytes() == b"\x00"
    assert kind.from_bytes(b"\x00") == kind()
    # Some devices refuse all with one status and no attribute.
    assert kind.from_bytes(b"\x86") == kind((), ZclStatus.UNSUPPORTED_ATTRIBUTE)
    with pytest.raises(MalformedFrame):
        kind.from_bytes(b"")


def test_a_discrete_attribute_is_reported_without_a_change() -> None:
    switch = Reporting(0, DataType.BOOLEAN, 0, 300)
    level = Reporting(0, DataType.UINT8, 0, 300, 5)
    assert ConfigureReporting((switch,)).to_bytes().hex() == "0000001000002c01"
    assert ConfigureReporting((level,)).to_bytes().hex() == "0000002000002c0105"


def test_a_client_is_told_how_long_to_wait_for_reports() -> None:
    command = ConfigureReporting((ExpectedReports(5, 60),))
    assert command.to_bytes().hex() == "0105003c00"
    assert ConfigureReporting.from_bytes(command.to_bytes()) == command


@pytest.mark.parametrize("raw", ["0200001000002c01", "0000009900002c0105"])
def test_a_configuration_that_goes_nowhere_or_has_an_unknown_type_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedFrame):
        ConfigureReporting.from_bytes(bytes.fromhex(raw))


def test_a_configuration_is_told_with_its_attribute() -> None:
    told = ReadReportingConfigurationResponse.from_bytes(bytes.fromhex("000000001000002c018b000500"))
    assert told.records == (
        ReportingTold(ZclStatus.SUCCESS, 0, 0, Reporting(0, DataType.BOOLEAN, 0, 300)),
        ReportingTold(ZclStatus.NOT_FOUND, 0, 5),
    )
