"""`hubagent import`: what other hubs do by themselves, as a rule file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hubagent.cli.exits import FAILED, OK, USAGE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, tell

if TYPE_CHECKING:
    from hubagent.rules.importers.imported import Import

_REASONS_SHOWN = 15
_INPUT_MAX = 2_000_000

_FILE = click.argument("file", type=click.Path(path_type=Path))


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        json_option,
        click.option("-o", "--output", type=click.Path(path_type=Path), help="The rule file to write; else stdout."),
        click.option("--force", is_flag=True, help="Write over a file that is there."),
        click.option("--map", "maps", multiple=True, metavar="THEIRS=DEVICE", help="What something is called here."),
        click.option("--map-file", type=click.Path(path_type=Path), help="A file of such lines."),
        click.option("--fahrenheit", is_flag=True, help="Temperatures in the file are in °F."),
    ):
        command = option(command)
    return command


@click.group("import")
def import_() -> None:
    """Translate the automations of another hub into a rule file.

    What cannot be translated exactly is written as a disabled rule, with its source and the reason.
    """


@import_.command("home-assistant")
@_FILE
@click.option("--scenes", type=click.Path(path_type=Path), help="Home Assistant's scenes.yaml.")
@_options
def home_assistant(*, file: Path, scenes: Path | None, **options: Any) -> int:
    """Automations of Home Assistant: automations.yaml, or a package."""
    from hubagent.rules.importers.home_assistant.file import BadFile, Text, import_home_assistant  # noqa: PLC0415

    texts = Text(str(file), _text(file)), Text(str(scenes), _text(scenes)) if scenes is not None else None
    try:
        found = import_home_assistant(*texts, _mapped(options), fahrenheit=options["fahrenheit"])
    except BadFile as bad:
        raise Failure(str(bad), USAGE) from bad
    return _finish(found, file, "Home Assistant", options)


@import_.command()
@_FILE
@_options
def smartthings(*, file: Path, **options: Any) -> int:
    """Rules of SmartThings: the JSON of its Rules API."""
    from hubagent.rules.importers.smartthings.file import BadFile, import_smartthings  # noqa: PLC0415

    try:
        found = import_smartthings(str(file), _text(file), _mapped(options), fahrenheit=options["fahrenheit"])
    except BadFile as bad:
        raise Failure(str(bad), USAGE) from bad
    return _finish(found, file, "SmartThings", options)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_INPUT_MAX + 1)
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}", USAGE) from error
    if len(data) > _INPUT_MAX:
        raise Failure(f"{path}: is larger than {_INPUT_MAX // 1_000_000} MB; import it in parts", USAGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Failure(f"{path}:{line}: is not UTF-8 text", USAGE) from error


def _mapped(options: Mapping[str, Any]) -> dict[str, str]:
    from hubagent.rules.importers.device_map import BadMap, read_map  # noqa: PLC0415 - as above

    try:
        found = (
            read_map(_text(options["map_file"]).splitlines(), str(options["map_file"])) if options["map_file"] else {}
        )
        return found | read_map(options["maps"], "--map")
    except BadMap as bad:
        raise Failure(str(bad), USAGE) from bad


def _finish(found: "Import", file: Path, hub: str, options: Mapping[str, Any]) -> int:
    from hubagent.rules.importers.file_text import TooMuch, checked, file_text  # noqa: PLC0415 - as above

    head = [f"Imported from {hub}'s {file.name}. Look it through: `hubagent rules check` knows the home's devices."]
    try:
        text = file_text(checked(found), head)
    except TooMuch as much:
        raise Failure(f"{file}: {much}", FAILED) from much
    output = options["output"]
    if output is not None:
        _write(output, text, force=options["force"])
    elif not options["as_json"]:
        show(text.rstrip("\n"))
    _report(found, as_json=options["as_json"])
    return OK


def _write(output: Path, text: str, *, force: bool) -> None:
    try:
        with output.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Failure(f"{output}: is there already; say --force to write over it", USAGE) from error
    except OSError as error:
        raise Failure(f"{output}: cannot be written: {error.strerror}") from error


def _report(found: "Import", *, as_json: bool) -> None:
    from hubagent.rules.importers.imported import Share  # noqa: PLC0415 - as above

    shares = {share.value: found.count(share) for share in Share}
    reasons = found.reasons()
    if as_json:
        show_json({"v": 1, "rules": len(found.rules), "translated": shares, "reasons": dict(reasons)})
        return
    total = max(1, len(found.rules))
    parts = ", ".join(f"{count} {word} ({100 * count // total} %)" for word, count in shares.items())
    tell(f"{len(found.rules)} rules; translated: {parts}")
    for kind, count in reasons[:_REASONS_SHOWN]:
        tell(f"{count:5}  {kind}")
    if len(reasons) > _REASONS_SHOWN:
        tell(f"       and {len(reasons) - _REASONS_SHOWN} reasons more; all of them stand in the file")
