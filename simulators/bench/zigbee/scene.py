"""The bench's scene on a Zigbee stick."""

import asyncio
from pathlib import Path
from typing import Final

from simulators.bench.household import NODES_MIN, Household
from simulators.bench.scene import Aims, Scene
from simulators.bench.subjects import Agent, Floor, Pairs, Subject, SubjectBroken
from simulators.bench.wire import Wire
from simulators.bench.zigbee.bellows_zigpy import BellowsZigpy
from simulators.bench.zigbee.far_side import LinkState, ZigbeeFarSide
from simulators.bench.zigbee.household import ZigbeeHousehold
from simulators.bench.zigbee.zigbee2mqtt import Zigbee2Mqtt

QUIET_S: Final = 0.3
"""So long nothing is said before a link is taken over."""
QUIET_MAX_S: Final = 120.0
_LOOK_S: Final = 0.01


class ZigbeeScene(Scene):
    radio = "zigbee"
    aims = Aims(peer=BellowsZigpy.name, of_peer=0.1, cpu_ms=0.3, burst_ms=10.0)
    large = 100

    def household(self, nodes: int = NODES_MIN, newcomers: int = 0) -> ZigbeeHousehold:
        return ZigbeeHousehold(nodes, newcomers)

    async def take_over(self, household: Household, wire: Wire) -> ZigbeeFarSide:
        assert isinstance(household, ZigbeeHousehold)
        return ZigbeeFarSide(wire, await _quiet(household), household.known)

    def subjects(self, folder: Path) -> list[Subject]:
        return [
            Floor(folder / "floor", "simulators.bench.zigbee.floor"),
            Agent(folder / "hubagent", self.radio),
            BellowsZigpy(folder / "bellows"),
        ]

    def pairing(self, folder: Path) -> list[Pairs]:
        return [
            Agent(folder / "hubagent", self.radio),
            BellowsZigpy(folder / "bellows"),
            Zigbee2Mqtt(folder / "zigbee2mqtt"),
        ]


async def _quiet(household: ZigbeeHousehold) -> LinkState:
    """The state of the stick's link when nothing has been said for a while."""
    loop = asyncio.get_running_loop()
    state, since = None, loop.time()
    gives_up_at = since + QUIET_MAX_S
    while state is None or loop.time() < since + QUIET_S:
        if loop.time() > gives_up_at:
            raise SubjectBroken(f"it is never quiet for {QUIET_S:g} s")
        await asyncio.sleep(_LOOK_S)
        link = household.stick.link
        now = LinkState(*link.numbers, household.stick.sequence) if link is not None and link.idle else None
        if now is None or now != state:
            state, since = now, loop.time()
    return state
