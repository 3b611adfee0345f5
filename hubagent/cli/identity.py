"""`hubagent identity`: who the hub is for the cloud, whom it trusts, and until when; works without a running agent."""

import asyncio
import sys

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.identity_text import show_identity
from hubagent.cli.options import config_option, json_option
from hubagent.cli.output import show_json, tell
from hubagent.cli.own_identity import own_enrolment, own_identity


@click.group(invoke_without_command=True)
@config_option
@json_option
@click.pass_context
def identity(context: click.Context, *, as_json: bool) -> None:
    """Show the hub's id, its certificate, whom it trusts, and what is renewed when."""
    if context.invoked_subcommand is None:
        _show(as_json=as_json)


@identity.command()
@config_option
@json_option
def renew(*, as_json: bool) -> None:
    """Get a new certificate now, with a new key."""
    from hubagent.identity.renewal import renew_now  # noqa: PLC0415 - cryptography would slow down --help

    async def renewing() -> None:
        known = own_identity(asyncio.get_running_loop().time)
        await renew_now(known, own_enrolment(known))

    asyncio.run(renewing())
    _show(as_json=as_json)


@identity.command()
@config_option
@click.option("--yes", is_flag=True, help="do not ask")
def reset(*, yes: bool) -> None:
    """Destroy the hub's identity for ever: its key, its certificate, and every backup of them."""
    from hubagent.identity.reset import reset_identity  # noqa: PLC0415 - likewise

    known = own_identity()
    if not yes:
        if not sys.stdin.isatty():
            raise Failure("this destroys the hub's identity for ever; say that you mean it: --yes", USAGE)
        click.confirm("Destroy this hub's identity, and every backup of it, for ever?", abort=True, err=True)
    if reset_identity(known.files, known.source):
        tell("the identity is destroyed, and with it every backup; get another: hubagent provision")
    else:
        tell(
            f"the identity is gone from {known.files.folder}, but the sealing key {known.source} is not the hub's to "
            "destroy: give the hub another, or an old backup of the state can still be opened"
        )


def _show(*, as_json: bool) -> None:
    from hubagent.identity.findings import described  # noqa: PLC0415 - likewise

    record = described(own_identity())
    if as_json:
        show_json({"v": 1, **record})
    else:
        show_identity(record)
