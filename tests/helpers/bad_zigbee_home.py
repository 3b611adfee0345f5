"""A Zigbee home in which everything goes wrong at once, by seed, and what must be true of it all the same.

Devices with hands on them, a stick with faults, a wire with faults, an air that loses frames, a stick that is pulled
out, an agent that is started anew, devices that lose their power, come back under other addresses or must share one, a
guest that somebody pairs; meanwhile a driver is wished this and that of. What is checked is seen from outside: answers,
reported states, the devices themselves, and the stick.
"""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from drivers.zigbee.driver import ZigbeeDriver
from drivers.zigbee.ezsp.types import DecisionId, PolicyId, TrustCenterDecision
from drivers.zigbee.kind import KIND, ZigbeeSettings
from drivers.zigbee.node_record import Stage
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import door_lock, door_lock_users, identify, level_control, on_off, window_covering
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import ReportAttributes, WriteAttributes
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capabilities.door_lock import LockDoor, SetUserCode
from hubagent.model.capabilities.identify import IdentifyYourself
from hubagent.model.capabilities.level_control import MoveToLevel
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.thermostat import SetHeatingSetpoint
from hubagent.model.capabilities.window_covering import GoToPosition
from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId, Presence
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.model.event import ButtonPressed, Event, StateReported
from hubagent.runtime import PortError
from simulators.devices.blind import Blind
from simulators.devices.device import Battery
from simulators.devices.dimmer import Dimmer
from simulators.devices.lock import Lock
from simulators.devices.remote import DOUBLE, HOLD, SINGLE, Remote
from simulators.devices.room_air import RoomAir
from simulators.devices.sensors import DoorSensor, LeakSensor
from simulators.devices.switch import PowerStrip, Switch
from simulators.devices.thermostat import Mode, Thermostat
from simulators.faults import FaultyWire, WireFaults
from simulators.virtual_time import run_virtual
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.stick_faults import NAMES, StickFaults
from tests.helpers.witness import Wish, Witness, same
from tests.helpers.zigbee_home import PORT, ZigbeeHome
from tests.helpers.zigbee_watch import (
    Buttons,
    Errands,
    FrameCounters,
    SecretsInLog,
    Told,
    WatchedMemory,
    WatchedRecords,
    busy_with,
    oversized,
    unfinished,
)

PEACE_S: Final = 60.0
CHAOS_S: Final = 300.0
WISHES: Final = 14
FICKLE: Final = 0.4
"""How often somebody wishes something else a moment later."""
HANDS: Final = 12
PRESSES: Final = 8
HEALED_S: Final = 20 * 60.0
"""So long after the last fault what is reported of every device is what is, and who has no power is dead."""
HIDDEN_S: Final = 80 * 60.0
"""The same where a stick may have hung for a moment, or a device gave up what it had to say, and nobody could notice:
states are read every hour, of devices that sleep when they check in after that."""
TOLERANCE: Final = 2.5
"""Of levels and positions, in percent: a blind within two of where it should be has arrived."""
LOOKED_EVERY_S: Final = 10.0
"""At what could grow, and at what `doctor` is told."""
SOUND_PRESSES: Final = ((1, SINGLE, 0.3), (1, SINGLE, 1.5), (2, DOUBLE, 3.0), (3, SINGLE, 0.1), (3, SINGLE, 5.0))
"""Button, what is done to it, and the pause after that, on a sound air: all of it is to be heard."""
ENDED_S: Final = 120.0
"""On a sound air every question has its end within that, also one to who has no power."""
GUEST, THIEF = "guest", "thief"
SLEEPERS: Final = ("hall.lock", "bath.leak", "hall.remote")

MakeDriver = Callable[[ZigbeeHome], ZigbeeDriver]


def ordinary_driver(home: ZigbeeHome) -> ZigbeeDriver:
    return KIND.make(ZigbeeSettings(port=PORT), home.runtime, home.records)


