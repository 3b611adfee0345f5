"""What really happens in a simulated home, whatever a hub makes of it: told by the devices themselves.

What the hub did is marked as such: it follows from bytes that it wrote. Rooms, residents and faults are not recorded,
only what they do to devices.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from simulators.devices.device import Value
from simulators.devices.remote import HOLD, Remote
from simulators.faults import from_host
from simulators.kinds import CAPTURED
from simulators.recording.format import KIND, VERSION, Became, Event, Header, Pressed, RecordedDevice
from simulators.recording.hands import Hand, commanded, hands_of, seen
from simulators.world import Placed, World

RING_MAX: Final = 20_000
"""Events that wait for whoever fetches them."""


class Recorder:
    """Listens to a world from now on, for as long as that lives. `heard` is called with each event, whose t is since
    then; `wall` gives Unix seconds.
    """

    def __init__(self, world: World, wall: Callable[[], float], heard: Callable[[Event], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._world = world
        self._wall = wall
        self._heard = heard
        self._placed = [placed for placed in world.devices.values() if placed.plan.kind != CAPTURED]
        for placed in self._placed:
            _Ear(placed, self._tell)

    @property
    def t(self) -> float:
        """Now."""
        return self._loop.time() - self._began

    def header(self) -> Header:
        """Of a recording that begins now."""
        return Header.model_validate(
            {
                "v": VERSION,
                "kind": KIND,
                "start": self._wall(),
                "home": self._world.plan.name[:64] or "home",
                "place": self._world.plan.place,
                "devices": [_recorded(placed) for placed in self._placed],
            }
        )

    def _tell(self, make: Callable[[float], Event]) -> None:
        self._heard(make(self.t))


class Ring:
    """The latest events, numbered from 0, for somebody who fetches them now and then."""

    def __init__(self, most: int = RING_MAX) -> None:
        self._events: deque[Event] = deque(maxlen=most)
        self.following = 0
        """The number that the next one will have."""

    def add(self, event: Event) -> None:
        self._events.append(event)
        self.following += 1

    def since(self, number: int, most: int) -> "Page":
        oldest = self.following - len(self._events)
        start = min(max(number, oldest), self.following)
        end = min(start + most, self.following)
        events = [self._events[index - oldest] for index in range(start, end)]
        return Page(events, following=end, lost=max(0, oldest - max(0, number)))


@dataclass(frozen=True, slots=True)
class Page:
    events: Sequence[Event]
    following: int
    """The number to ask for next."""
    lost: int
    """So many were gone before somebody asked."""


def _recorded(placed: Placed) -> RecordedDevice:
    plan = placed.plan
    return RecordedDevice.model_validate(
        {
            "name": plan.name,
            "kind": plan.kind,
            "room": plan.room,
            "radio": plan.radio,
            "power": plan.power,
            "options": plan.options,
            "state": seen(placed.device),
        }
    )


class _Ear:
    """At one device."""

    def __init__(self, placed: Placed, tell: Callable[[Callable[[float], Event]], None]) -> None:
        self._name = placed.plan.name
        self._device = placed.device
        self._told = seen(placed.device)
        self._tell = tell
        self._held = False
        self._by_change: dict[str, dict[str, Hand]] = {}
        for name, hand in hands_of(placed.device).items():
            self._by_change.setdefault(hand.told_by or name, {})[name] = hand
        placed.device.listen(self._button if isinstance(placed.device, Remote) else self._changed)

    def _changed(self, attribute: str) -> None:
        now: dict[str, Value] = {}
        for name, hand in self._by_change.get(attribute, {}).items():
            value = hand.see(self._device)
            if value is not None and value != self._told.get(name):
                now[name] = value
        if now:
            self._told.update(now)
            by_hub = from_host.get() and all(commanded(name) for name in now)
            self._tell(partial(_became, self._name, now, "hub" if by_hub else None))

    def _button(self, attribute: str) -> None:
        if attribute != "button":
            self._changed(attribute)
            return
        assert isinstance(self._device, Remote)
        button, gesture = self._device.done
        # One that is held says so again and again by itself.
        again = self._held and gesture == HOLD
        self._held = gesture == HOLD
        if not again:
            self._tell(partial(_pressed, self._name, str(button), gesture))


def _became(device: str, now: dict[str, Value], by: str | None, t: float) -> Event:
    return Became.model_validate({"t": t, "device": device, "set": now, "by": by})


def _pressed(device: str, button: str, gesture: str, t: float) -> Event:
    return Pressed(t=t, device=device, press=button, gesture=gesture)
