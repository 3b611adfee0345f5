"""Tests in rule files: what is given, and the steps."""

from datetime import date
from pathlib import Path

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.expression.parse import parse
from hubagent.rules.trial import (
    ActivateScene,
    CallWebhook,
    Expect,
    Moment,
    Outage,
    PressButton,
    Reboot,
    Report,
    SetMode,
    Step,
    Trial,
)
from tests.helpers.rule_files import rule_set, the_mistake


def trial(folder: Path, *lines: str) -> Trial:
    [found] = rule_set(folder, text(*lines)).tests
    return found


def text(*lines: str) -> str:
    return "\n".join(
        ["[[scene]]", 'name = "s"', 'set = [{ device = "a", on = true }]', "[[test]]", 'name = "t"', *lines]
    )


def steps(*written: str) -> str:
    return f"steps = [{', '.join(written)}]"


def test_every_step_is_understood(tmp_path: Path) -> None:
    found = trial(
        tmp_path,
        steps(
            '{ at = "22:00:00", event = "hall.motion = occupied" }',
            '{ at = "22:00:00.5", expect = "hall.light.on" }',
            '{ at = "22:01", press = "remote", number = 2, kind = "double" }',
            '{ at = "22:02", reboot = "45s" }',
            '{ at = "22:03", outage = "freezer", for = "10m" }',
            '{ at = "22:04", webhook = "evening" }',
            '{ at = "22:05", mode = "night" }',
            '{ at = "22:06", scene = "s" }',
            '{ at = "+3m", event = "hall.lux = unknown" }',
            '{ at = "2026-03-30 07:00", event = "hall.lux = 12lx" }',
        ),
    )
    assert found.steps == (
        Step(Moment(79200), Report("hall.motion", "occupied")),
        Step(Moment(79200.5), Expect(parse("hall.light.on"))),
        Step(Moment(79260), PressButton("remote", 2, Press.DOUBLE)),
        Step(Moment(79320), Reboot(45)),
        Step(Moment(79380), Outage("freezer", 600)),
        Step(Moment(79440), CallWebhook("evening")),
        Step(Moment(79500), SetMode("night")),
        Step(Moment(79560), ActivateScene("s")),
        Step(Moment(after_s=180), Report("hall.lux", None)),
        Step(Moment(25200, date(2026, 3, 30)), Report("hall.lux", 12)),
    )


def test_what_is_given_may_be_written_with_quotes_or_without(tmp_path: Path) -> None:
    given = 'given = { "hall.lux" = 12, home.mode = "night", var.guests = 2, "door.open" = "unknown" }'
    assert trial(tmp_path, given, steps('{ at = "1:00", mode = "night" }')).given == (
        ("hall.lux", 12),
        ("home.mode", "night"),
        ("var.guests", 2),
        ("door.open", None),
    )


def test_day_zone_and_place_are_read(tmp_path: Path) -> None:
    where = "place = { latitude = 52.4, longitude = 4.9 }"
    for day in ('"2026-03-29"', "2026-03-29"):
        found = trial(
            tmp_path, f"date = {day}", 'timezone = "Europe/Amsterdam"', where, steps('{ at = "1:00", mode = "night" }')
        )
        assert (found.day, found.timezone) == (date(2026, 3, 29), "Europe/Amsterdam")
        assert (found.latitude, found.longitude) == (52.4, 4.9)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (steps(), "is a list of at most 1000"),
        (steps('{ at = "22:00" }'), "is no step that there is"),
        (steps('{ at = "22:00", evnt = "x = y" }'), "did you mean 'event'?"),
        (steps('{ event = "x = y" }'), "at is missing"),
        (steps('{ at = "22:00", event = "hall.motion occupied" }'), "is what a device says"),
        (steps('{ at = "22:00", mode = "nihgt" }'), "did you mean 'night'?"),
        (steps('{ at = "22:00", scene = "x" }'), "there is no scene 'x'"),
        (steps('{ at = "22:00", expect = "hall.light.on and" }'), "the expression ends too early"),
        (steps('{ at = "22:00", outage = "x" }'), "for is missing"),
        (
            steps('{ at = "22:00", mode = "away" }', '{ at = "07:00", mode = "home" }'),
            "is earlier than the step before",
        ),
        ("date = 3\n" + steps('{ at = "1:00", mode = "night" }'), 'is a day, as "2026-03-29"'),
        ('timezone = "Mars/Base"\n' + steps('{ at = "1:00", mode = "night" }'), "there is no time zone"),
        ('timezone = "../../etc/passwd"\n' + steps('{ at = "1:00", mode = "night" }'), "there is no time zone"),
        ("place = { latitude = 99, longitude = 0 }\n" + steps('{ at = "1:00", mode = "night" }'), "between -90 and 90"),
        ("given = { a = [1] }\n" + steps('{ at = "1:00", mode = "night" }'), "is true or false, a number or a text"),
    ],
)
def test_a_test_is_refused_with_the_reason(tmp_path: Path, line: str, complaint: str) -> None:
    assert complaint in the_mistake(tmp_path, text(line))
