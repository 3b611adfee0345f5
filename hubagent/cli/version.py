"""`hubagent version`."""

import platform
from importlib import metadata

import click

from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json


@click.command()
@json_option
def version(*, as_json: bool) -> None:
    """Print the version of hubagent and of the Python that it runs on."""
    number = metadata.version("hubagent")
    if as_json:
        show_json({"v": 1, "hubagent": number, "python": platform.python_version()})
    else:
        show(f"hubagent {number}, Python {platform.python_version()}")
