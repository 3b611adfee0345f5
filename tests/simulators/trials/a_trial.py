"""Tests of rules, written as in a file, and played in the house of a test."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

from hubagent.config import Place, load_config
from hubagent.rules.reading.rule_set import rule_set_of
from hubagent.rules.rule_set import RuleSet
from hubagent.toml_lines import Document, Source
from simulators.home import home_file, read_home
from simulators.trials.house import MakeHouse
from simulators.trials.invented_house import InventedHouse
from simulators.trials.mentions import devices_in
from simulators.trials.player import Setting, play
from simulators.trials.result import Result
from simulators.trials.simulated_house import SimulatedHouse

AT_HOME: Final = Place("Europe/Amsterdam", 52.37, 4.90)


def rules(text: str, path: Path = Path("rules.toml")) -> RuleSet:
    return rule_set_of([Document(path, tomllib.loads(text), Source(path, text))], frozenset())


async def played(text: str, folder: Path, home: str | None = None) -> list[Result]:
    """Every test in the text, on this home or in an invented one."""
    file = folder / "rules.toml"
    file.write_text(text, encoding="utf-8")
    rule_set = rules(text, file)
    config = replace(load_config(None, {}), rule_files=(file,), place=AT_HOME)
    setting = Setting(config, rule_set, _house(rule_set, home))
    results = []
    for number, trial in enumerate(rule_set.tests):
        state = folder / str(number)
        state.mkdir()
        results.append(await play(trial, setting, state))
    return results


def _house(rule_set: RuleSet, home: str | None) -> MakeHouse:
    if home is None:
        devices = devices_in(rule_set)
        return lambda _wall: InventedHouse(devices)
    plan = read_home(home_file(home))
    return lambda wall: SimulatedHouse(plan, wall)
