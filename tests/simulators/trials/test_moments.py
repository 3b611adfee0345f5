from zoneinfo import ZoneInfo

import pytest

from hubagent.rules.where import Where
from simulators.trials.moments import moments_of_steps
from tests.simulators.trials.a_trial import rules

AMSTERDAM = Where(ZoneInfo("Europe/Amsterdam"))


def local_times(at: list[str], day: str = "2026-01-14") -> list[str]:
    steps = ", ".join(f'{{ at = "{one}", expect = "true" }}' for one in at)
    trial = rules(f'[[test]]\nname = "t"\ndate = "{day}"\nsteps = [{steps}]').tests[0]
    return [AMSTERDAM.local(moment).strftime("%d %H:%M %z") for moment in moments_of_steps(trial, AMSTERDAM)]


@pytest.mark.parametrize(
    ("at", "day", "expected"),
    [
        (["22:00", "+3m", "22:10"], "2026-01-14", ["14 22:00 +0100", "14 22:03 +0100", "14 22:10 +0100"]),
        (["23:59", "+2m", "07:00"], "2026-01-14", ["14 23:59 +0100", "15 00:01 +0100", "15 07:00 +0100"]),
        (["22:00", "+0s", "07:00"], "2026-01-14", ["14 22:00 +0100", "14 22:00 +0100", "15 07:00 +0100"]),
        (["22:00", "2026-01-16 07:00"], "2026-01-14", ["14 22:00 +0100", "16 07:00 +0100"]),
        (["+1m"], "2026-01-14", ["14 12:01 +0100"]),
        (["01:59", "02:30", "03:10"], "2026-03-29", ["29 01:59 +0100", "29 03:00 +0200", "29 03:10 +0200"]),
        (["02:30", "+1h", "02:40"], "2026-10-25", ["25 02:30 +0200", "25 02:30 +0100", "25 02:40 +0100"]),
    ],
)
def test_steps_are_on_the_homes_clock_one_after_the_other(at: list[str], day: str, expected: list[str]) -> None:
    assert local_times(at, day) == expected
