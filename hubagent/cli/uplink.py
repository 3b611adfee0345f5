"""`hubagent uplink`: how the connection to the cloud is; cut and resumed by hand."""

from typing import Any, Final

import click

from hubagent.cli.exits import FAILED, OK, UNREACHABLE, Failure
from hubagent.cli.options import ask_agent, config_option, json_option
from hubagent.cli.output import show, show_json

REMEDIES: Final = {
    "network": "check the network, and uplink.url",
    "name": "check the network's DNS, and uplink.url",
    "portal": "sign in to the network, or try another one; until then the home works without the cloud",
    "certificate": "hubagent identity shows what is trusted; hubagent doctor says more",
    "identity": "hubagent provision gets this hub a certificate",
    "replaced": "another hub uses this one's identity: hubagent provision makes a new one",
}


@click.group(invoke_without_command=True)
@config_option
@json_option
@click.pass_context
def uplink(ctx: click.Context, *, as_json: bool) -> int:
    """How the connection to the cloud is. Exits 3 while there is none."""
    if ctx.invoked_subcommand is not None:
        return OK
    status = ask_agent(lambda client: client.get("v1", "status"))["uplink"]
    if status is None:
        raise Failure(
            "this hub has no uplink: no [uplink] in hub.toml, or it is not provisioned; try: hubagent provision --help",
            FAILED,
        )
    if as_json:
        show_json({"v": 1, "uplink": status})
    else:
        _show(status)
    return OK if status["phase"] == "online" else UNREACHABLE


@uplink.command()
@config_option
@json_option
def cut(*, as_json: bool) -> None:
    """Close the connection, until `resume`; what happens meanwhile is kept."""
    _steer("cut", as_json=as_json)


@uplink.command()
@config_option
@json_option
def resume(*, as_json: bool) -> None:
    """Connect again."""
    _steer("resume", as_json=as_json)


def _steer(action: str, *, as_json: bool) -> None:
    view = ask_agent(lambda client: client.post(("v1", "uplink"), {"action": action}))
    if as_json:
        show_json(view)
    else:
        _show(view["uplink"])


def _show(status: dict[str, Any]) -> None:
    show(f"{status['hub']}: {status['phase']}" + (f" by {status['way']}" if status.get("way") else ""))
    if status.get("trouble"):
        show(f"trouble: {status['trouble']}: {status['detail']}")
        if status["trouble"] in REMEDIES:
            show(f"fix: {REMEDIES[status['trouble']]}")
    elif status.get("detail"):
        show(f"trouble: {status['detail']}")
    if status.get("retry_in_s") is not None:
        show(f"next attempt in {status['retry_in_s']} s")
    kept = ", ".join(f"{count} {name}" for name, count in status.get("kept", {}).items() if count)
    show(f"kept for the cloud: {kept or 'nothing'}")
    if status.get("outbox") == "memory":
        show(f"the outbox is in memory only: {status['outbox_detail']}")
