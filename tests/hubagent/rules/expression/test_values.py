"""The closures agree with an evaluator that is slow and obvious, whatever the cells hold."""

import operator
from collections.abc import Callable
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hubagent.rules.expression import tree
from hubagent.rules.expression.compile import compile_expression
from hubagent.rules.expression.parse import parse
from tests.hubagent.rules.a_scope import AScope

NUMBERS = ("hall.lux", "living-room.sensor.illuminance")
FLAGS = ("hall.motion", "hall.light.on", "garage.door")


def obvious(node: tree.Node, values: dict[str, Any]) -> Any:
    match node:
        case tree.Literal(value=value):
            return value
        case tree.Name(text=text):
            return values[text]
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
        case tree.Comparison() | tree.Arithmetic():
            one, other = obvious(node.left, values), obvious(node.right, values)
            return None if one is None or other is None else _two(node.operator, one, other)
        case _:
            raise AssertionError(node)


def _two(sign: str, one: Any, other: Any) -> Any:
    if sign == "/":
        return None if other == 0 else one / other
    return _OPERATORS[sign](one, other)


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
}
numbers: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(NUMBERS),
        st.integers(0, 50).map(str),
        st.tuples(numbers, st.sampled_from("+-"), numbers).map(lambda two: f"({two[0]} {two[1]} {two[2]})"),
        st.tuples(numbers, st.sampled_from("*/"), st.integers(0, 4)).map(lambda two: f"({two[0]} {two[1]} {two[2]})"),
        st.tuples(numbers, flags, numbers).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
    )
)
flags: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([*FLAGS, "true", "false", "unknown", "garage.door is open", "garage.door is closed"]),
        st.sampled_from([*NUMBERS, *FLAGS]).flatmap(
            lambda name: st.sampled_from([f"{name} is known", f"{name} is unknown"])
        ),
        st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers).map(
            lambda two: f"({two[0]} {two[1]} {two[2]})"
        ),
        st.tuples(flags, st.sampled_from(["and", "or"]), flags).map(lambda two: f"({two[0]} {two[1]} {two[2]})"),
        flags.map(lambda one: f"(not {one})"),
        st.tuples(flags, flags, flags).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
    )
)
values = st.fixed_dictionaries(
    {
        **{name: st.none() | st.integers(-60, 60) for name in NUMBERS},
        **{name: st.none() | st.booleans() for name in FLAGS},
    }
)


@settings(max_examples=600, deadline=None)
@given(flags.filter(lambda text: len(text) <= 500), st.lists(values, min_size=1, max_size=4))
def test_closures_agree_with_the_obvious_evaluator(text: str, moments: list[dict[str, Any]]) -> None:
    assume(text.count("(") < 20)
    expression = parse(text)
    scope = AScope()
    compiled = compile_expression(expression, scope)
    always = compiled.always()
    for moment in moments:
        scope.has(
            hall_lux__illuminance=moment["hall.lux"],
            hall_motion__occupied=moment["hall.motion"],
            hall_light__on=moment["hall.light.on"],
            garage_door__open=moment["garage.door"],
        )
        scope.cell("id-living-room.sensor", "illuminance").value = moment["living-room.sensor.illuminance"]
        expected = obvious(expression.root, moment)
        found = compiled.evaluate()
        assert found == expected
        assert type(found) is type(expected)
        if found is None:
            assert compiled.unknowns()
        elif always is not None and None not in moment.values():
            assert found is always


@given(st.sampled_from([True, "x", 3, None, 2.5]), st.sampled_from([True, "x", 3, None, 2.5]))
def test_nothing_raises_whatever_a_cell_holds(one: Any, other: Any) -> None:
    scope = AScope()
    scope.has(hall_lux__illuminance=one, hall_motion__occupied=other)
    for text in (
        "hall.lux < 30",
        "hall.lux + 1 > 2",
        "hall.motion and hall.lux > 2",
        "not hall.motion",
        "abs(hall.lux) > 2",
    ):
        assert compile_expression(parse(text), scope).evaluate() in (True, False, None)
