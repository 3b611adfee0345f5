"""`hubagent sim play`: a recording, played through simulated devices; in virtual time by a whole site, or in a home
that `sim up` runs.
"""

import asyncio
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hubagent.cli.exits import FAILED, OK, UNREACHABLE, USAGE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import coloured, show, show_json, show_table, tell
from simulators.control_socket import NotThere, control_folder
from simulators.scratch import scratch_disk

if TYPE_CHECKING:
    from simulators.home import HomePlan
    from simulators.recording.format import Done, Header
    from simulators.recording.reading import Recording
    from simulators.recording.replay import Played, Wishes

FASTEST: Final = "max"
SPEED_MAX: Final = 1e6
STEPS_MAX: Final = 10**15
"""A recording may be long; Ctrl-C ends it."""


def _speed(_context: click.Context, _parameter: click.Parameter, value: str) -> float | None:
    """None: as fast as it goes."""
    if value == FASTEST:
        return None
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= SPEED_MAX:
        raise click.BadParameter(f"{value!r} is neither max nor a number of times")
    return speed


def _span(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """Seconds."""
    from hubagent.rules.duration import parse_duration  # noqa: PLC0415 - would slow down --help

    if value is None:
        return None
    try:
        seconds = float(value) if value.isdecimal() else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if seconds < 0:
        raise click.BadParameter(f"{value!r} is before the start")
    return seconds


@dataclass(frozen=True, slots=True)
class Choices:
    """What the options of `sim play` said."""

    file: Path
    home: str | None
    rules: tuple[Path, ...]
    no_rules: bool
    as_recorded: bool
    seed: int
    since: float
    until: float | None
    after_s: float | None
    cloud: bool
    faults: "tuple[Done, ...]"


@click.command()
@click.option("--home", metavar="HOME", help="a bundled home or a TOML file [default: what the recording says]")
@click.option(
    "--rules",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="rules of the home, several times if need be [default: those beside HOME]",
)
@click.option("--no-rules", is_flag=True, help="none, also where some lie beside HOME")
@click.option("--as-recorded", is_flag=True, help="with rules, too, play what the hub did once")
@click.option(
    "--speed",
    callback=_speed,
    default=FASTEST,
    metavar="N|max",
    show_default=True,
    help="max: in virtual time, as fast as it goes; a number: so many times as fast as it was, in a running home",
)
@click.option("--world", metavar="ADDRESS", help="which running simulated home, when several run; means --speed 1")
@click.option("--seed", type=int, default=1, show_default=True, help="everything random follows from it")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="'NAME [TARGET] [KEY=VALUE...] [at=SECONDS]'",
    help="strike this fault as `sim do fault` does, at the start or at a time",
)
@click.option(
    "--from", "since", callback=_span, metavar="TIME", default="0", help="begin there, as 3d or 1h30m after the start"
)
@click.option(
    "--until", callback=_span, metavar="TIME", help="end there, however few events there are [default: at the last one]"
)
@click.option(
    "--after", "after_s", callback=_span, metavar="TIME", help="go on for so long after the end [default: 1m]"
)
@click.option("--no-cloud", is_flag=True, help="without an uplink")
@json_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def play(
    *,
    file: Path,
    home: str | None,
    rules: tuple[Path, ...],
    no_rules: bool,
    as_recorded: bool,
    speed: float | None,
    world: str | None,
    seed: int,
    faults: tuple[str, ...],
    since: float,
    until: float | None,
    after_s: float | None,
    no_cloud: bool,
    as_json: bool,
) -> int:
    """Play the recording FILE through simulated devices: radio, faults, rules and uplink take part.

    In virtual time by default, with a hub of its own; with --speed N in a home that `sim up` runs.
    """
    from simulators.recording.reading import BadRecording, open_recording  # noqa: PLC0415 - pydantic

    if rules and no_rules:
        raise Failure("--rules and --no-rules are two wishes: choose one", USAGE)
    choices = Choices(
        file, home, rules, no_rules, as_recorded, seed, since, until, after_s, not no_cloud, _faults(faults)
    )
    try:
        with open_recording(file) as recording:
            if speed is None and world is None:
                return _virtual(recording, choices, as_json=as_json)
            return _live(recording, choices, speed or 1.0, world, as_json=as_json)
    except BadRecording as error:
        raise Failure(str(error), USAGE) from error


