"""The API over a real loopback socket: what is asked, what is answered, and who follows the events."""

import asyncio
import json
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiocoap
import cbor2
import pytest
from aiocoap import resource
from aiocoap.numbers.codes import Code

from hubagent.agent import Agent
from hubagent.api import content
from hubagent.api.client import AgentUnreachable, AnotherAnswers, AnswerOverdue, Client, Lost, connect
from hubagent.api.problem import (
    AGENT_FAILED,
    BAD_NAME,
    BUSY,
    DEVICE_UNREACHABLE,
    INVALID,
    NOT_KEPT,
    NOT_POSSIBLE,
    TOO_MANY,
    UNKNOWN_DEVICE,
    Problem,
)
from hubagent.api.server import BACKUP_BYTES_MAX, OBSERVERS_MAX, ApiUnavailable
from hubagent.api.service import WAITING_MAX, Service
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.device import Device, Presence
from hubagent.model.driver import PairingStep
from hubagent.model.event import DeviceSilent, DriverCondition, DriverStatus, Outcome
from tests.helpers.an_agent import HALL_LIGHT, a_config, a_free_port, an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind, lamp, motion

pytestmark = pytest.mark.real_time


@asynccontextmanager
async def served(
    folder: Path, driver: FakeDriver | None = None, rules: str = HALL_LIGHT
) -> AsyncIterator[tuple[Client, FakeDriver, Agent]]:
    driver = driver or FakeDriver()
    config = a_config(folder, rules=rules, api=a_free_port())
    assert config.api is not None
    async with an_agent(folder, FakeKind(driver), config) as agent, connect(config.api) as client:
        yield client, driver, agent


async def raw(client: Client, code: Any, path: str, **options: Any) -> Any:
    """A request that our own client would not make."""
    message = aiocoap.Message(code=code, uri=f"coap://{client._place}{path}", **options)
    return await client._context.request(message).response


async def collect(client: Client, count: int, since: int | None = None) -> list[Mapping[str, Any]]:
    events: list[Mapping[str, Any]] = []
    async with asyncio.timeout(10):
        async for event in client.events(since):
            assert not isinstance(event, Lost)
            events.append(event)
            if len(events) == count:
                break
    return events


