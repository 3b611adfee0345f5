"""The chain against bytes with a source, and every envelope there and back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.zwave.command_classes.command import Command, MalformedCommand
from drivers.zwave.command_classes.crc_16_encap import Crc16Encap
from drivers.zwave.command_classes.multi_channel import (
    MultiChannelCommandEncapsulation,
    MultiChannelEndPointGet,
    MultiInstanceCommandEncapsulation,
)
from drivers.zwave.command_classes.no_operation import NoOperation
from drivers.zwave.command_classes.supervision import SupervisionGet, SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.switch_binary import SwitchBinaryGet, SwitchBinaryReport, SwitchBinarySet
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope, Supervised

GET = SwitchBinaryGet()
SET = SwitchBinarySet(on=True)

# Bytes, the command and the envelope they are received as, and the source.
RECEIVED = [
    pytest.param("250300", SwitchBinaryReport(on=False), PLAIN, id="recording: zwave-js' mock switch, plain"),
    pytest.param(
        "600d0100250300",
        SwitchBinaryReport(on=False),
        Envelope(endpoint=1),
        id="recording: zwave-js' mock stick, node 10, from end point 1",
    ),
    pytest.param(
        "600d00022502",
        GET,
        Envelope(endpoint=0, own_endpoint=2),
        id="recording: zwave-js 15.29.0 to end point 2, as the node sees it",
    ),
    pytest.param(
        "600d0301320201840000003c",
        decode(bytes.fromhex("320201840000003c")),
        Envelope(endpoint=3, own_endpoint=1),
        id="recording of a device: openHAB's meter test, to an end point 1 that the controller has not",
    ),
    pytest.param(
        "6006022502",
        GET,
        Envelope(endpoint=2, multi_instance=True),
        id="ZWave_cmd_classes.xml, Multi Instance v1: instance 2",
    ),
    pytest.param(
        "600d00852502",
        GET,
        Envelope(multicast=True),
        id="Z-Wave Specification 2024A, CC:0060.03.0D.11.00E: end points 1 and 3, by bits",
    ),
    pytest.param(
        "56012003008c58",
        decode(bytes.fromhex("200300")),
        Envelope(crc16=True),
        id="recording of a device: openHAB's CRC-16 test, a Basic Report",
    ),
    pytest.param(
        "560120024d26",
        decode(bytes.fromhex("2002")),
        Envelope(crc16=True),
        id="SDS13783, CRC-16 Encapsulation, table 1",
    ),
    pytest.param(
        "6c0185032501ff",
        SET,
        Envelope(supervision=Supervised(session=5, status_updates=True)),
        id="SDS13783, Supervision Get",
    ),
    pytest.param(
        "600d02006c0105032501ff",
        SET,
        Envelope(endpoint=2, supervision=Supervised(session=5)),
        id="SDS13783-14, encapsulation order overview: Supervision within Multi Channel",
    ),
    pytest.param(
        "600d02006c0205ff00",
        SupervisionReport(session=5, status=SupervisionStatus.SUCCESS),
        Envelope(endpoint=2),
        id="SDS13783-14, encapsulation order overview: a Supervision Report within Multi Channel",
    ),
]


@pytest.mark.parametrize(("data", "command", "envelope"), RECEIVED)
def test_bytes_come_out_as_the_command_and_its_envelope(data: str, command: Command, envelope: Envelope) -> None:
    assert unwrap(bytes.fromhex(data)) == (command, envelope)


@pytest.mark.parametrize(
    ("command", "envelope", "data"),
    [
        pytest.param(GET, PLAIN, "2502", id="recording: plain"),
        pytest.param(GET, Envelope(endpoint=2), "600d00022502", id="recording: to end point 2"),
        pytest.param(GET, Envelope(endpoint=2, multi_instance=True), "6006022502", id="Multi Instance v1"),
        pytest.param(
            decode(bytes.fromhex("2002")), Envelope(crc16=True), "560120024d26", id="SDS13783, CRC-16, table 1"
        ),
        pytest.param(
            SET, Envelope(supervision=Supervised(5, status_updates=True)), "6c0185032501ff", id="SDS13783, Supervision"
        ),
        pytest.param(
            SET,
            Envelope(endpoint=2, supervision=Supervised(5)),
            "600d00026c0105032501ff",
            id="SDS13783-14, encapsulation order overview",
        ),
    ],
)
def test_what_is_sent_has_the_layers_in_the_specified_order(command: Command, envelope: Envelope, data: str) -> None:
    assert wrap(command, envelope).hex() == data


def test_the_envelope_received_carries_the_answer_back_to_where_the_command_came_from() -> None:
    received = MultiChannelCommandEncapsulation(0, 2, SupervisionGet(9, False, SET.to_bytes()).to_bytes())
    command, envelope = unwrap(Crc16Encap(received.to_bytes()).to_bytes())
    assert command == SET
    answer = wrap(SupervisionReport(9, SupervisionStatus.SUCCESS), envelope)
    outermost = decode(answer)
    assert isinstance(outermost, Crc16Encap)
    assert decode(outermost.payload) == MultiChannelCommandEncapsulation(2, 0, bytes.fromhex("6c0209ff00"))


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes.fromhex("560120024d27"), id="a wrong checksum"),
        pytest.param(bytes.fromhex("6c01050025"), id="nothing supervised"),
        pytest.param(bytes.fromhex("6c010504 2501ff"), id="less supervised than announced"),
        pytest.param(bytes.fromhex("600d0002 2503"), id="a malformed command within"),
        pytest.param(Crc16Encap(Crc16Encap(GET.to_bytes()).to_bytes()).to_bytes(), id="two checksums"),
        pytest.param(
            MultiChannelCommandEncapsulation(
                1, 0, MultiChannelCommandEncapsulation(2, 0, GET.to_bytes()).to_bytes()
            ).to_bytes(),
            id="Multi Channel twice",
        ),
        pytest.param(
            MultiInstanceCommandEncapsulation(
                1, MultiChannelCommandEncapsulation(2, 0, GET.to_bytes()).to_bytes()
            ).to_bytes(),
            id="both kinds of Multi Channel",
        ),
        pytest.param(
            SupervisionGet(1, False, SupervisionGet(2, False, b"\x00").to_bytes()).to_bytes(), id="two sessions"
        ),
        pytest.param(
            SupervisionGet(1, False, MultiChannelCommandEncapsulation(2, 0, SET.to_bytes()).to_bytes()).to_bytes(),
            id="Multi Channel within Supervision",
        ),
        pytest.param(
            MultiChannelCommandEncapsulation(2, 0, Crc16Encap(GET.to_bytes()).to_bytes()).to_bytes(),
            id="a checksum within Multi Channel",
        ),
        pytest.param(
            SupervisionGet(1, False, SupervisionReport(1, 0xFF).to_bytes()).to_bytes(), id="a supervised report"
        ),
    ],
)
def test_layers_that_are_broken_repeated_or_out_of_order_are_malformed(malformed: bytes) -> None:
    with pytest.raises(MalformedCommand):
        unwrap(malformed)


def test_a_frame_nested_as_deep_as_a_radio_can_send_is_refused_without_descending() -> None:
    data = GET.to_bytes()
    for _ in range(40):
        data = MultiChannelCommandEncapsulation(1, 0, data).to_bytes()
    with pytest.raises(MalformedCommand):
        unwrap(data)


def test_commands_of_an_encapsulating_class_that_encapsulate_nothing_pass() -> None:
    assert unwrap(MultiChannelEndPointGet().to_bytes()) == (MultiChannelEndPointGet(), PLAIN)
    assert unwrap(bytes.fromhex("60ff")) == (UnknownCommand(bytes.fromhex("60ff")), PLAIN)


commands = st.sampled_from(
    (GET, SET, NoOperation(), SwitchBinaryReport(on=None), MultiChannelEndPointGet(), UnknownCommand(b"\xf5\x01\x02"))
)
supervised = st.builds(Supervised, st.integers(0, 63), st.booleans())
end_points = st.integers(0, 127)
envelopes = st.builds(
    Envelope, end_points, end_points, supervision=st.none() | supervised, crc16=st.booleans()
) | st.builds(
    Envelope, end_points, multi_instance=st.just(True), supervision=st.none() | supervised, crc16=st.booleans()
)


@given(commands, envelopes)
def test_whatever_is_wrapped_unwraps_to_the_same_as_seen_from_the_other_end(
    command: Command, envelope: Envelope
) -> None:
    seen = (
        envelope
        if envelope.multi_instance
        else replace(envelope, endpoint=envelope.own_endpoint, own_endpoint=envelope.endpoint)
    )
    assert unwrap(wrap(command, envelope)) == (command, seen)


def _survives(data: bytes) -> None:
    try:
        command, envelope = unwrap(data)
    except MalformedCommand:
        return
    wrap(command, envelope)


@given(st.binary(max_size=64))
def test_arbitrary_bytes_raise_only_malformed_command(data: bytes) -> None:
    _survives(data)


layers: st.SearchStrategy[Callable[[bytes], bytes]] = st.sampled_from(
    (
        lambda inner: Crc16Encap(inner).to_bytes(),
        lambda inner: MultiChannelCommandEncapsulation(3, 0, inner).to_bytes(),
        lambda inner: MultiChannelCommandEncapsulation(3, frozenset((1, 7)), inner).to_bytes(),
        lambda inner: MultiInstanceCommandEncapsulation(3, inner).to_bytes(),
        lambda inner: SupervisionGet(7, True, inner).to_bytes(),
    )
)


@given(st.binary(max_size=24), st.lists(layers, max_size=5))
def test_arbitrary_bytes_in_arbitrary_layers_raise_only_malformed_command(
    data: bytes, around: list[Callable[[bytes], bytes]]
) -> None:
    for layer in around:
        data = layer(data)
    _survives(data)
