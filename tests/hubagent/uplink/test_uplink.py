"""The uplink of a whole agent, in virtual time, against a cloud that the test plays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hubagent.agent import Agent
from hubagent.api.service import Service
from hubagent.model.capabilities.switch import Press
from hubagent.model.device import Device, Presence
from hubagent.model.driver import Report
from hubagent.model.event import ButtonPressed, DeviceJoined, DeviceLeft, Event, Notified, Outcome, StateReported
from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import decode_content
from hubagent.uplink.readings import GATHER_S
from hubagent.uplink.transports.port import Lost, Trouble
from hubagent.uplink.uplink import EARLY_MAX, TOGETHER_S
from tests.helpers.an_agent import a_config, an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind, lamp
from tests.helpers.scripted_transport import CLOUD_TIME, DOWN, HUB, ScriptedConnection, ScriptedTransport

RULES = """
[variables]
guests = 0
[[rule]]
name = "told"
when = "hall.motion becomes occupied"
do = [{ notify = "owner", text = "somebody is in the hall" }, { mode = "away" }]
[[never]]
name = "not so bright"
that = "hall.light.level > 80"
caused_by = "anybody"
[home]
modes = ["home", "away"]
"""


class Far:
    """An agent and the other end of its uplink."""

    def __init__(self, agent: Agent, driver: FakeDriver, transport: ScriptedTransport) -> None:
        self.agent = agent
        self.driver = driver
        self.transport = transport
        self.connection: ScriptedConnection
        self.hello: up.Hello

    async def connected(self, **changes: Any) -> "Far":
        self.connection = await self.transport.connections.get()
        self.hello = await self.connection.welcome(**changes)
        return self

    def report(self, capability: str, device: str = "fake-1", **values: Any) -> None:
        self.apply(StateReported(device, capability, values, asyncio.get_running_loop().time()))

    def apply(self, event: Event) -> None:
        self.driver.report(event)

    def command(self, wish: str, **values: Any) -> down.Command:
        wanted = {"device": "hall.light", "set": {"on": True}, "boot": self.hello.boot, **values}
        return down.Command(hub=HUB, id=wish, issued=CLOUD_TIME, expires=CLOUD_TIME + 60, **wanted)

    @property
    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = Service(self.agent).status()["uplink"]
        return status


@asynccontextmanager
async def far(folder: Path, rules: str = "", **link: Any) -> AsyncIterator[Far]:
    driver, transport = FakeDriver(), ScriptedTransport()
    config = a_config(folder, rules=rules)
    async with an_agent(folder, FakeKind(driver), config, transport.link(**link)) as agent:
        yield Far(agent, driver, transport)


def outbox_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("state/outbox.db*")}


async def test_a_change_is_told_once_and_at_once(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        connection = it.connection
        await asyncio.sleep(10)
        connection.sent.clear()
        began = asyncio.get_running_loop().time()
        it.report("on_off", on=True)
        it.report("on_off", on=True)
        kind, body = await connection.content(MessageClass.EVENT)
        assert (kind, body) == ("state", {"device": "fake-1", "capability": "on_off", "values": {"on": True}})
        report = await connection.next(up.Reported)
        assert report.devices["fake-1"]["capabilities"]["on_off"] == {"on": True}
        assert asyncio.get_running_loop().time() == pytest.approx(began + TOGETHER_S)
        await asyncio.sleep(1)
        assert [one for one in connection.sent if isinstance(one, up.Batch)] == []


async def test_what_somebody_far_away_waits_for_is_told_without_any_delay(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        await asyncio.sleep(10)
        it.connection.sent.clear()
        it.connection.say(it.command("c1"))
        await it.connection.content(MessageClass.RESULT)
        began = asyncio.get_running_loop().time()
        it.report("on_off", on=True)
        await it.connection.next(up.Reported)
        assert asyncio.get_running_loop().time() == began


async def test_smoke_goes_as_an_alarm_and_its_end_too(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        alarm = Device("fake-3", "kitchen.smoke", "fake", 3, ("smoke_co_alarm",), Presence.READY)
        it.apply(DeviceJoined(alarm))
        await it.connected()
        for smoke in (True, False):
            it.report("smoke_co_alarm", "fake-3", smoke=smoke)
            assert (await it.connection.content(MessageClass.ALARM))[1]["values"] == {"smoke": smoke}


async def test_measurements_are_gathered(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        sensor = Device("fake-3", "hall.air", "fake", 3, ("temperature_measurement",), Presence.READY)
        it.apply(DeviceJoined(sensor))
        await asyncio.sleep(60)
        began = asyncio.get_running_loop().time()
        for degrees in (20.0, 20.5, 20.5, 21.0):
            it.report("temperature_measurement", "fake-3", temperature=degrees)
            await asyncio.sleep(0.5)
        kind, body = await it.connection.content(MessageClass.TELEMETRY)
        assert kind == "readings"
        assert [reading[1:] for reading in body["readings"]] == [
            ["fake-3", "temperature", it] for it in (20.0, 20.5, 21.0)
        ]
        assert asyncio.get_running_loop().time() - began == pytest.approx(GATHER_S + TOGETHER_S)


async def test_buttons_rules_and_modes_are_told(tmp_path: Path) -> None:
    async with far(tmp_path, RULES) as it:
        await it.connected()
        it.apply(ButtonPressed("fake-1", 2, Press.DOUBLE, 0.0))
        it.report("occupancy_sensing", "fake-2", occupied=False)
        it.report("occupancy_sensing", "fake-2", occupied=True)
        await asyncio.sleep(1)
        told = [
            decode_content(message.content)[1:]
            for batch in it.connection.sent
            if isinstance(batch, up.Batch)
            for message in batch.messages
        ]
        assert ("notified", {"to": "owner", "text": "somebody is in the hall", "who": "rule:told"}) in told
        assert ("pressed", {"device": "fake-1", "button": 2, "press": "double"}) in told
        assert ("mode", {"mode": "away", "who": "rule:told"}) in told


async def test_what_a_device_is_set_up_like_stays_in_the_house(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.apply(DeviceJoined(Device("fake-3", "lamp", "fake", 3, ("on_off", "configuration"), Presence.READY)))
        it.report("configuration", "fake-3", parameter_7=1)
        it.report("on_off", "fake-3", on=True)
        await it.connected()
        report = await it.connection.next(up.Reported)
        assert report.devices["fake-3"]["capabilities"] == {"on_off": {"on": True}}


async def test_a_command_is_done_once_however_often_it_comes(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.connection.say(it.command("c1"))
        it.connection.say(it.command("c1"))
        refused = await it.connection.next(up.Refused)
        assert (refused.about, refused.reason) == ("c1", "replayed")
        kind, body = await it.connection.content(MessageClass.RESULT)
        assert (kind, body["id"], body["outcome"]) == ("command", "c1", "confirmed")
        it.connection.say(it.command("c1"))
        assert (await it.connection.content(MessageClass.RESULT))[1]["id"] == "c1"
        assert len(it.driver.sent) == 1
        assert it.driver.sent[0][2].who == "cloud"


async def test_a_command_reaches_the_driver_before_anything_else_happens(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.connection.say(it.command("c1"))
        assert len(it.driver.sent) == 1


async def test_an_outcome_is_told_as_it_is(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.driver.outcome = Outcome.UNREACHABLE
        it.connection.say(it.command("c1"))
        assert (await it.connection.content(MessageClass.RESULT))[1]["outcome"] == "unreachable"
        for wish, values, word in (
            ("c2", {"device": "nobody"}, "nobody"),
            ("c3", {"set": {"locked": True}}, "door_lock"),
            ("c4", {"set": {"level": 900}}, "900"),
        ):
            it.connection.say(it.command(wish, **values))
            _, body = await it.connection.content(MessageClass.RESULT)
            assert (body["id"], body["outcome"]) == (wish, "refused")
            assert word in body["detail"]


async def test_the_homes_invariants_bind_the_cloud_too(tmp_path: Path) -> None:
    async with far(tmp_path, RULES) as it:
        await it.connected()
        it.connection.say(it.command("c1", set={"level": 90}))
        _, body = await it.connection.content(MessageClass.RESULT)
        assert body["outcome"] == "refused"
        assert "not so bright" in body["detail"]
        assert it.driver.sent == []


async def test_wishes_are_taken_up_once_and_only_where_they_differ(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.report("on_off", on=True)
        await it.connected()
        it.connection.say(down.Desired(HUB, 7, {"hall.light": {"on": True, "level": 30}, "nobody": {"on": True}}))
        told = {(await it.connection.content(MessageClass.RESULT))[1]["device"] for _ in range(2)}
        assert told == {"hall.light", "nobody"}
        assert [dict(command.wanted()) for _, command, _ in it.driver.sent] == [{"level": 30}]
        it.connection.say(down.Desired(HUB, 7, {"hall.light": {"level": 50}}))
        it.connection.say(down.Desired(HUB, 6, {"hall.light": {"level": 60}}))
        assert (await it.connection.next(up.Refused)).reason == "stale"
        assert len(it.driver.sent) == 1


async def test_wishes_that_were_taken_up_are_not_taken_up_by_the_next_agent(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.connection.say(down.Desired(HUB, 7, {"hall.light": {"on": True}}))
        await it.connection.content(MessageClass.RESULT)
        first = it.hello.boot
    async with far(tmp_path) as it:
        await it.connected()
        assert (it.hello.desired, it.hello.boot) == (7, first + 1)
        it.connection.say(down.Desired(HUB, 7, {"hall.light": {"on": True}}))
        await asyncio.sleep(1)
        assert it.driver.sent == []


async def test_a_command_for_the_agent_before_this_one_is_refused(tmp_path: Path) -> None:
    """Fault 10: a stale command after a restart."""
    async with far(tmp_path) as it:
        await it.connected()
        it.connection.say(it.command("c1", boot=it.hello.boot - 1))
        assert (await it.connection.next(up.Refused)).reason == "wrong-boot"
        assert it.driver.sent == []


async def test_what_happened_while_away_comes_afterwards_and_only_what_did_not_arrive(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.transport.fail = DOWN
        await asyncio.sleep(1)
        it.report("on_off", on=True)
        it.report("on_off", on=False)
        await asyncio.sleep(300)
        it.transport.fail = None
        await it.connected()
        told: list[dict[str, Any]] = []
        while len(told) < 2:
            kind, body = await it.connection.content(MessageClass.EVENT)
            if kind == "state":
                told.append(body["values"])
        assert told == [{"on": True}, {"on": False}]
        report = await it.connection.next(up.Reported)
        assert report.since == 0
        assert report.devices["fake-1"]["capabilities"]["on_off"] == {"on": False}


async def test_a_reconnect_that_brings_the_same_wishes_and_nothing_new_writes_nothing(tmp_path: Path) -> None:
    """Fault 9: what the cloud pushes at each connect rebuilds the store."""
    async with far(tmp_path) as it:
        await it.connected()
        wishes = down.Desired(HUB, 7, {"hall.light": {"on": True}})
        it.connection.say(wishes)
        await asyncio.sleep(10)
        before = outbox_files(tmp_path)
        for _ in range(5):
            it.connection.ear.lost(DOWN)
            await it.connected(desired=7)
            it.connection.say(wishes)
            await asyncio.sleep(130)
        assert "outbox.db" in before
        assert outbox_files(tmp_path) == before
        assert len(it.driver.sent) == 1


async def test_a_device_that_left_is_gone_for_the_cloud(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        await it.connection.next(up.Reported)
        it.apply(DeviceLeft("fake-1"))
        await asyncio.sleep(1)
        reports = [one for one in it.connection.sent if isinstance(one, up.Reported)]
        assert reports[-1].devices == {"fake-1": None}


async def test_a_part_that_went_is_a_change_of_the_device_that_had_it(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.apply(DeviceJoined(lamp(id="fake-1/2", name="hall.light/2", parent="fake-1")))
        await asyncio.sleep(1)
        it.connection.sent.clear()
        it.apply(DeviceLeft("fake-1/2"))
        (report,) = [await it.connection.next(up.Reported)]
        assert list(report.devices) == ["fake-1"]
        assert "endpoints" not in report.devices["fake-1"]


class SlowDriver(FakeDriver):
    """Says who is there a while after the agent's start, as a real one does."""

    async def run(self, report: Report) -> None:
        await asyncio.sleep(5)
        await super().run(report)


