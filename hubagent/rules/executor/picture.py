"""The home as the rules see it: devices by name, a cell for each value that some rule reads, mode, variables, clock.

A value that was remembered counts, and so does one whose report is old; only of a device that is silent nothing is
known. What comes first after silence, or within a minute after a start, is what is, and no change.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.rules.cells import Cell
from hubagent.rules.variables import same_type
from hubagent.rules.where import Where

Change = tuple[str, Value, Value]
"""The attribute, what it was and what it is."""
ALARMS: Final = frozenset(("smoke", "co", "gas", "leak"))
"""Where it is better to be warned of what began while the hub was off than not."""
_NO_CHANGE: Final[list[Change]] = []
_NO_CELLS: Final[list[Cell]] = []


@dataclass
class TriggerCells:
    """Of the run that is going on."""

    value: Cell = field(default_factory=lambda: Cell("trigger.value"))
    id: Cell = field(default_factory=lambda: Cell("trigger.id"))
    late_s: Cell = field(default_factory=lambda: Cell("trigger.late_s"))

    def set(self, value: Value, trigger_id: str | None, late_s: float) -> None:
        self.value.value, self.id.value, self.late_s.value = value, trigger_id, late_s


class Picture:
    """Implements `expression.scope.Scope`."""

    def __init__(self, where: Where, wall: Callable[[], float]) -> None:
        self.where = where
        self.at = wall()
        self._began = self.at
        """Unix seconds: those of the present item."""
        self.mode = Cell("home.mode")
        self.modes: tuple[str, ...] = ()
        self.trigger = TriggerCells()
        self._devices: dict[DeviceId, Device] = {}
        self._by_name: dict[str, DeviceId] = {}
        self._cells: dict[DeviceId, dict[str, Cell]] = {}
        self._heard: dict[DeviceId, dict[str, tuple[Value, float, bool]]] = {}
        """What was said of values that no rule reads yet, when, and whether that was since the start."""
        self._variables: dict[str, Cell] = {}
        self._silent: set[DeviceId] = set()
        self.heard_again: Callable[[DeviceId], None] = lambda _device: None
        """Called for a device that was silent, before what it reports is taken in."""
        self._settled = False

    # What expressions ask for.

    def find(self, name: str) -> Device | None:
        device = self._by_name.get(name.casefold())
        return self._devices.get(name) if device is None else self._devices[device]

    def names(self) -> Iterable[str]:
        return [device.name for device in self._devices.values()]

    def cell(self, device: DeviceId, attribute: str) -> Cell:
        cells = self._cells.setdefault(device, {})
        if attribute not in cells:
            cell = cells[attribute] = Cell(f"{self._devices[device].name}.{attribute}")
            if device not in self._silent and attribute in self._heard.get(device, ()):
                cell.value, cell.as_of, fresh = self._heard[device][attribute]
                cell.changed_at, cell.fresh = cell.as_of, (fresh or self._settled) and cell.value is not None
        return cells[attribute]

    def variable(self, name: str) -> Cell | None:
        return self._variables.get(name)

    def variables(self) -> Iterable[str]:
        return self._variables

    @property
    def has_place(self) -> bool:
        return self.where.latitude is not None

    def now(self) -> float:
        return self.at

    def local(self) -> datetime:
        return self.where.local(self.at)

    def sun_elevation(self) -> float | None:
        return self.where.sun_elevation(self.at)

    # What the executor tells.

    def device(self, device: DeviceId) -> Device | None:
        return self._devices.get(device)

    def name_of(self, device: DeviceId) -> str:
        """What people call it; of one that left, its id."""
        known = self._devices.get(device)
        return device if known is None else known.name

    def is_so(self, device: DeviceId, wanted: Mapping[str, Value]) -> bool:
        """Whether it reports all of this already."""
        return bool(wanted) and all(self.cell(device, name).value == value for name, value in wanted.items())

    def is_dead(self, device: DeviceId) -> bool:
        known = self._devices.get(device)
        return device in self._silent or (known is not None and known.presence is Presence.DEAD)

    def known(self, device: Device) -> bool:
        """It is there; True where its name or abilities are other than before."""
        before = self._devices.get(device.id)
        self._devices[device.id] = device
        if before is not None and (before.name, before.capabilities) == (device.name, device.capabilities):
            return False
        if before is not None:
            self._by_name.pop(before.name.casefold(), None)
        self._by_name[device.name.casefold()] = device.id
        for attribute, cell in self._cells.get(device.id, {}).items():
            cell.name = f"{device.name}.{attribute}"
        return True

    def left(self, device: DeviceId) -> None:
        known = self._devices.pop(device, None)
        if known is not None:
            self._by_name.pop(known.name.casefold(), None)
        self._cells.pop(device, None)
        self._heard.pop(device, None)
        self._silent.discard(device)

    def silent(self, device: DeviceId) -> list[Change]:
        """Nothing is known of it from now on."""
        self._silent.add(device)
        self._heard.pop(device, None)
        changes: list[Change] = []
        for attribute, cell in self._cells.get(device, {}).items():
            if cell.value is not None:
                changes.append((attribute, cell.value, None))
            cell.value, cell.fresh = None, False
        return changes

    def remember(self, device: DeviceId, values: Mapping[str, tuple[Value, float]]) -> None:
        self._heard.setdefault(device, {}).update({name: (*said, False) for name, said in values.items()})
        for name, (value, as_of) in values.items():
            cell = self._cells.get(device, {}).get(name)
            if cell is not None:
                cell.value, cell.as_of, cell.changed_at = value, as_of, as_of

    def reported(self, device: DeviceId, values: Mapping[str, Value]) -> tuple[list[Change], list[Cell]]:
        """What is other than before, where it is known what was before; and the cells whose first report says more.

        These set nothing off, but whoever waits for what they say looks again.
        """
        if device in self._silent:
            self._silent.discard(device)
            self.heard_again(device)
        cells = self._cells.get(device)
        at = self.at
        if cells is None:
            self._heard.setdefault(device, {}).update({name: (value, at, True) for name, value in values.items()})
            return _NO_CHANGE, _NO_CELLS
        changes: list[Change] = _NO_CHANGE
        firsts: list[Cell] = _NO_CELLS
        for name, value in values.items():
            cell = cells.get(name)
            if cell is None:
                self._heard.setdefault(device, {})[name] = (value, at, True)
                continue
            before = cell.value
            cell.as_of = at
            if before != value:
                cell.value, cell.changed_at = value, at
                if before is not None and (cell.fresh or name in ALARMS):
                    changes = [*changes, (name, before, value)]
                else:
                    firsts = [*firsts, cell]
            cell.fresh = value is not None
        return changes, firsts

    def settle(self) -> None:
        """The radios have worked for a while: what could be read has been read, and what nobody contradicted still is
        so. From now on every report that says something else is a change."""
        self._settled = True
        for cells in self._cells.values():
            for cell in cells.values():
                cell.fresh = cell.value is not None

    def clock_stepped(self, seconds: float) -> None:
        """What was reported since the start was so long ago as it was."""
        for cells in self._cells.values():
            for cell in cells.values():
                if cell.as_of is not None and cell.as_of >= self._began:
                    cell.as_of += seconds
                if cell.changed_at is not None and cell.changed_at >= self._began:
                    cell.changed_at += seconds
        for said in self._heard.values():
            for name, (value, at, fresh) in said.items():
                said[name] = (value, at + seconds if fresh else at, fresh)
        self._began += seconds

    def set_up(self, modes: tuple[str, ...], variables: Mapping[str, Value]) -> list[str]:
        """What the rule files say there is; what is known of it stays, where it still can be.

        The variables that there were and whose values are void.
        """
        self.modes = modes
        if self.mode.value not in modes:
            self.mode.value = modes[0]
        kept = self._variables
        self._variables = {}
        for name, value in variables.items():
            cell = kept.get(name)
            fits = cell is not None and same_type(cell.value, value)
            self._variables[name] = cell if cell is not None and fits else Cell(f"var.{name}", value)
        return [name for name, cell in kept.items() if self._variables.get(name) is not cell]
