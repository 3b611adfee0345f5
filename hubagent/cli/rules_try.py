"""`hubagent rules try`: what a change would do now, without doing it."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, config_path, json_option
from hubagent.cli.output import coloured, show, show_json, tell, value_text
from hubagent.cli.rules_agent import no_rule_files

if TYPE_CHECKING:
    from hubagent.api.client import Client
    from hubagent.rules.rehearsal import Happening, Now

_WITH_FILES: Final = "name them there, [rules] files, or another hub.toml: `hubagent --config FILE rules try CHANGE...`"


@click.command("try")
@config_option
@json_option
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
def try_(changes: tuple[str, ...], *, as_json: bool) -> None:
    """Say what CHANGE would do now, without doing it: "hall.motion = occupied", "home.mode = night".

    Several happen one after the other; also "var.guests = 2", "sofa.remote button 1 double". The rules are those of the
    files, the state is the running agent's. What its rules wait for now, and whose limits are reached, does not count.
    """
    from hubagent.automation import where_of  # noqa: PLC0415 - pydantic would slow down --help
    from hubagent.cli.drivers import open_serial  # noqa: PLC0415
    from hubagent.config import load_config  # noqa: PLC0415
    from hubagent.idle_rules import idle_texts  # noqa: PLC0415
    from hubagent.rules.reading.rule_set import read_rule_set  # noqa: PLC0415
    from hubagent.rules.rehearsal import NoChange, Rehearsal  # noqa: PLC0415
    from hubagent.runtime import real_runtime  # noqa: PLC0415

    config = load_config(config_path(), os.environ)
    if not config.rule_files:
        raise no_rule_files(_WITH_FILES)
    rule_set = read_rule_set(config.rule_files, config.http_hosts)
    now = ask_agent(_now)
    wall = real_runtime(open_serial).wall()
    rehearsal = Rehearsal(rule_set, where_of(config.place), wall, now)
    tried: list[tuple[str, list[Happening]]] = []
    for text in changes:
        try:
            tried.append((text, rehearsal.change(text)))
        except NoChange as problem:
            raise Failure(str(problem), USAGE) from problem
    if as_json:
        views = [{"change": text, "happenings": [asdict(one) for one in found]} for text, found in tried]
        show_json({"v": 1, "changes": views, "waiting_rules": [one.rule.name for one in rehearsal.unbound]})
        return
    for text, found in tried:
        show(coloured(text, "bold"))
        for line in map(line_of, found):
            show(f"  {line}")
        if not found:
            show("  nothing: no rule waits for it")
    if idle := ", ".join(idle_texts(one.problem.device is not None for one in rehearsal.unbound)):
        tell(f"of the rules, {idle}; see `hubagent rules check`")


async def _now(client: "Client") -> "Now":
    """How all is, as the agent says."""
    from hubagent.model.device import Device, Presence  # noqa: PLC0415 - as above
    from hubagent.rules.rehearsal import Now  # noqa: PLC0415

    listed = await client.get("v1", "devices")
    rules = await client.get("v1", "rules")
    devices = []
    for one in listed["devices"]:
        for part in (one, *one.get("endpoints", {}).values()):
            capabilities: Mapping[str, Mapping[str, Any]] = part["capabilities"]
            device = Device(
                part["id"], part["name"], one["protocol"], one["address"], tuple(capabilities), Presence(one["state"])
            )
            devices.append(
                (device, {name: value for values in capabilities.values() for name, value in values.items()})
            )
    return Now(devices, rules["mode"], rules["variables"])


def line_of(one: "Happening") -> str:
    """For people."""
    rule = f"rule {one.rule!r}: " if one.rule else ""
    if one.kind == "command":
        what = one.detail if isinstance(one.detail, str) else _values_text(one.detail)
        return f"{rule}sends to {one.about}: {what}"
    if one.kind == "condition":
        values = f" ({_values_text(one.values)})" if one.values else ""
        return f"{rule}would not run: {one.detail} does not hold{values}"
    if one.kind == "waits":
        until = "something to come about" if one.detail is None else f"{one.detail:g} s"
        return f"{rule}waits for {until}"
    if one.kind in ("mode", "variable"):
        return f"{rule}{one.about} becomes {value_text(one.detail)}"
    if one.kind == "broken":
        return f"what must never be so is so then: {one.rule}"
    if one.kind == "same":
        return f"{one.about} is {value_text(one.detail)} already: nothing changes"
    return f"{rule}{_WORDS.get(one.kind, one.kind)} {one.about}{f': {one.detail}' if one.detail else ''}"


_WORDS: Final = {
    "notify": "tells",
    "http": "calls",
    "unknown": "would not run; unknown when it is set off by",
    "blocked": "would not run, set off by",
    "refused": "may not set",
    "loop": "is cut at",
    "failed": "fails:",
    "queued": "waits for its turn, set off by",
}


def _values_text(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value_text(value)}" for name, value in values.items())
