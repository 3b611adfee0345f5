"""Planted between the hub and its cloud, and into the cloud."""

import asyncio

import pytest

from hubagent.uplink.outbox.saving import Saving
from hubagent.uplink.session.backoff import FullJitter
from hubagent.uplink.uplink import Uplink

Patch = pytest.MonkeyPatch


def a_full_disk_forgets(patch: Patch) -> None:
    """What the disk does not take is let go of, as if it had."""

    def failed(self: Saving, error: Exception) -> None:
        real(self, error)
        for stream in self._streams:
            while stream.fresh:
                stream.remove_fresh()
        self._streams._count_anew()

    real = Saving._failed
    patch.setattr(Saving, "_failed", failed)


def one_keepalive_more_with_each_connection(patch: Patch) -> None:
    """What watched the connection before goes on beside what watches the new one."""

    async def attempt(self: Uplink) -> None:
        await real(self)
        if self._connection is not None:
            watching.append(asyncio.get_running_loop().create_task(_watch(self), name="keepalive"))

    watching: list[asyncio.Task[None]] = []
    real = Uplink._attempt
    patch.setattr(Uplink, "_attempt", attempt)


async def _watch(uplink: Uplink) -> None:
    await asyncio.Event().wait()
    uplink.resume()


def it_comes_back_at_once(patch: Patch) -> None:
    """No pause between two attempts to reach the cloud."""
    patch.setattr(FullJitter, "next_delay_s", lambda *_: 0.0)
