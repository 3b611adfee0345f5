"""What makers add to the ZCL, inside attributes and commands: Tuya's data points, Xiaomi's reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zigbee.zcl.clusters.tuya import DataPoint, DataReport, PointType, SetData
from drivers.zigbee.zcl.clusters.xiaomi import Tag, read_report, read_structure, write_report
from drivers.zigbee.zcl.composite import Structure
from drivers.zigbee.zcl.data_types import DataType
from tests.drivers.zigbee.zcl.any_record import typed_values


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("0101000101", True),
        ("0101000100", False),
        ("0202000400000064", 100),
        ("02020004fffffff6", -10),
        ("0303000568656c6c6f", "hello"),
        ("0404000102", 2),
        ("050500020102", 0x0102),
        ("0600000201ff", b"\x01\xff"),
        # A type that is not known, and values that do not fit theirs, are bytes.
        ("0777000101", b"\x01"),
        ("010100020101", b"\x01\x01"),
        ("02020000", b""),
    ],
)
def test_a_data_point_has_the_value_that_its_type_says(data: str, value: object) -> None:
    point, end = DataPoint.unpack(bytes.fromhex(data), 0)
    assert (point.value, type(point.value)) == (value, type(value))
    assert end == len(data) // 2
    assert point.to_bytes().hex() == data


def test_data_points_are_made_of_values() -> None:
    assert DataPoint.boolean(1, True).to_bytes().hex() == "0101000101"
    assert DataPoint.number(2, -10).to_bytes().hex() == "02020004fffffff6"
    assert DataPoint.enum(4, 2).to_bytes().hex() == "0404000102"


@given(point=st.integers(0, 255), value=st.integers(-(1 << 31), (1 << 31) - 1))
def test_a_number_comes_back_as_it_went(point: int, value: int) -> None:
    command = SetData(1, (DataPoint.number(point, value), DataPoint.boolean(point, value > 0)))
    read = SetData.from_bytes(command.to_bytes())
    assert [one.value for one in read.points] == [value, value > 0]


def test_a_report_has_several_data_points() -> None:
    report = DataReport.from_bytes(bytes.fromhex("000101010001010202000400000064"))
    assert [(one.point, one.type, one.value) for one in report.points] == [
        (1, PointType.BOOLEAN, True),
        (2, PointType.NUMBER, 100),
    ]


# --- Xiaomi


def test_a_door_sensors_report_is_read() -> None:
    # zigbee-herdsman (MIT), test/controller.test.ts: lumi.sensor_magnet
    value = bytes.fromhex("0121d50c0328210421a81305212b0006240000050000082104020a21000064 1000")
    assert read_report(value) == {1: 3285, 3: 33, 4: 5032, 5: 43, 6: 327680, 8: 516, 10: 0, 100: False}


def test_a_relays_report_is_read() -> None:
    # zigpy/zha-device-handlers#881
    report = read_report(
        bytes.fromhex(
            "03282605210b0008212e12092100116410006510006e20006f200094200295390ad7a33a9639541814459739f029a43b"
            "9839805a0e3d9b2100009c20010a2100000c2800"
        )
    )
    assert report[Tag.DEVICE_TEMPERATURE] == 38
    assert report[Tag.RESTARTS] == 11
    assert report[Tag.PARENT] == 0
    assert report[Tag.FIRST] is False
    assert report[Tag.ENERGY] == pytest.approx(0.00125)
    assert report[Tag.VOLTAGE] == pytest.approx(2369.52, abs=0.01)
    assert report[Tag.POWER] == pytest.approx(0.03475, abs=0.0001)


def test_what_cannot_be_read_ends_a_report_and_what_was_read_counts() -> None:
    good = bytes.fromhex("0121d50c")
    for rest in ("", "03", "0328", "032199", "05990000", "ff" * 10):
        assert read_report(good + bytes.fromhex(rest))[Tag.BATTERY_MV] == 3285
    assert read_report(b"") == {}
    assert read_report("\x01 d") == {1: 100}


@given(st.dictionaries(st.integers(0, 255), typed_values(), max_size=6))
def test_a_report_comes_back_as_it_went(tags: dict[int, tuple[int, object]]) -> None:
    kept = {tag: typed for tag, typed in tags.items() if typed[0] not in (DataType.NO_DATA, DataType.UNKNOWN)}
    assert read_report(write_report(kept)) == {tag: value for tag, (_, value) in kept.items()}  # type: ignore[arg-type]


@given(st.binary(max_size=60) | st.text(max_size=40))
def test_a_report_of_arbitrary_bytes_is_no_error(value: str | bytes) -> None:
    assert isinstance(read_report(value), dict)


def test_the_second_member_of_the_structure_is_the_battery() -> None:
    # As zigbee-herdsman's tests have it (MIT, test/zspec/zcl/frame.test.ts).
    members = ((0x10, True), (0x21, 3022), (0x21, 17320), (0x24, 1), (0x21, 560), (0x20, 86))
    assert read_structure(Structure(members)) == {Tag.BATTERY_MV: 3022}
    assert read_structure(Structure(members[:1])) == {}
