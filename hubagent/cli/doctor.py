"""`hubagent doctor`: what is wrong, and what to do about it. Works with and without a running agent."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from hubagent.cli.exits import FAILED, OK
from hubagent.cli.options import config_option, config_path, json_option
from hubagent.cli.output import coloured, show, show_json
from hubagent.cli.rules_agent import agent_place

if TYPE_CHECKING:
    from hubagent.config import Config
    from hubagent.diagnosis import Finding

IDLE_MAX: Final = 10
"""Rules that are told one by one."""


@click.command()
@config_option
@json_option
def doctor(*, as_json: bool) -> int:
    """Look at the configuration, the rules, the state, the ports and the running agent."""
    import asyncio  # noqa: PLC0415 - with the rest, after --help

    from hubagent.diagnosis import Grade  # noqa: PLC0415

    findings = asyncio.run(_examine())
    if as_json:
        show_json(
            {
                "v": 1,
                "findings": [
                    {"grade": one.grade.value, "about": one.about, "text": one.text, "fix": one.fix} for one in findings
                ],
            }
        )
    else:
        for one in findings:
            colour = {Grade.GOOD: "green", Grade.DOUBTFUL: "yellow", Grade.BAD: "red"}[one.grade]
            show(f"{coloured(one.grade.value.ljust(7), colour)}  {one.about}: {one.text}")
            if one.fix:
                show(f"         fix: {one.fix}")
    return FAILED if any(one.grade is Grade.BAD for one in findings) else OK


async def _examine() -> "list[Finding]":
    from hubagent.cli.drivers import DriverBroken, InstalledDrivers, own_schemes  # noqa: PLC0415
    from hubagent.config import RefusedForSecurity, load_config  # noqa: PLC0415
    from hubagent.counted import counted  # noqa: PLC0415
    from hubagent.diagnosis import (  # noqa: PLC0415
        Finding,
        Grade,
        differences,
        examine_neighbours,
        examine_port,
        examine_state,
    )
    from hubagent.rules.reading.rule_set import read_rule_set  # noqa: PLC0415
    from hubagent.toml_lines import Mistakes  # noqa: PLC0415

    path = config_path()
    if path is None:
        return [
            Finding(Grade.BAD, "configuration", "there is no hub.toml here", "name one: hubagent doctor --config FILE")
        ]
    kinds = InstalledDrivers()
    try:
        config = load_config(path, os.environ, kinds)
    except Mistakes as wrong:
        return [Finding(Grade.BAD, "configuration", str(mistake), "correct it there") for mistake in wrong.mistakes]
    except (RefusedForSecurity, DriverBroken) as error:
        return [Finding(Grade.BAD, "configuration", str(error))]
    findings = [Finding(Grade.GOOD, "configuration", str(path))]
    try:
        rule_set = read_rule_set(config.rule_files, config.http_hosts)
        findings.append(Finding(Grade.GOOD, "rules", counted(len(rule_set.rules), "rule")))
    except Mistakes as wrong:
        findings += [Finding(Grade.BAD, "rules", str(mistake), "correct it there") for mistake in wrong.mistakes]
    findings += examine_state(config.state_dir)
    ports = {name: port for name, it in config.drivers.items() if isinstance(port := getattr(it, "port", None), str)}
    for name, port in ports.items():
        if kinds[name].disturbed_by_usb_3:
            findings += examine_neighbours(name, port)
    findings += _identity(config)
    running = await _ask(config, f"start it: hubagent run --config {path}")
    if isinstance(running, Finding):
        findings.append(running)
    elif other := differences(running[0], config.state_dir, ports, config.drivers):
        text = f"another one answers at {agent_place(config)}: {'; '.join(other)}; it {_since(running[0])}"
        fix = f"stop it and start this one: hubagent run --config {path}; or give each its own [api] listen"
        findings.append(Finding(Grade.DOUBTFUL, "agent", text, fix))
    else:
        return findings + _running(*running, ports)
    for name, port in ports.items():
        findings += await examine_port(name, port, own_schemes())
    return findings


def _since(status: Mapping[str, Any]) -> str:
    from hubagent.counted import counted  # noqa: PLC0415

    devices, rules = counted(status["devices"], "device"), counted(status["rules"], "rule")
    return f"runs since {status['uptime_s']:.0f} s; {devices}, {rules}"


def _rules(view: Mapping[str, Any]) -> "list[Finding]":
    """Those that do nothing as the home is."""
    from hubagent.diagnosis import Finding, Grade  # noqa: PLC0415

    findings: list[Finding] = []
    idle = [one for one in view["rules"] if one["why"] is not None]
    for one in idle[:IDLE_MAX]:
        if one["waits_for"] is not None:
            text, grade, fix = "waits", Grade.DOUBTFUL, f"pair it, or correct the name: {one['place']}"
        else:
            text, grade, fix = "cannot run", Grade.BAD, f"correct it: {one['place']}; `hubagent rules check` says more"
        findings.append(Finding(grade, "rules", f"rule {one['name']!r} {text}: {one['why']}", fix))
    if len(idle) > IDLE_MAX:
        text = f"{len(idle) - IDLE_MAX} more wait for a device, or cannot run"
        findings.append(Finding(Grade.DOUBTFUL, "rules", text, "hubagent rules list"))
    return findings


def _running(status: Mapping[str, Any], rules: Mapping[str, Any], ports: Mapping[str, str]) -> "list[Finding]":
    from hubagent.diagnosis import Finding, Grade, remedy  # noqa: PLC0415

    findings = [Finding(Grade.GOOD, "agent", _since(status)), *_python(status), *_rules(rules)]
    for name, driver in status["drivers"].items():
        good = driver["condition"] == "ready"
        more = ", ".join(
            f"{key} {value}"
            for key, value in driver.items()
            if key not in ("condition", "detail", "findings") and value
        )
        text = f"{driver['condition']}{': ' + driver['detail'] if driver['detail'] else ''}; {more}"
        fix = remedy(driver, ports.get(name)) if driver["condition"] == "troubled" else ""
        findings.append(Finding(Grade.GOOD if good else Grade.BAD, f"driver {name}", text, fix))
        findings += [
            Finding(Grade(one["grade"]), f"driver {name}", one["text"], one["fix"])
            for one in driver.get("findings", ())
        ]
    return findings + _uplink(status.get("uplink"))


def _python(status: Mapping[str, Any]) -> "list[Finding]":
    """Of the agent's process, which may be another than ours."""
    from hubagent.diagnosis import Finding, Grade  # noqa: PLC0415
    from hubagent.interpreter import REMEDY  # noqa: PLC0415

    text = status.get("doubt")
    return [] if text is None else [Finding(Grade.DOUBTFUL, "agent", text, REMEDY)]


