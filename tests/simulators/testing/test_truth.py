"""What is really so, in the hub's words: a hub that was told all of it believes the same."""

from typing import Any

import pytest

from hubagent.rules.names import UnknownName
from simulators.devices.room_air import RoomAir
from simulators.kinds import CAPTURED, KINDS, Site
from simulators.testing.home import Home
from simulators.testing.truth import in_words_of, shown_by
from simulators.virtual_time import VirtualTimeLoop
from tests.simulators.testing.a_home import HERE, in_a_home

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


@pytest.mark.parametrize(
    ("radio", "value", "said"),
    [
        ("zwave", 80.0, 80),
        ("zwave", 99.0, 100),
        ("zwave", 100.0, 100),
        ("zwave", 0.2, 1),
        ("zwave", 0.0, 0),
        ("zigbee", 203 * 100 / 254, 80),
        ("zigbee", 0.0, 0),
    ],
)
def test_a_level_is_as_many_percent_as_somebody_set(radio: str, value: float, said: int) -> None:
    assert in_words_of(radio, "level", value) == said
    assert in_words_of(radio, "temperature", value) == value


@pytest.mark.parametrize("light", ["hall.light", "living.lamp"])
def test_what_a_hub_sets_a_lamp_to_is_what_it_is(light: str) -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        for level in (1, 15, 80, 100):
            await home.hub.set(light, level=level)
            await home.expect(f"{light}.level == {level}", within="5s")

    in_a_home(happens, HERE.parents[2] / "examples" / "home.toml")


def test_every_kind_of_device_shows_something_but_what_has_nothing_to_show() -> None:
    loop = VirtualTimeLoop()
    site = Site(loop, RoomAir(), None)
    made = {name: kind.make(site, kind.options()) for name, kind in KINDS.items() if name != CAPTURED}
    loop.close()
    assert [name for name, device in made.items() if not shown_by(device)] == ["power_strip", "repeater"]
