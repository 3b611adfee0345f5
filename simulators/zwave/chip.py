"""What the stick's functions share: the way to speak to the host, the air, the memory, and the chip's own state."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from drivers.zwave.serial_api.function import Callback, Message, Response
from simulators.zwave.flavours import Flavour
from simulators.zwave.memory import Memory
from simulators.zwave.network import Network
from simulators.zwave.stick_faults import StickFaults

Handlers = dict[type[Any], Callable[[Any], None]]
"""What is done about each kind of request; a function's module offers one of these."""


@dataclass(slots=True)
class Chip:
    """Made anew at every start: nothing in here survives a reset but what the memory keeps."""

    flavour: Flavour
    network: Network
    faults: StickFaults
    rng: random.Random
    say: Callable[[Message], None]
    restart: Callable[[], None]
    failed_nodes: set[int] = field(default_factory=set)
    """Those that did not acknowledge the last frame sent to them."""
    transmit_reports: bool = False
    receiver_on: bool = True
    sending: bool = False
    """A chip sends one frame at a time, and refuses another meanwhile."""
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    @property
    def memory(self) -> Memory:
        return self.network.memory

    @property
    def hears(self) -> bool:
        return self.receiver_on and not self.faults.jammed

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def respond(self, response: Response) -> None:
        """Say it, unless the fault of that name strikes."""
        if not self._strikes(self.faults.lost_response):
            self.say(response)

    def call_back(self, callback: Callback) -> None:
        """Say it, unless it was not asked for (identifier 0) or the fault of that name strikes."""
        if callback.callback_id and not self._strikes(self.faults.lost_callback):
            self.say(callback)

    def later(self, delay_s: float, then: Callable[[], None]) -> asyncio.TimerHandle:
        """Call `then` after `delay_s`, unless the chip is reset before."""

        def fire() -> None:
            self._timers.discard(handle)
            then()

        handle = asyncio.get_running_loop().call_later(delay_s, fire)
        self._timers.add(handle)
        return handle

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _strikes(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance
