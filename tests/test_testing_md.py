"""TESTING.md: its examples are those of examples/, and it says every option, every ini setting and every key."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from simulators.pytest_plugin import pytest_addoption
from simulators.testing.home import Home
from simulators.testing.settings import MARK_KEYS

PROJECT: Final = Path(__file__).parents[1]
TEXT: Final = (PROJECT / "TESTING.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```\w+\n# (examples/\S+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
CI: Final = sorted((PROJECT / "examples" / "ci").rglob("*.yml"))
MADE_BY_HOMES: Final = {"hub", "cloud", "rules", "events"}
"""What a Home has of its own, and not by its class."""


class Said:
    """What the plugin tells pytest of its options."""

    def __init__(self) -> None:
        self.options: list[str] = []
        self.settings: list[str] = []

    def getgroup(self, _name: str) -> "Said":
        return self

    def addoption(self, name: str, **_: Any) -> None:
        self.options.append(name)

    def addini(self, name: str, *_: Any, **__: Any) -> None:
        self.settings.append(name)


@pytest.fixture(scope="module")
def said() -> Said:
    it = Said()
    pytest_addoption(it, pytest.PytestPluginManager())  # type: ignore[arg-type]
    return it


def test_there_are_examples() -> None:
    assert len(BLOCKS) > 15


@pytest.mark.parametrize(("file", "text"), BLOCKS, ids=[f"{number} {file}" for number, (file, _) in enumerate(BLOCKS)])
def test_every_example_is_in_the_file_that_it_names(file: str, text: str) -> None:
    assert text in (PROJECT / file).read_text(encoding="utf-8")


def test_every_option_setting_and_key_is_told(said: Said) -> None:
    assert len(said.options) > 9
    assert [it for it in said.options if f"| `{it}" not in TEXT] == []
    assert [it for it in said.settings if f"`{it}`" not in TEXT] == []
    assert [it for it in MARK_KEYS if f"`{it}`" not in TEXT] == []


def test_no_option_is_told_or_used_that_is_not_there(said: Said) -> None:
    used = "\n".join((TEXT, *(it.read_text(encoding="utf-8") for it in CI)))
    assert set(re.findall(r"--sim-[a-z-]+", used)) <= set(said.options)


def test_everything_that_a_home_is_asked_for_is_there() -> None:
    names = set(re.findall(r"\bhome\.(\w+)[(.\[]", TEXT)) - {"toml", "rules"}
    assert len(names) > 12
    assert {it for it in names if not hasattr(Home, it)} <= MADE_BY_HOMES


def test_the_files_for_ci_can_be_read() -> None:
    assert {it.name for it in CI} == {"action.yml", "homes.yml", ".gitlab-ci.yml"}
    assert all(isinstance(yaml.safe_load(it.read_text(encoding="utf-8")), dict) for it in CI)
