"""The bench of the outbox: a short run shows that it works; its figures are no matter of a test."""

from simulators.bench.outbox import backlog_table, measure_backlog, measure_outbox, table, view


def test_a_short_run_measures_everything_it_names() -> None:
    told: list[str] = []
    cases = measure_outbox(told.append, brief=True)
    assert len(told) == len(cases) == 7
    by_name = {case.name: case for case in cases}
    for case in cases[:-1]:
        assert len(case.durable_s) == len(case.put_s) == case.messages, case.name
        assert case.commits > 0
        assert case.written_b > case.messages * 120
    live = by_name["acknowledged after 10 ms"]
    assert len(live.durable_s) <= live.messages == len(live.put_s)
    head, rows = table(cases)
    assert {len(row) for row in rows} == {len(head)}
    assert [it["name"] for it in view(cases)] == list(by_name)


def test_a_small_backlog_is_measured_in_a_process_of_its_own() -> None:
    backlog = measure_backlog(lambda _line: None, brief=True)
    assert backlog.messages == 2000
    assert 5 < backlog.empty_mb <= backlog.full_mb < 100
    head, (row,) = backlog_table(backlog)
    assert len(head) == len(row)
