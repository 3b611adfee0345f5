"""The `sim` commands: bring a simulated home up, with or without the agent on it, and act on one that runs."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.exits import FAILED, UNREACHABLE, USAGE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, show_table, tell, value_text
from simulators.action import USAGE as ACTIONS
from simulators.action import BadAction, parse_action
from simulators.chaos.cli import chaos
from simulators.cloud_cli import cloud
from simulators.control_socket import NotThere, PathTooLong, control_folder
from simulators.kept_file import CannotKeep
from simulators.recording.play_cli import play
from simulators.recording.record_cli import record
from simulators.world_control import ask_world, find_world

if TYPE_CHECKING:
    from simulators.cable import Cable
    from simulators.home import HomePlan
    from simulators.live.page_place import PagePlace
    from simulators.stage import Setting

DEFAULT_HOME = "demo"
IN_MEMORY = "sim://home"
RADIOS = {"zwave": "Z-Wave", "zigbee": "Zigbee"}
ANY_TCP_PORT = "tcp://127.0.0.1:0"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the options of `sim up` said."""

    file: Path
    plan: "HomePlan"
    seed: int
    cables: "dict[str, Cable]"
    """By radio: where its stick is plugged in."""
    radio_time: bool
    api: str
    state: Path
    """A folder that exists: the agent's state and the sticks' memories."""
    kept: bool
    """Whether the folder is there tomorrow."""
    page: "PagePlace | None"
    """Where the page is."""


@click.group()
def sim() -> None:
    """Simulated homes: bring one up, and act on it; and a cloud to connect hubs to."""


for _command in (cloud, record, play, chaos):
    sim.add_command(_command)


@sim.command()
@click.argument("home", default=DEFAULT_HOME)
@click.option("--seed", type=int, default=1, show_default=True, help="everything random follows from it")
@click.option("--zwave", metavar="PLACE", help="where the Z-Wave stick is plugged in: pty:PATH or tcp://HOST:PORT")
@click.option("--zigbee", metavar="PLACE", help="where the Zigbee stick is plugged in, likewise")
@click.option(
    "--zigbee-device",
    "captured",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="a real device's snapshot (ZHA's diagnostics), to be paired; may be given several times",
)
@click.option("--world-only", is_flag=True, help="dongles and devices, no agent")
@click.option("--radio-time", is_flag=True, help="frames take their time on the air")
@click.option(
    "--cloud", "with_cloud", is_flag=True, help="with a cloud on this machine, and a page that shows the home"
)
@click.option(
    "--page",
    metavar="HOST:PORT",
    help="a page to see the home, move people and throw faults; auto (the default on a terminal), or off",
)
@click.option("--api", default="127.0.0.1:5683", show_default=True, help="the agent's local API, or off")
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), help="folder that keeps what must survive")
@click.option("--fresh", is_flag=True, help="begin anew, whatever --state keeps")
@click.option("--seconds", type=click.FloatRange(min=0), help="end by itself after so long")
def up(
    *,
    home: str,
    seed: int,
    zwave: str | None,
    zigbee: str | None,
    captured: tuple[Path, ...],
    world_only: bool,
    radio_time: bool,
    with_cloud: bool,
    page: str | None,
    api: str,
    state: Path | None,
    fresh: bool,
    seconds: float | None,
) -> int:
    """Bring up HOME, a bundled home or a TOML file, until Ctrl-C; "ready" on stderr tells that it is up.

    The agent runs on it, and what happens is shown, unless --world-only is given: then anybody's software may open
    the sticks at the places that --zwave and --zigbee name (default: a free TCP port each).
    """
    from simulators.cable import cable_at  # noqa: PLC0415 - pydantic and the rest would slow down `sim do`
    from simulators.home import NoSuchHome, home_file, read_home, with_snapshots  # noqa: PLC0415 - as below
    from simulators.live.page_place import AUTO, OFF, page_place  # noqa: PLC0415

    if world_only and with_cloud:
        raise Failure("--cloud is for the agent, and --world-only leaves it out", USAGE)
    try:
        file = home_file(home)
    except NoSuchHome as error:
        raise Failure(f"{error}; `hubagent sim list` shows them", USAGE) from error
    try:
        shown = page_place(page or (AUTO if sys.stderr.isatty() else OFF))
    except ValueError as error:
        raise Failure(f"--page: {error}", USAGE) from error
    plan = with_snapshots(read_home(file), captured)
    wanted = {radio: place for radio, place in (("zwave", zwave), ("zigbee", zigbee)) if place is not None}
    cables = {}
    for radio in plan.radios_with(wanted):
        place = wanted.get(radio) or (ANY_TCP_PORT if world_only else f"{IN_MEMORY}?radio={radio}")
        try:
            cables[radio] = cable_at(place)
        except ValueError as error:
            raise Failure(f"--{radio}: {error}", USAGE) from error
    with _state_folder(None if fresh else state) as folder:
        kept = state is not None and not fresh
        choices = Choices(file, plan, seed, cables, radio_time, api, folder, kept=kept, page=shown)
        return _run(_world_alone(choices) if world_only else _world_with_agent(choices, with_cloud=with_cloud), seconds)


