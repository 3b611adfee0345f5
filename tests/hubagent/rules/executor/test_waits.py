"""What a run waits for comes and goes by the clock."""

from tests.hubagent.rules.a_house import House


def test_what_does_not_hold_at_the_very_moment_and_holds_soon_after_is_waited_for_anew() -> None:
    house = House(
        """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
do = [{ wait = "age(hall.lux) < 60s", for = "2m" }, { notify = "o", text = "x" }]
"""
    )
    house.presses("sofa.remote")
    # It holds from 10 s on; at 130 s the last report is 61 s old, and at 134 s there is a new one.
    for seconds in (10, 59, 65):
        house.wait(seconds)
        house.says("hall.lux", illuminance=10 + seconds)
    for number in range(3):
        house.wait(30)
        house.says("hall.lux", illuminance=number)
    house.wait(29)
    assert house.notes == []
    house.wait(1)
    assert house.notes == ["x"]
    assert house.executor.waiting == []
