"""Another network for the hub, or for its stick: what a person decided is carried out, and what follows is seen to."""

import asyncio
from typing import TYPE_CHECKING, Final

from drivers.zigbee.backup import Backup
from drivers.zigbee.membership import Carry
from drivers.zigbee.network_identity import Network
from hubagent.model.driver import DriverUnavailable

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

CHANGE_S: Final = 90.0


async def change_network(driver: "ZigbeeDriver", carry_out: Carry, *, restart: bool = False) -> Network:
    """Into a network in this way; `restart` where the stick has to be reset before. DriverUnavailable, NotPossible."""
    coordinator = driver.the_coordinator()
    try:
        async with asyncio.timeout(CHANGE_S):
            if restart:
                plan = driver.membership.plan(carry_out)
                coordinator.restart("the stick is restarted for another network")
                network = await plan.done
            else:
                network = await coordinator.settle(carry_out)
            await coordinator.in_use.wait()
            await driver.begun.wait()
    except TimeoutError:
        raise DriverUnavailable("the stick did not come back in time") from None
    return network


def recalled(driver: "ZigbeeDriver") -> Backup | None:
    """The hub's network, as far as the hub itself knows it."""
    network, stick = driver.membership.recorded, driver.membership.recorded_stick
    if network is None or stick is None:
        return None
    return Backup(network, stick.eui64, stick.network_counter, made_at=stick.as_of, source="hubagent")


def adopt_backed_up(driver: "ZigbeeDriver", backup: Backup) -> int:
    """Take in the devices of a backup. How many of them were not known."""
    adopted = 0
    for device in backup.devices:
        if device.node_id is not None and device.eui64 not in driver.registry.nodes:
            adopted += driver.the_parts().arrivals.adopt(device.eui64, device.node_id) is not None
    return adopted
