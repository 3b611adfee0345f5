"""The bench's scene on a Z-Wave stick."""

from pathlib import Path

from simulators.bench.household import NODES_MIN, Household
from simulators.bench.scene import Aims, Scene, quiet
from simulators.bench.subjects import Agent, Floor, Subject
from simulators.bench.wire import Wire
from simulators.bench.zwave.far_side import ZwaveFarSide
from simulators.bench.zwave.household import ZwaveHousehold
from simulators.bench.zwave.zwave_js import ZwaveJs


class ZwaveScene(Scene):
    radio = "zwave"
    aims = Aims(peer=ZwaveJs.name, of_peer=0.2)
    large = 50

    def household(self, nodes: int = NODES_MIN, newcomers: int = 0) -> Household:
        assert not newcomers, "whoever is placed is included"
        return ZwaveHousehold(nodes)

    async def take_over(self, household: Household, wire: Wire) -> ZwaveFarSide:  # noqa: ARG002 - frames have no numbers
        await quiet(lambda: wire.traffic)
        return ZwaveFarSide(wire)

    def subjects(self, folder: Path) -> list[Subject]:
        return [
            Floor(folder / "floor", "simulators.bench.zwave.floor"),
            Agent(folder / "hubagent", self.radio),
            ZwaveJs(folder / "zwave_js"),
        ]
