"""What people ask of the stick's network as a whole: a map, a scan, another channel, a backup, and another network."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from drivers.zigbee.backup import Backup, BadBackup, read_backup, write_backup
from drivers.zigbee.binding_actions import group_set
from drivers.zigbee.endpoints import ZDO_PROFILE
from drivers.zigbee.exchange import Priority
from drivers.zigbee.ezsp.frame import Command
from drivers.zigbee.ezsp.types import BROADCAST_ALL
from drivers.zigbee.network_change import adopt_backed_up, change_network, leaving, recalled, use_network
from drivers.zigbee.network_identity import CHANNELS, Network
from drivers.zigbee.radio import Address
from drivers.zigbee.restoring import Restoration, own_counter, take_backup, take_over_address
from drivers.zigbee.roll_call import look_for_devices, take_in
from drivers.zigbee.stack import NotACoordinator, Stack
from drivers.zigbee.topology import survey
from drivers.zigbee.wire import eui64_text
from drivers.zigbee.zdo.descriptors import LogicalType
from drivers.zigbee.zdo.management import CHANGE_CHANNEL, MgmtNwkUpdateReq, Update
from drivers.zigbee.zdo.table import encode
from hubagent.model.driver import DriverUnavailable, NotPossible, Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

_ROLES: Final = {LogicalType.ROUTER: "router", LogicalType.END_DEVICE: "end_device"}
_UPDATE: Final = Address(ZDO_PROFILE, MgmtNwkUpdateReq.CLUSTER, 0, 0)


# The air.


async def energy_scan(driver: "ZigbeeDriver", _arguments: Mapping[str, Any]) -> Record:
    """How loud it is on each channel; the quieter, the better."""
    found = await driver.the_parts().energy_scan.run()
    network = driver.membership.network
    own = None if network is None else network.channel
    return {"channels": [{"channel": number, "dbm": dbm, "own": number == own} for number, dbm in found.items()]}


async def change_channel(driver: "ZigbeeDriver", arguments: Mapping[str, Any]) -> Record:
    """All go to another channel: told by a broadcast, the stick goes last; who sleeps, looks for the network again."""
    channel = _channel(arguments)
    parts, network = driver.the_parts(), driver.membership.network
    if network is None:
        raise DriverUnavailable("the Zigbee stick is not ready")
    if channel == network.channel:
        return {"channel": channel, "changed": False}
    update = Update(CHANGE_CHANNEL, update_id=(network.update_id + 1) & 0xFF)
    message = encode(0, MgmtNwkUpdateReq(1 << channel, update))
    await parts.coordinator.stack.changes_channel(lambda: parts.radio.broadcast(BROADCAST_ALL, _UPDATE, message))
    driver.membership.moved(await parts.coordinator.stack.read())
    return {"channel": channel, "changed": True}


def _channel(arguments: Mapping[str, Any]) -> int:
    channel = arguments.get("channel")
    if not isinstance(channel, int) or isinstance(channel, bool) or channel not in CHANNELS:
        raise NotPossible(f"say which: channel=N, {CHANNELS[0]} to {CHANNELS[-1]}")
    return channel


async def map_network(driver: "ZigbeeDriver", _arguments: Mapping[str, Any]) -> Record:
    """Who is there, and who hears whom how well."""
    topology = await survey(driver.stick, driver.registry, driver.the_questions())
    take_in(driver, topology)
    nodes: list[Record] = [{"id": "", "address": driver.stick.node.node_id, "role": "coordinator"}]
    known = driver.registry.nodes
    for _, node in sorted(known.items()):
        role = _ROLES.get(node.record.logical_type, "end_device")
        nodes.append({"id": node.device, "address": node.node_id, "role": role})
    links = [{"from": link.one, "to": link.other, "lqi": link.lqi} for link in topology.links]
    unanswered = [known[eui64].device for eui64 in topology.unanswered if eui64 in known]
    return {"nodes": nodes, "links": links, "unanswered": unanswered}


async def find_devices(driver: "ZigbeeDriver", _arguments: Mapping[str, Any]) -> Record:
    """Take in whoever is in the network and not known here: a stick may come with devices."""
    found, _ = await look_for_devices(driver)
    return {"found": found}


# Which network.


async def backup(driver: "ZigbeeDriver", _arguments: Mapping[str, Any]) -> Record:
    """All that another stick needs to take this one's place, keys too."""
    parts, network = driver.the_parts(), driver.membership.network
    if network is None:
        raise DriverUnavailable("the Zigbee stick is not ready")
    taken = await take_backup(
        parts.coordinator.ask,
        network,
        parts.coordinator.identity.eui64,
        driver.registry.nodes.values(),
        driver.runtime.wall(),
    )
    return {"backup": write_backup(taken)}


