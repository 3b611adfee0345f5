"""`hubagent sim record`: a recording of a simulated home that runs, of a real hub, of what a hub's `watch` printed, or
of a public data set.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from hubagent.cli.exits import FAILED, UNREACHABLE, USAGE, Failure
from hubagent.cli.options import api_address, client_config, config_option
from hubagent.cli.output import show_json, tell
from simulators.control_socket import NotThere, control_folder
from simulators.recording.until_told import until_told

if TYPE_CHECKING:
    from simulators.climate.plan import PlacePlan
    from simulators.recording.format import Header
    from simulators.recording.hub_tape import HubTape
    from simulators.recording.writing import Spool

HUB: Final = "hub"
"""What the home of a real hub is called in its recording."""


@click.command()
@config_option
@click.option("--world", metavar="ADDRESS", help="which simulated home, when several run")
@click.option("--from-hub", is_flag=True, help="the hub of hub.toml, over its local API")
@click.option(
    "--watch",
    metavar="FILE",
    type=click.Path(path_type=Path, allow_dash=True),
    help="what `hubagent watch --jsonl` printed; - is stdin",
)
@click.option(
    "--open-smart-home",
    "data_set",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="the Open Smart Home Data Set's folder Measurements",
)
@click.option(
    "--home", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="write a house file for it, too"
)
@click.option("--timezone", metavar="ZONE", help="of the home's clock, as Europe/Berlin, where it is not known")
@click.option("--seconds", type=click.FloatRange(min=0), help="end by itself after so long")
@click.option("--schema", is_flag=True, help="print the JSON Schema of a recording's lines, and do nothing else")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def record(
    *,
    file: Path | None,
    world: str | None,
    from_hub: bool,
    watch: Path | None,
    data_set: Path | None,
    home: Path | None,
    timezone: str | None,
    seconds: float | None,
    schema: bool,
) -> None:
    """Record what happens in the running simulated home into FILE, until Ctrl-C; `sim play` plays it.

    A name that ends in .gz is packed. Other sources: --from-hub, --watch or --open-smart-home.
    """
    from simulators.recording.format import recording_schema  # noqa: PLC0415 - pydantic would slow down --help

    if schema:
        show_json(recording_schema())
        return
    if file is None:
        raise Failure("say where to: hubagent sim record FILE", USAGE)
    if sum((world is not None, from_hub, watch is not None, data_set is not None)) > 1:
        raise Failure("--world, --from-hub, --watch and --open-smart-home are four sources: choose one", USAGE)
    place = None if timezone is None else _place(timezone)
    with _spool(file) as spool:
        if data_set is not None:
            header = _data_set(data_set, spool)
        elif watch is not None:
            header = _watched(watch, spool, place)
        elif from_hub:
            header = asyncio.run(_hub(spool, place or _place_of_config(), seconds))
        else:
            header = asyncio.run(_world(world, spool, seconds))
    tell(f"{file}: {spool.events} events of {len(header.devices)} devices in {spool.latest:.0f} s")
    if home is not None:
        from simulators.recording.house import house_text  # noqa: PLC0415 - as above

        try:
            home.write_text(house_text(header), encoding="utf-8")
        except OSError as error:
            raise Failure(f"{home} cannot be written: {error.strerror or error}") from error
        tell(f"play it: hubagent sim play {file} --home {home}")


@contextmanager
def _spool(file: Path) -> "Iterator[Spool]":
    from simulators.recording.writing import CannotWrite, spooling  # noqa: PLC0415 - as above

    try:
        with spooling(file) as spool:
            yield spool
    except CannotWrite as error:
        raise Failure(str(error), FAILED) from error


async def _world(named: str | None, spool: "Spool", seconds: float | None) -> "Header":
    from simulators.recording.live import WorldRefused, WorldTape  # noqa: PLC0415 - as above
    from simulators.world_control import ask_world, find_world  # noqa: PLC0415

    try:
        tape = WorldTape(partial(ask_world, find_world(control_folder(os.environ), named)), spool, tell)
    except NotThere as error:
        raise Failure(str(error), UNREACHABLE) from error
    except WorldRefused as error:
        raise Failure(f"this home cannot be recorded: {error}", FAILED) from error
    tell(f"recording {tape.header.home}; Ctrl-C ends it")
    try:
        await until_told(tape.run(), seconds)
        tape.fetch()
    except NotThere:
        tell("the home has ended, and the recording with it")
    spool.finish(tape.header)
    return tape.header


async def _hub(spool: "Spool", place: "PlacePlan | None", seconds: float | None) -> "Header":
    from hubagent.api.client import AgentUnreachable, connect  # noqa: PLC0415 - as above
    from hubagent.cli.drivers import open_serial  # noqa: PLC0415
    from hubagent.runtime import real_runtime  # noqa: PLC0415
    from simulators.recording.from_hub import begin, listen  # noqa: PLC0415
    from simulators.recording.hub_tape import hub_tape  # noqa: PLC0415
    from simulators.recording.hub_views import devices_in  # noqa: PLC0415

    async with connect(api_address()) as client:
        beginning = await begin(client)
        with _not_too_much(), hub_tape(real_runtime(open_serial).wall(), devices_in(beginning.devices)) as tape:
            tell("recording the hub; Ctrl-C ends it")
            try:
                await until_told(listen(client, beginning, tape, tell), seconds)
            except AgentUnreachable:
                tell("the hub has ended, and the recording with it")
            return _finished(tape, spool, place)


def _watched(file: Path, spool: "Spool", place: "PlacePlan | None") -> "Header":
    from simulators.recording.hub_tape import hub_tape  # noqa: PLC0415 - as above
    from simulators.recording.hub_views import BadView, views_in  # noqa: PLC0415

    with _not_too_much(), hub_tape() as tape, _lines(file) as lines:
        try:
            for view in views_in(lines):
                tape.hear(view)
        except BadView as error:
            raise Failure(f"{file}: {error}", USAGE) from error
        except KeyboardInterrupt:
            # `hubagent watch --jsonl | hubagent sim record --watch - FILE`: that is how it ends.
            tell("")
        return _finished(tape, spool, place)


def _finished(tape: "HubTape", spool: "Spool", place: "PlacePlan | None") -> "Header":
    from simulators.recording.hub_tape import remarks  # noqa: PLC0415 - as above

    header, told = tape.finish(spool, HUB, place)
    _remark(remarks(told))
    return header


def _data_set(folder: Path, spool: "Spool") -> "Header":
    from simulators.recording.data_sets.open_smart_home import BadDataSet, open_data_set  # noqa: PLC0415 - as above

    try:
        data = open_data_set(folder)
        for event in data.events():
            spool.add(event)
    except BadDataSet as error:
        raise Failure(str(error), USAGE) from error
    spool.finish(data.header)
    _remark(data.remarks())
    return data.header


def _remark(lines: list[str]) -> None:
    for line in lines:
        tell(f"  {line}")


@contextmanager
def _not_too_much() -> Iterator[None]:
    from simulators.recording.hub_cast import TooMuch  # noqa: PLC0415 - as above

    try:
        yield
    except TooMuch as error:
        raise Failure(str(error), FAILED) from error


@contextmanager
def _lines(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        lines = file.open("rb")
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror or error}", USAGE) from error
    with lines:
        yield lines


def _place(timezone: str) -> "PlacePlan":
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - as above

    from pydantic import ValidationError  # noqa: PLC0415

    from simulators.climate.plan import PlacePlan  # noqa: PLC0415

    try:
        ZoneInfo(timezone)
        return PlacePlan.model_validate({"timezone": timezone})
    except (ZoneInfoNotFoundError, ValueError, OSError, ValidationError) as error:
        raise Failure(f"there is no time zone {timezone!r}; one is called like Europe/Berlin", USAGE) from error


def _place_of_config() -> "PlacePlan | None":
    """Where hub.toml says that the home is."""
    from simulators.climate.plan import PlacePlan  # noqa: PLC0415 - as above

    place = client_config().place
    if place.timezone is None:
        return None
    table = {"timezone": place.timezone, "latitude": place.latitude, "longitude": place.longitude}
    return PlacePlan.model_validate({key: value for key, value in table.items() if value is not None})
