"""What an expression means in a home, and what is said of one that means nothing there."""

import pytest

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.expression.compile import BadExpression, Compiled, compile_expression
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.types import FLAG, Sort, Type
from tests.hubagent.rules.a_scope import AScope


def compiled(text: str, scope: AScope | None = None) -> Compiled:
    return compile_expression(parse(text), scope or AScope())


def wrong(text: str, scope: AScope | None = None) -> list[tuple[str, str]]:
    """What is marked, and what is said of it."""
    with pytest.raises(BadExpression) as caught:
        compiled(text, scope)
    return [(text[bad.column : bad.column + bad.length], str(bad)) for bad in caught.value.all]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hall.lux < 30", True),
        ("hall.lux.illuminance < 30", True),
        ("hall.lux.lux < 30lx", True),
        ("hall.lux >= 12", True),
        ("10 < hall.lux < 12", False),
        ("hall.lux + 3 == 15", True),
        ("hall.lux * 2 / 3 == 8", True),
        ("-hall.lux == -12", True),
        ("hall.motion is occupied", True),
        ("hall.motion is not clear", True),
        ("hall.motion == 'occupied'", True),
        ("hall.motion.occupied", True),
        ("hall.motion", True),
        ("not hall.motion", False),
        ("garage.door is closed", True),
        ("garage.door != 'open'", True),
        ("front.lock is locked", True),
        ("radiator.mode == 'heat'", True),
        ("radiator is heating", False),
        ("radiator is idle", True),
        ("radiator.mode in ('heat', 'auto')", True),
        ("radiator.mode not in ('heat', 'auto')", False),
        ("garage.freezer.temp > -12.0°C", False),
        ("garage.freezer.power < 1kW", True),
        ("device('living lamp').on", False),
        ("device('LIVING LAMP').level == 40%", True),
        ("home.mode == 'home'", True),
        ("home.mode in ('away', 'night')", False),
        ("var.guests == 0", True),
        ("30% if home.mode == 'night' else 80%", 80),
        ("1 if false else 2 if true else 3", 2),
        ("min(hall.lux, 5)", 5),
        ("clamp(hall.lux, 20, 40)", 20),
        ("round(hall.lux / 7, 1)", 1.7),
        ("abs(3 - 5)", 2),
        ("true or unknown", True),
        ("known(hall.lux) and hall.lux is known", True),
        ("time == '00:00'", True),
        ("time < '06:30'", True),
        ("weekday == 'thu'", True),
        ("between('22:00', '06:00')", True),
        ("between('06:00', '22:00')", False),
        ("sun.up", True),
        ("sun.elevation > 10", True),
        ("1h30m == 90m", True),
        ("living-room.sensor.temp > 20", True),
    ],
)
def test_what_it_is_worth(text: str, value: Value) -> None:
    scope = AScope()
    scope.has(
        hall_lux__illuminance=12,
        hall_motion__occupied=True,
        garage_door__open=False,
        front_lock__locked=True,
        radiator__mode="heat",
        radiator__running="idle",
        garage_freezer__temperature=-18,
        garage_freezer__power=90,
    )
    scope.cell("id-living lamp", "on").value = False
    scope.cell("id-living lamp", "level").value = 40
    scope.cell("id-living-room.sensor", "temperature").value = 21.5
    assert compiled(text, scope).evaluate() == value


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("hall.lx < 3", "hall.lx", "there is no device 'hall.lx'; did you mean 'hall.lux'?"),
        ("hall.light.levl < 3", "hall.light.levl", "hall.light has no 'levl'; did you mean 'level'?"),
        ("hall.motion.on", "hall.motion.on", "hall.motion has no 'on'; it has"),
        ("device('living lmp').on", "device('living lmp').on", "did you mean 'living lamp'?"),
        ("home.mode == 'nigt'", "'nigt'", "it is never 'nigt'; did you mean 'night'?"),
        ("home.mod == 'night'", "home.mod", "of the home there is home.mode"),
        ("home.mode == night", "night", "a word is written in quotes"),
        ("garage.door is opn", "opn", "it is never 'opn'; did you mean 'open'?"),
        ("garage.door == 'red'", "'red'", "it is never 'red'"),
        ("radiator.mode == 'warm'", "'warm'", "it is never 'warm'"),
        ("garage.freezer.temp > 10%", "10%", "this is in %, and is compared with a number in °C"),
        ("garage.freezer.temp > 50°F", "50°F", "50 °F are 10.0°C"),
        ("garage.freezer.temp > 5C", "5C", "there is no unit 'C'; say 5°C"),
        ("hall.lux < '30'", "'30'", "numbers are written without quotes"),
        ("hall.lux < true", "true", "this is true or false, and is compared with a number in lx"),
        ("hall.motion < 3", "3", "this is a number, and is compared with true or false"),
        ("hall.motion < true", "hall.motion", "is never more or less than another"),
        ("home.mode > 'away'", "home.mode", "which is never more or less"),
        ("hall.lux", "", ""),
        ("hall.lux and true", "hall.lux", "this is a number in lx, not true or false; compare it"),
        ("not home.mode", "home.mode", "compare it with a word"),
        ("hall.motion + 1", "hall.motion", "this is true or false, not a number"),
        ("hall.lux + garage.freezer.temp > 1", "hall.lux + garage.freezer.temp", "means nothing"),
        ("hall.lux * garage.freezer.temp > 1", "hall.lux * garage.freezer.temp", "has no unit"),
        ("hall.lux == garage.freezer.temp", "garage.freezer.temp", "is compared with a number in lx"),
        ("age(hall.motion) > 5", "5", "a duration has a unit; say 5s or 5m"),
        ("age(3) > 5m", "3", "age is of a device's value"),
        ("time > '25:00'", "'25:00'", "is no time of day"),
        ("time > 22", "22", "this is a number, and is compared with a time of day"),
        ("between('22', '06:00')", "between('22', '06:00')", "between takes two times of day"),
        ("weekday == 'monday'", "'monday'", "did you mean 'mon'?"),
        ("min(3)", "min(3)", "min takes 2 to 20 values, not 1"),
        ("round(hall.lux, 2.5)", "2.5", "the digits are a number from 0 to 9"),
        ("var.gests > 1", "var.gests", "did you mean 'guests'?"),
        ("hall.lux in ()", "hall.lux in ()", "nothing is in an empty list"),
        ("hall.lux in (hall.lux, 2)", "hall.lux", "in a list stand values"),
        ("1 if hall.motion else 'x'", "'x'", "this is a text"),
        ("hall.lux == unknown", "unknown", "nothing can be compared with unknown; say `is unknown`"),
        ("hall.lux in (1, unknown)", "unknown", "nothing can be compared with unknown"),
        ("radiator.mode == radiator.running", "radiator.running", "these two are never equal"),
        ("hall.lux-3 > 2", "hall.lux-3", "a minus has spaces around it: hall.lux - 3"),
        ("1 < hall.lx < 3", "hall.lx", "did you mean 'hall.lux'?"),
        ("1 / 0 > 2", "1 / 0", "this has no result; nothing is divided by zero"),
        (
            "hall.light.level == (30% if hall.motion else 80lx)",
            "80lx",
            "this is in lx, and before `if` stands a number in %",
        ),
        ("garage.door == ('open' if hall.motion else 'shut')", "'shut'", "it is never 'shut'; it is open or closed"),
        ("garage.freezer.temp > 273K", "273K", "273 K are -0.1°C"),
        ("since(hall.motion) > 3minutes", "3minutes", "say 3m"),
        ("hall.light.level > 30percent", "30percent", "say 30%"),
        ("sun.set", "sun.set", "of the sun there are sun.up and sun.elevation"),
        ("trigger.val == 3", "trigger.val", "trigger.value"),
        ("trigger.value is open and hall.lux is open", "open", "this is a text"),
        ("hall.light.level > 20°C", "20°C", "this is in °C, and is compared with a number in %"),
        ("hall.lux > 1W", "1W", "this is in W, and is compared with a number in lx"),
    ],
)
def test_what_is_wrong_is_marked_and_said(text: str, marked: str, said: str) -> None:
    if not said:
        assert compiled(text).evaluate() is None
        return
    [(found, what)] = wrong(text)
    assert found == marked
    assert said in what


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert [marked for marked, _ in wrong("home.mode == 'nigt' or hall.lx < 3 and garage.door is opn")] == [
        "'nigt'",
        "hall.lx",
        "opn",
    ]


