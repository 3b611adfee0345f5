"""Texts of expressions mean, with their brackets, what they were put together from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.rules.expression import tree
from hubagent.rules.expression.parse import parse
from hubagent.rules.importers import said
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

ATOMS = st.sampled_from([Said("a.x"), Said("b.y is on", said.COMPARISON), Said("c < 3", said.COMPARISON)])


def _logic(below: st.SearchStrategy[tuple[Said, object]]) -> st.SearchStrategy[tuple[Said, object]]:
    def negative(one: tuple[Said, object]) -> tuple[Said, object]:
        return said.negated(one[0]), ("not", one[1])

    def both(two: tuple[tuple[Said, object], tuple[Said, object]], word: str) -> tuple[Said, object]:
        (left, left_tree), (right, right_tree) = two
        joined = said.all_of([left, right]) if word == "and" else said.any_of([left, right])
        return joined, (left_tree if left == right else (word, left_tree, right_tree))

    pairs = st.tuples(below, below)
    return st.one_of(
        below.map(negative), pairs.map(lambda two: both(two, "and")), pairs.map(lambda two: both(two, "or"))
    )


LOGIC = st.recursive(ATOMS.map(lambda atom: (atom, atom.text)), _logic, max_leaves=12)


@given(LOGIC)
def test_brackets_stand_where_they_are_needed(case: tuple[Said, object]) -> None:
    expression, wanted = case
    assert _plain(_shape(parse(expression.text).root)) == _plain(wanted)


def _shape(node: tree.Node) -> object:
    match node:
        case tree.And(left=left, right=right):
            return ("and", _shape(left), _shape(right))
        case tree.Or(left=left, right=right):
            return ("or", _shape(left), _shape(right))
        case tree.Not(operand=operand):
            return ("not", _shape(operand))
        case tree.Is(item=tree.Name(text=text), word=word):
            return f"{text} is {word}"
        case tree.Comparison(left=tree.Name(text=text)):
            return f"{text} < 3"
        case tree.Name(text=text):
            return text
    raise AssertionError(node)


def _plain(shape: object) -> object:
    """Without a not of a not."""
    if isinstance(shape, tuple) and shape[0] == "not":
        inner = _plain(shape[1])
        return inner[1] if isinstance(inner, tuple) and inner[0] == "not" else ("not", inner)
    return (shape[0], *map(_plain, shape[1:])) if isinstance(shape, tuple) else shape


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("hall.light", "hall.light"),
        ("living-room.lamp", "living-room.lamp"),
        ("living lamp", "device('living lamp')"),
        ("3d_printer", "device('3d_printer')"),
        ("is", "device('is')"),
        ("time", "device('time')"),
        ("sun.lamp", "device('sun.lamp')"),
        ("Anna's lamp", 'device("Anna\'s lamp")'),
        ("hall..x", "device('hall..x')"),
        ("", "device('')"),
    ],
)
def test_a_device_is_named_so_that_it_can_be_read(subject: str, text: str) -> None:
    assert said.name(subject).text == text
    parse(f"{text} is on")


@given(st.text(max_size=20))
def test_any_name_is_read_back_or_refused(subject: str) -> None:
    try:
        named = said.name(subject, "on")
    except CannotTranslate:
        return
    root = parse(named.text).root
    assert isinstance(root, tree.Name)
    assert root.text == f"{subject}.on"


@given(st.floats(-1e9, 1e9))
def test_numbers_are_read_back(value: float) -> None:
    assert parse(f"a > {said.number(value).text}")
