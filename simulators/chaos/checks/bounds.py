"""I7: nothing that an agent holds grows for ever.

Every few minutes its containers are measured (`sizes`); so few times that a run is not slowed by it, however long it
is: when there are too many, every second measurement is given up, and from then on they are twice as far apart. At the
end the last life's second half counts. A container grows if all of its last quarter is above all of the one before, by
more than GROWN. None may ever be as large as LARGEST.

Who gets to know more devices holds more: a hub whose memory had rotted interviews a sleeping one when that wakes, hours
later. So only what was measured since the hub last learnt what devices can do is compared.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from drivers.zigbee.node import RECENT_MAX
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.sizes import Sizes, sizes_of
from simulators.site.site import Site

FIRST_EVERY_S: Final = 600.0
KEPT_MAX: Final = 24
LEAST: Final = 8
"""Measurements of one life that say something about it."""
GROWN: Final = 24
"""Things more, which may just have happened."""
LARGEST: Final = 50_000
FILLS_UP: Final[dict[str, int]] = {
    "hubagent.uplink.session.commands.Commands._remembered": 1024,
}
"""What remembers up to a bound of its own, whatever it is asked: by name, the bound (UPLINK.md, Bounds)."""
ASKED_MAX: Final = 8
"""More clusters than that no simulated device is asked about."""
ATTRIBUTES_MAX: Final = 16
"""More attributes than that no simulated device has."""
FILLS_UP_PER_DEVICE: Final[dict[str, int]] = {
    "drivers.zigbee.node.Node._recent": RECENT_MAX,
    "drivers.zigbee.node.Node._recent[]": 2 * RECENT_MAX,
    # The clusters that it is asked about, each from its first question on.
    "drivers.zigbee.node.Node.addresses": ASKED_MAX,
    "drivers.zigbee.radio.Address._frames": 2 * ASKED_MAX,
    # Its attributes, each from when it is first reported on: for many that is hours after a start.
    "hubagent.uplink.readings.Readings._last": ATTRIBUTES_MAX,
}
"""Likewise, of each device."""


@dataclass(frozen=True, slots=True)
class _Measured:
    at: float
    life: int
    known: int
    """Capabilities of all devices."""
    sizes: Sizes


class Bounds(Check):
    name = "bounds"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._every_s = FIRST_EVERY_S
        self._measured: list[_Measured] = []
        self._too_large: set[str] = set()

    def begin(self) -> None:
        self._measure()

    def end(self) -> list[str]:
        self._timer.cancel()
        self._look()
        return self.told(self._grown())

    def _measure(self) -> None:
        self._look()
        if len(self._measured) >= KEPT_MAX:
            del self._measured[::2]
            self._every_s *= 2
        self._timer = self._loop.call_later(self._every_s, self._measure)

    def _look(self) -> None:
        agent = self.site.hub.agent
        if agent is None:
            return
        known = sum(len(device.capabilities) for device in agent.home.devices.values())
        measured = _Measured(self._loop.time(), self.site.hub.lives, known, sizes_of(agent))
        self._measured.append(measured)
        for name, size in measured.sizes.items():
            if size > LARGEST and name not in self._too_large:
                self._too_large.add(name)
                self.saw(f"{name} has {size} things at {measured.at:.0f} s")

    def _grown(self) -> list[str]:
        measured = list(takewhile(self._is_comparable, reversed(self._measured)))[::-1]
        if len(measured) < LEAST:
            return []
        half = measured[len(measured) // 2 :]
        before, after = half[: len(half) // 2], half[len(half) // 2 :]
        return [
            f"{name} grows: {', '.join(f'{it.sizes.get(name, 0)} at {it.at:.0f} s' for it in measured)}"
            for name in sorted({name for it in after for name in it.sizes})
            if _grows([it.sizes.get(name, 0) for it in before], [it.sizes.get(name, 0) for it in after])
            and after[-1].sizes.get(name, 0) > self._fills_up(name)
        ]

    def _is_comparable(self, measured: _Measured) -> bool:
        return measured.life == self.site.hub.lives and measured.known == self._measured[-1].known

    def _fills_up(self, name: str) -> int:
        return FILLS_UP.get(name, 0) + FILLS_UP_PER_DEVICE.get(name, 0) * len(self.site.world.devices)


def _grows(before: list[int], after: list[int]) -> bool:
    return min(after) > max(before) and after[-1] - before[0] > GROWN