def test_no_more_than_ten_mistakes_are_looked_for() -> None:
    assert len(wrong(" or ".join(f"hall.x{n}" for n in range(40)))) == 10


@pytest.mark.parametrize(
    ("value", "text", "held"),
    [
        (True, "trigger.value == 'open'", True),
        (False, "trigger.value is open", False),
        (False, "trigger.value is clear", True),
        (True, "trigger.value != 'closed'", True),
        ("open", "trigger.value is open", True),
        (3, "trigger.value is open", None),
        (True, "trigger.value in ('open', 'home')", True),
        (False, "trigger.value in ('open', 'home')", False),
        ("home", "trigger.value in ('open', 'home')", True),
        (21.5, "trigger.value > 20°C", True),
        (True, "trigger.value > 0", None),
        ("a", "trigger.value > 0", None),
        ("a", "trigger.value", None),
        (True, "trigger.value", True),
    ],
)
def test_what_set_it_off_may_be_of_any_kind(value: Value, text: str, held: bool | None) -> None:
    scope = AScope()
    scope.trigger.value.value = value
    found = compile_expression(parse(text), scope, FLAG)
    assert found.evaluate() is held
    assert (found.unknowns() == ("trigger.value",)) is (held is None)


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("21°C", "21°C", "this is in °C, and should be a number in %"),
        ("30% if hall.motion else 21°C", "21°C", "this is in °C, and before `if` stands a number in %"),
        ("hall.motion", "hall.motion", "this is true or false, and should be a number in %"),
    ],
)
def test_a_value_of_another_type_than_expected_is_told(text: str, marked: str, said: str) -> None:
    with pytest.raises(BadExpression) as caught:
        compile_expression(parse(text), AScope(), Type(Sort.NUMBER, "%", low=0, high=100))
    bad = caught.value
    assert (text[bad.column : bad.column + bad.length], str(bad)) == (marked, said)


