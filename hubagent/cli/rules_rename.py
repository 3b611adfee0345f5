"""`hubagent rules rename`."""

import os
from pathlib import Path

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import client_config, config_option
from hubagent.cli.output import show, tell
from hubagent.cli.rules_agent import agent_devices


@click.command()
@config_option
@click.option("--dry-run", is_flag=True, help="only say what would change")
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str, *, dry_run: bool) -> int:
    """Put NEW where the rule files say OLD, the name of a device. Comments stay as they are."""
    from hubagent.counted import counted  # noqa: PLC0415 - pydantic would slow down --help
    from hubagent.rules.reading.rule_set import read_rule_set, rule_set_of  # noqa: PLC0415
    from hubagent.rules.renaming import CannotRename, renamed  # noqa: PLC0415
    from hubagent.toml_lines import Mistakes, parse_document, read_document  # noqa: PLC0415

    config = client_config()
    read_rule_set(config.rule_files, config.http_hosts)
    others = [device.name for device in agent_devices() or ()]
    try:
        changes = {path: renamed(read_document(path), old, new, others) for path in config.rule_files}
    except CannotRename as problem:
        raise Failure(str(problem), USAGE) from problem
    try:
        rule_set_of([parse_document(path, change.text) for path, change in changes.items()], config.http_hosts)
    except Mistakes as wrong:
        raise Failure(
            f"nothing was changed: with {new!r} the files could not be read any more\n{wrong}", USAGE
        ) from wrong
    for path, change in changes.items():
        show(f"{path}: {counted(change.places, 'place')}")
        for line in change.left:
            tell(f"{path}:{line}: a text of several lines or with escapes names it; change it there by hand")
        for line in change.keys:
            tell(f"{path}:{line}: a key names it, of what a test is given; change it there by hand")
        if change.places and not dry_run:
            _write(path, change.text)
    return 0


def _write(path: Path, text: str) -> None:
    """All of it or nothing."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.chmod(beside, path.stat().st_mode)
    beside.replace(path)
