"""A small recording for tests: a kitchen on one radio and a hall on the other, for some minutes."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from simulators.recording.format import KIND

START: Final = 1_490_486_400.0
"""2017-03-26 00:00 UTC: an hour before clocks go forward in Berlin."""
DEVICES: Final = (
    {
        "name": "kitchen.climate",
        "kind": "climate",
        "radio": "zigbee",
        "state": {"temperature": 20.0, "humidity": 40.0, "illuminance": 0.0},
    },
    {"name": "kitchen.heating", "kind": "thermostat", "room": "corner", "state": {"setpoint": 20.0}},
    {"name": "hall.motion", "kind": "motion", "state": {"occupied": False}},
    {"name": "hall.light", "kind": "dimmer", "state": {"level": 0.0}},
    {"name": "hall.remote", "kind": "remote"},
)
EVENTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"t": 10.0, "device": "kitchen.climate", "set": {"temperature": 18.5}},
    {"t": 60.0, "device": "hall.motion", "set": {"occupied": True}},
    {"t": 61.0, "device": "hall.light", "set": {"level": 80.0}, "by": "hub"},
    {"t": 90.0, "device": "hall.remote", "press": "1"},
    {"t": 120.0, "device": "hall.motion", "set": {"occupied": False}},
    {"t": 121.0, "device": "hall.light", "set": {"level": 0.0}, "by": "hub"},
    {"t": 400.0, "device": "kitchen.heating", "set": {"setpoint": 17.0}},
    {"t": 500.0, "device": "kitchen.climate", "set": {"temperature": 21.0, "humidity": 60.0}},
)
RULES: Final = """
[[rule]]
name = "light for whoever comes"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", level = 30 }]

[[rule]]
name = "dark again"
when = "hall.motion becomes clear for 30s"
do = [{ set = "hall.light", on = false }]

[[rule]]
name = "too cold"
when = "kitchen.climate.temperature < 19 for 5m"
do = [{ notify = "owner", text = "{kitchen.climate.temperature} °C" }]

[[rule]]
name = "the button says so"
when = "hall.remote button 1 single"
do = [{ notify = "owner", text = "pressed" }]

[[rule]]
name = "at three in the morning, which comes an hour after one"
when = { time = "03:05" }
do = [{ notify = "owner", text = "three" }]
"""


def a_header(**more: Any) -> dict[str, Any]:
    place = {"timezone": "Europe/Berlin", "latitude": 49.45, "longitude": 11.08}
    return {"v": 1, "kind": KIND, "start": START, "home": "flat", "place": place, "devices": list(DEVICES), **more}


def a_recording(folder: Path, events: Iterable[Mapping[str, Any]] = EVENTS, **more: Any) -> Path:
    path = folder / "flat.jsonl"
    lines = [a_header(**more), *events]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def some_rules(folder: Path) -> Path:
    path = folder / "flat.rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path
