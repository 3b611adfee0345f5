"""`hubagent watch`."""

import statistics
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.options import ask_agent, config_option, jsonl_option
from hubagent.cli.output import coloured, show, show_json, tell, value_text

if TYPE_CHECKING:
    from hubagent.api.client import Client

LATENCIES_MAX = 100_000


@click.command()
@config_option
@jsonl_option
@click.option("--latency", is_flag=True, help="how long from a report's bytes read to the command's bytes written")
def watch(*, as_jsonl: bool, latency: bool) -> None:
    """Follow what happens until Ctrl-C: reports, the commands that rules send, who comes and goes."""
    latencies: list[float] = []

    async def follow(client: "Client") -> None:
        from hubagent.api.client import Lost  # noqa: PLC0415 - loaded by now

        async for event in client.events():
            if isinstance(event, Lost):
                tell(f"{event.count} events were lost: this reader is too slow")
            elif as_jsonl:
                show_json(event)
            else:
                if event["latency_ms"] is not None and len(latencies) < LATENCIES_MAX:
                    latencies.append(event["latency_ms"])
                if worth_a_line(event):
                    show(event_text(event, latency=latency))

    try:
        ask_agent(follow)
    finally:
        if latency and latencies:
            tell(
                f"{len(latencies)} commands from rules: median {statistics.median(latencies):.2f} ms, "
                f"longest {max(latencies):.2f} ms"
            )


def worth_a_line(event: Mapping[str, Any]) -> bool:
    """Whether people want to read of it: that a device is other than before, while its interview is told of anyway."""
    return not (event["event"] == "changed" and event["state"] == "interviewing")


def event_text(event: Mapping[str, Any], *, latency: bool = False) -> str:
    """One line for people."""
    clock = datetime.fromtimestamp(event["t"], UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
    return f"{coloured(clock, 'dim')} {_what(event, latency=latency)}"


def _what(event: Mapping[str, Any], *, latency: bool) -> str:
    name = event["name"] or event["device"] or ""
    wanted = f"{event['attribute']} = {value_text(event['value'])}" if event["attribute"] else event.get("command", "")
    match event["event"]:
        case "reported":
            return f"{name}  {wanted}"
        case "pressed":
            return f"{name}  {event['attribute'].replace('_', ' ')} {event['value']}"
        case "sent":
            spent = f"  {event['latency_ms']:.2f} ms" if latency and event["latency_ms"] is not None else ""
            return f"  {coloured('->', 'green')} {name}  {wanted}  ({_cause(event)}){coloured(spent, 'bold')}"
        case "answered":
            detail = f": {event['detail']}" if event["detail"] else ""
            return f"  {coloured('<-', 'dim')} {name}  {wanted}  {event['outcome']}{detail}"
        case "interview":
            return f"{name}  interview {event['done']}/{event['of']}: {event['step']}"
        case "driver":
            detail = f": {event['detail']}" if event["detail"] else ""
            return f"driver {event['driver']}  {event['condition']}{detail}"
        case "pairing":
            return f"pairing  {event['text']}"
        case "notified":
            return f"to {event['to']}: {event['text']}  ({_cause(event)})"
        case "mode":
            return f"the home's mode is {event['value']}  ({_cause(event)})"
        case "variable":
            return f"{event['attribute']} = {value_text(event['value'])}  ({_cause(event)})"
        case "joined" | "changed":
            return f"{name}  {event['event']}, {event['state']}"
    return f"{name}  {event['event']}"


def _cause(event: Mapping[str, Any]) -> str:
    who: str = event["cause"]
    return f"rule {who.removeprefix('rule:')}" if who.startswith("rule:") else who
