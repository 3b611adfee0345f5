"""Plays a recording to a world: makes its devices what they were, when they were. It knows no hub.

With rules in the home, what the hub did once is left out: the rules are to do it themselves now.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from simulators.devices.device import CannotDo
from simulators.recording.format import Became, Done, Event, Header, Pressed
from simulators.recording.hands import put
from simulators.world import CANNOT, World

NAMED_MAX: Final = 20
"""Events that could not be played, of which it is said why."""


@dataclass(slots=True)
class Counts:
    """What became of the events."""

    played: int = 0
    left_out: int = 0
    """Done by the hub once."""
    impossible: int = 0
    problems: list[str] = field(default_factory=list)
    """Of the first that were impossible."""

    def complain(self, what: str) -> None:
        self.impossible += 1
        if len(self.problems) < NAMED_MAX:
            self.problems.append(what)


class Player:
    """`hub_too`: what the hub did is played as well."""

    def __init__(self, world: World, *, hub_too: bool) -> None:
        self._world = world
        self._hub_too = hub_too
        self.counts = Counts()

    def begin(self, header: Header) -> None:
        """Devices are as they were at the start."""
        for device in header.devices:
            placed = self._world.devices.get(device.name)
            if placed is None:
                self.counts.complain(f"at the start: the home has no {device.name}")
            elif device.state:
                try:
                    put(placed.device, device.state)
                except CannotDo as error:
                    self.counts.complain(f"at the start: {device.name}: {error}")

    def catch_up(self, events: Iterator[Event], since: float) -> Iterator[Event]:
        """Devices become at once what they had become before `since`; the events from then on come back."""
        for event in events:
            if event.t >= since:
                return itertools.chain((event,), events)
            if isinstance(event, Became):
                # Nothing of this happens now, so nothing of it counts.
                with contextlib.suppress(CannotDo):
                    self.perform(event)
        return iter(())

    def act(self, event: Event) -> None:
        if isinstance(event, Became) and event.by == "hub" and not self._hub_too:
            self.counts.left_out += 1
            return
        try:
            self.perform(event)
        except CANNOT as error:
            self.counts.complain(f"t {event.t:g}: {error}")
        else:
            self.counts.played += 1

    def perform(self, event: Event) -> None:
        """Now, whatever its t. Raises one of world.CANNOT."""
        match event:
            case Became(device=name, set=settings):
                placed = self._world.devices.get(name)
                if placed is None:
                    raise CannotDo(f"the home has no {name}")
                put(placed.device, settings)
            case Pressed(device=name, press=button, gesture=gesture):
                self._world.do("press", name, button, gesture)
            case Done(do=words):
                self._world.do(*words.split())


async def play(player: Player, events: Iterable[Event], begins: float, *, speed: float = 1.0) -> float:
    """From `begins` of the loop's time on, `speed` times as fast as they came; the t at which it ended."""
    loop = asyncio.get_running_loop()
    t = 0.0
    for event in events:
        t = event.t
        # Also when it is due: a thousand at the same moment are no reason for everybody else to stand still.
        await asyncio.sleep(max(0.0, begins + t / speed - loop.time()))
        player.act(event)
    return t
