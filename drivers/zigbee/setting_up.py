"""Bringing a stick up, at the start and whenever it has restarted: version, memory, policies, end points, network.

What each of these is, is `network_setup`'s, `stack`'s and `membership`'s; here is their order.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from drivers.zigbee.ezsp.configuration import GetValue, Version
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.security import GetNetworkKeyInfo
from drivers.zigbee.ezsp.types import ValueId
from drivers.zigbee.ezsp.utilities import GetEui64, GetNodeId
from drivers.zigbee.membership import Membership, RecordedStick
from drivers.zigbee.network_setup import (
    Ask,
    add_end_points,
    do_if_possible,
    give_memory,
    lead_routes_here,
    listen_to_groups,
    set_policies,
)
from drivers.zigbee.stack import Stack
from hubagent.model.driver import DriverUnavailable

log = logging.getLogger(__name__)

VERSION_MIN: Final = 13
VERSION_MAX: Final = 19
"""EZSP versions whose frames are known; newer firmware is spoken to as the newest of them."""


@dataclass(slots=True)
class Identity:
    """Who the stick says it is."""

    eui64: int = 0
    node_id: int = 0
    ezsp: int = 0
    """The version of the protocol that its firmware has."""
    firmware: str = ""


class OldFirmware(DriverUnavailable):
    """The stick's firmware speaks an EZSP version from before those that are known."""


class SettingUp:
    def __init__(
        self,
        ask: Ask,
        ask_legacy: Callable[[Command], Awaitable[Any]],
        membership: Membership,
        stack: Stack,
        groups: Callable[[], tuple[int, ...]],
        wall: Callable[[], float],
    ) -> None:
        """`groups` are those that the stick shall listen to."""
        self.identity = Identity()
        self._ask = ask
        self._ask_legacy = ask_legacy
        self._membership = membership
        self._stack = stack
        self._groups = groups
        self._wall = wall

    async def agree_on_version(self) -> int:
        """UG100, version: the one that is spoken from now on. Raises OldFirmware, DriverUnavailable."""
        told: int = (await self._ask_legacy(Version(VERSION_MAX))).protocol_version
        if told < VERSION_MIN:
            raise OldFirmware(f"the stick's firmware speaks EZSP {told}; {VERSION_MIN} or newer is needed")
        if told != VERSION_MAX:
            # A stick takes nothing before it is asked for the version that it has.
            await self._ask(Version(told))
        if told > VERSION_MAX:
            log.warning("the stick speaks EZSP %d, newer than is known here", told)
        self.identity.ezsp = told
        return min(told, VERSION_MAX)

    async def bring_up(self) -> None:
        """What a reset made the stick forget, and into the network.

        Raises WrongNetwork where it has another one; DriverUnavailable, NotPossible.
        """
        identity = self.identity
        identity.firmware = _firmware_text(await self._ask(GetValue(ValueId.VERSION_INFO)))
        identity.eui64 = (await self._ask(GetEui64())).eui64
        await give_memory(self._ask)
        await set_policies(self._ask)
        await add_end_points(self._ask)
        await self._membership.enter(self._stack)
        await self.after_entering()

    async def after_entering(self) -> None:
        """What the stick is told when it is in the network."""
        self.identity.node_id = (await self._ask(GetNodeId())).node_id
        await self.note_counter(self._ask)
        await lead_routes_here(self._ask)
        await listen_to_groups(self._ask, self._groups())

    async def note_counter(self, ask: Ask) -> None:
        """Keep in mind how far the stick has counted, for the one that takes its place some day."""
        answer = await do_if_possible(ask, GetNetworkKeyInfo())
        if answer is not None and answer.status.ok:
            counter = answer.network_key_info.network_key_frame_counter
            self._membership.keep_stick(RecordedStick(self.identity.eui64, counter, self._wall()))


def _firmware_text(answer: Any) -> str:
    """UG100, VALUE_VERSION_INFO: build, major, minor, patch, special, type."""
    value = answer.value
    if not answer.status.ok or len(value) < 6:
        return "unknown"
    build = int.from_bytes(value[:2], "little")
    return f"{value[2]}.{value[3]}.{value[4]}.{value[5]} build {build}"