async def test_devices_have_the_shape_that_scripts_rely_on(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        driver.says("fake-1", "on_off", on=True)
        driver.says("fake-1", "level_control", level=40)
        view = await client.get("v1", "devices")
        assert view["devices"][0] == {
            "id": "fake-1",
            "name": "hall.light",
            "protocol": "fake",
            "address": 1,
            "state": "ready",
            "capabilities": {"on_off": {"on": True}, "level_control": {"level": 40}},
        }


async def test_behind_a_stick_that_is_gone_devices_are_as_they_were(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        assert (await client.get("v1", "devices"))["drivers"] == {"fake": {"condition": "ready", "detail": ""}}
        driver.report(DriverStatus("fake", DriverCondition.TROUBLED, "the stick is gone"))
        view = await client.get("v1", "devices")
        assert view["drivers"] == {"fake": {"condition": "troubled", "detail": "the stick is gone"}}


async def test_parts_are_nested_below_their_device(tmp_path: Path) -> None:
    strip = lamp(4, "strip")
    part = lamp(4, "strip 1", id="fake-4/1", parent="fake-4")
    async with served(tmp_path, FakeDriver(devices=[strip, part])) as (client, driver, _agent):
        driver.says("fake-4/1", "on_off", on=True)
        [device] = (await client.get("v1", "devices"))["devices"]
        expected = {"id": "fake-4/1", "name": "strip 1", "capabilities": {"on_off": {"on": True}, "level_control": {}}}
        assert device["endpoints"] == {"1": expected}
        assert (await client.get("v1", "devices", "fake-4/1"))["name"] == "strip 1"
        view = await client.put(("v1", "devices", "fake-4/1", "state"), {"on": False})
        assert view["outcome"] == "confirmed"


async def test_a_part_is_as_reachable_as_its_device(tmp_path: Path) -> None:
    parts = [lamp(4, "strip"), lamp(4, "strip 1", id="fake-4/1", parent="fake-4")]
    async with served(tmp_path, FakeDriver(devices=parts)) as (client, driver, _agent):
        driver.report(DeviceSilent("fake-4"))
        assert (await client.get("v1", "devices", "fake-4/1"))["state"] == "dead"


async def test_the_state_alone_can_be_asked_for(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        driver.says("fake-1", "on_off", on=True)
        assert await client.get("v1", "devices", "hall.light", "state") == {
            "v": 1,
            "id": "fake-1",
            "capabilities": {"on_off": {"on": True}, "level_control": {}},
        }


async def test_many_devices_come_in_blocks_and_whole(tmp_path: Path) -> None:
    driver = FakeDriver(devices=[lamp(number, f"lamp {number}") for number in range(1, 201)])
    async with served(tmp_path, driver) as (client, _driver, _agent):
        view = await client.get("v1", "devices")
        assert [device["address"] for device in view["devices"]] == list(range(1, 201))


async def test_a_backup_of_many_devices_is_put_together_and_nothing_larger(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        devices = [f"{number:064}" for number in range(500)]
        body = {"action": "restore", "other_network": True, "backup": {"devices": devices}}
        assert (await client.post(("v1", "act"), body))["restored"]
        for path in ("/v1/devices/hall.light/state", "/v1/pairing"):
            answer = await raw(client, aiocoap.POST, path, payload=bytes(5000))
            assert answer.code is aiocoap.REQUEST_ENTITY_TOO_LARGE
        answer = await raw(client, aiocoap.POST, "/v1/act", payload=bytes(BACKUP_BYTES_MAX + 1))
        assert answer.code is aiocoap.REQUEST_ENTITY_TOO_LARGE


async def test_a_set_is_answered_when_the_device_confirmed(tmp_path: Path) -> None:
    # Longer than the time after which CoAP acknowledges first and answers later.
    async with served(tmp_path, FakeDriver(answer_delay_s=0.3)) as (client, _driver, agent):
        view = await client.put(("v1", "devices", "hall.light", "state"), {"on": True, "level": 40})
        assert view["outcome"] == "confirmed"
        assert [(result["wanted"], result["outcome"]) for result in view["results"]] == [
            ({"on": True}, "confirmed"),
            ({"level": 40}, "confirmed"),
        ]
        assert agent.home.state("fake-1")["on_off"]["on"].value is True


@pytest.mark.parametrize("outcome", [Outcome.WAITING, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.FAILED])
async def test_a_set_that_failed_says_how(tmp_path: Path, outcome: Outcome) -> None:
    async with served(tmp_path, FakeDriver(outcome=outcome)) as (client, _driver, _agent):
        view = await client.put(("v1", "devices", "hall.light", "state"), {"on": True})
        assert view["outcome"] == outcome.value


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"on": "yes"}, "on is true or false"),
        ({"temperature": 20}, "cannot be set"),
        ({"brightness": 20}, "no attribute 'brightness'"),
        ({"locked": True}, "has no door_lock; it has on_off, level_control"),
        ({}, "nothing to set"),
        ([1], "a map of names to values"),
    ],
)
async def test_a_set_that_makes_no_sense_is_refused_in_words(tmp_path: Path, body: Any, complaint: str) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        with pytest.raises(Problem, match=complaint) as caught:
            await client.put(("v1", "devices", "hall.light", "state"), body)
        assert caught.value.kind is INVALID
        assert driver.sent == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"level": 40, "on": False}, "on=false and level=40 contradict each other"),
        ({"on": True, "level": 0}, "on=true and level=0 contradict each other"),
        (
            {"hue": 9, "saturation": 9, "color_temperature": 2700},
            "hue=9 saturation=9 and color_temperature=2700 contra",
        ),
    ],
)
async def test_wishes_that_contradict_each_other_are_refused_in_whatever_order(
    tmp_path: Path, body: dict[str, Any], complaint: str
) -> None:
    colourful = lamp(capabilities=("on_off", "level_control", "color_control"))
    async with served(tmp_path, FakeDriver(devices=[colourful])) as (client, driver, _agent):
        for values in (body, dict(reversed(body.items()))):
            with pytest.raises(Problem, match=complaint) as caught:
                await client.put(("v1", "devices", "hall.light", "state"), values)
            assert caught.value.kind is INVALID
        assert driver.sent == []


