"""Another network for the hub, or for its stick: what a person decided is carried out, and what follows is seen to.

Whoever asked may lose patience, or go away. What was not begun by then is not done, ever; what was begun is done to its
end, and what the hub keeps of its network and its devices follows in one go with that.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from drivers.zigbee.backup import Backup
from drivers.zigbee.membership import Carry
from drivers.zigbee.network_identity import Network
from drivers.zigbee.stack import Stack
from hubagent.model.driver import DriverUnavailable

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

CHANGE_S: Final = 90.0
"""So long may the stick take to come back from a reset."""
IN_USE_S: Final = 20.0
"""And so long to be in use when it is in the network."""


async def change_network(driver: "ZigbeeDriver", carry_out: Carry) -> Network:
    """The stick is reset, and goes into a network in this way. Raises DriverUnavailable, NotPossible."""
    network = await _after_a_reset(driver, carry_out)
    await _until_in_use(driver)
    return network


async def use_network(driver: "ZigbeeDriver", carry_out: Carry) -> Network:
    """The stick stays where it is, and is used there. Raises DriverUnavailable, NotPossible."""
    network = await driver.the_coordinator().settle(carry_out)
    await _until_in_use(driver)
    return network


async def _after_a_reset(driver: "ZigbeeDriver", carry_out: Carry) -> Network:
    plan = driver.membership.plan(carry_out)
    try:
        driver.the_coordinator().restart("the stick is restarted for another network")
        with suppress(TimeoutError):
            async with asyncio.timeout(CHANGE_S):
                await plan.begun.wait()
        if not plan.begun.is_set():
            raise DriverUnavailable("the stick did not come back in time: it is not put into another network any more")
        # It ends: each of its steps has a limit.
        return await plan.done
    finally:
        driver.membership.withdraw(plan)


async def _until_in_use(driver: "ZigbeeDriver") -> None:
    try:
        async with asyncio.timeout(IN_USE_S):
            await driver.the_coordinator().in_use.wait()
            await driver.begun.wait()
    except TimeoutError:
        raise DriverUnavailable("the stick is in the network that was asked for, but is not in use yet") from None


def leaving(driver: "ZigbeeDriver", carry_out: Carry) -> Carry:
    """In this way, and where that is another network than the hub's, nobody of the hub's is known any more."""

    async def carried_out(stack: Stack) -> Network:
        before = driver.membership.recorded
        network = await carry_out(stack)
        if before is not None and not network.is_same_as(before):
            driver.forget_all()
        return network

    return carried_out


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
