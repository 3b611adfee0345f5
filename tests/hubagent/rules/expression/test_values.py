"""The closures agree with an evaluator that is slow and obvious, whatever the cells hold."""

import operator
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hubagent.rules.expression import tree
from hubagent.rules.expression.compile import BadExpression, compile_expression
from hubagent.rules.expression.lexer import LENGTH_MAX
from hubagent.rules.expression.parse import parse
from tests.hubagent.rules.a_scope import AScope

NUMBERS = ("hall.lux", "living-room.sensor.illuminance", "var.guests")
FLAGS = ("hall.motion", "hall.light.on", "garage.door")
MODES = ("home", "away", "night")
MODE = "home.mode"
ANYTHING = "trigger.value"


def obvious(node: tree.Node, values: dict[str, Any]) -> Any:
    match node:
        case tree.Literal(value=value):
            return value
        case tree.Name(text=text):
            return _of_its_kind(text, values[text])
        case tree.Negative(operand=operand):
            return _result(lambda value: -value, [obvious(operand, values)])
        case tree.Not(operand=operand):
            value = obvious(operand, values)
            return None if value is None else not value
        case tree.And(left=left, right=right):
            both = [obvious(left, values), obvious(right, values)]
            return False if False in both else None if None in both else True
        case tree.Or(left=left, right=right):
            both = [obvious(left, values), obvious(right, values)]
            return True if True in both else None if None in both else False
        case tree.Choice(condition=condition, then=then, otherwise=otherwise):
            holds = obvious(condition, values)
            return None if holds is None else obvious(then if holds else otherwise, values)
        case tree.Is(item=item, word=word):
            value = obvious(item, values)
            if word in ("known", "unknown"):
                return (value is not None) is (word == "known")
            return None if value is None else value is {"open": True, "closed": False}[word]
        case tree.Among(item=item, options=options):
            found = [_compared("==", obvious(item, values), obvious(option, values)) for option in options]
            return True if True in found else None if None in found else False
        case tree.Comparison():
            return _compared(node.operator, obvious(node.left, values), obvious(node.right, values))
        case tree.Arithmetic():
            return _result(_OPERATORS[node.operator], [obvious(node.left, values), obvious(node.right, values)])
        case tree.Call(function=function, arguments=arguments):
            return _result(_FUNCTIONS[function], [obvious(argument, values) for argument in arguments])
        case _:
            raise AssertionError(node)


def _of_its_kind(name: str, value: Any) -> Any:
    """A cell that holds what its attribute cannot be says nothing."""
    if value != value:  # noqa: PLR0124 - NaN
        return None
    kinds = {**dict.fromkeys(NUMBERS, (int, float)), **dict.fromkeys(FLAGS, (bool,)), MODE: (str,)}
    if name == ANYTHING:
        return value
    fits = isinstance(value, kinds[name]) and (bool in kinds[name] or not isinstance(value, bool))
    return value if fits else None


def _compared(sign: str, one: Any, other: Any) -> Any:
    if isinstance(one, bool) and other in ("open", "closed"):
        other = other == "open"
    kinds = {bool if isinstance(value, bool) else str if isinstance(value, str) else float for value in (one, other)}
    if one is None or other is None or len(kinds) > 1 or (sign not in ("==", "!=") and kinds != {float}):
        return None
    return _OPERATORS[sign](one, other)


def _result(function: Callable[..., Any], values: list[Any]) -> Any:
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return None
    try:
        result = function(*values)
    except (ZeroDivisionError, OverflowError):
        return None
    return result if abs(result) <= 1e15 else None


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "round": lambda value: round(value, 0),
    "clamp": lambda value, low, high: max(low, min(value, high)),
}


