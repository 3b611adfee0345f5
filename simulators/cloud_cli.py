"""`hubagent sim cloud`: a cloud on this machine, for hubs to connect to; and a say in how it behaves."""

import asyncio
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hubagent.cli.exits import FAILED, UNREACHABLE, USAGE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, show_table, tell
from simulators.action import BadAction, parse_settings
from simulators.cloud_control import ask_cloud, cloud_folder, find_cloud
from simulators.control_socket import NotThere

if TYPE_CHECKING:
    from simulators.cloud.items import Changed
    from simulators.cloud.running import Cloud, CloudSetting

LOOPBACK: Final = "127.0.0.1"
_cloud_option = click.option("--cloud", metavar="NAME", help="which cloud, when several run")


@click.group("cloud", invoke_without_command=True)
@click.option("--mqtt", is_flag=True, help="hubs may come by MQTT, too: starts mosquitto")
@click.option(
    "--listen",
    metavar="ADDRESS",
    default=LOOPBACK,
    show_default=True,
    help="where hubs come; the page is on loopback always",
)
@click.option("--any-ports", is_flag=True, help="any free ports, instead of the usual ones")
@click.option(
    "--manufacturer",
    "manufacturers",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="a maker's root certificate (PEM), whose hubs need no claim code; may be given several times",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="folder that keeps certificates, twins and history [default: $XDG_STATE_HOME/hubagent-cloud]",
)
@click.option("--fresh", is_flag=True, help="begin with nothing, and keep nothing")
@click.option("--seconds", type=click.FloatRange(min=0), help="end by itself after so long")
@click.pass_context
def cloud(
    context: click.Context,
    *,
    mqtt: bool,
    listen: str,
    any_ports: bool,
    manufacturers: tuple[Path, ...],
    state: Path | None,
    fresh: bool,
    seconds: float | None,
) -> int:
    """Run a cloud on this machine until Ctrl-C: hubs connect to it, and a page shows their homes.

    It says what to type to connect a hub. "ready" on stderr tells that it is up.
    """
    if context.invoked_subcommand is not None:
        return 0
    folder = None if fresh else (state or default_state(os.environ)).absolute()
    setting = replace(_setting(folder, listen, mqtt=mqtt, any_ports=any_ports), manufacturers=manufacturers)
    return _run(setting, seconds)


@cloud.command("do")
@_cloud_option
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
def do(*, cloud: str | None, name: str, settings: tuple[str, ...]) -> None:
    """Let the running cloud misbehave: NAME is what it does; any other word lists them.

    Most last until `behave`, or for seconds=N.
    """
    try:
        given = parse_settings(settings)
    except BadAction as error:
        raise Failure(str(error), USAGE) from error
    show(_ask(cloud, {"do": name, "settings": given})["text"])


@cloud.command("claim")
@_cloud_option
@json_option
@click.argument("hub", required=False)
def claim(*, cloud: str | None, hub: str | None, as_json: bool) -> None:
    """A code with which one more hub gets its identity; HUB is the name that it shall have."""
    answer = _ask(cloud, {"claim": hub})
    if as_json:
        show_json({key: answer[key] for key in ("hub", "code", "est", "anchor")})
    else:
        show(provision_line(answer["est"], answer["anchor"], answer["code"]))


@cloud.command("show")
@_cloud_option
@json_option
def show_cloud(*, cloud: str | None, as_json: bool) -> None:
    """Show which hubs the running cloud knows, and where its page is."""
    answer = _ask(cloud, {"list": True})
    if as_json:
        show_json({key: answer[key] for key in ("hubs", "page", "active")})
        return
    rows = [
        (hub["id"], "on line" if hub["online"] else "off line", hub["software"], str(hub["counts"].get("messages", 0)))
        for hub in answer["hubs"]
    ]
    show_table(("hub", "presence", "software", "messages"), rows)
    show(f"page: {answer['page']}")
    if answer["active"]:
        show(f"it misbehaves: {', '.join(answer['active'])}")


