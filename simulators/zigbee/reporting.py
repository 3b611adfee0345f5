"""When which attribute of an endpoint is reported, and what was reported last (ZCL8, 2.5.7 and 2.5.11).

Values are looked at when something happened to the device, when a side says that it changes by itself, and when an
interval ends. What nobody is bound to is reported to nobody.
"""

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from drivers.zigbee.zcl import attribute_records
from drivers.zigbee.zcl.attribute_records import AttributeValue
from drivers.zigbee.zcl.data_types import Value, is_analog
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.clock import SOON_S, DeviceClock
from simulators.zigbee.attributes import Attribute, Schedule
from simulators.zigbee.clusters.side import Side
from simulators.zigbee.kept_value import kept_name, kept_value, value_of

NEVER: Final = 0xFFFF
"""As a maximum interval: no reports; as a minimum, with a maximum of 0: as from the factory (ZCL8, 2.5.7.1)."""

LOOKS_APART_S: Final = 0.1
"""What changes by itself is looked at no more often."""

Listened = Callable[[Side], bool]
"""Whether anybody would hear a report of that side."""
Send = Callable[[Side, int | None, tuple[AttributeValue, ...]], None]
"""Send a report of a side's attributes, those of one manufacturer."""


class _Nothing(Enum):
    """Nothing was said yet: not even that there is no value."""

    NOTHING = "nothing"


_NOTHING: Final = _Nothing.NOTHING


@dataclass(slots=True)
class _Watched:
    """An attribute that is reported, and what was said of it last."""

    side: Side
    attribute: Attribute
    schedule: Schedule
    told: Value | _Nothing
    told_at: float

    def due_at(self, now: float) -> float:
        due = math.inf
        if _far_enough(self.told, self.attribute.read(), self.schedule.change):
            due = max(now, self.told_at + self.schedule.min_s)
        if self.schedule.max_s:
            due = min(due, self.told_at + self.schedule.max_s)
        return due

    def tell(self, now: float) -> AttributeValue:
        value = self.attribute.read()
        self.told, self.told_at = value, now
        definition = self.attribute.definition
        return AttributeValue(definition.id, definition.type_id, value)


