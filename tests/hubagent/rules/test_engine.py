"""The rule engine: what sets a rule off, and what does not."""

from dataclasses import replace

from hubagent.home import Home
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.capabilities.switch import Press
from hubagent.model.capability import Command
from hubagent.model.device import Device, DeviceId
from hubagent.model.event import ButtonPressed, Cause, DeviceChanged, DeviceJoined, DeviceLeft, StateReported
from hubagent.rules.engine import RuleEngine
from hubagent.rules.former_rule import Rule, SetAction, read_trigger
from tests.helpers.fake_driver import lamp, motion
from tests.helpers.memory_records import memory_home_records

SWITCH_ON = SwitchOnOff(on=True)


class House:
    """A home and an engine, and what was sent."""

    def __init__(self, when: str, *devices: Device, target: str = "hall.light") -> None:
        self.sent: list[tuple[DeviceId, Command, Cause]] = []
        self.home = Home(lambda: 0.0, memory_home_records())
        rule = Rule("r", read_trigger(when), (SetAction(target, (SWITCH_ON,)),), "rules.toml:1")
        self.engine = RuleEngine([rule], self.home.named, lambda *sent: self.sent.append(sent))
        self.home.listen(self.engine.hear)
        for device in devices or (lamp(), motion()):
            self.home.apply(DeviceJoined(device))

    def says(self, device: DeviceId, capability: str, **values: object) -> int:
        """Report, and tell how many commands followed."""
        before = len(self.sent)
        self.home.apply(StateReported(device, capability, values, received_at=12.5))  # type: ignore[arg-type]
        return len(self.sent) - before

    def motion(self, occupied: bool) -> int:
        return self.says("fake-2", "occupancy_sensing", occupied=occupied)


def test_a_change_sets_it_off_within_the_report() -> None:
    house = House("hall.motion becomes occupied")
    house.motion(False)
    assert house.motion(True) == 1
    assert house.sent == [("fake-1", SWITCH_ON, Cause("rule:r", received_at=12.5))]


def test_the_same_report_again_does_not() -> None:
    house = House("hall.motion becomes occupied")
    house.motion(False)
    assert [house.motion(True) for _ in range(3)] == [1, 0, 0]


def test_the_first_report_after_a_start_does_not() -> None:
    assert House("hall.motion becomes occupied").motion(True) == 0


def test_the_other_direction_does_not() -> None:
    house = House("hall.motion becomes occupied")
    house.motion(True)
    assert house.motion(False) == 0


def test_a_bound_counts_when_it_is_crossed_and_only_then() -> None:
    thermometer = Device("fake-3", "hall.temp", "fake", 3, ("temperature_measurement",))
    house = House("hall.temp.temperature > 25", lamp(), thermometer)
    fired = [house.says("fake-3", "temperature_measurement", temperature=value) for value in (20, 25, 26, 27, 24, 26)]
    assert fired == [0, 0, 1, 0, 0, 1]


def test_a_button_sets_it_off_each_time() -> None:
    remote = Device("fake-3", "hall.remote", "fake", 3, ("switch",))
    house = House("hall.remote button 1 single", lamp(), remote)
    for press in (Press.SINGLE, Press.DOUBLE, Press.SINGLE):
        house.home.apply(ButtonPressed("fake-3", 1, press, 0.0))
    house.home.apply(ButtonPressed("fake-3", 2, Press.SINGLE, 0.0))
    assert len(house.sent) == 2


def test_a_word_means_what_the_device_has() -> None:
    smoke = Device("fake-3", "cellar", "fake", 3, ("smoke_co_alarm",))
    house = House("cellar becomes clear", lamp(), smoke)
    house.says("fake-3", "smoke_co_alarm", smoke=True)
    assert house.says("fake-3", "smoke_co_alarm", smoke=False) == 1


def test_devices_go_by_their_id_too() -> None:
    house = House("fake-2 becomes occupied", target="fake-1")
    house.motion(False)
    assert house.motion(True) == 1


def test_a_rule_waits_for_a_device_that_comes_later() -> None:
    house = House("hall.motion becomes occupied", motion())
    assert [(unbound.device, unbound.why) for unbound in house.engine.unbound] == [("hall.light", "is not known")]
    house.motion(False)
    house.home.apply(DeviceJoined(lamp()))
    assert list(house.engine.unbound) == []
    assert house.motion(True) == 1


def test_a_rule_waits_for_what_an_interview_will_find() -> None:
    house = House("hall.motion becomes occupied", motion(), lamp(capabilities=()))
    assert [unbound.why for unbound in house.engine.unbound] == ["has no on_off"]
    house.home.apply(DeviceChanged(lamp()))
    assert list(house.engine.unbound) == []


def test_a_rule_stops_when_its_device_leaves() -> None:
    house = House("hall.motion becomes occupied")
    house.motion(False)
    house.home.apply(DeviceLeft("fake-1"))
    assert house.motion(True) == 0
    assert [unbound.device for unbound in house.engine.unbound] == ["hall.light"]


def test_a_rule_follows_a_rename() -> None:
    house = House("hall.motion becomes occupied", lamp(name="desk"), motion())
    house.home.rename("fake-1", "hall.light")
    house.motion(False)
    assert house.motion(True) == 1


def test_who_merely_wakes_costs_the_engine_nothing() -> None:
    house = House("hall.motion becomes occupied")
    bound = house.engine._by_attribute
    house.home.apply(DeviceChanged(replace(lamp(), details={"firmware": "2"})))
    assert house.engine._by_attribute is bound


def test_a_report_touches_only_the_rules_that_wait_for_it() -> None:
    house = House("hall.motion becomes occupied")
    assert list(house.engine._by_attribute) == [("fake-2", "occupied")]
