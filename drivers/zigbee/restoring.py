"""Taking a backup of the stick's network, and making another stick (or the same) its coordinator.

What nodes have heard from the coordinator they do not take again: frame counters go on well above the backup's, because
nobody knows how far they have come since. UG100 "Token Interface Frames": a stick can take over the address of the one
that it replaces, by which devices know where to send what they report.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from drivers.zigbee.backup import BackedUpDevice, Backup
from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.ezsp.children import GetChildData
from drivers.zigbee.ezsp.configuration import GetConfigurationValue, GetValue
from drivers.zigbee.ezsp.security import ExportLinkKeyByIndex, GetNetworkKeyInfo
from drivers.zigbee.ezsp.token_interface import GetTokenData, SetTokenData
from drivers.zigbee.ezsp.types import ConfigurationId, MfgTokenId, ValueId
from drivers.zigbee.ezsp.utilities import GetMfgToken, SetMfgToken
from drivers.zigbee.network_identity import Network
from drivers.zigbee.network_setup import Ask, do
from drivers.zigbee.node import Node
from drivers.zigbee.node_record import UNKNOWN_NODE_ID
from drivers.zigbee.stack import LinkKey, Stack
from drivers.zigbee.wire import eui64_text
from hubagent.model.driver import NotPossible

RESTORED_EUI64: Final = 0x0001_E12A
"""NVM3KEY_STACK_RESTORED_EUI64 of the Gecko SDK: an address that goes before the chip's own."""
COUNTER_MARGIN: Final = 50_000
COUNTER_A_SECOND: Final = 20
"""More messages than a busy home's stick sends; by the age of the backup."""
COUNTER_AGE_MAX: Final = 400_000_000
COUNTER_LAST: Final = 0xF000_0000
"""Beyond, the network key has to be changed before the counter can run out."""
_CHILDREN_MAX: Final = 64
_ERASED: Final = 0xFF


async def take_backup(ask: Ask, network: Network, eui64: int, nodes: Iterable[Node], made_at: float) -> Backup:
    """Of the network that the stick is in. Raises DriverUnavailable."""
    info = (await do(ask, GetNetworkKeyInfo())).network_key_info
    aps = await ask(GetValue(ValueId.APS_FRAME_COUNTER))
    keys = {key.eui64: key for key in await _link_keys(ask)}
    children = await _children(ask)
    devices: dict[int, BackedUpDevice] = {}
    for node in nodes:
        node_id = None if node.node_id == UNKNOWN_NODE_ID else node.node_id
        devices[node.eui64] = BackedUpDevice(node.eui64, node_id, node.eui64 in children, keys.pop(node.eui64, None))
    for child, node_id in children.items():
        if child not in devices:
            devices[child] = BackedUpDevice(child, node_id, True, keys.pop(child, None))
    for key in keys.values():
        devices[key.eui64] = BackedUpDevice(key.eui64, None, False, key)
    return Backup(
        network=network,
        eui64=eui64,
        network_counter=info.network_key_frame_counter,
        aps_counter=int.from_bytes(aps.value, "little") if aps.status.ok and aps.value else None,
        devices=tuple(devices.values()),
        made_at=made_at,
    )


async def _link_keys(ask: Ask) -> list[LinkKey]:
    size = (await ask(GetConfigurationValue(ConfigurationId.KEY_TABLE_SIZE))).value
    found = []
    for index in range(size):
        answer = await ask(ExportLinkKeyByIndex(index))
        if answer.status.ok:
            eui64 = answer.eui64 or answer.context.eui64
            data = answer.key_data
            found.append(LinkKey(eui64, answer.key, data.outgoing_frame_counter, data.incoming_frame_counter))
    return found


async def _children(ask: Ask) -> dict[int, int]:
    """By EUI64, the addresses of those whose parent is the stick."""
    found: dict[int, int] = {}
    size = (await ask(GetConfigurationValue(ConfigurationId.MAX_END_DEVICE_CHILDREN))).value
    for index in range(min(size, _CHILDREN_MAX)):
        answer = await ask(GetChildData(index))
        if answer.status.ok:
            found[answer.child_data.eui64] = answer.child_data.node_id
    return found


