"""`hubagent completion`."""

import click
from click.shell_completion import get_completion_class

from hubagent.cli.output import show


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script: eval "$(hubagent completion bash)"."""
    found = get_completion_class(shell)
    assert found is not None
    show(found(context.find_root().command, {}, "hubagent", "_HUBAGENT_COMPLETE").source())
