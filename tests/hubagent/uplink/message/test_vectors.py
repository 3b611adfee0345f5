"""The messages byte by byte, as somebody else's decoder reads them: our own could only agree with itself."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from cddl_verifier import cbor

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import (
    decode_content,
    decode_down,
    decode_up,
    encode,
    encode_content,
)
from tests.hubagent.uplink.message.judge import faults, faults_on
from tests.hubagent.uplink.message.messages import MESSAGES

PATH: Final = Path(__file__).parents[3] / "vectors" / "uplink" / "messages.toml"
VECTORS: Final[list[dict[str, Any]]] = tomllib.loads(PATH.read_text(encoding="utf-8"))["vector"]
NAMES: Final = [vector["name"] for vector in VECTORS]


def payload_of(vector: dict[str, Any]) -> bytes:
    """What comes after a # is for people."""
    return bytes.fromhex("".join(line.partition("#")[0] for line in vector["bytes"].splitlines()))


def shown(value: Any) -> Any:
    """As `value` of a vector has it."""
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, dict):
        return {key: shown(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [shown(below) for below in value]
    return value


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_somebody_elses_decoder_reads_what_it_says(vector: dict[str, Any]) -> None:
    assert shown(cbor.decode(payload_of(vector))) == json.loads(vector["value"])


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_codec_reads_it_and_makes_the_same_of_it(vector: dict[str, Any]) -> None:
    payload = payload_of(vector)
    match vector["direction"]:
        case "up":
            assert faults_on(Up(vector["channel"]), payload) == []
            again = encode(decode_up(vector["channel"], payload))
        case "down":
            assert faults_on(Down(vector["channel"]), payload) == []
            again = encode(decode_down(vector["channel"], payload))
        case _:
            assert faults(payload, "content") == []
            again = encode_content(*decode_content(payload))
    assert (again == payload) == vector["ours"]


def test_there_is_a_vector_of_every_type() -> None:
    said = {json.loads(vector["value"])["t"] for vector in VECTORS if vector["direction"] != "content"}
    assert said == {it.TYPE for it in MESSAGES}  # type: ignore[attr-defined]
