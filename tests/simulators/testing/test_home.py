"""What a test can do with a home, one after the other."""

import asyncio
from datetime import timedelta

import pytest

from hubagent.model.event import ButtonPressed, CommandAnswered, Outcome
from hubagent.wishes import WishRefused
from simulators.testing.cloud import NoCloud
from simulators.testing.context import HubIsOff
from simulators.testing.expressions import BadExpectation
from simulators.testing.failure import Unexpected
from simulators.testing.home import Home
from simulators.testing.home_run import HomeGone, HomeRun, HubCrashed, NotBegun
from simulators.testing.moments import BadMoment
from simulators.testing.pairing import NotPaired
from simulators.testing.residents import NotThere
from simulators.testing.settings import BadSettings, home_settings
from simulators.world import CannotBe
from tests.simulators.testing.a_home import HERE, in_a_home

# --- time


def test_a_home_begins_when_its_first_time_is_said_and_is_settled_then() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        assert f"{home.now:%Y-%m-%d %H:%M:%S.%f}" == "2026-01-14 07:30:00.000000"
        assert home.hub.is_on
        await home.after("90s")
        assert f"{home.now:%H:%M:%S}" == "07:31:30"
        await home.at("07:30")
        assert f"{home.now:%a %H:%M:%S}" == "Thu 07:30:00"

    in_a_home(happens)


def test_a_home_begins_on_the_day_that_its_mark_says_in_its_own_time_zone() -> None:
    async def happens(home: Home) -> None:
        await home.at("01:30")
        assert home.now.isoformat() == "2026-03-29T01:30:00+01:00"
        await home.after("1h")
        assert home.now.isoformat() == "2026-03-29T03:30:00+02:00"
        with pytest.raises(BadMoment, match="is over"):
            await home.at("2026-03-28 12:00")

    place = {"latitude": 52.4, "longitude": 4.9, "timezone": "Europe/Amsterdam"}
    in_a_home(happens, start="2026-03-29", place=place)


def test_before_it_has_begun_nothing_can_be_done_and_the_error_says_how_to_begin() -> None:
    async def happens(home: Home) -> None:
        with pytest.raises(NotBegun, match=r'await home.at\("07:30"\)'):
            home.resident("sam").enters("studio")

    in_a_home(happens)


# --- who and what is in it


def test_nobody_is_there_and_nothing_happens_until_the_test_says_so() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        assert home.resident("sam").room == "outside"
        await home.stays("studio.motion.clear and studio.door.closed", for_="1h")
        home.resident("sam").enters("studio")
        assert home.truth("studio.motion.occupied") is True
        await home.stays("studio.motion.occupied and studio.door.closed", for_="10m")

    in_a_home(happens)


def test_who_walks_takes_his_time_and_opens_the_doors_on_the_way() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        sam = home.resident("sam")
        arriving = sam.walks_to("studio")
        await home.after("1s")
        assert home["studio.door"].is_open is True
        assert sam.room == "outside"
        await arriving
        assert sam.room == "studio"
        assert 1 <= home.now.second < 5
        await home.expect("studio.door.closed", within="5s")
        sam.sleeps()
        await home.until(lambda: sam.asleep, within="1m")

    in_a_home(happens)


def test_who_is_expected_where_nobody_can_get_to_is_an_error() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(CannotBe, match="there are studio, outside"):
            home.resident("sam").enters("kitchen")
        with pytest.raises(CannotBe, match="nobody is called 'ann'; there are sam"):
            home.resident("ann")
        with pytest.raises(CannotBe, match=r"no device 'studio\.lamp'"):
            home.device("studio.lamp")
        with pytest.raises(CannotBe, match="no radio 'zigbee'; there are zwave"):
            home.zigbee.unplug()

    in_a_home(happens)


def test_somebody_who_is_locked_out_does_not_arrive() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home["hall.lock"].set(jammed=True)
        with pytest.raises(NotThere, match=r"jon did not come to hall within .* and is in outside"):
            await home.resident("jon").walks_to("hall")

    in_a_home(happens, "flat", rooms=["hall"])


def test_those_who_live_by_their_routine_do_it_when_the_test_wants_that() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        await home.expect("studio.door.open", within="1m")
        await home.until(lambda: home.resident("sam").room == "outside", within="1m")

    in_a_home(happens, people="live")


def test_hands_press_set_open_and_switch() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home["studio.light"].press()
        assert home["studio.light"].on is True
        home["studio.light"].switch_off()
        assert home["studio.light"].on is False
        home["studio.door"].open()
        assert home["studio.door"].is_open is True
        home["studio.door"].close()
        home["studio.motion"].set(occupied=True)
        assert home["studio.motion"].occupied is True
        home.do("set", "studio.light", "on=true")
        await home.expect("studio.light.on", within="1s", of="hub")

    in_a_home(happens)


