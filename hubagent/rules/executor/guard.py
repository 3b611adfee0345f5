"""The invariants: a command that would make one untrue is not sent; one that came to be untrue by itself is told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hubagent.model.capability import Value
from hubagent.model.device import DeviceId
from hubagent.rules.binding import CannotBind, compile_at
from hubagent.rules.cells import Cell
from hubagent.rules.executor.picture import Picture
from hubagent.rules.expression.compile import Compiled
from hubagent.rules.expression.types import FLAG
from hubagent.rules.never import CausedBy, Never


@dataclass
class _Bound:
    never: Never
    compiled: Compiled
    broken: bool = False


class Guard:
    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._by_cell: dict[int, list[_Bound]] = {}
        self.judges = False
        """There is anything to judge by."""
        self.unbound: list[tuple[Never, CannotBind]] = []

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

    def judge(self, device: DeviceId, values: Mapping[str, Value], *, by_rule: bool) -> str | None:
        """The invariant that would be untrue if the device had these values; None where all is well."""
        if not self._by_cell:
            return None
        wanted = {name: self._picture.cell(device, name) for name in values}
        return self._judge([(cell, values[name]) for name, cell in wanted.items()], by_rule=by_rule)

    def judge_cell(self, cell: Cell, value: Value) -> str | None:
        """Likewise of the mode or a variable, which only rules are asked about."""
        return self._judge([(cell, value)], by_rule=True) if self._by_cell else None

    def _judge(self, wanted: list[tuple[Cell, Value]], *, by_rule: bool) -> str | None:
        touched = [bound for cell, _ in wanted for bound in self._by_cell.get(id(cell), ())]
        if not touched:
            return None
        before: list[Any] = [cell.value for cell, _ in wanted]
        for cell, value in wanted:
            cell.value = value
        try:
            for bound in touched:
                if (by_rule or bound.never.caused_by is CausedBy.ANYBODY) and bound.compiled.evaluate() is True:
                    return bound.never.name
        finally:
            for (cell, _), value in zip(wanted, before, strict=True):
                cell.value = value
        return None

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
