"""Planted into what the hub keeps on its disk, and into what it holds in memory."""

from typing import Any

import pytest

from hubagent.home import Home
from hubagent.model.event import Event
from hubagent.store import store
from hubagent.store.store import Store

Patch = pytest.MonkeyPatch


def nothing_is_synced(patch: Patch) -> None:
    """A commit that was promised is left to the operating system (synchronous = NORMAL, or OFF)."""

    def write(self: Store, pending: Any, *, durable: bool) -> None:
        real(self, pending, durable=False)

    real = Store._write
    patch.setattr(Store, "_write", write)


def written_at_leisure(patch: Patch) -> None:
    """What was promised is written within ten seconds, to spare the card."""
    patch.setattr(store, "RECORD_DELAY_S", 10.0)


def everything_is_remembered(patch: Patch) -> None:
    """Each event is kept in a list that nobody ever shortens."""

    def apply(self: Home, event: Event) -> None:
        vars(self).setdefault("_everything", []).append(event)
        real(self, event)

    real = Home.apply
    patch.setattr(Home, "apply", apply)
