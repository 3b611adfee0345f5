"""A recording played in virtual time, in a whole site: devices, radio bytes, drivers, home, rules, uplink and cloud."""

import asyncio
import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from hubagent.agent import Agent
from simulators.home import HomePlan
from simulators.home_rules import never_running
from simulators.recording.format import Done, Event
from simulators.recording.hands import seen
from simulators.recording.player import Counts, Player, play
from simulators.recording.reading import Recording
from simulators.recording.tally import Tally
from simulators.runtime import START
from simulators.site.site import SETTLE_MAX_S, Setting, Site, running_site

LEAD_S: Final = SETTLE_MAX_S + 60.0
"""So long before the recording begins the hub is switched on, so that it knows its devices by then."""
CALENDAR_S: Final = 28 * 365.25 * 86_400.0
"""After 28 years every day is the same day of the week and of the year (from 1901 to 2099)."""
EARLIEST: Final = START + LEAD_S
_Event = TypeVar("_Event", bound=Event)
AFTER_S: Final = 60.0
"""So long after the end the home is left alone, that what was set off may end."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a recording is to be played."""

    plan: HomePlan
    """With a device for each of the recording's, by the same name."""
    folder: Path
    """An empty one: the hub's disk."""
    rules: tuple[Path, ...] = ()
    seed: object = 1
    hub_too: bool = False
    """What the hub did once is played as well."""
    since: float = 0.0
    """At this t the home is as it was by then, and only what follows happens."""
    until: float | None = None
    """It ends at this t: what comes then is not played, and where nothing comes it is waited for. None: it ends with
    the last event."""
    after_s: float = AFTER_S
    cloud: bool = True
    faults: Sequence[Done] = ()
    """Actions beside the recording's own, in their order."""
    made: Callable[[Agent], None] = lambda _agent: None
    """Called with each life of the hub, before anything happens in it."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it."""

    counts: Counts
    tally: Tally
    ended: float
    """The t at which it ended: `until`, or that of the last event. What `after_s` says came after it."""
    truth: dict[str, dict[str, Any]]
    """By device, what could be seen of it at the end."""
    believed: dict[str, dict[str, Any]]
    """What the hub thinks of them."""
    crashes: int
    """How often the hub ended without anybody's doing."""
    cloud_messages: int
    trace: str
    """The hash of all bytes."""
    remarks: tuple[str, ...] = ()
    """Rules that can never run here, and why."""


async def replay(recording: Recording, wishes: Wishes) -> Played:
    """On a virtual loop. Raises BadRecording where the file goes wrong; NotSettled where a fault does not let the hub
    know its devices; what ends the agent in order and should not."""
    loop = asyncio.get_running_loop()
    header = recording.header
    begins = loop.time() + LEAD_S - wishes.since
    tally = Tally(lambda: loop.time() - begins, since=wishes.since)
    setting = Setting(
        wishes.plan,
        wishes.folder,
        seed=wishes.seed,
        rules=wishes.rules,
        start=header.start + shift_of(header.start) - begins,
        cloud=wishes.cloud,
        still=True,
        cuts=False,
    )
    async with running_site(setting, power=False) as site:
        site.hub.on_made += [tally.listen, wishes.made]
        player = Player(site.world, hub_too=wishes.hub_too)
        player.begin(header)
        events = player.catch_up(_until(recording.events, wishes.until), wishes.since)
        site.hub.power_on()
        await site.settle()
        remarks = _remarks(site)
        faults = _until(iter(wishes.faults), wishes.until)
        ended = await play(player, heapq.merge(events, faults, key=_t), begins)
        if wishes.until is not None:
            ended = max(ended, wishes.until)
            await asyncio.sleep(max(0.0, begins + ended - loop.time()))
        await asyncio.sleep(wishes.after_s)
        return _played(site, player, tally, ended, remarks)


def _remarks(site: Site) -> tuple[str, ...]:
    agent = site.hub.agent
    if agent is None:
        # A fault has ended it, and what becomes of that is counted.
        return ()
    return tuple(never_running(agent.automation.executor.unbound, site.world.devices))


def _played(site: Site, player: Player, tally: Tally, ended: float, remarks: tuple[str, ...]) -> Played:
    return Played(
        counts=player.counts,
        tally=tally,
        ended=ended,
        truth={name: seen(placed.device) for name, placed in site.world.devices.items()},
        believed=site.picture(),
        crashes=len(site.hub.crashes),
        cloud_messages=0 if site.cloud is None else sum(map(len, site.cloud.stored())),
        trace=site.trace.hash,
        remarks=remarks,
    )


def shift_of(start: float) -> float:
    """By how much later a recording is played, for the hub's sake: no hub believes a clock that shows a time before it
    was made. Weekdays, dates but for the year, and by today's rules the changes of the clock are those of then.
    """
    return max(0, math.ceil((EARLIEST - start) / CALENDAR_S)) * CALENDAR_S


def _until(events: Iterator[_Event], until: float | None) -> Iterator[_Event]:
    for event in events:
        if until is not None and event.t >= until:
            return
        yield event


def _t(event: Event) -> float:
    return event.t
