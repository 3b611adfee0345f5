"""The home as an agent saw it: devices by name, and of each attribute what was said of it, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.rules.expression import tree
from hubagent.rules.names import Subject, UnknownName, attribute_of, main_attribute, resolve
from hubagent.rules.where import Where
from hubagent.rules.words import WORDS

Place = tuple[DeviceId, str]
"""A device and its attribute; the mode and the variables are attributes of the home, which has no id."""
MODE: Final[Place] = ("", "home.mode")
ALARMS: Final = frozenset(("smoke", "co", "gas", "leak"))
"""RULES.md, Triggers: these set off also with the first report after a start."""
CLOCK_NAMES: Final = frozenset(("time", "weekday", "sun.up", "sun.elevation"))


@dataclass(slots=True)
class Said:
    value: Value
    as_of: float
    """Unix seconds of the last report."""
    changed_at: float
    fresh: bool
    """It is known since when it is so: another value is a change."""


@dataclass(slots=True)
class Cause:
    """What set the run off whose expressions are worked out."""

    value: Value = None
    id: str | None = None
    late_s: float = 0.0


class Seen:
    """Implements `hubagent.rules.names.Registry`."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.wall = 0.0
        self.began = 0.0
        """Unix seconds of the start, by the clock as it is now."""
        self.settled = False
        self.cause = Cause()
        self.devices: dict[DeviceId, Device] = {}
        self.said: dict[Place, Said] = {}
        self.silent: set[DeviceId] = set()
        self._by_name: dict[str, DeviceId] = {}
        self._found: dict[tuple[str, str | None, str | None], Subject | None] = {}
        self._overlay: dict[Place, Value] = {}

    def start(self, wall: float) -> None:
        """A new life: of devices nothing is known yet."""
        self.wall = self.began = wall
        self.settled = False
        self.devices, self.silent, self._by_name, self._found = {}, set(), {}, {}
        self.said = {place: said for place, said in self.said.items() if not place[0]}

    # --- devices

    def find(self, name: str) -> Device | None:
        device = self._by_name.get(name.casefold())
        return self.devices.get(name if device is None else device)

    def names(self) -> Iterable[str]:
        return ()

    def know(self, device: Device) -> bool:
        """Whether its name or its abilities are others than before."""
        before = self.devices.get(device.id)
        self.devices[device.id] = device
        if before is not None and (before.name, before.capabilities) == (device.name, device.capabilities):
            return False
        if before is not None:
            self._by_name.pop(before.name.casefold(), None)
        self._by_name[device.name.casefold()] = device.id
        self._found = {}
        return True

    def left(self, device: DeviceId) -> None:
        known = self.devices.pop(device, None)
        if known is not None:
            self._by_name.pop(known.name.casefold(), None)
        for place in [place for place in self.said if place[0] == device]:
            del self.said[place]
        self.silent.discard(device)
        self._found = {}

    def remember(self, device: Device, values: Mapping[str, tuple[Value, float, bool]]) -> None:
        """What was said before anybody listened: value, when, and whether that was since the start."""
        self.know(device)
        for name, (value, at, fresh) in values.items():
            self.said[device.id, name] = Said(value, at, at, fresh and value is not None)
        if device.presence is Presence.DEAD:
            self.fall_silent(device.id)

    def fall_silent(self, device: DeviceId) -> list[Place]:
        """Nothing is known of it; what was known before."""
        self.silent.add(device)
        known = [place for place, said in self.said.items() if place[0] == device and said.value is not None]
        for place in known:
            self.said[place].value, self.said[place].fresh = None, False
        return known

    def report(self, device: DeviceId, name: str, value: Value) -> tuple[Value, bool]:
        """What it was, and whether it is known that this is a change."""
        place = (device, name)
        said = self.said.get(place)
        if said is None:
            self.said[place] = Said(value, self.wall, self.wall, value is not None)
            return None, False
        before, knew = said.value, said.fresh or name in ALARMS
        said.as_of, said.fresh = self.wall, value is not None
        if before != value:
            said.value, said.changed_at = value, self.wall
        return before, before is not None and knew

    def settle(self) -> None:
        self.settled = True
        for said in self.said.values():
            said.fresh = said.value is not None

    def clock_stepped(self, seconds: float) -> None:
        """What was said since the start was so long ago as it was."""
        for place, said in self.said.items():
            if place[0] and said.as_of >= self.began:
                said.as_of += seconds
            if place[0] and said.changed_at >= self.began:
                said.changed_at += seconds
        self.began += seconds

    # --- values

    def value(self, place: Place) -> Value:
        if place in self._overlay:
            return self._overlay[place]
        said = self.said.get(place)
        return None if said is None else said.value

    def set(self, place: Place, value: Value) -> None:
        """The mode, or a variable."""
        self.said[place] = Said(value, self.wall, self.wall, True)

    def forget_variables(self, but: Iterable[str]) -> list[str]:
        """Those that were removed: if they come again they are as at first."""
        kept = {("", f"var.{name}") for name in but}
        gone = [place for place in self.said if place[1].startswith("var.") and not place[0] and place not in kept]
        for place in gone:
            del self.said[place]
        return [name.removeprefix("var.") for _, name in gone]

    def as_if(self, values: Mapping[Place, Value]) -> None:
        """From now on it looks as if these were so; with none, as it is."""
        self._overlay = dict(values)

    def local(self) -> datetime:
        return self.where.local(self.wall)

    # --- names

    def subject(self, text: str, device: str | None = None, attribute: str | None = None) -> Subject | None:
        """Whom a name is about; None where nobody is called so."""
        key = (text, device, attribute)
        if key not in self._found:
            self._found[key] = self._subject(*key)
        return self._found[key]

    def _subject(self, text: str, device: str | None, attribute: str | None) -> Subject | None:
        try:
            if device is None:
                return resolve(text, self)
            known = self.find(device)
            if known is None:
                return None
            return Subject(known, None if attribute is None else attribute_of(known, attribute))
        except UnknownName:
            return None

    def place(self, node: tree.Name) -> Place | None:
        """What a name in an expression reads; None: the clock, what set it off, or nobody."""
        if node.device is None:
            if node.text == MODE[1] or node.text.startswith("var."):
                return ("", node.text)
            if node.text in CLOCK_NAMES or node.text.startswith("trigger."):
                return None
        subject = self.subject(node.text, node.device, node.attribute)
        if subject is None:
            return None
        attribute = subject.attribute or main_attribute(subject.device)
        return None if attribute is None else (subject.device.id, attribute.name)

    def meant(self, node: tree.Node, word: str) -> tuple[Place, Value] | None:
        """What `node is word` is about, and which value that is there; None where the word is a plain value."""
        if not isinstance(node, tree.Name) or word not in WORDS:
            return None
        place = self.place(node)
        if place is None or not place[0]:
            return None
        subject = self.subject(node.text, node.device, node.attribute)
        assert subject is not None
        for name, value in WORDS[word]:
            if subject.attribute is None and has(subject.device, name):
                return (subject.device.id, name), value
            if subject.attribute is not None and subject.attribute.name == name:
                return place, value
        return None


def has(device: Device, name: str) -> bool:
    """Whether it can say, or be told, that."""
    try:
        attribute_of(device, name)
    except UnknownName:
        return False
    return True
