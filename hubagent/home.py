"""The home as its devices last described it: the one writer of state, and where events fan out.

A value changes only because a device reported it. What was restored from disk is shown with the time it is from, but is
not `fresh`: its first report afterwards tells nobody that something changed. The home knows no protocol and no rule.
"""

import difflib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from hubagent.model.capabilities.table import CAPABILITIES
from hubagent.model.capability import InvalidValue, Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.driver import Record, Records
from hubagent.model.event import (
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Event,
    StateReported,
)

_log = logging.getLogger(__name__)

NAME_LENGTH_MAX = 64
NEAR_MATCHES_MAX = 3

Previous = Mapping[str, Value]
"""By attribute, what it was before; only for attributes that were known and are now other than they were."""

Listener = Callable[[Event, Previous], None]
"""Hears every event after it was written, synchronously; must not block."""

_NOTHING: Final[Previous] = {}


class UnknownDevice(LookupError):
    """No device, or more than one, goes by this text."""

    def __init__(self, text: str, candidates: tuple[str, ...], *, ambiguous: bool = False) -> None:
        self.text = text
        self.candidates = candidates
        if ambiguous:
            super().__init__(f"{text!r} could be {' or '.join(candidates)}")
        else:
            hint = f"; did you mean {' or '.join(candidates)}?" if candidates else ""
            super().__init__(f"there is no device {text!r}{hint}")


class BadName(ValueError):
    """A name that a device cannot have: the text says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One attribute as it was last reported."""

    value: Value
    as_of: float
    """Unix seconds of the report."""
    fresh: bool
    """Reported since the agent started, and not only remembered."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    proposal: str
    """What the driver called the device when the name was given."""
    by_person: bool


class StateRecords(Records, Protocol):
    """Records that may be written late: what a device said is not worth a disk's wait."""

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        """`record(key)` is asked for, and kept, within a second or so."""
        ...


@dataclass(frozen=True, slots=True)
class HomeRecords:
    """What the home remembers between two starts."""

    devices: Records
    names: Records
    states: StateRecords


