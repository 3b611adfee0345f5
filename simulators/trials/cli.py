"""`hubagent rules test`: the `[[test]]` tables of rule files, played in virtual time."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubagent.cli.exits import GATE, OK, USAGE, Failure
from hubagent.cli.options import config_option, config_path, json_option
from hubagent.cli.output import coloured, show, show_json, tell

if TYPE_CHECKING:
    from hubagent.config import Config
    from hubagent.rules.rule_set import RuleSet
    from hubagent.rules.trial import Trial
    from simulators.trials.player import Setting
    from simulators.trials.result import Result

SIMULATED: Final = "sim://"
STEPS_MAX: Final = 100_000_000
"""Of the loop, in one test: minutes of a computer's time."""


@click.command()
@config_option
@click.option("--home", metavar="HOME", help="a simulated home: one that comes along, or a TOML file")
@click.option("-k", "wanted", metavar="NAME", help="only the tests in whose name this occurs")
@json_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def test(files: tuple[Path, ...], *, home: str | None, wanted: str | None, as_json: bool) -> int:
    """Play the [[test]] tables of FILES, by a whole agent in virtual time; exits 6 when one fails.

    FILES: default are those of hub.toml. With --home, or where hub.toml has sim:// ports, on the dongles of that
    simulated home (and its own rules, if there are no others); else with devices that are made up from what the rules
    mention.
    """
    from hubagent.rules.reading.rule_set import read_rule_set  # noqa: PLC0415 - would slow down --help

    config = _config()
    home = home or _home_of(config)
    home_path = None if home is None else _file_of(home)
    config = replace(config, rule_files=files or config.rule_files or _rules_beside(home_path))
    if not config.rule_files:
        raise Failure("there are no rule files; name some: hubagent rules test FILE", USAGE)
    rule_set = read_rule_set(config.rule_files, config.http_hosts)
    trials = [trial for trial in rule_set.tests if wanted is None or wanted in trial.name]
    if not trials:
        raise Failure(f"there is no [[test]]{f' with {wanted!r} in its name' if wanted else ' in these files'}", USAGE)
    setting = _setting(config, rule_set, home_path)
    results = []
    for trial in trials:
        results.append(_play(trial, setting))
        if not as_json:
            _show(results[-1])
    failed = sum(not result.ok for result in results)
    if as_json:
        from simulators.trials.result import view_of  # noqa: PLC0415

        show_json({"v": 1, "home": home, "ok": not failed, "tests": [view_of(result) for result in results]})
    tell(f"{len(results)} test{'s' * (len(results) != 1)}, {failed} failed; on {home or 'invented devices'}")
    return GATE if failed else OK


def _show(result: "Result") -> None:
    from simulators.trials.result import lines_of  # noqa: PLC0415 - as above

    word = coloured("ok", "green") if result.ok else coloured("failed", "red")
    show(f"{word}  {result.trial.name}")
    for line in lines_of(result):
        show(f"  {line}")


def _play(trial: "Trial", setting: "Setting") -> "Result":
    from simulators.trials.house import CannotPlay  # noqa: PLC0415 - as above
    from simulators.trials.player import play  # noqa: PLC0415
    from simulators.virtual_time import TooManySteps, run_virtual  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="hubagent-test-") as folder, _quiet():
        try:
            return run_virtual(lambda: play(trial, setting, Path(folder)), max_steps=STEPS_MAX)
        except CannotPlay as error:
            raise Failure(f"{trial.place}: {trial.name!r} cannot be played: {error}", USAGE) from error
        except TooManySteps as error:
            raise Failure(f"{trial.place}: {trial.name!r} takes too long to play", GATE) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """What the agent logs of outages is what a test is about; what matters of it is in the result."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _config() -> "Config":
    from hubagent.cli.drivers import InstalledDrivers  # noqa: PLC0415 - as above
    from hubagent.config import load_config  # noqa: PLC0415

    return load_config(config_path(), os.environ, InstalledDrivers())


def _home_of(config: "Config") -> str | None:
    """The simulated home that hub.toml has its sticks from."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - only here

    for settings in config.drivers.values():
        port = getattr(settings, "port", "")
        if isinstance(port, str) and port.startswith(SIMULATED):
            url = urlsplit(port)
            name = url.netloc + url.path
            return "demo" if name == "home" else name
    return None


def _file_of(home: str) -> Path:
    from simulators.home import NoSuchHome, home_file  # noqa: PLC0415 - as above

    try:
        return home_file(home)
    except NoSuchHome as error:
        raise Failure(f"{error}; `hubagent sim list` shows them", USAGE) from error


def _rules_beside(home: Path | None) -> tuple[Path, ...]:
    from simulators.home import rules_file  # noqa: PLC0415 - as above

    beside = None if home is None else rules_file(home)
    return () if beside is None else (beside,)


def _setting(config: "Config", rule_set: "RuleSet", home: Path | None) -> "Setting":
    from hubagent.config import Place  # noqa: PLC0415 - as above
    from simulators.home import read_home  # noqa: PLC0415
    from simulators.trials.invented_house import InventedHouse  # noqa: PLC0415
    from simulators.trials.mentions import devices_in  # noqa: PLC0415
    from simulators.trials.player import Setting  # noqa: PLC0415
    from simulators.trials.simulated_house import SimulatedHouse  # noqa: PLC0415

    if home is None:
        devices = devices_in(rule_set)
        return Setting(config, rule_set, lambda _wall: InventedHouse(devices))
    plan = read_home(home)
    if plan.place is not None and config.place == Place():
        place = Place(plan.place.timezone, plan.place.latitude, plan.place.longitude)
        config = replace(config, place=place)
    return Setting(config, rule_set, lambda wall: SimulatedHouse(plan, wall))
