"""How often a rule runs at most."""

from tests.hubagent.rules.a_house import House

LONG = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
limit = "1/30m"
do = [{ notify = "o", text = "x" }, { wait = "50m" }]
"""


def test_what_was_blocked_because_the_rule_runs_is_no_run_of_its_limit() -> None:
    house = House(LONG)
    for minutes in (31, 24, 0):
        house.presses("sofa.remote")
        house.wait(minutes * 60)
    assert house.told("blocked") == [("a", "it runs already")]
    assert house.notes == ["x", "x"], "the second 55 minutes after the first"
    house.wait(60)
    house.reboot(10)
    house.wait(50 * 60)
    house.reboot()
    house.presses("sofa.remote")
    assert len(house.notes) == 3


def test_a_run_that_is_over_counts_for_as_long_as_the_limit_says() -> None:
    house = House(LONG.replace("50m", "1s"))
    for _ in range(2):
        house.presses("sofa.remote")
        house.wait(60)
    assert house.told("blocked") == [("a", "its limit is reached")]
    house.wait(29 * 60)
    house.presses("sofa.remote")
    assert house.notes == ["x", "x"]
