"""A home of twenty devices on both radios, lived in: one of many of the fleet."""

from typing import Final

from simulators.home import HomePlan

ROOMS: Final = ("hall", "kitchen", "living", "bedroom", "bath")
DEVICES: Final = (("light", "dimmer"), ("motion", "motion"), ("climate", "climate"), ("plug", "plug"))
"""Of each room."""

RULES: Final = "".join(
    f"""\
[[rule]]
name = "light in the {room}"
when = "{room}.motion becomes occupied"
do = [{{ set = "{room}.light", on = true }}]

[[rule]]
name = "the {room} goes dark again"
when = "{room}.motion becomes clear"
do = [{{ set = "{room}.light", on = false }}]

"""
    for room in ROOMS
)


def small_home(number: int) -> HomePlan:
    """Somebody walks through it all day, a little slower than the neighbours do."""
    devices = [
        {"name": f"{room}.{name}", "kind": kind, "radio": "zigbee" if place % 2 else "zwave"}
        for place, room in enumerate(ROOMS)
        for name, kind in DEVICES
    ]
    rooms = [{"name": room, "neighbours": [] if room == "hall" else ["hall"]} for room in ROOMS]
    routine = [{"after": 4.0 + number % 8, "do": f"walk {room}"} for room in ROOMS]
    resident = {"name": "anna", "room": "hall", "routine": routine}
    return HomePlan.model_validate({"name": f"home{number}", "room": rooms, "device": devices, "resident": [resident]})
