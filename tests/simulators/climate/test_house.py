"""Rooms in a weather that is held, so that what they become can be reckoned."""

from typing import Any

import pytest

from simulators.climate.house import House
from simulators.climate.plan import OUTSIDE, PlacePlan, RoomPlan
from simulators.climate.rooms import Room
from simulators.climate.walls import UNPLANNED_OUTER_W_PER_K
from simulators.climate.weather import Weather
from simulators.devices.blind import Blind
from simulators.devices.metering_plug import MeteringPlug
from simulators.devices.sensors import DoorSensor
from simulators.openings import Passages, Window
from simulators.runtime import START
from simulators.virtual_time import VirtualTimeLoop

PLACE = PlacePlan(latitude=51.5, longitude=0.0, timezone="UTC")
NOON = START + 12 * 3600.0


Rooms = dict[str, dict[str, Any]]
"""By name: what stands in a room's table."""


class Home:
    def __init__(self, rooms: Rooms, *, outside: float = 5.0, at: float = START) -> None:
        plans = [RoomPlan.model_validate({"name": name, "windows": [], **table}) for name, table in rooms.items()]
        self.passages = Passages([(plan.name, other) for plan in plans for other in plan.neighbours])
        self.windows = {plan.name: [Window(window) for window in plan.windows] for plan in plans}
        self.rooms = {plan.name: Room(plan, self.windows[plan.name]) for plan in plans}
        weather = Weather(PLACE, 1)
        weather.hold({"temperature": outside, "clouds": 0.0, "rain": 0.0, "wind": 0.0})
        self.house = House(self.rooms, plans, self.passages, weather, PLACE, lambda: at)

    def after(self, hours: float, step_s: float = 60.0) -> "Home":
        for _ in range(round(hours * 3600 / step_s)):
            self.house.step(step_s)
        return self

    def celsius(self, room: str = "room") -> float:
        return self.rooms[room].temperature


def test_a_room_without_heating_cools_towards_the_weather() -> None:
    home = Home({"room": {"temperature": 25.0}})
    assert 12 < home.after(10).celsius() < 15
    assert home.after(200).celsius() == pytest.approx(5.0, abs=0.1)


def test_a_heated_room_stays_as_much_warmer_as_its_heating_is_strong() -> None:
    home = Home({"room": {}})
    home.rooms["room"].air.heating_power_w = 440.0
    # 40 W/K through the walls, and 4 more through the cracks.
    assert home.after(300).celsius() - 5.0 == pytest.approx(440 / (UNPLANNED_OUTER_W_PER_K + 4.03), abs=0.1)


def test_steps_of_a_minute_and_of_an_hour_come_to_the_same() -> None:
    rooms: Rooms = {"room": {"temperature": 25.0, "neighbours": ["other"]}, "other": {"temperature": 15.0}}
    minutes, hours = Home(rooms).after(12), Home(rooms).after(12, step_s=1800)
    assert minutes.celsius() == pytest.approx(hours.celsius(), abs=0.3)


def test_through_an_open_door_two_rooms_become_alike_much_sooner_than_through_a_closed_one() -> None:
    def apart(is_open: bool) -> float:
        home = Home({"warm": {"temperature": 25.0, "neighbours": ["cold"]}, "cold": {"temperature": 15.0}})
        home.passages.make(("warm", "cold")).set_open(is_open)
        home.after(3)
        return home.celsius("warm") - home.celsius("cold")

    assert apart(True) < 1.5
    assert apart(False) > 6


def test_an_open_window_cools_and_dries_a_room() -> None:
    shut, aired = Home({"room": {"windows": [{"area": 2.0}]}}), Home({"room": {"windows": [{"area": 2.0}]}})
    aired.windows["room"][0].set_open(True)
    assert aired.after(0.5).celsius() < shut.after(0.5).celsius() - 0.5
    assert aired.rooms["room"].vapour < shut.rooms["room"].vapour - 0.8


def test_an_open_front_door_is_told_by_its_contact_and_felt_inside() -> None:
    shut, wide = Home({"hall": {"neighbours": [OUTSIDE]}}), Home({"hall": {"neighbours": [OUTSIDE]}})
    contact = DoorSensor()
    wide.passages.make(("hall", OUTSIDE)).contacts.append(contact)
    contact.set_open(True)
    assert wide.after(1).celsius("hall") < shut.after(1).celsius("hall") - 2


def test_a_shower_fills_the_air_and_it_goes_again() -> None:
    home = Home({"bath": {"area": 8.0, "temperature": 22.0}})
    bath = home.rooms["bath"]
    before, vapour_before = bath.air.humidity, bath.vapour
    home.house.people = lambda: {"bath": (1000.0, 0.5)}
    home.after(0.15)
    assert bath.air.humidity > before + 15
    assert bath.vapour > vapour_before + 3
    home.house.people = dict
    assert home.after(12).rooms["bath"].vapour < vapour_before


def test_air_that_can_hold_no_more_leaves_the_rest_on_the_window() -> None:
    home = Home({"bath": {"area": 4.0}})
    home.house.people = lambda: {"bath": (0.0, 3.0)}
    assert home.after(2).rooms["bath"].air.humidity == 100
    assert home.rooms["bath"].vapour < 20


def test_the_winter_sun_warms_and_lights_a_southern_room_and_a_blind_keeps_it_out() -> None:
    def noon(faces: str, position: float = 100.0) -> Room:
        home = Home({"room": {"windows": [{"faces": faces, "area": 3.0}]}}, at=NOON)
        loop = VirtualTimeLoop()
        home.rooms["room"].put_up(Blind(loop, position=position))
        loop.close()
        return home.after(2).rooms["room"]

    south, north, shaded = noon("south"), noon("north"), noon("south", 0.0)
    assert south.temperature > north.temperature + 1.5
    assert south.air.illuminance > 5 * north.air.illuminance > 0
    assert shaded.air.illuminance < 0.1 * south.air.illuminance


def test_a_room_without_windows_is_dark_at_noon() -> None:
    assert Home({"room": {}}, at=NOON).after(0.1).rooms["room"].air.illuminance == 0


def test_what_hangs_on_a_plug_warms_the_room_but_not_with_all_that_leaves_it() -> None:
    def with_load(watts: float) -> float:
        home, loop = Home({"room": {}}), VirtualTimeLoop()
        home.rooms["room"].put_up(MeteringPlug(loop, load_w=watts, on=True))
        loop.close()
        return home.after(5).celsius()

    assert with_load(0) < with_load(100) < with_load(300) == with_load(3000)


def test_a_garden_is_as_the_weather_is() -> None:
    home = Home({"garden": {"open_air": True}}, outside=-3.0, at=NOON).after(0.1)
    assert home.rooms["garden"].air.temperature == -3.0
    assert home.rooms["garden"].air.illuminance == home.house.outdoors.air.illuminance > 5000


def test_a_hand_that_warms_the_air_warms_the_room() -> None:
    home = Home({"room": {"temperature": 15.0}})
    home.rooms["room"].air.become(temperature=30.0, humidity=80.0)
    home.after(0.05)
    assert home.celsius() > 29
    assert home.rooms["room"].air.humidity > 70


def test_sensors_are_told_of_what_they_could_tell_apart_and_of_nothing_else() -> None:
    home = Home({"room": {"temperature": 6.0}})
    told: list[str] = []
    home.rooms["room"].air.listen(told.append)
    home.after(24)
    assert 1 <= told.count("temperature") <= 10
    assert len(told) < 150
