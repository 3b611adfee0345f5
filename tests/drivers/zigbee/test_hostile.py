"""Devices that say anything at all, broken or hostile: the driver lives, stays small, and believes them of nobody but
themselves.

Zigbee's network key is every device's: whoever has it can speak under any address, and nothing here can tell. What is
held to is that a device that speaks under its own address is taken for nobody else.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import pytest

from drivers.zigbee.ezsp.messaging import IncomingMessageHandler
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.ezsp.types import DeviceUpdate, IncomingType, JoinDecision
from drivers.zigbee.wire import MalformedFrame, eui64_text
from drivers.zigbee.zcl.clusters.table import CLUSTERS, COMMANDS
from drivers.zigbee.zcl.data_types import READERS
from drivers.zigbee.zcl.foundation import COMMANDS as GLOBAL_COMMANDS
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zdo.discovery import DeviceAnnce, IeeeAddrRsp, NwkAddrRsp
from drivers.zigbee.zdo.message import RESPONSE
from drivers.zigbee.zdo.table import MESSAGES, encode
from hubagent.model.device import Presence
from hubagent.model.event import ButtonPressed, DeviceLeft, Event, Outcome, StateReported
from simulators.devices.blind import Blind
from simulators.devices.device import Battery
from simulators.devices.dimmer import ColorLamp, Dimmer
from simulators.devices.lock import Lock
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.remote import Remote
from simulators.devices.room_air import ClimateSensor, RoomAir
from simulators.devices.sensors import DoorSensor, MotionSensor, SmokeAlarm
from simulators.devices.siren import Siren
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Thermostat
from tests.helpers.zigbee_home import ZigbeeHome

FRAMES: Final = 3000
"""In one storm."""
GAP_S: Final = 0.005
VILLAINS: Final = ("v.strip", "v.lamp", "v.lock", "v.motion", "v.thermostat", "v.remote", "v.plug", "v.blind")
HONEST: Final = ("h.light", "h.lock", "h.door", "h.dimmer")
LONGEST: Final = 255
"""Bytes of a message, as far as the stick can hand one over."""


def everything(loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    return {
        "v.strip": PowerStrip(3),
        "v.lamp": ColorLamp(loop),
        "v.lock": Lock(loop),
        "v.motion": MotionSensor(loop, battery=Battery()),
        "v.thermostat": Thermostat(RoomAir()),
        "v.remote": Remote(loop, battery=Battery()),
        "v.plug": MeteringPlug(loop),
        "v.blind": Blind(loop),
        "v.siren": Siren(loop),
        "v.climate": ClimateSensor(RoomAir(), battery=Battery()),
        "v.smoke": SmokeAlarm(loop, battery=Battery()),
        "h.light": Switch(),
        "h.lock": Lock(loop),
        "h.door": DoorSensor(battery=Battery()),
        "h.dimmer": Dimmer(loop),
    }


class Mischief:
    """Draws what villains say."""

    def __init__(self, home: ZigbeeHome, seed: int) -> None:
        self.home = home
        self.rng = random.Random(f"mischief {seed}")
        self.heard: list[IncomingMessageHandler] = []
        """What was really said, to be said again in a worse way."""
        self._counter = 0

    def message(self) -> IncomingMessageHandler:
        rng = self.rng
        name = rng.choice(VILLAINS)
        node_id = self.home.network.node_of(name)
        assert node_id is not None
        kind = rng.randrange(10)
        if kind < 2 and self.heard:
            return self._worse(node_id)
        if kind < 4:
            profile, endpoint = 0, rng.choice((0, 0, 0, 1, 255))
            cluster, data = self._zdo(name)
        else:
            record = self.home.node(name).record
            endpoint = rng.choice((*record.endpoints, *record.endpoints, rng.randrange(256)))
            known = record.endpoints.get(endpoint)
            of_its_own = () if known is None else (*known.inputs, *known.outputs)
            cluster = rng.choice((*of_its_own, *of_its_own, rng.choice(list(CLUSTERS)), rng.randrange(0x10000)))
            profile = rng.choice((0x0104, 0x0104, 0x0104, 0xC05E, 0xA1E0, rng.randrange(0x10000)))
            data = rng.choice((self._report, self._answer, self._foundation, self._command, self._command))(cluster)
        return self._incoming(node_id, profile, cluster, endpoint, data)

    def _incoming(self, node_id: int, profile: int, cluster: int, endpoint: int, data: bytes) -> IncomingMessageHandler:
        rng = self.rng
        self._counter = (self._counter + rng.choice((0, 1, 1, 1, 5))) & 0xFF
        options = rng.choice((0, 0, 0, 0x40, 0x0140, 0x8000, rng.randrange(0x10000)))
        destination = rng.choice((1, 1, 1, 242, 255, 0, rng.randrange(256)))
        aps = ApsFrame(profile, cluster, endpoint, destination, options, rng.choice((0, 0, 7)), self._counter)
        kind = rng.choice((IncomingType.UNICAST, IncomingType.UNICAST, IncomingType.MULTICAST, rng.randrange(256)))
        return IncomingMessageHandler(kind, aps, node_id, data[:LONGEST], rng.randrange(256), rng.randrange(-128, 128))

    def _worse(self, node_id: int) -> IncomingMessageHandler:
        rng = self.rng
        real = rng.choice(self.heard)
        data = bytearray(real.message)
        for _ in range(rng.randrange(4)):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        cut = rng.randrange(len(data) + 1) if rng.random() < 0.3 else len(data)
        tail = rng.randbytes(rng.randrange(20)) if rng.random() < 0.3 else b""
        aps = real.aps_frame
        return self._incoming(node_id, aps.profile_id, aps.cluster_id, aps.source_endpoint, bytes(data[:cut]) + tail)

    def _head(self, command: int, *, specific: bool, code: int | None = None, from_server: bool = True) -> bytes:
        rng = self.rng
        silent = rng.random() < 0.5
        waited = [number for node in self.home.driver.registry.nodes.values() for number in node.waiting]
        sequence = rng.choice((rng.randrange(256), *(number & 0xFF for number in waited)))
        return ZclFrame(
            sequence,
            command,
            b"",
            cluster_specific=specific,
            from_server=from_server,
            manufacturer_code=code,
            disable_default_response=silent,
        ).to_bytes()

    def _code(self) -> int | None:
        return self.rng.choice((None, None, None, 0x115F, 0x117C, self.rng.randrange(0x10000)))

    def _attribute(self, cluster: int) -> bytes:
        known = CLUSTERS.get(cluster)
        ids = [one.id for one in known.attributes] if known is not None else []
        return self.rng.choice((*ids, *ids, self.rng.randrange(0x10000))).to_bytes(2, "little")

    def _value(self) -> bytes:
        rng = self.rng
        type_id = rng.choice((*READERS, rng.randrange(256)))
        reader = READERS.get(type_id)
        data = rng.choice((rng.randbytes(300), bytes(300), b"\xff" * 300, b"\x01" + bytes(299)))
        try:
            end = rng.randrange(9) if reader is None else reader(data, 0)[1]
        except MalformedFrame:
            end = rng.randrange(9)
        return bytes((type_id,)) + data[:end]

    def _report(self, cluster: int) -> bytes:
        records = b"".join(self._attribute(cluster) + self._value() for _ in range(self.rng.randrange(1, 5)))
        return self._head(0x0A, specific=False, code=self._code(), from_server=self.rng.random() < 0.9) + records

    def _answer(self, cluster: int) -> bytes:
        records = b""
        for _ in range(self.rng.randrange(1, 5)):
            status = self.rng.choice((0, 0, 0, 0x86, self.rng.randrange(256)))
            records += self._attribute(cluster) + bytes((status,)) + (b"" if status else self._value())
        return self._head(0x01, specific=False, code=self._code()) + records

    def _foundation(self, cluster: int) -> bytes:
        kind = self.rng.choice(GLOBAL_COMMANDS)
        command = self.rng.choice((kind.COMMAND, self.rng.randrange(256)))
        head = self._head(command, specific=False, code=self._code(), from_server=self.rng.random() < 0.5)
        size = self.rng.choice((0, 1, 2, 4, 40, 250))
        return head + self.rng.choice((self.rng.randbytes(size), self._attribute(cluster) * (size // 2)))

    def _command(self, cluster: int) -> bytes:
        rng = self.rng
        known = [kind for kind in COMMANDS if cluster == kind.CLUSTER]
        if not known or rng.random() < 0.2:
            head = self._head(rng.randrange(256), specific=True, code=self._code(), from_server=rng.random() < 0.5)
        else:
            kind = rng.choice(known)
            head = self._head(kind.COMMAND, specific=True, code=kind.MANUFACTURER_CODE, from_server=kind.FROM_SERVER)
        size = rng.randrange(40)
        return head + rng.choice((rng.randbytes(size), rng.randbytes(size), bytes(size), b"\xff" * size))

    def _zdo(self, name: str) -> tuple[int, bytes]:
        rng = self.rng
        own = self.home.nodes[name].eui64
        other = self.home.nodes[rng.choice(HONEST)].eui64
        stranger = rng.choice((0, 0xFFFF_FFFF_FFFF_FFFF, rng.getrandbits(64), self.home.network.memory.eui64))
        theirs = self.home.network.node_of(rng.choice(HONEST)) or 0
        node_id = rng.choice((theirs, 0, 0xFFFC, 0xFFFE, 0xFFFF, rng.randrange(0x10000)))
        sequence = rng.randrange(256)
        if rng.random() < 0.3:
            annce = DeviceAnnce(node_id, rng.choice((own, other, stranger)), rng.randrange(256))
            return annce.CLUSTER, encode(sequence, annce)
        if rng.random() < 0.2:
            kind = rng.choice((NwkAddrRsp, IeeeAddrRsp))
            return kind.CLUSTER, encode(sequence, kind(0, rng.choice((own, other, stranger)), node_id))
        message = rng.choice(MESSAGES)
        cluster = rng.choice((message.CLUSTER, message.CLUSTER | RESPONSE, rng.randrange(0x10000)))
        return cluster, bytes((sequence,)) + rng.choice((b"", b"\x00")) + rng.randbytes(rng.randrange(60))

    def update(self) -> TrustCenterJoinHandler:
        """What a router that lies has the trust centre believe of others."""
        rng = self.rng
        honest = self.home.nodes[rng.choice(HONEST)].eui64
        status = rng.choice((DeviceUpdate.DEVICE_LEFT, DeviceUpdate.UNSECURED_JOIN, rng.randrange(256)))
        eui64 = honest if status == DeviceUpdate.DEVICE_LEFT and rng.random() < 0.5 else rng.getrandbits(64)
        decision = JoinDecision.DENY_JOIN if status == DeviceUpdate.UNSECURED_JOIN else rng.randrange(4)
        return TrustCenterJoinHandler(rng.randrange(0x10000), eui64, status, decision, rng.randrange(0x10000))


class Court:
    """Whose word is whose: what is reported while one device speaks is reported of that device."""

    def __init__(self, home: ZigbeeHome) -> None:
        self.home = home
        self.lies: list[str] = []
        self._speaker: str | None = None
        driver, report, received = home.driver, home.report, home.driver.message_received

        def reported(event: Event) -> None:
            if isinstance(event, StateReported | ButtonPressed) and event.device.partition("/")[0] != self._speaker:
                self.lies.append(f"{event} while {self._speaker} was speaking")
            report(event)

        def heard(message: IncomingMessageHandler, received_at: float) -> None:
            with self.speaks(message.sender):
                received(message, received_at)

        driver._report = reported
        driver.message_received = heard  # type: ignore[method-assign]  # an ear between stick and driver
        driver.the_parts().hearing._report = reported

    @contextmanager
    def speaks(self, node_id: int) -> Iterator[None]:
        station = self.home.network.station_at(node_id)
        before = self._speaker
        self._speaker = None if station is None else f"zigbee-{eui64_text(station.node.eui64)}"
        try:
            yield
        finally:
            self._speaker = before


@asynccontextmanager
async def a_full_home(version: int = 14, seed: int = 1) -> AsyncIterator[ZigbeeHome]:
    home = ZigbeeHome(version=version, seed=seed)
    for name, device in everything(home.loop).items():
        home.place(name, device)
    async with home.running(60):
        yield home
    home.close()


@pytest.mark.parametrize("seed", range(6))
async def test_a_storm_of_anything_harms_nobody(seed: int) -> None:
    async with a_full_home(random.Random(seed).choice((13, 14, 19)), seed) as home:
        coordinator = home.driver.the_coordinator()
        mischief, court = Mischief(home, seed), Court(home)
        received = home.driver.message_received

        def listening(message: IncomingMessageHandler, received_at: float) -> None:
            mischief.heard.append(message)
            del mischief.heard[:-200]
            received(message, received_at)

        home.driver.message_received = listening  # type: ignore[method-assign]
        before = len(asyncio.all_tasks())
        for number in range(FRAMES):
            if number % 10 == 9:
                update = mischief.update()
                coordinator._unsolicited(update.ID, update.to_bytes(coordinator.version))
            else:
                message = mischief.message()
                coordinator._unsolicited(message.ID, message.to_bytes(coordinator.version))
            if number % 100 == 0:
                assert len(asyncio.all_tasks()) < 200
            await asyncio.sleep(GAP_S)
        assert not court.lies, court.lies[:3]
        await asyncio.sleep(1800)
        assert not court.lies, court.lies[:3]
        assert len(home.driver.registry.nodes) < 200
        assert len(asyncio.all_tasks()) <= before + 2
        assert not set(HONEST) - {device.name for device in home.devices.values()}
        known = {home.id_of(name) for name in HONEST}
        assert not known & {event.device for event in home.all(DeviceLeft)}
        for name in HONEST:
            assert home.device(name).presence in (Presence.READY, Presence.ASLEEP), name
        assert (await home.set("h.light", on=True)).outcome is Outcome.CONFIRMED
        assert (await home.set("h.dimmer", level=30)).outcome is Outcome.CONFIRMED
        assert (await home.set("h.lock", locked=not home.state("h.lock")["locked"])).outcome is Outcome.CONFIRMED


# One by one


@asynccontextmanager
async def a_small_home(version: int = 14) -> AsyncIterator[ZigbeeHome]:
    home = ZigbeeHome(version=version)
    for name in ("v.strip", "h.light", "h.dimmer"):
        home.place(name, everything(home.loop)[name])
    async with home.running(30):
        yield home
    home.close()


def says(
    home: ZigbeeHome,
    sender: int,
    profile: int,
    cluster: int,
    data: bytes,
    *,
    eui64: int = 0,
    counter: int = 99,
    endpoint: int | None = None,
) -> None:
    """A message that the stick hears, as if from that address."""
    aps = ApsFrame(profile, cluster, endpoint if endpoint is not None else min(profile, 1), 1, 0, 0, counter)
    message = IncomingMessageHandler(IncomingType.UNICAST, aps, sender, data, sender_eui64=eui64)
    coordinator = home.driver.the_coordinator()
    coordinator._unsolicited(message.ID, message.to_bytes(coordinator.version))


def announces(home: ZigbeeHome, sender: int, eui64: int, node_id: int, sequence: int = 1) -> None:
    annce = DeviceAnnce(node_id, eui64, 0x8E)
    says(home, sender, 0, annce.CLUSTER, encode(sequence, annce))


def address(home: ZigbeeHome, name: str) -> int:
    node_id = home.network.node_of(name)
    assert node_id is not None
    return node_id


async def test_nobody_announces_another_one() -> None:
    async with a_small_home() as home:
        villain, light = address(home, "v.strip"), address(home, "h.light")
        own, other = home.nodes["v.strip"].eui64, home.nodes["h.light"].eui64
        announces(home, villain, other, villain + 1)
        announces(home, villain, own, light)
        announces(home, villain, 0x1122334455667788, light)
        announces(home, 0x7777, other, villain)
        await asyncio.sleep(60)
        assert home.node("h.light").node_id == light
        assert home.node("v.strip").node_id == villain
        assert len(home.devices) == len({"v.strip", "v.strip/1", "v.strip/2", "v.strip/3", "h.light", "h.dimmer"})


@pytest.mark.parametrize("node_id", [0x0000, 0xFFF8, 0xFFFC, 0xFFFE, 0xFFFF])
async def test_what_is_no_address_of_a_device_is_nobodys(node_id: int) -> None:
    async with a_small_home() as home:
        for eui64 in (home.nodes["h.light"].eui64, 0x1122334455667788):
            announces(home, node_id, eui64, node_id)
        await asyncio.sleep(60)
        assert home.node("h.light").node_id == address(home, "h.light")
        assert node_id not in home.driver.registry.by_address


@pytest.mark.parametrize("eui64", [0, 0xFFFF_FFFF_FFFF_FFFF, None])
async def test_what_is_no_identity_of_a_device_is_nobodys(eui64: int | None) -> None:
    """None: the stick's own."""
    async with a_small_home() as home:
        known = set(home.driver.registry.nodes)
        who = home.network.memory.eui64 if eui64 is None else eui64
        announces(home, 0x7777, who, 0x7777)
        says(home, 0x7778, 0x0104, 0x0006, bytes.fromhex("18010a0000 1001"), eui64=who)
        await asyncio.sleep(60)
        assert set(home.driver.registry.nodes) == known


