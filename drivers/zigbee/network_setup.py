"""What a stick is told at every start, because a reset makes it forget: tables, end points, who may join, routes.

UG100 "Configuration Frames" and "Networking Frames"; in the order that the stack asks for: memory before end points,
both before the network, and the concentrator after it.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from drivers.zigbee.endpoints import OWN_END_POINTS
from drivers.zigbee.ezsp.address_table import SetMulticastTableEntry
from drivers.zigbee.ezsp.configuration import (
    AddEndpoint,
    GetConfigurationValue,
    GetExtendedValue,
    SetConfigurationValue,
    SetPolicy,
    SetValue,
)
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.messaging import SetSourceRouteDiscoveryMode
from drivers.zigbee.ezsp.networking import SetConcentrator, SetManufacturerCode
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import MulticastTableEntry
from drivers.zigbee.ezsp.types import (
    ConcentratorType,
    ConfigurationId,
    DecisionId,
    ExtendedValueId,
    PolicyId,
    SourceRouteDiscoveryMode,
    TrustCenterDecision,
    ValueId,
)
from hubagent.model.driver import DriverUnavailable, NotPossible

log = logging.getLogger(__name__)

Ask = Callable[[Command], Awaitable[Any]]
"""The response to a command of the stick. Raises DriverUnavailable or NotPossible."""

MANUFACTURER_CODE: Final = 0x1049
"""Silicon Labs', whose stack it is."""
TABLE_MAX: Final = 32
"""Groups that the stick can listen to, at most."""

_EXACT: Final = (
    (ConfigurationId.STACK_PROFILE, 2),  # Zigbee PRO
    (ConfigurationId.SECURITY_LEVEL, 5),
    (ConfigurationId.SUPPORTED_NETWORKS, 1),
    (ConfigurationId.MAX_HOPS, 30),
    # In ms: how long a message waits for a sleeping child (Zigbee Specification 05-3474-22, nwkTransactionPersistence).
    (ConfigurationId.INDIRECT_TRANSMISSION_TIMEOUT, 7680),
    (ConfigurationId.END_DEVICE_POLL_TIMEOUT, 8),  # 2^8 minutes
    (ConfigurationId.PAN_ID_CONFLICT_REPORT_THRESHOLD, 2),
    # Device announcements and the like are told to us, too; what the stack does not know it refuses itself.
    (ConfigurationId.APPLICATION_ZDO_FLAGS, 1),
    (ConfigurationId.TRANSIENT_KEY_TIMEOUT_S, 300),
    (ConfigurationId.TC_REJOINS_USING_WELL_KNOWN_KEY_TIMEOUT_S, 0),
)
_AT_LEAST: Final = (
    (ConfigurationId.SOURCE_ROUTE_TABLE_SIZE, 200),
    (ConfigurationId.TRUST_CENTER_ADDRESS_CACHE_SIZE, 2),
    (ConfigurationId.MAX_END_DEVICE_CHILDREN, 32),
    (ConfigurationId.MULTICAST_TABLE_SIZE, 16),
    (ConfigurationId.KEY_TABLE_SIZE, 12),
    (ConfigurationId.ADDRESS_TABLE_SIZE, 32),
    (ConfigurationId.APS_UNICAST_MESSAGE_COUNT, 20),
    (ConfigurationId.BROADCAST_TABLE_SIZE, 15),
)
"""Of memory as much as the firmware has, up to this; where it has more set aside already, that is left."""
_ALL_THAT_IS_LEFT: Final = 0xFF

_MESSAGES: Final = (
    (PolicyId.MESSAGE_CONTENTS_IN_CALLBACK, DecisionId.MESSAGE_TAG_ONLY_IN_CALLBACK),
    (PolicyId.UNICAST_REPLIES, DecisionId.HOST_WILL_NOT_SUPPLY_REPLY),
    (PolicyId.POLL_HANDLER, DecisionId.POLL_HANDLER_IGNORE),
)
CLOSED_TRUST_CENTER: Final = TrustCenterDecision.ALLOW_UNSECURED_REJOINS
"""Nobody joins. Who was here and lost the network key may come back with the link key that it was given then."""
_CLOSED: Final = (
    (PolicyId.TRUST_CENTER, CLOSED_TRUST_CENTER),
    (PolicyId.TC_KEY_REQUEST, DecisionId.DENY_TC_KEY_REQUESTS),
    (PolicyId.APP_KEY_REQUEST, DecisionId.DENY_APP_KEY_REQUESTS),
    (PolicyId.TC_REJOINS_USING_WELL_KNOWN_KEY, 0),
    (PolicyId.BINDING_MODIFICATION, DecisionId.CHECK_BINDING_MODIFICATIONS_ARE_VALID_ENDPOINT_CLUSTERS),
    (PolicyId.ZLL, 0),
)
"""What must be so unless somebody pairs. The key that everybody knows opens nothing, and touchlink is not spoken."""


