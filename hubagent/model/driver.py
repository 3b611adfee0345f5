"""The Driver port: what the agent expects of a radio, and what a driver may expect of the agent.

A driver is found by the entry-point group `hubagent.drivers`, whose object is a `DriverKind`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered, Event

Report = Callable[[Event], None]
"""Hand one event to the home. Synchronous: rules have run, and their commands are sent, when it returns."""

Record = Mapping[str, Any]
"""What JSON can say."""


class DeviceUnreachable(Exception):
    """The device did not answer; the text says which, and what to try."""


class DriverUnavailable(Exception):
    """The driver cannot do this now: its port is away, or it is busy with something that excludes this."""


class NotPossible(Exception):
    """The device or the controller cannot do what was asked; the text says why."""


class Records(Protocol):
    """A driver's own memory, kept by the agent's store: what it found out about its devices, by a key."""

    def load(self) -> dict[str, Record]: ...

    def put(self, key: str, record: Record) -> None:
        """Kept from now on, and on disk within 100 ms; `flush` makes it so at once."""
        ...

    def remove(self, key: str) -> None: ...

    def flush(self) -> None:
        """What was put is on disk when this returns, and survives a power cut. Not for the hot path."""
        ...


@dataclass(frozen=True, slots=True)
class PairingStep:
    """Something to show to the person who pairs or unpairs. The last one has `final` true."""

    step: str
    """`ready`, `found`, `included`, `warning`, `interview`, `done`, `excluded`, `failed`, `timeout`, `cancelled`."""
    text: str
    device: DeviceId | None = None
    final: bool = False
    ok: bool = True


class Driver(Protocol):
    """One radio. Lives as long as `run`, which is started anew, on a new driver, after a failure."""

    @property
    def name(self) -> str: ...

    async def run(self, report: Report) -> None:
        """Open the port, find the devices, and report until cancelled. Closes what it opened.

        Raises PortError where the port was never usable; a port lost later is reopened with back-off inside.
        """
        ...

    def send(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None:
        """Send a command, synchronously where the link is free. `answered` is called exactly once, perhaps at once.

        Reports CommandSent when the bytes leave. Never raises for what the world does: that is the answer's outcome.
        """
        ...

    def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        """Let one device join, showing each step; closing the iterator stops it. Raises DriverUnavailable."""
        ...

    def unpair(
        self, device: DeviceId | None, options: Mapping[str, Any], timeout_s: float
    ) -> AsyncIterator[PairingStep]:
        """Let one device leave; with `device` and the option `failed`, remove one that is gone."""
        ...

    async def act(self, action: str, device: DeviceId | None, arguments: Mapping[str, Any]) -> Record:
        """What is particular to this radio: `interview`, `ping`, `rebuild_routes`, `neighbours`, ...

        Raises DeviceUnreachable, DriverUnavailable or NotPossible.
        """
        ...

    def status(self) -> Record:
        """For `doctor`: port, controller, firmware, counters.

        Under `findings` what is wrong or doubtful: a list of `{"grade": "warning" or "error", "text", "fix"}`, and
        `devices` with the identifiers of those that it is about; their names are added to the text.
        """
        ...


class DriverKind(Protocol):
    """What the entry point names: how to read this driver's table of hub.toml, and how to make the driver."""

    name: str
    settings: type
    """A pydantic model: the keys of `[drivers.<name>]`."""
    disturbed_by_usb_3: bool
    """It listens at 2.4 GHz, where USB 3 is loud."""

    def make(self, settings: Any, runtime: Any, records: Records) -> Driver: ...