async def test_a_flood_of_announcements_takes_nobody_in() -> None:
    async with a_small_home() as home:
        known, tasks = set(home.driver.registry.nodes), len(asyncio.all_tasks())
        for number in range(2000):
            announces(home, 0x2000 + number, 0xAA00_0000_0000_0000 + number, 0x2000 + number)
            update = TrustCenterJoinHandler(0x4000 + number, 0xBB00_0000_0000_0000 + number, 3, 0, 0)
            coordinator = home.driver.the_coordinator()
            coordinator._unsolicited(update.ID, update.to_bytes(coordinator.version))
            assert len(asyncio.all_tasks()) <= tasks + 40
        assert set(home.driver.registry.nodes) == known
        await asyncio.sleep(300)
        assert set(home.driver.registry.nodes) == known
        assert len(asyncio.all_tasks()) <= tasks


async def test_what_a_stranger_says_is_not_believed_or_answered_before_it_is_known_who_it_is() -> None:
    async with a_small_home() as home:
        asked: list[Any] = []
        answer = home.driver.ota.answer

        def noted(*question: Any) -> Any:
            asked.append(question)
            return answer(*question)

        home.driver.the_parts().services._firmware = noted
        for number in range(20):
            says(home, 0x7777, 0x0104, 0x0019, bytes((0x01, number, 0x01)) + bytes(9), counter=number)
        await asyncio.sleep(60)
        assert not asked


