"""The agent around a driver: from report to command, through failures, to the end in order."""

import asyncio
import logging
from pathlib import Path

import pytest

from hubagent.agent import Agent
from hubagent.home import Previous
from hubagent.model.capabilities.on_off import SwitchOnOff
from hubagent.model.device import Presence
from hubagent.model.driver import DriverUnavailable
from hubagent.model.event import Cause, CommandAnswered, CommandSent, DeviceChanged, Event, Outcome
from hubagent.pairing import PairingBusy, PairingProgressed
from hubagent.runtime import PortError
from hubagent.toml_lines import Mistakes
from tests.helpers.an_agent import HALL_LIGHT, a_config, an_agent
from tests.helpers.fake_driver import FakeDriver, FakeKind, lamp, motion

ON = SwitchOnOff(on=True)


def condition(agent: Agent) -> str:
    return agent.radios["fake"].condition.value


async def test_a_report_makes_a_rule_send_before_the_report_returns(tmp_path: Path) -> None:
    driver = FakeDriver()
    async with an_agent(tmp_path, FakeKind(driver), a_config(tmp_path, rules=HALL_LIGHT)) as agent:
        heard: list[Event] = []
        driver.says("fake-2", "occupancy_sensing", occupied=False)
        agent.home.listen(lambda event, _previous: heard.append(event))
        driver.says("fake-2", "occupancy_sensing", occupied=True)
        assert [(device, cause.who) for device, _, cause in driver.sent] == [("fake-1", "rule:hall light")] * 2
        sent = [event for event in heard if isinstance(event, CommandSent)]
        assert [event.latency_s for event in sent] == [0, 0]


async def test_a_state_changes_when_the_device_reports_and_not_before(tmp_path: Path) -> None:
    driver = FakeDriver(answer_delay_s=1)
    async with an_agent(tmp_path, FakeKind(driver)) as agent:
        answers: list[CommandAnswered] = []
        agent.send("fake-1", ON, Cause("api"), answers.append)
        await asyncio.sleep(0.5)
        assert "on_off" not in agent.home.state("fake-1")
        await asyncio.sleep(1)
        assert agent.home.state("fake-1")["on_off"]["on"].value is True
        assert [answer.outcome for answer in answers] == [Outcome.CONFIRMED]


async def test_ready_comes_when_every_driver_is_up(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind()) as agent:
        assert condition(agent) == "ready"
        assert set(agent.home.devices) == {"fake-1", "fake-2"}


async def test_a_port_that_was_never_usable_ends_the_run(tmp_path: Path) -> None:
    driver = FakeDriver(start_error=PortError("/dev/x", "not there", "plug it in"))
    with pytest.raises(ExceptionGroup) as caught:
        async with an_agent(tmp_path, FakeKind(driver)):
            pass
    assert caught.group_contains(PortError, match="/dev/x: not there; plug it in")


async def test_a_mistake_in_a_rule_file_ends_the_run_before_anything_is_touched(tmp_path: Path) -> None:
    config = a_config(tmp_path, rules='[[rule]]\nname = "x"')
    with pytest.raises(ExceptionGroup) as caught:
        async with an_agent(tmp_path, FakeKind(), config):
            pass
    assert caught.group_contains(Mistakes)
    assert not config.state_dir.exists()


async def test_a_driver_that_fails_is_started_anew_and_its_neighbours_go_on(tmp_path: Path) -> None:
    first, second = FakeDriver(), FakeDriver()
    async with an_agent(tmp_path, FakeKind(first, second)) as agent:
        first.fail(RuntimeError("bug"))
        await asyncio.sleep(0.1)
        assert condition(agent) == "troubled"
        await asyncio.sleep(5)
        assert condition(agent) == "ready"
        second.says("fake-1", "on_off", on=True)
        assert agent.home.state("fake-1")["on_off"]["on"].value is True


async def test_a_command_under_way_when_its_driver_fails_is_answered_once(tmp_path: Path) -> None:
    driver = FakeDriver(answer_delay_s=0.5)
    async with an_agent(tmp_path, FakeKind(driver, FakeDriver())) as agent:
        answers: list[CommandAnswered] = []
        agent.send("fake-1", ON, Cause("api"), answers.append)
        driver.fail(RuntimeError("bug"))
        await asyncio.sleep(5)
        assert [answer.outcome for answer in answers] == [Outcome.FAILED]


async def test_a_command_while_there_is_no_driver_is_answered_at_once(tmp_path: Path) -> None:
    driver = FakeDriver()
    async with an_agent(tmp_path, FakeKind(driver, FakeDriver())) as agent:
        driver.fail(RuntimeError("bug"))
        await asyncio.sleep(0.1)
        answers: list[CommandAnswered] = []
        agent.send("fake-1", ON, Cause("api"), answers.append)
        assert [answer.outcome for answer in answers] == [Outcome.FAILED]
        with pytest.raises(DriverUnavailable):
            await agent.act("ping", "fake-1", "fake", {})


async def test_everybody_hears_how_a_command_ended(tmp_path: Path) -> None:
    driver = FakeDriver(outcome=Outcome.UNREACHABLE)
    async with an_agent(tmp_path, FakeKind(driver)) as agent:
        heard: list[Event] = []

        def hear(event: Event, _previous: Previous) -> None:
            if isinstance(event, CommandAnswered):
                heard.append(event)

        agent.home.listen(hear)
        agent.send("fake-1", ON, Cause("api"), lambda answer: None)
        await asyncio.sleep(1)
        assert [event.outcome for event in heard if isinstance(event, CommandAnswered)] == [Outcome.UNREACHABLE]


