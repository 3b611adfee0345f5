"""What an interview makes of devices of before Z-Wave Plus, and of sloppy ones: bytes asked, bytes answered."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from drivers.zwave.capabilities.table import capabilities_of, said
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.table import decode
from drivers.zwave.interview.stages import interview
from drivers.zwave.node_record import NodeRecord, Stage

_Answer = TypeVar("_Answer", bound=Command)


class Device:
    """A node with a table of answers, by end point; what is not in it is not answered."""

    own_node_id = 1

    def __init__(self, generic: int, information: str, answers: dict[str, str], specific: int = 0) -> None:
        self.record = self.known = NodeRecord(7)
        self.told: list[str] = []
        self.state_read_at: Stage | None = None
        self._device_class = (generic, specific)
        self._information = information
        self._answers = answers

    def endpoint(self, number: int) -> "EndPointOf":
        return EndPointOf(self, number)

    async def protocol_info(self) -> None:
        self.record.root.generic_class, self.record.root.specific_class = self._device_class

    async def node_information(self) -> tuple[int, ...]:
        return tuple(bytes.fromhex(self._information))

    async def read_state(self) -> None:
        self.state_read_at = self.record.stage

    def reached(self, stage: Stage) -> None: ...

    def answer(self, number: int, question: str) -> str | None:
        place = f"{number}: " if number else ""
        return self._answers.get(place + question)


class EndPointOf:
    def __init__(self, device: Device, number: int) -> None:
        self._device = device
        self._number = number

    async def ask(
        self, get: Command, expected: type[_Answer], matches: Callable[[_Answer], bool] | None = None
    ) -> _Answer | None:
        answer = self._device.answer(self._number, get.to_bytes().hex(" "))
        if answer is None:
            self._device.record.unanswered += 1
            return None
        report: Any = decode(bytes.fromhex(answer))
        assert isinstance(report, expected)
        return report if matches is None or matches(report) else None

    async def tell(self, command: Command) -> None:
        self._device.told.append(command.to_bytes().hex(" "))


async def interviewed(device: Device) -> NodeRecord:
    await interview(device)
    assert device.record.stage is Stage.COMPLETE
    return device.record


async def test_the_state_is_read_before_the_interview_is_complete() -> None:
    device = Device(0x10, "25", {})
    await interviewed(device)
    assert device.state_read_at is Stage.LIFELINE


async def test_without_version_every_class_is_of_version_1() -> None:
    record = await interviewed(Device(0x10, "25 27 72 ef 20", {}))
    assert record.root.versions == {0x25: 1, 0x27: 1, 0x72: 1}


@pytest.mark.parametrize("information", ["72", "86 72"])
async def test_a_device_that_says_nothing_else_is_spoken_to_in_basic_if_it_answers(information: str) -> None:
    record = await interviewed(Device(0x10, information, {"20 02": "20 03 00"}))
    assert record.root.version(0x20) == 1
    assert capabilities_of(record.root) == ("on_off",)
    assert not (await interviewed(Device(0x10, information, {}))).root.has(0x20)


@pytest.mark.parametrize("generic", [0x01, 0x02, 0x0F, 0x18])
async def test_who_controls_others_is_no_switch(generic: int) -> None:
    assert not (await interviewed(Device(generic, "72", {"20 02": "20 03 00"}))).root.has(0x20)


async def test_a_class_in_the_node_information_is_there_although_version_says_0() -> None:
    record = await interviewed(Device(0x10, "86 25", {"86 13 25": "86 14 25 00"}))
    assert record.root.version(0x25) == 1


async def test_multi_channel_version_2_has_end_points() -> None:
    # ZWave_cmd_classes.xml, Multi Channel version 2: End Point Get 07, Capability Get 09.
    answers = {"86 13 60": "86 14 60 02", "60 07": "60 08 00 02", "60 09 01": "60 0a 01 10 01 25"}
    record = await interviewed(Device(0x10, "86 60 25", answers))
    assert sorted(record.end_points) == [0, 1]
    assert record.end_points[1].generic_class == 0x10
    assert record.end_points[1].versions == {0x25: 1}


async def test_a_lifeline_with_one_place_is_made_free_for_the_end_points_reports() -> None:
    answers = {
        "86 13 60": "86 14 60 04",
        "86 13 8e": "86 14 8e 03",
        "60 07": "60 08 00 01",
        "60 09 01": "60 0a 01 10 01",
    }
    device = Device(0x10, "86 60 85 8e", answers)
    await interviewed(device)
    # SDS13783, Multi Channel Association Remove 04 and Set 01: the group, nodes, a marker, node and end point.
    assert device.told == ["8e 04 01 01", "8e 01 01 00 01 00"]


@pytest.mark.parametrize(
    ("mask", "answered", "types"),
    [
        # SDS13781, Thermostat Setpoint Supported Report: bits 1 and 2 are heating and cooling by either reading.
        ("06", [], [1, 2]),
        # Bit 7 is type 7 (furnace) by interpretation B, energy save heating (11) by A.
        ("82", [1, 11], [1, 11]),
        ("82", [1, 7], [1, 7]),
    ],
)
async def test_an_old_thermostat_has_the_setpoints_that_it_answers_for(
    mask: str, answered: list[int], types: list[int]
) -> None:
    answers = {"43 04": f"43 05 {mask}"}
    answers |= {f"43 02 {kind:02x}": "43 03 00 01 00" for kind in range(1, 16)}
    answers |= {f"43 02 {kind:02x}": f"43 03 {kind:02x} 01 14" for kind in answered}
    record = await interviewed(Device(0x08, "40 43", answers))
    assert record.root.facts_of(0x43)["types"] == types


async def test_a_device_that_wakes_only_by_its_button_is_given_no_interval() -> None:
    # SDS13782, Wake Up Interval Capabilities Report: minimum, maximum, default and step of 0.
    answers = {"86 13 84": "86 14 84 02", "84 09": "84 0a" + " 00" * 12, "84 05": "84 06 00 00 00 01"}
    device = Device(0x20, "86 84 30", answers)
    record = await interviewed(device)
    assert "84 04 00 00 00 01" in device.told
    assert record.wake_up_interval_s == 0


async def test_a_sensor_that_cannot_list_its_types_is_complete_all_the_same() -> None:
    record = await interviewed(Device(0x21, "31 80", {}))
    assert capabilities_of(record.root) == ("power_source",)


@pytest.mark.parametrize(
    ("report", "answers", "before", "after"),
    [
        # SDS13781, Multilevel Sensor: temperature, and then supported types 1 (temperature) and 5 (humidity).
        (
            "31 05 01 22 00 c8",
            {"86 13 31": "86 14 31 05", "31 01": "31 02 11", "31 03 01": "31 06 01 01", "31 03 05": "31 06 05 01"},
            ("temperature_measurement",),
            ("temperature_measurement", "relative_humidity_measurement"),
        ),
        # SDS13781, Meter: energy in kWh, and then an electric meter of kWh and W.
        (
            "32 02 21 44 00 00 03 e8 00 00",
            {"86 13 32": "86 14 32 03", "32 03": "32 04 21 05"},
            ("electrical_energy_measurement",),
            ("electrical_energy_measurement", "electrical_power_measurement"),
        ),
    ],
    ids=["sensor", "meter"],
)
async def test_a_report_before_the_interview_is_no_answer_to_what_else_there_is(
    report: str, answers: dict[str, str], before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    device = Device(0x21, f"86 {report[:2]}", answers)
    root = device.record.root
    root.versions[int(report[:2], 16)] = 0
    assert said(decode(bytes.fromhex(report)), root)
    assert capabilities_of(root) == before
    assert capabilities_of((await interviewed(device)).root) == after


async def test_a_report_before_the_interview_says_what_there_is_where_the_device_cannot() -> None:
    device = Device(0x21, "31 86", {"86 13 31": "86 14 31 04"})
    device.record.root.versions[0x31] = 0
    said(decode(bytes.fromhex("31 05 01 22 00 c8")), device.record.root)
    assert capabilities_of((await interviewed(device)).root) == ("temperature_measurement",)


async def interviewed_again(device: Device, lost: set[str]) -> NodeRecord:
    """Aside, as a record in use is replaced: the answers to `lost` do not come."""
    device.known, device.record = device.record, NodeRecord(7)
    device._answers = {get: answer for get, answer in device._answers.items() if get not in lost}
    return await interviewed(device)


KNOWN = {
    # Manufacturer Specific; Version 3 of Multilevel Sensor and so on; firmware; Z-Wave Plus; name and location.
    "72 04": "72 05 01 02 03 04 05 06",
    "86 11": "86 12 03 04 05 01 07",
    "5e 01": "5e 02 01 05 00 00 00 00 00",
    "77 02": "77 03 00 6c 61 6d 70",
    "77 05": "77 06 00 68 61 6c 6c",
    # Multilevel Sensor 5: temperature in both scales and humidity; Meter 3: kWh and W; Color: red, green and blue.
    "86 13 31": "86 14 31 05",
    "31 01": "31 02 11",
    "31 03 01": "31 06 01 03",
    "31 03 05": "31 06 05 01",
    "86 13 32": "86 14 32 03",
    "32 03": "32 04 21 05",
    "86 13 33": "86 14 33 01",
    "33 01": "33 02 1c 00",
    # Indicator 3 with the indicator that identifies the node, and no next one.
    "86 13 87": "86 14 87 03",
    "87 04 50": "87 05 50 00 01 07",
    # Configuration 4: the parameters 1 and 2, a byte each; Wake Up 1: an interval of an hour.
    "86 13 70": "86 14 70 04",
    "70 0e 00 00": "70 0f 00 01 01 00 09 00 00 02",
    "70 0e 00 02": "70 0f 00 02 01 00 09 00 00 00",
    "84 05": "84 06 00 0e 10 01",
}


@pytest.mark.parametrize("lost", [*KNOWN, "all of them"])
async def test_what_is_not_answered_at_another_interview_stays_as_it_was(lost: str) -> None:
    device = Device(0x10, "5e 72 77 86 31 32 33 70 84 87", dict(KNOWN))
    before = await interviewed(device)
    assert len(capabilities_of(before.root)) > 4
    known = before.to_record()
    again = (await interviewed_again(device, set(KNOWN) if lost not in KNOWN else {lost})).to_record()
    for what in ("unanswered", "interviews"):
        del again[what], known[what]
    assert again == known


async def test_what_is_answered_otherwise_at_another_interview_is_taken_over() -> None:
    device = Device(0x10, "5e 72 77 86 31 32 33 70 84 87", dict(KNOWN))
    await interviewed(device)
    device._answers |= {"31 01": "31 02 01", "33 01": "33 02 04 00", "86 11": "86 12 03 04 05 01 08"}
    record = await interviewed_again(device, {"72 04"})
    assert record.root.facts_of(0x31)["scales"] == {"1": [0, 1]}
    assert record.root.facts_of(0x33)["components"] == [2]
    assert record.firmware == "1.8"


async def test_a_device_of_which_only_its_reports_say_what_it_is_is_the_same_after_another_interview() -> None:
    device = Device(0x21, "31", {})
    before = await interviewed(device)
    said(decode(bytes.fromhex("31 05 01 22 00 c8")), before.root)
    assert capabilities_of((await interviewed_again(device, set())).root) == ("temperature_measurement",)


async def test_a_device_that_spoke_basic_does_so_after_another_interview_without_answer() -> None:
    device = Device(0x10, "72", {"20 02": "20 03 00"})
    await interviewed(device)
    assert capabilities_of((await interviewed_again(device, {"20 02"})).root) == ("on_off",)
