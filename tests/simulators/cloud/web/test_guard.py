"""Who may ask: by token, by name, by origin, and how often."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulators.cloud.web.page import FILES
from simulators.web.files import KINDS
from simulators.web.guard import HEADERS, WRITES_MAX
from tests.simulators.cloud.a_cloud import HUB
from tests.simulators.cloud.web.a_page import TOKEN, APage, a_page

pytestmark = pytest.mark.real_time

PATHS = (
    ("GET", "/v1/hubs"),
    ("GET", f"/v1/hubs/{HUB}"),
    ("GET", f"/v1/hubs/{HUB}/devices"),
    ("GET", f"/v1/hubs/{HUB}/history"),
    ("GET", f"/v1/hubs/{HUB}/events"),
    ("GET", f"/v1/hubs/{HUB}/desired"),
    ("GET", "/v1/commands/x"),
    ("GET", "/v1/misbehave"),
    ("GET", "/v1/nothing"),
    ("POST", f"/v1/hubs/{HUB}/commands"),
    ("POST", f"/v1/hubs/{HUB}/jobs"),
    ("PUT", f"/v1/hubs/{HUB}/desired"),
    ("POST", f"/v1/hubs/{HUB}/revoke"),
    ("POST", "/v1/claims"),
    ("POST", "/v1/misbehave"),
)


@pytest.fixture
async def page() -> AsyncIterator[APage]:
    async with a_page() as made:
        yield made


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_every_route_of_the_api_wants_the_token(page: APage, method: str, path: str) -> None:
    page.hub.come()
    async with page.session.request(method, page.url + path, json={} if method != "GET" else None) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_health_and_the_page_itself_want_none(page: APage) -> None:
    for path, (_, name) in FILES.items():
        async with page.session.get(page.url + path) as response:
            assert (response.status, response.content_type) == (200, KINDS[Path(name).suffix])
    async with page.session.get(page.url + "/health") as response:
        assert await response.json() == {"v": 1, "ok": True}


async def test_who_guesses_tokens_has_to_wait(page: APage) -> None:
    page.stands_at = 1000.0
    for _ in range(5):
        assert (await page.ask("GET", "/v1/hubs", headers={"Authorization": "Bearer wrong"}))[0] == 401
    status, view = await page.ask("GET", "/v1/hubs", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (status, view["error"]["kind"]) == (429, "too_many_tries")
    page.stands_at = 1061.0
    assert (await page.ask("GET", "/v1/hubs"))[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example:80"])
async def test_a_name_that_somebody_points_here_is_not_answered(page: APage, host: str) -> None:
    status, view = await page.ask("GET", "/v1/hubs", headers={"Host": host})
    assert (status, view["error"]["kind"]) == (403, "wrong_host")
    status, _ = await page.ask("GET", "/", headers={"Host": host})
    assert status == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
async def test_the_names_of_this_machine_are_answered(page: APage, name: str) -> None:
    host = f"{name}:{page.port}"
    assert (await page.ask("GET", "/v1/hubs", headers={"Host": host, "Origin": f"http://{host.lower()}"}))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_pages_of_other_sites_may_not_ask(page: APage, headers: dict[str, str]) -> None:
    status, view = await page.ask("POST", "/v1/misbehave", json={"do": "stall"}, headers=headers)
    assert (status, view["error"]["kind"]) == (403, "wrong_origin")
    assert (await page.ask("GET", "/v1/misbehave"))[1]["active"] == []


async def test_wishes_are_bounded_in_a_second(page: APage) -> None:
    page.stands_at = 1000.0
    asked = [page.ask("POST", "/v1/misbehave", json={"do": "behave"}) for _ in range(WRITES_MAX + 5)]
    statuses = [status for status, _ in await asyncio.gather(*asked)]
    assert (statuses.count(200), statuses.count(429)) == (WRITES_MAX, 5)
    page.stands_at = 1001.1
    assert (await page.ask("POST", "/v1/misbehave", json={"do": "behave"}))[0] == 200


@pytest.mark.parametrize("path", ["/", "/app.js", "/v1/hubs", "/v1/nothing", "/health"])
async def test_every_answer_has_the_headers_that_browsers_heed(page: APage, path: str) -> None:
    page.hub.come()
    async with page.session.get(page.url + path) as response:
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert "Server" not in response.headers


def test_the_policy_allows_nothing_unsafe() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert policy.startswith("default-src 'none'")
