"""ZCL frames against bytes that have a source outside this project: the standard, recordings, logs of real devices."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from drivers.zigbee.zcl import clusters
from drivers.zigbee.zcl.clusters.table import CLUSTERS, attribute_of, decode_command
from drivers.zigbee.zcl.clusters.table import COMMANDS as CLUSTER_COMMANDS
from drivers.zigbee.zcl.foundation import COMMANDS as GLOBAL_COMMANDS
from drivers.zigbee.zcl.foundation import decode_global
from drivers.zigbee.zcl.frame import ZclFrame
from tests.helpers.plain import plain

FOLDER = Path(__file__).parents[3] / "vectors" / "zigbee" / "zcl"
_FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
VECTORS: list[dict[str, Any]] = [vector for file in _FILES.values() for vector in file["vector"]]

_WITHOUT_FRAMES = {"__init__", "table", "metering_attributes", "green_power_device"}
"""Modules of clusters/ whose contents are in the vectors of another module."""


def _shown(vector: dict[str, Any]) -> str:
    return f"{vector['cluster']:04x} {vector['command']} {vector['source']}"


@pytest.mark.parametrize("vector", VECTORS, ids=_shown)
def test_a_frame_means_what_its_source_says_and_is_written_so(vector: dict[str, Any]) -> None:
    frame = ZclFrame.from_bytes(bytes.fromhex(vector["bytes"]))
    command = decode_command(vector["cluster"], frame) if frame.cluster_specific else decode_global(frame)
    assert command is not None
    assert type(command).__name__ == vector["command"]
    assert plain(command) == vector["fields"]
    again = ZclFrame(
        frame.sequence,
        command.COMMAND,
        command.to_bytes(),
        frame.cluster_specific,
        frame.from_server,
        frame.manufacturer_code,
        frame.disable_default_response,
    )
    assert again.to_bytes().hex() == vector.get("encodes_to", vector["bytes"])


@pytest.mark.parametrize("vector", VECTORS, ids=_shown)
def test_an_attribute_has_the_type_that_devices_send(vector: dict[str, Any]) -> None:
    """Where cluster and attribute are known here."""
    frame = ZclFrame.from_bytes(bytes.fromhex(vector["bytes"]))
    if vector["cluster"] not in CLUSTERS or frame.cluster_specific:
        return
    for record in vector["fields"].get("records", ()):
        known = attribute_of(vector["cluster"], record.get("attribute", -1), frame.manufacturer_code)
        if known is not None and "type_id" in record:
            assert (known.name, record["type_id"]) == (known.name, known.type_id)


def test_every_command_and_every_cluster_has_bytes_with_a_source() -> None:
    by_name: dict[str, type] = {kind.__name__: kind for kind in GLOBAL_COMMANDS}
    assert by_name.keys() <= {vector["command"] for vector in VECTORS}
    named = {(vector["cluster"], vector["command"]) for vector in VECTORS}
    assert {(kind.CLUSTER, kind.__name__) for kind in CLUSTER_COMMANDS} <= named
    assert CLUSTERS.keys() <= {vector["cluster"] for vector in VECTORS}
    assert all(vector["source"] for vector in VECTORS)


def test_every_module_has_a_file_of_vectors() -> None:
    modules = {path.stem for path in Path(clusters.__path__[0]).glob("*.py")}
    assert set(_FILES) == modules - _WITHOUT_FRAMES | {"foundation"}


def test_a_command_that_is_not_kept_is_none_and_no_error() -> None:
    for command in (0x0E, 0x0F, 0x10, 0x17, 0xFF):
        assert decode_global(ZclFrame(1, command, b"", cluster_specific=False, from_server=False)) is None
    assert decode_command(6, ZclFrame(1, 0xEE, b"", cluster_specific=True, from_server=False)) is None
    assert decode_command(0xFFEE, ZclFrame(1, 0, b"", cluster_specific=True, from_server=False)) is None
    of_a_maker = ZclFrame(1, 0, b"", cluster_specific=True, from_server=False, manufacturer_code=0x1234)
    assert decode_command(6, of_a_maker) is None
    from_the_server = ZclFrame(1, 0, b"", cluster_specific=True, from_server=True)
    assert decode_command(6, from_the_server) is None
