"""ARCHITECTURE.md is read first: what it names exists, and what exists of the drivers is named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DRIVERS = ("zwave", "zigbee")


def the_drivers_table(radio: str) -> set[str]:
    """The names in the first column of the table of a driver's modules; of packages, the outermost."""
    table = TEXT.split(f"**`drivers/{radio}/`**")[1].split("| module | is | is not |")[1].split("\n\n")[0]
    rows = [row for row in table.splitlines() if row.startswith("|")]
    names = {name for row in rows for name in re.findall(r"`([a-z0-9_/]+)`", row.split("|")[1])}
    return {name.partition("/")[0] + "/" if "/" in name else name for name in names}


@pytest.mark.parametrize("radio", DRIVERS)
def test_the_drivers_table_names_its_modules_and_nothing_else(radio: str) -> None:
    folder = ROOT / "drivers" / radio
    modules = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    packages = {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
    assert the_drivers_table(radio) == modules | packages


def test_every_path_that_it_names_exists() -> None:
    named = set(re.findall(r"`((?:hubagent|drivers|simulators|tests)/[a-z_/.]+)`", TEXT))
    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
