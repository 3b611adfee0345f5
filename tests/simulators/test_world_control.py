import asyncio
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest

from simulators.cable import MemoryCable
from simulators.control_socket import LINE_MAX, NotThere, control_folder
from simulators.home import home_file, read_home
from simulators.house_table import HOME_NAME_MAX
from simulators.world import World
from simulators.world_control import answer, ask_world, find_world, serve_control

STUDIO = read_home(home_file("studio"))


async def _ask(path: Path, question: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, ask_world, path, question)


@pytest.mark.real_time
async def test_a_running_world_is_found_acted_on_and_gone_when_it_has_ended(tmp_path: Path) -> None:
    world = World(STUDIO, 1)
    async with world.running({"zwave": MemoryCable()}):
        async with serve_control(world, tmp_path / "run") as path:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert find_world(tmp_path / "run", None) == path
            assert await _ask(path, {"do": ["press", "studio.light"]}) == {"ok": True}
            state = await _ask(path, {"list": True})
            assert state["devices"][0]["state"] == {"on": True}
            assert state["residents"] == {"sam": "studio"}
            assert state["rooms"]["studio"]["temperature"] > 15
            refused = await _ask(path, {"do": ["press", "studio.oven"]})
            assert not refused["ok"]
            assert "there is no device 'studio.oven'" in refused["error"]
        with pytest.raises(NotThere, match="sim up"):
            find_world(tmp_path / "run", None)
        with pytest.raises(NotThere, match="does not answer"):
            await _ask(path, {"list": True})


@pytest.mark.real_time
async def test_of_several_worlds_one_must_be_named(tmp_path: Path) -> None:
    world = World(STUDIO, 1)
    async with world.running({"zwave": MemoryCable()}), serve_control(world, tmp_path) as first:
        other = tmp_path / "castle-1.sock"
        server = await asyncio.start_unix_server(lambda _reader, writer: writer.close(), other)
        with pytest.raises(NotThere, match=r"several.*castle-1, studio-"):
            find_world(tmp_path, None)
        assert find_world(tmp_path, "castle") == other
        assert find_world(tmp_path, str(first)) == first
        with pytest.raises(NotThere, match="no such"):
            find_world(tmp_path, "hut")
        server.close()
        await server.wait_closed()


@pytest.mark.real_time
async def test_a_world_with_a_name_of_many_bytes_is_found_by_it_all_the_same() -> None:
    name = "家" * HOME_NAME_MAX
    world = World(STUDIO.model_copy(update={"name": name}), 1)
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        async with world.running({"zwave": MemoryCable()}), serve_control(world, Path(folder)) as path:
            assert path.name.startswith("家家家")
            assert len(os.fsencode(path)) <= 107
            assert [find_world(Path(folder), it) for it in (None, "家家", name)] == [path] * 3
            assert (await _ask(path, {"list": True}))["home"] == name
            with pytest.raises(NotThere, match="no such"):
                find_world(Path(folder), "屋" * HOME_NAME_MAX)


@pytest.mark.real_time
async def test_a_client_that_sends_too_much_is_cut_off_and_the_next_is_served(tmp_path: Path) -> None:
    world = World(STUDIO, 1)
    async with world.running({"zwave": MemoryCable()}), serve_control(world, tmp_path) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"x" * (LINE_MAX * 2))
        assert await reader.read() == b""
        writer.close()
        assert (await _ask(path, {"list": True}))["ok"]


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"nonsense\n", b"[1]\n", b"{}\n", b'{"do": "press"}\n', b'{"do": [1]}\n', b"\xff\xfe\n"]
)
async def test_a_line_that_makes_no_sense_is_answered_with_what_is_wrong(line: bytes) -> None:
    reply = answer(World(STUDIO, 1), line)
    assert reply["ok"] is False
    assert json.dumps(reply["error"])


def test_sockets_are_in_the_users_own_folder() -> None:
    assert control_folder({"XDG_RUNTIME_DIR": "/run/user/7"}) == Path("/run/user/7/hubagent")
    assert control_folder({}).name.startswith("hubagent-")
