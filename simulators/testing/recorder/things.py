"""How the things of a home are over time, and who is in which room."""

from typing import Final, Protocol, TypeGuard

from hubagent.cli.output import value_text
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Kind as ValueKind
from simulators.climate.plan import OUTSIDE
from simulators.devices.device import Device
from simulators.residents.resident import Resident
from simulators.testing.beliefs import Truth
from simulators.testing.record import Kind, Record, Series

_SOMEBODYS_DOING: Final = frozenset(("level", "position", "heating_setpoint"))
"""Numbers whose change is worth telling; others drift by themselves."""


class Mover(Protocol):
    """What takes its time: it says when it has arrived, and not when it sets out."""

    @property
    def target(self) -> float | bool: ...

    @property
    def moving(self) -> bool: ...


def is_mover(thing: object) -> TypeGuard[Mover]:
    return hasattr(thing, "target") and hasattr(thing, "moving")


class ThingsRecorder:
    def __init__(self, record: Record, truth: Truth, residents: dict[str, Resident]) -> None:
        self._record = record
        self._truth = truth
        self._residents = residents
        self._changed: dict[str, bool] = {}
        """By name, whether it sets out."""
        self._movers: dict[str, Mover] = {}
        self._targets: dict[str, object] = {}

    def begin(self, now: float) -> None:
        for name, thing in self._truth.things.items():
            self._follow(name, thing)
            for attribute in self._truth.attributes(name):
                self._record.series(self._record.truth, name, attribute).add(now, self._truth.value(name, attribute))
        for name, resident in self._residents.items():
            self._record.residents.setdefault(name, Series()).add(now, resident.room)

    def look(self, now: float) -> None:
        for name, resident in self._residents.items():
            series = self._record.residents[name]
            if series.latest != resident.room and series.add(now, resident.room):
                self._record.happened(now, Kind.HAND, name, f"{name} is {_in(resident.room)}")
        for name, mover in self._movers.items():
            if mover.target != self._targets[name]:
                self._targets[name] = mover.target
                self._changed[name] = True
        if self._changed:
            changed, self._changed = self._changed, {}
            for name, sets_out in changed.items():
                self._note(name, now, sets_out=sets_out)

    def end(self, now: float) -> None:
        """What is on its way has come so far."""
        for name in self._movers:
            self._note(name, now, sets_out=False)

    def _follow(self, name: str, thing: Device) -> None:
        thing.listen(lambda _attribute: self._has_changed(name))
        if is_mover(thing):
            self._movers[name] = thing
            self._targets[name] = thing.target

    def _has_changed(self, name: str) -> None:
        self._changed.setdefault(name, False)

    def _note(self, name: str, now: float, *, sets_out: bool) -> None:
        mover = self._movers.get(name)
        moving = mover is not None and mover.moving
        for attribute in self._truth.attributes(name):
            value = self._truth.value(name, attribute)
            series = self._record.series(self._record.truth, name, attribute)
            moves = sets_out and attribute in _SOMEBODYS_DOING
            if series.add(now, value, sets_out=moves) and _is_told(attribute, moving):
                self._record.happened(now, Kind.TRUTH, name, f"{name}.{attribute} = {value_text(value)}")


def _in(room: str) -> str:
    return room if room == OUTSIDE else f"in {room}"


def _is_told(attribute: str, moving: bool) -> bool:
    if ATTRIBUTES[attribute][1].kind is ValueKind.NUMBER:
        return attribute in _SOMEBODYS_DOING and not moving
    return attribute != "moving"
