from pathlib import Path
from typing import Any

import pytest

from simulators.testing.settings import BadSettings, HomeSettings, People, home_settings

HERE = (Path(__file__).parent,)


def settings(home: str | Path = "flat", **keys: Any) -> HomeSettings:
    return home_settings(home, keys, 1, HERE)


def test_a_home_that_comes_along_has_its_own_rules() -> None:
    assert [path.name for path in settings().rules] == ["flat.rules.toml"]
    assert settings(rules=()).rules == ()
    assert settings(rules_text="").rules == ()


def test_nobody_does_anything_of_his_own_accord_unless_the_test_wants_that() -> None:
    by_hand, live = settings("family_house"), settings("family_house", people="live")
    assert by_hand.people is People.AWAY
    assert all(it.habits is None and not it.routine for it in by_hand.plan.resident)
    assert (by_hand.plan.appliance, by_hand.plan.event) == ([], [])
    assert any(it.habits is not None for it in live.plan.resident)
    assert live.plan.appliance != []


def test_a_home_with_the_devices_of_some_rooms_keeps_all_its_rooms() -> None:
    found = settings(rooms=["bath"])
    assert [device.name for device in found.plan.device] == ["bath.motion", "bath.light"]
    assert [room.name for room in found.plan.room] == ["hall", "living", "kitchen", "bath"]
    alone = settings("family_house", rooms="hall", people="live").plan
    assert alone.appliance == []


@pytest.mark.parametrize(("room", "television"), [("hall", None), ("living", "living.tv")])
def test_a_television_that_is_left_out_is_nobodys(room: str, television: str | None) -> None:
    people = settings("family_house", rooms=room, people="live").plan.resident
    watchers = [it for it in people if it.habits is not None and it.habits.watches is not None]
    assert watchers != []
    assert {it.habits.television for it in watchers if it.habits is not None} == {television}


def test_a_place_of_its_own_is_the_homes_and_its_hubs() -> None:
    found = settings("studio", place={"latitude": 60.17, "longitude": 24.94, "timezone": "Europe/Helsinki"})
    assert found.zone.key == "Europe/Helsinki"
    assert found.plan.hub_settings()["HUBAGENT_HUB__LATITUDE"] == "60.17"


def test_files_are_looked_for_beside_the_test_and_then_beside_the_ini_file(tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    for folder in (near, far):
        folder.mkdir()
        (folder / "home.toml").write_text(f'name = "{folder.name}"\n[[room]]\nname = "hall"\n')
    (far / "rules.toml").write_text("")
    found = home_settings("home.toml", {"rules": "rules.toml"}, 1, (near, far))
    assert found.plan.name == "near"
    assert found.rules == (far / "rules.toml",)


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"home": "nowhere"}, "there is no home 'nowhere': .*flat"),
        ({"rule": 1}, "no 'rule'; did you mean 'rules'"),
        ({"rules": "nothing.toml"}, "there is no rule file 'nothing.toml'"),
        ({"people": "gone"}, "people is one of away, home, live, not 'gone'"),
        ({"rooms": ["hell"]}, "no room 'hell' in flat; did you mean 'hall'"),
        ({"rooms": 3}, "rooms is a list of names"),
        ({"place": "Oslo"}, "place is a table"),
        ({"place": {"latitude": 300.0}}, r"^place: latitude: is at most 90, not 300.0 \(degrees north\)$"),
        ({"place": {"lattitude": 3.0}}, "^place: lattitude: there is no such key; did you mean 'latitude'"),
        ({"place": {"timezone": "Europe/Amsterdm"}}, "no time zone 'Europe/Amsterdm'; did you mean 'Europe/Amsterdam'"),
        ({"start": "soon"}, "start: 'soon' is no time"),
        ({"home": 3}, "a home is a name or a file, not 3"),
        ({"rules": 3}, "rules is a list of names, not 3"),
        ({"rules_text": ["x"]}, "rules_text is what a rule file says"),
        ({"cloud": "no"}, "cloud is True or False, not 'no'"),
        ({"broker": "mqtt"}, "broker is True or False, not 'mqtt'"),
        ({"patience": 0}, "patience is more than nothing, not 0"),
        ({"patience": "soon"}, "patience: 'soon' is no duration"),
        ({"faults_for": "-1m"}, "faults_for is more than nothing"),
        ({"faults": 12}, "faults is a list of names, not 12"),
        ({"settings": "rules"}, "settings is a table, as {'rules': "),
        ({"settings": {"rules": True}}, "rules stands in no table of hub.toml"),
        ({"settings": {"rules.files": None}}, "None is no value of hub.toml"),
    ],
)
def test_what_a_mark_says_wrongly_is_an_error_that_says_what_can_be_said(keys: dict[str, Any], what: str) -> None:
    with pytest.raises(BadSettings, match=what):
        settings(**keys)


def test_times_of_a_mark_are_texts_or_seconds_as_everywhere() -> None:
    assert settings(patience=90).patience_s == settings(patience="1m30s").patience_s == 90.0
    assert settings(faults="air", faults_for=60).faults.seconds == 60.0
    assert settings(faults=["air.loss", "air.late"]).faults.names == ("air.loss", "air.late")


def test_the_hubs_settings_are_said_as_hub_toml_says_them() -> None:
    said = {"rules": {"allow_hosts": ["example.org"]}, "hub.name": "7", "drivers.zwave.soft_reset": False}
    assert settings(settings=said).settings == {
        "HUBAGENT_RULES__ALLOW_HOSTS": '["example.org"]',
        "HUBAGENT_HUB__NAME": '"7"',
        "HUBAGENT_DRIVERS__ZWAVE__SOFT_RESET": "false",
    }
    assert settings(settings={"HUBAGENT_HUB__NAME": "x"}).settings == {"HUBAGENT_HUB__NAME": "x"}


def test_everything_that_is_wrong_with_a_homes_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[room]]\nname = "hall"\nneighbours = ["nowhere"]\n[[device]]\nname = "x.y"\nkind = "toaster"\n')
    with pytest.raises(BadSettings) as told:
        settings(path)
    assert "bad.toml:3" in str(told.value)
    assert "bad.toml:6" in str(told.value)