@pytest.mark.parametrize("text", ["30 % < 40%", "21 °C > 20°C", "30° < 40degrees", "1kW > 900W", "12µg/m³ < 13μg/m³"])
def test_units_are_written_as_people_write_them(text: str) -> None:
    assert compiled(text).constant is True


def test_what_excludes_or_implies_something_else_is_seen_where_it_is_certain() -> None:
    scope = AScope()
    dark, bright, darker = (compiled(f"hall.lux {bound}", scope) for bound in ("< 10", "> 50", "< 5"))
    assert dark.excludes(bright)
    assert not dark.excludes(darker)
    assert darker.implies(dark)
    assert not dark.implies(darker)
    assert compiled("hall.lux < 5 and hall.motion", scope).implies(dark)


def test_what_can_never_be_is_seen_among_much_else() -> None:
    many = " and ".join(f"var.v{n}" for n in range(40))
    scope = AScope(kept={f"v{n}": Cell(f"var.v{n}", False) for n in range(40)})
    assert compiled(f"hall.lux < 5 and {many} and hall.lux > 7", scope).always() is False
    assert compiled(f"hall.lux > 5 or {many.replace('and', 'or')} or hall.lux < 7", scope).always() is True
    assert compiled(many, scope).always() is None
    either = " and ".join(f"(var.v{n} or not var.v{n})" for n in range(14))
    assert compiled(either, scope).always() is True


def test_what_is_certain_needs_nothing_to_be_read() -> None:
    assert compiled("false and hall.lux > 3").constant is False
    assert [cell.name for cell in compiled("1 < 2 and hall.motion").cells] == ["hall.motion.occupied"]
    assert compiled("(1 + 2) * 3 > 8").constant is True
    assert compiled("30% if 1 < 2 else 80%").constant == 30


def test_without_a_place_there_is_no_sun() -> None:
    [(_, what)] = wrong("sun.up", AScope(has_place=False))
    assert "say latitude and longitude under [hub] in hub.toml" in what


