"""I6: no key of the home in anything that people read or that leaves the house.

Looked at: every line of every log, down to DEBUG; events; what rules did; what `doctor` is told; what ended an agent;
and everything that the cloud has, which does not know where the hub has its files, either. Not looked at: the hub's own
files, which only it may read and which must hold the keys for a new stick; and the bytes between hub and stick, where
they belong. What a dead process logs did not happen.
"""

import json
import logging
from typing import Final

from hubagent.agent import Agent
from hubagent.model.driver import DriverUnavailable
from hubagent.model.event import ButtonPressed, CommandAnswered, CommandSent, Event, StateReported
from hubagent.rules.traces import Trace
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.secret_forms import Forms
from simulators.site.life import in_a_dead_process
from simulators.site.site import Site
from simulators.zigbee.dongle import ZigbeeDongle
from simulators.zigbee.memory import WELL_KNOWN_KEY
from simulators.zigbee.trust_center import device_key

LOOKED_EVERY_S: Final = 1800.0
"""At what `doctor` is told, and for keys that are new."""
SHOWN: Final = 160
_WITHOUT_TEXT: Final = (StateReported, ButtonPressed, CommandSent, CommandAnswered)
"""Numbers and words of the vocabulary; of an answer only the detail is somebody's own text."""
_IN_USE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'history'"


class Secrets(Check):
    name = "secrets"

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._forms = Forms()
        self._log = _EveryLine(self)
        self._root = logging.getLogger()
        self._level = self._root.level

    def begin(self) -> None:
        self._know()
        self._root.addHandler(self._log)
        self._level = self._root.level
        self._root.setLevel(logging.DEBUG)
        self.site.hub.on_made.append(self._made)
        if self.site.hub.agent is not None:
            self._made(self.site.hub.agent)
        self._later()

    def end(self) -> list[str]:
        self._timer.cancel()
        self._root.removeHandler(self._log)
        self._root.setLevel(self._level)
        self._know()
        self._look_at_status()
        for error in (*self.site.hub.crashes, *self.site.hub.bad_ends):
            self.look(f"{error!r} {error}", "what ended an agent")
        self._look_at_cloud()
        return self.told(())

    def look(self, text: str, where: str) -> None:
        for name in self._forms.found_in(text):
            self.saw(f"{name} is in {where} at {self._loop.time():.3f} s: {text[:SHOWN]!r}")

    # --- what is secret

    def _know(self) -> None:
        for dongle in self.site.world.dongles.values():
            if isinstance(dongle, ZigbeeDongle):
                self._know_zigbee(dongle)

    def _know_zigbee(self, dongle: ZigbeeDongle) -> None:
        memory = dongle.network.memory
        keys = {f"the key of {line.eui64:016x}": line.key for line in memory.keys.values()}
        if memory.network is not None:
            keys |= {"the network key": memory.network.network_key, "the link key": memory.network.link_key}
            if memory.network.next_key is not None:
                keys["the next network key"] = memory.network.next_key
            for name, node in dongle.nodes.items():
                keys[f"the link key of {name}"] = device_key(memory.network, node.eui64)
        for name, key in keys.items():
            # The one that devices without a code of their own join with stands in every manual.
            if key != WELL_KNOWN_KEY:
                self._forms.add(name, key)

    # --- where it is looked for

    def _made(self, agent: Agent) -> None:
        self._know()
        agent.home.listen(self._heard)
        agent.automation.traces.listen(self._traced)

    def _traced(self, trace: Trace) -> None:
        if not in_a_dead_process():
            self.look(str(trace), "what rules did")

    def _heard(self, event: Event, _previous: object) -> None:
        if isinstance(event, CommandAnswered):
            if event.detail:
                self.look(event.detail, "an event")
        elif not isinstance(event, _WITHOUT_TEXT):
            self.look(repr(event), "an event")

    def _later(self) -> None:
        self._timer = self._loop.call_later(LOOKED_EVERY_S, self._looks)

    def _looks(self) -> None:
        self._know()
        self._look_at_status()
        self._later()

    def _look_at_status(self) -> None:
        agent = self.site.hub.agent
        for radio in () if agent is None else agent.radios.values():
            try:
                status = radio.driver().status()
            except DriverUnavailable:
                continue
            self.look(repr(status), "what doctor is told")

    def _look_at_cloud(self) -> None:
        cloud = self.site.cloud
        if cloud is None:
            return
        for database in cloud.databases:
            if database.execute(_IN_USE).fetchall():
                for kind, content in database.execute("SELECT kind, content FROM history"):
                    self._look_outside(str(content, "latin-1"), f"a message {kind!r} to the cloud")
        if cloud.service is not None:
            self.look(json.dumps(self.site.cloud_picture()), "what the cloud shows")

    def _look_outside(self, text: str, where: str) -> None:
        """Where the hub has its files is nobody else's business; and in a simulation it is another place each time."""
        self.look(text, where)
        found = text.find(str(self.site.hub.disk.folder.parent))
        if found >= 0:
            self.saw(f"where the hub has its files is in {where}: {text[max(0, found - SHOWN) : found + SHOWN]!r}")


class _EveryLine(logging.Handler):
    def __init__(self, check: Secrets) -> None:
        super().__init__(logging.DEBUG)
        self._check = check
        self.lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        if in_a_dead_process():
            return
        self.lines += 1
        text = record.getMessage()
        if record.exc_info:
            text += logging.Formatter().formatException(record.exc_info)
        self._check.look(text, f"the log of {record.name}")
