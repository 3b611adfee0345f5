"""One hub, one cloud, and everything that goes wrong between them, by seed; and what must be true all the same."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.terms import Bound, Bounds
from simulators.internet.broker import Broker
from simulators.internet.direct import Direct
from simulators.internet.network import Internet, Weather
from simulators.runtime import START
from simulators.scratch import scratch_folder
from tests.helpers.uplink_checks import check
from tests.helpers.uplink_cloud import SeedCloud
from tests.helpers.uplink_home import LAMPS, Lamps
from tests.helpers.uplink_hub import HUB, HubLife, Numbered

CHAOS_S: Final = 150.0
HEALED_S: Final = 210.0
"""So long after the last fault the twin is the home, and every message has arrived: the longest back-off is 120 s, and
a cloud that was away is asked every 75 s at the latest."""
AN_HOUR_S: Final = 3600.0 * 1.3
"""So long after it what was lost without a trace, a wish, is noticed: hubs greet once an hour."""
"""A file system without a disk, where there is one."""


class World:
    """One run of one seed. `run` returns what is wrong, in words."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"uplink {seed}")
        self.loop = asyncio.get_running_loop()
        self.weather = Weather(delay_s=self.rng.choice([0.0005, 0.02, 0.15]))
        if self.rng.random() < 0.5:
            self.weather.jitter_s = self.rng.uniform(0, 0.3)
        self.broker: Broker | None = None
        self.server: Direct | Broker = Direct()
        if self.rng.random() < 0.6:
            self.server = self.broker = Broker(
                self.loop,
                random.Random(self.rng.random()),
                queue_max=self.rng.choice([30, 1000, 100_000]),
                expires=self.rng.random() < 0.7,
            )
        self.net = Internet(self.loop, random.Random(self.rng.random()), self.weather, self.server)
        self.cloud = SeedCloud(self.server, random.Random(self.rng.random()), lambda: START + self.loop.time())
        self.lamps = Lamps(random.Random(self.rng.random()))
        self.numbered = Numbered()
        self.bounds = _bounds(self.rng)
        self.wall_off = self.rng.choice([0.0, -START, 86_400.0])
        self.hub: HubLife | None = None
        self.problems: list[str] = []
        self.lives = 0
        self.faults: Counter[str] = Counter()
        self._scratch = scratch_folder("uplink-")
        self._folder = Path(self._scratch.name)
        self._next = self._folder / "0"
        self._tasks: asyncio.TaskGroup
        self._task: asyncio.Task[Any] | None = None
        self._healed = False

    async def run(self) -> list[str]:
        with self._scratch:
            async with asyncio.TaskGroup() as self._tasks:
                await self._live()
        return self.problems

    async def _live(self) -> None:
        if self.rng.random() < 0.8:
            self.cloud.start()
        self.start_hub()
        ends_at = self.loop.time() + CHAOS_S
        while self.loop.time() < ends_at:
            await asyncio.sleep(self.rng.expovariate(1.0))
            self._something_happens()
        self._heal()
        self._last_words()
        await asyncio.sleep(HEALED_S)
        assert self.hub is not None
        self.hub.stir()
        await asyncio.sleep(70)
        self.hub.stir()
        await asyncio.sleep(10)
        self.problems += check(self, hour_passed=False)
        if not self.problems:
            await asyncio.sleep(AN_HOUR_S)
            self.problems += check(self, hour_passed=True)
        await self._end_hub()
        self.cloud.close()
        if self.broker is not None:
            self.broker.close()

    # The hub's process.

    def start_hub(self) -> None:
        if self.hub is not None:
            return
        self.lives += 1
        self._next.mkdir(parents=True, exist_ok=True)
        self.hub = HubLife(
            self._next,
            self.net,
            self.lamps,
            self.numbered,
            random.Random(self.rng.random()),
            lambda: START + self.loop.time() + self.wall_off,
            self.bounds,
            self._power_went,
        )
        self._task = self._tasks.create_task(self.hub.uplink.run(), name="uplink")

    def _power_went(self) -> None:
        # In the middle of a write: the process is taken away in the next step.
        self.loop.call_soon(self.kill_hub)

    def kill_hub(self) -> None:
        if self.hub is None:
            return
        life, self.hub = self.hub, None
        task, self._task = self._task, None
        assert task is not None
        life.die()
        self._next = life.files(self._folder / str(self.lives))
        task.cancel()
        task.add_done_callback(lambda _: life.let_go())
        self.loop.call_later(self.rng.choice([0.1, 2.0, 20.0]), self.start_hub)

    async def _end_hub(self) -> None:
        assert self.hub is not None
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait([self._task])
        self.hub.outbox.close()

    # What happens.

    def _something_happens(self) -> None:
        draw = self.rng.random()
        if draw < 0.55:
            self._home_happens()
        elif draw < 0.75:
            self._people_happen()
        else:
            fault = self.rng.choice(self._faults())
            self.faults[fault.__name__] += 1
            fault()

    def _home_happens(self) -> None:
        if self.hub is None:
            return
        draw = self.rng.random()
        if draw < 0.3:
            self.hub.lamp_home.hand(self.rng.choice(LAMPS))
            return
        if draw < 0.4:
            home = self.hub.lamp_home
            home.guest_goes() if self.lamps.guest_is_here else home.guest_comes()
            return
        count = self.rng.choice([1, 1, 1, 1, 2, 5, 20, 150])
        for _ in range(count):
            if self.hub is not None:
                message_class = self.rng.choice([*MessageClass, MessageClass.EVENT, MessageClass.TELEMETRY])
                self.hub.say(message_class, self.rng.choice([0, 0, 10, 200, 3000] if count < 20 else [0, 50]))

    def _people_happen(self) -> None:
        if self.rng.random() < 0.75:
            self.cloud.order(HUB, self.rng.choice(LAMPS), self.rng.choice([0.3, 2.0, 30.0, 600.0]))
        else:
            self.cloud.wish(HUB, {lamp: {"on": self.rng.random() < 0.5} for lamp in LAMPS})

    def _faults(self) -> list[Callable[[], None]]:
        faults = [
            self.kill_hub,
            self.cut_power,
            self.crash_cloud,
            self.crash_cloud_at_a_commit,
            self.cut_lines,
            self.freeze,
            self.flap,
            self.refuse,
            self.slow_down,
            self.step_the_clock,
            self.change_the_window,
            self.slow_acks,
            self.double,
            self.say_something_old,
            self.say_goodbye,
        ]
        if self.broker is not None:
            faults += [self.kill_broker, self.kill_broker, self.refuse_frames]
        if self.rng.random() < 0.1:
            faults.append(self.forget)
        return faults

    # Faults. Each ends by itself, or when all is healed.

    def cut_power(self) -> None:
        if self.hub is not None and not self._healed:
            self.hub.disk.cut_at = self.hub.disk.writes + self.rng.randint(1, 6)

    def crash_cloud(self) -> None:
        self.cloud.crash()
        self._later(self._start_cloud, 0.05, 30)

    def crash_cloud_at_a_commit(self) -> None:
        if self.cloud.service is not None:
            self.cloud.crash_at(self.rng.randint(1, 5), self.crash_cloud, before=self.rng.random() < 0.5)

    def forget(self) -> None:
        self.cloud.forget()
        self._later(self._start_cloud, 0.05, 5)

    def cut_lines(self) -> None:
        self.net.cut()

    def freeze(self) -> None:
        self.net.freeze()
        self._later(self.net.thaw, 0.5, 40)

    def flap(self) -> None:
        for number in range(self.rng.randint(2, 8)):
            self.loop.call_later(number * self.rng.uniform(0.1, 2), self.net.cut)

    def refuse(self) -> None:
        self.weather.refusing = True
        self._later(lambda: setattr(self.weather, "refusing", False), 1, 30)

    def slow_down(self) -> None:
        self.weather.bytes_per_s = self.rng.uniform(3_000, 50_000)
        self._later(lambda: setattr(self.weather, "bytes_per_s", None), 1, 30)

    def step_the_clock(self) -> None:
        self.wall_off += self.rng.choice([-86_400.0, -5.0, 5.0, 3 * 86_400.0])

    def change_the_window(self) -> None:
        self._set_window(self.rng.choice([0, 1, 7, 256, 4096]))
        self._later(lambda: self._set_window(1024), 1, 30)

    def slow_acks(self) -> None:
        self.cloud.manners.late_s = self.rng.uniform(0.5, 12)
        self._later(lambda: setattr(self.cloud.manners, "late_s", 0.0), 5, 40)

    def double(self) -> None:
        self.cloud.manners.doubled = 0.5
        self._later(lambda: setattr(self.cloud.manners, "doubled", 0.0), 1, 20)

    def say_something_old(self) -> None:
        self.cloud.say_something_old()

    def say_goodbye(self) -> None:
        if self.cloud.service is not None and self.cloud.service.consumer.hubs():
            self.cloud.service.bye(HUB, "a restart", self.rng.choice([0.0, 1.0, 10.0]))

    def kill_broker(self) -> None:
        assert self.broker is not None
        self.broker.kill()
        self._later(self._start_broker, 0.1, 20)

    def refuse_frames(self) -> None:
        assert self.broker is not None
        self.broker.refused_share = 0.3
        self._later(lambda: setattr(self.broker, "refused_share", 0.0), 1, 20)

    def _start_cloud(self) -> None:
        if self.cloud.service is None:
            self.cloud.start()

    def _start_broker(self) -> None:
        assert self.broker is not None
        if not self.broker.up:
            self.broker.start()
            self.loop.call_later(self.rng.uniform(0.01, 0.3), self.cloud.listen)

    def _last_words(self) -> None:
        """What nothing follows, and is lost all the same: there is no hole by which anybody could notice."""
        if self.rng.random() < 0.5:
            self.loop.call_later(HEALED_S / 3, self._crash_before_a_commit)
            self.loop.call_later(HEALED_S / 3, self._say_something, LAMPS[0])
            # And how another lamp is, which is not all that changed.
            self.loop.call_later(HEALED_S / 3 + 2, self._switch, LAMPS[1])

    def _say_something(self, lamp: str) -> None:
        self._switch(lamp)
        for message_class in MessageClass:
            if self.hub is not None:
                self.hub.say(message_class)

    def _switch(self, lamp: str) -> None:
        if self.hub is not None:
            self.hub.lamp_home.hand(lamp)

    def _crash_before_a_commit(self) -> None:
        def crash() -> None:
            self.cloud.crash()
            self.loop.call_later(0.5, self._start_cloud)

        if self.cloud.service is not None:
            self.cloud.crash_at(self.rng.choice([1, 2]), crash, before=True)

    def _set_window(self, window: int) -> None:
        self.cloud.bounds = replace(self.cloud.bounds, window=window)
        if self.cloud.service is not None:
            self.cloud.service.consumer.bounds = self.cloud.bounds

    def _later(self, what: Callable[[], object], least_s: float, most_s: float) -> None:
        self.loop.call_later(self.rng.uniform(least_s, most_s), what)

    def _heal(self) -> None:
        self._healed = True
        self.net.thaw()
        self.weather.refusing, self.weather.bytes_per_s = False, None
        self.cloud.manners.late_s = self.cloud.manners.doubled = 0.0
        if self.broker is not None:
            self.broker.refused_share = 0.0
            self._start_broker()
        if self.hub is not None:
            self.hub.disk.cut_at = 0
        self._set_window(1024)
        self._start_cloud()
        self.loop.call_later(1.0, self.cloud.listen)
        self.start_hub()


def _bounds(rng: random.Random) -> Bounds:
    """Small ones in a third of the runs, so that something has to go."""
    if rng.random() < 0.67:
        return Bounds()
    sizes = {MessageClass.ALARM: 20_000, MessageClass.RESULT: 50_000}
    return Bounds({it: Bound(sizes.get(it, 12_000), 30 * 86_400.0) for it in MessageClass})
