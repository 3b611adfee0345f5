"""`hubagent devices [show|rename|act]`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.exits import DEVICE_SILENT, OK, USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, json_option, protocol_options
from hubagent.cli.output import show, show_json, show_table, state_text, tell, value_text
from hubagent.cli.topology import show_topology, topology_svg

if TYPE_CHECKING:
    from hubagent.api.client import Client


@click.group(invoke_without_command=True)
@config_option
@json_option
@protocol_options
@click.option("--map", "as_map", is_flag=True, help="who hears whom on a radio network")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="with --map: draw it into a file")
@click.pass_context
def devices(context: click.Context, protocol: str | None, svg: Path | None, *, as_json: bool, as_map: bool) -> None:
    """List the devices, with their state and what they last reported."""
    if context.invoked_subcommand is not None:
        return
    if svg is not None and not as_map:
        raise click.UsageError("--svg draws the map: say --map, too")
    if as_map:
        _map(protocol, svg, as_json=as_json)
        return
    view = ask_agent(lambda client: client.get("v1", "devices"))
    if protocol is not None:
        view["devices"] = [device for device in view["devices"] if device["protocol"] == protocol]
        view["drivers"] = {name: driver for name, driver in view["drivers"].items() if name == protocol}
    if as_json:
        show_json(view)
        return
    if not view["devices"]:
        tell("no devices yet; let one join: hubagent pair --zwave, or --zigbee")
        return
    rows: list[tuple[str, str, str, str]] = []
    for device in view["devices"]:
        rows.append((device["name"], device["state"], device["id"], state_text(device["capabilities"])))
        rows += [
            (f"  {part['name']}", "", part["id"], state_text(part["capabilities"]))
            for part in device.get("endpoints", {}).values()
        ]
    show_table(("NAME", "STATE", "ID", "VALUES"), rows)
    for name, driver in view["drivers"].items():
        if driver["condition"] != "ready":
            detail = f" ({driver['detail']})" if driver["detail"] else ""
            tell(
                f"{name} is {driver['condition']}{detail}: what is said of its devices is from before; hubagent doctor"
            )


def _map(protocol: str | None, svg: Path | None, *, as_json: bool) -> None:
    async def ask(client: "Client") -> tuple[dict[str, Any], dict[str, str]]:
        view = await client.post(("v1", "act"), {"action": "map", "protocol": protocol}, timeout_s=MAP_S)
        listed = await client.get("v1", "devices")
        return view, {device["id"]: device["name"] for device in listed["devices"]}

    view, names = ask_agent(ask)
    if svg is not None:
        _draw(svg, topology_svg(view, names))
        tell(f"drawn into {svg}")
    if as_json:
        show_json(view)
    elif svg is None:
        show_topology(view, names)


def _draw(file: Path, picture: str) -> None:
    try:
        file.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{file}: {(error.strerror or str(error)).lower()}", USAGE) from error


MAP_S = 180.0
"""Every router is asked, each for several pages."""


@devices.command("show")
@config_option
@json_option
@click.argument("device")
def show_device(device: str, *, as_json: bool) -> None:
    """Everything that is known of DEVICE (id, name or address)."""
    view = ask_agent(lambda client: client.get("v1", "devices", device))
    if as_json:
        show_json(view)
        return
    show(f"{view['name']}  {view['state']}  {view['id']}  ({view['protocol']} address {view['address']})")
    for name, text in view["details"].items():
        show(f"  {name}: {text}")
    _show_capabilities(view["capabilities"], view["remembered"], "  ")
    for number, part in view.get("endpoints", {}).items():
        show(f"  part {number}: {part['name']}  {part['id']}")
        _show_capabilities(part["capabilities"], [], "    ")


def _show_capabilities(capabilities: dict[str, dict[str, Any]], remembered: list[str], indent: str) -> None:
    for capability, attributes in capabilities.items():
        for name, value in attributes.items():
            old = "  (from before the restart)" if f"{capability}.{name}" in remembered else ""
            show(f"{indent}{capability}.{name} = {value_text(value)}{old}")
        if not attributes:
            show(f"{indent}{capability}")


@devices.command()
@config_option
@json_option
@click.argument("device")
@click.argument("name")
def rename(device: str, name: str, *, as_json: bool) -> None:
    """Call DEVICE by another NAME from now on.

    Rules that name it wait for the old name until their files say the new one: `hubagent rules rename OLD NEW`.
    """
    view = ask_agent(lambda client: client.put(("v1", "devices", device, "name"), {"name": name}))
    if as_json:
        show_json(view)
    else:
        tell(f"{view['id']} is {view['name']!r} now")
    waiting = [repr(rule) for rule in view.get("rules_waiting", ())]
    waiting += [f"[[never]] {never!r}" for never in view.get("nevers_waiting", ())]
    if waiting:
        tell(f"these rules wait for {view['was']!r} now: {', '.join(waiting)}")
        tell(f"let their files follow: hubagent rules rename {shlex.quote(view['was'])} {shlex.quote(view['name'])}")


@devices.command()
@config_option
@json_option
@click.argument("device")
@click.argument("action")
@click.argument("arguments", nargs=-1, metavar="[KEY=VALUE]...")
def act(device: str, action: str, arguments: tuple[str, ...], *, as_json: bool) -> int:
    """What sets no attribute: stop, set_user_code user_id=N code=NNNN, clear_user_code user_id=N.

    And what is particular to a device's radio: interview, ping, rebuild_routes, neighbours, ...
    """
    from hubagent.cli.set import EXIT_BY_OUTCOME, parse_assignments  # noqa: PLC0415 - only this one needs it

    body = {"action": action, **parse_assignments(arguments)}
    view = ask_agent(lambda client: client.post(("v1", "devices", device, "act"), body, timeout_s=120))
    if as_json:
        show_json(view)
    else:
        for key, value in view.items():
            if key not in ("v", "results") and value != "":
                show(f"{key}: {value if isinstance(value, list | dict) else value_text(value)}")
    return EXIT_BY_OUTCOME.get(view["outcome"], DEVICE_SILENT) if "outcome" in view else OK


@devices.command()
@config_option
@click.argument("device")
@click.pass_context
def interview(context: click.Context, device: str) -> int:
    """Ask DEVICE anew what it is and what it can do."""
    code: int = context.invoke(act, device=device, action="interview", arguments=(), as_json=False)
    return code
