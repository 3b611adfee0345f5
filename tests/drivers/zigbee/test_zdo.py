"""ZDO messages: bytes with a source in both directions, and against any bytes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zdo.binding import Binding, BindReq, MgmtBindRsp, ToGroup
from drivers.zigbee.zdo.descriptors import NodeDescriptor, SimpleDescriptor
from drivers.zigbee.zdo.discovery import ActiveEpRsp, NodeDescRsp, NwkAddrRsp, SimpleDescRsp
from drivers.zigbee.zdo.management import CHANGE_CHANNEL, MgmtLqiRsp, MgmtNwkUpdateReq, Update
from drivers.zigbee.zdo.message import RESPONSE, MacCapability, Message, Response, ZdoStatus
from drivers.zigbee.zdo.table import BY_CLUSTER, MESSAGES, UnknownMessage, decode, encode
from tests.drivers.zigbee.zcl.any_record import records
from tests.helpers.plain import plain

VECTORS = tomllib.loads((Path(__file__).parents[2] / "vectors/zigbee/zdo.toml").read_text(encoding="utf-8"))["vector"]

# Broadcast and not answered; what comes unasked.
_UNANSWERED = {"DeviceAnnce"}
_UNASKED = {"MgmtNwkUnsolicitedEnhancedUpdateNotify"}

every_message = pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
every_response = pytest.mark.parametrize(
    "kind", [kind for kind in MESSAGES if issubclass(kind, Response)], ids=lambda kind: kind.__name__
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['message']} {vector['source']}")
def test_a_message_means_what_its_source_says_and_is_written_so(vector: dict[str, Any]) -> None:
    sequence, message = decode(vector["cluster"], bytes.fromhex(vector["bytes"]))
    assert type(message).__name__ == vector["message"]
    assert plain(message) == vector["fields"]
    assert encode(sequence, message).hex() == vector.get("encodes_to", vector["bytes"])


def test_every_message_has_bytes_with_a_source() -> None:
    assert {vector["message"] for vector in VECTORS} == {kind.__name__ for kind in MESSAGES}
    assert all(vector["source"] for vector in VECTORS)


def test_messages_have_a_cluster_each_and_answers_that_of_their_question() -> None:
    assert len(BY_CLUSTER) == len(MESSAGES)
    for kind in MESSAGES:
        assert bool(kind.CLUSTER & RESPONSE) == issubclass(kind, Response)
        other = BY_CLUSTER.get(kind.CLUSTER ^ RESPONSE)
        assert (other is None) == (kind.__name__ in _UNANSWERED | _UNASKED)


@every_message
@settings(max_examples=25)
@given(data=st.data(), sequence=st.integers(0, 255))
def test_every_message_comes_back_as_it_went(kind: type[Message], data: st.DataObject, sequence: int) -> None:
    message = data.draw(records(kind))
    assert decode(kind.CLUSTER, encode(sequence, message)) == (sequence, message)


def _survives(cluster: int, data: bytes) -> None:
    try:
        sequence, message = decode(cluster, data)
    except MalformedFrame:
        return
    assert decode(cluster, encode(sequence, message)) == (sequence, message)


@given(cluster=st.sampled_from(sorted(BY_CLUSTER)) | st.integers(0, 0xFFFF), data=st.binary(max_size=80))
def test_arbitrary_bytes_raise_only_malformed_frame(cluster: int, data: bytes) -> None:
    _survives(cluster, data)


@settings(max_examples=200)
@given(kind=st.sampled_from(MESSAGES), data=st.data())
def test_a_message_that_is_cut_short_is_malformed_or_another(kind: type[Message], data: st.DataObject) -> None:
    whole = encode(1, data.draw(records(kind)))
    for length in range(len(whole)):
        _survives(kind.CLUSTER, whole[:length])


@every_response
@pytest.mark.parametrize("status", [0x84, 0x80, 0x55], ids=["named", "general", "unknown"])
def test_a_device_may_answer_with_a_status_and_nothing_more(kind: type[Response], status: int) -> None:
    sequence, message = decode(kind.CLUSTER, bytes((9, status)))
    assert sequence == 9
    assert isinstance(message, kind)
    assert message.status == status  # type: ignore[attr-defined]  # every response has one
    assert decode(kind.CLUSTER, encode(9, message)) == (9, message)


def test_a_message_that_is_not_kept_is_passed_on_whole() -> None:
    # A cache that no device has any more: Discovery_Cache_req.
    unknown = UnknownMessage(0x0012, b"\x01\x02")
    assert decode(0x0012, b"\x07\x01\x02") == (7, unknown)
    assert encode(7, unknown) == b"\x07\x01\x02"


def test_an_empty_message_is_malformed() -> None:
    with pytest.raises(MalformedFrame, match="empty"):
        decode(0x8002, b"")


def test_a_message_has_its_sequence_before_it() -> None:
    bind = BindReq(Binding(1, 2, 6, ToGroup(0x1234)))
    assert encode(0x2A, bind).hex() == "2a0100000000000000020600013412"


def test_a_binding_to_nowhere_is_malformed() -> None:
    with pytest.raises(MalformedFrame, match="address mode"):
        decode(MgmtBindRsp.CLUSTER, bytes.fromhex("01000100010100000000000000020600023412"))


def test_a_node_descriptor_tells_how_a_node_lives() -> None:
    _, message = decode(NodeDescRsp.CLUSTER, bytes.fromhex("0100000000408f491052ff00412cff0000"))
    assert isinstance(message, NodeDescRsp)
    coordinator = message.descriptor
    assert coordinator is not None
    assert coordinator.mains_powered
    assert coordinator.rx_on_when_idle
    assert coordinator.stack_revision == 22
    sleepy = NodeDescriptor(2, MacCapability.ALLOCATE_ADDRESS, 0x1049)
    assert not sleepy.mains_powered
    assert not sleepy.rx_on_when_idle
    assert sleepy.stack_revision == 0


@pytest.mark.parametrize("length", ["08", "0e", "ff"])
def test_a_simple_descriptor_is_read_whatever_its_length_says(length: str) -> None:
    """Some devices tell a wrong one."""
    raw = bytes.fromhex("010032fe" + length + "0104017b000002e51d700201ca14")
    _, message = decode(SimpleDescRsp.CLUSTER, raw)
    assert isinstance(message, SimpleDescRsp)
    assert message.descriptor == SimpleDescriptor(1, 0x0104, 123, 0, (7653, 624), (5322,))


def test_an_answer_is_written_as_short_as_it_is() -> None:
    assert NodeDescRsp(ZdoStatus.NOT_SUPPORTED, 0x1234).to_bytes().hex() == "843412"
    assert NodeDescRsp(ZdoStatus.NOT_SUPPORTED).to_bytes().hex() == "84"
    assert MgmtLqiRsp(ZdoStatus.NOT_SUPPORTED).to_bytes().hex() == "84"
    assert ActiveEpRsp(ZdoStatus.SUCCESS, 0x1234, ()).to_bytes().hex() == "00341200"
    assert NwkAddrRsp(ZdoStatus.SUCCESS, 1, 2, (0, ())).to_bytes().hex() == "000100000000000000020000"


def test_a_channel_is_changed_by_a_duration_that_is_none() -> None:
    request = MgmtNwkUpdateReq(1 << 20, Update(CHANGE_CHANNEL, update_id=3))
    assert request.to_bytes().hex() == "00001000fe03"
