"""What a restart takes up again, and what a power cut leaves in doubt."""

from dataclasses import replace

import pytest

from hubagent.model.event import DeviceChanged
from tests.hubagent.rules import a_house
from tests.hubagent.rules.a_house import HOUSE, House, PowerCut

BUTTON = 'when = "sofa.remote button 1 single"'
HELD = """
[[rule]]
name = "a"
when = "garage.door becomes open for 5m"
do = [{ set = "hall.light", on = true }, { wait = "1m" }, { set = "hall.light", on = false }]
"""
COUNTS = f"""
[variables]
n = 0
[[rule]]
name = "a"
{BUTTON}
do = [
  {{ wait = "1m" }},
  {{ variable = "n", to = "var.n + 1" }},
  {{ mode = "night" }},
  {{ run = "b" }},
  {{ variable = "n", to = "var.n + 1" }},
]
[[rule]]
name = "b"
when = {{ webhook = "b" }}
do = [{{ variable = "n", to = "var.n + 10" }}]
[[rule]]
name = "c"
when = {{ mode = "night" }}
do = [{{ variable = "n", to = "var.n + 100" }}]
[[rule]]
name = "d"
when = {{ rule = "a" }}
do = [{{ variable = "n", to = "var.n + 1000" }}]
"""


@pytest.mark.parametrize("lost", [False, True], ids=["kept", "lost"])
def test_a_light_that_was_switched_on_goes_off_whenever_the_power_fails(lost: bool) -> None:
    def script(house: House) -> None:
        house.says("hall.light", on=False)
        house.says("garage.door", open=False)
        house.says("garage.door", open=True)
        house.wait(600)

    plain = House(HELD)
    script(plain)
    assert len(plain.sent) == 2
    for cut in range(1, plain._effects):
        house = House(HELD)
        house.cut_at_effect = cut
        with pytest.raises(PowerCut):
            script(house)
        house.cut_at_effect = None
        house.reboot(5, lost=lost)
        house.says("garage.door", open=True)
        house.wait(3600)
        assert house.states["id-hall.light"]["on"][0] is False, f"cut at {cut}"


def test_variables_modes_and_other_rules_are_changed_once_whenever_the_power_fails() -> None:
    def script(house: House) -> None:
        house.presses("sofa.remote")
        house.wait(200)

    plain = House(COUNTS)
    script(plain)
    for cut in range(1, plain._effects):
        house = House(COUNTS)
        house.cut_at_effect = cut
        with pytest.raises(PowerCut):
            script(house)
        house.cut_at_effect = None
        # What was not on disk is lost: what is there belongs together.
        house.reboot(5, lost=True)
        house.wait(200)
        counted = house.executor.picture.variable("n")
        assert counted is not None
        assert counted.value in (0, 1112), f"cut at {cut}"
        assert {key for key in house.disk if key.startswith("run:")} == set()


def test_what_it_waited_for_came_before_its_deadline_though_both_came_while_the_hub_was_off() -> None:
    house = House(
        f"""
[[rule]]
name = "a"
{BUTTON}
do = [
  {{ wait = "hall.motion is clear", for = "3m", timeout = "1h", on_timeout = "stop" }},
  {{ notify = "o", text = "x" }},
]
"""
    )
    house.says("hall.motion", occupied=False)
    house.presses("sofa.remote")
    house.wait(100)
    house.reboot(7200)
    house.wait(10)
    assert house.notes == ["x"]


def test_a_run_whose_device_is_not_there_at_the_start_goes_on_when_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(f'[[rule]]\nname = "a"\n{BUTTON}\ndo = [{{ wait = "3m" }}, {{ set = "hall.light", on = true }}]')
    house.presses("sofa.remote")
    house.wait(10)
    light = house.find("hall.light")
    monkeypatch.setattr(a_house, "HOUSE", tuple(one for one in HOUSE if one is not light))
    house.reboot(5)
    assert len(house.executor.unbound) == 1
    house.wait(60)
    monkeypatch.undo()
    house.joins(light)
    house.wait(200)
    assert [name for _, name, _ in house.did()] == ["hall.light"]


QUEUED = f"""
[[rule]]
name = "a"
{BUTTON}
mode = "queued"
max = 3
do = [{{ set = "hall.light", on = true }}, {{ wait = "10s" }}, {{ notify = "o", text = "x" }}]
"""


@pytest.mark.parametrize("how", ["it leaves", "it is asked anew what it can do"])
def test_a_queue_goes_on_when_a_device_of_its_rule_is_back(how: str) -> None:
    house = House(QUEUED)
    light = house.find("hall.light")
    house.presses("sofa.remote")
    house.presses("sofa.remote")
    if how == "it leaves":
        house.left("hall.light")
    else:
        house.do(DeviceChanged(replace(light, capabilities=())))
    house.wait(20)
    assert [name for _, name, _ in house.did()] == ["hall.light"]
    house.joins(light)
    house.wait(20)
    assert [at for at, _, _ in house.did()] == [0, 20]
    house.presses("sofa.remote")
    house.wait(20)
    assert house.notes == ["x", "x"]
    assert house.executor.waiting == []


def test_a_queue_goes_on_when_a_device_that_was_not_there_at_the_start_is(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(QUEUED)
    house.presses("sofa.remote")
    house.presses("sofa.remote")
    light = house.find("hall.light")
    house.wait(1)
    house.left("hall.light")
    house.wait(20)
    monkeypatch.setattr(a_house, "HOUSE", tuple(one for one in HOUSE if one is not light))
    house.reboot(5)
    house.wait(60)
    monkeypatch.undo()
    house.joins(light)
    house.wait(20)
    assert [at for at, _, _ in house.did()] == [0, 86]
    assert house.notes == ["x"]
