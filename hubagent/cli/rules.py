"""`hubagent rules`: what the rules say, whether that is sound, what they did and why."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.exits import OK, USAGE
from hubagent.cli.options import ask_agent, client_config, config_option, json_option
from hubagent.cli.output import coloured, show, show_json, show_table, tell, value_text
from hubagent.cli.plugged import Plugged
from hubagent.cli.rules_agent import agent_devices, agent_place, no_rule_files
from hubagent.cli.rules_near import ask_of_rule
from hubagent.cli.rules_reload import reload
from hubagent.cli.rules_rename import rename
from hubagent.cli.rules_try import try_
from hubagent.cli.trace_text import trace_text

if TYPE_CHECKING:
    from hubagent.model.device import Device
    from hubagent.rules.analysis.finding import Finding


class Rules(Plugged):
    POINTS = "hubagent.commands.rules"


@click.group(cls=Rules)
@config_option
def rules() -> None:
    """Rules, from the files that hub.toml names."""


@rules.command()
@config_option
@json_option
@click.option("--sarif", "as_sarif", is_flag=True, help="as SARIF 2.1.0, for code hosts and editors")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...], *, as_json: bool, as_sarif: bool) -> int:
    """Read the rule files, and say everything that is wrong with them or looks so.

    Devices are those of the running agent; without one they are not checked. FILES: others than hub.toml names. An
    agent that was started with another hub.toml may run others still.
    """
    from hubagent.counted import counted  # noqa: PLC0415 - pydantic would slow down --help
    from hubagent.rules.analysis.finding import Finding, Grade  # noqa: PLC0415
    from hubagent.rules.reading.rule_set import read_rule_set  # noqa: PLC0415
    from hubagent.toml_lines import Mistakes  # noqa: PLC0415

    config = client_config()
    files = files or config.rule_files
    if not files:
        raise no_rule_files("name what to check: `hubagent rules check FILE...`")
    devices = agent_devices()
    devices_of = None if devices is None else agent_place(config)
    count = 0
    try:
        rule_set = read_rule_set(files, config.http_hosts)
        count = len(rule_set.rules)
        findings = _analysed(rule_set, devices)
    except Mistakes as wrong:
        findings = [Finding("E-file", mistake) for mistake in wrong.mistakes]
    errors = sum(one.grade is Grade.ERROR for one in findings)
    if as_sarif:
        from importlib.metadata import version  # noqa: PLC0415

        from hubagent.rules.analysis.sarif import sarif  # noqa: PLC0415

        show_json(sarif(findings, version("hubagent")))
    elif as_json:
        mistakes = [_finding_view(one) for one in findings]
        checked = {"devices_checked": devices is not None, "devices_of": devices_of}
        show_json({"v": 1, "rules": count, **checked, "mistakes": mistakes})
    for one in findings:
        colour = "red" if one.grade is Grade.ERROR else "yellow"
        rule = f"rule {one.rule!r}: " if one.rule else ""
        tell(f"{coloured(one.grade.value, colour)} {one.code}: {rule}{one.mistake}")
    beside = "no agent runs, so the devices were not checked"
    if devices_of is not None:
        beside = f"the devices are those of the agent at {devices_of}"
    warnings = counted(len(findings) - errors, "warning")
    tell(f"{counted(count, 'rule')}, {counted(errors, 'error')}, {warnings}; {beside}")
    return USAGE if errors else OK


def _analysed(rule_set: Any, devices: "list[Device] | None") -> "list[Finding]":
    from hubagent.automation import where_of  # noqa: PLC0415 - as above
    from hubagent.rules.analysis.analyse import analyse  # noqa: PLC0415

    return [] if devices is None else analyse(rule_set, devices, where_of(client_config().place))


def _finding_view(one: "Finding") -> dict[str, Any]:
    return {
        "code": one.code,
        "grade": one.grade.value,
        "rule": one.rule,
        "place": one.mistake.place,
        "column": one.mistake.column,
        "key": one.mistake.key,
        "what": one.mistake.what,
    }


@rules.command("list")
@config_option
@json_option
def list_(*, as_json: bool) -> None:
    """The rules that the agent runs, and what they wait for."""
    view = ask_agent(lambda client: client.get("v1", "rules"))
    if as_json:
        show_json(view)
        return
    rows = [[one["name"], _state_of(one), one["place"]] for one in view["rules"]]
    show_table(["rule", "state", "place"], rows)
    tell(f"the home's mode is {view['mode']}; there are: {', '.join(view['modes'])}")
    for name, value in view["variables"].items():
        tell(f"variable {name} = {value_text(value)}")
    for problem in view["problems"]:
        tell(f"{coloured('error', 'red')}: {problem}")


def _state_of(one: Mapping[str, Any]) -> str:
    if not one["enabled"]:
        return "not enabled"
    if one["why"] is not None:
        return f"{'cannot run' if one['waits_for'] is None else 'waits'}: {one['why']}"
    return f"runs ({one['running']})" if one["running"] else "ready"


@rules.command()
@config_option
@json_option
@click.argument("rule")
def trace(rule: str, *, as_json: bool) -> None:
    """What RULE did, and why it did not."""
    view = ask_of_rule(rule, lambda client: client.get("v1", "rules", rule))
    if as_json:
        show_json(view)
        return
    if not view["traces"]:
        tell(f"{view['rule']!r} was not set off yet")
    for one in view["traces"]:
        show(f"{_time(one['t'])}  {trace_text(one)}")


@rules.command()
@config_option
@json_option
@click.argument("device")
def explain(device: str, *, as_json: bool) -> None:
    """Why is DEVICE as it is? What was sent to it last, by whom, and what led to that."""
    view = ask_agent(lambda client: client.get("v1", "devices", device, "why"))
    if as_json:
        show_json(view)
        return
    for name, one in view["state"].items():
        show(f"{view['name']}.{name} = {value_text(one['value'])}  since {_time(one['as_of'])}")
    sent = view["sent"]
    if sent is None:
        show("nothing was sent to it that is remembered: it became so by itself, or by somebody's hand")
        return
    show(f"{_time(sent['t'])}  {trace_text(sent)}")
    if not _explains(view):
        show("what it is now is not what was sent last: it became so by itself, or by somebody's hand")
    for run in view["chain"]:
        show(f"because of rule {run[0]['rule']!r}, run {run[0]['run']}:")
        for one in run:
            show(f"  {_time(one['t'])}  {trace_text(one)}")


def _explains(view: Mapping[str, Any]) -> bool:
    from hubagent.rules.traces import is_followed  # noqa: PLC0415 - the rules would slow down --help

    return is_followed(view["sent"]["detail"]["wanted"], {name: one["value"] for name, one in view["state"].items()})


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


@rules.command()
@config_option
@click.argument("rule")
def run(rule: str) -> None:
    """Do what RULE does, now, whatever its condition."""
    ask_of_rule(rule, lambda client: client.post(("v1", "rules"), {"action": "run", "name": rule}))


@rules.command()
@config_option
@click.argument("name")
def webhook(name: str) -> None:
    """Set off the rules that wait for the webhook NAME."""
    ask_agent(lambda client: client.post(("v1", "rules"), {"action": "webhook", "name": name}))


@rules.command()
@config_option
@click.argument("name")
def scene(name: str) -> None:
    """Bring about the scene NAME."""
    ask_agent(lambda client: client.post(("v1", "rules"), {"action": "scene", "name": name}))


@rules.command()
@config_option
@click.argument("name", required=False)
def mode(name: str | None) -> None:
    """The home's mode; with NAME, from now on that."""
    if name is None:
        show(ask_agent(lambda client: client.get("v1", "rules"))["mode"])
    else:
        ask_agent(lambda client: client.post(("v1", "rules"), {"action": "mode", "name": name}))


@rules.command()
@config_option
@click.argument("name")
@click.argument("value")
def variable(name: str, value: str) -> None:
    """Give the variable NAME another VALUE."""
    import tomllib  # noqa: PLC0415 - only here

    try:
        given = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        given = value
    ask_agent(lambda client: client.post(("v1", "rules"), {"action": "variable", "name": name, "value": given}))


@rules.command()
@config_option
@click.option("--hub", is_flag=True, help="of hub.toml instead")
def schema(*, hub: bool) -> None:
    """The JSON Schema of rule files, for editors that complete and check them."""
    from hubagent.cli.drivers import InstalledDrivers  # noqa: PLC0415 - only here
    from hubagent.config_schema import hub_schema  # noqa: PLC0415
    from hubagent.rules.schema import rule_schema  # noqa: PLC0415

    show_json(hub_schema(InstalledDrivers()) if hub else rule_schema())


rules.add_command(reload)
rules.add_command(rename)
rules.add_command(try_)
