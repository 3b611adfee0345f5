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
    with pytest.raises(NoSuchHome, match=r"castle.*demo, family_house, studio"):
        home_file("castle")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kind = "dimmer"', 'kind = "toaster"', "home.toml:8: device[1].kind: there is no kind 'toaster'"),
        ('kind = "dimmer"', 'kind = "dimmer"\ncolour = 1', "home.toml:9: device[1].colour: there is no such key"),
        ('kind = "dimmer"', 'kind = "dimmer"\npower = "battery"', "does not run on a battery"),
        (
            'kind = "dimmer"',
            'kind = "captured"\noptions = { file = "x" }',
            "device[1].radio: a captured device speaks zigbee",
        ),
        ('kind = "dimmer"', 'kind = "dimmer"\noptions = { ramp_s = "slow" }', "device[1].options.ramp_s"),
        ('name = "hall.light"', 'name = "attic.light"', "home.toml:7: device[1].name: there is no room 'attic'"),
        ('name = "hall.light"', "", "device[1].name: field required"),
        ('room = "hall"\nroutine', 'room = "cellar"\nroutine', "resident[1].room: there is no room 'cellar'"),
        ("walk outside", "walk attic", "there is no room 'attic'"),
        ("walk outside", "press hall.lamp", "there is no device 'hall.lamp'"),
        ("walk outside", "dance", "'dance' is nothing that can be done"),
        ("after = 5", 'after = 5, at = "07:30"', "either `after` or `at`"),
        ("after = 5", 'at = "25:00"', "hh:mm"),
        ("after = 5", "after = 0", "takes no time at all"),
        ('neighbours = ["outside"]', 'neighbours = ["moon"]', "room[1].neighbours: there is no room 'moon'"),
        ("[[room]]", "[[room", "is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in HOME
    assert complaint in _read(tmp_path, HOME.replace(old, new, 1))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = HOME.replace('kind = "dimmer"', 'kind = "toaster"').replace("walk outside", "walk attic")
    assert len(_read(tmp_path, text).splitlines()) == 2
