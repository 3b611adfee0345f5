"""ARCHITECTURE.md is read first: what it names exists, and what exists of the driver is named."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ZWAVE = ROOT / "drivers" / "zwave"


def the_drivers_table() -> set[str]:
    """The names in the first column of the table of the Z-Wave driver's modules."""
    table = TEXT.split("| module | is | is not |")[1].split("\n\n")[0]
    rows = [row for row in table.splitlines() if row.startswith("|")]
    return {name for row in rows for name in re.findall(r"`([a-z_/]+)`", row.split("|")[1])}


def test_the_drivers_table_names_its_modules_and_nothing_else() -> None:
    modules = {path.stem for path in ZWAVE.glob("*.py") if path.stem != "__init__"}
    packages = {f"{path.parent.name}/" for path in ZWAVE.glob("*/__init__.py")}
    assert the_drivers_table() == modules | packages


def test_every_path_that_it_names_exists() -> None:
    named = set(re.findall(r"`((?:hubagent|drivers|simulators|tests)/[a-z_/.]+)`", TEXT))
    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