async def test_wishes_that_agree_are_carried_out(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        for body in ({"on": False, "level": 0}, {"on": True, "level": 40}):
            view = await client.put(("v1", "devices", "hall.light", "state"), body)
            assert view["outcome"] == "confirmed"
        assert len(driver.sent) == 4


async def test_an_agent_whose_device_is_slow_is_not_said_to_be_unreachable(tmp_path: Path) -> None:
    # Sooner than CoAP acknowledges, and later.
    async with served(tmp_path, FakeDriver(answer_delay_s=30)) as (client, driver, _agent):
        for timeout_s in (0.05, 0.5):
            with pytest.raises(AnswerOverdue, match=rf"within {timeout_s} s; .* may still be carried out"):
                await client.put(("v1", "devices", "hall.light", "state"), {"on": True}, timeout_s=timeout_s)
        assert len(driver.sent) == 2


async def test_a_device_that_the_agent_has_waited_for_long_enough_may_still_do_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubagent.api.service.SET_TIMEOUT_S", 0.1)
    async with served(tmp_path, FakeDriver(answer_delay_s=30)) as (client, _driver, _agent):
        with pytest.raises(Problem, match=r"did not answer in 0\.1 s; the command may still be carried out") as caught:
            await client.put(("v1", "devices", "hall.light", "state"), {"on": True})
        assert caught.value.kind is DEVICE_UNREACHABLE


async def test_a_socket_that_never_answers_is_no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubagent.api.client.SIGN_OF_LIFE_S", 0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        async with connect(deaf.getsockname()) as client:
            with pytest.raises(AgentUnreachable, match="no agent answers at 127"):
                await client.put(("v1", "devices", "hall.light", "state"), {"on": True}, timeout_s=0.3)


async def test_only_so_many_requests_may_wait_for_devices(tmp_path: Path) -> None:
    async with served(tmp_path, FakeDriver(answer_delay_s=0.5)) as (_client, driver, agent):
        service = Service(agent)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(WAITING_MAX):
                tasks.create_task(service.set("hall.light", {"on": True}))
            await asyncio.sleep(0)
            with pytest.raises(Problem) as caught:
                await service.set("hall.light", {"on": True})
        assert caught.value.kind is TOO_MANY
        assert len(driver.sent) == WAITING_MAX
        assert (await service.set("hall.light", {"on": True}))["outcome"] == "confirmed"


async def test_an_unknown_device_is_told_with_what_is_near(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        with pytest.raises(Problem, match=r"did you mean hall\.light") as caught:
            await client.get("v1", "devices", "hal.light")
        assert caught.value.kind is UNKNOWN_DEVICE


async def test_a_device_is_renamed(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        assert (await client.put(("v1", "devices", "hall.light", "name"), {"name": "desk"}))["name"] == "desk"
        with pytest.raises(Problem) as caught:
            await client.put(("v1", "devices", "desk", "name"), {"name": "hall.motion"})
        assert caught.value.kind is BAD_NAME


async def test_who_renames_a_device_hears_which_rules_wait_for_its_old_name(tmp_path: Path) -> None:
    rules = f"""{HALL_LIGHT}
[[rule]]
name = "elsewhere"
when = "attic.motion becomes occupied"
do = [{{ set = "hall.light", on = true }}]
[[never]]
name = "bright in an empty hall"
that = "Hall.Motion.occupied == false and hall.light.level > 90"
"""
    async with served(tmp_path, rules=rules) as (client, _driver, agent):
        view = await client.put(("v1", "devices", "fake-2", "name"), {"name": "hall.bewegung"})
        assert (view["name"], view["was"]) == ("hall.bewegung", "hall.motion")
        assert (view["rules_waiting"], view["nevers_waiting"]) == (["hall light"], ["bright in an empty hall"])
        view = await client.put(("v1", "devices", "fake-2", "name"), {"name": "hall.motion"})
        assert (view["rules_waiting"], view["nevers_waiting"]) == ([], [])
        assert [one.rule.name for one in agent.automation.executor.unbound] == ["elsewhere"]


async def test_a_disk_that_is_full_is_said_in_words_and_its_place_in_the_log_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(tmp_path) as (client, _driver, agent):
        database: sqlite3.Connection = agent.automation._records._store._database
        database.execute("PRAGMA query_only = ON")
        try:
            with caplog.at_level(logging.ERROR), pytest.raises(Problem) as caught:
                await client.put(("v1", "devices", "hall.light", "name"), {"name": "desk"})
        finally:
            database.execute("PRAGMA query_only = OFF")
        assert caught.value.kind is NOT_KEPT
        assert str(caught.value) == "the state cannot be written: attempt to write a readonly database"
        assert f"{tmp_path / 'state'}: attempt to write" in caplog.text
        assert "Traceback" not in caplog.text


async def test_a_bug_of_the_agent_is_not_told_as_a_mistake_of_who_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        monkeypatch.setattr("hubagent.api.service.devices_view", lambda _home: 1 / 0)
        with pytest.raises(Problem, match="the agent failed at it, its log says why") as caught:
            await client.get("v1", "devices")
        assert caught.value.kind is AGENT_FAILED


class _Somebody(resource.Resource, resource.PathCapable):  # type: ignore[misc]  # aiocoap has no types
    """Another program's CoAP service, on the port that is everybody's."""

    def __init__(self, answer: aiocoap.Message) -> None:
        super().__init__()
        self._answer = answer

    async def render(self, _request: Any) -> Any:
        return self._answer


@pytest.mark.parametrize(
    "answer",
    [
        aiocoap.Message(code=Code.NOT_FOUND),
        aiocoap.Message(code=Code.CONTENT, payload=b"welcome", content_format=0),
        aiocoap.Message(code=Code.CONTENT, payload=b'"welcome"', content_format=content.JSON),
    ],
    ids=["nothing is there", "text", "no map"],
)
async def test_another_service_at_the_address_is_told_as_what_it_is(answer: aiocoap.Message) -> None:
    address = a_free_port()
    site = resource.Site()
    site.add_resource([], _Somebody(answer))
    server = await aiocoap.Context.create_server_context(site, bind=address, transports=["simplesocketserver"])
    try:
        async with connect(address) as client:
            for ask in (client.get("v1", "status"), client.put(("v1", "devices", "x", "state"), {"on": True})):
                with pytest.raises(AnotherAnswers, match=f"what answers at 127.0.0.1:{address[1]} is no hubagent"):
                    await ask
            with pytest.raises(AnotherAnswers):
                await anext(client.events())
    finally:
        await server.shutdown()


async def test_what_still_comes_in_while_a_client_ends_is_not_worth_a_trace(caplog: pytest.LogCaptureFixture) -> None:
    address = a_free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(address)
        async with connect(address) as client:
            with pytest.raises(AgentUnreachable):
                await client.request(Code.GET, ("v1", "status"), timeout_s=0.1)
            _, who = agent.recvfrom(2000)
            # Acknowledgements of nothing (RFC 7252, section 3): each turn of the loop takes one of them in.
            for _ in range(8):
                agent.sendto(bytes.fromhex("60000001"), who)
            await asyncio.sleep(0)
    assert caplog.text == ""


async def test_what_is_no_text_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        for ask in (
            client.get("v1", "devices", "a\udcff"),
            client.put(("v1", "devices", "hall.light", "name"), {"name": "a\udcff"}),
        ):
            with pytest.raises(Problem, match=r"'a\\udcff' is not UTF-8 text") as caught:
                await ask
            assert caught.value.kind is INVALID


async def test_a_driver_does_what_is_particular_to_it_and_says_what_it_cannot(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        answer = await client.post(("v1", "devices", "hall.light", "act"), {"action": "ping", "times": 2})
        assert answer == {"v": 1, "answered": True, "device": "fake-1", "times": 2}
        with pytest.raises(Problem) as caught:
            await client.post(("v1", "act"), {"action": "dance"})
        assert caught.value.kind is NOT_POSSIBLE


async def test_a_user_code_is_given_and_never_shown(tmp_path: Path) -> None:
    lock = Device("fake-3", "door", "fake", 3, ("door_lock",), Presence.READY)
    async with served(tmp_path, FakeDriver(devices=[lock])) as (client, driver, agent):
        body = {"action": "set_user_code", "user_id": 3, "code": "0471"}
        assert (await client.post(("v1", "devices", "door", "act"), body))["outcome"] == "confirmed"
        assert driver.sent[0][1] == SetUserCode(3, "0471")
        assert "0471" not in str(Service(agent).events(1))
        with pytest.raises(Problem, match="4 to 10 digits"):
            await client.post(("v1", "devices", "door", "act"), {**body, "code": 12})
        with pytest.raises(Problem, match="has no window_covering"):
            await client.post(("v1", "devices", "door", "act"), {"action": "stop"})


async def test_json_is_answered_to_who_accepts_json(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        response = await raw(client, aiocoap.GET, "/v1/devices", accept=content.JSON)
        assert response.opt.content_format == content.JSON
        assert json.loads(response.payload)["devices"][0]["id"] == "fake-1"
        wrong = await raw(
            client, aiocoap.PUT, "/v1/devices/1/state", payload=b"{", content_format=content.JSON, accept=content.JSON
        )
        assert wrong.code == aiocoap.BAD_REQUEST
        assert json.loads(wrong.payload)["kind"] == "invalid"


async def test_problems_are_concise_problem_details(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        response = await raw(client, aiocoap.GET, "/v1/devices/nobody")
        assert response.code == aiocoap.NOT_FOUND
        assert response.opt.content_format == 257
        problem = cbor2.loads(response.payload)
        assert problem[-1] == "There is no such device"
        assert "nobody" in problem[-2]


@pytest.mark.parametrize(
    ("code", "path", "options", "answer"),
    [
        (aiocoap.GET, "/v1/nothing", {}, aiocoap.NOT_FOUND),
        (aiocoap.DELETE, "/v1/devices", {}, aiocoap.METHOD_NOT_ALLOWED),
        (aiocoap.PUT, "/v1/devices/1/color", {}, aiocoap.METHOD_NOT_ALLOWED),
        (aiocoap.GET, "/v1/devices", {"accept": 0}, aiocoap.NOT_ACCEPTABLE),
        (aiocoap.PUT, "/v1/devices/1/state", {"payload": b"\xff\xff"}, aiocoap.BAD_REQUEST),
        (aiocoap.PUT, "/v1/devices/1/state", {"payload": b"x", "content_format": 0}, aiocoap.BAD_REQUEST),
        (aiocoap.PUT, "/v1/devices/1/state", {"payload": b"x" * 5000}, aiocoap.REQUEST_ENTITY_TOO_LARGE),
        (aiocoap.GET, "/v1/events?since=x", {}, aiocoap.BAD_REQUEST),
    ],
)
async def test_a_bad_request_is_refused(tmp_path: Path, code: Any, path: str, options: Any, answer: Any) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        response = await raw(client, code, path, **options)
        assert response.code == answer
        assert driver.sent == []


async def test_events_follow_one_another_without_a_gap(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, agent):
        count = 500

        async def happen() -> None:
            for level in range(count):
                driver.says("fake-1", "level_control", level=level % 100)
                if level % 7 == 0:
                    await asyncio.sleep(0.003)

        since = agent.events.following
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(collect(client, count, since))
            tasks.create_task(happen())
        events = following.result()
        assert [event["value"] for event in events] == [level % 100 for level in range(count)]
        assert [event["n"] for event in events] == list(range(since, since + count))


async def test_a_watcher_that_begins_now_hears_what_happens_from_now_on(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        driver.says("fake-1", "on_off", on=False)
        loop = asyncio.get_running_loop()
        loop.call_later(0.3, lambda: driver.says("fake-1", "on_off", on=True))
        [event] = await collect(client, 1)
        assert (event["event"], event["device"], event["attribute"], event["value"]) == (
            "reported",
            "fake-1",
            "on",
            True,
        )
        assert {"t", "device", "capability", "attribute", "value", "cause", "latency_ms"} <= set(event)


async def test_a_rules_command_is_told_with_its_cause_and_latency(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, agent):
        driver.says("fake-2", "occupancy_sensing", occupied=False)
        since = agent.events.following
        driver.says("fake-2", "occupancy_sensing", occupied=True)
        events = await collect(client, 3, since)
        assert [event["event"] for event in events] == ["reported", "sent", "sent"]
        assert [event["cause"] for event in events] == [None, "rule:hall light", "rule:hall light"]
        assert [(event["attribute"], event["value"]) for event in events[1:]] == [("on", True), ("level", 40)]
        assert all(0 <= event["latency_ms"] < 1000 for event in events[1:])


async def test_who_was_too_slow_is_told(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        for level in range(5000):
            driver.says("fake-1", "level_control", level=level % 100)
        async with asyncio.timeout(5):
            async for event in client.events(since=1):
                assert isinstance(event, Lost)
                assert event.count > 0
                break


async def test_a_long_silence_ends_no_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubagent.api.client.SILENCE_S", 0.02)
    async with served(tmp_path) as (client, driver, agent):
        events = client.events(agent.events.following)
        for level in (10, 20, 30):
            asyncio.get_running_loop().call_later(0.2, partial(driver.says, "fake-1", "level_control", level=level))
            event = await anext(events)
            assert not isinstance(event, Lost)
            assert event["value"] == level


async def test_a_notification_that_was_lost_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubagent.api.client.SILENCE_S", 0.05)
    monkeypatch.setattr("hubagent.api.server._Events._notify", lambda _events: None)
    async with served(tmp_path) as (client, driver, agent):
        since = agent.events.following
        asyncio.get_running_loop().call_later(0.1, partial(driver.says, "fake-1", "on_off", on=True))
        assert len(await collect(client, 1, since)) == 1


async def test_only_so_many_may_watch(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, agent):
        since = agent.events.following - 1
        watchers = [client.events(since) for _ in range(OBSERVERS_MAX)]
        for watcher in watchers:
            await anext(watcher)
        with pytest.raises(Problem) as caught:
            await anext(client.events(since))
        assert caught.value.kind is TOO_MANY


async def test_a_notification_that_does_not_fit_is_read_in_another_way(tmp_path: Path) -> None:
    driver = FakeDriver(devices=[lamp(1, "x" * 64), motion()])
    async with served(tmp_path, driver) as (client, _driver, agent):
        since = agent.events.following

        def burst() -> None:
            for level in range(20):
                driver.says("fake-1", "level_control", level=level)

        asyncio.get_running_loop().call_later(0.2, burst)
        events = await collect(client, 20, since)
        assert [event["value"] for event in events] == list(range(20))


async def test_pairing_is_started_and_followed_over_the_api(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        started = await client.post(("v1", "pairing"), {"action": "pair", "timeout": 5})
        with pytest.raises(Problem) as caught:
            await client.post(("v1", "pairing"), {"action": "pair"})
        assert caught.value.kind is BUSY
        events = await collect(client, 4, started["since"])
        steps = [event["step"] for event in events if event["event"] == "pairing"]
        assert steps == ["ready", "found", "done"]
        assert (await client.get("v1", "pairing"))["active"] is False


async def test_pairing_is_stopped_over_the_api(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        started = await client.post(("v1", "pairing"), {"action": "unpair", "timeout": 60})
        assert (await client.delete(("v1", "pairing")))["active"] is False
        events = await collect(client, 2, started["since"])
        assert [(event["step"], event["final"]) for event in events] == [("ready", False), ("cancelled", True)]


async def test_status_and_rules_are_told(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        status = await client.get("v1", "status")
        assert status["drivers"]["fake"]["condition"] == "ready"
        assert (status["devices"], status["rules"], status["rules_waiting"]) == (2, 1, 0)
        [rule] = (await client.get("v1", "rules"))["rules"]
        assert (rule["name"], rule["devices"], rule["waits_for"]) == ("hall light", ["hall.motion", "hall.light"], None)


async def test_status_tells_of_a_python_that_is_doubtful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path) as (client, _driver, _agent):
        assert (await client.get("v1", "status"))["doubt"] is None
        monkeypatch.setattr("hubagent.api.service.doubt", lambda: "its JIT is on")
        assert (await client.get("v1", "status"))["doubt"] == "its JIT is on"


async def test_what_a_driver_finds_doubtful_names_devices_as_people_do(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):
        await client.put(("v1", "devices", "fake-1", "name"), {"name": "landing.light"})
        found = {"grade": "warning", "text": "2 devices are silent", "fix": "give them power"}
        many = [f"fake-{number}" for number in range(10, 22)]
        findings = [found | {"devices": ["fake-1", "fake-2"]}, found | {"devices": many}, found]
        driver.status = lambda: {"port": "nowhere", "findings": findings}  # type: ignore[method-assign]
        status = (await client.get("v1", "status"))["drivers"]["fake"]
        assert status["port"] == "nowhere"
        texts = [finding["text"] for finding in status["findings"]]
        assert texts[0] == "2 devices are silent: hall.motion, landing.light"
        assert texts[1].endswith(": " + ", ".join([*many[:10], "2 more"]))
        assert texts[2] == "2 devices are silent"


async def test_nobody_at_the_address_is_told_at_once() -> None:
    async with connect(a_free_port()) as client, asyncio.timeout(2):
        with pytest.raises(AgentUnreachable, match="no agent answers at 127"):
            await client.get("v1", "devices")


async def test_a_watcher_hears_that_the_agent_ended(tmp_path: Path) -> None:
    config = a_config(tmp_path, api=a_free_port())
    assert config.api is not None
    async with connect(config.api) as client:
        async with an_agent(tmp_path, FakeKind(), config) as agent:
            events = client.events(since=agent.events.following - 1)
            await anext(events)
        async with asyncio.timeout(10):
            with pytest.raises(AgentUnreachable):
                await anext(events)


async def test_a_second_agent_at_the_same_address_is_refused(tmp_path: Path) -> None:
    config = a_config(tmp_path, api=a_free_port())
    (tmp_path / "other").mkdir()
    other = a_config(tmp_path / "other", api=config.api)
    async with an_agent(tmp_path, FakeKind(), config):
        with pytest.raises(ExceptionGroup) as caught:
            async with an_agent(tmp_path / "other", FakeKind(), other):
                pass
        assert caught.group_contains(ApiUnavailable, match="choose another api.listen")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"timeout": float("nan")}, "the timeout is a number of seconds"),
        ({"timeout": float("inf")}, "the timeout is a number of seconds"),
        ({"options": {"replace": []}}, "the option replace is a word"),
        ({"options": {"replace": "nobody"}}, "there is no device 'nobody'"),
        ({"options": {"code": {}}}, "the option code is a word"),
    ],
)
async def test_a_wish_to_pair_that_cannot_be_is_refused(tmp_path: Path, body: dict[str, Any], why: str) -> None:
    async with served(tmp_path) as (_client, _driver, agent):
        with pytest.raises(Problem, match=why):
            Service(agent).start_pairing(body)
        assert not agent.pairing.active


async def test_a_driver_that_fails_while_it_pairs_costs_that_session_alone(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, driver, _agent):

        async def pair(options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
            yield PairingStep("ready", "press the button of the device")
            raise TypeError("a bug")

        driver.pair = pair  # type: ignore[method-assign]
        started = await client.post(("v1", "pairing"), {"action": "pair"})
        events = await collect(client, 2, started["since"])
        assert (events[-1]["step"], events[-1]["final"], events[-1]["ok"]) == ("failed", True, False)
        assert (await client.get("v1", "pairing"))["active"] is False
        assert (await client.get("v1", "status"))["devices"] == 2


async def test_a_second_wish_to_stop_does_not_cut_short_what_the_first_began(tmp_path: Path) -> None:
    closed: list[str] = []
    async with served(tmp_path) as (client, driver, agent):

        async def pair(options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
            try:
                yield PairingStep("ready", "press the button of the device")
                await asyncio.sleep(100)
            finally:
                await asyncio.sleep(1)
                closed.append("the radio")

        driver.pair = pair  # type: ignore[method-assign]
        await client.post(("v1", "pairing"), {"action": "pair"})
        await asyncio.sleep(0.1)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(agent.pairing.stop())
            await asyncio.sleep(0.1)
            tasks.create_task(agent.pairing.stop())
        assert closed == ["the radio"]
        assert not agent.pairing.active
