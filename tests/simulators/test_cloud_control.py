"""What another program may ask of a running cloud."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hubagent.cli.drivers import open_serial
from hubagent.runtime import real_runtime
from simulators.cloud.running import CloudSetting, running_cloud
from simulators.cloud_control import answer, ask_cloud, cloud_folder, find_cloud, serve_cloud_control
from simulators.control_socket import NotThere

pytestmark = pytest.mark.real_time

RUNTIME = real_runtime(open_serial)
SETTING = CloudSetting(RUNTIME.wall, RUNTIME.entropy, http_port=0, est_port=0, coap_port=0)


async def asked(path: Path, question: dict[str, Any]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, ask_cloud, path, question)


async def test_a_cloud_misbehaves_lists_its_hubs_and_gives_claims(tmp_path: Path) -> None:
    async with running_cloud(SETTING) as cloud, serve_cloud_control(cloud, tmp_path) as path:
        assert find_cloud(tmp_path, None) == path
        reply = await asked(path, {"do": "stall", "settings": {"seconds": 5}})
        assert reply["ok"]
        assert "for 5 s" in reply["text"]
        assert await asked(path, {"list": True}) == {
            "ok": True,
            "hubs": [],
            "page": cloud.page_url,
            "active": ["stall"],
        }
        reply = await asked(path, {"claim": "hub-of-mine"})
        assert (reply["hub"], reply["est"]) == ("hub-of-mine", cloud.est_url)
        assert (await asked(path, {"claim": None}))["hub"].startswith("hub-")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b"[" * 50_000, "no JSON"),
        (b'{"do": 3}', "a name with settings"),
        (b'{"do": "stall", "settings": {"seconds": []}}', "a name with settings"),
        (b'{"do": "explode"}', "there is no misbehaviour 'explode'"),
        (b'{"claim": "X"}', "is no hub's id"),
    ],
)
async def test_what_cannot_be_done_is_said(line: bytes, words: str) -> None:
    async with running_cloud(SETTING) as cloud:
        reply = answer(cloud, line)
        assert not reply["ok"]
        assert words in reply["error"]
        assert json.dumps(reply)


async def test_its_socket_is_its_owners_and_goes_with_it(tmp_path: Path) -> None:
    async with running_cloud(SETTING) as cloud:
        async with serve_cloud_control(cloud, tmp_path / "clouds") as path:
            assert path.stat().st_mode & 0o077 == 0
        assert not path.exists()
        with pytest.raises(NotThere, match="start one with `hubagent sim cloud`"):
            find_cloud(tmp_path / "clouds", None)


def test_clouds_are_apart_from_simulated_homes() -> None:
    assert cloud_folder({"XDG_RUNTIME_DIR": "/run/user/1"}) == Path("/run/user/1/hubagent/clouds")
