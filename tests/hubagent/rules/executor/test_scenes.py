"""A scene that could not be told at all, whom it tells once more, and what it leaves behind."""

import pytest

from hubagent.rules.executor.effects import Send
from hubagent.rules.executor.items import WebhookCalled
from hubagent.rules.executor.run import FAILURES_MAX
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


GO = '{ webhook = "go" }'
BOTH = '[[scene]]\nname = "s"\nset = [{ device = "hall.light", on = true }, { device = "porch.light", on = true }]\n'
OFF = '[[rule]]\nname = "off"\nwhen = { webhook = "off" }\ndo = [{ set = "porch.light", on = false }]\n'
LOOPS = f'[[rule]]\nname = "a"\nwhen = {GO}\ndo = [{{ repeat = 20, do = [{{ scene = "s" }}, {{ wait = "5s" }}] }}]\n'


def cut_short(after: str) -> str:
    return f'[[rule]]\nname = "a"\nwhen = {GO}\nmode = "restart"\ndo = [{{ scene = "s" }}, {{ wait = "5s" }}{after}]\n'


def test_what_somebody_wished_while_a_device_was_still_being_told_is_not_undone_a_minute_later() -> None:
    scene = '[[scene]]\nname = "s"\nset = [{ device = "porch.light", on = true, retry = 2 }]\n'
    house = House(scene + f'[[rule]]\nname = "a"\nwhen = {GO}\ndo = [{{ scene = "s" }}]\n' + OFF, deaf=("porch.light",))
    house.do(WebhookCalled("go"))
    house.wait(0.2)
    house.deaf = set()
    house.do(WebhookCalled("off"))
    house.wait(120)
    assert [value for _, _, value in house.did()] == [True, False]


def test_a_device_that_did_not_follow_is_told_once_more_though_its_scene_was_activated_again_without_it() -> None:
    never = '[[never]]\nname = "n"\nthat = "porch.light is on and hall.lux > 90"\n'
    loop = LOOPS.replace("repeat = 20", "repeat = 2")
    house = House(BOTH + loop + never, deaf=("hall.light", "porch.light"))
    house.says("hall.lux", illuminance=50)
    house.says("porch.light", on=False)
    house.do(WebhookCalled("go"))
    house.says("hall.lux", illuminance=95)
    house.wait(10)
    house.says("hall.lux", illuminance=50)
    house.wait(120)
    assert [at for at, name, _ in house.did() if name == "porch.light"] == [0, 60]
    assert [at for at, name, _ in house.did() if name == "hall.light"] == [0, 5, 65]


def test_a_run_that_was_cut_short_tells_nobody_once_more() -> None:
    house = House(BOTH + cut_short(""), deaf=("porch.light",))
    house.do(WebhookCalled("go"))
    house.wait(1)
    house.reload(BOTH + cut_short(', { wait = "6s" }'))
    house.wait(120)
    assert [name for _, name, _ in house.did()] == ["hall.light", "porch.light"]


def test_scenes_in_a_loop_leave_nothing_behind_and_name_a_few_failures() -> None:
    house = House(BOTH + LOOPS, deaf=("porch.light",))
    for _ in range(3):
        house.do(WebhookCalled("go"))
        house.wait(90)
        # Only what was wished last may still be told.
        assert sum(len(wishes) for wishes in house.executor._sending._wishes.values()) == 1
        assert len(house.executor._scenes._under) == 1
        house.wait(100)
    assert house.executor._sending._wishes == {}
    (_, detail), *_ = house.told("failed")
    assert str(detail).count("not followed by") == FAILURES_MAX


class Quiet(House):
    """The hall's light never answers."""

    def _send(self, effect: Send) -> None:
        if effect.device != "id-hall.light":
            super()._send(effect)


def test_scenes_that_are_cut_short_before_all_have_answered_leave_nothing_behind() -> None:
    house = Quiet(BOTH + cut_short(""), deaf=("porch.light",))
    for _ in range(30):
        house.do(WebhookCalled("go"))
        house.wait(2)
    house.reload(BOTH)
    assert house.executor._sending._wishes == {}
    assert house.executor._scenes._under == {}