def test_a_device_alone_is_about_what_the_word_is_about() -> None:
    scope = AScope()
    scope.cell("id-hall.light", "on").value = True
    assert compiled("hall.light is on", scope).evaluate() is True
    assert compiled("hall.light == 'off'", scope).evaluate() is False


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("hall.lux < 30", ("hall.lux.illuminance",)),
        ("hall.lux < 30 and hall.motion", ("hall.lux.illuminance", "hall.motion.occupied")),
        ("true and hall.motion", ("hall.motion.occupied",)),
        ("hall.lux + garage.freezer.temp * 0 > 1lx", ()),
        ("(1 if hall.motion else 2) > 1", ("hall.motion.occupied",)),
        ("age(hall.motion) > 5m", ("age(hall.motion.occupied)",)),
        ("1 / var.guests > 2", ("a number that cannot be worked out",)),
        ("trigger.value and true", ("trigger.value",)),
        ("false or (hall.motion and hall.light.on)", ("hall.motion.occupied", "hall.light.on")),
        ("hall.light.on is unknown and hall.motion", ("hall.motion.occupied",)),
        ("trigger.value == 3", ("trigger.value",)),
    ],
)
def test_what_was_unknown_is_named(text: str, unknown: tuple[str, ...]) -> None:
    if not unknown:
        assert wrong(text)
        return
    found = compiled(text)
    assert found.evaluate() is None
    assert found.unknowns() == unknown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hall.motion and false", False),
        ("hall.motion or true", True),
        ("false and hall.motion", False),
        ("hall.lux is unknown", True),
        ("hall.lux is not known", True),
        ("known(hall.lux)", False),
    ],
)
def test_what_is_unknown_matters_only_where_it_does(text: str, value: bool) -> None:
    assert compiled(text).evaluate() is value


@pytest.mark.parametrize(
    ("text", "always"),
    [
        ("hall.light.level > 120", False),
        ("hall.light.level <= 100", True),
        ("hall.light.level < 100", None),
        ("hall.lux < 5 and hall.lux > 10", False),
        ("hall.lux < 10 or hall.lux > 5", True),
        ("hall.lux <= 5 or hall.lux > 5", True),
        ("hall.lux < 5 or hall.lux > 5", None),
        ("home.mode == 'home' and home.mode == 'away'", False),
        ("home.mode != 'home' or home.mode != 'away'", True),
        ("home.mode in ('home', 'away', 'night')", True),
        ("hall.motion or not hall.motion", True),
        ("hall.motion is clear and hall.motion is occupied", False),
        ("time < '06:00' and between('08:00', '20:00')", False),
        ("hall.lux + 1 > 5lx and hall.lux < 2", None),
        ("trigger.value == 1 and trigger.value == 2", None),
        ("true", True),
        ("1 > 2", False),
        ("not (1 > 2)", True),
        ("unknown", False),
        ("not unknown", False),
        ("hall.light.on", None),
        ("hall.light.level * 2 > 250", False),
        ("hall.light.level * 2 >= 0", True),
        ("clamp(hall.lux, 5, 10) > 20", False),
        ("min(hall.lux, 10) > 20 or hall.motion", None),
        ("abs(garage.freezer.temp) < 0", False),
        ("round(hall.light.level / 3) <= 34", True),
        ("-hall.light.level > 1", False),
        ("hall.light.level / var.guests > 1%", None),
        ("age(hall.motion) < 0s", False),
        ("(10 if hall.motion else 20) > 30", False),
        ("hall.motion if hall.light.on else not hall.motion", None),
        ("hall.lux < 3 if hall.lux > 5 else false", False),
        ("hall.lux < 100000000000000000000", True),
        ("garage.freezer.temp > 100000000000000000000", False),
        ("var.guests > 100000000000000000000", None),
        ("hall.lux is unknown and hall.lux is known", None),
        ("between('22:00', '22:00')", False),
        ("time >= '00:00'", True),
        ("home.mode in ('home', 'away') and home.mode in ('night', 'away')", None),
        ("home.mode in ('home', 'away') and home.mode not in ('home', 'away')", False),
        ("sun.elevation > 91", False),
    ],
)
def test_what_always_or_never_holds_is_seen_where_it_is_certain(text: str, always: bool | None) -> None:
    assert compiled(text).always() is always


def test_what_depends_on_nothing_is_constant() -> None:
    assert compiled("2 * 3 + 1").constant == 7
    assert compiled("hall.lux + 1").constant is not None
    assert compiled("hall.lux < 3").cells[0].name == "hall.lux.illuminance"
    assert compiled("time > '22:00' and sun.up").roots == {"time", "sun"}


def test_the_same_value_twice_is_one_cell() -> None:
    assert len(compiled("hall.lux > 3 and hall.lux < 5").cells) == 1
