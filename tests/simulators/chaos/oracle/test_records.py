"""What only the disk can say is taken over from there, and nothing else is."""

from collections.abc import Hashable
from typing import Any

import pytest

from simulators.chaos.oracle.oracle import Oracle
from simulators.chaos.oracle.records import take_up
from simulators.chaos.oracle.seen import MODE
from simulators.chaos.oracle.state import Hold, Mark, Run
from tests.hubagent.rules.a_house import START, UTC, rules
from tests.simulators.chaos.oracle.a_scene import GO, ON, rule

TEXT = '[home]\nmodes = ["home", "night"]\n[variables]\nn = 0\n' + rule(GO, ON) + rule(GO, ON, name="other")
RECORDS: dict[str, dict[str, Any]] = {
    "mode": {"mode": "night"},
    "var:n": {"value": 7},
    "hold:0:r": {"rule": "r", "hash": "h", "index": 0, "about": "", "value": True, "until": START + 60},
    "deaf:1:r": {"rule": "r", "hash": "h", "index": 1},
    "time:2:r": {"rule": "r", "hash": "h", "seen": START, "fired": None},
    "limit:r": {"hash": "h", "at": [START]},
    "lease:id-hall.light:r": {"rule": "r", "device": "id-hall.light", "until": START + 600},
    "run:17": {
        "rule": "r",
        "hash": "h",
        "about": "",
        "value": 3,
        "trigger": "t",
        "late": 0.0,
        "depth": 2,
        "pc": 1,
        "slots": [4],
        "wake": START + 5,
        "held": None,
        "since": START,
        "queued": False,
        "failures": ["x"],
        "acting": False,
    },
}
KEYS: list[tuple[Hashable, ...]] = [
    ("mode",),
    ("variable", "n"),
    ("hold", "r", 0),
    ("deaf", "r", 1),
    ("mark", "r", 2),
    ("limit", "r"),
    ("lease", "r", "id-hall.light"),
    ("runs", "r"),
]


def an_oracle() -> Oracle:
    oracle = Oracle(UTC, rules(TEXT), lambda _rule, _late_s: None)
    oracle.start(0.0, START)
    return oracle


def kept(oracle: Oracle) -> list[bool]:
    """By key: whether it is as the records say."""
    return [
        oracle.seen.value(MODE) == "night",
        oracle.seen.value(("", "var.n")) == 7,
        ("r", 0) in oracle.arming.holds,
        ("r", 1) in oracle.arming.deaf,
        ("r", 2) in oracle.arming.marks,
        "r" in oracle.limits,
        ("r", "id-hall.light") in oracle.sending.leases,
        [run.rule for run in oracle.runs.active] == ["r"],
    ]


@pytest.mark.parametrize("place", range(len(KEYS)))
def test_what_is_doubtful_is_as_the_disk_says_and_nothing_else(place: int) -> None:
    oracle = an_oracle()
    take_up(oracle, RECORDS, lambda key: key == KEYS[place])
    assert kept(oracle) == [number == place for number in range(len(KEYS))]


def test_a_run_stands_where_it_stood() -> None:
    oracle = an_oracle()
    take_up(oracle, RECORDS, lambda _key: True)
    [run] = oracle.runs.active
    assert (run.pc, run.slots, run.wake, run.depth, run.value, run.id) == (1, [4], START + 5, 2, 3, "t")
    assert run.failed
    assert run.waits
    assert run.dormant


def test_what_the_disk_has_lost_is_gone() -> None:
    oracle = an_oracle()
    oracle.arming.holds["r", 0] = Hold("h", True, START)
    oracle.arming.deaf["r", 1] = "h"
    oracle.arming.marks["r", 2] = Mark("h", START)
    oracle.limits["r"] = ("h", [START])
    oracle.sending.leases["r", "id-hall.light"] = START
    oracle.runs.active = [Run("r", "h"), Run("other", "h")]
    take_up(oracle, {}, lambda key: "other" not in key)
    assert [run.rule for run in oracle.runs.active] == ["other"]
    assert not any((oracle.arming.holds, oracle.arming.deaf, oracle.arming.marks, oracle.limits))
    assert oracle.sending.leases == {}
    assert oracle.seen.value(MODE) == "home"


def test_a_mode_that_there_is_no_more_is_the_first_one() -> None:
    oracle = an_oracle()
    take_up(oracle, {"mode": {"mode": "holidays"}}, lambda _key: True)
    assert oracle.seen.value(MODE) == "home"
