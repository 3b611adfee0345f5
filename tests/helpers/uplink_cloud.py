"""A cloud for the seeds: a site's, and what people order of it."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.cloud.commands import TooManyCommands, Wish
from simulators.cloud.consumer import UnknownHub
from simulators.internet.broker import Broker
from simulators.internet.direct import Direct
from simulators.site.cloud import SiteCloud


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody wished for a level that nobody else wishes for."""

    id: str
    database: int
    device: str
    level: float
    expires: float


class SeedCloud(SiteCloud):
    def __init__(self, server: Direct | Broker, rng: random.Random, wall: Callable[[], float]) -> None:
        super().__init__(server, rng, wall)
        self.orders: list[Order] = []
        self.wishes: tuple[int, dict[str, dict[str, bool]]] | None = None
        """The database and the last wishes that stay."""
        self._levels = 0

    def forget(self) -> None:
        super().forget()
        self.wishes = None

    def order(self, hub: str, device: str, expires_in_s: float) -> None:
        if self.service is None:
            return
        self._levels += 1
        level = round(self._levels / 100, 2)
        expires = self._wall() + expires_in_s
        try:
            wish: Wish = self.service.command(hub, device, {"level": level}, expires_in_s)
        except (UnknownHub, TooManyCommands):
            return
        self.orders.append(Order(wish.id, len(self.databases) - 1, device, level, expires))

    def wish(self, hub: str, wishes: dict[str, dict[str, bool]]) -> None:
        if self.service is None:
            return
        try:
            version = self.service.desire(hub, wishes)
        except UnknownHub:
            return
        self.wishes = (version, wishes)

    def state_of(self, order: Order) -> tuple[str, str | None] | None:
        """As its database has it now; None where it was not committed."""
        rows = self.databases[order.database].execute("SELECT state, outcome FROM commands WHERE id = ?", (order.id,))
        found: tuple[str, str | None] | None = rows.fetchone()
        return found


def plain(views: dict[str, Any]) -> Any:
    """As JSON has it."""
    return json.loads(json.dumps(views))
