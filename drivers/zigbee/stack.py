"""The network as the stick's stack has it: into it, out of it, a new one, and what it is.

UG100 "Networking Frames" and "Security Frames". Commands begin what `StackStatusHandler` ends; `Stack` waits for that.
Whether a network may be entered or left is not decided here: that is `membership`'s.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.zigbee.ezsp.configuration import SetValue
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.networking import FormNetwork, GetNetworkParameters, LeaveNetwork, NetworkInit, NetworkState
from drivers.zigbee.ezsp.security import (
    ClearKeyTable,
    ExportKey,
    GetNetworkKeyInfo,
    ImportLinkKey,
    SetInitialSecurityState,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import InitialSecurityState, KeyContext, NetworkParameters
from drivers.zigbee.ezsp.types import (
    InitialSecurityBitmask,
    JoinMethod,
    KeyType,
    NetworkInitBitmask,
    NetworkStatus,
    NodeType,
    ValueId,
)
from drivers.zigbee.network_identity import ALL_CHANNELS, Network
from drivers.zigbee.network_setup import Ask, Refused, do
from hubagent.model.driver import DriverUnavailable

STACK_STATUS_S: Final = 10.0
"""From a command to the word of the stack that it is done."""
CHANNEL_S: Final = 20.0
"""Routers change some ten seconds after they were told, and the stick last."""
RADIO_POWER_DBM: Final = 8

_JOINER_GLOBAL_LINK_KEY: Final = 0x0010
_NWK_LEAVE_REQUEST_NOT_ALLOWED: Final = 0x0100
_EXTENDED_SECURITY: Final = _JOINER_GLOBAL_LINK_KEY | _NWK_LEAVE_REQUEST_NOT_ALLOWED
"""EmberExtendedSecurityBitmask. Nobody tells the trust centre to leave its own network."""
_SECURITY: Final = (
    InitialSecurityBitmask.TRUST_CENTER_USES_HASHED_LINK_KEY
    | InitialSecurityBitmask.HAVE_PRECONFIGURED_KEY
    | InitialSecurityBitmask.HAVE_NETWORK_KEY
    | InitialSecurityBitmask.REQUIRE_ENCRYPTED_KEY
)
"""Each device gets a link key of its own, made of the trust centre's: a stick keeps no table of them."""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A key of one device that is not made of the trust centre's."""

    eui64: int
    key: bytes = field(repr=False)
    outgoing_counter: int = 0
    incoming_counter: int = 0


class NotACoordinator(DriverUnavailable):
    """The stick is in a network that is another hub's."""