def _identity(config: "Config") -> "list[Finding]":
    """Nothing of a hub that shall reach no cloud."""
    from hubagent.diagnosis import Finding, Grade  # noqa: PLC0415

    if config.uplink is None:
        return []
    from hubagent.cli.own_identity import own_identity  # noqa: PLC0415
    from hubagent.identity.findings import findings  # noqa: PLC0415

    return [Finding(Grade(one["grade"]), "identity", one["text"], one["fix"]) for one in findings(own_identity())]


def _uplink(status: dict[str, Any] | None) -> "list[Finding]":
    from hubagent.cli.uplink import REMEDIES  # noqa: PLC0415
    from hubagent.counted import counted  # noqa: PLC0415
    from hubagent.diagnosis import Finding, Grade  # noqa: PLC0415

    if status is None:
        return []
    kept = sum(status.get("kept", {}).values())
    waiting = f"{counted(kept, 'message')} wait{'s' if kept == 1 else ''}"
    text = f"{status['phase']}{' by ' + status['way'] if status.get('way') else ''}; {waiting} for the cloud"
    if status["phase"] in ("online", "off"):
        findings = [Finding(Grade.GOOD, "uplink", text)]
    else:
        trouble = status.get("trouble")
        detail = f"; {trouble}: {status['detail']}" if trouble else f"; {status.get('detail') or 'it is connecting'}"
        findings = [Finding(Grade.DOUBTFUL, "uplink", text + detail, REMEDIES.get(trouble or "", ""))]
    if status.get("outbox") == "memory":
        what = f"what waits for the cloud is in memory only: {status['outbox_detail']}"
        findings.append(Finding(Grade.BAD, "uplink", what, "make room on the disk, or look whether it is failing"))
    return findings


async def _ask(config: "Config", start: str) -> "tuple[Mapping[str, Any], Mapping[str, Any]] | Finding":
    """What the running agent says of itself, and of its rules; or why it says nothing."""
    from hubagent.api.client import AgentUnreachable, AnotherAnswers, connect  # noqa: PLC0415
    from hubagent.api.problem import Problem  # noqa: PLC0415
    from hubagent.diagnosis import Finding, Grade  # noqa: PLC0415

    if config.api is None:
        text = "cannot be asked, and may run all the same: the API is off in hub.toml"
        return Finding(Grade.DOUBTFUL, "agent", text, "to hear more, give it an address: [api] listen")
    async with connect(config.api) as client:
        try:
            return await client.get("v1", "status"), await client.get("v1", "rules")
        except AnotherAnswers as error:
            return Finding(Grade.BAD, "agent", str(error), "stop it, or choose another [api] listen in hub.toml")
        except AgentUnreachable:
            return Finding(Grade.DOUBTFUL, "agent", "none answers", start)
        except Problem as error:
            return Finding(Grade.BAD, "agent", str(error), "see its log; then stop it, and start it again")