async def test_a_device_of_which_its_parent_says_that_it_left_is_asked_before_it_is_forgotten() -> None:
    async with a_small_home() as home:
        coordinator = home.driver.the_coordinator()
        for _ in range(50):
            left = TrustCenterJoinHandler(
                address(home, "h.light"), home.nodes["h.light"].eui64, DeviceUpdate.DEVICE_LEFT, 0, 0
            )
            coordinator._unsolicited(left.ID, left.to_bytes(coordinator.version))
            await asyncio.sleep(1)
        await asyncio.sleep(60)
        assert not home.all(DeviceLeft)
        assert home.device("h.light").presence is Presence.READY


async def test_an_address_that_another_one_has_than_was_thought_is_the_senders() -> None:
    """The message says whose it is; since EZSP version 14 the stick hands that on."""
    async with a_small_home() as home:
        light, dimmer = home.nodes["h.light"].eui64, home.nodes["h.dimmer"].eui64
        where = address(home, "h.dimmer")
        # The hub has heard nothing of it: the light took the address that the dimmer had.
        says(home, where, 0x0104, 0x0006, bytes.fromhex("18010a0000 1001"), eui64=light)
        assert home.state("h.light")["on"] is True
        assert home.state("h.dimmer")["on"] is False
        assert home.driver.registry.by_address[where].eui64 == light
        assert home.driver.registry.nodes[dimmer].node_id != where