def default_state(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "hubagent-cloud"


def provision_line(est: str, anchor: str, code: str) -> str:
    return f"hubagent provision --cloud {est} --anchor {anchor} --claim {code}"


def _setting(folder: Path | None, listen: str, *, mqtt: bool, any_ports: bool) -> "CloudSetting":
    from hubagent.cli.drivers import open_serial  # noqa: PLC0415 - cryptography and the rest would slow down --help
    from hubagent.runtime import real_runtime  # noqa: PLC0415
    from simulators.cloud.running import MQTT_PORTS, CloudSetting  # noqa: PLC0415

    runtime = real_runtime(open_serial)
    if any_ports:
        return CloudSetting(
            runtime.wall, runtime.entropy, folder, listen, http_port=0, est_port=0, coap_port=0, mqtt=mqtt
        )
    return CloudSetting(runtime.wall, runtime.entropy, folder, listen, mqtt=mqtt, mqtt_ports=MQTT_PORTS)


def _run(setting: "CloudSetting", seconds: float | None) -> int:
    """Until the time is over, or the process is told to end; Ctrl-C raises KeyboardInterrupt."""
    from simulators.cloud.broker import NoBroker  # noqa: PLC0415 - as above
    from simulators.cloud.database import CloudFileUnusable  # noqa: PLC0415
    from simulators.cloud.running import NoHttp  # noqa: PLC0415
    from simulators.listening import PortTaken  # noqa: PLC0415

    try:
        asyncio.run(_live(setting, seconds))
    except (NoBroker, PortTaken, NoHttp) as error:
        raise Failure(str(error), UNREACHABLE) from error
    except (CloudFileUnusable, ValueError, OSError) as error:
        raise Failure(f"{error}", FAILED) from error
    return 0


async def _live(setting: "CloudSetting", seconds: float | None) -> None:
    from simulators.cloud.running import running_cloud  # noqa: PLC0415 - as above
    from simulators.cloud_control import serve_cloud_control  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    began, ended = loop.time(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    async with running_cloud(setting) as cloud, serve_cloud_control(cloud, cloud_folder(os.environ)):
        cloud.service.listen(_tell_of)
        for line in introduction(cloud):
            show(line)
        tell(f"ready in {loop.time() - began:.2f} s: {ways(cloud)}")
        timer = None if seconds is None else loop.call_later(seconds, ended.set)
        try:
            await ended.wait()
        finally:
            if timer is not None:
                timer.cancel()


def introduction(cloud: "Cloud") -> Iterator[str]:
    """What a newcomer needs: where the page is, and what to type to connect a hub."""
    yield f"page: {cloud.page_url}"
    if cloud.est_url is not None:
        hub = cloud.new_hub_name()
        yield "to connect a hub, type there (the code is for one hub, within a day; more: hubagent sim cloud claim):"
        yield f"  {provision_line(cloud.est_url, str(cloud.files.anchors), cloud.claim(hub))}"
    urls = [url for url in (cloud.coap_url, cloud.mqtt_url) if url is not None]
    yield f"and tell it in hub.toml where the cloud is{', one of' if len(urls) > 1 else ''}:"
    for url in urls:
        yield "  [uplink]"
        yield f'  url = "{url}"'
    yield "then: hubagent run --config hub.toml"


def ways(cloud: "Cloud") -> str:
    return ", ".join(url for url in (cloud.coap_url, cloud.mqtt_url, cloud.est_url) if url is not None)


def _tell_of(change: "Changed") -> None:
    """What a person at the terminal wants to see go by."""
    view = change.view
    if change.what == "hub":
        tell(f"{change.hub} is {'on line' if view['online'] else 'off line'}  {view['software']}")
    elif change.what == "command" and view["state"] not in ("queued", "sent"):
        took = "" if view["lamp_ms"] is None else f", {view['lamp_ms']:.1f} ms to the lamp and back"
        tell(
            f"{change.hub} {view['device'] or view['kind']}: {view['outcome'] or view['state']} {view['detail']}{took}"
        )
    elif change.what == "complaint":
        tell(f"{change.hub} {view['reason']}: {view['detail']}")


def _ask(cloud: str | None, question: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer = ask_cloud(find_cloud(cloud_folder(os.environ), cloud), question)
    except NotThere as error:
        raise Failure(str(error), UNREACHABLE) from error
    if not answer["ok"]:
        raise Failure(answer["error"], FAILED)
    return answer