class Stack:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._waiting: dict[Status, list[asyncio.Future[None]]] = {}

    def status_received(self, status: Status) -> bool:
        """The stack says how it is. Whether anybody waited for that."""
        waiting = self._waiting.pop(status, [])
        for one in waiting:
            if not one.done():
                one.set_result(None)
        return bool(waiting)

    async def resume(self) -> bool:
        """Into the network that the stick keeps. False where it keeps none. Raises DriverUnavailable."""
        state = (await self._ask(NetworkState())).status
        if state == NetworkStatus.JOINED_NETWORK:
            return True
        status = await self._until(
            Status.NETWORK_UP,
            NetworkInit(NetworkInitBitmask.PARENT_INFO_IN_TOKEN | NetworkInitBitmask.END_DEVICE_REJOIN_ON_REBOOT),
            unless=Status.NOT_JOINED,
        )
        return status != Status.NOT_JOINED

    async def leave(self) -> None:
        """Forget the network. Raises DriverUnavailable."""
        await self._until(Status.NETWORK_DOWN, LeaveNetwork())

    async def form(self, network: Network) -> None:
        """Begin a network. The stick must be in none. Raises DriverUnavailable."""
        await do(self._ask, SetInitialSecurityState(_initial_security(network, _SECURITY)))
        await self._prepare()
        await do(self._ask, ClearKeyTable())
        await self._form(network)

    async def restore(
        self, network: Network, network_counter: int, aps_counter: int, link_keys: Sequence[LinkKey]
    ) -> None:
        """Be the coordinator of a network that exists. The stick must be in none. Raises DriverUnavailable.

        What nodes have heard from a counter they do not take again: counters must be higher than any used before. Left
        alone, a stick's are what they were in another network, or 0.
        """
        await do(self._ask, SetValue(ValueId.NWK_FRAME_COUNTER, network_counter.to_bytes(4, "little")))
        await do(self._ask, SetValue(ValueId.APS_FRAME_COUNTER, aps_counter.to_bytes(4, "little")))
        bitmask = _SECURITY | InitialSecurityBitmask.NO_FRAME_COUNTER_RESET
        await do(self._ask, SetInitialSecurityState(_initial_security(network, bitmask)))
        await self._prepare()
        await do(self._ask, ClearKeyTable())
        for index, link_key in enumerate(link_keys):
            await do(self._ask, ImportLinkKey(index, link_key.eui64, link_key.key))
        await self._form(network)

    async def read(self) -> Network:
        """The network that the stick is in. Raises DriverUnavailable; NotACoordinator where it is not its own."""
        answer = await do(self._ask, GetNetworkParameters())
        if answer.node_type != NodeType.COORDINATOR:
            raise NotACoordinator("the stick is a router in another hub's network")
        parameters: NetworkParameters = answer.parameters
        info = (await do(self._ask, GetNetworkKeyInfo())).network_key_info
        return Network(
            channel=parameters.radio_channel,
            pan_id=parameters.pan_id,
            extended_pan_id=parameters.extended_pan_id,
            network_key=(await do(self._ask, ExportKey(KeyContext(KeyType.NETWORK)))).key,
            link_key=(await do(self._ask, ExportKey(KeyContext(KeyType.TC_LINK)))).key,
            key_sequence=info.network_key_sequence_number,
            update_id=parameters.nwk_update_id,
        )

    async def _prepare(self) -> None:
        await do(self._ask, SetValue(ValueId.EXTENDED_SECURITY_BITMASK, _EXTENDED_SECURITY.to_bytes(2, "little")))

    async def _form(self, network: Network) -> None:
        parameters = NetworkParameters(
            extended_pan_id=network.extended_pan_id,
            pan_id=network.pan_id,
            radio_tx_power=RADIO_POWER_DBM,
            radio_channel=network.channel,
            join_method=JoinMethod.MAC_ASSOCIATION,
            nwk_manager_id=0,
            nwk_update_id=network.update_id,
            channels=ALL_CHANNELS,
        )
        await self._until(Status.NETWORK_UP, FormNetwork(parameters))
        # From now on what changes is written into flash (UG100, VALUE_STACK_TOKEN_WRITING).
        await self._ask(SetValue(ValueId.STACK_TOKEN_WRITING, b"\x01"))

    async def changes_channel(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Do what makes the network change its channel, and wait until the stick has. Raises DriverUnavailable."""
        waiting = self._expect(Status.ZIGBEE_CHANNEL_CHANGED)
        try:
            await ask()
            async with asyncio.timeout(CHANNEL_S):
                await waiting
        except TimeoutError:
            raise DriverUnavailable("the stick did not change its channel") from None
        finally:
            self._expect_no_more(Status.ZIGBEE_CHANNEL_CHANGED, waiting)

    def _expect(self, status: Status) -> "asyncio.Future[None]":
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(status, []).append(waiting)
        return waiting

    def _expect_no_more(self, status: Status, waiting: "asyncio.Future[None]") -> None:
        others = self._waiting.get(status, [])
        if waiting in others:
            others.remove(waiting)

    async def _until(self, wanted: Status, command: Command, unless: Status | None = None) -> Status:
        """Send `command`, and wait until the stack says `wanted`; with the answer `unless` there is no waiting."""
        waiting = self._expect(wanted)
        try:
            response: Any = await self._ask(command)
            status: Status = response.status
            if status == unless:
                return status
            if not status.ok:
                raise Refused(command, status)
            async with asyncio.timeout(STACK_STATUS_S):
                await waiting
        except TimeoutError:
            raise DriverUnavailable(
                f"the stick did not say {wanted.name} within {STACK_STATUS_S:g} s of {type(command).__name__}"
            ) from None
        finally:
            self._expect_no_more(wanted, waiting)
        return status


def _initial_security(network: Network, bitmask: InitialSecurityBitmask) -> InitialSecurityState:
    return InitialSecurityState(
        bitmask=bitmask,
        preconfigured_key=network.link_key,
        network_key=network.network_key,
        network_key_sequence_number=network.key_sequence,
    )