class BadZigbeeHome:
    """One run of one seed. `run` returns what is wrong, in words; `trace` is a digest of all that was
    reported and sent."""

    def __init__(self, seed: int, make_driver: MakeDriver = ordinary_driver) -> None:
        self._rng = rng = random.Random(f"bad Zigbee home {seed}")
        self._second_thoughts = random.Random(f"second thoughts {seed}")
        self._make_driver = make_driver
        self._loop = asyncio.get_running_loop()
        self.home = home = ZigbeeHome(seed, version=rng.choice((13, 14, 16, 17, 18, 19)), large=rng.random() < 0.3)
        self._at_peace = rng.random() < 0.5
        self._wire = WireFaults(seed)
        self._faulty: FaultyWire
        self._driver: ZigbeeDriver | None = None
        self._life: asyncio.Task[None] | None = None
        """The driver's own; the agent may end it."""
        self._tasks: asyncio.TaskGroup
        self._hidden = False
        """Something may have been lost that nobody could notice."""
        self._problems: list[str] = []
        self._timers: list[asyncio.TimerHandle] = []
        self.buttons = Buttons()
        self.errands = Errands()
        home.network.traffic.lost = self._given_up
        self.errands.watch_stick(home.network)
        self._log = SecretsInLog()
        self._counters = FrameCounters()
        home.network.memory = WatchedMemory.of(home.network.memory, self._counters)
        home.records = WatchedRecords(self._counters)
        self._settle()
        self._witness = Witness(self.truth, TOLERANCE)
        for device in self._devices.values():
            device.listen(lambda _: self._witness.remember())
        self._witness.remember()

    def _settle(self) -> None:
        """The devices of this home; the last few are not in every one."""
        self.switch, self.strip, self.dimmer = Switch(), PowerStrip(2), Dimmer(self._loop)
        self.lock, self.leak = Lock(self._loop), LeakSensor(battery=Battery())
        self.remote = Remote(self._loop, battery=Battery())
        self.blind, self.door, self.heater = Blind(self._loop), DoorSensor(), Thermostat(RoomAir())
        self.guest, self.thief = Switch(), Switch()
        self._devices = {
            "hall.switch": self.switch,
            "desk.strip": self.strip,
            "hall.lamp": self.dimmer,
            "hall.lock": self.lock,
            "bath.leak": self.leak,
            "hall.remote": self.remote,
        }
        others = {"hall.blind": self.blind, "hall.door": self.door, "hall.heater": self.heater}
        self._devices |= {name: others[name] for name in self._rng.sample(sorted(others), 2)}
        for name, device in self._devices.items():
            self.errands.watch(name, self.home.place(name, device), self._remember)
        self._devices |= {GUEST: self.guest}
        self.errands.watch(GUEST, self.home.place(GUEST, self.guest, joined=False), self._remember)
        self.home.place(THIEF, self.thief, joined=False)

    def _remember(self) -> None:
        """What a device says of itself is how it is at this moment, though it may be on its way to something else."""
        self._witness.remember()

    def _given_up(self, message: ApsMessage) -> None:
        """A device had something to say by itself, and says it once: whoever was to hear it cannot know of that."""
        if message.profile == 0:
            return
        frame = ZclFrame.from_bytes(message.payload)
        self._hidden |= frame.cluster_specific or frame.command == ReportAttributes.COMMAND

    @property
    def trace(self) -> str:
        return f"{self._witness.trace} {hashlib.sha256(repr(self.errands.sent).encode()).hexdigest()}"

    def truth(self) -> dict[str, dict[str, Value]]:
        """What is the case, by device."""
        everything: dict[str, dict[str, Value]] = {
            "hall.switch": {"on": self.switch.on},
            "hall.lamp": {"on": self.dimmer.on, "level": self.dimmer.level},
            "desk.strip/1": {"on": self.strip.outlets[0].on},
            "desk.strip/2": {"on": self.strip.outlets[1].on},
            # With its motor running a lock says of itself that it is not fully locked (ZCL8 §7.3.2.12.1).
            "hall.lock": {"locked": self.lock.locked and not self.lock.moving, "door_open": self.lock.door_open},
            "bath.leak": {"leak": self.leak.wet},
            "hall.remote": {"battery_low": False},
            "hall.blind": {"position": self.blind.position},
            "hall.door": {"open": self.door.open},
            "hall.heater": {"heating_setpoint": self.heater.setpoints[Mode.HEAT]},
            GUEST: {"on": self.guest.on},
        }
        return {name: values for name, values in everything.items() if name.partition("/")[0] in self._devices}

    async def run(self) -> list[str]:
        home = self.home
        network = home.network.memory.network
        assert network is not None
        self._log.add("the network key", network.network_key)
        self._log.add("the link key", network.link_key)
        self._faulty = FaultyWire(home.stick, home.cable, self._wire)
        await home.cable.plug(self._faulty)
        with self._log:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                running = tasks.create_task(self._keep_running(), name="keep running")
                looking = tasks.create_task(self._look_on(), name="look on")
                if self._at_peace:
                    # Half of the homes are at peace until they are known, the others are found in the chaos.
                    await asyncio.sleep(PEACE_S)
                await self._chaos()
                await self._afterwards()
                looking.cancel()
                running.cancel()
            self._faulty.close()
            home.close()
        self._check_answers()
        problems = self._problems + self._witness.invented
        return problems + self.buttons.problems + self._counters.problems + self._log.problems

    async def _keep_running(self) -> None:
        """What the agent's supervisor does, as far as a driver may end; and a person who starts the agent anew."""
        while True:
            driver = self.home.driver = self._driver = self._make_driver(self.home)
            self.errands.listen_to(driver, self._who_is_at)
            life = self._life = self._tasks.create_task(self._live(driver), name="driver")
            try:
                await asyncio.wait((life,))
            finally:
                life.cancel()
            self._driver = None
            await asyncio.sleep(5)

    def _who_is_at(self, node_id: int) -> str | None:
        return next((name for name in self._devices if self.home.network.node_of(name) == node_id), None)

    async def _live(self, driver: ZigbeeDriver) -> None:
        try:
            await driver.run(self._reported)
        except PortError as error:
            self._log.search(str(error), "an error")

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_EVERY_S)
            if self._driver is not None:
                self._problems += oversized(self._driver)
                self._log.search(repr(self._driver.status()), "what doctor is told")

    # --- what happens

    async def _chaos(self) -> None:
        rng = self._rng
        self._start_faults()
        happenings: list[Callable[[], None]] = [self._wish] * WISHES + [self._use_hand] * HANDS
        happenings += [self._press] * PRESSES
        for rare in (self._pull_out, self._cut_power, self._upset_stick, self._move, self._restart_agent, self._pair):
            happenings += [rare] * rng.choice((0, 0, 1, 1, 2))
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
        self._wire.rates["unplug"] = rng.choice((0.0, 0.0, 0.0005))
        faults = self.home.stick.faults
        if rng.random() < 0.5:
            drawn = StickFaults.drawn(rng)
            for name in NAMES:
                setattr(faults, name, getattr(drawn, name))
        faults.asserts, faults.resets = (rng.choice((0.0, 0.0, 0.002)) for _ in range(2))
        faults.late_start = rng.random() < 0.2
        air = self.home.network.air
        air.loss, air.duplicates = rng.choice((0.0, 0.1, 0.3)), rng.choice((0.0, 0.05, 0.3))
        air.frame_s = rng.choice((0.003, 0.01))

    def _heal(self) -> set[str]:
        """Everything is well again, but for who has no power. Returns these."""
        for timer in self._timers:
            timer.cancel()
        self._wire.rates.clear()
        for name in NAMES:
            self.home.stick.faults.set(name, 0)
        air = self.home.network.air
        air.loss = air.duplicates = 0.0
        self.home.cable.replug()
        unpowered = set()
        for name in self._devices:
            if name not in (*SLEEPERS, GUEST) and self._rng.random() < 0.1:
                self.home.network.cut_power(name)
                unpowered.add(name)
            else:
                self._restore_power(name)
        return unpowered

    def _wish(self) -> None:
        rng = self._rng
        name = rng.choice([name for name in self.truth() if name not in ("hall.remote", "hall.door", GUEST)])
        self._wish_of(name)
        if self._second_thoughts.random() < FICKLE:
            self._timers.append(self._loop.call_later(self._second_thoughts.uniform(0, 6), self._wish_of, name))

    def _wish_of(self, name: str) -> None:
        rng, number = self._rng, len(self._witness.wishes)
        command: Command = SwitchOnOff(rng.random() < 0.5)
        # Another value for each wish, where there are as many, so that one that is carried out twice is seen.
        match name:
            case "hall.lamp":
                command = MoveToLevel(number * 7 % 100 + 1, rng.choice((0.0, 1.0, 4.0)))
            case "hall.lock":
                code = f"{rng.randrange(10**8):08}"
                command = rng.choice((LockDoor(rng.random() < 0.5), SetUserCode(1 + number % 9, code)))
                self._log.add("the code of a lock", code.encode())
            case "bath.leak":
                command = IdentifyYourself(number + 1)
            case "hall.blind":
                command = GoToPosition(number * 13 % 100)
            case "hall.heater":
                command = SetHeatingSetpoint(5.0 + 2 * (number % 13))
        self._send(name, command)

    def _send(self, name: str, command: Command) -> None:
        device = self._id_of(name)
        if device in self.home.devices and self._driver is not None:
            self._witness.send(self._driver, device, name, command)

    def _id_of(self, name: str) -> DeviceId:
        name, slash, part = name.partition("/")
        return f"zigbee-{self.home.nodes[name].eui64:016x}{slash}{part}"

    def _use_hand(self) -> None:
        rng = self._rng
        on = rng.random() < 0.5
        match rng.randrange(9):
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
            case 5:
                self.lock.turn(on)
            case 6:
                self.blind.go_to(rng.choice((0, 50, 100)))
            case 7:
                self.heater.set_setpoint(5.0 + 2 * rng.randrange(13))
            case 8 if not (on and self.lock.locked):
                self.lock.open_door(on)

    def _press(self) -> None:
        button, gesture = self._rng.choice((1, 2, 3, 4)), self._rng.choice((SINGLE, SINGLE, DOUBLE))
        if button <= 2 and self._rng.random() < 0.3:
            gesture = HOLD
        self._finger(button, gesture)

    def _finger(self, button: int, gesture: str) -> None:
        self.buttons.pressed(button, gesture)
        self.remote.press(str(button), gesture)

    def _pull_out(self) -> None:
        self._faulty.pull_out(self._rng.uniform(0.1, 60))

    def _upset_stick(self) -> None:
        """Something that strikes once, or lasts for a while."""
        faults, rng = self.home.stick.faults, self._rng
        name = rng.choice(("asserts", "resets", "silent", "deaf", "no_start"))
        faults.set(name, 1)
        self._hidden |= name == "silent"
        if NAMES[name] is bool:
            self._timers.append(self._loop.call_later(rng.uniform(1, 40), faults.set, name, 0))

    def _cut_power(self) -> None:
        name = self._rng.choice(sorted(self._devices))
        self.home.network.cut_power(name)
        if self._rng.random() < 0.7:
            self._timers.append(self._loop.call_later(self._rng.uniform(1, 60), self._restore_power, name))

    def _restore_power(self, name: str) -> None:
        """It was out of reach, or was switched off: then it begins anew."""
        if not self.home.network.stations[name].powered:
            self.home.network.restore_power(name)
            if self._rng.random() < 0.5 and name not in SLEEPERS:
                self.home.nodes[name].power_returned()

    def _move(self) -> None:
        """It has another address from now on, whoever hears of it."""
        name = self._rng.choice(sorted(self._devices))
        self._rng.choice((self.home.network.rejoin, self.home.network.provoke_conflict))(name)

    def _restart_agent(self) -> None:
        if self._life is not None:
            self._life.cancel()

    def _pair(self) -> None:
        patience_s = self._rng.choice((5.0, 20.0, 300.0))
        self._tasks.create_task(self._pair_guest(patience_s, presses=self._rng.random() < 0.7), name="pairing")

    async def _pair_guest(self, patience_s: float, *, presses: bool) -> bool:
        """Somebody opens the network, and goes away after a while. Whether that succeeded."""
        driver, done = self._driver, False
        if driver is None:
            return False
        try:
            async with asyncio.timeout(patience_s):
                async for step in driver.pair({}, 60):
                    if step.step == "ready" and presses:
                        self.home.network.press(GUEST)
                    done = done or step.step == "done"
        except (TimeoutError, DriverUnavailable, NotPossible):
            pass
        return done

    async def _afterwards(self) -> None:
        """The faults are over. When it has had its time, all must be as it should."""
        unpowered = self._heal()
        self._witness.remember()
        healed_s = HIDDEN_S if self._hidden else HEALED_S
        await asyncio.sleep(healed_s / 2)
        self.home.network.press(THIEF)
        before = self.buttons.copy()
        for button, gesture, pause_s in (
            (1, SINGLE, 0.3),
            (1, SINGLE, 1.5),
            (2, DOUBLE, 3),
            (3, SINGLE, 0.1),
            (3, SINGLE, 5),
        ):
            self._finger(button, gesture)
            await asyncio.sleep(pause_s)
        self._problems += self.buttons.missing(before)
        await asyncio.sleep(healed_s / 2)
        self._check_devices(unpowered)
        self._check_closed()
        if not await self._pair_guest(120.0, presses=True):
            self._problems.append("nobody can be paired any more")
        await asyncio.sleep(60)
        self._check_known(GUEST, Presence.READY)
        self._check_closed()
        await self._check_ended()

    # --- what is seen

    def _reported(self, event: Event) -> None:
        self.home.report(event)
        self._witness.reported(event)
        self._log.search(repr(event), "an event")
        if isinstance(event, ButtonPressed):
            self.buttons.told(event)
        elif isinstance(event, StateReported):
            self._state_reported(event)

    def _state_reported(self, event: StateReported) -> None:
        # A lamp that goes on is taken to have the level that it told last, until it tells the one that it has.
        values = {attribute: value for attribute, value in event.values.items() if attribute != "level"}
        self._witness.remember()
        for name in self.truth():
            if self._id_of(name) == event.device:
                self._witness.state_reported(name, values)

    # --- what must be true

    def _check_answers(self) -> None:
        self._problems += self._witness.wrong_answers(self._came_true)
        wishes = [(wish, _told(wish)) for wish in self._witness.wishes]
        for told in dict.fromkeys(told for _, told in wishes):
            alike = [str(wish) for wish, its in wishes if its == told]
            times = len(self.errands.done.get(told, ()))
            if times > len(alike):
                self._problems.append(f"{', '.join(alike)}: carried out {times} times in all")
        self._problems += self._overtaken(wishes)

    def _overtaken(self, wishes: list[tuple[Wish, Told]]) -> Iterator[str]:
        """What was wished last counts: nothing older of the same kind is sent after it.

        Each of the two may get lost in the air, and the stick sends it again by itself: that is not looked at.
        """
        times, sent = Counter(told for _, told in wishes), self.errands.sent
        once = [(wish, told) for wish, told in wishes if times[told] == 1 and told in sent]
        for (older, told), (newer, told_next) in combinations(once, 2):
            if (older.name, type(older.command)) != (newer.name, type(newer.command)) or not older.command.wanted():
                continue
            if older.command.wanted().keys() != newer.command.wanted().keys():
                continue
            at, before = sent[told][-1], sent[told_next][0]
            if at > before:
                yield f"{older} was sent at {at:.3f} s, after {newer} at {before:.3f} s"

    def _came_true(self, wish: Wish, until: float) -> bool:
        if wish.command.wanted():
            return self._witness.came_true(wish, until)
        return any(wish.sent_at <= at <= until for at in self.errands.done.get(_told(wish), ()))

    def _check_devices(self, unpowered: set[str]) -> None:
        for name in self._devices:
            if name in unpowered:
                # One that lost its power before anybody had asked for it cannot be known.
                if self._at_peace or self._id_of(name) in self.home.devices:
                    self._check_known(name, Presence.DEAD)
            elif name in SLEEPERS:
                self._check_known(name, Presence.READY, Presence.ASLEEP)
            elif name != GUEST:
                self._check_known(name, Presence.READY)
            elif self.home.network.node_of(GUEST) is not None:
                self._check_known(GUEST, Presence.READY)
            elif self._id_of(GUEST) in self.home.devices:
                # Whose button is pressed leaves its network first, and may not get into it again.
                self._check_known(GUEST, Presence.DEAD)

    def _check_known(self, name: str, *expected: Presence) -> None:
        network = self.home.network
        device = self.home.devices.get(self._id_of(name))
        if device is None:
            self._problems.append(f"nobody knows of {name}")
            return
        if device.presence not in expected:
            self._problems.append(f"{name} is called {device.presence.value}, but is {expected[0].value}")
        if expected[0] is Presence.DEAD:
            return
        if device.address != network.node_of(name):
            self._problems.append(f"{name} is at {network.node_of(name)}, and is taken to be at {device.address}")
        if device.name != name or self.home.record(name)["stage"] != Stage.COMPLETE.name:
            self._problems.append(f"the interview of {name} ({device.name}) has only come to {device.details}")
        for part, values in self.truth().items():
            if part.partition("/")[0] == name:
                self._check_states(part, values)

    def _check_states(self, name: str, values: dict[str, Value]) -> None:
        reported = self.home.states.get(self._id_of(name), {})
        for attribute, value in values.items():
            if not same(reported.get(attribute), value):
                said = reported.get(attribute)
                self._problems.append(f"{name}.{attribute} is {value}, reported is {said}")

    def _check_closed(self) -> None:
        network, chip = self.home.network, self.home.stick._chip
        if network.node_of(THIEF) is not None:
            self._problems.append("a thief has joined")
        if chip is None or chip.permits_joining or chip.transient_keys:
            self._problems.append("the stick is open for joining")
        elif chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.ALLOW_JOINS:
            self._problems.append("the trust centre lets anybody in")
        elif chip.policy(PolicyId.TC_KEY_REQUEST) != DecisionId.DENY_TC_KEY_REQUESTS:
            self._problems.append("the trust centre gives keys to anybody")
        still = [name for name, it in network.stations.items() if it.open_until > self._loop.time() and it.in_service]
        if still:
            self._problems.append(f"one may join through {', '.join(still)}")

    async def _check_ended(self) -> None:
        """Whoever is dead is called now and then, and states are read: that may be so at this moment, and ends."""
        driver = self._driver
        if driver is None:
            self._problems.append("the driver does not run")
            return
        self._problems += unfinished(driver)
        before = busy_with(driver)
        if before:
            await asyncio.sleep(ENDED_S)
            self._problems += [text for it, text in busy_with(driver).items() if it in before]


