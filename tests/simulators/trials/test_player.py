"""Tests of rules that pass, and tests that fail for the right reason, with a whole agent and invented devices."""

from pathlib import Path

import pytest

from tests.helpers.rules_md import examples
from tests.simulators.trials.a_trial import played

LIGHT = """
[variables]
guests = 0

[[rule]]
name = "light on"
when = "hall.motion becomes occupied"
if = "home.mode == 'night' and hall.lux < 30"
do = [{ set = "hall.light", on = true, level = 30 }]

[[rule]]
name = "light off"
when = "hall.motion becomes clear for 3m"
do = [{ set = "hall.light", on = false }]

[[rule]]
name = "evening"
when = [{ webhook = "evening" }, { mode = "away" }, { scene = "bright" }, "sofa.remote button 2 double"]
do = [{ set = "porch.light", on = true }]

[[rule]]
name = "freezer"
when = { offline = "garage.freezer", for = "10m" }
do = [{ set = "hall.siren", on = true }]

[[rule]]
name = "morning"
when = { time = "07:00" }
do = [{ set = "hall.blind", position = 100 }]

[[scene]]
name = "bright"
set = [{ device = "hall.lamp", on = true }]
"""


def a_test(*steps: str, more: str = "") -> str:
    return (
        f'{LIGHT}\n[[test]]\nname = "t"\n{more}\nsteps = [\n  '
        + ",\n  ".join(f"{{ {one} }}" for one in steps)
        + "\n]\n"
    )


GIVEN_NIGHT = 'given = { "hall.lux" = 12, "home.mode" = "night" }'


async def ends_well(folder: Path, *steps: str, more: str = "") -> None:
    [result] = await played(a_test(*steps, more=more), folder)
    assert result.failure is None, result.failure


async def test_a_light_goes_off_three_minutes_after_the_last_motion_across_a_reboot(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "22:00:00", event = "hall.motion = occupied"',
        'at = "22:00:01", expect = "hall.light.on and hall.light.level == 30"',
        'at = "22:00:30", event = "hall.motion = clear"',
        'at = "22:01:00", reboot = "45s"',
        'at = "22:03:29", expect = "hall.light.on"',
        'at = "22:03:31", expect = "not hall.light.on"',
        more=GIVEN_NIGHT,
    )


@pytest.mark.parametrize(
    "happening",
    [
        'webhook = "evening"',
        'mode = "away"',
        'scene = "bright"',
        'press = "sofa.remote", number = 2, kind = "double"',
    ],
)
async def test_a_hook_a_mode_a_scene_or_a_button_sets_a_rule_off(tmp_path: Path, happening: str) -> None:
    await ends_well(
        tmp_path,
        'at = "20:00", expect = "porch.light is off"',
        f'at = "20:01", {happening}',
        'at = "20:01:01", expect = "porch.light is on"',
    )


async def test_an_outage_makes_a_device_unknown_and_it_comes_back_as_it_is(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "20:00", outage = "garage.freezer", for = "20m"',
        'at = "20:09", expect = "garage.freezer.temp is unknown and hall.siren is off"',
        'at = "20:11", expect = "hall.siren is on"',
        'at = "20:12", event = "garage.freezer.temp = -3"',
        'at = "20:13", expect = "garage.freezer.temp is unknown"',
        'at = "20:21", expect = "garage.freezer.temp == -3"',
        more='given = { "garage.freezer.temp" = -18 }',
    )


async def test_what_is_given_sets_nothing_off(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "20:00", expect = "home.mode == \'away\' and var.guests == 2 and hall.motion is occupied"',
        'at = "20:01", expect = "porch.light is off and hall.light is off"',
        more='given = { "home.mode" = "away", "var.guests" = 2, "hall.motion" = "occupied", "hall.lux" = 1 }',
    )


async def test_date_zone_and_place_are_the_tests_own(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "06:59:59", expect = "hall.blind.position == 0 and weekday == \'mon\' and sun.up"',
        'at = "07:00:01", expect = "hall.blind.position == 100"',
        more='date = "2026-06-22"\ntimezone = "Europe/Oslo"\nplace = { latitude = 69.6, longitude = 18.9 }',
    )


async def test_the_clock_goes_on_while_nobody_says_anything(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "20:00", event = "hall.lux = 7"',
        "at = \"20:50\", expect = \"age(hall.lux) > 49m and between('20:49', '20:51')\"",
    )


async def test_what_happens_while_the_hub_is_off_it_sees_when_it_comes_back(tmp_path: Path) -> None:
    await ends_well(
        tmp_path,
        'at = "20:00", reboot = "1m"',
        'at = "20:00:30", event = "hall.lux = 7"',
        'at = "20:02", expect = "hall.lux == 7"',
    )


async def test_a_failure_says_where_what_was_so_and_what_the_rules_did(tmp_path: Path) -> None:
    text = a_test(
        'at = "22:00:00", event = "hall.motion = occupied"',
        'at = "22:00:01", expect = "hall.light.level > 50 and hall.lux < 30"',
        more=GIVEN_NIGHT,
    )
    [result] = await played(text, tmp_path)
    failure = result.failure
    assert failure is not None
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "level > 50" in one)
    assert failure.place == f"{tmp_path}/rules.toml:{line}"
    assert failure.at.isoformat() == "2026-01-14T22:00:01+01:00"
    assert failure.values == {"hall.light.level": "30", "hall.lux": "12"}
    assert failure.held_after_s is None
    assert any("sent to hall.light: level = 30" in one for one in failure.traces)


async def test_unknown_is_not_true_and_says_what_is_unknown(tmp_path: Path) -> None:
    [result] = await played(a_test('at = "20:00", expect = "hall.lux < 30"'), tmp_path)
    assert result.failure is not None
    assert result.failure.found == "it is unknown: hall.lux.illuminance"


async def test_what_holds_a_moment_too_late_is_said_to(tmp_path: Path) -> None:
    text = a_test('at = "20:00", webhook = "evening"', 'at = "+0s", expect = "porch.light is on"')
    [result] = await played(text, tmp_path)
    assert result.failure is not None
    assert result.failure.held_after_s == pytest.approx(0.01, abs=0.02)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ('expect = "hall.lihgt.lux == 3"', "hall.lihgt"),
        ('event = "hall.light.on = wet"', "on is true or false, not 'wet'"),
    ],
)
async def test_a_step_that_makes_no_sense_fails(tmp_path: Path, step: str, found: str) -> None:
    [result] = await played(a_test(f'at = "20:00", {step}'), tmp_path, home="demo")
    assert result.failure is not None
    assert found in result.failure.found


async def test_nobody_answers_while_the_hub_is_off(tmp_path: Path) -> None:
    text = a_test('at = "20:00", reboot = "1m"', 'at = "20:00:30", webhook = "evening"')
    [result] = await played(text, tmp_path)
    assert result.failure is not None
    assert result.failure.found == "the hub is off, or still starts"


@pytest.mark.parametrize("example", [text for _, text in examples() if "[[test]]" in text])
async def test_the_examples_in_the_documentation_pass(tmp_path: Path, example: str) -> None:
    results = await played(example, tmp_path)
    assert [result.failure for result in results] == [None] * len(results)
    assert results
