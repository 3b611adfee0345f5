"""What expressions are worth: RULES.md, Conditions and values."""

from typing import Any

import pytest

from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.template import parse_template
from simulators.chaos.oracle.meaning import reads, rendered, worth
from simulators.chaos.oracle.meaning import reads_clock as depends_on_clock
from tests.hubagent.rules.a_house import AMSTERDAM, START
from tests.simulators.chaos.oracle.a_scene import seen, worth_of

DARK = {"hall.lux.illuminance": 12, "hall.motion.occupied": True, "garage.door.open": False}
"""The light's level, its switch and the freezer never reported."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Numbers, from weak to strong.
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("-hall.lux + 2", -10),
        ("7 / 2", 3.5),
        ("1 / 0", None),
        ("80%", 80),
        ("1h30m > 89m", True),
        ("1h30m == 90m", True),
        ("2d - 1h", 169_200),
        ("500ms", 0.5),
        ("2kW", 2000),
        ("trigger.late_s > '10s'", True),
        ("trigger.late_s > '1m'", False),
        ("('open' if hall.lux > 3 else 'closed') == garage.door", False),
        # Comparisons.
        ("hall.lux < 12", False),
        ("hall.lux <= 12", True),
        ("hall.lux > 11.5 and hall.lux >= 12", True),
        ("hall.lux == 12", True),
        ("hall.lux != 12", False),
        ("hall.lux in (11, 12)", True),
        ("home.mode in ('away', 'night')", False),
        ("home.mode == 'home'", True),
        ("home.mode != 'home'", False),
        # People's words.
        ("hall.motion is occupied", True),
        ("hall.motion is clear", False),
        ("hall.motion is not clear", True),
        ("hall.motion", True),
        ("hall.motion == 'occupied'", True),
        ("garage.door is open", False),
        ("garage.door is closed", True),
        ("garage.door != 'closed'", False),
        ("garage.door in ('closed', 'open')", True),
        # What is unknown is neither true nor false.
        ("hall.light.level > 5", None),
        ("not hall.light.level > 5", None),
        ("hall.light.level > 5 and false", False),
        ("hall.light.level > 5 and true", None),
        ("hall.light.level > 5 or true", True),
        ("false or hall.light.level > 5", None),
        ("hall.light.level + 1", None),
        ("hall.light.level is unknown", True),
        ("hall.light.level is known", False),
        ("hall.lux is not unknown", True),
        ("hall.light is on", None),
        ("hall.light.level in (1, 2)", None),
        ("unknown", None),
        ("max(hall.lux, hall.light.level)", None),
        # Choices.
        ("30% if hall.motion is occupied else 80%", 30),
        ("30% if hall.motion is clear else 80%", 80),
        ("30% if hall.light is on else 80%", None),
        ("1 if true else hall.light.level", 1),
        # Functions.
        ("abs(3 - hall.lux)", 9),
        ("min(hall.lux, 5, 8)", 5),
        ("max(hall.lux, 5)", 12),
        ("round(7 / 3)", 2),
        ("round(7 / 3, 1)", 2.3),
        ("clamp(hall.lux, 20, 80)", 20),
        ("clamp(99, 20, 80)", 80),
        ("known(hall.lux)", True),
        ("known(hall.light.level)", False),
        ("var.n * 2", 6),
        # What set the run off.
        ("trigger.value > 39", True),
        ("trigger.value == 'night'", None),
        ("trigger.value == '40s'", None),
        ("trigger.id == 't0'", True),
        ("trigger.id == 't1'", False),
        ("trigger.late_s == 12s", True),
    ],
)
def test_worth(text: str, value: Any) -> None:
    assert worth_of(text, seen(DARK)) == value


@pytest.mark.parametrize(
    ("text", "hour", "value"),
    [
        ("between('22:00', '06:00')", 23, True),
        ("between('22:00', '06:00')", 5, True),
        ("between('22:00', '06:00')", 6, False),
        ("between('22:00', '06:00')", 22, True),
        ("between('06:00', '22:00')", 22, False),
        ("between('06:00', '22:00')", 6, True),
        ("time == '07:00'", 7, True),
        ("time < '07:00'", 7, False),
        ("'06:59' < time", 7, True),
        ("weekday == 'thu'", 7, True),
        ("weekday in ('fri', 'sat')", 24, True),
        ("sun.up", 12, True),
        ("sun.up", 0, False),
        ("sun.elevation > 10", 12, True),
    ],
)
def test_the_clock_of_the_home(text: str, hour: int, value: bool) -> None:
    """The first of January 2026 is a Thursday."""
    assert worth_of(text, seen(wall=START + hour * 3600.0)) is value


def test_times_of_day_are_of_the_homes_zone() -> None:
    assert worth_of("time == '01:00'", seen(where=AMSTERDAM)) is True


def test_age_is_since_the_last_report_and_since_is_since_the_last_change() -> None:
    home = seen({"hall.lux.illuminance": 12})
    home.wall += 60
    home.report("id-hall.lux", "illuminance", 12)
    home.wall += 30
    assert worth_of("age(hall.lux)", home) == 30
    assert worth_of("since(hall.lux)", home) == 90
    assert worth_of("since(hall.motion)", home) is None


def test_what_an_expression_reads_is_what_wakes_who_waits_for_it() -> None:
    places = reads(parse("hall.motion is clear and var.n > 2 and home.mode == 'home' and time > '07:00'"), seen())
    assert places == {("id-hall.motion", "occupied"), ("", "var.n"), ("", "home.mode")}


@pytest.mark.parametrize("text", ["time > '07:00'", "age(hall.lux) > 5m", "between('07:00', '08:00')", "sun.up"])
def test_what_the_clock_alone_may_change(text: str) -> None:
    assert depends_on_clock(parse(text))
    assert not depends_on_clock(parse("hall.lux > 3"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it is {hall.lux} lx", "it is 12 lx"),
        ("{hall.motion}, {garage.door}", "occupied, closed"),
        ("{hall.light.level}", "unknown"),
        ("{7 / 2} {1 > 2}", "3.5 false"),
        ("{time} {weekday}", "00:00 thu"),
        ("{trigger.late_s}", "12s"),
        ("{home.mode} {{}}", "home {}"),
    ],
)
def test_texts(text: str, said: str) -> None:
    assert rendered(parse_template(text), seen(DARK)) == said


def test_worth_takes_a_tree_and_not_a_text() -> None:
    assert worth(parse("1 < 2").root, seen()) is True
