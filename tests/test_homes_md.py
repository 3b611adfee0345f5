"""HOMES.md: every example is a home that can be read and built, and its tables say what the reader reads by."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import BaseModel

from simulators.action import USAGE
from simulators.appliances import AppliancePlan
from simulators.climate.plan import DoorPlan, PlacePlan, RoomPlan, WindowPlan
from simulators.home import DevicePlan, EventPlan, HomePlan, bundled_homes, read_home
from simulators.kinds import CAPTURED, KINDS
from simulators.residents.plan import DayPlan, ErrandPlan, HabitsPlan, ResidentPlan, StepPlan
from simulators.testing.truth import shown_by, whole_and_parts
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


async def test_every_kind_is_there_with_what_a_hand_and_a_hub_call_its_attributes() -> None:
    kinds = [kind for kind in KINDS if kind != CAPTURED]
    devices = [{"name": f"hall.{kind}", "kind": kind, "radio": "none"} for kind in kinds]
    world = World(HomePlan.model_validate({"room": [{"name": "hall"}], "device": devices}), 1, still=True)
    missing = []
    for kind in kinds:
        name, device = f"hall.{kind}", world.devices[f"hall.{kind}"].device
        set_by_hand = [*device.HANDS, *(["battery"] if device.battery is not None else [])]
        parts = whole_and_parts(name, device)
        shown = _coded(shown_by(next(iter(parts.values()))))
        if name not in parts:
            shown += f" of {_coded(part.replace(name, 'NAME') for part in parts)}"
        row = f"| `{kind}` | {_coded(set_by_hand)} | {shown} |"
        missing += [] if row in TEXT else [row]
    assert missing == []


def _coded(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_every_action_is_there_as_it_is_written() -> None:
    assert [usage for usage in USAGE.values() if f"| `{usage}` |" not in TEXT] == []


def test_every_home_that_comes_along_is_named() -> None:
    assert [home for home in bundled_homes() if f"`{home}`" not in TEXT] == []


def test_every_table_of_the_file_is_in_an_example() -> None:
    written = "\n".join(text for _, text in EXAMPLES)
    missing = [name for name in HomePlan.model_fields if f"[{name}]" not in written and f"{name} = " not in written]
    assert missing == []
