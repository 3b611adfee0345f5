"""One node from minute to minute: whether it can be talked to, and who waits for its answers.

What is known of it for good is in its `NodeRecord`. A node here knows no port and sends nothing by itself: the driver
does, and tells the node what came of it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.supervision import SESSION_MAX, SupervisionReport
from drivers.zwave.command_classes.table import UnknownCommand
from drivers.zwave.node_record import NodeRecord, Stage
from drivers.zwave.presses import Presses
from drivers.zwave.serial_api.function import Callback
from hubagent.model.device import Presence

ATTEMPTS_BEFORE_DEAD = 3
"""Transmissions in a row without acknowledgement after which a node that should hear is called dead."""
WAITING_MAX = 32
"""Questions to one node at a time."""

_Answer = TypeVar("_Answer", bound=Command)


@dataclass(eq=False, slots=True)
class Waiting:
    """Somebody waits for a command of one type from one end point."""

    kind: type[Command]
    endpoint: int
    matches: Callable[[Any], bool] | None
    answer: "asyncio.Future[Any]"

    def takes(self, command: Command | UnknownCommand, endpoint: int) -> bool:
        if type(command) is not self.kind or endpoint != self.endpoint or self.answer.done():
            return False
        return self.matches is None or self.matches(command)


@dataclass(eq=False, slots=True)
class Node:
    """A node and its present. `record` is kept, everything else begins anew with the driver."""

    record: NodeRecord
    dead: bool = False
    heard_at: float = 0.0
    """When it last said or acknowledged something, by the loop's time, later by what the stick was deaf since; before
    the start of the driver where it has not yet."""
    awake: bool = False
    """Of a sleeping node: it can hear just now."""
    failures: int = 0
    """Transmissions without acknowledgement in a row."""
    waiting: list[Waiting] = field(default_factory=list)
    presses: dict[int, Presses] = field(default_factory=dict)
    """By end point, what its buttons said."""
    heard_session: tuple[int, bytes] | None = None
    """The last supervised command that was heard and carried out. The same again is ignored: neither carried out nor
    answered (Z-Wave specifications 2024A, CC:006C.01.01.11.00D)."""
    supervisions: dict[int, "asyncio.Queue[SupervisionReport]"] = field(default_factory=dict)
    """Our own sessions, by number, with the reports that came."""
    follows_sessions: bool = False
    """It has answered one of them: what it had heard before we started does not count any more."""
    last_callback: Callback | None = None
    """What the controller said of the last transmission, with the way that it took where it says so."""
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Nobody is in the middle of something with it."""
    _occupied: int = 0
    session: int = 0
    """The last supervision session of ours, 0-63."""
    questions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WAITING_MAX))
    """Whoever asks holds it: more questions than that wait for their turn."""

    node_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.node_id = self.record.node_id
        self.idle.set()

    @property
    def reachable(self) -> bool:
        """A transmission has a chance now."""
        return not self.record.sleeps or self.awake

    @property
    def presence(self) -> Presence:
        if self.dead:
            return Presence.DEAD
        if self.record.stage is not Stage.COMPLETE:
            return Presence.INTERVIEWING
        return Presence.READY if self.reachable else Presence.ASLEEP

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """While somebody is in the middle of something with the node, it is not sent to sleep."""
        self._occupied += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._occupied -= 1
            if self._occupied == 0:
                self.idle.set()

    def next_session(self) -> int | None:
        """A supervision session that is not open (SDS13783, Supervision: 0-63, another one for each command).

        None where all are open.
        """
        for _ in range(SESSION_MAX + 1):
            self.session = (self.session + 1) & SESSION_MAX
            if self.session not in self.supervisions:
                return self.session
        return None

    def wait_for(
        self, kind: type[_Answer], endpoint: int, matches: Callable[[_Answer], bool] | None
    ) -> "asyncio.Future[_Answer]":
        """Resolved by `take`. The caller removes it again with `stop_waiting`."""
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        assert len(self.waiting) < WAITING_MAX, "whoever asks holds `questions`"
        self.waiting.append(Waiting(kind, endpoint, matches, answer))
        return answer

    def stop_waiting(self, answer: "asyncio.Future[Any]") -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting.answer is not answer]

    def take(self, command: Command | UnknownCommand, endpoint: int) -> None:
        """Hand a command to the first who waits for it."""
        for waiting in self.waiting:
            if waiting.takes(command, endpoint):
                waiting.answer.set_result(command)
                return

    def transmitted(self, *, acknowledged: bool) -> None:
        """What became of a transmission on the air."""
        if acknowledged:
            self.failures = 0
            self.dead = False
            return
        self.failures += 1
        if self.record.sleeps:
            # A sleeping node that does not answer has gone to sleep: that is not death.
            self.awake = False
        elif self.failures >= ATTEMPTS_BEFORE_DEAD:
            self.dead = True
