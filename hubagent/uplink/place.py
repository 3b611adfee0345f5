"""The uplink's place in the agent: a new one after each failure, with a new boot, so that nothing is done twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from hubagent.home import Home, Previous
from hubagent.model.device import DeviceId
from hubagent.model.event import Event
from hubagent.runtime import Runtime
from hubagent.supervisor import keep_running
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.transports.port import Transport
from hubagent.uplink.uplink import Clock, Parts, Uplink
from hubagent.wishes import Wishes

FOLDER: Final = "uplink"
"""Below the agent's state."""
_UPLINK: Final = "uplink"
"""The task's name."""


@dataclass(frozen=True, slots=True)
class Link:
    """How this hub reaches its cloud; chosen by the composition root."""

    hub: str
    """Its name there."""
    transport: Callable[[str | None], Transport]
    """To the usual place, or to the `host:port` where the other side said to go."""
    clock: Clock
    jobs: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """What the cloud may ask of the hub itself, by kind, beside `report`."""
    upkeep: Callable[[], Awaitable[None]] | None = None
    """Runs beside the uplink for good: the certificate's renewal."""


class UplinkPlace:
    def __init__(
        self,
        link: Link,
        runtime: Runtime,
        folder: Path,
        home: Home,
        wishes: Wishes,
        is_commanded: Callable[[DeviceId], bool],
        software: str,
    ) -> None:
        self._link = link
        self._runtime = runtime
        self._folder = folder
        self._home = home
        self._wishes = wishes
        self._is_commanded = is_commanded
        self._software = software
        self.opened: list[Callable[[Outbox], None]] = []
        """Called with each outbox that it opens, before anything is put into it."""
        self._uplink: Uplink | None = None
        self._failed: dict[str, str] = {}
        """Why a task ended last, by its name: of the uplink's, people are told in the status."""
        self._cut = False

    def hear(self, event: Event, previous: Previous) -> None:
        """Listen to a home."""
        if self._uplink is not None:
            self._uplink.hear(event, previous)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self._link.upkeep is not None:
                tasks.create_task(self._keep("identity", self._link.upkeep), name="identity")
            tasks.create_task(self._keep(_UPLINK, self._run_once), name=_UPLINK)

    def cut(self) -> None:
        """No connection until `resume`, or until the agent starts again."""
        self._cut = True
        if self._uplink is not None:
            self._uplink.cut()

    def resume(self) -> None:
        self._cut = False
        if self._uplink is not None:
            self._uplink.resume()

    def status(self) -> dict[str, Any]:
        if self._uplink is None:
            phase, detail = ("failed", self._failed[_UPLINK]) if _UPLINK in self._failed else ("starting", "")
            return {"hub": self._link.hub, "phase": phase, "detail": detail}
        return self._uplink.status()

    async def _keep(self, name: str, attempt: Callable[[], Awaitable[None]]) -> None:
        rng: random.Random = self._runtime.rng(f"supervisor.{name}")
        await keep_running(name, attempt, lambda: True, partial(self._stopped, name), rng)

    def _stopped(self, name: str, reason: str) -> None:
        self._failed[name] = reason

    async def _run_once(self) -> None:
        outbox = open_outbox(self._folder, self._runtime, clock=self._link.clock.now)
        for told in self.opened:
            told(outbox)
        try:
            self._uplink = Uplink(
                Parts(
                    hub=self._link.hub,
                    software=self._software,
                    outbox=outbox,
                    transport=self._link.transport,
                    clock=self._link.clock,
                    rng=self._runtime.rng("uplink"),
                    jobs={**self._link.jobs, "report": self._report_all},
                    is_commanded=self._is_commanded,
                ),
                self._home,
                self._wishes,
            )
            await self._uplink.run(wanted=not self._cut)
        finally:
            self._uplink = None
            outbox.close()

    def _report_all(self) -> None:
        assert self._uplink is not None
        self._uplink.report_all()
