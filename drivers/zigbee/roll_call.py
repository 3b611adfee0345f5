"""Who is in the network and not known here: a stick may come with devices that this hub has never heard of.

All routers are asked whom they hear, again and again until each of them has said it once; that this was so in this
network is kept. It is done anew when the stick was away, and, without hurry, when the driver was: who joined meanwhile,
or came back, was not heard.
"""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from drivers.zigbee.node_record import UNKNOWN_NODE_ID
from drivers.zigbee.topology import Topology, survey
from drivers.zigbee.wire import eui64_text
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible, Record, Records

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

log = logging.getLogger(__name__)

ROLL_KEY: Final = "roll_call"
AGAIN_S: Final = 30.0
AGAIN_MAX_S: Final = 1800.0
"""Between two attempts, twice as long each time: a router without power does not answer for a long time."""
ATTEMPTS_MAX: Final = 10
PAUSE_S: Final = 600.0
"""Between two roll calls, however often the stick goes away."""

CALM_S: Final = 120.0
"""After a start of the driver: what it knows already is read first."""


class RollCall:
    def __init__(self, driver: "ZigbeeDriver", records: Records) -> None:
        self._driver = driver
        self._records = records
        self._wanted = asyncio.Event()

    def again(self) -> None:
        """The stick was away, or somebody was heard who does not say who it is."""
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
        if self._records.load().get(ROLL_KEY) == self._record() and self._all_are_located():
            # Who came back while nobody listened has time.
            with suppress(TimeoutError):
                async with asyncio.timeout(CALM_S):
                    await self._wanted.wait()
        while True:
            self._wanted.clear()
            await self._call()
            await asyncio.sleep(PAUSE_S)
            await self._wanted.wait()

    async def _call(self) -> None:
        """Until every router has answered, or that has been tried often enough."""
        pause_s = AGAIN_S
        for _ in range(ATTEMPTS_MAX):
            _, complete = await look_for_devices(self._driver)
            if complete:
                self._records.put(ROLL_KEY, self._record())
                return
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, AGAIN_MAX_S)

    def _record(self) -> Record:
        network = self._driver.membership.network
        return {"network": "" if network is None else eui64_text(network.extended_pan_id)}

    def _all_are_located(self) -> bool:
        return all(node.node_id != UNKNOWN_NODE_ID for node in self._driver.registry.nodes.values())


async def look_for_devices(driver: "ZigbeeDriver") -> tuple[list[str], bool]:
    """Ask all routers once: the devices that were not known before, and whether every router has answered."""
    try:
        topology = await survey(driver.stick, driver.registry, driver.the_questions())
        return take_in(driver, topology), not topology.unanswered
    except (DeviceUnreachable, DriverUnavailable, NotPossible) as error:
        log.info("devices could not be looked for: %s", error)
        return [], False


def take_in(driver: "ZigbeeDriver", topology: Topology) -> list[str]:
    """The devices of a survey that were not known before."""
    arrivals = driver.the_parts().arrivals
    found = []
    for neighbour in topology.nodes.values():
        known = driver.registry.nodes.get(neighbour.eui64)
        if known is not None:
            # What a neighbour recalls of an address may be old: only where nothing better is known.
            if known.node_id == UNKNOWN_NODE_ID:
                arrivals.found(known, neighbour.node_id)
            continue
        node = arrivals.adopt(neighbour.eui64, neighbour.node_id, rx_on_when_idle=neighbour.rx_on_when_idle)
        if node is not None:
            found.append(node.device)
    return found