def _said(text: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """`{} and {}`, filled in."""
    return st.tuples(*parts).map(lambda found: text.format(*found))


signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
plain = st.integers(0, 50).map(str)
numbers: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(NUMBERS),
        plain,
        _said("({} {} {})", numbers, st.sampled_from("+-"), numbers),
        _said("({} {} {})", numbers, st.sampled_from("*/"), st.integers(0, 4).map(str)),
        _said("({} if {} else {})", numbers, flags, numbers),
        _said("-{}", numbers),
        _said("{}({}, {})", st.sampled_from(["min", "max"]), numbers, numbers),
        _said("clamp({}, {}, {})", numbers, plain, plain),
        _said("{}({})", st.sampled_from(["abs", "round"]), numbers),
    )
)
modes = st.sampled_from([f"'{mode}'" for mode in MODES])
comparisons = st.one_of(
    _said("({} {} {})", numbers, signs, numbers),
    _said("({} {} {} {} {})", plain, signs, st.sampled_from(NUMBERS), signs, plain),
    _said("{} {} {}", st.sampled_from(NUMBERS), signs, plain),
    _said("{} {} {}", plain, signs, st.sampled_from(NUMBERS)),
    _said("home.mode {} {}", st.sampled_from(["==", "!="]), modes),
    _said("home.mode {} ({}, {})", st.sampled_from(["in", "not in"]), modes, modes),
    _said("{} {} ({}, {})", st.sampled_from(NUMBERS), st.sampled_from(["in", "not in"]), plain, plain),
    _said("trigger.value {} {}", signs, plain),
    _said("trigger.value {} {}", st.sampled_from(["==", "!="]), st.sampled_from(["'open'", "'closed'", "'home'"])),
    _said("{} is {}", st.sampled_from([*NUMBERS, *FLAGS, MODE, ANYTHING]), st.sampled_from(["known", "unknown"])),
    _said("garage.door is {}", st.sampled_from(["open", "closed"])),
    _said("({} {} {})", st.sampled_from(FLAGS), st.sampled_from(["==", "!="]), st.sampled_from(FLAGS)),
)
flags: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([*FLAGS, "true", "false", "unknown"]),
        comparisons,
        _said("({} {} {})", flags, st.sampled_from(["and", "or"]), flags),
        _said("(not {})", flags),
        _said("({} if {} else {})", flags, flags, flags),
    )
)


def _mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    odd = st.sampled_from([None, True, False, 3, -2.5, "on", "home", float("nan"), 10**400, [1]])
    return st.integers(0, 5).flatmap(lambda chance: usual if chance else odd)


usual = st.fixed_dictionaries(
    {
        **{name: st.integers(0, 60) | st.floats(0, 60) for name in NUMBERS},
        **{name: st.booleans() for name in FLAGS},
        MODE: st.sampled_from(MODES),
        ANYTHING: st.booleans() | st.integers(0, 50) | st.sampled_from(["home", "open"]),
    }
)
odd = st.fixed_dictionaries(
    {
        **{name: _mostly(st.integers(0, 60)) for name in NUMBERS},
        **{name: _mostly(st.booleans()) for name in FLAGS},
        MODE: _mostly(st.sampled_from(MODES)),
        ANYTHING: st.none() | st.booleans() | st.integers(0, 50) | st.sampled_from(["home", "open"]),
    }
)


def _hold(scope: AScope, moment: dict[str, Any]) -> None:
    scope.mode.value = moment[MODE]
    scope.trigger.value.value = moment[ANYTHING]
    scope.kept["guests"].value = moment["var.guests"]
    scope.cell("id-living-room.sensor", "illuminance").value = moment["living-room.sensor.illuminance"]
    scope.has(
        hall_lux__illuminance=moment["hall.lux"],
        hall_motion__occupied=moment["hall.motion"],
        hall_light__on=moment["hall.light.on"],
        garage_door__open=moment["garage.door"],
    )


def _understood(text: str, scope: AScope) -> tuple[Any, Any]:
    """Few of those that are made up are too deep, or divide by zero."""
    assume(len(text) <= LENGTH_MAX)
    try:
        expression = parse(text)
        return expression, compile_expression(expression, scope)
    except BadExpression as bad:
        assume(not any(said in str(bad) for said in ("levels deep", "no result", "at most 200")))
        raise


