from pathlib import Path

import pytest

from hubagent.rules.executor.mentions import names_in
from hubagent.rules.names import ROOTS
from hubagent.rules.reading.rule_set import read_rule_set
from hubagent.toml_lines import Mistakes
from simulators.home import NoSuchHome, bundled_homes, home_file, read_home, rules_file
from simulators.kinds import CAPTURED, KINDS

HOME = """
[[room]]
name = "hall"
neighbours = ["outside"]

[[device]]
name = "hall.light"
kind = "dimmer"

[[resident]]
name = "alex"
room = "hall"
routine = [{ after = 5, do = "walk outside" }]
"""


def _read(tmp_path: Path, text: str) -> str:
    """What is wrong with a home of this text."""
    file = tmp_path / "home.toml"
    file.write_text(text)
    with pytest.raises(Mistakes) as mistakes:
        read_home(file)
    return str(mistakes.value)


@pytest.mark.parametrize("name", sorted(bundled_homes()))
def test_a_bundled_home_and_its_rules_can_be_read_and_name_each_others_devices(name: str) -> None:
    plan = read_home(home_file(name))
    rules = rules_file(home_file(name))
    assert rules is not None
    said = {tuple(name.split(".")) for rule in read_rule_set([rules]).rules for name in names_in(rule)}
    named = {".".join(parts[:2]) for parts in said if parts[0] not in ROOTS}
    assert named
    assert named <= {device.name for device in plan.device}


def test_the_demo_has_a_device_of_every_kind() -> None:
    assert {device.kind for device in read_home(home_file("demo")).device} == set(KINDS) - {CAPTURED}


