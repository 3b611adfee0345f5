"""The bench's scene on a Zigbee stick."""

from pathlib import Path

from simulators.bench.household import NODES_MIN, Household
from simulators.bench.scene import Aims, Scene, quiet
from simulators.bench.subjects import Agent, Floor, Pairs, Subject
from simulators.bench.wire import Wire
from simulators.bench.zigbee.bellows_zigpy import BellowsZigpy
from simulators.bench.zigbee.far_side import LinkState, ZigbeeFarSide
from simulators.bench.zigbee.household import ZigbeeHousehold
from simulators.bench.zigbee.zigbee2mqtt import Zigbee2Mqtt


class ZigbeeScene(Scene):
    radio = "zigbee"
    aims = Aims(peer=BellowsZigpy.name, of_peer=0.1, cpu_ms=0.3, burst_ms=10.0)
    large = 100

    def household(self, nodes: int = NODES_MIN, newcomers: int = 0) -> ZigbeeHousehold:
        return ZigbeeHousehold(nodes, newcomers)

    async def take_over(self, household: Household, wire: Wire) -> ZigbeeFarSide:
        assert isinstance(household, ZigbeeHousehold)
        stick = household.stick

        def link_state() -> LinkState | None:
            link = stick.link
            return LinkState(*link.numbers, stick.sequence) if link is not None and link.idle else None

        return ZigbeeFarSide(wire, await quiet(link_state), household.known_now())

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
