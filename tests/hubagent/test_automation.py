"""Rules in a running agent: read again when their files change, kept over a restart, and asked by people."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hubagent.agent import Agent
from hubagent.api.problem import Problem
from hubagent.api.rules_service import RulesService
from hubagent.api.service import Service
from hubagent.model.event import DeviceJoined, StateReported
from tests.helpers.an_agent import a_config, an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind, lamp, motion

WAIT = """
[variables]
guests = 0
note = "none"
[[scene]]
name = "evening"
set = [{ device = "hall.light", level = 20 }]
[[rule]]
name = "hall"
when = "hall.motion becomes occupied"
do = [{ set = "hall.light", on = true }, { wait = "3m" }, { set = "hall.light", on = false }]
[[rule]]
name = "told"
when = [{ webhook = "x" }, { mode = "night" }]
do = [{ notify = "owner", text = "it is {home.mode}" }]
[[never]]
name = "not so bright"
that = "hall.light.level > 80"
caused_by = "anybody"
"""


def reports(kind: FakeKind, occupied: bool) -> None:
    loop = asyncio.get_running_loop()
    kind.made[-1].report(StateReported("fake-2", "occupancy_sensing", {"occupied": occupied}, loop.time()))


def sent(kind: FakeKind) -> list[tuple[str, dict[str, Any]]]:
    return [(device, dict(command.wanted())) for device, command, _ in kind.made[-1].sent]


def texts(agent: Agent) -> list[str]:
    entries = agent.events.since(1, 1000).entries
    return [entry.event.text for entry in entries if type(entry.event).__name__ == "Notified"]  # type: ignore[union-attr]


async def test_a_run_goes_on_in_the_next_agent(tmp_path: Path) -> None:
    kind, config = FakeKind(), a_config(tmp_path, rules=WAIT)
    async with an_agent(tmp_path, kind, config):
        reports(kind, occupied=False)
        reports(kind, occupied=True)
        assert sent(kind) == [("fake-1", {"on": True})]
        await asyncio.sleep(60)
    kind = FakeKind()
    async with an_agent(tmp_path, kind, config) as agent:
        assert [run.rule for run in agent.automation.executor.waiting] == ["hall"]
        await asyncio.sleep(200)
        assert sent(kind) == [("fake-1", {"on": False})]
        assert agent.automation.executor.waiting == []


async def test_files_that_change_are_read_again_and_mistakes_change_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kind, config = FakeKind(), a_config(tmp_path, rules=WAIT)
    async with an_agent(tmp_path, kind, config) as agent:
        reports(kind, occupied=False)
        (tmp_path / "rules.toml").write_text("[[rule]]\nname = 3\n", encoding="utf-8")
        await asyncio.sleep(5)
        assert len(agent.automation.problems) >= 1
        assert "those of before go on" in caplog.text
        reports(kind, occupied=True)
        assert len(sent(kind)) == 1
        (tmp_path / "rules.toml").write_text(WAIT + "# more\n", encoding="utf-8")
        await asyncio.sleep(5)
        assert agent.automation.problems == []
        assert [run.rule for run in agent.automation.executor.waiting] == ["hall"]
        (tmp_path / "rules.toml").unlink()
        await asyncio.sleep(5)
        assert len(agent.automation.executor.rule_set.rules) == 2


async def test_what_cannot_run_of_files_that_are_read_again_is_told_as_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_agent(tmp_path, FakeKind(), a_config(tmp_path, rules=WAIT)) as agent:
        caplog.clear()
        changed = WAIT.replace('when = "hall.motion', 'if = "hall.light.level > \'dark\'"\nwhen = "hall.motion')
        changed = changed.replace(
            "[[never]]", '[[rule]]\nname = "y"\nwhen = "x.y becomes on"\ndo = [{ mode = "away" }]\n[[never]]'
        )
        changed = changed.replace("hall.light.level > 80", "home.mod == 'away'")
        (tmp_path / "rules.toml").write_text(changed, encoding="utf-8")
        await asyncio.sleep(5)
        bright, waits, never, loaded = (record.message for record in caplog.records)
        assert bright.startswith(f"{tmp_path}/rules.toml:10:26: rule[1].if: this is a text")
        assert bright.endswith("rule 'hall' does not run before that is corrected")
        assert waits.endswith("rule 'y' waits until it is there")
        assert "there is home.mode" in never
        assert never.endswith("[[never]] 'not so bright' forbids nothing before that is corrected")
        assert loaded == "the rule files were read again: 3 rules (1 waits for its device, 1 cannot run) from now on"
        assert agent.automation.reload() == [bright, never]
        assert agent.automation.problems == []


async def test_what_rules_say_to_people_is_an_event(tmp_path: Path) -> None:
    kind = FakeKind()
    async with an_agent(tmp_path, kind, a_config(tmp_path, rules=WAIT)) as agent:
        service = RulesService(agent)
        service.act({"action": "webhook", "name": "x"})
        service.act({"action": "mode", "name": "night"})
        assert texts(agent) == ["it is home", "it is night"]
        views = Service(agent).events(1)["events"]
        assert [one["text"] for one in views if one["event"] == "notified"] == ["it is home", "it is night"]
        assert [one["value"] for one in views if one["event"] == "mode"] == ["night"]
        assert service.rules()["mode"] == "night"


async def test_people_run_rules_and_scenes_and_set_variables(tmp_path: Path) -> None:
    kind = FakeKind()
    async with an_agent(tmp_path, kind, a_config(tmp_path, rules=WAIT)) as agent:
        service = RulesService(agent)
        service.act({"action": "run", "name": "hall"})
        service.act({"action": "scene", "name": "evening"})
        service.act({"action": "variable", "name": "guests", "value": 3})
        assert sent(kind) == [("fake-1", {"on": True}), ("fake-1", {"level": 20})]
        assert service.rules()["variables"] == {"guests": 3, "note": "none"}
        [one] = [rule for rule in service.rules()["rules"] if rule["name"] == "hall"]
        assert (one["running"], one["why"], one["enabled"]) == (1, None, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "run", "name": "hal"}, "there is no rule 'hal'; did you mean 'hall'?"),
        ({"action": "mode", "name": "nigt"}, "there is no mode 'nigt'; did you mean 'night'?"),
        ({"action": "scene", "name": "x"}, "there is no scene 'x'; there are: evening"),
        ({"action": "variable", "name": "guests", "value": "x"}, "guests is like 0, not 'x'"),
        ({"action": "variable", "name": "guests", "value": float("nan")}, "guests is true or false, a number or"),
        ({"action": "variable", "name": "guests", "value": 10**400}, "guests is true or false, a number or a text"),
        ({"action": "variable", "name": "note", "value": "\ud800"}, "note is true or false, a number or a text"),
        ({"action": "variable", "name": "note", "value": "x" * 256}, "note is true or false, a number or a text"),
        ({"action": "variable", "name": "guests", "value": True}, "guests is like 0, not True"),
        ({"action": "rnu", "name": "x"}, "there is no action 'rnu'; did you mean 'run'?"),
        ({"action": "run"}, "say which"),
        ({"name": "x"}, "say the action"),
        ([], "say the action"),
    ],
)
async def test_what_cannot_be_done_is_told(tmp_path: Path, body: Any, said: str) -> None:
    async with an_agent(tmp_path, FakeKind(), a_config(tmp_path, rules=WAIT)) as agent:
        with pytest.raises(Problem) as problem:
            RulesService(agent).act(body)
        assert said in str(problem.value)


async def test_why_a_device_is_as_it_is_is_told_also_after_a_restart(tmp_path: Path) -> None:
    kind, config = FakeKind(), a_config(tmp_path, rules=WAIT)
    async with an_agent(tmp_path, kind, config) as agent:
        reports(kind, occupied=False)
        reports(kind, occupied=True)
        await asyncio.sleep(5)
        told = RulesService(agent).explain("hall.light")
        assert told["sent"]["detail"]["wanted"] == {"on": True}
        assert [one["kind"] for one in told["chain"][0]] == ["fired", "sent", "answered"]
        assert told["chain"][0][0]["about"] == "hall.motion.occupied"
    async with an_agent(tmp_path, FakeKind(), config) as agent:
        assert RulesService(agent).explain("hall.light")["sent"]["detail"]["wanted"] == {"on": True}
        kinds = [one["kind"] for one in RulesService(agent).traces("hall")["traces"]]
        assert kinds == ["fired", "sent", "answered"]


async def test_an_invariant_holds_for_people_too_where_it_says_so(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind(), a_config(tmp_path, rules=WAIT)) as agent:
        with pytest.raises(Problem, match=r"hall.light may not: \[\[never\]\] 'not so bright' says so"):
            await Service(agent).set("hall.light", {"level": 90})
        await Service(agent).set("hall.light", {"level": 50})


async def test_a_call_to_a_host_goes_through_the_runtime_and_its_failure_is_traced(tmp_path: Path) -> None:
    text = """
