"""What is really so, in the hub's words: a hub that was told all of it believes the same."""

from typing import Any

import pytest

from hubagent.rules.names import UnknownName
from simulators.devices.room_air import RoomAir
from simulators.kinds import CAPTURED, KINDS, Site
from simulators.testing.home import Home
from simulators.testing.truth import shown_by
from simulators.virtual_time import VirtualTimeLoop
from tests.simulators.testing.a_home import in_a_home

CLOSE = {"temperature": 0.6, "humidity": 3.0, "illuminance": 25.0, "energy": 1.0, "power": 1.0, "level": 1.0}
"""Devices report changes of so much at least."""


@pytest.mark.parametrize("home", ["demo", "flat"])
def test_a_hub_that_was_told_everything_believes_what_is_true(home: str) -> None:
    compared: set[tuple[str, str]] = set()

    async def happens(home: Home) -> None:
        await home.at("00:30")
        await home.after("2m")
        truth = home.site.world.devices
        for name, believed in home.site.picture().items():
            shown = home.device(name)
            for attribute, value in believed.items():
                whole = truth[name.partition("/")[0]]
                try:
                    really: Any = shown.value(attribute)
                except (KeyError, UnknownName):
                    continue
                compared.add((whole.plan.kind, attribute))
                if isinstance(value, bool | str):
                    assert really == value, f"{name}.{attribute}"
                else:
                    assert really == pytest.approx(value, abs=CLOSE.get(attribute, 1.0)), f"{name}.{attribute}"

    in_a_home(happens, home)
    assert len(compared) > 10


def test_what_no_eye_can_see_is_an_error_that_says_what_can_be_seen() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(UnknownName, match="what it shows is on"):
            home["studio.light"].value("level")

    in_a_home(happens)


def test_every_kind_of_device_shows_something_but_what_has_nothing_to_show() -> None:
    loop = VirtualTimeLoop()
    site = Site(loop, RoomAir(), None)
    made = {name: kind.make(site, kind.options()) for name, kind in KINDS.items() if name != CAPTURED}
    loop.close()
    assert [name for name, device in made.items() if not shown_by(device)] == ["power_strip", "repeater"]
