"""Every kind of device, asked everything that it says it can be asked."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.wire import Record
from drivers.zigbee.zcl.attribute_records import Reporting
from drivers.zigbee.zcl.clusters import basic, diagnostics, identify, poll_control, power_configuration
from drivers.zigbee.zcl.clusters.table import CLUSTERS
from drivers.zigbee.zcl.data_types import is_analog
from drivers.zigbee.zcl.foundation import ConfigureReporting, ConfigureReportingResponse, DefaultResponse
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.status import ZclStatus
from drivers.zigbee.zdo.descriptors import LogicalType
from simulators.devices.blind import Blind
from simulators.devices.device import Battery, Device
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.repeater import Repeater
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from simulators.kinds import CAPTURED, KINDS
from simulators.virtual_time import run_virtual
from simulators.zigbee.faces import FACES, Label, eui64_of
from simulators.zigbee.radio import ApsMessage
from tests.simulators.zigbee.interviewer import Place, interview
from tests.simulators.zigbee.on_air import NODE_ID, on_air

Loop = asyncio.AbstractEventLoop

DEVICES: dict[str, Callable[[Loop], Device]] = {
    "switch": lambda loop: Switch(),
    "dimmer": Dimmer,
    "rgbw_lamp": ColorLamp,
    "blind": Blind,
    "lock": Lock,
    "thermostat": lambda loop: Thermostat(RoomAir()),
    "motion": lambda loop: MotionSensor(loop, battery=Battery()),
    "door": lambda loop: DoorSensor(battery=Battery()),
    "climate": lambda loop: ClimateSensor(RoomAir()),
    "leak": lambda loop: LeakSensor(battery=Battery()),
    "smoke": lambda loop: SmokeAlarm(loop, battery=Battery()),
    "plug": MeteringPlug,
    "remote": lambda loop: Remote(loop, buttons=7, battery=Battery()),
    "siren": Siren,
    "power_strip": lambda loop: PowerStrip(3),
    "repeater": lambda loop: Repeater(),
}

CLUSTERS_OF: dict[str, set[int]] = {
    "switch": {0x0004, 0x0005, 0x0006},
    "dimmer": {0x0004, 0x0005, 0x0006, 0x0008},
    "rgbw_lamp": {0x0004, 0x0005, 0x0006, 0x0008, 0x0300},
    "blind": {0x0004, 0x0005, 0x0102},
    "lock": {0x0004, 0x0005, 0x0101},
    "thermostat": {0x0004, 0x0201, 0x0202, 0x0204},
    "motion": {0x0406},
    "door": {0x0500},
    "climate": {0x0402, 0x0405, 0x0400},
    "leak": {0x0500},
    "smoke": {0x0500},
    "plug": {0x0004, 0x0005, 0x0006, 0x0702, 0x0B04},
    "remote": set(),
    "siren": {0x0500, 0x0502},
    "power_strip": {0x0004, 0x0005, 0x0006},
    "repeater": set(),
}
"""What each is beside what every one of them is."""


def test_every_kind_has_a_face() -> None:
    assert {*DEVICES, CAPTURED} == set(KINDS)

    async def kinds() -> set[type[Device]]:
        return {type(make(asyncio.get_running_loop())) for make in DEVICES.values()}

    assert run_virtual(kinds) == set(FACES)


@pytest.mark.parametrize("kind", DEVICES)
async def test_every_kind_answers_a_whole_interview(kind: str) -> None:
    """05-3474-23, 2.4; ZCL8, 2.5: what is discovered can be read, and has the type that it was said to have."""
    air = on_air(DEVICES[kind](asyncio.get_running_loop()))
    found = interview(air)
    sleeps = found.node.logical_type == LogicalType.END_DEVICE
    everywhere = {basic.CLUSTER_ID, identify.CLUSTER_ID}
    root = {diagnostics.CLUSTER_ID}
    if sleeps:
        root |= {power_configuration.CLUSTER_ID, poll_control.CLUSTER_ID}
    for number, endpoint in found.endpoints.items():
        assert set(endpoint.inputs) == everywhere | CLUSTERS_OF[kind] | (root if number == 1 else set())
        assert endpoint.profile == 0x0104
    manufacturer, model = (found.attributes[Place(1, True, 0)][it] for it in (0x0004, 0x0005))
    assert (manufacturer[1], model[1]) == ("hubagent", f"hubagent.{kind}")


@pytest.mark.parametrize("kind", DEVICES)
async def test_every_attribute_that_may_be_reported_can_be_configured(kind: str) -> None:
    """ZCL8, 2.5.7."""
    air = on_air(DEVICES[kind](asyncio.get_running_loop()))
    found = interview(air)
    for place, attributes in found.attributes.items():
        for attribute in attributes if place.server else ():
            definition = CLUSTERS[place.cluster].attribute(attribute)
            if definition is None or not definition.reportable:
                continue
            change = 1 if is_analog(definition.type_id) else None
            record = Reporting(attribute, definition.type_id, 1, 600, change)
            answer = air.ask(place.cluster, ConfigureReporting((record,)), endpoint=place.endpoint)
            assert answer == ConfigureReportingResponse()


@pytest.mark.parametrize("kind", DEVICES)
async def test_every_command_that_is_discovered_is_known(kind: str) -> None:
    """ZCL8, 2.5.18: empty payloads are malformed or carried out, never unknown."""
    air = on_air(DEVICES[kind](asyncio.get_running_loop()))
    for (endpoint, cluster), commands in interview(air).commands.items():
        for command in commands:
            frame = ZclFrame(1, command, b"", cluster_specific=True, from_server=False)
            for heard in air.tell(cluster, frame, endpoint=endpoint):
                answer: Record | None = heard.command
                if isinstance(answer, DefaultResponse):
                    assert answer.status not in (ZclStatus.UNSUP_COMMAND, ZclStatus.UNSUPPORTED_CLUSTER)
    await asyncio.sleep(1000)
    air.leave()


async def test_mains_devices_are_routers_and_batteries_sleep() -> None:
    loop = asyncio.get_running_loop()
    sleepers = {kind for kind, make in DEVICES.items() if not on_air(make(loop)).node.rx_on_when_idle}
    assert sleepers == {"lock", "motion", "door", "leak", "smoke", "remote"}


async def test_a_lock_is_woken_sooner_than_a_sensor() -> None:
    loop = asyncio.get_running_loop()
    lock, door = on_air(Lock(loop)), on_air(DoorSensor(battery=Battery()))
    await asyncio.sleep(100)
    assert (lock.node.poll_interval_s, door.node.poll_interval_s) == (1.0, 5.0)


def test_a_label_is_an_address_of_nobody_elses() -> None:
    """IEEE 802: locally administered, and no multicast."""
    addresses = [eui64_of(Label(name, serial)) for name in ("hall", "attic") for serial in ("1", "2")]
    assert len(set(addresses)) == 4
    assert eui64_of(Label("hall", "1")) == addresses[0]
    assert {it >> 56 & 0x03 for it in addresses} == {0x02}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_bytes_from_the_air_upset_a_node(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(DEVICES)))

    async def receive() -> None:
        air = on_air(DEVICES[kind](asyncio.get_running_loop()))
        for _ in range(40):
            air.node.receive(data.draw(_messages(tuple(air.node.endpoints[1].inputs))))
        # What they set in motion may end, too.
        await asyncio.sleep(20_000)
        air.leave()

    run_virtual(receive)


def _messages(clusters: tuple[int, ...]) -> st.SearchStrategy[ApsMessage]:
    """ZDO requests and ZCL frames, some of them nearly right."""
    zdo = st.builds(
        ApsMessage,
        source=st.just(0),
        destination=st.sampled_from((NODE_ID, 0xFFFD)),
        profile=st.just(0),
        cluster=st.sampled_from((*range(0x0040), 0x8002)),
        source_endpoint=st.just(0),
        destination_endpoint=st.just(0),
        sequence=st.just(0),
        payload=st.binary(max_size=20),
    )
    frames = st.builds(
        lambda control, sequence, command, payload: bytes((control, sequence, command)) + payload,
        st.sampled_from((0x00, 0x01, 0x05, 0x08, 0x09, 0x10, 0x11, 0x18)),
        st.integers(0, 255),
        st.one_of(st.integers(0, 0x16), st.integers(0x40, 0x4C)),
        st.binary(max_size=24),
    )
    zcl = st.builds(
        ApsMessage,
        source=st.sampled_from((0, 0x4444)),
        destination=st.sampled_from((NODE_ID, NODE_ID, 0xFFFD)),
        profile=st.sampled_from((0x0104, 0xC05E)),
        cluster=st.sampled_from((*clusters, 0x0019, 0x0008, 0xFC00)),
        source_endpoint=st.just(1),
        destination_endpoint=st.sampled_from((1, 1, 2, 0xFF)),
        sequence=st.just(0),
        payload=st.one_of(frames, st.binary(max_size=12)),
        group=st.sampled_from((None, None, 7)),
    )
    return st.one_of(zcl, zcl, zcl, zdo)