def test_a_home_is_found_by_its_name_or_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HOME)
    assert home_file("studio").name == "studio.toml"
    assert read_home(home_file(str(tmp_path / "mine.toml"))).device[0].name == "hall.light"
    with pytest.raises(NoSuchHome, match=r"castle.*demo, family_house, flat, studio"):
        home_file("castle")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kind = "dimmer"', 'kind = "toaster"', "home.toml:8: device[1].kind: there is no kind 'toaster'"),
        ('kind = "dimmer"', 'kind = "dimmer"\ncolour = 1', "home.toml:9: device[1].colour: there is no such key"),
        (
            'name = "hall.light"',
            'name = "hall.light_by_the_door"\nradio = "zigbee"',
            "home.toml:7: device[1].name: 'hall.light_by_the_door' has 22 letters; on Zigbee a device keeps 16",
        ),
        ('kind = "dimmer"', 'kind = "dimer"', "no kind 'dimer'; did you mean 'dimmer'?"),
        (
            'kind = "dimmer"',
            'knid = "dimmer"',
            "device[1].knid: there is no such key; did you mean 'kind'?",
        ),
        ('kind = "dimmer"', 'kind = "dimmer"\nradio = "wifi"', "is 'zwave', 'zigbee' or 'none', not 'wifi' (how it"),
        ('kind = "dimmer"', 'kind = "dimmer"\nwake_up_s = 3', "device[1].wake_up_s: is at least 30, not 3 (wake-up"),
        ('kind = "dimmer"', 'kind = "dimmer"\npower = "solar"', "device[1].power: is mains or battery, not 'solar'"),
        (
            'kind = "dimmer"',
            'kind = "dimmer"\noptions = { ramp = 1 }',
            "options.ramp: there is no such key",
        ),
        (
            'name = "hall"\n',
            'name = "Hall"\n',
            "digits and _, with one dot at most, not 'Hall'",
        ),
        ("[[room]]", '[place]\ntimezone = "Europe/Berlinn"\n[[room]]', "did you mean 'Europe/Berlin'?"),
        ('kind = "dimmer"', 'kind = "dimmer"\npower = "battery"', "does not run on a battery"),
        (
            'kind = "dimmer"',
            'kind = "captured"\noptions = { file = "x" }',
            "device[1].radio: a captured device speaks zigbee",
        ),
        ('kind = "dimmer"', 'kind = "dimmer"\noptions = { ramp_s = "slow" }', "device[1].options.ramp_s"),
        ('name = "hall.light"', 'name = "attic.light"', "home.toml:7: device[1].name: there is no room 'attic'"),
        ('name = "hall.light"', "", "device[1].name: is missing: ROOM.WORD"),
        ('room = "hall"\nroutine', 'room = "cellar"\nroutine', "resident[1].room: there is no room 'cellar'"),
        ("walk outside", "walk attic", "there is no room 'attic'"),
        ("walk outside", "press hall.lamp", "there is no device 'hall.lamp'"),
        ("walk outside", "dance", "'dance' is nothing that can be done"),
        ("after = 5", 'after = 5, at = "07:30"', "either `after` or `at`"),
        ("after = 5", 'at = "25:00"', "routine[1].at: '25:00': a time of day is HH:MM, as 07:30"),
        ("after = 5", "after = 0", "takes no time at all"),
        ('neighbours = ["outside"]', 'neighbours = ["moon"]', "room[1].neighbours: there is no room 'moon'"),
        ("[[room]]", "[[room", "is not TOML"),
        ('name = "hall"\n', 'name = "window"\n', "room[1].name: 'window' is taken"),
        ('name = "hall"\n', 'name = "hall"\nplan = [0.0, 0.0, 4.0]\n', "room[1].plan: has at least 4 items, not 3"),
        ('name = "hall"\n', 'name = "hall"\nwindows = [{ faces = "up" }]\n', "room[1].windows[1].faces"),
        (
            'name = "hall"\n',
            'name = "hall"\nwindows = [{ contact = "hall.light" }]\n',
            "room[1].windows[1].contact: hall.light is a dimmer, and a door is meant",
        ),
        ("[[room]]", '[place]\ntimezone = "Mars/Olympus"\n[[room]]', "there is no time zone 'Mars/Olympus'"),
        ("[[room]]", '[[door]]\nbetween = ["hall", "moon"]\n[[room]]', "door[1].between: there is no room 'moon'"),
        ("[[room]]", 'name = "../flat"\n[[room]]', "home.toml:2: name: is made of letters that can be seen, without /"),
        ("[[room]]", 'name = "a\\nb"\n[[room]]', "name: is made of letters that can be seen, without /, not 'a\\nb'"),
        ("[[room]]", f'name = "{65 * "x"}"\n[[room]]', "home.toml:2: name: has at most 64 letters, not 65"),
        ("[[room]]", 'name = ""\n[[room]]', "home.toml:2: name: is made of letters"),
        ('name = "hall"\n', f'name = "{17 * "x"}"\n', "home.toml:3: room[1].name: has at most 16 letters, not 17"),
        ('"walk outside"', '""', "routine[1].do: is empty"),
        (
            'routine = [{ after = 5, do = "walk outside" }]',
            'habits = { does = [{ when = "dances", do = "wake" }] }',
            "does[1].when: is wakes, sleeps, leaves or returns, not 'dances'",
        ),
        ("[[room]]", '[[door]]\nbetween = ["hall", "hall"]\n[[room]]', "door[1].between: names two rooms"),
        ("[[room]]", '[[door]]\nbetween = ["outside", "outside"]\n[[room]]', "door[1].between: names two rooms"),
        (
            'kind = "dimmer"',
            'kind = "door"\nbetween = ["hall", "outside", "hall"]',
            "home.toml:9: device[1].between: names two rooms",
        ),
        ('["outside"]', '["hall", "outside"]', "room[1].neighbours: hall is no neighbour of its own"),
        (
            'routine = [{ after = 5, do = "walk outside" }]',
            "habits = { spends = { hall = inf } }",
            "resident[1].habits.spends.hall: is at most 100000, not inf",
        ),
        ("[[room]]", '[[event]]\ndo = "open hall window"\n[[room]]', "event[1]: has either `after` or `at`"),
        ("[[room]]", '[[event]]\nafter = 5.0\nday = 2\ndo = "open hall window"\n[[room]]', "belong to `at`"),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "fault gremlins"\n[[room]]', "there is no fault 'gremlins'"),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "fault air.lost"\n[[room]]', "did you mean 'air.loss'?"),
        (
            "[[room]]",
            '[[event]]\nafter = 5.0\ndo = "fault device.dead device=hall.lamp"\n[[room]]',
            "there is no device 'hall.lamp'; did you mean 'hall.light'?",
        ),
        (
            "[[room]]",
            '[[event]]\nafter = 5.0\ndo = "fault device.dead hall.lamp"\n[[room]]',
            "there is no device 'hall.lamp'; did you mean 'hall.light'?",
        ),
        (
            "[[room]]",
            '[[event]]\nafter = 5.0\ndo = "heal device.dead hall.lamp"\n[[room]]',
            "there is no device 'hall.lamp'; did you mean 'hall.light'?",
        ),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "weather clouds=3"\n[[room]]', "clouds of the weather is 0 to 1"),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "close hall hall"\n[[room]]', "no door between hall and hall"),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "open outside window"\n[[room]]', "no window in outside"),
        ('name = "hall"\n', 'name = "hall"\nplan = [0.0, 0.0, 4.0, 0.0]\n', "a width and a depth of more than 0"),
        ("[[room]]", '[[event]]\nafter = 5.0\ndo = "sleep sam"\n[[room]]', "nobody is called 'sam'"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in HOME
    assert complaint in _read(tmp_path, HOME.replace(old, new, 1))


@pytest.mark.parametrize(
    "words", ["heal device.dead hall.light", "fault air.loss zwave rate=0.5", "heal air.loss zwave"]
)
def test_an_event_strikes_and_heals_what_is_there(tmp_path: Path, words: str) -> None:
    text = HOME.replace("[[room]]", f'[[event]]\nafter = 5.0\ndo = "{words}"\n[[room]]', 1)
    file = tmp_path / "home.toml"
    file.write_text(text, encoding="utf-8")
    assert read_home(file).event[0].words() == words.split()


@pytest.mark.parametrize(
    ("habits", "complaint"),
    [
        ('wakes = "7"', "habits.wakes: '7': a time of day is HH:MM"),
        ('bed = "attic"', "habits.bed: there is no room 'attic'"),
        ("spends = { attic = 1.0 }", "habits.spends.attic: there is no room 'attic'"),
        ("spends = { hall = 0.0 }", "habits.spends.hall"),
        ('television = "hall.light"', "hall.light is a dimmer, and a plug is meant"),
        ('works = ["17:00", "08:00"]', "17:00 is not before 08:00"),
        ('does = [{ do = "walk outside" }]', "habits.does[1]: has either `at` or `when`"),
        ('does = [{ when = "wakes", do = "sing" }]', "'sing' is nothing that can be done"),
        ('weekend = { does = [{ at = "09:00", do = "press hall.x" }] }', "there is no device 'hall.x'"),
        ("weekend = { varies = 3.0 }", "weekend.varies: there is no such key"),
    ],
)
def test_mistakes_in_habits_are_named(tmp_path: Path, habits: str, complaint: str) -> None:
    text = HOME.replace('routine = [{ after = 5, do = "walk outside" }]', f"[resident.habits]\n{habits}")
    assert complaint in _read(tmp_path, text)


def test_a_home_has_its_bounds(tmp_path: Path) -> None:
    text = "".join(f'[[room]]\nname = "room{number}"\n' for number in range(201))
    assert "room: has at most 200 items, not 201" in _read(tmp_path, text)


def test_there_is_one_way_to_live(tmp_path: Path) -> None:
    assert "is one way to live" in _read(tmp_path, HOME + "[resident.habits]\n")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = HOME.replace('kind = "dimmer"', 'kind = "toaster"').replace("walk outside", "walk attic")
    assert len(_read(tmp_path, text).splitlines()) == 2


def test_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = _read(tmp_path, f"temperature = 3\n{HOME}habits = {{ wakes = 7 }}\n[place]\nlatitude = 91.0\n")
    lines = [int(line.split(":")[1]) for line in told.splitlines()]
    assert len(lines) >= 3
    assert lines == sorted(lines)
