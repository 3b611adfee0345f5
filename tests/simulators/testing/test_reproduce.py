import pytest

from simulators.testing.reproduce import reproduce_line, without_seed


@pytest.mark.parametrize(
    ("node", "plain"),
    [
        ("t.py::test_x", "t.py::test_x"),
        ("t.py::test_x[seed7]", "t.py::test_x"),
        ("t.py::test_x[hall-seed7]", "t.py::test_x[hall]"),
        ("t.py::test_x[seed7-hall]", "t.py::test_x[hall]"),
        ("t.py::test_x[a-seed7-b]", "t.py::test_x[a-b]"),
        ("t.py::test_x[seed77]", "t.py::test_x[seed77]"),
        ("t.py::test_seed7[a]", "t.py::test_seed7[a]"),
    ],
)
def test_the_seed_is_taken_out_of_a_tests_name(node: str, plain: str) -> None:
    assert without_seed(node, 7) == plain


def test_what_is_not_our_seed_stays_in_a_tests_name() -> None:
    line = reproduce_line("t.py::test_x[seed1]", 1, [], {}, seed_in_name=False)
    assert line == "pytest 't.py::test_x[seed1]' --sim-seed 1"


def test_the_line_can_be_typed_into_a_shell() -> None:
    line = reproduce_line("tests/t.py::test_x[it's here-seed7]", 7, ["-c", "my file.ini"], {})
    assert line == """pytest 'tests/t.py::test_x[it'"'"'s here]' --sim-seed 7 -c 'my file.ini'"""


def test_the_hash_seed_is_in_it_where_somebody_set_one() -> None:
    assert reproduce_line("t.py::x", 1, [], {"PYTHONHASHSEED": "0"}) == "PYTHONHASHSEED=0 pytest t.py::x --sim-seed 1"
    assert reproduce_line("t.py::x", 1, [], {"PYTHONHASHSEED": "random"}) == "pytest t.py::x --sim-seed 1"