class Home:
    """Devices, their names and their last states. `apply` is the only way in."""

    def __init__(self, wall: Callable[[], float], records: HomeRecords) -> None:
        self._wall = wall
        self._records = records
        self._devices: dict[DeviceId, Device] = {}
        self._states: dict[DeviceId, dict[str, dict[str, Reading]]] = {}
        self._by_name: dict[str, DeviceId] = {}
        self._names: dict[DeviceId, _Name] = {}
        self._unconfirmed: set[DeviceId] = set()
        self._listeners: list[Listener] = []
        self._waiting: deque[Event] = deque()
        self._applying = False
        self._unkept: DeviceId | None = None
        """Whose state is to be written down when everybody has been told of it."""
        self._complained: set[tuple[DeviceId, str]] = set()
        self._writers: Final[dict[type[Any], Callable[[Any], tuple[Event, Previous] | None]]] = {
            StateReported: self._state_reported,
            DeviceJoined: self._device_joined,
            DeviceChanged: self._device_changed,
            DeviceSilent: self._device_silent,
            DeviceLeft: self._device_left,
            DriverStatus: self._driver_status,
        }

    def restore(self, protocols: frozenset[str]) -> None:
        """Take up what was known before the restart, for the drivers there are. Tells no listener."""
        self._names = {key: _Name(**record) for key, record in self._records.names.load().items()}
        states = self._records.states.load()
        for key, record in self._records.devices.load().items():
            device = _device_of(key, record)
            if device.protocol in protocols:
                self._place(replace(device, name=self._names[key].name) if key in self._names else device)
                self._states[key] = _state_of(states.get(key, {}))
                self._unconfirmed.add(key)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every event from now on, after those who listen already."""
        self._listeners.append(listener)

    def apply(self, event: Event) -> None:
        """Write what happened, and tell everybody, before returning.

        Called again by somebody who is just being told, it only takes the event in: the outer call tells of it next.
        So everybody hears events in the order of their happening.
        """
        self._waiting.append(event)
        if self._applying:
            return
        self._applying = True
        try:
            while self._waiting:
                self._write(self._waiting.popleft())
        finally:
            self._applying = False

    @property
    def devices(self) -> Mapping[DeviceId, Device]:
        return self._devices

    def state(self, device: DeviceId) -> Mapping[str, Mapping[str, Reading]]:
        """By capability and attribute, what the device last reported."""
        return self._states[device]

    def parts(self, device: DeviceId) -> Iterator[Device]:
        """The parts of a device that have functions of their own."""
        return (part for part in self._devices.values() if part.parent == device)

    def named(self, text: str) -> Device | None:
        """The device with exactly this id, or this name in whatever case."""
        return self._devices.get(text) or self._devices.get(self._by_name.get(text.casefold(), ""))

    def resolve(self, text: str) -> Device:
        """The device that a person means: by id, name, address (`5`, `zwave:5`), or the unique start of a name or id.

        Raises UnknownDevice, with what is near.
        """
        if exact := self.named(text):
            return exact
        for matches in (self._at_address(text), self._starting_with(text)):
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise UnknownDevice(text, tuple(sorted(device.id for device in matches)), ambiguous=True)
        raise UnknownDevice(text, self.near(text))

    def near(self, text: str) -> tuple[str, ...]:
        """Names and ids much like `text`."""
        known = {name.casefold(): name for device in self._devices.values() for name in (device.id, device.name)}
        close = difflib.get_close_matches(text.casefold(), known, n=NEAR_MATCHES_MAX, cutoff=0.65)
        return tuple(known[name] for name in close)

    def rename(self, device: DeviceId, name: str) -> None:
        """Give the device a name of a person's choice; it is on disk when this returns. Raises BadName."""
        _check_name(name)
        taken = self.named(name)
        if taken is not None and taken.id != device:
            raise BadName(f"{name!r} is the name of {taken.id} already")
        self._keep_name(device, _Name(name, self._proposal(device), by_person=True))
        self._yield_name(name, to=device)
        self._records.names.flush()
        self.apply(DeviceChanged(replace(self._devices[device], name=name)))

    def _at_address(self, text: str) -> list[Device]:
        protocol, _, address = text.rpartition(":")
        if not address.isdecimal():
            return []
        return [
            device
            for device in self._devices.values()
            if device.address == int(address) and device.parent is None and protocol in ("", device.protocol)
        ]

    def _starting_with(self, text: str) -> list[Device]:
        start = text.casefold()
        matches = [
            device
            for device in self._devices.values()
            if start and (device.id.startswith(start) or device.name.casefold().startswith(start))
        ]
        # A device and its own parts share the start of their ids: then the device is meant.
        ids = {device.id for device in matches}
        return [device for device in matches if device.parent not in ids]

    def _write(self, event: Event) -> None:
        previous: Previous = _NOTHING
        writer = self._writers.get(type(event))
        if writer is not None:
            written = writer(event)
            if written is None:
                return
            event, previous = written
        for listener in self._listeners:
            listener(event, previous)
        # Only now: nothing may stand between a report and the command that answers it.
        if self._unkept is not None:
            self._records.states.touch(self._unkept, self._state_record)
            self._unkept = None

    def _state_reported(self, event: StateReported) -> tuple[Event, Previous] | None:
        state = self._states.get(event.device)
        capability = CAPABILITIES.get(event.capability)
        if state is None or capability is None:
            self._complain(event.device, f"reported {event.capability}, which nobody expected")
            return None
        readings = state.setdefault(event.capability, {})
        now = self._wall()
        previous: dict[str, Value] = {}
        changed = False
        for name, value in event.values.items():
            attribute = capability.by_name.get(name)
            if attribute is not None:
                try:
                    attribute.check(value)
                except InvalidValue as error:
                    self._complain(event.device, f"reported what cannot be: {error}")
                    return self._without(event, name)
            known = readings.get(name)
            if known is None or known.value != value:
                changed = True
                if known is not None and known.fresh and known.value is not None:
                    previous[name] = known.value
            readings[name] = Reading(value, now, fresh=True)
        if changed:
            self._unkept = event.device
        return event, previous

    def _without(self, event: StateReported, name: str) -> tuple[Event, Previous] | None:
        values = {other: value for other, value in event.values.items() if other != name}
        return self._state_reported(replace(event, values=values)) if values else None

    def _device_joined(self, event: DeviceJoined) -> tuple[Event, Previous]:
        return DeviceJoined(self._known(event.device)), _NOTHING

    def _device_changed(self, event: DeviceChanged) -> tuple[Event, Previous] | None:
        before = self._devices.get(event.device.id)
        device = self._known(event.device)
        return None if device == before else (DeviceChanged(device), _NOTHING)

    def _known(self, device: Device) -> Device:
        """The device under the name that it has here, written down."""
        self._unconfirmed.discard(device.id)
        named = replace(device, name=self._name(device))
        if self._devices.get(device.id) != named:
            known = self._devices.get(device.id)
            self._place(named)
            if known is None or _device_record(known) != _device_record(named):
                self._records.devices.put(device.id, _device_record(named))
        self._states.setdefault(device.id, _state_of({}))
        return named

    def _device_silent(self, event: DeviceSilent) -> tuple[Event, Previous] | None:
        device = self._devices.get(event.device)
        if device is None:
            return None
        self._devices[device.id] = replace(device, presence=Presence.DEAD)
        return event, _NOTHING

    def _device_left(self, event: DeviceLeft) -> tuple[Event, Previous] | None:
        if event.device not in self._devices:
            return None
        parts = [part.id for part in self.parts(event.device)]
        for device in [event.device, *parts]:
            self._forget(device)
            self._names.pop(device, None)
            for records in (self._records.devices, self._records.names, self._records.states):
                records.remove(device)
        self._tell_left(parts)
        return event, _NOTHING

    def _driver_status(self, event: DriverStatus) -> tuple[Event, Previous]:
        if event.condition is DriverCondition.READY:
            # Its network has other devices than it had: what it did not find again is not shown, but kept on disk,
            # because a stick that was swapped by mistake must not cost people their names.
            missing = [key for key in sorted(self._unconfirmed) if self._devices[key].protocol == event.driver]
            for device in missing:
                _log.warning("%s (%s) is not in its network any more", self._devices[device].name, device)
                self._forget(device)
            # To everybody else it has left: a rule that names it waits for it, and knows nothing of it.
            self._tell_left(reversed(missing))
        return event, _NOTHING

    def _tell_left(self, devices: Iterable[DeviceId]) -> None:
        """Of devices that are forgotten already; parts before the device that they are of, as drivers tell it."""
        for device in devices:
            event = DeviceLeft(device)
            for listener in self._listeners:
                listener(event, _NOTHING)

    def _place(self, device: Device) -> None:
        known = self._devices.get(device.id)
        if known is not None:
            self._by_name.pop(known.name.casefold(), None)
        self._devices[device.id] = device
        self._by_name[device.name.casefold()] = device.id

    def _forget(self, device: DeviceId) -> None:
        self._by_name.pop(self._devices.pop(device).name.casefold(), None)
        del self._states[device]
        self._unconfirmed.discard(device)

    def _name(self, device: Device) -> str:
        known = self._names.get(device.id)
        if known is not None and (known.by_person or device.name in (known.proposal, known.name)):
            return known.name
        name = self._free_name(device.name or device.id, device.id)
        self._keep_name(device.id, _Name(name, device.name, by_person=False))
        return name

    def _yield_name(self, name: str, *, to: DeviceId) -> None:
        """A device that is not in its network now, and had this name, will have another when it comes back."""
        for device, known in list(self._names.items()):
            if device != to and known.name.casefold() == name.casefold():
                self._keep_name(device, replace(known, name=self._free_name(known.name, device)))

    def _proposal(self, device: DeviceId) -> str:
        return self._names[device].proposal if device in self._names else self._devices[device].name

    def _keep_name(self, device: DeviceId, name: _Name) -> None:
        self._names[device] = name
        record = {"name": name.name, "proposal": name.proposal, "by_person": name.by_person}
        self._records.names.put(device, record)

    def _free_name(self, wish: str, device: DeviceId) -> str:
        """`wish`, or with a number after it where another device is called that."""
        wish = "".join(letter for letter in wish if letter.isprintable()).strip()[: NAME_LENGTH_MAX - 5] or device
        taken = {name.name.casefold() for key, name in self._names.items() if key != device}
        name, number = wish, 2
        while name.casefold() in taken:
            name, number = f"{wish} {number}", number + 1
        return name

    def _state_record(self, device: DeviceId) -> Record:
        state = self._states.get(device, {})
        return {
            capability: {name: [reading.value, reading.as_of] for name, reading in readings.items()}
            for capability, readings in state.items()
        }

    def _complain(self, device: DeviceId, what: str) -> None:
        if (device, what) not in self._complained and len(self._complained) < _COMPLAINTS_MAX:
            self._complained.add((device, what))
            _log.warning("%s %s", device, what)


