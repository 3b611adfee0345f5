"""The JSON Schema of house files takes what the reader takes, and refuses what it refuses for its shape."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from hubagent.cli.main import run_command
from hubagent.toml_lines import Mistakes
from simulators.home import bundled_homes, read_home
from simulators.house_schema import house_schema
from simulators.kinds import KINDS

SCHEMA = house_schema()
Draft202012Validator.check_schema(SCHEMA)


def complaints(text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text))]


@pytest.mark.parametrize("home", bundled_homes().values(), ids=list(bundled_homes()))
def test_every_home_that_comes_along_is_as_the_schema_wants_it(home: Path) -> None:
    assert complaints(home.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        'name = "home"',
        '[[room]]\nname = "Hall!"',
        '[[room]]\nname = "hall"\ncolour = 1',
        '[[room]]\nname = "hall"\nplan = [1.0, 2.0, 3.0]',
        '[[room]]\nname = "hall"\nwindows = [{ faces = "up" }]',
        '[[room]]\nname = "hall"\n[[device]]\nname = "hall.x"\nkind = "toaster"',
        '[[room]]\nname = "hall"\n[[device]]\nname = "hall.x"\nkind = "dimmer"\noptions = { load_w = 5 }',
        '[[room]]\nname = "hall"\n[[device]]\nname = "hall.x"\nkind = "dimmer"\noptions = { ramp_s = -1 }',
        '[[room]]\nname = "hall"\n[[resident]]\nname = "anna"\nroom = "hall"\nhabits = { wakes = "7" }',
        '[[room]]\nname = "hall"\n[[resident]]\nname = "anna"\nroom = "hall"\nhabits = { weekend = { bed = "hall" } }',
        '[[room]]\nname = "hall"\n[place]\nlatitude = 91.0',
        '[[room]]\nname = "hall"\n[[event]]\nat = "24:00"\ndo = "open hall window"',
    ],
)
def test_what_the_reader_refuses_for_its_shape_the_schema_refuses_too(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "home.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(Mistakes):
        read_home(file)
    assert complaints(wrong)


def _keys(part: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        for name, below in part.get("properties", {}).items():
            if below:
                yield f"{at}.{name}", below
        for name, below in part.items():
            yield from _keys(below, f"{at}/{name}")


def test_every_key_says_what_it_is_and_none_can_be_null() -> None:
    keys = {at: key for at, key in _keys({"top": SCHEMA, **SCHEMA["$defs"]}) if not at.startswith("/DevicePlan/allOf")}
    assert len(keys) > 60
    assert [at for at, key in keys.items() if "description" not in key] == []
    assert '"null"' not in json.dumps(SCHEMA)


def test_options_are_those_of_the_kind_beside_them() -> None:
    by_kind = {one["if"]["properties"]["kind"]["const"]: one["then"] for one in SCHEMA["$defs"]["DevicePlan"]["allOf"]}
    assert list(by_kind) == list(KINDS)
    for name, kind in KINDS.items():
        assert set(by_kind[name]["properties"]["options"].get("properties", {})) == set(kind.options.model_fields)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["sim", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
