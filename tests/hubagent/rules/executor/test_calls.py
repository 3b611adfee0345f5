"""HTTP calls: tried again, as long as their run was not cut short."""

from hubagent.rules.executor.items import WebhookCalled
from tests.hubagent.rules.a_house import House

CALLS = """
[[rule]]
name = "a"
when = { webhook = "go" }
do = [{ http = "https://example.org/bad", retry = 3 }, { wait = "1h" }]
mode = "restart"
"""


def test_a_call_that_fails_is_tried_as_often_as_it_says() -> None:
    house = House(CALLS)
    house.do(WebhookCalled("go"))
    house.wait(60)
    assert len(house.calls) == 4


def test_a_call_of_a_run_that_was_cut_short_is_not_tried_again() -> None:
    house = House(CALLS)
    house.do(WebhookCalled("go"))
    house.wait(0.5)
    house.do(WebhookCalled("go"))
    house.wait(60)
    assert len(house.calls) == 1 + 4
    assert house.executor._calls._open == {}


def test_one_that_failed_while_its_run_waited_is_remembered_over_a_restart() -> None:
    failed = (
        '[[rule]]\nname = "b"\nwhen = { rule = "a", outcome = "failed" }\ndo = [{ notify = "o", text = "failed" }]\n'
    )
    house = House(CALLS + failed)
    house.do(WebhookCalled("go"))
    house.wait(60)
    house.reboot(60)
    house.wait(3600)
    assert house.notes == ["failed"]
