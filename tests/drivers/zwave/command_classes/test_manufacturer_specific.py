"""How a device id reads, by the examples of Z-Wave Specification 2024A, table 3.127."""

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.manufacturer_specific import DeviceIdFormat, DeviceIdType, DeviceSpecificReport


def test_a_binary_device_id_is_shown_in_hexadecimal() -> None:
    report = DeviceSpecificReport(DeviceIdType.SERIAL_NUMBER, DeviceIdFormat.BINARY, bytes.fromhex("30313233"))
    assert report.text == "h'30313233"


def test_a_device_id_in_utf_8_is_shown_as_it_is() -> None:
    assert DeviceSpecificReport(DeviceIdType.SERIAL_NUMBER, DeviceIdFormat.UTF_8, "Nº 7".encode()).text == "Nº 7"


def test_a_device_id_that_claims_to_be_text_and_is_not_is_still_shown() -> None:
    assert DeviceSpecificReport(DeviceIdType.SERIAL_NUMBER, DeviceIdFormat.UTF_8, b"A\xff").text == "A\ufffd"


def test_a_device_id_shorter_than_announced_is_malformed() -> None:
    with pytest.raises(MalformedCommand):
        DeviceSpecificReport.from_bytes(bytes.fromhex("720701243031"))
