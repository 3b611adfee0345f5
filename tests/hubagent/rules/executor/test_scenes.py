"""A scene that could not be told at all, and what its run does then."""

import pytest

from hubagent.rules.executor.items import WebhookCalled
from tests.hubagent.rules.a_house import House


@pytest.mark.parametrize(("on_failure", "notes"), [("report", ["next"]), ("stop", [])])
def test_on_failure_also_counts_where_nothing_was_sent(on_failure: str, notes: list[str]) -> None:
    house = House(
        f"""
[[scene]]
name = "s"
set = [{{ device = "hall.light", on = true }}, {{ device = "porch.light", on = true }}]
[[rule]]
name = "a"
when = {{ webhook = "go" }}
do = [{{ scene = "s", atomic = true, on_failure = "{on_failure}" }}, {{ notify = "o", text = "next" }}]
"""
    )
    house.silent("porch.light")
    house.do(WebhookCalled("go"))
    assert house.sent == []
    assert house.notes == notes


@pytest.mark.parametrize("never", ["", '[[never]]\nname = "n"\nthat = "porch.light is on and hall.lux > 90"\n'])
def test_a_device_that_has_left_is_not_told_once_more(never: str) -> None:
    house = House(
        f"""
[[scene]]
name = "s"
set = [{{ device = "porch.light", on = true, retry = 2 }}]
[[rule]]
name = "a"
when = {{ webhook = "go" }}
do = [{{ scene = "s" }}]
{never}
""",
        deaf=("porch.light",),
    )
    house.do(WebhookCalled("go"))
    house.wait(0.2)
    house.left("porch.light")
    house.wait(120)
    assert len(house.sent) == 1
