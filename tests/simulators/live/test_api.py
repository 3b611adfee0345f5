"""The API of a live world by its paths."""

import asyncio
from typing import Any

import pytest

from simulators.listening import PortTaken
from simulators.live.page_files import FILES
from simulators.live.page_place import PagePlace
from simulators.web.events import LISTENERS_MAX
from simulators.web.files import KINDS
from tests.simulators.live.a_live_world import EVERYWHERE, TOKEN, a_live_world, events

pytestmark = pytest.mark.real_time


async def test_the_world_is_shown_as_it_really_is() -> None:
    async with a_live_world() as live:
        live.world.do("set", "kitchen.light", "on=true")
        status, view = await live.get("/api/world")
        assert (status, view["v"], view["home"]) == (200, 1, "demo")
        light = view["devices"]["kitchen.light"]
        assert (light["kind"], light["room"], light["radio"], light["power"]) == ("switch", "kitchen", "zwave", True)
        assert light["state"] == {"on": True}
        assert light["node"] == live.world.dongles["zwave"].address_of("kitchen.light")
        assert view["residents"] == {"alex": {"room": "living", "does": None}}
        assert set(view["plan"]["devices"]) == set(view["touch"]) == set(live.world.devices)
        assert view["doors"]["hall-kitchen"] == {"between": ["hall", "kitchen"], "open": False, "locked": False}
        assert {kind["name"] for kind in view["faults"]} >= {"wire.unplug", "stick.silent", "air.loss", "device.dead"}


async def test_a_hand_does_what_sim_do_does() -> None:
    async with a_live_world() as live:
        status, view = await live.do("press", "kitchen.light")
        assert (status, view["done"]) == (200, ["press", "kitchen.light"])
        assert live.world.devices["kitchen.light"].device.on  # type: ignore[attr-defined]


async def test_more_than_people_can_do_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.world.DOINGS_MAX", 3)
    async with a_live_world() as live:
        answers = [await live.do("cook", "alex", "60") for _ in range(4)]
        assert [status for status, _ in answers] == [200, 200, 200, 409]
        assert "3 things that residents were told to do" in answers[-1][1]["error"]["text"]


async def test_a_fault_is_shown_with_its_end_and_can_be_healed() -> None:
    async with a_live_world() as live:
        await live.do("fault", "device.dead", "device=hall.light", "seconds=60")
        _, view = await live.get("/api/world")
        (struck,) = view["struck"]
        assert (struck["fault"], struck["target"]) == ("device.dead", "hall.light")
        assert 58 < struck["until"] - view["now"] <= 60.1
        assert view["devices"]["hall.light"]["power"] is False
        await live.do("heal", "device.dead", "hall.light")
        _, view = await live.get("/api/world")
        assert (view["struck"], view["devices"]["hall.light"]["power"]) == ([], True)


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        (("dance",), 400, "no_action"),
        (("walk", "alex"), 400, "no_action"),
        (("press", "hall.lihgt"), 404, "unknown_device"),
        (("walk", "nobody", "hall"), 404, "unknown_resident"),
        (("walk", "alex", "cellar"), 404, "unknown_room"),
        (("set", "hall.light", "wet=true"), 409, "cannot"),
        (("fault", "gremlins"), 409, "cannot"),
        (("open", "hall", "nursery"), 409, "cannot"),
    ],
)
async def test_what_cannot_be_done_is_said_to_be(words: tuple[str, ...], status: int, kind: str) -> None:
    async with a_live_world() as live:
        answered, view = await live.do(*words)
        assert (answered, view["error"]["kind"]) == (status, kind)
        assert view["error"]["text"]


@pytest.mark.parametrize("body", [{}, {"do": "press"}, {"do": []}, {"do": [1]}, {"do": ["press", "\n"]}, []])
async def test_a_body_that_is_no_list_of_words_is_refused(body: Any) -> None:
    async with a_live_world() as live, live.session.post(live.url + "/api/do", json=body) as response:
        assert response.status == 400


async def test_forms_of_other_sites_change_nothing() -> None:
    async with a_live_world() as live:
        async with live.session.post(live.url + "/api/do", data='{"do": ["press", "kitchen.light"]}') as response:
            assert response.status == 415
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await live.do("press", "kitchen.light", **headers))[0] == 403
        assert not live.world.devices["kitchen.light"].device.on  # type: ignore[attr-defined]


async def test_what_happens_is_told_as_it_happens() -> None:
    async with a_live_world() as live, live.session.get(live.url + "/api/events") as response:
        told = events(response)
        async with asyncio.timeout(10):
            name, snapshot = await anext(told)
            assert (name, snapshot["v"], snapshot["home"]) == ("snapshot", 1, "demo")
            live.world.do("set", "kitchen.sink", "wet=true")
            name, changed = await anext(told)
        assert (name, list(changed["devices"])) == ("changed", ["kitchen.sink"])
        assert changed["devices"]["kitchen.sink"]["state"]["wet"] is True


async def test_only_so_many_may_listen() -> None:
    async with a_live_world("studio") as live:
        listening = [await live.session.get(live.url + "/api/events") for _ in range(LISTENERS_MAX)]
        async with live.session.get(live.url + "/api/events") as response:
            assert response.status == 503
        for it in listening:
            it.close()


async def test_every_file_of_the_page_is_served_with_headers_that_browsers_heed() -> None:
    async with a_live_world("studio") as live:
        for path, (_, name) in FILES.items():
            async with live.session.get(live.url + path) as response:
                assert (response.status, response.content_type) == (200, KINDS["." + name.rpartition(".")[2]]), path
                assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_off_loopback_a_token_is_wanted_and_any_name_will_do() -> None:
    async with a_live_world("studio", EVERYWHERE) as live:
        assert live.address.endswith(f"#token={TOKEN}")
        assert (await live.get("/api/world"))[0] == 401
        assert (await live.do("press", "studio.light"))[0] == 401
        with_token = {"Authorization": f"Bearer {TOKEN}", "Host": "sim:8090"}
        assert (await live.get("/api/world", **with_token))[0] == 200


async def test_a_port_that_is_taken_is_left_unless_somebody_insists_on_it() -> None:
    async with a_live_world("studio") as live:
        port = int(live.url.rpartition(":")[2])
        with pytest.raises(PortTaken, match="another simulated home may run already"):
            await _enter(PagePlace("127.0.0.1", port, insists=True))
        other = await _enter(PagePlace("127.0.0.1", port, insists=False))
        assert other != port


async def _enter(place: PagePlace) -> int:
    async with a_live_world("studio", place) as live:
        return int(live.url.rpartition(":")[2])
