"""What a session is surrounded by: its outbox, and what else it takes from outside."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hubagent.uplink.session.flows import Kept
from hubagent.uplink.session.twin import View


class Outbox(Kept, Protocol):
    """What the session needs of the outbox."""

    @property
    def incarnation(self) -> bytes: ...
    @property
    def boot(self) -> int: ...
    def note(self, key: str, value: int) -> None: ...
    def noted(self, key: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All but the outbox."""

    hub: str
    software: str
    rng: random.Random
    view: View
    clock: Callable[[], tuple[float, bool]]
    """Unix seconds, and whether that is sure."""
    ready: Callable[[], bool]
    """Whether the connection takes a frame now. Where it was asked and did not, `Writable` says when it does."""
