"""Every command class against bytes that have a source outside this project."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.zwave.command_classes.table import MODULES, decode
from tests.helpers.plain import plain

FOLDER = Path(__file__).parents[3] / "vectors" / "zwave"


def _vectors() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for number, vector in enumerate(tomllib.loads(path.read_text())["vector"]):
            found.append(pytest.param(vector, id=f"{path.stem}-{number}-{vector['bytes'][:12]}"))
    return found


@pytest.mark.parametrize("vector", _vectors())
def test_bytes_decode_to_the_stated_fields_and_encode_back(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["bytes"])
    command = decode(data)
    assert type(command).__name__ == vector["command"], vector["source"]
    assert plain(command) == vector["fields"], vector["source"]
    assert command.to_bytes().hex() == vector.get("encodes_to", vector["bytes"]), vector["source"]


def test_every_command_class_has_vectors() -> None:
    names = {module.__name__.rsplit(".", 1)[1] for module in MODULES}
    assert names - {path.stem for path in FOLDER.glob("*.toml")} == set()
