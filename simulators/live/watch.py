"""An eye on a world: while somebody listens it looks ten times a second, and tells what is different.

What a listener has not taken yet is merged by name: it holds at most one view of each thing, however long its reader
takes, and never has to be told everything anew.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from simulators.live.view import BY_NAME, Views
from simulators.web.events import Named

LOOKS_EVERY_S: Final = 0.1


class Watcher:
    """One listener. Its first event is `snapshot`, each later one `changed`."""

    def __init__(self, watch: "Watch") -> None:
        self.woken = asyncio.Event()
        self.woken.set()
        self._watch = watch
        self._begun = False
        self._pending: Views = {}

    def tell(self, changes: Views) -> None:
        if not self._begun:
            return  # The snapshot will have it.
        for what, views in changes.items():
            if what in BY_NAME:
                self._pending.setdefault(what, {}).update(views)
            else:
                self._pending[what] = views
        self.woken.set()

    def take(self) -> list[Named]:
        if not self._begun:
            snapshot = self._watch.snapshot()
            self._begun = True
            self.woken.clear()
            return [("snapshot", snapshot)]
        self.woken.clear()
        pending, self._pending = self._pending, {}
        return [("changed", {**self._watch.stamp(), **pending})]


class Watch:
    """`look` gives how everything is, `stays` what does not change, `stamp` what is added to whatever is told."""

    def __init__(
        self,
        look: Callable[[], Views],
        stays: Callable[[], Mapping[str, Any]],
        stamp: Callable[[], Mapping[str, Any]],
    ) -> None:
        self.stamp = stamp
        self._loop = asyncio.get_running_loop()
        self._look = look
        self._stays = stays
        self._seen: Views = {}
        self._watchers: list[Watcher] = []
        self._timer: asyncio.TimerHandle | None = None

    def snapshot(self) -> Mapping[str, Any]:
        """Everything as it is now."""
        self._look_now()
        return {**self.stamp(), **self._stays(), **self._seen}

    @contextmanager
    def watching(self) -> Iterator[Watcher]:
        watcher = Watcher(self)
        self._watchers.append(watcher)
        if self._timer is None:
            self._look_again()
        try:
            yield watcher
        finally:
            self._watchers.remove(watcher)
            if not self._watchers and self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _look_again(self) -> None:
        self._timer = self._loop.call_later(LOOKS_EVERY_S, self._look_again)
        self._look_now()

    def _look_now(self) -> None:
        # Whatever is told, to anybody, is told from here: so nobody misses what was undone between two looks of others.
        before, self._seen = self._seen, self._look()
        changes = changes_between(before, self._seen)
        if changes:
            for watcher in self._watchers:
                watcher.tell(changes)


def changes_between(before: Views, after: Views) -> Views:
    """Of what is there by name only those that differ; the world's things neither come nor go."""
    found: Views = {}
    for what, views in after.items():
        if what not in BY_NAME:
            if before.get(what) != views:
                found[what] = views
            continue
        known = before.get(what, {})
        different = {name: view for name, view in views.items() if known.get(name) != view}
        if different:
            found[what] = different
    return found
