"""What Multi Channel commands say beyond their bytes."""

import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.multi_channel import (
    MultiChannelAggregatedMembersReport,
    MultiChannelCapabilityReport,
    MultiChannelCommandEncapsulation,
)


def test_only_a_dynamic_end_point_of_no_device_class_is_removed() -> None:
    assert MultiChannelCapabilityReport(3, 0xFF, 0x00, (), dynamic=True).removed
    assert not MultiChannelCapabilityReport(3, 0xFF, 0x00, ()).removed
    assert not MultiChannelCapabilityReport(3, 0x10, 0x00, (0x25,), dynamic=True).removed


def test_half_an_extended_command_class_at_the_end_is_left_out() -> None:
    assert MultiChannelCapabilityReport.from_bytes(bytes.fromhex("600a01100125f1")).command_classes == (0x25,)


def test_an_end_point_above_seven_has_no_bit_address() -> None:
    with pytest.raises(ValueError, match="only end points 1-7"):
        MultiChannelCommandEncapsulation(0, frozenset((1, 8)), b"\x00").to_bytes()


def test_fewer_bit_masks_than_announced_are_malformed() -> None:
    with pytest.raises(MalformedCommand):
        MultiChannelAggregatedMembersReport.from_bytes(bytes.fromhex("600f060203"))
