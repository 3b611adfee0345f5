"""The examples of TESTING.md as a user has them: a project of their own, on a machine that has the wheel."""

import re
import shlex
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
import yaml

from tests.interop.peers import PROJECT
from tests.interop.users_machine import PACKAGES, UsersMachine, users_machine

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

PASS: Final = 32
"""The tests of examples/tests."""
AGAIN: Final = "pytest failing/test_too_late.py::test_the_light_is_there_before_the_radio_can_be --sim-seed 1"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> UsersMachine:
    return users_machine(tmp_path_factory.mktemp("user"))


def test_the_wheel_is_what_runs_there(machine: UsersMachine) -> None:
    code = "import hubagent, garden; print(hubagent.__file__, garden.__file__)"
    found = machine.run("python", "-I", "-c", code).stdout.split()
    assert [Path(it).parents[1].name for it in found] == ["site-packages", "site-packages"]
    assert all(str(machine.programs.parent) in it for it in found)


def test_every_example_passes(machine: UsersMachine) -> None:
    ran = machine.run("pytest", "-q")
    assert ran.stdout.splitlines()[-1].startswith(f"{PASS} passed in "), ran.stdout
    assert ran.returncode == 0
    assert not (machine.folder / "sim-artifacts").exists()


def test_pytest_rewrites_no_more_of_the_library_than_it_has_to(machine: UsersMachine) -> None:
    """What it takes for a plugin's tests it compiles anew, on each fresh machine."""
    assert machine.run("pytest", "-q", "tests/test_light.py").returncode == 0
    place = Path(machine.run("python", "-I", "-c", "import simulators; print(simulators.__path__[0])").stdout.strip())
    folders = [place.parent / package for package in PACKAGES]
    rewritten = {it.name.split(".")[0] for folder in folders for it in folder.rglob("*-pytest-*.pyc")}
    assert rewritten <= {"__init__", "pytest_plugin"}


def test_the_github_action_tells_of_failures_and_stays_red(machine: UsersMachine) -> None:
    action = yaml.safe_load((machine.folder / "ci" / "github" / "action.yml").read_text(encoding="utf-8"))
    (step,) = (it for it in action["runs"]["steps"] if it.get("name") == "Test")
    inputs = {name: str(it["default"]) for name, it in action["inputs"].items()}
    given = {name: inputs[value.strip("${} ").removeprefix("inputs.")] for name, value in step["env"].items()}
    summary = machine.folder / "summary.md"
    ran = machine.run(
        "bash",
        "-eo",
        "pipefail",
        "-c",
        step["run"],
        environment={**given, "TESTS": "-q failing -k 'too_late and not nothing'", "GITHUB_STEP_SUMMARY": str(summary)},
    )
    assert ran.returncode == 1, ran.stdout
    lines = summary.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["### Simulated homes", "```"]
    assert lines[2] == AGAIN
    assert lines[3].startswith("1 failed in ")


def test_one_that_fails_says_why_how_it_is_run_again_and_shows_it(machine: UsersMachine) -> None:
    ran = machine.run("pytest", "failing")
    assert ran.returncode == 1, ran.stdout
    assert "E       simulators.testing.failure.Unexpected: hall.light.on within 10ms" in ran.stdout
    assert "it came 20 ms too late" in ran.stdout
    again = ran.stdout.splitlines()[ran.stdout.splitlines().index(_the_heading(ran.stdout)) + 1]
    assert again == AGAIN
    kept = [Path(it) for it in re.findall(r"^timeline: (.*)$", ran.stdout, re.MULTILINE)]
    assert [it.suffix for it in kept] == [".svg", ".html"]
    assert all(it.is_relative_to(machine.folder / "sim-artifacts") for it in kept)
    drawn = ElementTree.fromstring(kept[0].read_text(encoding="utf-8"))
    assert "expected: hall.light.on within 10ms" in "".join(drawn.itertext())
    assert again in kept[1].read_text(encoding="utf-8")

    said = ran.stdout.replace(f"{machine.folder}/", "")
    assert [line for line in _told_of("pytest failing") if line not in said] == []

    once_more = machine.run(*shlex.split(again), environment={"PYTHONHASHSEED": "4711"})
    assert _trace(once_more.stdout) == _trace(ran.stdout)


def _told_of(command: str) -> list[str]:
    """What TESTING.md shows of its output: without what is left out, and without the hash, which any change changes."""
    text = (PROJECT / "TESTING.md").read_text(encoding="utf-8")
    shown = text.partition(f"$ {command}\n")[2].partition("```")[0].splitlines()
    assert len(shown) > 10
    return [line for line in shown if line != "..." and ", trace " not in line]


def _the_heading(said: str) -> str:
    return next(line for line in said.splitlines() if line.strip("= ") == "to run failed homes again")


def _trace(said: str) -> str:
    found = re.search(r"^ours, seed 1, trace ([0-9a-f]{32})$", said, re.MULTILINE)
    assert found is not None, said
    return found[1]
