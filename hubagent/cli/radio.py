"""`hubagent radio`: what a radio as a whole can be asked, and no device of it."""

from typing import Any

import click

from hubagent.cli.options import ask_agent, config_option, json_option
from hubagent.cli.output import show, show_json, show_table, value_text

ACT_S = 300.0


@click.command()
@config_option
@json_option
@click.argument("protocol", type=click.Choice(("zwave", "zigbee")))
@click.argument("action")
@click.argument("arguments", nargs=-1, metavar="[KEY=VALUE]...")
def radio(protocol: str, action: str, arguments: tuple[str, ...], *, as_json: bool) -> None:
    """Ask the stick of a radio for ACTION: energy_scan, channel channel=20, map, ...; `help` lists them."""
    from hubagent.cli.set import parse_assignment  # noqa: PLC0415 - only this one needs it

    body = {**dict(parse_assignment(text) for text in arguments), "action": action, "protocol": protocol}
    view = ask_agent(lambda client: client.post(("v1", "act"), body, timeout_s=ACT_S))
    if as_json:
        show_json(view)
        return
    for key, value in view.items():
        if key != "v":
            _show(key, value)


def _show(key: str, value: Any) -> None:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        head = tuple(value[0])
        show_table([name.upper() for name in head], [[value_text(row.get(name)) for name in head] for row in value])
    else:
        show(f"{key}: {value if isinstance(value, list | dict) else value_text(value)}")