async def restore(driver: "ZigbeeDriver", arguments: Mapping[str, Any]) -> Record:
    """Put a backup onto the stick, or without one what the hub recalls of its network."""
    wanted = _wanted(driver, arguments)
    other = _flag(arguments, "other_network")
    coordinator = driver.the_coordinator()

    async def ask(command: Command) -> Any:
        return await coordinator.ask(command, Priority.START)

    recorded = driver.membership.recorded
    if recorded is not None and not wanted.network.is_same_as(recorded) and not other:
        name = eui64_text(wanted.network.extended_pan_id)
        own = eui64_text(recorded.extended_pan_id)
        raise NotPossible(
            f"the backup is of another network ({name}) than this hub's ({own}), whose devices would have to be paired "
            "again; if that is meant: --other-network (other_network=true)"
        )
    restoration = Restoration(wanted, driver.runtime.wall())
    restoration.counter()

    async def how_far(stack: Stack) -> int:
        return await _counter_of_stick(stack, ask, wanted, arguments, other=other)

    async def carry_out(stack: Stack) -> Network:
        # It may be another stick by now, whose network nobody has given up.
        return await restoration.carry_out(stack, max(counted, await how_far(stack)))

    counted = max(await how_far(coordinator.stack), _counted_by_hub(driver, wanted))
    told = await take_over_address(
        coordinator,
        ask,
        wanted.eui64,
        for_good=_flag(arguments, "write_eui64"),
        own_address=_flag(arguments, "own_address"),
    )
    try:
        await change_network(driver, leaving(driver, carry_out))
    except DriverUnavailable as error:
        if told is None:
            raise
        raise DriverUnavailable(f"{error}; {told}; ask for it again when the stick is back") from error
    adopted = adopt_backed_up(driver, wanted)
    return {"restored": True, "network": eui64_text(wanted.network.extended_pan_id), "devices": adopted} | (
        {} if told is None else {"address": told}
    )


def _wanted(driver: "ZigbeeDriver", arguments: Mapping[str, Any]) -> Backup:
    document = arguments.get("backup")
    if document is None:
        own = recalled(driver)
        if own is None:
            raise NotPossible("this hub recalls no network; give a backup: hubagent restore --zigbee FILE")
        return own
    try:
        wanted = read_backup(document)
    except BadBackup as error:
        raise NotPossible(f"the backup cannot be used, and nothing was changed: {error}") from error
    if not wanted.has_link_key:
        # Another stack's: devices keep the keys that are in the backup, newcomers get new ones.
        wanted = replace(wanted, network=replace(wanted.network, link_key=driver.runtime.entropy(16)))
    return wanted


async def _counter_of_stick(
    stack: Stack,
    ask: Callable[[Command], Awaitable[Any]],
    wanted: Backup,
    arguments: Mapping[str, Any],
    *,
    other: bool,
) -> int:
    """How far the stick has counted, if it is in the very network; 0 if it is in none, or in one of another hub's.

    Raises NotPossible where another network of its own would be lost, and DriverUnavailable where that is not known:
    what `other` says is that it may be.
    """
    try:
        if not await stack.resume():
            return 0
        present = await stack.read()
    except NotACoordinator:
        return 0
    except (DriverUnavailable, NotPossible) as error:
        if other:
            return 0
        raise DriverUnavailable(
            f"in which network the stick is cannot be read ({error}), and nothing was changed; try again, or, if it "
            "may be any: hubagent restore --zigbee FILE --other-network (other_network=true)"
        ) from error
    if present.is_same_as(wanted.network):
        return await own_counter(ask)
    name = eui64_text(present.extended_pan_id)
    if not other and _name(arguments) != name:
        raise NotPossible(
            f"the stick is in network {name}, whose devices would have to be paired again; if that is meant: "
            f"instead_of={name}, or hubagent restore --zigbee FILE --other-network"
        )
    return 0


def _counted_by_hub(driver: "ZigbeeDriver", wanted: Backup) -> int:
    """Where the coordinator of the hub's own network may be, by what the hub noted hourly; 0 for another network.

    A backup may be years old and not say so, and the clock may be wrong; the note may be of an hour ago.
    """
    own = recalled(driver)
    if own is None or not own.network.is_same_as(wanted.network):
        return 0
    return Restoration(own, driver.runtime.wall()).counter()


async def adopt(driver: "ZigbeeDriver", _arguments: Mapping[str, Any]) -> Record:
    """The stick's network is the hub's from now on."""
    return _described(await use_network(driver, leaving(driver, driver.membership.adopt)))


async def form(driver: "ZigbeeDriver", arguments: Mapping[str, Any]) -> Record:
    """A new network, instead of one that is named."""
    name = _name(arguments)

    async def carry_out(stack: Stack) -> Network:
        network = await driver.membership.form(stack, name)
        driver.forget_all()
        return network

    # A stick that is refused is not even restarted.
    await driver.membership.may_form(driver.the_coordinator().stack, name)
    return _described(await change_network(driver, carry_out))


def _described(network: Network) -> Record:
    return {
        "network": eui64_text(network.extended_pan_id),
        "pan_id": f"{network.pan_id:04x}",
        "channel": network.channel,
    }


def _name(arguments: Mapping[str, Any]) -> str | None:
    """A network's name, which looks like a number to who reads it from a command line."""
    name = arguments.get("instead_of")
    return None if name is None else str(name).lower().zfill(16)


def _flag(arguments: Mapping[str, Any], name: str) -> bool:
    return arguments.get(name, False) is True


NetworkAction = Callable[["ZigbeeDriver", Mapping[str, Any]], Awaitable[Record]]

NETWORK_ACTIONS: Final[dict[str, NetworkAction]] = {
    "energy_scan": energy_scan,
    "channel": change_channel,
    "map": map_network,
    "find_devices": find_devices,
    "backup": backup,
    "restore": restore,
    "adopt": adopt,
    "form": form,
    "group_set": group_set,
}