[[rule]]
name = "call"
when = { webhook = "x" }
do = [{ http = "https://example.org/x", retry = 1 }]
"""
    config = a_config(tmp_path, rules=text, hosts=frozenset({"example.org"}))
    async with an_agent(tmp_path, FakeKind(), config) as agent:
        service = RulesService(agent)
        service.act({"action": "webhook", "name": "x"})
        await asyncio.sleep(10)
        details = [one["detail"] for one in service.traces("call")["traces"]]
        assert any("this simulation has no network" in str(detail) for detail in details)


TOGETHER = """
[[never]]
name = "not both"
that = "hall.light.on and attic.light.on"
caused_by = "anybody"
"""


@pytest.fixture
def slow() -> FakeKind:
    return FakeKind(FakeDriver([lamp(), lamp(3, "attic.light")], answer_delay_s=0.5))


async def test_what_a_person_has_sent_counts_for_the_next_who_asks(tmp_path: Path, slow: FakeKind) -> None:
    async with an_agent(tmp_path, slow, a_config(tmp_path, rules=TOGETHER)) as agent:
        for number in (1, 3):
            slow.made[-1].says(f"fake-{number}", "on_off", on=False)
        service = Service(agent)
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(service.set("hall.light", {"on": True}))
            await asyncio.sleep(0.1)
            with pytest.raises(Problem, match=r"attic.light may not: \[\[never\]\] 'not both' says so"):
                await service.set("attic.light", {"on": True})
        assert first.result()["outcome"] == "confirmed"
        assert len(slow.made[-1].sent) == 1


async def test_a_level_that_a_person_wishes_for_is_judged_as_what_puts_the_lamp_on(
    tmp_path: Path, slow: FakeKind
) -> None:
    async with an_agent(tmp_path, slow, a_config(tmp_path, rules=TOGETHER)) as agent:
        for number in (1, 3):
            slow.made[-1].says(f"fake-{number}", "on_off", on=False)
        service = Service(agent)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(service.set("hall.light", {"level": 40}))
            await asyncio.sleep(0.1)
            with pytest.raises(Problem, match="not both"):
                await service.set("attic.light", {"level": 1})
        await service.set("attic.light", {"level": 0})
        assert len(slow.made[-1].sent) == 2


async def test_a_wish_of_several_words_is_judged_as_a_whole(tmp_path: Path) -> None:
    rules = TOGETHER.replace("attic.light.on", "hall.light.level > 80")
    kind = FakeKind()
    async with an_agent(tmp_path, kind, a_config(tmp_path, rules=rules)) as agent:
        kind.made[-1].says("fake-1", "on_off", on=False)
        kind.made[-1].says("fake-1", "level_control", level=10)
        with pytest.raises(Problem, match="not both"):
            await Service(agent).set("hall.light", {"on": True, "level": 90})
        assert kind.made[-1].sent == []


async def test_a_rule_waits_for_a_device_that_left_while_the_hub_was_off(tmp_path: Path) -> None:
    text = """
[[rule]]
name = "lamp"
when = { webhook = "x" }
if = "hall.motion is occupied"
do = [{ set = "hall.light", on = true }]
"""
    kind, config = FakeKind(), a_config(tmp_path, rules=text)
    async with an_agent(tmp_path, kind, config):
        reports(kind, occupied=True)
        await asyncio.sleep(5)
    kind = FakeKind(FakeDriver(devices=[lamp()]))
    async with an_agent(tmp_path, kind, config) as agent:
        service = RulesService(agent)
        assert [one["waits_for"] for one in service.rules()["rules"]] == ["hall.motion"]
        assert service.act({"action": "webhook", "name": "x"})
        await asyncio.sleep(1)
        assert sent(kind) == []
        kind.made[-1].report(DeviceJoined(motion()))
        reports(kind, occupied=True)
        service.act({"action": "webhook", "name": "x"})
        assert sent(kind) == [("fake-1", {"on": True})]