def _told(wish: Wish) -> Told:
    """What a device hears of a wish that reaches it."""
    name, _, part = wish.name.partition("/")
    command, at = wish.command, int(part or 1)
    match command:
        case SwitchOnOff(on):
            return _of(name, at, on_off.On() if on else on_off.Off())
        case MoveToLevel(level, transition_s):
            tenths = round(10 * (transition_s or 0))
            return _of(name, at, level_control.MoveToLevelWithOnOff(round(level * 2.54), tenths))
        case LockDoor(locked):
            return _of(name, at, door_lock.LockDoor() if locked else door_lock.UnlockDoor())
        case SetUserCode(user, code):
            return _of(name, at, door_lock_users.SetPin(user, 1, 0, code.encode()))
        case IdentifyYourself(seconds):
            return _of(name, at, identify.Identify(int(seconds)))
        case GoToPosition(position):
            return _of(name, at, window_covering.GoToLiftPercentage(round(100 - position)))
        case SetHeatingSetpoint(celsius):
            written = WriteAttributes((AttributeValue(0x0012, DataType.INT16, round(celsius * 100)),))
            return name, at, 0x0201, WriteAttributes.COMMAND, written.to_bytes()
    raise AssertionError(command)


def _of(name: str, endpoint: int, command: ClusterCommand) -> Told:
    return name, endpoint, command.CLUSTER, command.COMMAND, command.to_bytes()


def run_bad_home(seed: int, make_driver: MakeDriver = ordinary_driver) -> tuple[list[str], str]:
    """What is wrong, and the trace."""

    async def main() -> tuple[list[str], str]:
        home = BadZigbeeHome(seed, make_driver)
        return await home.run(), home.trace

    return run_virtual(main, seed=seed)
