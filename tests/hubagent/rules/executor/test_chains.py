"""In which order things are done and written down, and what comes of what else."""

from hubagent.rules.executor.effects import Effect, Keep, Send, Sync
from tests.hubagent.rules.a_house import House

BUTTON = '"sofa.remote button 1 single"'
SECOND = '"sofa.remote button 2 single"'


def rule(name: str, when: str, do: str, more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{more}\ndo = {do}\n'


def test_a_hundred_queued_runs_come_one_after_the_other() -> None:
    do = '[{ wait = "var.n == 1" }, { notify = "o", text = "x" }]'
    text = "[variables]\nn = 0\n" + rule("a", BUTTON, do, 'mode = "queued"\nmax = 100')
    house = House(text + rule("go", SECOND, '[{ variable = "n", to = 1 }]'))
    for _ in range(101):
        house.presses("sofa.remote")
    house.presses("sofa.remote", button=2)
    house.wait(1)
    assert len(house.notes) == 101
    assert set(house.disk) == {"var:n"}


def test_a_rule_that_sets_itself_off_by_another_is_one_that_runs_already() -> None:
    house = House(
        rule("a", BUTTON, '[{ notify = "o", text = "a" }, { run = "b" }]') + rule("b", SECOND, '[{ run = "a" }]')
    )
    house.presses("sofa.remote")
    assert house.notes == ["a"]
    assert house.told("blocked") == [("a", "it runs already")]


def _effects(house: House, what: object) -> list[type[Effect]]:
    """The kinds of what the executor wants because of one item."""
    kinds: list[type[Effect]] = []
    one = house._one

    def noted(effect: Effect) -> None:
        kinds.append(type(effect))
        one(effect)

    house._one = noted  # type: ignore[method-assign]
    assert callable(what)
    what()
    return kinds


def test_nothing_is_written_down_between_a_report_and_the_last_command_that_it_sets_off() -> None:
    text = ""
    for name, lamp in (("a", "hall.light"), ("b", "porch.light")):
        text += rule(name, BUTTON, f'[{{ wait = "hall.motion is occupied" }}, {{ set = "{lamp}", on = true }}]')
        text += rule(
            f"{name}2", '"hall.motion becomes occupied"', f'[{{ set = "{lamp}", on = true }}, {{ wait = "1m" }}]'
        )
    house = House(text)
    house.obedient = False
    house.says("hall.motion", occupied=False)
    house.presses("sofa.remote")
    kinds = _effects(house, lambda: house.says("hall.motion", occupied=True))
    assert kinds[:4] == [Send] * 4
    assert kinds.count(Keep) == 2
    assert kinds[-1] is Sync


def test_what_a_deadline_sets_off_is_on_disk_before_it_is_done() -> None:
    house = House(rule("a", BUTTON, '[{ wait = "1m" }, { set = "hall.light", on = true }]'))
    house.presses("sofa.remote")
    kinds = _effects(house, lambda: house.wait(61))
    assert kinds[:3] == [Keep, Sync, Send]


def test_what_was_queued_for_a_rule_that_is_another_now_is_void() -> None:
    text = rule("a", BUTTON, '[{ notify = "o", text = "one" }, { wait = "1m" }]', 'mode = "queued"')
    house = House(text)
    house.presses("sofa.remote")
    house.presses("sofa.remote")
    house.reload(text.replace("one", "two"))
    house.wait(600)
    assert house.notes == ["one"]
    assert house.disk == {}


def test_what_safety_wanted_at_the_start_does_not_bind_rules_later() -> None:
    house = House(
        rule("s", "{ start = true }", '[{ set = "hall.light", on = false }]', 'priority = "safety"')
        + rule("a", BUTTON, '[{ set = "hall.light", on = true }]')
    )
    house.presses("sofa.remote")
    assert [value for _, _, value in house.did()] == [False, True]
