"""The invariants: a command that would make one untrue is not sent; one that came to be untrue by itself is told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.binding import CannotBind, compile_at
from hubagent.rules.cells import Cell
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.compile import Compiled
from hubagent.rules.expression.types import FLAG
from hubagent.rules.never import CausedBy, Never

FLYING_MAX_S: Final = 3700.0
"""No command takes longer; what says so was sent before the clock was set."""


@dataclass
class _Bound:
    never: Never
    compiled: Compiled
    broken: bool = False


@dataclass(frozen=True)
class _Flying:
    """A command wants this of a cell, which has not been reported since."""

    cell: Cell
    value: Value
    as_of: float | None
    """Of the cell's last report when the command was sent."""
    until: float
    """Unix seconds."""


class Guard:
    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._by_cell: dict[int, list[_Bound]] = {}
        self.judges = False
        """There is anything to judge by."""
        self.unbound: list[tuple[Never, CannotBind]] = []
        self._flying: dict[int, _Flying] = {}

    def bind(self, nevers: Iterable[Never]) -> None:
        self._by_cell, self.judges = {}, False
        self.unbound = []
        for never in nevers:
            try:
                bound = _Bound(never, compile_at(never.that, self._picture, FLAG, never.place.below("that")))
            except CannotBind as problem:
                self.unbound.append((never, problem))
                continue
            bound.broken = bound.compiled.evaluate() is True
            self.judges = True
            for cell in bound.compiled.cells:
                self._by_cell.setdefault(id(cell), []).append(bound)

    def sent(self, device: DeviceId, makes: Mapping[str, Value], within_s: float) -> None:
        """A command is on its way: until its device reports, what it brings about counts as well as what is known."""
        for name, value in makes.items():
            cell = self._picture.cell(device, name)
            if id(cell) in self._by_cell:
                self._flying[id(cell)] = _Flying(cell, value, cell.as_of, self._picture.at + within_s)

    def _on_the_way(self) -> list[tuple[Cell, Value]]:
        for key, one in list(self._flying.items()):
            if one.cell.as_of != one.as_of or not 0 <= one.until - self._picture.at <= FLYING_MAX_S:
                del self._flying[key]
        return [(one.cell, one.value) for one in self._flying.values()]

    def judge(self, device: DeviceId, values: Mapping[str, Value], *, by_rule: bool) -> str | None:
        """The invariant that would be untrue if the device had these values; None where all is well."""
        return self.judge_together([(device, values)], by_rule=by_rule) if self._by_cell else None

    def judge_together(self, wanted: Iterable[tuple[DeviceId, Mapping[str, Value]]], *, by_rule: bool) -> str | None:
        """Likewise of several devices at once."""
        if not self._by_cell:
            return None
        cells = [
            (self._picture.cell(device, name), value) for device, values in wanted for name, value in values.items()
        ]
        return self._judge(cells, by_rule=by_rule)

    def judge_cell(self, cell: Cell, value: Value) -> str | None:
        """Likewise of the mode or a variable, which only rules are asked about."""
        return self._judge([(cell, value)], by_rule=True) if self._by_cell else None

    def _judge(self, wanted: list[tuple[Cell, Value]], *, by_rule: bool) -> str | None:
        touched = [bound for cell, _ in wanted for bound in self._by_cell.get(id(cell), ())]
        if not touched:
            return None
        asked = [bound for bound in touched if by_rule or bound.never.caused_by is CausedBy.ANYBODY]
        broken = _first_true(asked, wanted)
        on_the_way = self._on_the_way() if broken is None else []
        if on_the_way:
            # A device may do what it was told, or not: neither may make it so.
            broken = _first_true(asked, [*on_the_way, *wanted])
        return broken

    def newly_broken(self, cells: Iterable[Cell]) -> list[str]:
        """Invariants that these changes made untrue."""
        found: list[str] = []
        for cell in cells:
            for bound in self._by_cell.get(id(cell), ()):
                broken = bound.compiled.evaluate() is True
                if broken and not bound.broken:
                    found.append(bound.never.name)
                bound.broken = broken
        return found


def _first_true(bounds: list[_Bound], wanted: list[tuple[Cell, Value]]) -> str | None:
    """The first of them that would hold with these values."""
    before: list[Any] = [cell.value for cell, _ in wanted]
    for cell, value in wanted:
        cell.value = value
    try:
        return next((bound.never.name for bound in bounds if bound.compiled.evaluate() is True), None)
    finally:
        for (cell, _), value in zip(reversed(wanted), reversed(before), strict=True):
            cell.value = value
