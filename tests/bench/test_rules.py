"""The bench of the rules: it measures what it says."""

from simulators.bench.rules import measure_rules, table, view


def test_a_short_run_has_a_figure_for_each_case() -> None:
    cases = measure_rules(10, lambda _text: None)
    assert [case.name for case in cases] == ["0 unrelated", "100 unrelated", "100 on the same trigger"]
    assert all(len(case.reactions_ns) == 10 for case in cases)
    head, rows = table(cases)
    assert [row[0] for row in rows] == [case.name for case in cases]
    assert all(len(row) == len(head) for row in rows)
    assert [one["name"] for one in view(cases)] == [case.name for case in cases]
    assert all(case.floor_ns and min(case.floor_ns) > 0 for case in cases)
