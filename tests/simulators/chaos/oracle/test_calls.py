"""HTTP calls of rules, and what their answers change. Stated by hand."""

from hubagent.rules.executor.items import WebhookCalled
from tests.simulators.chaos.oracle.a_scene import GO, note, rule
from tests.simulators.chaos.oracle.judged_house import NET, JudgedHouse

OUTCOMES = "".join(
    rule(f'{{ rule = "r", outcome = "{outcome}" }}', note(outcome), name=outcome) for outcome in ("done", "failed")
)


def call(path: str, more: str = "") -> str:
    return f'{{ http = "https://example.org/{path}"{more} }}'


def go(house: JudgedHouse) -> None:
    house.do(WebhookCalled("go"))


def test_a_call_with_its_method_and_its_body() -> None:
    house = JudgedHouse(rule(GO, call("door", ', method = "PUT", body = "{hall.lux} lx"'), call("get")) + OUTCOMES)
    house.says("hall.lux", illuminance=3)
    go(house)
    assert house.said() == ["0 PUT https://example.org/door 3 lx", "0 GET https://example.org/get", "0 done"]


def test_one_that_fails_does_not_keep_the_others_from_being_done_and_the_run_has_failed() -> None:
    house = JudgedHouse(rule(GO, call("bad"), note("next")) + OUTCOMES)
    go(house)
    assert house.said() == ["0 GET https://example.org/bad", "0 next", "0 failed"]


def test_it_is_tried_again_after_a_second_and_then_twice_as_long() -> None:
    house = JudgedHouse(rule(GO, call("bad", ", retry = 2")) + OUTCOMES)
    go(house)
    house.wait(10)
    assert house.said("call") == [f"{at} GET https://example.org/bad" for at in (0, 1, 3)]
    assert house.said("notify") == ["3 failed"]


def test_the_outcome_is_told_when_the_answer_is_there() -> None:
    house = JudgedHouse(rule(GO, call("good")) + OUTCOMES)
    house.mute.add(NET)
    go(house)
    house.wait(7)
    house.speaks(NET)
    assert house.said("notify") == ["7 done"]


def test_of_a_run_that_was_cut_short_a_call_is_not_tried_again() -> None:
    """What a newer run says is not overtaken by what an older one said."""
    text = rule(GO, call("bad", ", retry = 2"), '{ wait = "1h" }', more='mode = "restart"')
    house = JudgedHouse(text + OUTCOMES)
    go(house)
    house.wait(0.5)
    go(house)
    house.wait(10)
    assert house.said("call") == [f"{at:g} GET https://example.org/bad" for at in (0, 0.5, 1.5, 3.5)]


def test_one_whose_answer_comes_after_its_run_was_cut_short_changes_nothing() -> None:
    house = JudgedHouse(rule(GO, call("good", ", retry = 2"), '{ wait = "10s" }', more='mode = "restart"') + OUTCOMES)
    house.mute.add(NET)
    go(house)
    go(house)
    house.speaks(NET, well=False)
    house.wait(60)
    assert house.said("call") == [f"{at} GET https://example.org/good" for at in (0, 0, 1)]
    assert house.said("notify") == ["10 done"]


def test_fifty_are_under_way_and_no_more() -> None:
    text = rule(GO, f"{{ repeat = 60, do = [{call('good')}] }}") + OUTCOMES
    house = JudgedHouse(text)
    house.mute.add(NET)
    go(house)
    assert len(house.said("call")) == 50
    house.speaks(NET)
    assert house.said("notify") == ["0 failed"]


def test_a_call_is_not_made_again_after_a_power_cut() -> None:
    house = JudgedHouse(rule(GO, '{ wait = "10s" }', call("good"), '{ wait = "10s" }', note("end")))
    house.mute.add(NET)
    go(house)
    house.wait(10)
    house.reboot(1, lost=True)
    house.wait(20)
    assert house.said() == ["10 GET https://example.org/good", "21 end"]