def test_a_room_follows_its_weather_and_a_weather_can_be_held() -> None:
    async def happens(home: Home) -> None:
        await home.at("12:00")
        home.weather(temperature=-15)
        home["living.heating"].set(mode="off")
        await home.expect("living.heating.temperature < 15", within="12h")

    in_a_home(happens, "demo", rooms=["living"])


def test_a_device_is_paired_as_a_person_does_it() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        button = home.device("studio.button")
        await button.pair()
        button.press(1)
        await home.after("1s")
        assert [event.button for event in home.events.of(ButtonPressed)] == [1]

    in_a_home(happens)


def test_a_device_without_power_is_not_paired() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.device("studio.button").cut_power()
        with pytest.raises(NotPaired, match=r"studio\.button was not paired within 60 s"):
            await home.device("studio.button").pair("1m")

    in_a_home(happens)


# --- the hub


def test_a_persons_wish_is_done_and_its_outcome_told() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        assert await home.hub.set("studio.light", on=True) is Outcome.CONFIRMED
        assert home["studio.light"].on is True
        assert [it.outcome for it in home.events.of(CommandAnswered)] == [Outcome.CONFIRMED]
        with pytest.raises(WishRefused, match="has no level_control"):
            home.hub.set("studio.light", level=3)
        home["studio.light"].cut_power()
        assert await home.hub.set("studio.light", on=False) is Outcome.UNREACHABLE

    in_a_home(happens)


def test_modes_variables_scenes_and_webhooks_are_set_as_people_do() -> None:
    rules = """
        [home]
        modes = ["home", "night"]
        [variables]
        guests = 0
        [[scene]]
        name = "bright"
        set = [{ device = "studio.light", on = true }]
        [[rule]]
        name = "hook"
        when = { webhook = "bell" }
        do = [{ notify = "owner", text = "{var.guests} guests at {home.mode}" }]
    """

    async def happens(home: Home) -> None:
        await home.begin()
        home.hub.set_variable("guests", 3)
        home.hub.set_mode("night")
        assert home.hub.mode == "night"
        home.hub.webhook("bell")
        assert [(it.to, it.text, it.rule) for it in home.notifications] == [("owner", "3 guests at night", "hook")]
        home.hub.scene("bright")
        await home.expect("studio.light.on", within="1s")
        with pytest.raises(WishRefused, match="there is no mode 'noon'; there are home, night"):
            home.hub.set_mode("noon")

    in_a_home(happens, rules_text=rules)


def test_a_beginning_that_was_given_up_leaves_nothing_and_may_be_tried_again() -> None:
    async def gives_up(home: Home) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await home.begin()

    async def tries_again(home: Home) -> None:
        await gives_up(home)
        await home.begin()
        assert home.hub.is_on

    in_a_home(gives_up)
    in_a_home(tries_again)


def test_a_webhook_that_no_rule_waits_for_is_refused_with_those_there_are() -> None:
    rules = """
        [[rule]]
        name = "hook"
        when = [{ webhook = "bell" }, { webhook = "evening" }]
        do = [{ mode = "night" }]
    """

    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(WishRefused, match="there is no webhook 'no such'; there are bell, evening"):
            home.hub.webhook("no such")
        with pytest.raises(WishRefused, match="there is no webhook 'evenign'; did you mean 'evening'"):
            home.hub.webhook("evenign")

    async def has_none(home: Home) -> None:
        await home.begin()
        with pytest.raises(WishRefused, match="there is no webhook 'bell'; there are none"):
            home.hub.webhook("bell")

    in_a_home(happens, rules_text=rules)
    in_a_home(has_none, rules_text="")


def test_a_hub_that_is_off_is_asked_nothing_and_comes_back_as_it_was() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        await home.hub.set("studio.light", on=True)
        await home.after("2s")
        rebooting = home.reboot("45s")
        assert not home.hub.is_on
        with pytest.raises(HubIsOff, match=r"await home.hub.ready\(\)"):
            home.hub.set("studio.light", on=False)
        before = home.now
        await rebooting
        assert home.now - before > timedelta(seconds=45)
        assert home.hub.lives == 2
        await home.expect("studio.light.on", within="10s", of="hub")

    in_a_home(happens)


def test_a_hub_that_is_away_for_long_is_waited_for_as_long() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        await home.reboot("10m")
        await home.hub.kill("5m")
        assert home.hub.lives == 3

    in_a_home(happens)


@pytest.mark.parametrize("how", ["kill", "cut_power"])
def test_a_hub_that_stays_away_is_away_until_it_is_switched_on(how: str) -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        getattr(home.hub, how)(None)
        await home.after("5m")
        assert not home.hub.is_on
        await home.hub.power_on()
        assert home.hub.is_on

    in_a_home(happens)


