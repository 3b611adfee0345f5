"""Who takes part where a hub's devices are played by simulated ones: which, under which names.

A hub's device may be called anything; a simulated one stands in a room, and is called like `hall.light`. One that is
several things at once (a motion sensor that also measures the temperature) is played by several.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulators.house_table import wrong_on_zigbee
from simulators.recording.format import DEVICES_MAX
from simulators.recording.hub_views import Known, View
from simulators.recording.meaning import BATTERY, BUTTONS, Part, parts_of, value_for

ATTRIBUTES_MAX: Final = 100
NAME_MAX: Final = 33
ROOM_MAX: Final = 16
SOMEWHERE: Final = "home"
"""The room of a device whose name says none."""
BUTTONS_MAX: Final = 16
_ROOM_AND_THING: Final = re.compile(r"[a-z0-9_]{1,16}\.[a-z0-9_]+")


class TooMuch(Exception):
    """More devices, or attributes of one, than a recording can have."""


@dataclass(slots=True)
class _Heard:
    """What is known of one of the hub's devices."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    """With what they were at the start; None where nobody knew."""
    buttons: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """A simulated device, and the part of a hub's that it plays."""

    name: str
    part: Part
    table: Mapping[str, Any]
    """As the header has it."""


class Survey:
    """Takes down which devices there are, and what they have, before anything is played."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def know(self, known: Known) -> None:
        """What the hub had at the start. Raises TooMuch."""
        heard = self._of(known.device, known.name)
        for attribute, value in known.attributes.items():
            self._has(heard, attribute, value)
        if isinstance(buttons := known.attributes.get(BUTTONS), int | float):
            heard.buttons = max(heard.buttons, int(buttons))

    def hear(self, view: View) -> None:
        """Raises TooMuch."""
        if view.device and view.event == "reported":
            self._has(self._of(view.device, view.name), view.attribute, None)
        elif view.device and (number := button_of(view)):
            heard = self._of(view.device, view.name)
            self._has(heard, BUTTONS, None)
            heard.buttons = max(heard.buttons, number)

    def cast(self) -> Mapping[str, list[Actor]]:
        """By the hub's device, who plays it; nobody plays what no simulated device can be."""
        taken: set[str] = set()
        cast: dict[str, list[Actor]] = {}
        for device, heard in self._heard.items():
            parts = parts_of(heard.attributes.keys() - self._shown_by_parts(device))
            for number, part in enumerate(parts):
                wish = name_for(heard.name) if number == 0 else f"{cast[device][0].name}_{part.role.kind}"
                name = _free(wish, taken)
                taken.add(name)
                actor = Actor(name, part, _table(name, device, heard, part))
                cast.setdefault(device, []).append(actor)
        return cast

    def renamed(self, cast: Mapping[str, list[Actor]]) -> Mapping[str, str]:
        """By what people call it: who plays it, where that is another name."""
        names = {self._heard[device].name: [actor.name for actor in actors] for device, actors in cast.items()}
        return {there: " and ".join(here) for there, here in names.items() if here != [there]}

    def _of(self, device: str, name: str) -> _Heard:
        if device not in self._heard:
            if len(self._heard) >= DEVICES_MAX:
                raise TooMuch(f"there are more than {DEVICES_MAX} devices")
            self._heard[device] = _Heard(name)
        return self._heard[device]

    def _has(self, heard: _Heard, attribute: str, value: object) -> None:
        if len(heard.attributes) >= ATTRIBUTES_MAX and attribute not in heard.attributes:
            raise TooMuch(f"{heard.name} has more than {ATTRIBUTES_MAX} attributes")
        heard.attributes.setdefault(attribute, value)

    def _shown_by_parts(self, device: str) -> set[str]:
        """A device with parts mirrors one of them."""
        parts = [heard for other, heard in self._heard.items() if other.startswith(f"{device}/")]
        return {attribute for part in parts for attribute in part.attributes if attribute != BATTERY}


def button_of(view: View) -> int:
    """The number of the button that was pressed; 0 where none was."""
    if view.event != "pressed":
        return 0
    number = view.attribute.removeprefix("button_")
    return int(number) if re.fullmatch(r"[0-9]{1,2}", number) and 1 <= int(number) <= BUTTONS_MAX else 0


def name_for(name: str) -> str:
    """The nearest name that a house file takes; the room is what stands before the dot, if that is short enough."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    room, dot, thing = plain.partition(".")
    words = [re.sub(r"[^a-z0-9]+", "_", part).strip("_") for part in ((room, thing) if dot else (plain,))]
    wish = ".".join(word for word in words if word) or "device"
    if not _ROOM_AND_THING.fullmatch(wish):
        wish = wish.replace(".", "_")
    return wish[:NAME_MAX].rstrip("_.")


def _free(wish: str, taken: set[str]) -> str:
    numbered = (wish, *(f"{wish[: NAME_MAX - 5].rstrip('_.')}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in numbered if name not in taken and len(name) <= NAME_MAX)


def _table(name: str, device: str, heard: _Heard, part: Part) -> Mapping[str, Any]:
    state = {
        here: value
        for there, here in part.attributes.items()
        if here and (value := value_for(here, there, heard.attributes.get(there))) is not None
    }
    table: dict[str, Any] = {"name": name, "kind": part.role.kind, "state": state}
    if "." not in name:
        table["room"] = SOMEWHERE
    if device.startswith("zigbee") and not wrong_on_zigbee(name):
        # Rules know it by its name: that counts more than its radio, which would keep only the beginning.
        table["radio"] = "zigbee"
    if part.role.kind == "remote":
        table["options"] = {"buttons": min(BUTTONS_MAX, max(1, heard.buttons))}
    sleeps = part.role.kind in _MAY_SLEEP
    if sleeps:
        table["power"] = "battery" if BATTERY in heard.attributes else "mains"
        if table["power"] == "mains":
            state.pop(BATTERY, None)
    return table


_MAY_SLEEP: Final = frozenset(("smoke", "leak", "door", "motion", "remote", "climate"))