async def test_who_is_not_in_the_radio_network_any_more_is_gone_for_the_cloud(tmp_path: Path) -> None:
    """A stick that was swapped: what its network does not have goes without a word."""
    async with far(tmp_path):
        await asyncio.sleep(1)
    driver, transport = SlowDriver([lamp(5, "other")]), ScriptedTransport()

    async def cloud() -> ScriptedConnection:
        connection = await transport.connections.get()
        await connection.welcome()
        return connection

    async with asyncio.TaskGroup() as tasks:
        hearing = tasks.create_task(cloud())
        async with an_agent(tmp_path, FakeKind(driver), a_config(tmp_path), transport.link()):
            await asyncio.sleep(10)
        shown: dict[str, Any] = {}
        for report in (one for one in hearing.result().sent if isinstance(one, up.Reported)):
            shown |= report.devices
    assert {name: view is not None for name, view in shown.items()} == {
        "fake-1": False,
        "fake-2": False,
        "fake-5": True,
    }


async def test_a_device_that_comes_back_has_everything_to_tell(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.report("on_off", on=True)
        await asyncio.sleep(1)
        it.apply(DeviceLeft("fake-1"))
        await asyncio.sleep(1)
        it.apply(DeviceJoined(lamp()))
        await asyncio.sleep(1)
        it.connection.sent.clear()
        it.report("on_off", on=True)
        report = await it.connection.next(up.Reported)
        assert report.devices["fake-1"]["capabilities"]["on_off"] == {"on": True}


async def test_what_happened_just_before_the_end_is_told_by_the_next_agent(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        await asyncio.sleep(10)
        it.apply(ButtonPressed("fake-1", 2, Press.DOUBLE, 0.0))
        it.report("temperature_measurement", "fake-2", temperature=21.5)
    async with far(tmp_path) as it:
        await it.connected()
        await asyncio.sleep(10)
        told = [
            decode_content(message.content)[1]
            for batch in it.connection.sent
            if isinstance(batch, up.Batch)
            for message in batch.messages
        ]
        assert {"pressed", "readings"} <= set(told)


async def test_a_text_that_is_longer_than_a_message_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        it.apply(Notified("owner", "\N{BELL}" * 4000, "rule:told"))
        _, body = await it.connection.content(MessageClass.ALARM)
        assert set(body["text"]) == {"\N{BELL}"}
        assert len(body["text"].encode()) > 7000


async def test_a_connection_that_is_lost_in_a_flood_is_lost(tmp_path: Path) -> None:
    """What a broker had kept comes before anybody knows that there is a connection, and then it goes."""

    def flooded(connection: ScriptedConnection) -> None:
        for number in range(EARLY_MAX):
            connection.ear.received("ack", bytes([number % 256]))
        connection.ear.lost(DOWN)

    async with far(tmp_path) as it:
        it.transport.connected = flooded
        await it.transport.connections.get()
        it.transport.connected = None
        async with asyncio.timeout(600):
            await it.connected()
        assert it.status["phase"] == "online"


async def test_an_attempt_follows_another_with_full_jitter_and_never_two_at_once(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        it.transport.fail = DOWN
        await asyncio.sleep(3600)
        times = [at for at, _ in it.transport.attempts]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert 3600 / 120 < len(times) < 3600 / 20
        assert all(0.01 <= gap <= 120.02 for gap in gaps)
        assert it.status["phase"] in ("waiting", "connecting")
        assert it.status["trouble"] == "network"


async def test_it_goes_where_the_other_side_says_and_when(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        began = asyncio.get_running_loop().time()
        it.connection.ear.lost(Lost(Trouble.REFUSED, "moved", retry_after_s=30.0, server="other.example:8883"))
        await it.connected()
        at, server = it.transport.attempts[-1]
        assert server == "other.example:8883"
        assert 30 <= at - began <= 31


async def test_it_says_goodbye_when_the_agent_ends(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        connection = it.connection
    assert isinstance(connection.sent[-1], up.Offline)
    assert connection.closed


async def test_cut_and_resumed_by_hand(tmp_path: Path) -> None:
    async with far(tmp_path) as it:
        await it.connected()
        service = Service(it.agent)
        assert service.steer_uplink({"action": "cut"})["uplink"]["phase"] == "off"
        assert it.connection.closed
        attempts = len(it.transport.attempts)
        await asyncio.sleep(600)
        assert len(it.transport.attempts) == attempts
        service.steer_uplink({"action": "resume"})
        await it.connected()
        assert it.status["phase"] == "online"


async def test_jobs_are_done_and_unknown_ones_are_said_to_be(tmp_path: Path) -> None:
    done = []
    async with far(tmp_path, jobs={"renew": lambda: done.append("renew")}) as it:
        await it.connected()
        for wish, kind in (("j1", "renew"), ("j2", "explode")):
            it.connection.say(down.Job(HUB, it.hello.boot, wish, CLOUD_TIME, CLOUD_TIME + 60, kind))
        outcomes = [(await it.connection.content(MessageClass.RESULT))[1]["outcome"] for _ in range(2)]
        assert (outcomes, done) == (["done", "failed"], ["renew"])


async def test_frames_that_come_with_the_connection_are_heard(tmp_path: Path) -> None:
    """A broker delivers what it kept before the hub knows that it is connected."""
    async with far(tmp_path) as it:
        it.transport.fail = DOWN
        await asyncio.sleep(5)
        it.transport.fail = None
        connection = await it.transport.connections.get()
        # The transport has the connection; the uplink has not been told of it yet.
        connection.ear.received("cmd", b"nonsense")
        await connection.welcome()
        assert (await connection.next(up.Refused)).reason == "malformed"
