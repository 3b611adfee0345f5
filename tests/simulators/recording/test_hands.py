from typing import Any

import pytest

from simulators.devices.device import Battery, CannotDo
from simulators.home import HomePlan
from simulators.kinds import CAPTURED, KINDS
from simulators.recording.hands import check, hands_of, put, seen, wrong_types
from simulators.virtual_time import run_virtual
from simulators.world import World

SETTINGS: dict[str, dict[str, Any]] = {
    "switch": {"on": True},
    "dimmer": {"level": 40.0, "on": True},
    "rgbw_lamp": {"red": 200.0, "warm_white": 0.0, "level": 10.0, "on": True},
    "blind": {"position": 30.0},
    "lock": {"jammed": False, "locked": False, "open": True, "battery": 50.0},
    "thermostat": {"mode": "eco", "setpoint": 22.5, "eco_setpoint": 16.0, "temperature": 19.04},
    "motion": {"occupied": True},
    "door": {"open": True, "battery": 12.0},
    "climate": {"temperature": 17.48, "humidity": 47.3, "illuminance": 12.82},
    "leak": {"wet": True},
    "smoke": {"smoke": True},
    "plug": {"load": 850.0, "on": True},
    "remote": {"battery": 3.0},
    "siren": {"tone": 2},
    "power_strip": {"on:1": True, "on:3": True},
    "repeater": {},
}


def _world() -> World:
    devices = [{"name": f"hall.{kind}", "kind": kind} for kind in SETTINGS]
    # A thermostat and a sensor in one room share its air.
    devices = [{**one, "room": "hall2"} if one["kind"] == "thermostat" else one for one in devices]
    tables = {"room": [{"name": "hall"}, {"name": "hall2"}], "device": devices}
    return World(HomePlan.model_validate(tables), 1, still=True)


def test_every_kind_stands_in_the_table_of_this_test() -> None:
    assert sorted(SETTINGS) == sorted(set(KINDS) - {CAPTURED})


@pytest.mark.parametrize("kind", SETTINGS)
def test_what_is_put_is_seen_at_once(kind: str) -> None:
    async def main() -> None:
        device = _world().devices[f"hall.{kind}"].device
        put(device, SETTINGS[kind])
        state = seen(device)
        assert {name: state[name] for name in SETTINGS[kind]} == SETTINGS[kind]

    run_virtual(main)


@pytest.mark.parametrize("kind", SETTINGS)
def test_what_is_seen_of_one_makes_another_the_same(kind: str) -> None:
    async def main() -> None:
        one, other = (_world().devices[f"hall.{kind}"].device for _ in range(2))
        put(one, SETTINGS[kind])
        put(other, seen(one))
        assert seen(other) == seen(one)

    run_virtual(main)


@pytest.mark.parametrize(
    ("kind", "settings", "complaint"),
    [
        ("dimmer", {"colour": 1}, "no hand sets 'colour'; there is level, on to set"),
        ("dimmer", {"on": 1}, "on takes a bool, not 1"),
        ("dimmer", {"level": True}, "level takes a float, not True"),
        ("dimmer", {"level": "40"}, "level takes a float, not '40'"),
        ("siren", {"tone": 1.5}, "tone takes a int, not 1.5"),
        ("siren", {"tone": 9}, "there is no tone 9"),
        ("thermostat", {"mode": "cool"}, "there is no mode 'cool'"),
        ("lock", {"open": True}, "it is locked"),
        ("power_strip", {"on:4": True}, "no hand sets 'on:4'"),
        ("repeater", {"on": True}, "there is nothing to set"),
    ],
)
def test_what_cannot_be_is_refused_in_words(kind: str, settings: dict[str, Any], complaint: str) -> None:
    async def main() -> None:
        with pytest.raises(CannotDo) as refused:
            put(_world().devices[f"hall.{kind}"].device, settings)
        assert complaint in str(refused.value)

    run_virtual(main)


def test_a_wrong_word_among_right_ones_sets_nothing() -> None:
    async def main() -> None:
        device = _world().devices["hall.dimmer"].device
        with pytest.raises(CannotDo):
            put(device, {"level": 40, "on": "true"})
        assert seen(device) == {"level": 0.0, "on": False}

    run_virtual(main)


def test_a_whole_number_does_for_a_number() -> None:
    async def main() -> None:
        device = _world().devices["hall.dimmer"].device
        check(device, {"level": 40})
        put(device, {"level": 40})
        assert seen(device) == {"level": 40.0, "on": True}

    run_virtual(main)


def test_what_is_plugged_in_is_told_only_while_it_is_on() -> None:
    async def main() -> None:
        device = _world().devices["hall.plug"].device
        assert seen(device) == {"on": False}
        put(device, {"on": True})
        assert seen(device) == {"load": 60.0, "on": True}

    run_virtual(main)


def test_only_what_runs_on_a_battery_has_one() -> None:
    async def main() -> None:
        device = _world().devices["hall.switch"].device
        assert "battery" not in hands_of(device)
        device.battery = Battery(7.0)
        assert seen(device)["battery"] == 7.0

    run_virtual(main)


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_value_is_of_a_wrong_type_where_the_hand_of_any_such_device_refuses_it(kind: str) -> None:
    async def main() -> None:
        hands = hands_of(_world().devices[f"hall.{kind}"].device)
        for name, hand in hands.items():
            for value in (True, 7, 1.5, "text"):
                fits = type(value) is hand.kind or (hand.kind is float and type(value) is int)
                assert (wrong_types({name: value}) == "") is fits, (name, value)

    run_virtual(main)
