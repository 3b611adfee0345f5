"""Tests of rules on a simulated home: real drivers, on simulated dongles."""

from pathlib import Path

import pytest

from tests.simulators.trials.a_trial import played

RULES = """
[[rule]]
name = "dark"
when = "study.motion becomes clear for 3m"
do = [{ set = "hall.light", on = false }]

[[rule]]
name = "blind"
when = "bedroom.remote button 2 double"
do = [{ set = "living.blind", position = 10 }]

[[rule]]
name = "off"
when = { offline = "kitchen.light" }
do = [{ set = "porch.siren", on = true }]

[[rule]]
name = "elsewhere"
when = "attic.motion becomes occupied"
do = [{ set = "hall.light", on = true }]

[[rule]]
name = "kitchen"
when = "kitchen.motion becomes occupied"
do = [{ set = "kitchen.light", on = true }]
"""


async def fails(folder: Path, *steps: str, given: str = "") -> str | None:
    """Why it does; None where it does not."""
    listed = ",\n  ".join(f"{{ {one} }}" for one in steps)
    text = f'{RULES}\n[[test]]\nname = "t"\ngiven = {{ {given} }}\nsteps = [\n  {listed}\n]\n'
    [result] = await played(text, folder, home="demo")
    assert [one.rule for one in result.waiting] == ["elsewhere"]
    return None if result.failure is None else f"{result.failure.expected}: {result.failure.found}"


async def test_what_is_held_on_one_radio_is_done_on_the_other_across_a_reboot(tmp_path: Path) -> None:
    failed = await fails(
        tmp_path,
        'at = "22:00", event = "study.motion = clear"',
        'at = "22:01", reboot = "45s"',
        'at = "22:02:58", expect = "hall.light is on"',
        'at = "22:03:02", expect = "hall.light is off"',
        given='"study.motion" = "occupied", "hall.light" = "on"',
    )
    assert failed is None


async def test_buttons_are_pressed_and_devices_go_out_of_reach(tmp_path: Path) -> None:
    failed = await fails(
        tmp_path,
        'at = "22:00", press = "bedroom.remote", number = 2, kind = "double"',
        'at = "22:00:30", expect = "living.blind.position == 10"',
        'at = "22:01", outage = "kitchen.light", for = "5m"',
        'at = "22:01:05", event = "kitchen.motion = occupied"',
        'at = "22:01:20", expect = "porch.siren.on or kitchen.light is unknown"',
        'at = "22:30", expect = "kitchen.light is known"',
    )
    assert failed is None


async def test_everything_that_a_hand_can_do_can_be_given(tmp_path: Path) -> None:
    failed = await fails(
        tmp_path,
        'at = "22:00", expect = "bath.climate.lux == 12 and bath.climate.temp == 19.5 and study.heating.temp == 17"',
        'at = "23:00", expect = "bath.climate.lux == 12 and kitchen.sink is wet and hall.lock is locked"',
        given='"bath.climate.lux" = 12, "bath.climate.temp" = 19.5, "study.heating.temp" = 17, '
        '"kitchen.sink" = "wet", "hall.lock" = "locked", "living.media/2" = "on", "nursery.smoke" = "smoke"',
    )
    assert failed is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ('"hall.siren" = "on"', "no hand sets 'on'"),
        ('"hall.nothing" = "on"', "there is no device 'hall.nothing'"),
        ('"hall.motion" = "unknown"', "an outage makes its values unknown"),
        ('"home.mode" = "party"', "there is no mode 'party'"),
        ('"var.x" = 1', "there is no variable 'x'"),
    ],
)
async def test_what_cannot_be_given_is_said(tmp_path: Path, given: str, why: str) -> None:
    text = f'[[test]]\nname = "t"\ngiven = {{ {given} }}\nsteps = [{{ at = "22:00", expect = "true" }}]\n'
    [result] = await played(text, tmp_path, home="demo")
    assert result.failure is not None
    assert why in result.failure.found