async def test_joins_that_are_refused_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with a_small_home() as home:
        coordinator = home.driver.the_coordinator()
        for number in range(500):
            update = TrustCenterJoinHandler(0x1234, number + 1, DeviceUpdate.UNSECURED_JOIN, JoinDecision.DENY_JOIN, 0)
            coordinator._unsolicited(update.ID, update.to_bytes(coordinator.version))
        assert len(caplog.records) <= 20
        assert home.driver.the_parts().arrivals.refused == 500


@pytest.mark.parametrize("cluster", [0x0101, 0x0501, 0xEF00])
async def test_a_code_in_a_message_that_cannot_be_read_is_not_logged(
    cluster: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_small_home() as home:
        code = b"\x2f1234567"
        for command in range(0x28):
            for control in (0x01, 0x09):
                data = bytes((control, command, command)) + code
                says(home, address(home, "h.light"), 0x0104, cluster, data, counter=command)
        assert caplog.records
        assert code[1:].hex() not in caplog.text
        assert "1234567" not in caplog.text


@pytest.mark.parametrize("count", [1, 16, 60, 110, 126])
async def test_any_number_of_questions_in_one_frame_is_answered(count: int) -> None:
    async with a_small_home() as home:
        heard = home.listen_in("h.light")
        asked = b"".join(number.to_bytes(2, "little") for number in range(0xF000, 0xF000 + count))
        says(home, address(home, "h.light"), 0x0104, 0x0000, b"\x00\x07\x00" + asked)
        await asyncio.sleep(5)
        (answer,) = [message for message in heard if message.payload[1:3] == b"\x07\x01"]
        assert len(answer.payload) <= 80