@pytest.mark.parametrize("open_for", ["5s", "40s", "3m"])
def test_a_door_that_was_open_for_a_while_when_the_power_went_is_open_and_waited_for(open_for: str) -> None:
    rule = """
[[rule]]
name = "the door is open"
when = "studio.door becomes open for 5m"
do = [{ notify = "somebody", text = "the door is open" }]
"""

    async def happens(home: Home) -> None:
        await home.at("10:00")
        # What nobody remembers anything of was synced before, and is written no more.
        await home.after("20m")
        home["studio.door"].open()
        await home.after(open_for)
        await home.reboot("10s")
        await home.expect("studio.door.open", within="1s", of="hub")
        await home.at("10:24:59")
        assert not home.notifications
        await home.until(lambda: len(home.notifications) == 1, within="2s")

    in_a_home(happens, rules_text=rule)


def test_the_power_goes_in_the_middle_of_a_write() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.hub.cut_power_at_write(1, "10s")
        home["studio.light"].press()
        await home.until(lambda: not home.hub.is_on, within="10s")
        await home.hub.ready()
        await home.expect("studio.light.on", within="30s", of="hub")

    in_a_home(happens)


def test_the_hubs_clock_steps_and_the_homes_does_not() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.hub.step_clock("-1h")
        await home.after("1m")
        assert f"{home.now:%H:%M}" == "07:31"
        assert home.site.clock.off_s == pytest.approx(-3600)
        home.hub.heal_clock()
        assert home.site.clock.off_s == 0

    in_a_home(happens)


def test_a_hub_that_ends_by_itself_fails_the_test() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.site.hub.crashes.append(OSError("the disk is on fire"))

    with pytest.raises(HubCrashed, match="the disk is on fire"):
        in_a_home(happens)


def test_a_hub_that_starts_without_its_stick_tries_again_until_it_is_there() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.zwave.unplug()
        home.hub.kill("1s")
        await home.after("5m")
        assert not home.hub.is_on
        assert home.hub.crashes != []
        home.zwave.plug()
        await home.hub.ready()

    in_a_home(happens)


def test_rules_with_mistakes_fail_the_test_with_their_lines() -> None:
    async def happens(home: Home) -> None:
        await home.begin()

    with pytest.raises(BadSettings, match=r"rules.toml:3:.*'opn' is no word"):
        in_a_home(happens, rules_text="[[rule]]\nname = 'x'\nwhen = 'studio.door becomes opn'\ndo = []\n")


# --- the cloud


def test_the_cloud_believes_what_it_is_told_and_sends_what_people_want() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        await home.until(lambda: home.cloud.hub_online, within="1m")
        assert await home.cloud.set("studio.light", on=True) == "confirmed"
        assert home["studio.light"].on is True
        await home.expect("studio.light.on", within="1s", of="cloud")
        assert "state" in [message["kind"] for message in home.cloud.messages]
        with pytest.raises(CannotBe, match=r"knows no .studio.lamp.; "):
            home.cloud.set("studio.lamp", on=True)

    in_a_home(happens)


def test_a_cloud_that_is_cut_off_learns_afterwards_what_happened() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with home.cloud.cut():
            home["studio.light"].press()
            await home.never("studio.light.on", for_="2m", of="cloud")
            asked = home.cloud.set("studio.light", expires_in="10s", on=False)
            assert await asked == "expired"
        await home.expect("studio.light.on", within="3m", of="cloud")

    in_a_home(happens)


def test_what_became_of_a_wish_is_waited_for_as_long_as_it_may_still_come_true() -> None:
    async def happens(home: Home) -> None:
        await home.at("12:00")
        home.cloud.cut("5m")
        assert await home.cloud.set("studio.light", expires_in="10m", on=True) == "confirmed"
        assert f"{home.now:%H:%M}" >= "12:05"

    in_a_home(happens)


def test_of_a_wish_that_the_cloud_has_forgotten_nobody_knows_what_became() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.cloud.cut()
        asked = home.cloud.set("studio.light", on=True)
        home.cloud.forget()
        with pytest.raises(NoCloud, match="the cloud has lost its database"):
            await asked

    in_a_home(happens)


def test_a_network_that_is_silent_holds_back_what_was_on_its_way() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.cloud.freeze("20s")
        home["studio.light"].press()
        await home.never("studio.light.on", for_="19s", of="cloud")
        await home.expect("studio.light.on", within="2m", of="cloud")

    in_a_home(happens)


def test_a_cloud_that_crashes_or_forgets_everything_comes_to_know_it_anew() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.cloud.crash()
        assert home.cloud.believes("studio.light.on") is None
        with pytest.raises(NoCloud, match="start it"):
            home.cloud.set("studio.light", on=True)
        home.cloud.start()
        await home.expect("studio.light.off", within="3m", of="cloud")
        home.cloud.forget()
        home["studio.light"].press()
        await home.expect("studio.light.on", within="3m", of="cloud")

    in_a_home(happens)


