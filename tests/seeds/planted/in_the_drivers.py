"""Planted into the drivers of both radios."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import pytest

from drivers.zigbee.network_identity import Network
from drivers.zigbee.node import Node as ZigbeeNode
from drivers.zigbee.stack import Stack
from drivers.zwave.delivery import Delivery
from drivers.zwave.driver import ZwaveDriver
from drivers.zwave.exchange import Priority
from drivers.zwave.node import Node
from drivers.zwave.radio import Radio

Patch = pytest.MonkeyPatch

AGAIN_S: Final = 20.0


def counters_only_grow(patch: Patch) -> None:
    """What a Zigbee device says with a lower counter is old, though counters begin anew after a reboot and 255."""

    def only_news(self: ZigbeeNode, place: int, values: dict[int, Any], counter: int, now: float) -> dict[int, Any]:
        news = {it: value for it, value in values.items() if self._said.get((place, it), (0, 0.0))[0] <= counter}
        self._said |= {(place, it): (counter, now) for it in news}
        return news

    patch.setattr(ZigbeeNode, "only_news", only_news)


def the_timer_is_not_called_off(patch: Patch) -> None:
    """A command is sent again after a while, though it was acknowledged and answered."""

    def start(self: Delivery, radio: Radio, written: Callable[[], None] | None) -> None:
        real(self, radio, written)
        again = (self.node, self._data, Priority.COMMAND, lambda _: None)
        asyncio.get_running_loop().call_later(AGAIN_S, lambda: radio.submit(*again))

    real = Delivery.start
    patch.setattr(Delivery, "start", start)


def the_key_is_logged(patch: Patch) -> None:
    """Whoever looks for a fault sees in the log with which key the network was found."""

    async def read(self: Stack) -> Network:
        network = await real(self)
        logging.getLogger(__name__).debug("the stick is in its network, key %s", network.network_key.hex(":"))
        return network

    real = Stack.read
    patch.setattr(Stack, "read", read)


def one_upkeep_more_with_each_return(patch: Patch) -> None:
    """When the stick is back, what looks after its nodes is started beside the one that still runs."""

    def status_changed(self: ZwaveDriver, *status: Any) -> None:
        real(self, *status)
        if self._tasks is not None and self._upkeep is not None and status[0].name == "READY":
            self.start_task(self._upkeep.run(), "zwave upkeep")

    real = ZwaveDriver.status_changed
    patch.setattr(ZwaveDriver, "status_changed", status_changed)


def silence_is_golden(patch: Patch) -> None:
    """A device that does not acknowledge anything is taken to be busy."""
    patch.setattr(Node, "transmitted", lambda *_, **__: None)
