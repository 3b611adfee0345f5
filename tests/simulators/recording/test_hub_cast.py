import pytest

from simulators.kinds import KINDS
from simulators.recording.format import DEVICES_MAX, RecordedDevice
from simulators.recording.hub_cast import ATTRIBUTES_MAX, SOMEWHERE, Survey, TooMuch, name_for
from simulators.recording.hub_views import Known, View
from simulators.recording.meaning import parts_of, value_for, value_of


def _view(device: str, attribute: str, *, event: str = "reported", name: str = "") -> View:
    return View(event, 0.0, device, name or device, attribute, True, "", "")


@pytest.mark.parametrize(
    ("attributes", "kinds"),
    [
        ("on", ["switch"]),
        ("on level", ["dimmer"]),
        ("on level hue color_temperature", ["rgbw_lamp"]),
        ("on power energy", ["plug"]),
        ("on level power", ["dimmer"]),
        ("locked door_open battery", ["lock"]),
        ("position tilt", ["blind"]),
        ("mode heating_setpoint running temperature", ["thermostat"]),
        ("mode heating_setpoint temperature humidity", ["thermostat", "climate"]),
        ("temperature humidity illuminance", ["climate"]),
        ("occupied temperature illuminance battery", ["motion", "climate"]),
        ("open tamper battery", ["door"]),
        ("leak", ["leak"]),
        ("smoke test", ["smoke"]),
        ("buttons battery", ["remote"]),
        ("on level buttons", ["dimmer", "remote"]),
        ("battery", []),
        ("voltage parameter_5", []),
        ("", []),
    ],
)
def test_a_device_is_what_its_attributes_say(attributes: str, kinds: list[str]) -> None:
    parts = parts_of(attributes.split())
    assert [part.role.kind for part in parts] == kinds
    assert set(kinds) <= set(KINDS)
    told = [name for part in parts for name in part.attributes]
    assert len(told) == len(set(told)), "nothing is told to two of them"


@pytest.mark.parametrize(
    ("attribute", "value", "here"),
    [
        ("on", True, True),
        ("level", 40, 40),
        ("temperature", -3.5, -3.5),
        ("mode", "heat", "heat"),
        ("mode", "energy_heat", "eco"),
        ("mode", "cool", None),
        ("mode", 7, None),
        ("level", None, None),
        ("level", float("nan"), None),
        ("level", 10**400, None),
        ("level", [1], None),
        ("text", "x" * 201, None),
    ],
)
def test_a_value_is_one_that_a_hand_could_set_or_none(attribute: str, value: object, here: object) -> None:
    assert value_of(attribute, value) == here


def test_a_value_of_another_type_than_a_hand_sets_is_none() -> None:
    """A log may come from anywhere, and what is made of it is to be read again."""
    assert value_for("wet", "leak", True) is True
    assert value_for("wet", "leak", "yes") is None
    assert value_for("on", "on", 1) is None
    assert value_for("level", "level", 40) == 40
    assert value_for("temperature", "temperature", "21") is None


def _room_of(name: str) -> dict[str, str]:
    """As the cast has it where a name says none."""
    return {} if "." in name else {"room": SOMEWHERE}


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("hall.light", "hall.light"),
        ("Küche.Lampe links", "kuche.lampe_links"),
        ("Living Room Lamp", "living_room_lamp"),
        ("a.b.c", "a.b_c"),
        ("a_room_with_a_very_long_name.lamp", "a_room_with_a_very_long_name_lamp"),
        ("x" * 60, "x" * 33),
        ("zwave:5", "zwave_5"),
        ("日本", "device"),
        (".lamp", "lamp"),
        ("..", "device"),
        ("hall.strip/2", "hall.strip_2"),
    ],
)
def test_any_name_becomes_one_that_a_house_file_takes(name: str, here: str) -> None:
    assert name_for(name) == here
    RecordedDevice.model_validate({"name": here, "kind": "switch", **_room_of(here)})


def test_two_that_would_be_called_the_same_are_not() -> None:
    survey = Survey()
    for number in range(12):
        survey.know(Known(f"zwave-{number}", "x" * 40, {"on": False}))
    names = [actors[0].name for actors in survey.cast().values()]
    assert len(set(names)) == 12
    for name in names:
        RecordedDevice.model_validate({"name": name, "kind": "switch", **_room_of(name)})


def test_who_plays_whom_has_state_radio_battery_and_buttons() -> None:
    survey = Survey()
    survey.know(Known("zigbee-aa", "hall.multi", {"occupied": True, "temperature": 20.5, "battery": 80, "voltage": 3}))
    survey.know(Known("zwave-bb", "Remote", {"buttons": 4}))
    survey.hear(_view("zwave-bb", "button_6", event="pressed"))
    tables = {actor.name: actor.table for actors in survey.cast().values() for actor in actors}
    assert tables == {
        "hall.multi": {
            "name": "hall.multi",
            "kind": "motion",
            "radio": "zigbee",
            "power": "battery",
            "state": {"occupied": True, "battery": 80},
        },
        "hall.multi_climate": {
            "name": "hall.multi_climate",
            "kind": "climate",
            "power": "battery",
            "state": {"temperature": 20.5},
        },
        "remote": {
            "name": "remote",
            "kind": "remote",
            "room": "home",
            "power": "mains",
            "options": {"buttons": 6},
            "state": {},
        },
    }
    for table in tables.values():
        RecordedDevice.model_validate(table)


def test_a_strip_is_its_outlets() -> None:
    survey = Survey()
    survey.hear(_view("zwave-cc", "on", name="hall.strip"))
    survey.hear(_view("zwave-cc/1", "on", name="hall.strip/1"))
    survey.hear(_view("zwave-cc/2", "on", name="hall.strip/2"))
    assert {device: [actor.name for actor in actors] for device, actors in survey.cast().items()} == {
        "zwave-cc/1": ["hall.strip_1"],
        "zwave-cc/2": ["hall.strip_2"],
    }


def test_a_log_without_end_names_no_devices_and_attributes_without_end() -> None:
    survey = Survey()
    for number in range(DEVICES_MAX):
        survey.hear(_view(f"d{number}", "on"))
    with pytest.raises(TooMuch, match="more than 1000 devices"):
        survey.hear(_view("another", "on"))
    for number in range(ATTRIBUTES_MAX - 1):
        survey.hear(_view("d1", f"a{number}"))
    with pytest.raises(TooMuch, match="d1 has more than 100 attributes"):
        survey.hear(_view("d1", "one more"))
