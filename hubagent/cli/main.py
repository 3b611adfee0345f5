"""`hubagent`: the table of commands, each imported only when it is used, and those of other packages beside them.

Other packages add commands by the entry-point group `hubagent.commands`; one that is broken is named, and breaks none
of the others.
"""

import importlib
import os
import sys
from importlib import metadata
from typing import Any, Final

import click

from hubagent.cli.exits import FAILED, INTERRUPTED, USAGE, Failure, exit_for
from hubagent.cli.options import config_option
from hubagent.cli.output import coloured, tell, unwritable

COMMANDS_GROUP: Final = "hubagent.commands"

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "run": ("hubagent.cli.run:run", "Run the agent until it is stopped."),
    "devices": ("hubagent.cli.devices:devices", "List the devices; show or rename one."),
    "get": ("hubagent.cli.get:get", "Print what a device last reported."),
    "set": ("hubagent.cli.set:set_", "Set attributes of a device, and wait until it confirms."),
    "watch": ("hubagent.cli.watch:watch", "Follow what happens, as it happens."),
    "pair": ("hubagent.cli.pair:pair", "Let a device join."),
    "unpair": ("hubagent.cli.pair:unpair", "Let a device leave, or remove one that is gone."),
    "radio": ("hubagent.cli.radio:radio", "Ask a radio for what concerns no single device."),
    "backup": ("hubagent.cli.backup:backup", "Write a radio's network into a file."),
    "restore": ("hubagent.cli.backup:restore", "Put a radio's network from a file onto its stick."),
    "rules": ("hubagent.cli.rules:rules", "Check the rule files."),
    "import": ("hubagent.cli.import_:import_", "Translate the automations of another hub."),
    "uplink": ("hubagent.cli.uplink:uplink", "How the connection to the cloud is; cut or resume it."),
    "provision": ("hubagent.cli.provision:provision", "Give the hub its key, and a certificate from the cloud."),
    "identity": ("hubagent.cli.identity:identity", "Who the hub is for the cloud, and whom it trusts."),
    "doctor": ("hubagent.cli.doctor:doctor", "Find out what is wrong; works without a running agent."),
    "completion": ("hubagent.cli.completion:completion", "Print the completion script for a shell."),
    "version": ("hubagent.cli.version:version", "Print the version."),
}
"""By name: where the command is, and its line in --help."""


class Commands(click.Group):
    """Loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*COMMANDS, *sorted(set(_plugins()) - set(COMMANDS))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        plugin = _plugins().get(cmd_name)
        return None if plugin is None else _load(plugin)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.list_commands(ctx):
            import difflib  # noqa: PLC0415 - only for a mistake

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            (name, COMMANDS[name][1] if name in COMMANDS else _plugin_help(name)) for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _plugins() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=COMMANDS_GROUP)}


def _load(plugin: metadata.EntryPoint) -> click.Command:
    try:
        command: click.Command = plugin.load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise Failure(f"the command {plugin.name!r} ({plugin.value}) is broken: {error}", FAILED) from error
    return command


def _plugin_help(name: str) -> str:
    try:
        return _load(_plugins()[name]).get_short_help_str(100)
    except Failure as failure:
        return f"({failure})"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@config_option
@click.version_option(package_name="hubagent", message="%(version)s")
def cli() -> None:
    """A smart-home hub that reacts locally, and the simulated homes to try it in.

    Try: hubagent sim up
    """


def main() -> None:
    """The program. Exit codes: see hubagent.cli.exits."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command in this process; its exit code."""
    try:
        result = cli.main(arguments, prog_name="hubagent", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Who read our output has seen enough. Python would complain again when it flushes stdout at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        known = exit_for(_of_output(error) or error)
        if known is None:
            raise
        code, text = known
        for line in text.splitlines():
            tell(coloured("error: ", "red", sys.stderr) + line)
        return code
    return result if isinstance(result, int) else 0


def _of_output(error: Exception) -> Failure | None:
    """Where it is of what click wrote: a help or a version. What is ours goes through `show`."""
    import traceback  # noqa: PLC0415 - only for a mistake

    frames = traceback.walk_tb(error.__traceback__)
    if isinstance(error, OSError) and any(frame.f_code is click.echo.__code__ for frame, _ in frames):
        return unwritable(sys.stdout, error)
    return None


assert click.UsageError.exit_code == USAGE, "click's own errors have our code"
