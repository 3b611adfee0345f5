"""What a running simulated home may be asked besides `sim do`, through its control socket: what happens in it, event by
event, and to be played one.

{"record": {}}            ->  {"ok": true, "header": {...}, "t": 0.0, "next": 0}
{"record": {"since": 0}}  ->  {"ok": true, "events": [...], "t": 2.0, "next": 3, "lost": 0}
{"play": {"t": 0, "device": "hall.light", "set": {"level": 40}}}  ->  {"ok": true}
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.recording.format import event_of, table_of
from simulators.recording.player import Player
from simulators.recording.recorder import Recorder, Ring
from simulators.world import World

Answer = dict[str, Any]
PAGE_MAX: Final = 200
"""Events in one answer."""


class Questions:
    """Of one world, which is listened to from the first time that somebody asks. The answers raise ValueError."""

    def __init__(self, world: World, wall: Callable[[], float]) -> None:
        self._world = world
        self._wall = wall
        self._player = Player(world, hub_too=True)
        self._ring = Ring()
        self._recorder: Recorder | None = None

    @property
    def answers(self) -> Mapping[str, Callable[[Any], Answer]]:
        """By the key of the question; they are given its value."""
        return {"record": self.record, "play": self.play}

    def record(self, wanted: object) -> Answer:
        """The t of events is that of the answer's clock, whose time now is in each answer."""
        since = wanted.get("since") if isinstance(wanted, dict) else None
        if self._recorder is None:
            self._recorder = Recorder(self._world, self._wall, self._ring.add)
        if since is None:
            header = table_of(self._recorder.header())
            return {"header": header, "t": self._recorder.t, "next": self._ring.following}
        if type(since) is not int:
            raise ValueError('events are asked for from a number on: {"record": {"since": 0}}')
        page = self._ring.since(since, PAGE_MAX)
        events = [table_of(event) for event in page.events]
        return {"events": events, "t": self._recorder.t, "next": page.following, "lost": page.lost}

    def play(self, table: object) -> Answer:
        """Its t does not count: it happens now."""
        self._player.perform(event_of(table))
        return {}