def test_a_delay_of_the_network_is_felt_by_the_cloud_only() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.cloud.delay("700ms")
        home["studio.light"].press()
        assert await home.expect("studio.light.on", within="1s", of="hub") < 0.1
        assert await home.expect("studio.light.on", within="5s", of="cloud") > 0.6

    in_a_home(happens)


def test_a_home_without_a_cloud_says_so() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(BadExpectation, match="cloud=False"):
            home.cloud.believes("studio.light.on")
        with pytest.raises(NoCloud, match="cloud=False"):
            home.cloud.crash()
        with pytest.raises(NoCloud, match="cloud=False"):
            home.cloud.cut()

    in_a_home(happens, cloud=False)


# --- what goes wrong


def test_a_fault_ends_with_its_block_with_its_time_or_when_it_is_healed() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        loss = home.site.world.dongles["zwave"].air
        with home.zwave.loss(0.4):
            assert getattr(loss, "loss") == 0.4  # noqa: B009 - the protocol does not promise it
        assert getattr(loss, "loss") == 0.0  # noqa: B009
        fault = home.fault("air.loss", radio="zwave", rate=1.0, seconds="10s")
        await home.after("11s")
        assert getattr(loss, "loss") == 0.0  # noqa: B009
        fault.heal()
        home["studio.motion"].cut_power()
        home["studio.motion"].set(occupied=True)
        await home.never("studio.motion.occupied", for_="1m", of="hub")

    in_a_home(happens)


def test_a_stick_that_is_pulled_out_is_out_until_it_is_put_back_in() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.zwave.unplug()
        await home.until(lambda: not home.zwave.works, within="10s")
        await home.after("5m")
        assert not home.zwave.works
        home.zwave.plug()
        await home.until(lambda: home.zwave.works, within="2m")

    in_a_home(happens)


def test_a_fault_that_does_not_exist_or_strikes_nothing_here_is_an_error() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(CannotBe, match=r"air\.loss"):
            home.fault("air.los")
        with pytest.raises(CannotBe, match="say which device"):
            home.fault("device.dead")
        with pytest.raises(CannotBe, match="does not strike 'zigbee'; there are zwave"):
            home.fault("air.loss", radio="zigbee")
        with pytest.raises(CannotBe, match="rate is a number from 0 to 1"):
            home.zwave.loss(3.0)

    in_a_home(happens)


# --- how it ends


def test_a_function_of_the_tests_own_is_waited_for_and_may_be_wrong() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(Unexpected, match="is_midnight was not so within 1m"):
            await home.until(is_midnight, within="1m")

    def is_midnight() -> bool:
        return False

    in_a_home(happens)


def test_tasks_that_a_test_leaves_behind_are_told() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        asyncio.get_running_loop().create_task(asyncio.sleep(1e6), name="forgotten")

    with pytest.raises(AssertionError, match="still alive: forgotten"):
        in_a_home(happens)


def test_a_world_that_fails_ends_the_test_that_waits_in_it() -> None:
    async def happens(home: Home) -> None:
        await home.begin()

        async def fails() -> None:
            raise ZeroDivisionError("physics are wrong")

        home.site.world._live(fails(), "a bug")
        await home.after("1h")

    with pytest.raises(HomeGone) as gone:
        in_a_home(happens)
    assert "physics are wrong" in repr(gone.value.__cause__)


def test_code_that_is_no_coroutine_runs_some_in_the_home() -> None:
    run = HomeRun(home_settings("studio", {}, 1, (HERE,)))
    home = Home(run)
    home.run(home.at("07:30"))
    home.run(home.after("1m"))
    assert f"{home.now:%H:%M}" == "07:31"
    assert home.truth("studio.light.on") is False
    assert run.end(failed=False) == []


def test_what_is_not_async_does_all_that_a_hand_and_a_fault_can_do() -> None:
    run = HomeRun(home_settings("studio", {}, 1, (HERE,)))
    home = Home(run)
    home.run(home.at("07:30"))
    home.resident("sam").enters("studio")
    home.device("studio.door").open()
    home.run(home.expect("studio.light.on", within="500ms"))
    home.hub.set("studio.light", on=False)
    home.run(home.expect("studio.light.off", within="1s"))
    home.cloud.set("studio.light", on=True)
    home.run(home.expect("studio.light.on", within="1s"))
    with home.fault("device.dead", device="studio.light"):
        home.run(home.after("1m"))
    home.hub.cut_power()
    home.run(home.hub.ready())
    assert run.end(failed=False) == []
