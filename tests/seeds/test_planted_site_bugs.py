"""Bugs that real hubs have had, planted into the whole agent: `sim chaos` must find each, and make it small.

What was found is kept (`planted/found.json`): here the small run that was left of each fails with the bug and not
without it, and for each check one bug is found again in the seed that found it first. With a thousand HUBAGENT_SEEDS
all are found again, looked for and shrunk anew, as `python -m tests.seeds.planted` does, which prints the table and
keeps what it finds.
"""

import os
from typing import Final

import pytest

from simulators.chaos.checks.table import CHECKS
from simulators.chaos.run import RUN
from tests.helpers.seeds import chosen
from tests.interop.peers import PROJECT
from tests.seeds.planted.finding import WITHIN, complaints, drawn, first_that_finds, given, shrunk
from tests.seeds.planted.planted import Planted, found_before
from tests.seeds.planted.table import PLANTED
from tests.seeds.planted.telling import line_of, row_of

LEFT_MAX: Final = 3
"""Faults of the smallest run."""
LONG: Final = len(chosen(None, os.environ.get("HUBAGENT_SEEDS"), 0)) >= 1000
"""A short form of the long run proves that it works; this one takes half an hour of a core by itself."""
SHRUNK_HERE: Final = ("the_timer_is_not_called_off", "one_keepalive_more_with_each_connection")
"""Those that are shrunk anew at each change: the quickest."""
FOUND: Final = found_before()
ONE_OF_EACH: Final = {it.check: it.name for it in reversed(PLANTED)}.values()
"""The first for each check."""

each = pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)


def test_there_are_enough_of_them_and_each_is_for_a_check_that_there_is() -> None:
    assert len(PLANTED) >= 14
    assert {it.check for it in PLANTED} == {RUN, *(check.name for check in CHECKS)}
    assert FOUND.keys() == {it.name for it in PLANTED}


@pytest.mark.parametrize(
    "planted", [it for it in PLANTED if LONG or it.name in ONE_OF_EACH], ids=lambda planted: planted.name
)
def test_the_seed_that_found_it_finds_it(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    found = FOUND[planted.name]
    assert found.seed < WITHIN
    planted.bug(monkeypatch)
    # Other seeds may be the first after any change; one that finds it is still near.
    assert any(complaints(planted, drawn(planted, seed)) for seed in range(found.seed, WITHIN))


@each
def test_what_is_left_of_it_fails_with_the_bug_and_not_without(planted: Planted) -> None:
    left = FOUND[planted.name].shrunk
    assert len(left.faults) <= LEFT_MAX
    assert not given(planted, left).problems
    with pytest.MonkeyPatch.context() as patch:
        planted.bug(patch)
        assert given(planted, left).problems, f"look for it anew: python -m tests.seeds.planted {planted.name}"


@pytest.mark.parametrize(
    "planted", [it for it in PLANTED if LONG or it.name in SHRUNK_HERE], ids=lambda planted: planted.name
)
def test_it_shrinks_to_few_faults(planted: Planted) -> None:
    found = first_that_finds(planted, 0 if LONG else FOUND[planted.name].seed)
    assert found is not None
    small = shrunk(planted, found)
    assert len(small.scenario.faults) <= min(LEFT_MAX, len(found.scenario.faults))
    assert small.verdict.problems


@each
def test_it_stands_in_the_document_with_its_numbers(planted: Planted) -> None:
    document = (PROJECT / "CHAOS.md").read_text(encoding="utf-8")
    assert line_of(row_of(planted, FOUND[planted.name])) in document.splitlines()
