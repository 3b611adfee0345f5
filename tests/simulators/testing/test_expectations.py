import asyncio
from typing import Any

import pytest

from simulators.testing.expressions import BadExpectation
from simulators.testing.failure import Unexpected
from simulators.testing.home import Home
from tests.simulators.testing.a_home import in_a_home

LATE = """
[[rule]]
name = "light, a little late"
when = "studio.motion becomes occupied"
do = [{ wait = "600ms" }, { set = "studio.light", on = true }]

[[rule]]
name = "only at night"
when = "studio.motion becomes occupied"
if = "between('22:00', '06:00')"
do = [{ set = "studio.light", on = false }]

[[rule]]
name = "about something else"
when = "studio.door becomes open"
do = [{ notify = "owner", text = "somebody came" }]
"""


def test_an_expectation_returns_how_long_it_took() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        assert await home.expect("studio.light.off"), "it is so, also where it took no time"
        assert await home.expect("studio.light.off") == 0.0
        home.resident("sam").enters("studio")
        assert 0.6 < await home.expect("studio.light.on", within="700ms") < 0.7

    in_a_home(happens, rules_text=LATE)


async def _says_no() -> bool:
    return False


@pytest.mark.parametrize(
    ("is_so", "complaint"),
    [
        (_says_no, "not async; _says_no has to be awaited"),
        (lambda: asyncio.sleep(0), "not async"),
        ("studio.light.on", "not 'studio.light.on'"),
    ],
)
def test_what_does_not_say_whether_it_is_so_is_an_error(is_so: Any, complaint: str) -> None:
    async def happens(home: Home) -> None:
        await home.until(is_so, within="1m")

    with pytest.raises(BadExpectation, match=complaint):
        in_a_home(happens)


def test_an_expectation_that_fails_says_what_was_so_what_happened_and_why() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="500ms")

    with pytest.raises(Unexpected) as failed:
        in_a_home(happens, rules_text=LATE)
    assert str(failed.value).splitlines() == [
        "studio.light.on within 500ms",
        "  expected at 07:30:00.000, given up at 07:30:00.630: it came 130 ms too late",
        "what is so",
        "  studio.light.on = true, since 07:30:00.630",
        "    the hub believes false, since the test began",
        "    the cloud believes false, since the test began",
        "what happened last",
        "  07:30:00.000  sam is in studio",
        "  07:30:00.000  studio.motion.occupied = true",
        "  07:30:00.015  rule 'light, a little late' was set off by studio.motion.occupied = true",
        "  07:30:00.015  the hub heard studio.motion.occupied = true",
        "  07:30:00.615  sent to studio.light: on = true (rule:light, a little late)",
        "  07:30:00.630  studio.light.on = true",
        "what the rules about studio.light did",
        "  'light, a little late':",
        "    07:30:00.015  was set off by studio.motion.occupied = true",
        "    07:30:00.615  sent to studio.light: on = true (rule:light, a little late)",
        "  'only at night':",
        "    07:30:00.015  did not run: its condition did not hold when studio.motion.occupied came",
    ]


def test_what_never_comes_is_not_late() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        await home.expect("studio.light.on", within="1s")

    with pytest.raises(Unexpected, match=r"given up at 07:30:06[.]000: nor did it come in 5 s more"):
        in_a_home(happens)


def test_what_holds_now_is_expected_without_a_time() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        await home.expect("studio.light.on")

    with pytest.raises(Unexpected, match=r"^studio.light.on now\n"):
        in_a_home(happens)


def test_what_stays_so_does_not_change_in_between() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="1s")
        await home.stays("studio.light.on", for_="10m")
        home.resident("sam").leaves()
        await home.stays("studio.light.on", for_="10m")

    with pytest.raises(Unexpected) as failed:
        in_a_home(happens)
    assert "studio.light.on for all of 10m" in str(failed.value)
    assert "it was so no more after " in str(failed.value)


def test_what_is_not_so_at_all_does_not_stay_so() -> None:
    async def happens(home: Home) -> None:
        await home.stays("studio.light.on", for_="10m")

    with pytest.raises(Unexpected, match="it was not so from the beginning"):
        in_a_home(happens)


def test_what_never_may_be_is_noticed_however_short_it_is() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.site.world.loop.call_later(60.0, home["studio.light"].switch_on)
        home.site.world.loop.call_later(60.001, home["studio.light"].switch_off)
        await home.never("studio.light.on", for_="10m")

    with pytest.raises(Unexpected, match=r"it was so after 60[.]000 s"):
        in_a_home(happens, rules=())


def test_what_moves_is_seen_on_its_way() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home["living.blind"].set(position=0)
        took_s = await home.expect("living.blind.position < 50", within="30s")
        # At 49.5 % it is nearer to 49 than to 50, which is all that can be said of it.
        assert took_s == pytest.approx(7.575, abs=0.02)

    in_a_home(happens, "demo", rooms=["living"], rules=())


def test_numbers_units_and_long_times_are_expected_as_rules_say_them() -> None:
    async def happens(home: Home) -> None:
        await home.at("06:00")
        home["living.heating"].set(setpoint=23.0)
        await home.expect("living.heating.temperature > 21.5°C", within="4h")
        await home.expect("living.heating is heating or living.heating.temp >= 22.5", within="1m")

    in_a_home(happens, "demo", rooms=["living"])


def test_a_failure_tells_of_a_hub_that_is_off_and_of_the_faults_that_are_on() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.zwave.loss(0.2)
        home.hub.kill(None)
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="1s")

    with pytest.raises(Unexpected) as failed:
        in_a_home(happens)
    text = str(failed.value)
    assert "air.loss zwave, since 07:30:00.000" in text
    assert "the hub is off, since 07:30:00.000" in text
    assert text.endswith("\nthe hub is off")


def test_a_failure_tells_what_the_other_parts_of_the_expression_are_worth() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        await home.expect("studio.light.on or home.mode == 'night'")

    with pytest.raises(Unexpected, match=r"home[.]mode = home"):
        in_a_home(happens)


def test_of_a_failure_about_the_cloud_the_clouds_belief_is_told() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.cloud.cut()
        home["studio.light"].press()
        await home.expect("studio.light.on", within="1s", of="cloud")

    with pytest.raises(Unexpected) as failed:
        in_a_home(happens)
    assert "studio.light.on within 1s, of the cloud" in str(failed.value)
    assert "studio.light.on = false, since the test began" in str(failed.value)


def test_things_that_have_nothing_to_do_with_it_are_left_out_and_counted() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        home["bath.light"].press()
        await home.after("1s")
        await home.expect("living.blind.position == 3")

    with pytest.raises(Unexpected) as failed:
        in_a_home(happens, "flat", rooms=["living", "bath"])
    assert "bath.light.on = true" not in str(failed.value)
    assert "of things that this has nothing to do with" in str(failed.value)
