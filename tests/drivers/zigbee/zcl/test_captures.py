"""Conversations of bellows and zigbee2mqtt with two devices: every ZDO and ZCL message of them is read and written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.zigbee.zcl.clusters.table import attribute_of, decode_command
from drivers.zigbee.zcl.foundation import ReadAttributesResponse, ReportAttributes, decode_global
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zdo.table import UnknownMessage, decode, encode

FOLDER = Path(__file__).parents[5] / "shared" / "data" / "zigbee_captures"
LOGS = ("bellows_v14.log", "zigbee2mqtt_v14.log")

_ZDO = re.compile(r" ZDO 0x([0-9A-F]{4}) ([0-9a-f]+) -> \('0x([0-9a-fA-F]{4})', '([0-9a-f]+)'\)$")
_ZCL = re.compile(r" ZCL ep\d+ 0x([0-9A-F]{4}) ([0-9a-f]+) -> ([0-9a-f]+|None) ")


def _lines(log: str) -> list[str]:
    path = FOLDER / log
    if not path.exists():
        pytest.skip(f"needs the captures in {FOLDER}")
    return path.read_text(encoding="utf-8").splitlines()


def _zdo(log: str) -> Iterator[tuple[int, bytes]]:
    for line in _lines(log):
        if found := _ZDO.search(line):
            asked, question, answered, answer = found.groups()
            yield int(asked, 16), bytes.fromhex(question)
            yield int(answered, 16), bytes.fromhex(answer)


def _zcl(log: str) -> Iterator[tuple[int, bytes]]:
    for line in _lines(log):
        if found := _ZCL.search(line):
            cluster, *frames = found.groups()
            for frame in frames:
                if frame != "None":
                    yield int(cluster, 16), bytes.fromhex(frame)


@pytest.mark.parametrize("log", LOGS)
def test_every_zdo_message_is_known_and_written_as_it_was(log: str) -> None:
    messages = list(_zdo(log))
    assert messages
    for cluster, data in messages:
        sequence, message = decode(cluster, data)
        assert not isinstance(message, UnknownMessage), (hex(cluster), data.hex())
        assert encode(sequence, message) == data


@pytest.mark.parametrize("log", LOGS)
def test_every_zcl_frame_is_known_and_written_as_it_was(log: str) -> None:
    frames = list(_zcl(log))
    assert frames
    for cluster, data in frames:
        frame = ZclFrame.from_bytes(data)
        assert frame.to_bytes() == data
        command = decode_command(cluster, frame) if frame.cluster_specific else decode_global(frame)
        assert command is not None, (hex(cluster), data.hex())
        assert command.to_bytes() == frame.payload
        if isinstance(command, ReadAttributesResponse | ReportAttributes):
            for record in command.records:
                known = attribute_of(cluster, record.attribute)
                assert known is not None
                assert record.type_id in (None, known.type_id)