@sim.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the homes that come along."""
    from simulators.home import bundled_homes, read_home  # noqa: PLC0415 - as above

    homes = {name: read_home(file) for name, file in bundled_homes().items()}
    if as_json:
        show_json({"homes": [{"name": name, "devices": len(it.device)} for name, it in homes.items()]})
        return
    rows = [
        (name, str(len(it.room)), str(len(it.device)), ", ".join(resident.name for resident in it.resident))
        for name, it in homes.items()
    ]
    show_table(("home", "rooms", "devices", "residents"), rows)


@sim.command()
def schema() -> None:
    """Print the JSON Schema of a house file, for editors."""
    from simulators.house_schema import house_schema  # noqa: PLC0415 - as above

    show_json(house_schema())


@sim.command(context_settings={"ignore_unknown_options": True}, epilog="Actions: " + "; ".join(ACTIONS.values()))
@click.option("--world", metavar="ADDRESS", help="which simulated home, when several run")
@click.argument("words", nargs=-1, required=True, metavar="ACTION...")
def do(*, world: str | None, words: tuple[str, ...]) -> None:
    """Act on the running simulated home.

    `fault` alone shows what can go wrong in one, and what each fault is told: device=NAME or radio=NAME for what it
    strikes, which may also stand right after its name, and its options.
    """
    if words == ("fault",):
        _show_faults()
        return
    try:
        parse_action(words)
    except BadAction as error:
        raise Failure(str(error), USAGE) from error
    _ask(world, {"do": list(words)})


def _show_faults() -> None:
    from simulators.world_faults.switchboard import RADIO, target_key  # noqa: PLC0415 - as above
    from simulators.world_faults.table import WORLD_FAULTS  # noqa: PLC0415

    strikes = {name: f"{target_key(kind)}=NAME" for name, kind in WORLD_FAULTS.items()}
    rows = [
        (
            name,
            f"[{strikes[name]}]" if strikes[name].startswith(RADIO) else strikes[name],
            ", ".join(f"{option}={it.usual_text}" for option, it in kind.options.items()),
            f"{kind.about} ({kind.target}; {kind.ends})",
        )
        for name, kind in WORLD_FAULTS.items()
    ]
    show_table(("fault", "strikes", "options", "what"), rows)
    show("without radio= it strikes every radio; what lasts until it is healed takes seconds=")
    show("rate=0 ends it, but for faults of the wire: there 0 strikes once")


@sim.command("show")
@click.option("--world", metavar="ADDRESS", help="which simulated home, when several run")
@json_option
def show_world(*, world: str | None, as_json: bool) -> None:
    """Show what is really so in the running simulated home, whatever the agent believes."""
    answer = _ask(world, {"list": True})
    if as_json:
        show_json({key: answer[key] for key in answer if key != "ok"})
        return
    rows = [
        (
            device["name"],
            device["kind"],
            device["radio"] or "",
            "" if device["node"] is None else str(device["node"]),
            " ".join(f"{name}={value_text(value)}" for name, value in device["state"].items()),
        )
        for device in answer["devices"]
    ]
    show_table(("device", "kind", "radio", "node", "state"), rows)
    air = [
        (name, f"{room['temperature']:.1f}", f"{room['humidity']:.0f}", f"{room['light']:.0f}")
        for name, room in answer["rooms"].items()
    ]
    show_table(("room", "°C", "%", "lx"), air)
    for name, room in answer["residents"].items():
        show(f"{name} is in {room}")
    for trouble in answer["troubles"]:
        show(f"could not be done: {trouble}")


def _ask(world: str | None, question: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = ask_world(find_world(control_folder(os.environ), world), question)
    except NotThere as error:
        raise Failure(str(error), UNREACHABLE) from error
    if not answer["ok"]:
        raise Failure(answer["error"], FAILED)
    return answer


async def _world_alone(choices: Choices) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with _up(choices, agent=False):
        took_s = loop.time() - started
        places = ", ".join(f"{RADIOS[radio]} at {cable.address}" for radio, cable in choices.cables.items())
        tell(f"ready in {took_s:.2f} s: {choices.plan.name}, {_count(choices)}, {places}")
        await loop.create_future()


async def _world_with_agent(choices: Choices, *, with_cloud: bool) -> None:
    from simulators.home import rules_file  # noqa: PLC0415 - as above
    from simulators.stage import agent_on_stage, agent_under_a_cloud  # noqa: PLC0415

    setting, rules = _setting(choices), rules_file(choices.file)
    async with _up(choices, agent=True):
        if with_cloud:
            kept = choices.state / "cloud" if choices.kept else None
            await agent_under_a_cloud(setting, choices.cables, choices.api, rules, kept)
        else:
            await agent_on_stage(setting, choices.cables, choices.api, rules)


@asynccontextmanager
async def _up(choices: Choices, *, agent: bool) -> AsyncIterator[None]:
    """The world, open to `sim do`, and its page."""
    from simulators.live.showing import on_show  # noqa: PLC0415 - as above
    from simulators.stage import on_stage  # noqa: PLC0415

    async with (
        on_stage(_setting(choices), choices.cables, control_folder(os.environ)) as world,
        on_show(world, choices.cables, choices.page, agent=agent),
    ):
        yield


def _setting(choices: Choices) -> "Setting":
    from simulators.stage import Setting  # noqa: PLC0415 - as above

    return Setting(choices.plan, choices.seed, choices.radio_time, choices.state)


def _count(choices: Choices) -> str:
    return f"{len(choices.plan.device)} devices"


@contextmanager
def _state_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        try:
            kept.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(f"--state: {kept} cannot be made: {error.strerror or error}", USAGE) from error
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="hubagent-sim-") as folder:
        yield Path(folder)


def _run(main: Coroutine[Any, Any, None], seconds: float | None) -> int:
    """Until it ends, the time is over, or the process is told to end; Ctrl-C raises KeyboardInterrupt."""
    ended: list[bool] = []

    async def limited() -> int:
        task = asyncio.current_task()
        assert task is not None

        def end() -> None:
            ended.append(True)
            task.cancel()

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, end)
        timer = None if seconds is None else loop.call_later(seconds, end)
        try:
            await main
        except PathTooLong as error:
            raise Failure(str(error), FAILED) from error
        except CannotKeep as error:
            raise Failure(f"{error}; name another folder with --state", FAILED) from error
        except asyncio.CancelledError:
            if not ended:
                raise
        finally:
            if timer is not None:
                timer.cancel()
        return 0

    return asyncio.run(limited())
