"""A Z-Wave home in which everything goes wrong at once, by seed, and what must be true of it all the same.

Devices with hands on them, a stick with faults, a wire with faults, an air that loses frames, a stick that is pulled
out, devices that lose their power; meanwhile a driver is wished this and that of. What is checked is seen from outside:
answers, reported states, and the devices themselves.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Final

from drivers.zwave.interview.stages import WAKE_UP_S
from drivers.zwave.interviewing import FRESH_S
from drivers.zwave.kind import KIND, ZwaveSettings
from hubagent.model.capabilities.configuration import SetParameter
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capability import Command, Value
from hubagent.model.device import Presence
from hubagent.model.driver import Driver
from hubagent.model.event import Event
from hubagent.runtime import PortError
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.sensors import DoorSensor, LeakSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.faults import FaultyWire, WireFaults
from simulators.zwave.stick_faults import NAMES, StickFaults
from tests.helpers.witness import Wish, Witness, same
from tests.helpers.zwave_home import PORT, ZwaveHome

CHAOS_S: Final = 300.0
WISHES: Final = 12
HANDS: Final = 10
HEALED_S: Final = FRESH_S + 1800.0
"""So long after the last fault what is reported of every device with power is what is, and who has none is dead."""
WOKEN_S: Final = WAKE_UP_S + 120.0
"""The same for a sleeping device that wakes up once after this time."""
LEAK: Final = "bath.leak"

MakeDriver = Callable[[ZwaveHome], Driver]


def _ordinary_driver(home: ZwaveHome) -> Driver:
    return KIND.make(ZwaveSettings(port=PORT), home.runtime, home.records)


class _CountingDimmer(Dimmer):
    """Remembers each setting of its ramp that reached it."""

    ramps: list[float]

    @classmethod
    def of(cls, dimmer: Dimmer) -> "_CountingDimmer":
        """The same dimmer. It cannot be one from the beginning: `dress` goes by the kind of the device."""
        dimmer.__class__ = cls
        assert isinstance(dimmer, cls)
        dimmer.ramps = [1.0]
        return dimmer

    @property
    def ramp_s(self) -> float:
        return self.ramps[-1]

    @ramp_s.setter
    def ramp_s(self, seconds: float) -> None:
        self.ramps.append(seconds)


class BadHome:
    """One run of one seed. `run` returns what is wrong, in words; `trace` is a digest of all that was reported."""

    def __init__(self, seed: int, make_driver: MakeDriver = _ordinary_driver) -> None:
        self._rng = random.Random(f"bad home {seed}")
        self._make_driver = make_driver
        self._loop = asyncio.get_running_loop()
        self._home = ZwaveHome(seed)
        self._wire = WireFaults(seed)
        self._faulty: FaultyWire
        self._driver: Driver | None = None
        self._witness = Witness(self.truth)
        self._problems: list[str] = []
        self._restorations: list[asyncio.TimerHandle] = []
        self.switch, self.strip = Switch(), PowerStrip(2)
        dimmer = Dimmer(self._loop)
        self.door, self.leak = DoorSensor(), LeakSensor(battery=Battery())
        for name, device in {
            "hall.switch": self.switch,
            "hall.dimmer": dimmer,
            "desk.strip": self.strip,
            "hall.door": self.door,
            LEAK: self.leak,
        }.items():
            self._home.place(name, device)
            device.listen(lambda _: self._witness.remember())
        self.dimmer = _CountingDimmer.of(dimmer)
        self._witness.remember()

    @property
    def trace(self) -> str:
        return self._witness.trace

    def truth(self) -> dict[str, dict[str, Value]]:
        """What is the case, by device."""
        return {
            "hall.switch": {"on": self.switch.on},
            "hall.dimmer": {"on": self.dimmer.on, "level": self.dimmer.level},
            "desk.strip/1": {"on": self.strip.outlets[0].on},
            "desk.strip/2": {"on": self.strip.outlets[1].on},
            "hall.door": {"open": self.door.open},
            LEAK: {"leak": self.leak.wet},
        }

    async def run(self) -> list[str]:
        home = self._home
        self._faulty = FaultyWire(home.stick, home.cable, self._wire)
        await home.cable.plug(self._faulty)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self._keep_running(), name="keep running")
            if self._rng.random() < 0.5:
                # Half of the homes are at peace until they are known, the others are interviewed in the chaos.
                await asyncio.sleep(30)
            await self._chaos()
            unpowered = self._heal()
            await asyncio.sleep(HEALED_S)
            self._check_mains(unpowered)
            await asyncio.sleep(WOKEN_S - HEALED_S)
            home.nodes[LEAK].wake()
            await asyncio.sleep(60)
            self._check_states(LEAK)
            if self._leftovers():
                # Somebody may just be asking.
                await asyncio.sleep(20)
            self._problems += self._leftovers()
            running.cancel()
        self._faulty.close()
        home.cable.unplug()
        self._check_answers()
        return self._problems

    async def _keep_running(self) -> None:
        """What the agent's supervisor does, as far as a driver may end."""
        while True:
            self._driver = self._make_driver(self._home)
            try:
                await self._driver.run(self._reported)
            except* PortError:
                self._driver = None
            await asyncio.sleep(5)

    # --- what happens

    async def _chaos(self) -> None:
        rng = self._rng
        self._start_faults()
        happenings: list[Callable[[], None]] = [self._wish] * WISHES + [self._use_hand] * HANDS
        happenings += [self._pull_out] * rng.randint(0, 2) + [self._cut_power] * rng.randint(0, 2)
        times = sorted((rng.uniform(0, CHAOS_S), number) for number in range(len(happenings)))
        begun = self._loop.time()
        for after_s, number in times:
            await asyncio.sleep(max(0.0, begun + after_s - self._loop.time()))
            happenings[number]()

    def _start_faults(self) -> None:
        rng = self._rng
        bad = rng.choice((0.0, 0.02, 0.1, 0.3))
        for name in ("lose", "flip", "drop_byte"):
            self._wire.rates[name] = rng.uniform(0, bad)
        for name in ("half", "garbage", "duplicate", "split", "coalesce", "late"):
            self._wire.rates[name] = rng.uniform(0, bad / 4)
        self._wire.rates["stall"] = rng.choice((0.0, 0.002))
        if rng.random() < 0.5:
            drawn = StickFaults.drawn(rng)
            for name in NAMES:
                setattr(self._home.stick.faults, name, getattr(drawn, name))
        self._home.network.air.loss = rng.choice((0.0, 0.1, 0.3))
        self._home.network.air.frame_s = 0.01

    def _heal(self) -> set[str]:
        """Everything is well again, but for who has no power. Returns these."""
        self._wire.rates.clear()
        for name in NAMES:
            self._home.stick.faults.set(name, 0)
        self._home.network.air.loss = 0.0
        self._home.cable.replug()
        for restoration in self._restorations:
            restoration.cancel()
        unpowered = set()
        for name in self._home.nodes:
            if name != LEAK and self._rng.random() < 0.1:
                self._home.network.cut_power(name)
                unpowered.add(name)
            else:
                self._home.network.restore_power(name)
        return unpowered

    def _wish(self) -> None:
        rng, number = self._rng, len(self._witness.wishes)
        name = rng.choice(("hall.switch", "hall.dimmer", "hall.dimmer", "desk.strip/1", "desk.strip/2", LEAK))
        command: Command = SwitchOnOff(rng.random() < 0.5)
        if name == LEAK:
            command = IdentifyYourself(rng.randint(1, 9))
        if name == "hall.dimmer":
            # Another value for each wish, so that one that is executed twice is seen.
            command = rng.choice((MoveToLevel(number * 7 % 100 + 1, 1.0), SetParameter(1, number + 20)))
        self._send(name, command)

    def _send(self, name: str, command: Command) -> None:
        device = next((device.id for device in self._home.devices.values() if device.name == name), None)
        if device is None or self._driver is None:
            return
        self._witness.send(self._driver, device, name, command)

    def _use_hand(self) -> None:
        rng = self._rng
        on = rng.random() < 0.5
        match rng.randrange(5):
            case 0:
                self.switch.switch(on)
            case 1:
                self.dimmer.switch(on)
            case 2:
                rng.choice(self.strip.outlets).switch(on)
            case 3:
                self.door.set_open(on)
            case 4:
                self.leak.set_wet(on)
                if on:
                    self._home.nodes[LEAK].wake()

    def _pull_out(self) -> None:
        self._faulty.pull_out(self._rng.uniform(0.1, 60))

    def _cut_power(self) -> None:
        name = self._rng.choice([name for name in self._home.nodes if name != LEAK])
        self._home.network.cut_power(name)
        if self._rng.random() < 0.7:
            restored = self._loop.call_later(self._rng.uniform(1, 60), self._home.network.restore_power, name)
            self._restorations.append(restored)

    # --- what is seen

    def _reported(self, event: Event) -> None:
        self._home.report(event)
        self._witness.reported(event)

    # --- what must be true

    def _check_answers(self) -> None:
        self._problems += self._witness.wrong_answers(self._came_true)
        for wish in self._witness.wishes:
            if isinstance(wish.command, SetParameter):
                times = self.dimmer.ramps.count(wish.command.value / 10)
                if times > 1:
                    self._problems.append(f"{wish} was executed {times} times")

    def _came_true(self, wish: Wish, until: float) -> bool:
        if isinstance(wish.command, SetParameter):
            return wish.command.value / 10 in self.dimmer.ramps
        return self._witness.came_true(wish, until)

    def _check_mains(self, unpowered: set[str]) -> None:
        for name in self._home.nodes:
            if name == LEAK:
                continue
            node_id = self._home.network.node_of(name)
            device = next(it for it in self._home.devices.values() if it.address == node_id and it.parent is None)
            expected = Presence.DEAD if name in unpowered else Presence.READY
            if device.presence is not expected:
                self._problems.append(f"{name} is called {device.presence.value}, but is {expected.value}")
        for name in self.truth():
            if name != LEAK and name.partition("/")[0] not in unpowered:
                self._check_states(name)

    def _check_states(self, name: str) -> None:
        known = next((device.id for device in self._home.devices.values() if device.name == name), None)
        if known is None:
            self._problems.append(f"nobody knows of {name}")
            return
        reported = self._home.states.get(known, {})
        for attribute, value in self.truth()[name].items():
            if not same(reported.get(attribute), value):
                said = reported.get(attribute)
                self._problems.append(f"{name}.{attribute} is {value}, reported is {said}")

    def _leftovers(self) -> list[str]:
        nodes: Mapping[int, object] = getattr(self._driver, "nodes", {})
        return [
            f"node {node_id} still has {what}: {getattr(node, what)}"
            for node_id, node in nodes.items()
            for what in ("waiting", "supervisions")
            if getattr(node, what)
        ]