@dataclass(frozen=True, slots=True)
class Restoration:
    """How a backup is put onto a stick: carried out when the stick has been reset and is in no network."""

    backup: Backup
    now: float
    """Unix seconds."""

    async def carry_out(self, stack: Stack, counted: int = 0) -> Network:
        """`counted` is how far the coordinator has come by others' word than the backup's. Raises DriverUnavailable."""
        backup = self.backup
        if await stack.resume():
            await stack.leave()
        network_counter = max(self.counter(), counted)
        # What a link key secures the network's key secures as well: the one count is never behind the other, unless the
        # key was changed, and with it the network's count began anew.
        aps_counter = max(network_counter, self._risen(self._aps_counter()))
        await stack.restore(backup.network, network_counter, aps_counter, backup.link_keys)
        return await stack.read()

    def counter(self) -> int:
        """From where the stick counts on. Raises NotPossible where there is no room left."""
        if self.backup.network_counter + COUNTER_MARGIN >= COUNTER_LAST:
            raise NotPossible("the network's frame counter has nearly run out: its devices need a new network key")
        return self._risen(self.backup.network_counter)

    def _aps_counter(self) -> int:
        """How far it had come when the backup was made: some stacks count for each key by itself."""
        return max(self.backup.aps_counter or 0, *(key.outgoing_counter for key in self.backup.link_keys), 0)

    def _risen(self, counter: int) -> int:
        """Where it may be by now, at the most."""
        made_at = self.backup.made_at
        age_s = 0.0 if made_at is None else max(0.0, self.now - made_at)
        since = min(int(age_s) * COUNTER_A_SECOND, COUNTER_AGE_MAX)
        return min(counter + COUNTER_MARGIN + since, max(counter, COUNTER_LAST))


async def take_over_address(
    coordinator: Coordinator, ask: Ask, eui64: int, *, for_good: bool, own_address: bool
) -> str | None:
    """Give the stick the address of the one that it replaces; it counts from the next reset on.

    What to tell about it; None where it has that address already. `for_good`: also where it can be written only once;
    `own_address`: where it cannot, the devices are told the stick's own. Raises NotPossible where a person has to
    decide.
    """
    if coordinator.identity.eui64 == eui64:
        return None
    token = await _ask_or_none(ask, GetTokenData(RESTORED_EUI64, 0))
    if token is not None and token.status.ok:
        await do(ask, SetTokenData(RESTORED_EUI64, 0, eui64.to_bytes(8, "little")))
        return f"the stick has the address {eui64_text(eui64)} of the one that it replaces"
    if own_address:
        return "the stick keeps its own address: every device is asked anew, and told it"
    written = await _ask_or_none(ask, GetMfgToken(MfgTokenId.CUSTOM_EUI_64))
    erased = written is not None and bool(written.token_data) and all(byte == _ERASED for byte in written.token_data)
    if erased and for_good:
        await do(ask, SetMfgToken(MfgTokenId.CUSTOM_EUI_64, eui64.to_bytes(8, "little")))
        return f"the stick has the address {eui64_text(eui64)} from now on, and for good"
    ways = ["write_eui64=true writes it, which can be done once only"] if erased else []
    ways.append("own_address=true lets it keep its own, and every device is told so")
    raise NotPossible(f"the stick cannot take over the address of the one that it replaces; {', or '.join(ways)}")


async def _ask_or_none(ask: Ask, command: Any) -> Any:
    """None where the firmware does not know the command."""
    try:
        return await ask(command)
    except NotPossible:
        return None


async def own_counter(ask: Ask) -> int:
    """How far the stick has counted in the network that it is in. Raises DriverUnavailable where it does not say."""
    counter: int = (await do(ask, GetNetworkKeyInfo())).network_key_info.network_key_frame_counter
    return counter
