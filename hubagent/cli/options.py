"""Options that every command has, before or after its name, and the way from them to the running agent."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hubagent.cli.exits import USAGE, Failure

if TYPE_CHECKING:
    from hubagent.api.client import Client
    from hubagent.config import Config

_T = TypeVar("_T")
_F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_FILE = Path("hub.toml")


@dataclass(slots=True)
class Choices:
    """What the options said, wherever they stood."""

    config: Path | None = None


def _keep_config(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    choices = context.ensure_object(Choices)
    if value is not None:
        choices.config = value


def config_option(command: _F) -> _F:
    """`--config FILE`, also `HUBAGENT_CONFIG`, else hub.toml in this folder where there is one."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="hub.toml of the hub; default: $HUBAGENT_CONFIG, else ./hub.toml",
        expose_value=False,
        callback=_keep_config,
        is_eager=True,
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="one JSON object on stdout")
jsonl_option = click.option("--jsonl", "as_jsonl", is_flag=True, help="one JSON object a line on stdout")


def protocol_options(command: _F) -> _F:
    """`--zwave` or `--zigbee`; the agent's only radio where neither is said."""
    for name, word in (("zigbee", "Zigbee"), ("zwave", "Z-Wave")):
        command = click.option(f"--{name}", "protocol", flag_value=name, help=f"on the {word} network")(command)
    return command


def config_path() -> Path | None:
    """The file that was chosen; None where none was and none lies here."""
    chosen = click.get_current_context().ensure_object(Choices).config
    if chosen is None and (named := os.environ.get("HUBAGENT_CONFIG")):
        chosen = Path(named)
    if chosen is None and DEFAULT_FILE.exists():
        chosen = DEFAULT_FILE
    return chosen


def client_config() -> "Config":
    """As much of the configuration as talking to the agent needs."""
    from hubagent.config import load_config  # noqa: PLC0415 - pydantic would slow down --help

    return load_config(config_path(), os.environ)


def api_address() -> tuple[str, int]:
    address = client_config().api
    if address is None:
        raise Failure("the API is off in hub.toml: [api] listen; the agent cannot be asked", USAGE)
    return address


def ask_agent(ask: "Callable[[Client], Awaitable[_T]]") -> _T:
    """Run `ask` with a connection to the running agent."""
    from hubagent.api.client import connect  # noqa: PLC0415 - aiocoap would slow down --help

    address = api_address()

    async def asking() -> _T:
        async with connect(address) as client:
            return await ask(client)

    return asyncio.run(asking())
