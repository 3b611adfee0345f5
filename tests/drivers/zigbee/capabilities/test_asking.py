"""What a node is asked in its interview, what it shall report, and what it is answered when it asks."""

from collections import Counter

import pytest

from drivers.zigbee.capabilities.table import (
    TRANSLATIONS,
    answers_to,
    bindings_of,
    capabilities_of,
    plan_for,
    questions_of,
    state_reads_of,
)
from drivers.zigbee.capabilities.translation import THERE, Binding
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.zcl.attribute_records import Reporting
from drivers.zigbee.zcl.clusters.table import CLUSTERS, attribute_of
from drivers.zigbee.zcl.foundation import ReadAttributesResponse
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.window_covering import GoToPosition
from tests.drivers.zigbee.capabilities.nodes import (
    COLOR,
    COVERING,
    ELECTRICAL,
    IAS_ACE,
    IAS_ZONE,
    IDENTIFY,
    LEVEL,
    METERING,
    ON_OFF,
    POWER,
    TEMPERATURE,
    THERMOSTAT,
    TUYA,
    a_node,
    an_end_point,
    heard,
    of_one,
)

TIME, POLL_CONTROL = 0x000A, 0x0020
CERTAIN = [cluster for cluster in CLUSTERS if cluster < 0xFC00]
"""The ZCL's own."""


def everything() -> NodeRecord:
    return of_one(*CERTAIN, sleeps=True)


def test_what_a_color_lamp_is_asked() -> None:
    lamp = of_one(ON_OFF, LEVEL, COLOR)
    assert {read.cluster: read.attributes for read in questions_of(lamp)} == {
        ON_OFF: (0x4003,),
        LEVEL: (0x0011, 0x0010, 0x4000),
        COLOR: (0x400A, 0x400B, 0x400C, 0x000F, 0x4010),
    }


def test_what_a_lamp_answered_decides_what_is_read_and_reported() -> None:
    white = of_one(COLOR, attributes={COLOR: {0x400A: 0x10}})
    assert [(read.cluster, read.attributes) for read in state_reads_of(white)] == [(COLOR, (7,))]
    colored = of_one(COLOR, attributes={COLOR: {0x400A: 0x1F}})
    (binding,) = bindings_of(colored)
    assert [one.attribute for one in binding.reporting] == [0, 1, 3, 4, 7, 8]


def test_a_meter_reports_what_is_worth_it_in_its_own_steps() -> None:
    meter = of_one(METERING, ELECTRICAL, attributes={
        METERING: {0x0301: 1, 0x0302: 3600000}, ELECTRICAL: {0x0604: 1, 0x0605: 10, 0x0300: None, 0x0505: None},
    })  # fmt: skip
    by_cluster = {binding.cluster: binding for binding in bindings_of(meter)}
    changes = {one.attribute: one.change for one in by_cluster[METERING].reporting}
    assert changes == {0x0000: 0x7FFF}
    changes = {one.attribute: one.change for one in by_cluster[ELECTRICAL].reporting}
    assert changes == {0x050B: 50, 0x0508: 1}


def test_identify_is_neither_bound_nor_reported() -> None:
    assert bindings_of(of_one(IDENTIFY)) == ()


@pytest.mark.parametrize("translation", TRANSLATIONS, ids=lambda one: f"0x{one.cluster:04x}")
def test_a_translation_asks_for_attributes_that_there_are(translation: object) -> None:
    for read in (*questions_of(everything()), *state_reads_of(everything())):
        assert all(attribute_of(read.cluster, attribute) is not None for attribute in read.attributes), read


def test_what_shall_be_reported_can_be_told_to_a_device() -> None:
    for binding in bindings_of(everything()):
        for wish in binding.reporting:
            definition = attribute_of(binding.cluster, wish.attribute)
            assert definition is not None
            assert 0 <= wish.min_s <= wish.max_s < 0xFFFF
            record = Reporting(wish.attribute, wish.type_id or definition.type_id, wish.min_s, wish.max_s, wish.change)
            assert record.to_bytes()


