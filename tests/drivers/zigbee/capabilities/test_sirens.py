"""What can be made to sound, byte for byte, and that nobody believes it sounds because it was told to."""

from typing import Any

import pytest

from drivers.zigbee.capabilities.table import (
    bindings_of,
    capabilities_of,
    plan_for,
    questions_of,
    said_by_command,
    state_reads_of,
)
from drivers.zigbee.capabilities.translation import Read
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.on_off import SwitchOnOff
from tests.drivers.zigbee.capabilities.nodes import (
    DOOR_LOCK,
    IAS_WD,
    IAS_ZONE,
    LEVEL,
    ON_OFF,
    TEMPERATURE,
    THERMOSTAT,
    Attributes,
    a_node,
    an_end_point,
    of_one,
)

SIREN = 0x0403
SMOKE: Attributes = {IAS_ZONE: {0x0001: 0x0028}}


def a_siren(*more: int, max_duration_s: Any = None) -> NodeRecord:
    attributes: Attributes = {} if max_duration_s is None else {IAS_WD: {0x0000: max_duration_s}}
    return a_node(an_end_point(IAS_ZONE, IAS_WD, *more, device_type=SIREN, attributes=attributes))


def told(record: NodeRecord, on: bool, part: int = 0) -> str:
    """Its payload: mode, strobe and level in one byte, duration, duty cycle, level of the strobe (ZCL8 §8.4)."""
    plan = plan_for(SwitchOnOff(on), record, part)
    assert plan is not None
    (command,) = plan.commands
    assert command.cluster == IAS_WD
    return command.frame(0x42).to_bytes().hex()


def test_a_siren_is_made_to_sound_and_to_stop_in_these_bytes() -> None:
    # Emergency, with the strobe, loud, for 240 s; the light is on for half of the time.
    assert told(a_siren(max_duration_s=240), on=True) == "014200" + "36" + "f000" + "32" + "02"
    assert told(a_siren(max_duration_s=240), on=False) == "014200" + "00" + "0000" + "00" + "00"


@pytest.mark.parametrize(
    ("max_duration_s", "sent"),
    [
        (60, "3c00"),
        (900, "8403"),
        # It could sound for half a day, and nobody could end it if the hub were gone.
        (0xFFFE, "8403"),
        # It does not say, or says nothing that can be meant.
        (None, "f000"),
        (0, "f000"),
        ("long", "f000"),
    ],
)
def test_it_sounds_for_as_long_as_it_may_within_reason(max_duration_s: Any, sent: str) -> None:
    assert told(a_siren(max_duration_s=max_duration_s), on=True)[8:12] == sent


@pytest.mark.parametrize(
    "record",
    [
        a_siren(),
        # A siren by its device type, whatever else there is elsewhere on the device.
        a_node(an_end_point(IAS_WD, device_type=SIREN), an_end_point(DOOR_LOCK, number=2)),
        # Alarms and sensors that can be made to sound.
        of_one(IAS_ZONE, IAS_WD, attributes=SMOKE),
        a_node(an_end_point(IAS_ZONE, IAS_WD, number=35, attributes=SMOKE), an_end_point(TEMPERATURE, number=38)),
    ],
)
def test_what_can_sound_is_switched_on_and_off(record: NodeRecord) -> None:
    assert "on_off" in capabilities_of(record)[0]
    assert plan_for(SwitchOnOff(True), record, 0) is not None


@pytest.mark.parametrize(
    "record",
    [
        of_one(IAS_ZONE, attributes=SMOKE),
        of_one(DOOR_LOCK, IAS_WD),
        of_one(THERMOSTAT, IAS_WD),
        a_node(an_end_point(IAS_WD), an_end_point(DOOR_LOCK, number=2)),
        # It commands sirens, and is none.
        a_node(an_end_point(IAS_ZONE, outputs=(IAS_WD,))),
    ],
)
def test_on_and_off_are_not_offered_of_what_is_for_something_else(record: NodeRecord) -> None:
    assert "on_off" not in capabilities_of(record)[0]
    assert plan_for(SwitchOnOff(True), record, 0) is None


@pytest.mark.parametrize("clusters", [(ON_OFF, IAS_WD), (ON_OFF, LEVEL, IAS_WD)])
def test_a_plug_that_can_also_sound_is_a_plug(clusters: tuple[int, ...]) -> None:
    for record in (of_one(*clusters), a_node(an_end_point(*clusters, device_type=SIREN))):
        plan = plan_for(SwitchOnOff(True), record, 0)
        assert plan is not None
        assert [command.cluster for command in plan.commands] == [ON_OFF]
        assert capabilities_of(record)[0].count("on_off") == 1


def test_a_plug_with_a_siren_on_another_end_point_stays_one_device() -> None:
    record = a_node(an_end_point(ON_OFF), an_end_point(IAS_WD, number=2))
    assert set(capabilities_of(record)) == {0}


def test_a_smoke_alarm_that_can_sound_is_a_smoke_alarm_as_before() -> None:
    record = of_one(IAS_ZONE, IAS_WD, attributes=SMOKE)
    assert capabilities_of(record)[0] == (*capabilities_of(of_one(IAS_ZONE, attributes=SMOKE))[0], "on_off")


def test_nothing_says_whether_it_sounds_so_nothing_is_read_or_bound() -> None:
    record = a_siren()
    plan = plan_for(SwitchOnOff(True), record, 0)
    assert plan is not None
    assert plan.readback == ()
    assert IAS_WD not in {read.cluster for read in state_reads_of(record)}
    assert IAS_WD not in {binding.cluster for binding in bindings_of(record)}
    assert Read(1, IAS_WD, (0x0000,)) in questions_of(record)
    # Not even its own commands, sent back to us, are a state.
    assert said_by_command(record, 1, IAS_WD, ZclFrame.from_bytes(bytes.fromhex("01420036f0003202"))) == []
