"""Which Wi-Fi lies over a channel, and when it is worth while to go to another one."""

import pytest

from drivers.zigbee.channels import LOUD_DBM, QUIETER_DB, better_than, quietest, wifi_over
from drivers.zigbee.network_identity import CHANNELS, PREFERRED_CHANNELS

QUIET = dict.fromkeys(CHANNELS, -95)


@pytest.mark.parametrize(
    ("wifi", "channels"),
    [(1, (11, 12, 13, 14)), (6, (16, 17, 18, 19)), (11, (21, 22, 23, 24)), (None, (15, 20, 25, 26))],
)
def test_each_wifi_channel_lies_over_four_of_zigbee_and_some_lie_beside(
    wifi: int | None, channels: tuple[int, ...]
) -> None:
    assert tuple(channel for channel in CHANNELS if wifi_over(channel) == wifi) == channels


def test_networks_are_formed_beside_wifi() -> None:
    assert all(wifi_over(channel) is None for channel in PREFERRED_CHANNELS)


@pytest.mark.parametrize(
    ("own_dbm", "others_dbm", "better"),
    [
        (LOUD_DBM, LOUD_DBM - QUIETER_DB, True),
        (LOUD_DBM - 1, -100, False),
        (-50, -50 - QUIETER_DB + 1, False),
        (-50, -50, False),
        (-30, -55, True),
    ],
)
def test_another_channel_is_better_where_ours_is_loud_and_it_is_much_quieter(
    own_dbm: int, others_dbm: int, better: bool
) -> None:
    heard = dict.fromkeys(CHANNELS, others_dbm) | {17: own_dbm}
    assert (better_than(17, heard) is not None) is better


def test_the_quietest_channel_is_taken_and_of_two_alike_the_one_beside_wifi() -> None:
    assert quietest(QUIET | {22: -97}) == 22
    assert quietest(QUIET | {22: -97, 20: -97}) == 20


def test_nobody_is_sent_to_the_channel_that_devices_send_weakly_on() -> None:
    assert quietest(QUIET | {26: -110}) != 26
    assert quietest({26: -110}) in PREFERRED_CHANNELS
    assert better_than(26, {26: -30}) is None


def test_a_scan_that_did_not_hear_our_channel_says_nothing_of_it() -> None:
    assert better_than(17, {11: -95}) is None
    assert better_than(17, {}) is None
