"""The far side at a Z-Wave stick, with a wire that is a list and a clock that the wire moves."""

import pytest

from drivers.zwave.command_classes.switch_binary import SwitchBinarySet
from drivers.zwave.encapsulation.chain import wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope, Supervised
from drivers.zwave.serial_api.controller_info import GetHomeId
from drivers.zwave.serial_api.function import to_frame
from drivers.zwave.serial_api.send_data import RELIABLE, SendData
from simulators.bench.far_side import NoReaction
from simulators.bench.zwave.far_side import ZwaveFarSide
from simulators.bench.zwave.reports import LAMP, MOTION, lamp_report, motion_report
from tests.bench.scripted_wire import ScriptedWire

ACK = b"\x06"


def switch(on: bool, *, node: int = LAMP, envelope: Envelope = PLAIN) -> bytes:
    return to_frame(SendData(node, wrap(SwitchBinarySet(on), envelope), RELIABLE, 1)).to_bytes()


def far_side(*script: tuple[int, bytes]) -> tuple[ZwaveFarSide, ScriptedWire]:
    wire = ScriptedWire(*script)
    return ZwaveFarSide(wire, wire.clock_ns), wire


def test_a_reaction_lasts_until_the_last_byte_of_the_command_is_read() -> None:
    command = switch(True)
    side, wire = far_side((10, ACK), (100, command[:5]), (1000, command[5:]))
    reaction = side.react(occupied=True)
    assert reaction.ns == 1110
    assert reaction.command == command
    assert wire.written[0] == motion_report(occupied=True)


def test_what_is_sent_to_another_node_is_no_reaction() -> None:
    side, _ = far_side((10, ACK + switch(True, node=MOTION)), (5, ACK), (5, ACK), (70, switch(True)))
    assert side.react(occupied=True).ns == 90


def test_a_lamp_switched_the_wrong_way_is_no_reaction() -> None:
    side, _ = far_side((10, ACK + switch(False)))
    with pytest.raises(NoReaction, match="other way"):
        side.react(occupied=True)


def test_a_subject_that_does_nothing_is_given_up() -> None:
    side, _ = far_side((10, ACK))
    with pytest.raises(NoReaction, match="not switched"):
        side.react(occupied=True)


def test_a_request_that_does_not_belong_to_the_measurement_ends_it() -> None:
    side, _ = far_side((10, ACK + to_frame(GetHomeId()).to_bytes()))
    with pytest.raises(NoReaction, match="0x20"):
        side.react(occupied=True)


def test_every_frame_waits_for_the_acknowledgement_of_the_one_before() -> None:
    side, wire = far_side((10, ACK + switch(True)), (1, ACK), (1, ACK), (1, ACK))
    side.react(occupied=True)
    assert wire.written[1] == ACK
    assert len(wire.written) == 3  # the report, the ACK and the response; the callback and the lamp wait
    side.settle()
    assert len(wire.written) == 5
    assert wire.written[-1] == lamp_report(on=True)


def test_a_supervised_command_is_answered_under_its_number() -> None:
    supervised = Envelope(supervision=Supervised(9))
    side, wire = far_side((10, ACK + switch(True, envelope=supervised)), *[(1, ACK)] * 4)
    side.react(occupied=True)
    side.settle()
    assert bytes.fromhex("6c0209ff00") in wire.written[-2]


def test_a_flood_ends_with_the_reaction_to_its_last_report() -> None:
    side, wire = far_side((10, ACK), (10, ACK), (10, ACK), (100, switch(True)))
    burst = side.flood([lamp_report(on=True), lamp_report(on=False)], occupied=True)
    assert (burst.whole_ns, burst.command_ns) == (130, 110)
    assert wire.written[2] == motion_report(occupied=True)


def test_a_frame_that_is_never_acknowledged_is_told_of() -> None:
    side, _ = far_side((10, ACK + switch(True)))
    side.react(occupied=True)
    with pytest.raises(NoReaction, match="acknowledge"):
        side.settle()
