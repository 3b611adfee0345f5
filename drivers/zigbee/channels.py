"""The channels of the 2.4 GHz band: which Wi-Fi lies over them, and which is better than ours by what a scan heard."""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.network_identity import CHANNELS, PREFERRED_CHANNELS

WIFI_CHANNELS: Final = (1, 6, 11)
"""Those that do not overlap one another, and that access points choose from."""
REACH_MHZ: Final = 12
"""Half of a Wi-Fi channel, which is 22 MHz wide (IEEE 802.11, DSSS), and half of a Zigbee channel, which is 2 MHz wide
(IEEE 802.15.4, 2450 MHz)."""
WEAK_CHANNEL: Final = 26
"""Beside the end of the band many devices send with less power to keep to the rules for what lies behind it, and some
do not send at all: Digi's table of Zigbee channels (90001537) names modules without it, and calls it the low-power
channel."""
LOUD_DBM: Final = -65
"""From -75 dBm on at the latest a radio takes a channel for busy and waits (IEEE 802.15.4-2006 §6.9.9: at most 10 dB
above the sensitivity, which is -85 dBm). Ten times that is no faint neighbour's, and drowns devices
a room or two away."""
QUIETER_DB: Final = 20
"""A hundredth of the power. For less it is not worth while: devices that miss the change must be paired anew."""


def wifi_over(channel: int) -> int | None:
    """The Wi-Fi channel that a Zigbee channel lies under, if it does: 15, 20, 25 and 26 lie beside."""
    frequency = 2405 + 5 * (channel - CHANNELS[0])
    return next((wifi for wifi in WIFI_CHANNELS if abs(2407 + 5 * wifi - frequency) < REACH_MHZ), None)


def quietest(heard: Mapping[int, int]) -> int:
    """By channel, what a scan heard in dBm. Never the weak one; of two that are alike, one beside Wi-Fi."""
    fit = [channel for channel in heard if channel != WEAK_CHANNEL]
    return min(
        fit,
        key=lambda channel: (heard[channel], wifi_over(channel) is not None, channel),
        default=PREFERRED_CHANNELS[-1],
    )


def better_than(channel: int, heard: Mapping[int, int]) -> int | None:
    """The channel to go to where it is loud on this one, and much quieter elsewhere."""
    loudness = heard.get(channel)
    if loudness is None or loudness < LOUD_DBM:
        return None
    other = quietest(heard)
    return other if other in heard and heard[other] <= loudness - QUIETER_DB else None
