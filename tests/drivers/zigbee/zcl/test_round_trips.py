"""All commands and all data types, in both directions; whatever is cut off or changed is malformed, never worse."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.wire import MalformedFrame, Record
from drivers.zigbee.zcl.cluster import ClusterCommand, frame_of
from drivers.zigbee.zcl.clusters.green_power_device import PAYLOADS
from drivers.zigbee.zcl.clusters.table import CLUSTERS, decode_command
from drivers.zigbee.zcl.clusters.table import COMMANDS as CLUSTER_COMMANDS
from drivers.zigbee.zcl.data_types import READERS, DataType, decode_value, encode_value
from drivers.zigbee.zcl.foundation import COMMANDS as GLOBAL_COMMANDS
from drivers.zigbee.zcl.foundation import GlobalCommand, decode_global, global_frame
from drivers.zigbee.zcl.frame import ZclFrame
from drivers.zigbee.zcl.ota_upgrade.ota_file import OtaHeader
from tests.drivers.zigbee.zcl.any_record import VALUES, records, typed_values

_KINDS: tuple[type[Record], ...] = (*GLOBAL_COMMANDS, *CLUSTER_COMMANDS, *PAYLOADS.values(), OtaHeader)

_numbers = st.integers(0, 255)
_codes = st.none() | st.integers(0, 0xFFFF)


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: f"{kind.__module__.rsplit('.', 1)[-1]}-{kind.__name__}")
@settings(max_examples=10)  # of each of 300 kinds
@given(data=st.data())
def test_every_command_comes_back_as_it_went(kind: type[Record], data: st.DataObject) -> None:
    command = data.draw(records(kind))
    assert kind.from_bytes(command.to_bytes()) == command


@pytest.mark.parametrize("type_id", sorted(READERS), ids=lambda type_id: DataType(type_id).name)
@given(data=st.data(), before=st.binary(max_size=3), behind=st.binary(max_size=3))
def test_every_value_comes_back_as_it_went_and_says_where_it_ends(
    type_id: int, data: st.DataObject, before: bytes, behind: bytes
) -> None:
    value = data.draw(VALUES[type_id])
    raw = encode_value(type_id, value)
    assert decode_value(type_id, before + raw + behind, len(before)) == (value, len(before) + len(raw))


@given(
    frame=st.builds(ZclFrame, _numbers, _numbers, st.binary(max_size=20), st.booleans(), st.booleans(), _codes)
    | st.builds(ZclFrame, _numbers, _numbers, st.binary(), st.booleans(), st.booleans(), _codes, st.booleans())
)
def test_every_frame_comes_back_as_it_went(frame: ZclFrame) -> None:
    assert ZclFrame.from_bytes(frame.to_bytes()) == frame


@given(data=st.data(), sequence=_numbers, quiet=st.booleans())
def test_a_cluster_command_travels_in_its_frame(data: st.DataObject, sequence: int, quiet: bool) -> None:
    kind: type[ClusterCommand] = data.draw(st.sampled_from(CLUSTER_COMMANDS))
    command = data.draw(records(kind))
    frame = ZclFrame.from_bytes(frame_of(sequence, command, disable_default_response=quiet).to_bytes())
    assert (frame.sequence, frame.disable_default_response, frame.cluster_specific) == (sequence, quiet, True)
    assert decode_command(kind.CLUSTER, frame) == command


@given(data=st.data(), sequence=_numbers, from_server=st.booleans(), code=_codes)
def test_a_global_command_travels_in_its_frame(
    data: st.DataObject, sequence: int, from_server: bool, code: int | None
) -> None:
    kind: type[GlobalCommand] = data.draw(st.sampled_from(GLOBAL_COMMANDS))
    command = data.draw(records(kind))
    frame = ZclFrame.from_bytes(
        global_frame(sequence, command, from_server=from_server, manufacturer_code=code).to_bytes()
    )
    assert (frame.from_server, frame.manufacturer_code, frame.cluster_specific) == (from_server, code, False)
    assert decode_global(frame) == command


# --- bytes that nobody meant


def _survives(kind: type[Record], data: bytes) -> None:
    try:
        command = kind.from_bytes(data)
    except MalformedFrame:
        return
    assert kind.from_bytes(command.to_bytes()) == command


@given(kind=st.sampled_from(_KINDS), data=st.binary(max_size=80))
def test_arbitrary_bytes_raise_only_malformed_frame(kind: type[Record], data: bytes) -> None:
    _survives(kind, data)


@settings(max_examples=200)
@given(kind=st.sampled_from(_KINDS), data=st.data())
def test_a_command_that_is_cut_short_is_malformed_or_another(kind: type[Record], data: st.DataObject) -> None:
    whole = data.draw(records(kind)).to_bytes()
    for length in range(len(whole)):
        _survives(kind, whole[:length])


@settings(max_examples=200)
@given(kind=st.sampled_from(_KINDS), data=st.data())
def test_a_command_with_a_changed_byte_is_malformed_or_another(kind: type[Record], data: st.DataObject) -> None:
    raw = bytearray(data.draw(records(kind)).to_bytes() or b"\x00")
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(_numbers)
    _survives(kind, bytes(raw))


@given(cluster=st.sampled_from(sorted(CLUSTERS)), data=st.binary(max_size=60))
def test_arbitrary_frames_raise_only_malformed_frame(cluster: int, data: bytes) -> None:
    with suppress(MalformedFrame):
        frame = ZclFrame.from_bytes(data)
        if frame.cluster_specific:
            decode_command(cluster, frame)
        else:
            decode_global(frame)


@given(type_id=_numbers, data=st.binary(max_size=60), at=st.integers(0, 70))
def test_arbitrary_values_raise_only_malformed_frame(type_id: int, data: bytes, at: int) -> None:
    with suppress(MalformedFrame):
        value, end = decode_value(type_id, data, at)
        assert at <= end <= max(at, len(data))
        assert decode_value(type_id, encode_value(type_id, value), 0)[0] == value


@given(typed=typed_values(), data=st.data())
def test_a_value_that_is_cut_short_is_malformed(typed: tuple[int, object], data: st.DataObject) -> None:
    raw = encode_value(*typed)  # type: ignore[arg-type]
    if raw:
        short = raw[: data.draw(st.integers(0, len(raw) - 1))]
        with pytest.raises(MalformedFrame):
            decode_value(typed[0], short, 0)
