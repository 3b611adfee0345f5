"""HOMES.md: every example is a home that can be read and built, and its tables say what the reader reads by."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from simulators.action import USAGE
from simulators.appliances import AppliancePlan
from simulators.climate.plan import DoorPlan, PlacePlan, RoomPlan, WindowPlan
from simulators.home import DevicePlan, EventPlan, HomePlan, bundled_homes, read_home
from simulators.residents.plan import DayPlan, ErrandPlan, HabitsPlan, ResidentPlan, StepPlan
from simulators.world import World
from tests.helpers.homes_md import PATH, examples, kind_rows, rows

TEXT = PATH.read_text(encoding="utf-8")
EXAMPLES = examples()
TABLES: tuple[type[BaseModel], ...] = (
    HomePlan,
    PlacePlan,
    RoomPlan,
    WindowPlan,
    DoorPlan,
    DevicePlan,
    AppliancePlan,
    ResidentPlan,
    DayPlan,
    HabitsPlan,
    ErrandPlan,
    StepPlan,
    EventPlan,
)


@pytest.mark.parametrize(("line", "text"), EXAMPLES, ids=[f"line {line}" for line, _ in EXAMPLES])
async def test_every_example_is_a_home(tmp_path: Path, line: int, text: str) -> None:
    file = tmp_path / f"line_{line}.toml"
    file.write_text(text, encoding="utf-8")
    world = World(read_home(file), 1)
    for dongle in world.dongles.values():
        dongle.power_off()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_is_in_a_table_with_its_default(table: type[BaseModel]) -> None:
    assert [row for row in rows(table) if row not in TEXT] == []


def test_every_kind_is_there_with_its_options() -> None:
    assert [row for row in kind_rows() if row not in TEXT] == []


def test_every_action_is_there_as_it_is_written() -> None:
    assert [usage for usage in USAGE.values() if f"| `{usage}` |" not in TEXT] == []


def test_every_home_that_comes_along_is_named() -> None:
    assert [home for home in bundled_homes() if f"`{home}`" not in TEXT] == []


def test_every_table_of_the_file_is_in_an_example() -> None:
    written = "\n".join(text for _, text in EXAMPLES)
    missing = [name for name in HomePlan.model_fields if f"[{name}]" not in written and f"{name} = " not in written]
    assert missing == []