def test_nothing_is_asked_or_bound_twice() -> None:
    node = everything()
    for asked in (questions_of(node), state_reads_of(node)):
        assert all(len(set(read.attributes)) == len(read.attributes) for read in asked)
        assert max(Counter((read.endpoint, read.cluster) for read in asked).values()) == 1
    bound = Counter((binding.endpoint, binding.cluster) for binding in bindings_of(node))
    assert max(bound.values()) == 1
    assert Binding(1, IAS_ZONE) in bindings_of(node)


def test_a_sensor_without_a_battery_cluster_is_not_asked_for_one() -> None:
    plug = of_one(ON_OFF, POWER)
    assert POWER not in {read.cluster for read in state_reads_of(plug)}
    assert "power_source" not in capabilities_of(plug)[0]


def test_what_is_remembered_of_an_answer_survives_a_restart() -> None:
    lamp = of_one(ON_OFF)
    heard(lamp, ON_OFF, "0000 10 01")
    lamp.endpoints[1].attributes.setdefault(ON_OFF, {}).update({THERE | 0x4003: True, 0x4003: None})
    again = NodeRecord.from_record(lamp.to_record())
    assert capabilities_of(again) == {0: ("on_off", "configuration")}


def test_a_covering_that_has_not_been_asked_for_its_position_is_believed_to_have_one() -> None:
    assert plan_for(GoToPosition(50), of_one(COVERING), 0) is not None


# What it asks


def answered(record: NodeRecord, cluster: int, frame: str, now_utc_s: float = 0) -> list[str]:
    answers = answers_to(record, 1, cluster, ZclFrame.from_bytes(bytes.fromhex(frame)), now_utc_s)
    return [answer.command.to_bytes().hex() for answer in answers]


def test_a_zone_is_enrolled() -> None:
    assert answered(of_one(IAS_ZONE), IAS_ZONE, "09 01 01 1500 0000") == ["0001"]


def test_a_device_that_checks_in_may_sleep_again() -> None:
    assert answered(of_one(POLL_CONTROL), POLL_CONTROL, "09 01 00") == ["000000"]


def test_a_remote_of_an_alarm_system_is_answered() -> None:
    fob = a_node(an_end_point(outputs=(IAS_ACE,)))
    assert answered(fob, IAS_ACE, "01 01 00 03 00 00") == ["03"]
    assert answered(fob, IAS_ACE, "01 01 07") == ["00000000"]
    assert answered(fob, IAS_ACE, "01 01 02") == []


def test_the_time_is_told_in_seconds_since_2000() -> None:
    plug = of_one(ON_OFF)
    (answer,) = answers_to(
        plug, 1, TIME, ZclFrame.from_bytes(bytes.fromhex("00 01 00 0000 0100 0500")), 946684800 + 300
    )
    assert isinstance(answer.command, ReadAttributesResponse)
    assert [(one.attribute, one.status, one.value) for one in answer.command.records] == [
        (0, 0x00, 300),
        (1, 0x00, 3),
        (5, 0x86, None),
    ]


def test_tuya_is_told_the_time_in_seconds_since_1970() -> None:
    device = of_one(TUYA, maker="_TZE200_ckud7u2l", model="TS0601")
    assert answered(device, TUYA, "09 01 24 0001", 1_700_000_000.4) == ["0800" + "6553f100" * 2]
    assert answered(device, TUYA, "09 01 25 0001") == ["010001"]


@pytest.mark.parametrize(
    ("cluster", "frame"), [(ON_OFF, "01 01 01"), (TEMPERATURE, "00 01 00 0000"), (THERMOSTAT, "09 01 00")]
)
def test_what_nobody_asks_a_hub_has_no_answer(cluster: int, frame: str) -> None:
    assert answered(of_one(cluster), cluster, frame) == []
