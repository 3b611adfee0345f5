"""A test that runs more than once: to see whether it is the same twice, or which of its faults it takes to fail."""

import tempfile
from typing import TextIO

import pytest
from _pytest.runner import runtestprotocol

from simulators.chaos.fewest import fewest
from simulators.pytest_plugin import FAILED, ONLY, RUN, TRACE
from simulators.testing.telling import tell_of_difference
from simulators.testing.twice import OUTCOME, Outcome, difference

Reports = list[pytest.TestReport]


def reports_of(item: pytest.Item, nextitem: pytest.Item | None, *, twice: bool, shrink: bool) -> Reports:
    """Of the run that says most."""
    with tempfile.TemporaryFile("w+") as first, tempfile.TemporaryFile("w+") as second:
        reports = _once(item, nextitem, first)
        if _passed(reports) and twice and OUTCOME in item.stash:
            before = item.stash[OUTCOME]
            reports = _once(item, nextitem, second)
            _compare(item, before, reports, (first, second))
    if shrink and not _passed(reports):
        return _shrunk(item, nextitem, reports)
    return reports


def _once(item: pytest.Item, nextitem: pytest.Item | None, trace: TextIO | None = None) -> Reports:
    """Setup, call and teardown, as pytest-rerunfailures does it: nobody else needs a public way to that."""
    item.stash[FAILED] = False
    # What the run before it logged, printed and noted is not this one's.
    item._report_sections.clear()
    item.user_properties.clear()
    item.stash[TRACE] = trace
    return runtestprotocol(item, log=False, nextitem=nextitem)


def _passed(reports: Reports) -> bool:
    return all(report.outcome == "passed" for report in reports)


def _failed(reports: Reports) -> bool:
    return any(report.outcome == "failed" for report in reports)


def _compare(item: pytest.Item, before: Outcome, reports: Reports, traces: tuple[TextIO, TextIO]) -> None:
    for trace in traces:
        trace.seek(0)
    what = difference(before, item.stash[OUTCOME], traces)
    call = next((report for report in reports if report.when == "call" and report.passed), None)
    if what and call is not None:
        call.outcome, call.longrepr = "failed", what
        tell_of_difference(item, item.stash[RUN], call, reports)


def _shrunk(item: pytest.Item, nextitem: pytest.Item | None, reports: Reports) -> Reports:
    """Of the run with the fewest faults that fails as well, whatever it says."""
    plan = item.stash[RUN].planned if RUN in item.stash and _failed(reports) else ()
    if not plan:
        return reports
    tried = {tuple(map(str, plan)): reports}

    def fails(faults: tuple[object, ...]) -> bool:
        words = item.stash[ONLY] = tuple(map(str, faults))
        tried[words] = _once(item, nextitem)
        return _failed(tried[words])

    found = tuple(map(str, fewest(plan, fails)))
    item.stash[ONLY] = found
    return tried[found]
