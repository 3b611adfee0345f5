"""`hubagent backup` and `hubagent restore`: a radio's network in a file, for another stick when this one dies."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, protocol_options
from hubagent.cli.output import show, tell
from hubagent.kept_whole import write_whole

ACT_S = 120.0


@click.command()
@config_option
@protocol_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def backup(file: Path, protocol: str | None) -> None:
    """Write the radio's network into FILE (- for stdout): its keys too, so keep it as you keep the house's keys."""
    view = ask_agent(lambda client: client.post(("v1", "act"), _body("backup", protocol), timeout_s=ACT_S))
    text = json.dumps(view["backup"], indent=2)
    if str(file) == "-":
        show(text)
        return
    _write_secret(file, text + "\n")
    tell(f"the network is in {file}; who has that file has the network's key")


@click.command()
@config_option
@protocol_options
@click.option("--other-network", is_flag=True, help="also where it is not the network that this hub knows")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def restore(file: Path, protocol: str | None, *, other_network: bool) -> None:
    """Make the radio's stick what it was in FILE: the same network, nobody has to be paired again."""
    body = {**_body("restore", protocol), "backup": _read(file), "other_network": other_network}
    view = ask_agent(lambda client: client.post(("v1", "act"), body, timeout_s=ACT_S))
    for key, value in view.items():
        if key != "v":
            tell(f"{key}: {value}")


def _body(action: str, protocol: str | None) -> dict[str, Any]:
    return {"action": action, "protocol": protocol}


def _read(file: Path) -> Any:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        raise Failure(f"{file}: {(error.strerror or str(error)).lower()}", USAGE) from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{file}: it is no backup: {error}", USAGE) from error


def _write_secret(file: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first moment; a link stays one.

    A pipe, a terminal or a device is written to: put in its place, a file would take it away from everybody.
    """
    try:
        if file.exists() and not file.is_file():
            file.write_text(text, encoding="utf-8")
        else:
            write_whole(Path(os.path.realpath(file)), text.encode())
    except OSError as error:
        raise Failure(f"{file}: {(error.strerror or str(error)).lower()}", USAGE) from error
