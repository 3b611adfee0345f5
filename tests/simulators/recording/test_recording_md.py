"""RECORDING.md says what is so."""

import json
from pathlib import Path

import pytest

from simulators.home import HomePlan
from simulators.kinds import CAPTURED, KINDS
from simulators.recording.format import Header, recording_schema
from simulators.recording.hands import hands_of
from simulators.recording.play_cli import play
from simulators.recording.reading import HEADER_BYTES_MAX, LINE_BYTES_MAX, open_recording
from simulators.recording.record_cli import record
from simulators.recording.replay import LEAD_S
from simulators.virtual_time import run_virtual
from simulators.world import World
from tests.helpers.json_schema import complaints

TEXT = (Path(__file__).parents[3] / "RECORDING.md").read_text(encoding="utf-8")


def _example() -> str:
    return TEXT.partition("```json\n")[2].partition("```")[0]


def test_its_example_is_a_recording(tmp_path: Path) -> None:
    file = tmp_path / "example.jsonl"
    file.write_text(_example(), encoding="utf-8")
    with open_recording(file) as recording:
        assert len(list(recording.events)) == 4
        assert recording.header.home == "flat"
    schema = recording_schema()
    assert [complaints(json.loads(line), schema) for line in _example().splitlines()] == [[]] * 5


def test_every_key_of_a_header_stands_in_it() -> None:
    table = TEXT.partition("| in the header | what |")[2].partition("\n\n")[0]
    assert [key for key in Header.model_fields if f"`{key}`" not in table] == []


def test_the_attributes_of_each_kind_are_those_that_hands_have() -> None:
    kinds = [kind for kind in KINDS if kind != CAPTURED]
    devices = [{"name": f"hall.{kind}", "kind": kind} for kind in kinds]
    plan = HomePlan.model_validate({"room": [{"name": "hall"}], "device": devices})

    async def rows() -> list[str]:
        world = World(plan, 1, still=True)
        hands = {kind: hands_of(world.devices[f"hall.{kind}"].device) for kind in kinds}
        return [f"| `{kind}` | {', '.join(f'`{name}`' for name in hands[kind])} |" for kind in kinds]

    assert [row for row in run_virtual(rows) if row not in TEXT] == []


@pytest.mark.parametrize("command", [record, play], ids=["record", "play"])
def test_every_option_that_its_examples_use_exists(command: object) -> None:
    name = "record" if command is record else "play"
    lines = [line.partition("#")[0] for line in TEXT.splitlines() if f"hubagent sim {name} " in line]
    known = {option for parameter in command.params for option in parameter.opts}  # type: ignore[attr-defined]
    used = {
        word
        for line in lines
        for word in line.split(f"sim {name}")[1].replace("`", " ").split()
        if word.startswith("--")
    }
    assert used - known == set()
    assert used


def test_its_numbers_are_those_of_the_code() -> None:
    assert HEADER_BYTES_MAX == 1024 * 1024
    assert LINE_BYTES_MAX == 16 * 1024
    assert LEAD_S == 16 * 60
