"""What is an expression, and what is none: whatever the text, only BadExpression is raised, and soon."""

import sys
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.expression.compile import compile_expression
from hubagent.rules.expression.lexer import LENGTH_MAX
from hubagent.rules.expression.parse import BadExpression, parse
from hubagent.rules.expression.template import compile_template, parse_template
from hubagent.rules.expression.tree import Node
from tests.hubagent.rules.a_scope import AScope


def bad(text: str) -> BadExpression:
    with pytest.raises(BadExpression) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("", 0, "there is no expression"),
        ("a = 3", 2, "equal is =="),
        ("a & b", 2, "say and"),
        ("(a", 2, "ends too early"),
        ("a b", 2, "'b' is not expected here; something like == or and is missing"),
        ("a == ", 5, "ends too early"),
        ("a if b", 6, "'else' is missing"),
        ("a is 3", 5, "after `is` comes a word"),
        ("mni(1, 2)", 0, "there is no function 'mni'; did you mean 'min'?"),
        ("a in [1]", 5, "a list is written in round brackets"),
        ("'open", 0, "a text ends with the sign"),
        ("2 ^ 3", 2, "there are no powers"),
        ("device(3)", 0, "takes the name of one device"),
        ("1" * 40, 0, "a number has at most"),
        ("x" * 501, 500, "at most 500 letters"),
        ("(" * 40 + "1" + ")" * 40, 31, "at most 30 levels deep"),
        ("+".join("a" * 120), 0, "at most 200 parts"),
        ("not " * 60 + "a", 0, "at most 30 levels deep"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, at: int, said: str) -> None:
    wrong = bad(text)
    assert said in str(wrong)
    if "at most 200" not in said and "30 levels" not in said:
        assert wrong.column == at
    assert wrong.caret().splitlines()[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__mro__",
        "''.__class__",
        "'%s' % hall.lux",
        "'{0.__class__}'.format(1)",
        "lambda: 1",
        "[x for x in (1,)]",
        "__import__('os')",
        "open('/etc/passwd')",
        "eval('1')",
        "exec('1')",
        "getattr(hall, 'x')",
        "hall.motion.__globals__",
        "2 ** 99999999",
        "9 ** 9 ** 9",
        "'a' * 999999999",
        "(1, 2) * 99999999",
        "f'{1}'",
        "a := 3",
        "a; b",
        "a\nimport os",
        "{{7*7}}",
        "${7*7}",
        "ｈall.lux > 3",  # noqa: RUF001 - a look-alike
        "x if y",
        "1 if 1 else",
        "`ls`",
        "hall['lux']",
        "not",
        "is is is",
        "0x41",
        "1e309",
        "hall.lux > ٣",
        "hаll.lux > 3",  # noqa: RUF001 - the a is Cyrillic
        "hall.lux.__class__",
        "device('hall.lux').__class__.__bases__",
        "device('../../etc/passwd').on",
        "min.__self__",
        "min(*hall.lux)",
        "round(1, 99999999)",
        "trigger.__dict__",
        "home.__init__",
        "var.__class__",
        "sun.__globals__ == 1",
        "time.sleep(9)",
        "'' 'a' 'b'",
        "'a' 'b' == 'ab'",
        "'a' + 'b' == 'ab'",
        "'a' < 'b'",
        "hall.motion if",
        "yield 1",
        "await x",
        "x for x in y",
        "{1: 2}",
        "1 @ 2",
        "1 // 0",
        "1 % 0",
        "1 << 99999999",
        "~1",
        "hall.lux\\u003e3",
        "#",
        "hall.lux > 3 # not",
        "'\\x41'",
        "...",
        "print('x')",
        "globals()",
        "hall.lux()",
        "\x00",
        "a\\b",
    ],
)
def test_the_escapes_of_other_engines_lead_nowhere(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_expression(parse(text), AScope())


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_an_expression_or_is_told_why_not(text: str) -> None:
    wrong = _what_is_wrong(text)
    assert all(0 <= one.column <= max(len(text), 1) for one in wrong)


_WORDS = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "(",
        ")",
        ",",
        "==",
        "<",
        "+",
        "-",
        "*",
        "/",
        "1",
        "21°C",
        "3m",
        "'open'",
        "'22:00'",
        "hall.lux",
        "hall.motion",
        "garage.door",
        "home.mode",
        "time",
        "open",
        "unknown",
        "true",
        "min",
        "age",
        "between",
        "device",
        ".",
    ]
)


