"""CHAOS.md: its lists are complete, its check is one, and the options that it names are there."""

import re
from typing import Any, Final

import pytest

from simulators.chaos.checks.check import Check
from simulators.chaos.checks.table import CHECKS
from simulators.chaos.cli import chaos
from simulators.chaos.fault import parse_fault
from simulators.chaos.run import run
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS
from tests.interop.peers import PROJECT

TEXT: Final = (PROJECT / "CHAOS.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def fault_rows() -> list[str]:
    return [f"| `{it.name}` | {', '.join(map(str, it.numbers))} | {it.target} | {it.about} |" for it in FAULTS.values()]


def test_every_fault_is_there_and_no_other() -> None:
    told = [line for line in TEXT.splitlines() if re.match(r"\| `[a-z]+\.[a-z_]+` \|", line)]
    assert told == fault_rows()


def test_every_check_is_there_and_no_other() -> None:
    section = TEXT.partition("## Checks")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE) == [check.name for check in CHECKS]


def test_every_option_that_is_named_is_there() -> None:
    options = {it for parameter in chaos.params for it in (*parameter.opts, *parameter.secondary_opts)}
    named = {it for line in TEXT.splitlines() if "sim chaos" in line for it in re.findall(r"(?<=\s)--[a-z-]+", line)}
    assert named
    assert named <= options


@pytest.mark.parametrize(("fault", "complains"), [("host.kill@5-8:on=hub", True), ("air.loss@5-8:on=zigbee", False)])
def test_its_check_is_one(fault: str, complains: bool) -> None:
    (block,) = BLOCKS
    names: dict[str, Any] = {"Check": Check}
    exec(block, names)  # what the document says
    (made,) = (it for it in names.values() if isinstance(it, type) and issubclass(it, Check) and it is not Check)
    verdict = run(Scenario("studio", 3, 20.0, (parse_fault(fault, 0),)), checks=(made,))
    assert [it.check for it in verdict.problems] == ["one_life"] * complains
