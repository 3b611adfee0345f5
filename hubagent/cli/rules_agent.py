"""The running agent beside commands that read rule files themselves: its devices, and which rules it has."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent, client_config

if TYPE_CHECKING:
    from hubagent.config import Config
    from hubagent.model.device import Device


def agent_place(config: "Config") -> str:
    """Where it answers, or would."""
    return "nowhere" if config.api is None else f"{config.api[0]}:{config.api[1]}"


def agent_view(*path: str) -> Mapping[str, Any] | None:
    """What it says; None where none answers."""
    from hubagent.api.client import AgentUnreachable  # noqa: PLC0415 - aiocoap would slow down --help

    try:
        view: Mapping[str, Any] = ask_agent(lambda client: client.get(*path))
    except (AgentUnreachable, Failure):
        return None
    return view


def agent_devices() -> "list[Device] | None":
    """Those that it has; None where none answers."""
    from hubagent.model.device import Device  # noqa: PLC0415 - as above

    view = agent_view("v1", "devices")
    if view is None:
        return None
    found: list[Device] = []
    for one in view["devices"]:
        for part in (one, *one.get("endpoints", {}).values()):
            capabilities = tuple(part["capabilities"])
            found.append(Device(part["id"], part["name"], one["protocol"], one["address"], capabilities))
    return found


def no_rule_files(instead: str) -> Failure:
    """To be raised: hub.toml names none. `instead` is what to do about it."""
    from hubagent.counted import counted  # noqa: PLC0415 - as above

    config = client_config()
    text = "there is no hub.toml here" if config.path is None else f"{config.path} names no rule files"
    view = agent_view("v1", "rules")
    if view is not None:
        files = dict.fromkeys(one["place"].rpartition(":")[0] for one in view["rules"])
        source = f", from {' '.join(files)}" if files else ""
        text += f"; the agent at {agent_place(config)} runs {counted(len(view['rules']), 'rule')}{source}"
    return Failure(f"{text}; {instead}", USAGE)