@settings(max_examples=800, deadline=None)
@given(st.lists(_WORDS, max_size=14))
def test_any_words_of_the_language_are_an_expression_or_are_told_why_not(words: list[str]) -> None:
    text = " ".join(words)
    assert all(0 <= one.column <= len(text) for one in _what_is_wrong(text))


def _what_is_wrong(text: str) -> tuple[BadExpression, ...]:
    try:
        compiled = compile_expression(parse(text), AScope())
        compiled.evaluate()
        compiled.unknowns()
        compiled.always()
    except BadExpression as wrong:
        return wrong.all
    return ()


def test_names_are_found_with_their_places() -> None:
    expression = parse("hall.lux < 30 and device('living lamp').on and home.mode == 'night'")
    assert [(one.name, one.column) for one in expression.references] == [
        ("hall.lux", 0),
        ("living lamp.on", 18),
        ("home.mode", 47),
    ]


def test_a_text_is_filled_in() -> None:
    scope = AScope()
    scope.has(garage_freezer__temperature=-9.50, garage_door__open=True)
    template = parse_template("{{freezer}} {garage.freezer.temp} °C, door {garage.door}, light {hall.lux}")
    assert compile_template(template, scope).render() == "{freezer} -9.5 °C, door open, light unknown"
    assert [one.name for one in template.references] == ["garage.freezer.temp", "garage.door", "hall.lux"]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("a {b", 2, "never closed"),
        ("a } b", 2, "never opened"),
        ("x {hall.lx +} y", 12, "ends too early"),
        ("{}", 1, "there is no expression"),
        ("{true}" * 21, 0, "at most 20 expressions"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_told(text: str, at: int, said: str) -> None:
    with pytest.raises(BadExpression) as caught:
        parse_template(text)
    assert said in str(caught.value)
    assert caught.value.column == at


def test_what_is_wrong_in_a_text_is_marked_in_the_whole_of_it() -> None:
    with pytest.raises(BadExpression) as caught:
        compile_template(parse_template("it is {hall.lx} here"), AScope())
    assert "it is {hall.lx} here"[caught.value.column :].startswith("hall.lx")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 249 + "1" + ")" * 249,
        "-" * 499 + "1",
        "not " * 120 + "hall.motion",
        "1 if " * 90 + "1",
        "(1 if 1 else " * 35 + "1" + ")" * 35,
        "(hall.motion if " * 20 + "hall.motion" + " else true)" * 20,
        "min(" * 120 + "1",
        "hall.motion or " * 33 + "hall.motion",
        "1+" * 99 + "1 > 2",
        "a or b and c==d+e*(" * 25 + "1",
        " " * 499 + "?",
        "'" * 499,
        "1h" * 240 + "1",
        "x-" * 249 + "x",
        "x." * 249 + "x",
        " or ".join(f"hall.x{n}" for n in range(40)),
        " and ".join(f"v{n} == 'open'" for n in range(20)),
        "hall.lux in (" + ",".join("1" for _ in range(180)) + ")",
    ],
)
def test_nothing_of_the_allowed_length_takes_long(text: str) -> None:
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        _what_is_wrong(text[:LENGTH_MAX])
    finally:
        sys.setprofile(None)
    assert steps < 400_000


def test_operators_bind_as_is_promised() -> None:
    for text, meant in (
        ("not a == b", "not (a == b)"),
        ("a or b and not c", "a or (b and (not c))"),
        ("a + b * -c < d", "(a + (b * (-c))) < d"),
        ("a - b - c", "(a - b) - c"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        ("a or b if c or d else e or f", "(a or b) if (c or d) else (e or f)"),
        ("a / b * c", "(a / b) * c"),
        ("not a in (1, 2)", "not (a in (1, 2))"),
        ("a is open and b is not closed", "(a is open) and (b is not closed)"),
        ("a + 1 is known", "(a + 1) is known"),
    ):
        assert _shape(parse(text).root) == _shape(parse(meant).root)


@pytest.mark.parametrize("text", ["a is open == true", "a == b in (1, 2)", "a is open is known", "a in (1) == b"])
def test_comparisons_of_comparisons_need_brackets(text: str) -> None:
    assert "put what stands before it in brackets" in str(bad(text))


def test_a_not_behind_a_sign_needs_brackets() -> None:
    assert "put `not` and what it belongs to in brackets" in str(bad("a == not b"))


def _shape(node: Any) -> Any:
    """Without the places."""
    if isinstance(node, tuple):
        return tuple(map(_shape, node))
    if not isinstance(node, Node):
        return node
    places = ("column", "length", "word_column", "word_length")
    return (type(node), *(_shape(getattr(node, one.name)) for one in fields(node) if one.name not in places))
