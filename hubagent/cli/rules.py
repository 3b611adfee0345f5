"""`hubagent rules`."""

from typing import Any

import click

from hubagent.cli.exits import OK, USAGE
from hubagent.cli.options import ask_agent, client_config, config_option, json_option
from hubagent.cli.output import show_json, tell


@click.group()
@config_option
def rules() -> None:
    """Rules, from the files that hub.toml names."""


@rules.command()
@config_option
@json_option
def check(*, as_json: bool) -> int:
    """Read the rule files, and ask the agent, if it runs, whether it knows the devices they name."""
    from hubagent.rules.former_rule import read_rules  # noqa: PLC0415 - after the configuration, whose mistakes come first

    found = read_rules(client_config().rule_files)
    unknown = _unknown_devices([(rule.place, rule.name, rule.devices()) for rule in found])
    if as_json:
        mistakes = unknown or []
        show_json({"v": 1, "rules": len(found), "devices_checked": unknown is not None, "mistakes": mistakes})
    for mistake in unknown or ():
        tell(f"error: {mistake['place']}: rule {mistake['rule']!r}: {mistake['what']}")
    if unknown:
        return USAGE
    tell(f"{len(found)} rules" + ("" if unknown is not None else "; no agent runs, so the devices were not checked"))
    return OK


def _unknown_devices(named: list[tuple[str, str, list[str]]]) -> list[dict[str, Any]] | None:
    """What the running agent says against the rules' devices; None without one."""
    from hubagent.api.client import AgentUnreachable, Client  # noqa: PLC0415 - as above
    from hubagent.api.problem import Problem  # noqa: PLC0415

    async def ask(client: Client) -> list[dict[str, Any]]:
        mistakes = []
        for place, rule, devices in named:
            for device in dict.fromkeys(devices):
                try:
                    view = await client.get("v1", "devices", device)
                except Problem as problem:
                    mistakes.append({"place": place, "rule": rule, "device": device, "what": problem.detail})
                    continue
                if device.casefold() not in (view["id"], view["name"].casefold()):
                    what = f"{device!r} is not the whole name of a device; did you mean {view['name']!r}?"
                    mistakes.append({"place": place, "rule": rule, "device": device, "what": what})
        return mistakes

    try:
        return ask_agent(ask)
    except AgentUnreachable:
        return None