class Reports:
    """Of one endpoint."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: DeviceClock, listened: Listened, send: Send) -> None:
        self._loop = loop
        self._clock = clock
        self._listened = listened
        self._send = send
        self._watched: dict[tuple[Side, int | None, int], _Watched] = {}
        self._timer: asyncio.TimerHandle | None = None

    def reset(self, sides: Iterable[Side]) -> None:
        """What is reported from the factory on, and nothing else."""
        self.stop()
        self._watched.clear()
        for side in sides:
            for attribute in side.attributes:
                if attribute.schedule is not None:
                    self._watch(side, attribute, attribute.schedule)

    def configure(self, side: Side, attribute: Attribute | None, wanted: attribute_records.Reporting) -> ZclStatus:
        """ZCL8, 2.5.7.3."""
        if attribute is None:
            return ZclStatus.UNSUPPORTED_ATTRIBUTE
        if not attribute.reportable:
            return ZclStatus.UNREPORTABLE_ATTRIBUTE
        if wanted.type_id != attribute.definition.type_id:
            return ZclStatus.INVALID_DATA_TYPE
        if wanted.max_s == NEVER:
            self._watched.pop(_key(side, attribute), None)
            return ZclStatus.SUCCESS
        if wanted.max_s == 0 and wanted.min_s == NEVER:
            self._watched.pop(_key(side, attribute), None)
            if attribute.schedule is not None:
                self._watch(side, attribute, attribute.schedule)
            return ZclStatus.SUCCESS
        if wanted.max_s and wanted.max_s < wanted.min_s:
            return ZclStatus.INVALID_VALUE
        change = wanted.change if is_analog(wanted.type_id) else None
        self._watch(side, attribute, Schedule(wanted.min_s, wanted.max_s, change))
        return ZclStatus.SUCCESS

    def schedule_of(self, side: Side, attribute: Attribute) -> Schedule | None:
        watched = self._watched.get(_key(side, attribute))
        return None if watched is None else watched.schedule

    def look(self) -> None:
        """Report what is due, and come back when more will be."""
        self.stop()
        now = self._clock.count()
        due: dict[tuple[Side, int | None], list[_Watched]] = {}
        again = math.inf
        listened = {side: self._listened(side) for side in {it.side: None for it in self._watched.values()}}
        for (side, manufacturer, _), watched in self._watched.items():
            if not listened[side]:
                watched.tell(now)
                continue
            due_at = watched.due_at(now)
            if due_at <= now + SOON_S:
                due.setdefault((side, manufacturer), []).append(watched)
            again = min(again, due_at)
        if due:
            for (side, manufacturer), those in due.items():
                self._send(side, manufacturer, tuple(it.tell(now) for it in those))
            # What is said costs charge, of which something may be to be said.
            again = min((it.due_at(now) for it in self._watched.values() if listened[it.side]), default=math.inf)
        for side, heard in listened.items():
            by_itself = side.next_look_s() if heard else None
            if by_itself is not None:
                again = min(again, now + max(by_itself, LOOKS_APART_S))
        if again < math.inf:
            self._timer = self._loop.call_at(self._loop_time(again, now), self.look)

    def tell_all(self) -> None:
        """Report everything that anybody hears, due or not."""
        told: dict[tuple[Side, int | None], list[_Watched]] = {}
        for (side, manufacturer, _), watched in self._watched.items():
            if self._listened(side):
                told.setdefault((side, manufacturer), []).append(watched)
        for (side, manufacturer), those in told.items():
            self._send(side, manufacturer, tuple(it.tell(self._clock.count()) for it in those))

    # --- what is kept without power: how reporting was configured

    def kept(self, side: Side) -> Kept:
        """Of the attributes whose reporting is not as from the factory, by their keys: none of it, or when."""
        found: Kept = {}
        for attribute in side.attributes:
            schedule = self.schedule_of(side, attribute)
            if schedule != attribute.schedule:
                found[kept_name(attribute.definition)] = (
                    None if schedule is None else _kept_schedule(schedule, attribute)
                )
        return found

    def restore(self, side: Side, kept: Kept) -> None:
        """Raises anything that an unfit dictionary leads to."""
        known = {kept_name(attribute.definition): attribute for attribute in side.attributes}
        for name, configured in kept.items():
            if self.configure(side, known[name], _reporting(known[name], configured)) != ZclStatus.SUCCESS:
                raise ValueError(f"{configured} configures no reporting of {name}")

    # --- power

    def forget(self) -> None:
        """What was said before counts no more: all of it is due."""
        for watched in self._watched.values():
            watched.told_at = -math.inf
            watched.told = _NOTHING

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch(self, side: Side, attribute: Attribute, schedule: Schedule) -> None:
        now = self._clock.count()
        self._watched[_key(side, attribute)] = _Watched(side, attribute, schedule, attribute.read(), now)

    def _loop_time(self, when: float, now: float) -> float:
        """Of a moment of the device's own clock."""
        if now == self._loop.time():
            return when
        return self._loop.time() + self._clock.lasts_s(when - now)


def _key(side: Side, attribute: Attribute) -> tuple[Side, int | None, int]:
    return side, attribute.definition.manufacturer_code, attribute.definition.id


def _kept_schedule(schedule: Schedule, attribute: Attribute) -> list[Any]:
    change = None if schedule.change is None else kept_value(attribute.definition.type_id, schedule.change)
    return [schedule.min_s, schedule.max_s, change]


def _reporting(attribute: Attribute, kept: list[Any] | None) -> attribute_records.Reporting:
    type_id = attribute.definition.type_id
    min_s, max_s, change = (0, NEVER, None) if kept is None else kept
    value = None if change is None else value_of(type_id, change)
    return attribute_records.Reporting(attribute.definition.id, type_id, int(min_s), int(max_s), value)


def _far_enough(told: Value | _Nothing, value: Value, change: Value) -> bool:
    """ZCL8, 2.5.11.2.2 and .3: a number moved by the reportable change at least, anything else is another."""
    if told == value:
        return False
    if isinstance(told, int | float) and isinstance(value, int | float) and isinstance(change, int | float):
        return abs(value - told) >= change
    return True
