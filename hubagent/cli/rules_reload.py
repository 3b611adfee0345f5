"""`hubagent rules reload`."""

from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.exits import OK, USAGE
from hubagent.cli.options import ask_agent, config_option
from hubagent.cli.output import coloured, tell

if TYPE_CHECKING:
    from hubagent.api.client import Client


@click.command()
@config_option
def reload() -> int:
    """Read the rule files again, now; they are also read when they change.

    Says how many rules there are, which of them wait for a device, and what is wrong with the others.
    """
    from hubagent.counted import counted  # noqa: PLC0415 - the rules would slow down --help
    from hubagent.idle_rules import rules_text  # noqa: PLC0415

    problems, view = ask_agent(_reload)
    rules = view["rules"]
    idle = [one for one in rules if one["why"] is not None]
    if view["problems"]:
        idle = []
        tell(f"nothing was changed: the agent goes on with the {counted(len(rules), 'rule')} of before")
    else:
        tell(rules_text(len(rules), [one["waits_for"] is not None for one in idle]))
    for one in idle:
        if one["waits_for"] is not None:
            tell(f"{coloured('waits', 'yellow')}: {one['place']}: rule {one['name']!r}: {one['why']}")
    for problem in problems:
        tell(f"{coloured('error', 'red')}: {problem}")
    return USAGE if problems else OK


async def _reload(client: "Client") -> tuple[list[str], Any]:
    """What is wrong, and the rules that there are then."""
    answer = await client.post(("v1", "rules"), {"action": "reload"})
    return answer["problems"], await client.get("v1", "rules")
