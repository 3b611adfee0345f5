"""I4: some time after the last fault the hub shows what is, and the cloud shows what the hub does.

What is stated: a device on the mains is right within 2 x its longest interval (an hour, by which it reports or is read
anew) and half an hour, in which one that was called dead is tried again; so is one that sleeps on Zigbee. One that
sleeps on Z-Wave is read at the first waking after four hours. Each is then right up to what happened in the last two
minutes; where a word of a device was lost for good on the air, as walls do it, again within that time. The cloud is
right about the hub within it as well: it is asked every hour by a hub that has nothing to say.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.home import Home, Previous
from hubagent.model.device import Device as Known
from hubagent.model.device import DeviceId, Presence
from hubagent.model.event import DeviceChanged, DeviceJoined, DeviceLeft, DeviceSilent, Event, StateReported
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.truth import Truth, truth_of, within_any
from simulators.dongle import Dongle
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site
from simulators.world import Placed
from simulators.zigbee.dongle import ZigbeeDongle
from simulators.zigbee.radio import ApsMessage
from simulators.zwave.dongle import ZwaveDongle

INTERVAL_S: Final = 3600.0
"""The longest between two reports; states of Z-Wave nodes are read anew as often (drivers: 3600)."""
RETRY_S: Final = 1800.0
"""One that was called dead is tried at least so often."""
ROUND_S: Final = 60.0
"""One stale Z-Wave node is read in each round."""
ASLEEP_S: Final = 4 * INTERVAL_S
"""The same for a Z-Wave node on a battery; then at its next waking."""
NEWS_S: Final = 120.0
"""What happened so shortly ago may not have been heard yet; and what is told to the cloud may be on its way."""
HISTORY_MAX: Final = 64
UNTOLD: Final = frozenset({"siren"})
"""Kinds that need not say how they are: the warning device of Zigbee has no attribute for it (ZCL8, 8.4.2). On Z-Wave
it says so as Sound Switch, for which the home has no word yet (ARCHITECTURE.md): that it stopped is read in an hour."""
PRIVATE: Final = frozenset({"configuration"})
"""The cloud is not told."""


class Picture(Check):
    name = "picture"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._histories: dict[str, deque[tuple[float, Truth]]] = {}
        """By device, what was so from when on; the oldest first."""
        self._readers: dict[str, Callable[[], Truth]] = {}
        self._lost: dict[str, float] = {}
        """By device, when a word of it was last lost for good."""
        self._told: dict[tuple[DeviceId, str], float] = {}
        """By device and attribute (empty: the device itself), when the hub last took something for new."""
        self.patience_s = max(map(self._patience_s, site.world.devices.values()), default=0.0)

    def begin(self) -> None:
        for name, placed in self.site.world.devices.items():
            read = truth_of(placed.device)
            if read is None or placed.dongle is None:
                continue
            self._readers[name] = read
            self._histories[name] = deque([(self._loop.time(), read())], maxlen=HISTORY_MAX)
            placed.device.listen(partial(self._changed, name))
        for dongle in self.site.world.dongles.values():
            self._hear_losses(dongle)
        self.site.hub.on_made.append(self._made)
        if self.site.hub.agent is not None:
            self._made(self.site.hub.agent)

    def is_done(self, waited_s: float) -> bool:
        """All is right already, also what may still be wrong because a word was lost."""
        if waited_s >= self.patience_s:
            return True
        agent = self.site.hub.agent
        if agent is None or waited_s < NEWS_S:
            return False
        return not any(self._wrong_devices(agent.home, self._latest)) and not any(self._wrong_cloud(agent.home))

    def end(self) -> list[str]:
        agent = self.site.hub.agent
        if agent is None:
            return self.told(["the hub is not up"])
        return self.told([*self._wrong_devices(agent.home, self._recent), *self._wrong_cloud(agent.home)])

    def _patience_s(self, placed: Placed) -> float:
        if placed.dongle is None:
            return 0.0
        if placed.dongle.name == "zwave" and placed.dongle.sleeps(placed.plan.name):
            return ASLEEP_S + placed.plan.wake_up_s + RETRY_S
        return 2 * INTERVAL_S + RETRY_S + ROUND_S * len(placed.dongle.nodes)

    # --- what is heard and seen

    def _hear_losses(self, dongle: Dongle) -> None:
        if isinstance(dongle, ZwaveDongle):
            dongle.network.lost = self._was_lost
        elif isinstance(dongle, ZigbeeDongle):
            network, before = dongle.network, dongle.network.traffic.lost

            def lost(message: ApsMessage) -> None:
                before(message)
                station = network.station_at(message.source)
                if station is not None:
                    self._was_lost(station.name)

            network.traffic.lost = lost

    def _was_lost(self, name: str) -> None:
        self._lost[name] = self._loop.time()

    def _changed(self, name: str, _attribute: str) -> None:
        self._histories[name].append((self._loop.time(), self._readers[name]()))

    def _made(self, agent: Agent) -> None:
        agent.home.listen(self._heard)

    def _heard(self, event: Event, previous: Previous) -> None:
        if isinstance(event, StateReported):
            if previous and not in_a_dead_process():
                now = self._loop.time()
                for attribute in previous:
                    self._told[event.device, attribute] = now
        elif isinstance(event, DeviceChanged | DeviceJoined):
            self._told[event.device.id, ""] = self._loop.time()
        elif isinstance(event, DeviceSilent | DeviceLeft):
            self._told[event.device, ""] = self._loop.time()

    # --- the hub

    def _wrong_devices(self, home: Home, allowed: Callable[[str], list[Truth]]) -> Iterator[str]:
        known = {device.name: device for device in home.devices.values()}
        for name, placed in self.site.world.devices.items():
            dongle = placed.dongle
            if dongle is None or dongle.address_of(name) is None:
                continue
            device = known.get(name)
            if device is None:
                yield f"{name} is in the network, and the hub does not know it"
            elif not dongle.has_power(name):
                if not dongle.sleeps(name) and device.presence is not Presence.DEAD:
                    yield f"{name} has no power, and is called {device.presence.value}"
            elif device.presence not in (Presence.READY, Presence.ASLEEP):
                yield f"{name} is there, and is called {device.presence.value}"
            elif self._can_tell(placed):
                yield from self._wrong_values(home, known, name, allowed(name))

    def _can_tell(self, placed: Placed) -> bool:
        """Whether it is sound: a fault that goes on is no lie of the hub's."""
        assert placed.dongle is not None
        health = placed.dongle.nodes[placed.plan.name].health
        ailing = health.hung or health.mute or health.reports is not None or placed.device.is_stuck
        # On its way something is where it was a moment ago.
        moving = getattr(placed.device, "moving", False)
        return placed.plan.name in self._readers and not ailing and not moving

    def _wrong_values(self, home: Home, known: Mapping[str, Known], name: str, truths: list[Truth]) -> Iterator[str]:
        """`truths` is what it may show; the latest last."""
        for attribute in truths[-1]:
            values = [truth[attribute] for truth in truths if attribute in truth]
            part, _, own = attribute.rpartition(".")
            device = known.get(f"{name}/{part}" if part else name)
            said = None if device is None else _reading(home, device.id, own)
            if said is None and self.site.world.devices[name].plan.kind in UNTOLD:
                continue
            if said is None:
                yield f"{name}.{attribute} is {values[-1]!r}, and the hub does not know"
            elif not within_any(attribute, said, values):
                at = self._histories[name][-1][0]
                yield f"{name}.{attribute} is {values[-1]!r} (last change at {at:.3f} s), and the hub says {said!r}"

    def _latest(self, name: str) -> list[Truth]:
        """What was so in the last two minutes."""
        return self._since(name, self._loop.time() - NEWS_S)

    def _recent(self, name: str) -> list[Truth]:
        """Likewise; longer where a word was lost, or need not be said."""
        placed = self.site.world.devices[name]
        since = self._loop.time() - (self._patience_s(placed) if placed.plan.kind in UNTOLD else NEWS_S)
        lost_at = self._lost.get(name)
        if lost_at is not None and lost_at > self._loop.time() - self._patience_s(placed):
            since = min(since, lost_at - NEWS_S)
        return self._since(name, since)

    def _since(self, name: str, since: float) -> list[Truth]:
        history = list(self._histories[name])
        recent = [truth for at, truth in history if at >= since]
        before = [truth for at, truth in history if at < since]
        return [*before[-1:], *recent, self._readers[name]()]

    # --- the cloud

    def _wrong_cloud(self, home: Home) -> Iterator[str]:
        cloud = self.site.cloud
        if cloud is None:
            return
        if cloud.service is None:
            yield "the cloud is not up"
            return
        shown = self.site.cloud_picture()
        roots = {device.id: device for device in home.devices.values() if device.parent is None}
        for identifier in sorted({*shown, *roots}):
            if self._is_news(identifier, ""):
                continue
            device = roots.get(identifier)
            if device is None:
                yield f"the cloud shows {shown[identifier].get('name')} ({identifier}), which the hub does not have"
            elif identifier not in shown:
                yield f"the cloud does not show {device.name}"
            elif "truncated" not in shown[identifier]:
                yield from self._wrong_view(home, device, shown[identifier])

    def _wrong_view(self, home: Home, device: Known, view: Mapping[str, Any]) -> Iterator[str]:
        for what, ours in (("name", device.name), ("address", device.address), ("state", device.presence.value)):
            if view.get(what) != ours and not self._sleeps_now_and_then(what, ours, view):
                yield f"the cloud says of {device.name} that its {what} is {view.get(what)!r}, and the hub {ours!r}"
        parts = {device.id: view}
        parts |= {f"{device.id}/{part}": it for part, it in view.get("endpoints", {}).items()}
        for identifier, part in parts.items():
            if identifier not in home.devices:
                yield f"the cloud shows {identifier}, which the hub does not have"
                continue
            state = {name: it for name, it in home.state(identifier).items() if name not in PRIVATE}
            for capability, readings in state.items():
                theirs = part["capabilities"].get(capability, {})
                for attribute, reading in readings.items():
                    said = theirs.get(attribute)
                    if said != reading.value and not self._is_news(identifier, attribute):
                        name = f"{home.devices[identifier].name}.{attribute}"
                        yield f"the cloud says {name} is {said!r}, and the hub {reading.value!r}"

    @staticmethod
    def _sleeps_now_and_then(what: str, ours: object, view: Mapping[str, Any]) -> bool:
        """Whether it is awake at the moment is told with the next thing that is."""
        awake = {Presence.READY.value, Presence.ASLEEP.value}
        return what == "state" and {ours, view.get(what)} <= awake

    def _is_news(self, device: DeviceId, attribute: str) -> bool:
        return self._loop.time() - self._told.get((device, attribute), float("-inf")) < NEWS_S


def _reading(home: Home, device: DeviceId, attribute: str) -> Any:
    for readings in home.state(device).values():
        if attribute in readings:
            return readings[attribute].value
    return None
