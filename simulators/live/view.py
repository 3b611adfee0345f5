"""A world as JSON: what stays as it is while it runs, and what changes. This is the shape that the API promises.

Only what is really so is in here, whatever an agent or a cloud believes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulators.devices.device import Device
from simulators.live.house_map import HouseMap, door_name
from simulators.live.looks import looks_of
from simulators.live.touch import touch_of
from simulators.residents.activities import ACTIVITIES
from simulators.residents.resident import Resident
from simulators.world import Placed, World
from simulators.world_faults.table import WORLD_FAULTS

VERSION: Final = 1
"""Of the shapes. It grows, and what is there stays."""
TROUBLES_SHOWN_MAX: Final = 20

Views = dict[str, Any]
"""By what it is about: `rooms`, `doors`, `devices`, `residents` by name, everything else as a whole."""
BY_NAME: Final = ("rooms", "doors", "devices", "residents")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown, and where it all is."""

    world: World
    plan: HouseMap
    sticks: Mapping[str, str]
    """By radio: what to open to reach it."""
    agent: bool
    """Whether an agent runs on it."""


def what_stays(shown: Shown) -> Views:
    world = shown.world
    place = world.plan.place
    return {
        "home": world.plan.name,
        "seed": world.seed if isinstance(world.seed, int | str) else str(world.seed),
        "timezone": "UTC" if place is None else place.timezone,
        "agent": shown.agent,
        "sticks": dict(shown.sticks),
        "plan": {
            **shown.plan.to_json(),
            "open_air": [room.name for room in world.plan.room if room.open_air],
            "facings": {room.name: [window.faces for window in room.windows] for room in world.plan.room},
        },
        "touch": {name: touch_of(placed.device) for name, placed in world.devices.items()},
        "faults": [{**kind.to_json(), "targets": list(kind.targets(world))} for kind in WORLD_FAULTS.values()],
    }


def what_changes(shown: Shown) -> Views:
    world = shown.world
    inside = world.inside()
    return {
        "rooms": inside["rooms"],
        "doors": {door_name(it["between"]): it for it in inside["doors"]},
        "weather": inside["weather"],
        "devices": {name: _device(name, placed) for name, placed in world.devices.items()},
        "residents": {name: _resident(resident) for name, resident in world.residents.items()},
        "struck": _struck(world),
        "troubles": list(world.troubles)[-TROUBLES_SHOWN_MAX:],
    }


def _device(name: str, placed: Placed) -> dict[str, Any]:
    dongle = placed.dongle
    return {
        "kind": placed.plan.kind,
        "room": placed.plan.place,
        "radio": None if dongle is None else dongle.name,
        "node": None if dongle is None else dongle.address_of(name),
        "power": dongle is None or dongle.has_power(name),
        "battery": _battery(placed.device),
        "state": looks_of(placed.device),
    }


def _battery(device: Device) -> float | None:
    """In percent; None: it runs on mains."""
    return None if device.battery is None else round(device.battery.level, 1)


def _resident(resident: Resident) -> dict[str, Any]:
    busy = next((verb for verb, it in ACTIVITIES.items() if it is resident.busy_with), None)
    return {"room": resident.room, "does": busy or ("sleep" if resident.asleep else None)}


def _struck(world: World) -> list[dict[str, Any]]:
    """By the world's clock on the wall; it may be set meanwhile, and then these go with it."""
    offset = world.now() - world.loop.time()
    return [
        {
            "number": it.number,
            "fault": it.name,
            "target": it.target,
            "options": dict(it.options),
            "since": round(it.since + offset, 1),
            "until": None if math.isinf(it.until) else round(it.until + offset, 1),
        }
        for it in world.faults.active()
    ]
