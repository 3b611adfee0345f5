"""The bench of the rules: it measures what it says."""

from pathlib import Path

import pytest
import yaml

from simulators.bench.home_assistant.automations import HALL_MOTION, automations
from simulators.bench.home_assistant.peer import MISSING, PYTHON, PeerCase, measure_home_assistant
from simulators.bench.rules import measure_rules, table, view
from simulators.bench.subjects import SubjectBroken, SubjectMissing


def no_peer(_automations: str, _runs: int, _warm_up: int) -> PeerCase:
    raise SubjectMissing(MISSING)


def slow_peer(_automations: str, runs: int, _warm_up: int) -> PeerCase:
    return PeerCase("1.0", [1_000_000] * runs, 2.0, 30.0)


def test_a_short_run_has_a_figure_for_each_case() -> None:
    cases = measure_rules(10, lambda _text: None, no_peer)
    assert [case.name for case in cases] == ["0 unrelated", "100 unrelated", "100 on the same trigger"]
    assert all(len(case.reactions_ns) == 10 for case in cases)
    head, rows = table(cases)
    assert [row[0] for row in rows] == [case.name for case in cases]
    assert all(len(row) == len(head) for row in rows)
    assert [one["name"] for one in view(cases)] == [case.name for case in cases]
    assert all(case.floor_ns and min(case.floor_ns) > 0 for case in cases)


def test_without_home_assistant_it_says_once_how_to_get_it_and_goes_on() -> None:
    told: list[str] = []
    cases = measure_rules(2, told.append, no_peer)
    assert [text for text in told if "make peers-home-assistant" in text] == [MISSING]
    assert not any("HA" in heading for heading in table(cases)[0])
    assert all(one["home_assistant"] is None for one in view(cases))


def test_home_assistant_has_columns_and_how_many_times_ours_it_took() -> None:
    cases = measure_rules(2, lambda _text: None, slow_peer)
    head, rows = table(cases)
    assert [row[head.index("HA p50 µs")] for row in rows] == ["1000"] * 3
    assert all(len(row) == len(head) for row in rows)
    for one in view(cases):
        peer = one["home_assistant"]
        assert isinstance(peer, dict)
        assert peer["version"] == "1.0"
        assert peer["times_ours"] == pytest.approx(1000 / one["p50_us"])  # type: ignore[operator]


def test_an_environment_that_is_broken_is_told_and_no_failure(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such thing >&2\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(SubjectBroken, match="no such thing"):
        measure_home_assistant(automations(0, 0), 2, 1, broken)


def test_one_automation_acts_and_the_others_come_after_it() -> None:
    listed = yaml.safe_load(automations(2, 3))
    assert [one["id"] for one in listed] == ["hall", "unrelated_0", "unrelated_1", "hot_0", "hot_1", "hot_2"]
    of_the_hall = [one["id"] for one in listed if one["trigger"][0]["entity_id"] == HALL_MOTION]
    assert of_the_hall == ["hall", "hot_0", "hot_1", "hot_2"]


@pytest.mark.real_time
@pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)
def test_home_assistant_itself_reacts_to_each_report() -> None:
    found = measure_home_assistant(automations(3, 3), 5, 1)
    assert found.version == "2024.3.3"
    assert len(found.reactions_ns) == 5
    assert min(found.reactions_ns) > 0