_COMPLAINTS_MAX = 256
"""Different complaints that are logged, each once."""


def _check_name(name: str) -> None:
    if not name or name != name.strip() or not name.isprintable():
        raise BadName("a name has letters, and no spaces around them or control characters inside")
    if len(name) > NAME_LENGTH_MAX:
        raise BadName(f"a name has at most {NAME_LENGTH_MAX} letters; this one has {len(name)}")
    if name.isdecimal():
        raise BadName(f"{name!r} would be taken for an address")


def _device_record(device: Device) -> Record:
    return {
        "name": device.name,
        "protocol": device.protocol,
        "address": device.address,
        "capabilities": list(device.capabilities),
        "parent": device.parent,
        "details": dict(device.details),
        "known": device.presence is not Presence.INTERVIEWING,
    }


def _device_of(key: DeviceId, record: Record) -> Device:
    return Device(
        id=key,
        name=record["name"],
        protocol=record["protocol"],
        address=record["address"],
        capabilities=tuple(record["capabilities"]),
        # Until the driver says more: it was known, and nothing says that it is gone.
        presence=Presence.READY if record.get("known") else Presence.INTERVIEWING,
        parent=record["parent"],
        details=record["details"],
    )


def _state_of(record: Record) -> dict[str, dict[str, Reading]]:
    return {
        capability: {name: Reading(value, as_of, fresh=False) for name, (value, as_of) in readings.items()}
        for capability, readings in record.items()
    }