class Refused(DriverUnavailable):
    """The stick will not; `status` says how."""

    def __init__(self, command: Command, status: Status) -> None:
        super().__init__(f"the stick refuses {type(command).__name__}: {status.name}")
        self.status = status


async def do(ask: Ask, command: Command) -> Any:
    """The response of a command that must succeed. Raises Refused, and what `ask` raises."""
    response = await ask(command)
    if not response.status.ok:
        raise Refused(command, response.status)
    return response


async def do_if_possible(ask: Ask, command: Command) -> Any:
    """Of a command that makes things better where the firmware has it; None where it has not. Raises what `ask` raises
    beside NotPossible."""
    try:
        return await ask(command)
    except NotPossible as error:
        log.info("%s", error)
        return None


async def give_memory(ask: Ask) -> None:
    """Sizes of tables, and how the stack is to work. Before end points are added."""
    for number, value in _EXACT:
        await _set(ask, number, value)
    for number, value in _AT_LEAST:
        await _raise(ask, number, value)
    await do_if_possible(ask, SetValue(ValueId.TRANSIENT_DEVICE_TIMEOUT, (10_000).to_bytes(2, "little")))
    await do_if_possible(ask, SetManufacturerCode(MANUFACTURER_CODE))
    # Last: of what the others left. Firmware that shares out its memory by itself does not take it.
    await ask(SetConfigurationValue(ConfigurationId.PACKET_BUFFER_COUNT, _ALL_THAT_IS_LEFT))


async def _set(ask: Ask, number: ConfigurationId, value: int) -> bool:
    status = (await ask(SetConfigurationValue(number, value))).status
    if not status.ok:
        known = await ask(GetConfigurationValue(number))
        if not known.status.ok or known.value != value:
            log.info("the stick does not take %d for %s: %s", value, number.name, status.name)
            return False
    return True


async def _raise(ask: Ask, number: ConfigurationId, wanted: int) -> None:
    known = await ask(GetConfigurationValue(number))
    if not known.status.ok:
        return
    value = wanted
    while value > known.value:
        if (await ask(SetConfigurationValue(number, value))).status.ok:
            return
        value = (value + known.value) // 2


async def close_doors(ask: Ask) -> None:
    """Nobody may join, from now on. Raises Refused where the stick does not promise it."""
    for policy, decision in _CLOSED:
        await do(ask, SetPolicy(policy, decision))


async def set_policies(ask: Ask) -> None:
    await close_doors(ask)
    for policy, decision in _MESSAGES:
        await do(ask, SetPolicy(policy, decision))


async def add_end_points(ask: Ask) -> None:
    """Ours. A stick that was not reset has them already, and takes none twice."""
    for own in OWN_END_POINTS:
        known = await ask(GetExtendedValue(ExtendedValueId.ENDPOINT_FLAGS, own.number))
        if not known.status.ok:
            await do(ask, AddEndpoint(own.number, own.profile, own.device_type, 1, own.inputs, own.outputs))


async def lead_routes_here(ask: Ask) -> None:
    """Every node learns the way to the hub, and the hub the way back (AN1233: what a trust centre needs)."""
    await do(
        ask,
        SetConcentrator(
            on=True,
            concentrator_type=ConcentratorType.HIGH_RAM,
            min_time=10,
            max_time=60,
            route_error_threshold=3,
            delivery_failure_threshold=1,
            max_hops=0,
        ),
    )
    await do_if_possible(ask, SetSourceRouteDiscoveryMode(SourceRouteDiscoveryMode.RESCHEDULE))


async def listen_to_groups(ask: Ask, groups: tuple[int, ...]) -> int:
    """Hear what is said to these groups, and to those of our end points. How many of them the stick can take."""
    places = [(group, own.number) for own in OWN_END_POINTS for group in own.groups]
    own_groups = {group for group, _ in places}
    places += [(group, OWN_END_POINTS[0].number) for group in groups if group not in own_groups]
    size: int = min(TABLE_MAX, (await ask(GetConfigurationValue(ConfigurationId.MULTICAST_TABLE_SIZE))).value)
    for index in range(size):
        group, end_point = places[index] if index < len(places) else (0, 0)
        response = await ask(SetMulticastTableEntry(index, MulticastTableEntry(group, end_point)))
        if not response.status.ok:
            return index
    return min(size, len(places))
