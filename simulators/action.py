"""What can be done to a world, in the words of `sim do`; a resident's routine speaks the same language.

walk RESIDENT ROOM
sleep RESIDENT | wake RESIDENT
cook RESIDENT [MINUTES] | shower RESIDENT [MINUTES] | watch RESIDENT [MINUTES]
go_out RESIDENT | come_home RESIDENT
press DEVICE [BUTTON] [GESTURE]
set DEVICE NAME=VALUE...
open PLACE OTHER | close PLACE OTHER
weather NAME=VALUE...
join DEVICE | leave DEVICE
fault NAME [TARGET] [KEY=VALUE...] | heal [NAME [TARGET]]

PLACE is a room, OTHER what is behind the door: a room, `outside`, or `window` for the windows of PLACE. TARGET is the
radio or the device that a fault strikes, which `radio=` and `device=` name as well; `heal` alone ends all of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.devices.device import Value

USAGE = {
    "walk": "walk RESIDENT ROOM",
    "sleep": "sleep RESIDENT",
    "wake": "wake RESIDENT",
    "cook": "cook RESIDENT [MINUTES]",
    "shower": "shower RESIDENT [MINUTES]",
    "watch": "watch RESIDENT [MINUTES]",
    "go_out": "go_out RESIDENT",
    "come_home": "come_home RESIDENT",
    "press": "press DEVICE [BUTTON] [GESTURE]",
    "set": "set DEVICE NAME=VALUE...",
    "open": "open PLACE OTHER",
    "close": "close PLACE OTHER",
    "weather": "weather NAME=VALUE...",
    "join": "join DEVICE",
    "leave": "leave DEVICE",
    "fault": "fault NAME [TARGET] [KEY=VALUE...]",
    "heal": "heal [NAME [TARGET]]",
}

OF_RESIDENTS: Final = frozenset(("walk", "sleep", "wake", "cook", "shower", "watch", "go_out", "come_home"))
"""Verbs whose first word is who does it."""
MINUTES_MAX: Final = 24 * 60.0
TARGET: Final = "target"
"""What a fault strikes, among its settings: a radio or a device, as the fault is."""
WINDOW: Final = "window"
"""What is behind a room's windows, as `open` and `close` call it."""


class BadAction(ValueError):
    """Words that are no action; says how one is written."""


@dataclass(frozen=True, slots=True)
class Action:
    """`verb` is a key of USAGE; what a verb does not need is empty."""

    verb: str
    resident: str | None = None
    room: str | None = None
    device: str | None = None
    button: str | None = None
    gesture: str | None = None
    fault: str | None = None
    other: str | None = None
    minutes: float | None = None
    settings: Mapping[str, Value] = field(default_factory=dict)


def parse_action(words: Sequence[str]) -> Action:
    """Raises BadAction."""
    match list(words):
        case ["walk", resident, room]:
            return Action("walk", resident=resident, room=room)
        case ["sleep" | "wake" | "go_out" | "come_home" as verb, resident]:
            return Action(verb, resident=resident)
        case ["cook" | "shower" | "watch" as verb, resident, *minutes] if len(minutes) < 2:
            return Action(verb, resident=resident, minutes=_minutes(minutes[0]) if minutes else None)
        case ["open" | "close" as verb, room, other]:
            return Action(verb, room=room, other=other)
        case ["weather", _, *_] as parts:
            return Action("weather", settings=parse_settings(parts[1:]))
        case ["press", device]:
            return Action("press", device=device)
        case ["press", device, button]:
            return Action("press", device=device, button=button)
        case ["press", device, button, gesture]:
            return Action("press", device=device, button=button, gesture=gesture)
        case ["set", device, _, *_] as parts:
            return Action("set", device=device, settings=parse_settings(parts[2:]))
        case ["join" | "leave" as verb, device]:
            return Action(verb, device=device)
        case ["fault", name, target, *options] if "=" not in target:
            return Action("fault", fault=name, settings=parse_settings([f"{TARGET}={target}", *options]))
        case ["fault", name, *options]:
            return Action("fault", fault=name, settings=parse_settings(options))
        case ["heal", *what] if len(what) <= 2:
            return Action("heal", fault=what[0] if what else None, other=what[1] if len(what) == 2 else None)
        case [verb, *_] if verb in USAGE:
            raise BadAction(f"it is written: {USAGE[verb]}")
    raise BadAction(f"{' '.join(words)!r} is nothing that can be done; there is {', '.join(USAGE)}")


def parse_value(text: str) -> Value:
    """true and false, numbers, and else the text itself: a code such as 0123 is no number, nor is nan one, or inf, or
    what is as good as that."""
    if text in ("true", "false"):
        return text == "true"
    if text.isdecimal() and text != "0" and text.startswith("0"):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    try:
        return int(text)
    except ValueError:
        return number


def _minutes(text: str) -> float:
    value = parse_value(text)
    if isinstance(value, bool | str) or not 0 < value <= MINUTES_MAX:
        raise BadAction(f"{text!r} is no number of minutes, 1 to {MINUTES_MAX:g}")
    return float(value)


def parse_settings(words: Sequence[str]) -> dict[str, Value]:
    """Raises BadAction."""
    settings: dict[str, Value] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise BadAction(f"{word!r} is not NAME=VALUE")
        settings[name] = parse_value(value)
    return settings
