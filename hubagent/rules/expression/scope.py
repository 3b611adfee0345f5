"""What an expression is bound to: the home's devices and their cells, its mode and variables, the clock and the sun."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from hubagent.model.device import Device, DeviceId
from hubagent.rules.cells import Cell


class Trigger(Protocol):
    """What set the present run off; the values change from run to run."""

    @property
    def value(self) -> Cell:
        """What the trigger's attribute came to be."""
        ...

    @property
    def id(self) -> Cell:
        """The trigger's `id`."""
        ...

    @property
    def late_s(self) -> Cell:
        """How late a missed time is made up for, in seconds."""
        ...


class Scope(Protocol):
    def find(self, name: str) -> Device | None:
        """The device with exactly this name or id, in any case of letters."""
        ...

    def names(self) -> Iterable[str]:
        """What all devices are called."""
        ...

    def cell(self, device: DeviceId, attribute: str) -> Cell:
        """The same cell each time."""
        ...

    def variable(self, name: str) -> Cell | None:
        """None where no rule file has it."""
        ...

    def variables(self) -> Iterable[str]: ...

    @property
    def mode(self) -> Cell: ...

    @property
    def modes(self) -> tuple[str, ...]: ...

    @property
    def trigger(self) -> Trigger: ...

    @property
    def has_place(self) -> bool:
        """It is known where the home is, so that there is a sun."""
        ...

    def now(self) -> float:
        """Unix seconds."""
        ...

    def local(self) -> datetime:
        """The home's own time, with its zone."""
        ...

    def sun_elevation(self) -> float | None:
        """Degrees above the horizon; None where it is not known where the home is."""
        ...