async def test_devices_names_and_values_survive_a_restart(tmp_path: Path) -> None:
    driver = FakeDriver()
    async with an_agent(tmp_path, FakeKind(driver)) as agent:
        driver.says("fake-1", "on_off", on=True)
        agent.home.rename("fake-1", "desk")
    async with an_agent(tmp_path, FakeKind(FakeDriver())) as agent:
        reading = agent.home.state(agent.home.resolve("desk").id)["on_off"]["on"]
        assert (reading.value, reading.fresh) == (True, False)


async def test_a_drivers_records_survive_a_restart(tmp_path: Path) -> None:
    kind = FakeKind()
    async with an_agent(tmp_path, kind):
        assert kind.records is not None
        kind.records.put("node 1", {"stage": 2})
    kind = FakeKind()
    async with an_agent(tmp_path, kind):
        assert kind.records is not None
        assert kind.records.load() == {"node 1": {"stage": 2}}


async def test_the_driver_has_stopped_when_the_agent_has(tmp_path: Path) -> None:
    driver = FakeDriver()
    async with an_agent(tmp_path, FakeKind(driver)):
        assert not driver.stopped
    assert driver.stopped


async def test_a_device_that_a_rule_names_and_nobody_knows_is_told_with_what_is_near(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = HALL_LIGHT.replace("hall.light", "hall.lihgt")
    caplog.set_level(logging.WARNING)
    async with an_agent(tmp_path, FakeKind(), a_config(tmp_path, rules=rules)):
        await asyncio.sleep(0.1)
        [message] = [record.message for record in caplog.records]
        first, *_, last = message.splitlines()
        assert first == (
            f"{tmp_path}/rules.toml:5:15: rule[1].do[1].set: there is no device 'hall.lihgt'; "
            "did you mean 'hall.light'?"
        )
        assert last.endswith("rule 'hall light' waits until it is there")


async def test_a_rule_with_a_condition_that_is_wrong_does_not_wait_for_a_device(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = HALL_LIGHT + """if = "hall.light.level > 'dark'"\n[[never]]\nname = "n"\nthat = "hall.lux is open"\n"""
    async with an_agent(tmp_path, FakeKind(), a_config(tmp_path, rules=rules)):
        await asyncio.sleep(0.1)
        rule, never = (record.message for record in caplog.records)
        assert rule.endswith("\nrule 'hall light' does not run before that is corrected")
        assert never.endswith("\n[[never]] 'n' waits until it is there")


async def test_a_device_that_is_being_interviewed_is_not_told_of_as_unknown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    new = lamp(1, "node 1", presence=Presence.INTERVIEWING)
    driver = FakeDriver(devices=[new, motion()])
    async with an_agent(tmp_path, FakeKind(driver), a_config(tmp_path, rules=HALL_LIGHT)):
        await asyncio.sleep(20)
        driver.report(DeviceChanged(lamp(1, "hall.light")))
        await asyncio.sleep(600)
        assert caplog.records == []


async def test_a_rule_without_any_device_is_told_of_in_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    driver = FakeDriver(devices=[])
    async with an_agent(tmp_path, FakeKind(driver), a_config(tmp_path, rules=HALL_LIGHT)):
        await asyncio.sleep(1)
        assert caplog.records == []
        await asyncio.sleep(600)
        assert len(caplog.records) == 1


def steps_of(agent: Agent) -> list[str]:
    entries = agent.events.since(1, 1000).entries
    return [entry.event.step.step for entry in entries if isinstance(entry.event, PairingProgressed)]


async def test_pairing_is_followed_step_by_step(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind()) as agent:
        assert agent.pair("fake", {}, 60) == 1
        await asyncio.sleep(1)
        assert steps_of(agent) == ["ready", "found", "done"]
        assert agent.home.resolve("new lamp").id == "fake-9"
        assert not agent.pairing.active


async def test_only_one_person_pairs_at_a_time(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind()) as agent:
        agent.pair("fake", {}, 60)
        with pytest.raises(PairingBusy):
            agent.unpair("fake", None, {}, 60)


async def test_pairing_that_is_stopped_ends_with_a_last_step(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind()) as agent:
        agent.unpair("fake", None, {}, 600)
        await asyncio.sleep(1)
        await agent.pairing.stop()
        assert steps_of(agent) == ["ready", "cancelled"]
        assert agent.unpair("fake", "fake-1", {}, 600) == 2
        await asyncio.sleep(1)
        assert set(agent.home.devices) == {"fake-2"}


async def test_pairing_that_is_stopped_before_it_began_ends_too(tmp_path: Path) -> None:
    async with an_agent(tmp_path, FakeKind()) as agent:
        agent.pair("fake", {}, 60)
        await agent.pairing.stop()
        assert steps_of(agent) == ["cancelled"]
        assert not agent.pairing.active


async def test_an_agent_that_stops_while_somebody_pairs_stops(tmp_path: Path) -> None:
    driver = FakeDriver(devices=[lamp(), motion()])
    async with an_agent(tmp_path, FakeKind(driver)) as agent:
        agent.unpair("fake", None, {}, 600)
        await asyncio.sleep(1)
    assert driver.stopped
