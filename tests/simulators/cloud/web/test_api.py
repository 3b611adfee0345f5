"""The API by its paths: what it shows, what it does, and how it says what it does not do."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hubagent.uplink.message.channel import MessageClass
from simulators.cloud.web.events import QUEUE_MAX
from simulators.web.events import LISTENERS_MAX
from tests.simulators.cloud.a_cloud import HUB, LAMP, lamp
from tests.simulators.cloud.web.a_page import SENSOR, STRIP, TOKEN, APage, a_page

pytestmark = pytest.mark.real_time

ON = {"device": "zwave-2", "set": {"on": True}}


@pytest.fixture
async def page() -> AsyncIterator[APage]:
    async with a_page() as made:
        yield made


async def outcome(page: APage, command: str) -> dict[str, Any]:
    """Once it has ended."""
    async with asyncio.timeout(5):
        while True:
            _, view = await page.ask("GET", f"/v1/commands/{command}")
            assert isinstance(view, dict)
            if view["state"] not in ("queued", "sent"):
                return view
            await asyncio.sleep(0.01)


async def test_hubs_and_their_devices_are_shown(page: APage) -> None:
    assert await page.ask("GET", "/v1/hubs") == (200, {"v": 1, "hubs": [], "trouble": ""})
    page.hub.come()
    status, view = await page.ask("GET", f"/v1/hubs/{HUB}")
    assert (status, view["online"], view["software"]) == (200, True, "hubagent 0.1.0")
    _, view = await page.ask("GET", f"/v1/hubs/{HUB}/devices")
    assert view == {"v": 1, "reported": 1, "devices": [SENSOR, LAMP, STRIP]}


async def test_a_command_is_carried_out_and_its_outcome_shown(page: APage) -> None:
    page.hub.come()
    status, view = await page.ask("POST", f"/v1/hubs/{HUB}/commands", json=ON)
    assert (status, view["state"]) == (202, "sent")
    view = await outcome(page, view["id"])
    assert (view["state"], view["outcome"], view["ms"]) == ("done", "confirmed", 2.5)
    assert 0 < view["lamp_ms"] < 5000
    _, devices = await page.ask("GET", f"/v1/hubs/{HUB}/devices")
    assert devices["devices"][1] == lamp(on=True)


async def test_a_part_of_a_device_is_a_device(page: APage) -> None:
    page.hub.come()
    status, _ = await page.ask("POST", f"/v1/hubs/{HUB}/commands", json={"device": "zwave-5/1", "set": {"on": True}})
    assert status == 202
    assert page.hub.commands[0].device == "zwave-5/1"


async def test_messages_are_read_in_pages(page: APage) -> None:
    page.hub.come()
    for number in range(5):
        page.hub.tell(MessageClass.EVENT, "pressed", device="remote", button=number)
    _, view = await page.ask("GET", f"/v1/hubs/{HUB}/history?most=2")
    last = view["messages"][-1]["n"]
    _, view = await page.ask("GET", f"/v1/hubs/{HUB}/history?since={last}&most=1000")
    assert [it["body"]["button"] for it in view["messages"]] == [2, 3, 4]


async def test_wishes_are_put_and_read(page: APage) -> None:
    page.hub.come()
    wishes = {"zwave-2": {"on": True}}
    assert await page.ask("PUT", f"/v1/hubs/{HUB}/desired", json={"devices": wishes}) == (202, {"v": 1, "version": 1})
    assert await page.ask("GET", f"/v1/hubs/{HUB}/desired") == (200, {"v": 1, "version": 1, "devices": wishes})
    await asyncio.sleep(0.05)
    assert [it.devices for it in page.hub.wishes] == [wishes]


async def test_jobs_claims_and_revocations_are_passed_on(page: APage) -> None:
    page.hub.come()
    status, view = await page.ask("POST", f"/v1/hubs/{HUB}/jobs", json={"kind": "renew"})
    assert (status, view["kind"]) == (202, "renew")
    assert await page.ask("POST", "/v1/claims", json={"hub": HUB}) == (201, {"v": 1, "hub": HUB, "code": "ABCD-EFGH"})
    assert (await page.ask("POST", f"/v1/hubs/{HUB}/revoke", json={}))[0] == 200
    assert (await page.ask("POST", "/v1/hubs/hub-0000009/revoke", json={}))[0] == 404


async def test_the_cloud_misbehaves_when_it_is_told_to(page: APage) -> None:
    status, view = await page.ask("POST", "/v1/misbehave", json={"do": "stall", "seconds": 60})
    assert (status, "for 60 s" in view["text"]) == (200, True)
    _, view = await page.ask("GET", "/v1/misbehave")
    assert view["active"] == ["stall"]
    status, view = await page.ask("POST", "/v1/misbehave", json={"do": "explode"})
    assert (status, view["error"]["kind"]) == (400, "cannot")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("GET", "/v1/hubs/hub-0000009", None, 404, "unknown_hub"),
        ("GET", "/v1/hubs/hub-0000009/events", None, 404, "unknown_hub"),
        ("GET", "/v1/commands/none", None, 404, "unknown_command"),
        ("GET", "/v1/nothing", None, 404, "http"),
        ("DELETE", "/v1/hubs", None, 405, "http"),
        ("TRACE", "/v1/hubs", None, 405, "no_such_method"),
        ("GET", f"/v1/hubs/{HUB}/history?since=-1", None, 400, "invalid"),
        ("GET", f"/v1/hubs/{HUB}/history?most=1001", None, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": "zwave-9", "set": {"on": True}}, 404, "unknown_device"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": "zwave-2"}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": "zwave-2", "set": {}}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": "zwave-2", "set": {"on": [1]}}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": "zwave-2", "set": {"on": 2**70}}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {"device": 2, "set": {"on": True}}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {**ON, "expires_in": 0}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", {**ON, "expires_in": "soon"}, 400, "invalid"),
        ("POST", f"/v1/hubs/{HUB}/commands", [ON], 400, "no_json"),
        ("POST", f"/v1/hubs/{HUB}/jobs", {"kind": "explode"}, 400, "invalid"),
        ("PUT", f"/v1/hubs/{HUB}/desired", {"devices": {"a": {}}}, 400, "invalid"),
        ("PUT", f"/v1/hubs/{HUB}/desired", {"devices": {str(n): {"on": True} for n in range(200)}}, 400, "invalid"),
        ("POST", "/v1/claims", {"hub": "X"}, 400, "invalid"),
        ("POST", "/v1/misbehave", {"do": "stall", "seconds": {}}, 400, "invalid"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    page: APage, method: str, path: str, body: Any, status: int, kind: str
) -> None:
    page.hub.come()
    found, view = await page.ask(method, path, json=body)
    assert (found, view["error"]["kind"]) == (status, kind), view
    assert (page.hub.commands, page.hub.wishes) == ([], [])


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"device": NaN}', "application/json", 400),
        (b'{"do": "stall", "do": "forget"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{" + b" " * 70_000 + b"}", "application/json", 413),
        (b'{"do": "stall"}', "text/plain", 415),
        (b"do=stall", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(page: APage, data: bytes, kind: str, status: int) -> None:
    found, _ = await page.ask("POST", "/v1/misbehave", data=data, headers={"Content-Type": kind})
    assert found == status


async def test_a_hub_has_a_bounded_number_of_open_commands(page: APage) -> None:
    page.hub.come()
    page.hub.go()
    for _ in range(page.service.consumer.bounds.commands_open_max):
        page.service.command(HUB, "zwave-2", {"on": True})
    status, view = await page.ask("POST", f"/v1/hubs/{HUB}/commands", json=ON)
    assert (status, view["error"]["kind"]) == (503, "busy")


class Stream:
    """Server-sent events, read one by one."""

    def __init__(self, content: Any) -> None:
        self._content = content

    async def next(self) -> tuple[str, Any]:
        async with asyncio.timeout(5):
            name, data = "", ""
            while True:
                line = (await self._content.readline()).decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    data = line[6:]
                elif not line and data:
                    return name, json.loads(data)


async def test_events_begin_with_everything_and_go_on_with_what_changes(page: APage) -> None:
    page.hub.come()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with page.session.get(f"{page.url}/v1/hubs/{HUB}/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        stream = Stream(response.content)
        name, view = await stream.next()
        assert (name, view["devices"], view["hub"]["online"]) == ("snapshot", [SENSOR, LAMP, STRIP], True)
        page.hub.report("zwave-2", lamp(on=True))
        assert await stream.next() == ("devices", {"version": 2, "anew": False, "devices": {"zwave-2": lamp(on=True)}})
        page.hub.go()
        assert (await stream.next())[1]["online"] is False
        page.service.forget()
        assert await stream.next() == ("snapshot", {"hub": None, "devices": [], "messages": []})


async def test_a_listener_that_is_too_slow_gets_everything_anew_instead(page: APage) -> None:
    page.hub.come()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with page.session.get(f"{page.url}/v1/hubs/{HUB}/events", headers=headers) as response:
        stream = Stream(response.content)
        await stream.next()
        for number in range(QUEUE_MAX + 2):
            page.hub.report("zwave-2", lamp(on=number % 2 == 0))
        name, view = await stream.next()
        assert name == "snapshot"
        assert view["hub"]["reported"] == QUEUE_MAX + 3


async def test_listeners_are_bounded_in_number_and_give_their_place_back(page: APage) -> None:
    page.hub.come()
    path, headers = f"{page.url}/v1/hubs/{HUB}/events", {"Authorization": f"Bearer {TOKEN}"}
    opened = [await page.session.get(path, headers=headers) for _ in range(LISTENERS_MAX)]
    async with page.session.get(path, headers=headers) as refused:
        assert refused.status == 503
    for response in opened:
        response.close()
    page.hub.go()
    async with asyncio.timeout(5):
        while True:
            async with page.session.get(path, headers=headers) as response:
                if response.status == 200:
                    break
            page.hub.come()
            await asyncio.sleep(0.01)
