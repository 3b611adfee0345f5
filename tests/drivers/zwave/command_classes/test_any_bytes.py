"""Bytes from a radio are hostile: whatever they are, a decoder answers with a command or with MalformedCommand."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.table import MODULES, decode

KINDS = [kind for module in MODULES for kind in module.COMMANDS]


def _survives(data: bytes) -> None:
    try:
        command = decode(data)
    except MalformedCommand:
        return
    assert decode(command.to_bytes()) == command


@given(st.binary(max_size=64))
def test_arbitrary_bytes_raise_only_malformed_command(data: bytes) -> None:
    _survives(data)


@given(st.sampled_from(KINDS), st.binary(max_size=48))
def test_arbitrary_bytes_behind_a_known_header_raise_only_malformed_command(kind: type, body: bytes) -> None:
    _survives(bytes((kind.COMMAND_CLASS, kind.COMMAND)) + body)  # type: ignore[attr-defined]
