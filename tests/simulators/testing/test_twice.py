from simulators.testing.twice import Outcome, difference


def test_two_runs_with_the_same_hash_that_end_at_the_same_time_are_the_same() -> None:
    assert difference(Outcome("ab", 3.0), Outcome("ab", 3.0), (["x"], ["y"])) == ""


def test_where_two_runs_part_is_told() -> None:
    what = difference(Outcome("ab", 3.0), Outcome("cd", 3.0), (["a\n", "b\n"], ["a\n", f"{'c' * 500}\n"]))
    assert "part at line 2" in what
    assert "first:  b" in what
    assert "second: ccc" in what
    assert max(map(len, what.splitlines())) < 200


def test_a_run_that_goes_on_where_the_other_is_over_parts_there() -> None:
    assert "(it was over)" in difference(Outcome("ab", 3.0), Outcome("cd", 3.0), (["a"], ["a", "b"]))


def test_runs_with_the_same_trace_may_end_at_different_times() -> None:
    assert "it ended at 3.000000 s, and at 4.0" in difference(Outcome("ab", 3.0), Outcome("ab", 4.0), (["a"], ["a"]))