def _virtual(recording: "Recording", choices: Choices, *, as_json: bool) -> int:
    from hubagent.cli.drivers import open_serial  # noqa: PLC0415 - as above
    from hubagent.runtime import real_runtime  # noqa: PLC0415
    from simulators.recording.replay import replay  # noqa: PLC0415
    from simulators.recording.summary import view_of  # noqa: PLC0415
    from simulators.site.site import NotSettled  # noqa: PLC0415
    from simulators.virtual_time import run_virtual  # noqa: PLC0415

    wall = real_runtime(open_serial).wall
    began = wall()
    with scratch_disk("hubagent-play-") as folder, _quiet():
        wishes = _wishes(recording.header, choices, folder)
        try:
            played = run_virtual(lambda: replay(recording, wishes), seed=choices.seed, max_steps=STEPS_MAX)
        except NotSettled as error:
            raise Failure(f"the hub does not get to know its devices: {error}", FAILED) from error
    for remark in played.remarks:
        tell(f"{coloured('warning', 'yellow')}  {remark}")
    view = view_of(recording.header, wishes, played, wall() - began)
    if as_json:
        show_json(view)
    else:
        _show(view, recording.header, wishes.plan, played)
    return FAILED if played.crashes else OK


def _live(recording: "Recording", choices: Choices, speed: float, world: str | None, *, as_json: bool) -> int:
    from simulators.recording.live import play_live  # noqa: PLC0415 - as above
    from simulators.recording.summary import counts_lines, counts_view  # noqa: PLC0415
    from simulators.world_control import ask_world, find_world  # noqa: PLC0415

    if choices.home or choices.rules or choices.no_rules or choices.since or choices.faults:
        raise Failure("a home that runs has its own devices, rules and faults; they are for --speed max", USAGE)
    try:
        ask = partial(ask_world, find_world(control_folder(os.environ), world))
        until, hub_too = choices.until, choices.as_recorded
        counts = asyncio.run(play_live(recording, ask, speed=speed, hub_too=hub_too, until=until))
    except NotThere as error:
        raise Failure(str(error), UNREACHABLE) from error
    if as_json:
        show_json({"v": 1, **counts_view(counts)})
    else:
        for line in counts_lines(counts):
            show(line)
    return OK


def _wishes(header: "Header", choices: Choices, folder: Path) -> "Wishes":
    from simulators.recording.replay import AFTER_S, Wishes  # noqa: PLC0415 - as above

    plan, rules = _home_of(header, choices)
    return Wishes(
        plan=plan,
        folder=folder,
        rules=rules,
        seed=choices.seed,
        hub_too=choices.as_recorded or not rules,
        since=choices.since,
        until=choices.until,
        after_s=AFTER_S if choices.after_s is None else choices.after_s,
        cloud=choices.cloud,
        faults=choices.faults,
    )


def _home_of(header: "Header", choices: Choices) -> "tuple[HomePlan, tuple[Path, ...]]":
    from simulators.home import NoSuchHome, home_file, read_home, rules_file  # noqa: PLC0415 - as above
    from simulators.recording.house import house_of  # noqa: PLC0415

    rules = choices.rules
    if choices.home is None:
        return house_of(header), rules
    try:
        file = home_file(choices.home)
    except NoSuchHome as error:
        raise Failure(f"{error}; `hubagent sim list` shows them", USAGE) from error
    plan = read_home(file)
    strangers = [device.name for device in header.devices if device.name not in {it.name for it in plan.device}]
    if len(strangers) == len(header.devices) and strangers:
        raise Failure(f"{choices.home} has none of the recording's devices: {', '.join(strangers[:5])}, ...", USAGE)
    beside = rules_file(file)
    if not rules and not choices.no_rules and beside is not None:
        rules = (beside,)
    return plan, rules


def _faults(texts: Sequence[str]) -> "tuple[Done, ...]":
    from simulators.recording.format import BadLine, Done, event_of  # noqa: PLC0415 - as above
    from simulators.world_faults.table import WORLD_FAULTS  # noqa: PLC0415

    known = {*WORLD_FAULTS, *(name.partition(".")[2] for name in WORLD_FAULTS)}
    faults = []
    for text in texts:
        at = [word for word in text.split() if word.startswith("at=")]
        words = [word for word in text.split() if word not in at]
        if not words or words[0] not in known or len(at) > 1:
            raise Failure(
                f"--fault {text!r} is no fault of a home, as in 'air.loss rate=0.3 at=3600';"
                " `hubagent sim chaos --list` shows them",
                USAGE,
            )
        try:
            event = event_of({"t": float(at[0][3:]) if at else 0.0, "do": " ".join(("fault", *words))})
        except (BadLine, ValueError) as error:
            raise Failure(f"--fault {text!r}: {error}", USAGE) from error
        assert isinstance(event, Done)
        faults.append(event)
    return tuple(sorted(faults, key=lambda fault: fault.t))


def _show(view: dict[str, Any], header: "Header", plan: "HomePlan", played: "Played") -> None:
    from simulators.recording.summary import device_rows, headline, lines_of, rule_rows  # noqa: PLC0415 - as above

    show(headline(view))
    for line in lines_of(view):
        show(line)
    if rows := rule_rows(header, plan, played):
        show_table(("rule", "runs", "first", "last"), rows)
    show_table(("device", "is", "as the hub knows it"), device_rows(played))


@contextmanager
def _quiet() -> Iterator[None]:
    """What the hub logs of faults is what they are for; what matters of it is in the summary."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
