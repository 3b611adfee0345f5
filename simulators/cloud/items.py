"""What the consumer is told, and what it wants done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.uplink.message.channel import Down

ANEW: Final = "anew"

# What it is told.


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame came from the hub of that name."""

    hub: str
    channel: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """The hub's connection has ended."""

    hub: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """A command could not be handed over: no connection, or one that is full."""

    hub: str
    id: str


Item = Heard | Gone | NotSent

# What it wants done.


@dataclass(frozen=True, slots=True)
class Send:
    hub: str
    channel: Down
    payload: bytes
    command: str | None = None
    """The identifier of the command that this is: where it cannot be handed over, `NotSent` says so."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something is other than before, for whoever watches. What is watched is no promise: a commit may still fail."""

    hub: str
    what: str
    """`hub`, `devices`, `command`, `messages`, `complaint`; or ANEW, of no hub: nothing that was shown counts."""
    view: Mapping[str, Any]


Effect = Send | Changed
