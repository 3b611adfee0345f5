"""I5: what was on disk when a process ended is what the next one finds, and knows.

A durable record has 100 ms to get there, one that is not durable a second (store.py); then it is there after a kill.
After a power cut a durable one is there too, and one that is not half a minute later. While the disk refuses, and as
long as the store waits before it tries again, nothing is promised. What rules have synced is there at once: else a step
that was done is done again. Who was told to end (SIGTERM), and did so before anything else ended it, has written
everything, the last words too. The files that each life finds are sound, unless a bit of one had changed by itself.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.home import Previous
from hubagent.model.device import DeviceId
from hubagent.model.event import DeviceChanged, DeviceJoined, DeviceLeft, DriverStatus, Event
from hubagent.rules.executor import effects
from hubagent.rules.executor.executor import MODE, VARIABLE
from hubagent.store.store import RECORD_DELAY_S, STATE_DELAY_S, SYNC_DELAY_S
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.refusals import NEVER, RECORDS, SLACK_S, Refusals
from simulators.site.disk import Disk
from simulators.site.life import in_a_dead_process
from simulators.site.process import Process
from simulators.site.site import Site

FILES: Final = (RECORDS, "hub.db.backup", "uplink/outbox.db")
_NAMING: Final = (DeviceJoined, DeviceChanged, DeviceLeft, DriverStatus)
_OWN_IDEAS: Final = frozenset({"rules", "traces", "store"})
"""Shelves on which a new agent may put something before anybody can listen."""

Place = tuple[str, str]
"""Shelf and key."""
Values = dict[str, dict[str, Any]]
"""By capability and attribute."""


@dataclass(frozen=True, slots=True)
class _Kept:
    record: str | None
    """As JSON; None: removed."""
    at: float
    durable: bool


@dataclass(frozen=True, slots=True)
class _Ended:
    """How things were when a process ended."""

    at: float
    power: bool
    promised_before: float
    """What was put at that time or later may be lost."""
    names: dict[DeviceId, str]
    states: dict[Place, Values]
    """Those that had the time to be written."""
    in_order: bool = False
    """It had the time for everything."""


class Restarts(Check):
    name = "restarts"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._kept: dict[Place, _Kept] = {}
        self._touched: dict[Place, float] = {}
        """States, which are asked for when they are written: when they last changed."""
        self._agent: Agent | None = None
        self._named: dict[DeviceId, float] = {}
        """When a device came, went or got its name."""
        self._found: dict[Place, str] = {}
        """On disk, by the life that runs."""
        self._ended: _Ended | None = None
        self._refusals = Refusals(site)
        self._rotten = self._read_rotten = 0
        """Of the changes of bits: how many an agent has got over, and how many there were when the last life began."""

    def begin(self) -> None:
        hub = self.site.hub
        hub.on_power.append(self._power)
        hub.on_made.append(self._made)
        hub.on_end.append(self._ends)
        self._refusals.listen()
        if hub.agent is not None:
            self._listen(hub.agent)

    # --- while it lives

    def _listen(self, agent: Agent) -> None:
        self._agent = agent
        store = agent.automation._records._store
        put = store.put

        def heard(shelf: str, key: str, record: str | Callable[[str], Any] | None, *, durable: bool) -> None:
            if in_a_dead_process():
                pass
            elif callable(record):
                self._kept.pop((shelf, key), None)
                self._touched[shelf, key] = self._loop.time()
            else:
                self._touched.pop((shelf, key), None)
                self._kept[shelf, key] = _Kept(record, self._loop.time(), durable)
            put(shelf, key, record, durable=durable)

        store.put = heard  # type: ignore[method-assign]  # an ear at its slot
        performers = agent.automation._performers
        sync = performers[effects.Sync]

        def synced(effect: effects.Sync) -> None:
            sync(effect)
            if not in_a_dead_process() and not self._refusals.now:
                self._is_on_disk()

        performers[effects.Sync] = synced
        names = {device.id: device.name for device in agent.home.devices.values()}

        def look(event: Event, _previous: Previous) -> None:
            if isinstance(event, _NAMING) and not in_a_dead_process():
                self._look_at_names(agent, names)

        agent.home.listen(look)

    def _is_on_disk(self) -> None:
        """What rules have to say is, before they do what is next: else it is done again after a restart."""
        for place, kept in self._kept.items():
            if place[0] == "rules":
                self._kept[place] = replace(kept, at=NEVER)

    def _look_at_names(self, agent: Agent, before: dict[DeviceId, str]) -> None:
        now = {device.id: device.name for device in agent.home.devices.values()}
        for identifier in sorted(now.keys() | before.keys()):
            if now.get(identifier) != before.get(identifier):
                self._named[identifier] = self._loop.time()
        before.clear()
        before.update(now)

    # --- how it ends

    def _ends(self, power: bool) -> None:
        agent, self._agent = self._agent, None
        if agent is None:
            # It had not come far enough to know anything new.
            return
        now = self._loop.time()
        process, promised = self.site.hub._process, self._refusals.promised_before()
        names = {device.id: device.name for device in agent.home.devices.values()}
        latest = min(promised, now) - _delay_s(durable=False, power=power)
        ended = _Ended(now, power, promised, names, self._states(agent, latest))
        self._ended = ended
        if process is not None and not power and not self.site.hub.disk.dead:
            process.task.add_done_callback(lambda _: self._has_ended(agent, process, ended))

    def _has_ended(self, agent: Agent, process: Process, ended: _Ended) -> None:
        """It was told to end, and has done all that it does then; unless it was taken away meanwhile, or could not."""
        if self._ended is not ended:
            return
        if self.site.hub.disk.dead:
            # Be it by the power, which went at one of its last writes and takes with it what was not synced yet.
            latest = min(ended.promised_before, ended.at) - _delay_s(durable=False, power=True)
            self._ended = replace(ended, power=True, states=self._states(agent, latest))
        elif process.error is None:
            states = self._states(agent, self._loop.time())
            self._ended = replace(ended, at=self._loop.time(), states=states, in_order=True)

    def _states(self, agent: Agent, latest: float) -> dict[Place, Values]:
        """But for the one that changed just now, of which the store has not been told: rules are the first to hear."""
        untold = agent.home._unkept
        return {
            (shelf, key): {
                capability: {name: reading.value for name, reading in readings.items()}
                for capability, readings in agent.home.state(key).items()
            }
            for (shelf, key), at in sorted(self._touched.items())
            if at <= latest and shelf == "states" and key in agent.home.devices and key != untold
        }

    # --- what the next one finds

    def _power(self, disk: Disk) -> None:
        self._read_rotten = len(self.site.hub.rotten)
        rotten = self._read_rotten > self._rotten
        copy = disk.folder.with_name(f"{disk.folder.name}.looked-at")
        shutil.copytree(disk.folder, copy, ignore=shutil.ignore_patterns("*-shm"))
        try:
            found = None
            if not self.site.hub.rotten:
                for name in FILES:
                    self._look_at(copy / name)
            if (copy / RECORDS).exists() and not rotten:
                found = _records(copy / RECORDS)
        finally:
            shutil.rmtree(copy)
        if found is not None and self._ended is not None:
            self._compare(found, self._ended)
        if rotten:
            self._ended = None
        self._found = {} if found is None else found
        self._touched.clear()
        self._kept = {
            place: _Kept(record, NEVER, durable=True)
            for place, record in self._found.items()
            if place[0] not in _OWN_IDEAS
        }

    def _look_at(self, path: Path) -> None:
        if not path.exists() or not path.stat().st_size:
            return
        try:
            with closing(sqlite3.connect(path)) as database:
                said = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
        except sqlite3.Error as error:
            said = [str(error)]
        if said != ["ok"]:
            self.saw(
                f"life {self.site.hub.lives + 1} at {self._loop.time():.3f} s finds {path.name}: {'; '.join(said)}"
            )

    def _compare(self, found: dict[Place, str], ended: _Ended) -> None:
        how = "a power cut" if ended.power else "its orderly end" if ended.in_order else "its end"
        for place, kept in sorted(self._kept.items()):
            delay_s = _delay_s(durable=kept.durable, power=ended.power)
            written = ended.in_order or kept.at <= min(ended.promised_before, ended.at) - delay_s
            if not written or found.get(place) == kept.record:
                continue
            self._lost(place, _brief(kept.record), found, how, ended)
        for place, values in ended.states.items():
            record = json.loads(found.get(place, "{}"))
            now = {name: {one: it[0] for one, it in readings.items()} for name, readings in record.items()}
            if now != values:
                self._lost(place, f"{values!r}"[:200], found, how, ended)

    def _lost(self, place: Place, was: str, found: dict[Place, str], how: str, ended: _Ended) -> None:
        has = _brief(found.get(place))
        self.saw(f"{'/'.join(place)} was {was}, and after {how} at {ended.at:.3f} s the disk has {has}")

    def _made(self, agent: Agent) -> None:
        ended, self._ended = self._ended, None
        # Until one comes so far, on a disk that can be written again, the rotten files are those that all of them find.
        self._rotten = self._read_rotten
        if ended is not None:
            self._remembers(agent, ended)
        self._knows_its_rules(agent)
        self._listen(agent)

    def _knows_its_rules(self, agent: Agent) -> None:
        """Mode and variables are as the disk has them, where the rule files still know them."""
        picture = agent.automation.executor.picture
        for (shelf, key), record in sorted(self._found.items()):
            if shelf != "rules" or not (key == MODE or key.startswith(VARIABLE)):
                continue
            kept = json.loads(record)
            cell = picture.mode if key == MODE else picture.variable(key.removeprefix(VARIABLE))
            value = kept.get("mode" if key == MODE else "value")
            known = value in picture.modes if key == MODE else cell is not None
            if cell is not None and known and cell.value != value:
                self.saw(f"{key} is {value!r} on disk, and {cell.value!r} to life {self.site.hub.lives}")

    def _remembers(self, agent: Agent, ended: _Ended) -> None:
        before = min(ended.promised_before, ended.at) - RECORD_DELAY_S - SLACK_S
        names = {device.id: device.name for device in agent.home.devices.values()}
        for identifier in sorted(names.keys() | ended.names.keys()):
            was, now = ended.names.get(identifier), names.get(identifier)
            # One that was not in its network is kept on disk all the same, and shown again until a driver says so.
            if was is not None and was != now and self._named.get(identifier, NEVER) < before:
                self.saw(f"{identifier} was called {was!r} before {ended.at:.3f} s, and is {now!r} to the next agent")


def _records(path: Path) -> dict[Place, str] | None:
    """None where they cannot be read, which is told of elsewhere."""
    try:
        with closing(sqlite3.connect(path)) as database:
            rows = database.execute("SELECT shelf, key, record FROM records").fetchall()
    except sqlite3.Error:
        return None
    return {(shelf, key): record for shelf, key, record in rows}


def _delay_s(*, durable: bool, power: bool) -> float:
    """Until a record is safe from such an end."""
    if durable:
        return RECORD_DELAY_S + SLACK_S
    return STATE_DELAY_S + (SYNC_DELAY_S if power else 0.0) + SLACK_S


def _brief(record: str | None) -> str:
    return "nothing" if record is None else record[:80]
