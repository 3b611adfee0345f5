"""Whatever a device sends: a reading of the vocabulary, a press, nothing, or MalformedFrame. Never another error."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.capabilities.quirks.table import MODELS
from drivers.zigbee.capabilities.table import (
    answers_to,
    bindings_of,
    capabilities_of,
    plan_for,
    questions_of,
    said_by_attributes,
    said_by_command,
    state_reads_of,
)
from drivers.zigbee.capabilities.translation import Reading, Said
from drivers.zigbee.node_record import NodeRecord
from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.attribute_records import Reporting
from drivers.zigbee.zcl.clusters.table import CLUSTERS, COMMANDS, attribute_of
from drivers.zigbee.zcl.composite import Collection, Structure
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.color_control import MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capabilities.configuration import CONFIGURATION, SetParameter
from hubagent.model.capabilities.fan_control import SetFanMode
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.table import CAPABILITIES
from hubagent.model.capabilities.thermostat import SetCoolingSetpoint, SetHeatingSetpoint, SetThermostatMode
from hubagent.model.capabilities.window_covering import GoToPosition, GoToTilt, StopMoving
from tests.drivers.zigbee.capabilities.nodes import a_node, an_end_point

ALL_CLUSTERS = tuple(CLUSTERS)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 63), (1 << 64) - 1),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.binary(max_size=24),
    st.builds(Collection, st.just(0x20), st.tuples(st.integers(0, 255))),
    st.builds(lambda value: Structure(((0x20, 1), (0x21, value))), st.integers(0, 65535)),
)
PECULIAR = sorted({key for key in MODELS if key[1] != "TS0601"} | {("_TZE200_ckud7u2l", "TS0601")})
KINDS: list[Any] = [
    None, True, 0, 1, 2, -1, 255, 0xFFFF, 1 << 40, 1.5, float("inf"), -float("inf"), "", "x", b"", b"\x01\x21\xbd\x0b",
]  # fmt: skip
WISHES = (
    SwitchOnOff(True), MoveToLevel(50), MoveToHueSaturation(10, 90), MoveToColorTemperature(3000), GoToPosition(40),
    GoToTilt(40), StopMoving(), SetThermostatMode("heat"), SetHeatingSetpoint(21), SetCoolingSetpoint(21),
    SetFanMode("low"), SetParameter(1, 1),
)  # fmt: skip


def a_strange_node(key: tuple[str, str], clusters: tuple[int, ...], mains: bool) -> NodeRecord:
    end_points = [an_end_point(*clusters, number=number, outputs=clusters) for number in (1, 2)]
    return a_node(*end_points, maker=key[0], model=key[1], mains=mains, sleeps=not mains)


def is_sound(said: list[Said]) -> None:
    for one in said:
        if not isinstance(one, Reading):
            assert 0 <= one.button <= 300
            continue
        capability = CAPABILITIES[one.capability]
        if capability is not CONFIGURATION:
            assert one.values.keys() <= capability.by_name.keys()
        assert all(value is None or isinstance(value, bool | int | float | str) for value in one.values.values())


@settings(max_examples=300)
@given(
    st.sampled_from(PECULIAR),
    st.booleans(),
    st.sampled_from(ALL_CLUSTERS),
    st.dictionaries(st.one_of(st.integers(0, 0x25), st.integers(0, 0xFFFF)), VALUES, max_size=6),
)
def test_any_attributes_with_any_values(
    key: tuple[str, str], mains: bool, cluster: int, values: dict[int, Any]
) -> None:
    node = a_strange_node(key, ALL_CLUSTERS, mains)
    is_sound(said_by_attributes(node, 1, cluster, values))
    is_sound(said_by_attributes(node, 2, cluster, values))


@pytest.mark.parametrize("seed", range(20))
def test_every_attribute_with_values_of_every_kind(seed: int) -> None:
    rng = random.Random(seed)
    node = a_strange_node(rng.choice(PECULIAR), ALL_CLUSTERS, bool(seed % 2))
    for cluster in CLUSTERS.values():
        for attribute in (*cluster.attributes, *cluster.client_attributes):
            is_sound(said_by_attributes(node, 1, cluster.id, {attribute.id: rng.choice(KINDS)}))


@settings(max_examples=300)
@given(
    st.sampled_from(PECULIAR),
    st.sampled_from(COMMANDS),
    st.binary(max_size=24),
)
def test_any_bytes_after_the_header_of_a_command(key: tuple[str, str], kind: Any, payload: bytes) -> None:
    node = a_strange_node(key, ALL_CLUSTERS, mains=False)
    frame = ZclFrame(1, kind.COMMAND, payload, True, kind.FROM_SERVER, kind.MANUFACTURER_CODE)
    try:
        is_sound(said_by_command(node, 1, kind.CLUSTER, frame))
        answers_to(node, 1, kind.CLUSTER, frame, 0)
    except MalformedFrame:
        pass


@pytest.mark.parametrize("seed", range(40))
def test_any_answers_in_the_interview(seed: int) -> None:
    """What was read once is used to ask on, to understand, and to be told: nothing of it is believed."""
    rng = random.Random(seed)
    node = a_strange_node(rng.choice([("", ""), rng.choice(PECULIAR)]), ALL_CLUSTERS, mains=bool(seed % 2))
    for end_point in node.endpoints.values():
        end_point.attributes = {
            cluster.id: {attribute.id: rng.choice(KINDS) for attribute in cluster.attributes if rng.random() < 0.8}
            for cluster in CLUSTERS.values()
        }
    for part in capabilities_of(node):
        for wish in WISHES:
            plan = plan_for(wish, node, part)
            if plan is not None:
                assert [command.frame(1).to_bytes() for command in plan.commands]
                assert plan.confirms is None or plan.confirms({"level": None, "hue": "x"}) is False
    for asked in (questions_of(node), state_reads_of(node)):
        assert all(0 <= attribute <= 0xFFFF for read in asked for attribute in read.attributes)
    for binding in bindings_of(node):
        for one in binding.reporting:
            definition = attribute_of(binding.cluster, one.attribute)
            type_id = one.type_id or (definition.type_id if definition else 0x20)
            assert Reporting(one.attribute, type_id, one.min_s, one.max_s, one.change).to_bytes()
    for cluster in CLUSTERS:
        is_sound(said_by_attributes(node, 1, cluster, {0: 1, 7: 9, 0x0402: 7, 0x050B: 9, 0x0021: 50, 0x0055: 1}))


def test_a_device_cannot_fill_the_memory_of_an_end_point() -> None:
    node = a_strange_node(("", "x"), ALL_CLUSTERS, mains=True)
    for attribute in range(2000):
        for cluster in (0x0006, 0x0008, 0x0300, 0x0201, 0xEF00):
            said_by_attributes(node, 1, cluster, {attribute: 1})
    memory = node.endpoints[1].memory
    assert len(memory) < 20
    assert all(len(kept) < 50 for kept in memory.values() if isinstance(kept, dict))