@settings(max_examples=500, deadline=None)
@given(flags | numbers, st.lists(usual | odd, min_size=1, max_size=5))
def test_closures_agree_with_the_obvious_evaluator(text: str, moments: list[dict[str, Any]]) -> None:
    scope = AScope()
    expression, compiled = _understood(text, scope)
    for moment in moments:
        _hold(scope, moment)
        expected = obvious(expression.root, moment)
        found = compiled.evaluate()
        assert found == expected
        assert isinstance(found, bool) is isinstance(expected, bool)
        assert bool(compiled.unknowns()) is (found is None)


@settings(max_examples=500, deadline=None)
@given(flags, st.lists(usual, min_size=3, max_size=8))
def test_what_is_said_to_hold_always_or_never_does(text: str, moments: list[dict[str, Any]]) -> None:
    scope = AScope()
    _, compiled = _understood(text, scope)
    always = compiled.always()
    for moment in moments:
        _hold(scope, moment)
        assert always is None or compiled.evaluate() in (always, None)


@settings(max_examples=300, deadline=None)
@given(comparisons, comparisons, st.lists(usual, min_size=3, max_size=8))
def test_what_is_said_to_exclude_or_to_imply_does(one: str, other: str, moments: list[dict[str, Any]]) -> None:
    scope = AScope()
    first, second = _understood(one, scope)[1], _understood(other, scope)[1]
    excludes, implies = first.excludes(second), first.implies(second)
    for moment in moments:
        _hold(scope, moment)
        if first.evaluate() is True:
            assert not (excludes and second.evaluate() is True)
            assert not (implies and second.evaluate() is False)


@settings(max_examples=200, deadline=None)
@given(_mostly(st.none()), _mostly(st.none()), _mostly(st.none()))
def test_nothing_raises_whatever_a_cell_holds(one: Any, other: Any, third: Any) -> None:
    scope = AScope()
    scope.has(hall_lux__illuminance=one, hall_motion__occupied=other)
    scope.mode.value = third
    scope.trigger.value.value = third
    for text in (
        "hall.lux < 30",
        "hall.lux + 1 > 2",
        "hall.lux * 1000000000000000 > 2",
        "hall.lux / hall.lux > 0",
        "round(hall.lux) > 2",
        "hall.motion and hall.lux > 2",
        "not hall.motion",
        "hall.motion == hall.light.on",
        "abs(hall.lux) > 2",
        "home.mode in ('home', 'away')",
        "home.mode == 'home'",
        "trigger.value == home.mode",
        "trigger.value + 1 > 2",
        "trigger.value and trigger.value",
        "trigger.value in (1, 2)",
    ):
        compiled = compile_expression(parse(text), scope)
        assert compiled.evaluate() in (True, False, None)
        assert bool(compiled.unknowns()) is (compiled.evaluate() is None)


def test_a_common_condition_costs_three_calls() -> None:
    scope = AScope()
    scope.has(hall_lux__illuminance=12)
    evaluate = compile_expression(parse("home.mode != 'away' and hall.lux < 30"), scope).evaluate
    called: list[str] = []
    sys.setprofile(lambda frame, event, _: called.append(frame.f_code.co_name) if event == "call" else None)
    try:
        evaluate()
    finally:
        sys.setprofile(None)
    assert called == ["all_hold", "is_not_so", "holds"]


@pytest.mark.parametrize("value", ["heat", True, [1]])
@pytest.mark.parametrize(
    "text", ["trigger.value * 999999999", "(trigger.value if hall.motion else 3) * 999999999", "-trigger.value"]
)
def test_only_numbers_are_multiplied(value: Any, text: str) -> None:
    scope = AScope()
    scope.has(hall_motion__occupied=True)
    scope.trigger.value.value = value
    compiled = compile_expression(parse(text), scope)
    assert compiled.evaluate() is None
    assert compiled.unknowns() == ("trigger.value",)
