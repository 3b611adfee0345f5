"""A group of commands to which other packages add theirs, by an entry-point group of their own."""

from importlib import metadata
from typing import ClassVar

import click

from hubagent.cli.exits import FAILED, Failure


class Plugged(click.Group):
    """A command that is broken is named, and breaks none of the others."""

    POINTS: ClassVar[str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = super().list_commands(ctx)
        return [*own, *sorted(set(self._plugins()) - set(own))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        plugin = self._plugins().get(cmd_name)
        if own is not None or plugin is None:
            return own
        try:
            command: click.Command = plugin.load()
        except (ImportError, AttributeError, SyntaxError) as error:
            raise Failure(f"the command {plugin.name!r} ({plugin.value}) is broken: {error}", FAILED) from error
        return command

    def _plugins(self) -> dict[str, metadata.EntryPoint]:
        return {point.name: point for point in metadata.entry_points(group=self.POINTS)}
