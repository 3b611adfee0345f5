"""Everything that is written down of a site, from `begin` to `end`."""

import asyncio
from collections.abc import Callable

from simulators.site.site import Site
from simulators.testing.beliefs import CloudBelief, Truth
from simulators.testing.record import Kind, Record, Span
from simulators.testing.recorder.cloud import CloudRecorder
from simulators.testing.recorder.hub import HubRecorder
from simulators.testing.recorder.things import ThingsRecorder
from simulators.testing.watched_loop import WatchedLoop

_BEFORE_S = 0.001


class Recorder:
    """It draws from no random stream, starts no task, and puts nothing on the loop: what is recorded stays as it is."""

    def __init__(self, site: Site, truth: Truth, cloud: CloudBelief) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, WatchedLoop)
        self._loop = loop
        self.record = Record(places=_places(site, truth))
        self.hub = HubRecorder(self.record, site.hub, loop.time)
        self._things = ThingsRecorder(self.record, truth, site.world.residents)
        self._cloud = None if site.cloud is None else CloudRecorder(self.record, site.cloud, cloud, loop.time)
        self._end_watch: Callable[[], None] = lambda: None

    def begin(self) -> None:
        now = self.record.began = self._loop.time()
        # What changes in the first instant was otherwise before.
        self._things.begin(now - _BEFORE_S)
        self.hub.begin(now - _BEFORE_S)
        if self._cloud is not None:
            self._cloud.begin(now - _BEFORE_S)
        self._end_watch = self._loop.watch(self._look)

    def end(self) -> None:
        """A second time it does nothing."""
        if self.record.ended:
            return
        self._end_watch()
        self.record.ended = self._loop.time()
        self._things.end(self.record.ended)
        for span in self.record.spans:
            if span.end is None:
                span.end = self.record.ended

    def happened(self, kind: Kind, about: str, text: str) -> None:
        self.record.happened(self._loop.time(), kind, about, text)

    def fault_begins(self, name: str, about: str, text: str) -> Span:
        self.happened(Kind.FAULT, about, text)
        return self.record.begin(self._loop.time(), Kind.FAULT, name, about)

    def fault_ends(self, span: Span) -> None:
        if span.end is None:
            span.end = self._loop.time()
            self.happened(Kind.FAULT, span.about, " ".join(filter(None, ("over:", span.name, span.about))))

    def _look(self) -> None:
        self._things.look(self._loop.time())
        self.hub.look()
        if self._cloud is not None:
            self._cloud.look()


def _places(site: Site, truth: Truth) -> dict[str, str]:
    """By device or part, its room."""
    rooms = {name: placed.plan.place for name, placed in site.world.devices.items()}
    return {name: rooms[name.partition("/")[0]] for name in truth.things}
