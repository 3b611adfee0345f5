"""The oracle shares with the executor the rule files and the words, and decides everything by itself."""

import subprocess
import sys
from types import FrameType
from typing import Any

import pytest

from hubagent.model.capabilities.switch import Press
from hubagent.rules.rule_set import RuleSet
from simulators.chaos.oracle.oracle import Oracle
from tests.hubagent.rules.a_house import HOUSE, START, UTC, rules
from tests.simulators.chaos.oracle.made_up_richly import made_up_richly
from tests.test_layers import modules, outside

LANGUAGE = (
    "hubagent.model",
    "hubagent.rules.actions",
    "hubagent.rules.dst",
    "hubagent.rules.duration",
    "hubagent.rules.expression.template",
    "hubagent.rules.expression.tree",
    "hubagent.rules.expression.types",
    "hubagent.rules.names",
    "hubagent.rules.never",
    "hubagent.rules.program",
    "hubagent.rules.rule",
    "hubagent.rules.rule_set",
    "hubagent.rules.scene",
    "hubagent.rules.sun",
    "hubagent.rules.triggers",
    "hubagent.rules.where",
    "hubagent.rules.words",
)
"""What files say, as it was read, and what words mean in a home."""
DECIDES = (
    "hubagent.rules.actions.bound_set",
    "hubagent.rules.binding",
    "hubagent.rules.cells",
    "hubagent.rules.executor",
    "hubagent.rules.expression.check",
    "hubagent.rules.expression.closures",
    "hubagent.rules.expression.compile",
    "hubagent.rules.expression.operators",
    "hubagent.rules.local_time",
    "hubagent.rules.missed",
    "hubagent.rules.schedule",
    "hubagent.rules.triggers.meaning",
    "hubagent.rules.triggers.nature",
)
"""By what the executor comes to what it does."""


@pytest.mark.parametrize("module", modules("simulators.chaos.oracle"))
def test_it_imports_what_files_say_and_what_words_mean(module: str) -> None:
    assert outside(module, (*LANGUAGE, "simulators.chaos.oracle")) == []


def test_the_executor_is_not_even_there() -> None:
    asks = "import sys, simulators.chaos.oracle.oracle, simulators.chaos.oracle.records as it; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True).stdout.split()
    assert "simulators.chaos.oracle.runs" in loaded
    assert [name for name in loaded if name.startswith("hubagent.rules.executor")] == []


def test_it_calls_nothing_by_which_the_executor_decides() -> None:
    called: set[str] = set()

    def heard(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            called.add(str(frame.f_globals.get("__name__")))

    sets = [rules(made_up_richly(seed).text) for seed in range(12)]
    before = sys.getprofile()
    sys.setprofile(heard)
    try:
        done = sum(_a_day(rule_set) for rule_set in sets)
    finally:
        sys.setprofile(before)
    assert done > 50
    assert "simulators.chaos.oracle.times" in called
    assert [name for name in sorted(called) if name.startswith(DECIDES)] == []


def _a_day(rule_set: RuleSet) -> int:
    """How much it says is to be done."""
    oracle = Oracle(UTC, rule_set, lambda _rule, _late_s: None)
    oracle.start(0.0, START)
    for device in HOUSE:
        oracle.remember(device, {})
    oracle.bind(rule_set)
    oracle.get_ready()
    for minute in range(1, 8):
        now = minute * 60.0
        oracle.at(now, START + now)
        oracle.time_passed()
        oracle.looks_at_clock()
        for name, attribute, value in (("motion", "occupied", minute % 2 == 0), ("lux", "illuminance", 10 * minute)):
            oracle.reported(f"id-hall.{name}", {attribute: value})
        oracle.pressed("id-sofa.remote", 1, Press.SINGLE)
        oracle.webhook("a")
    return len(oracle.take())


# --- what it is told


def test_it_forgets_nothing_of_what_outlives_a_restart_and_all_else() -> None:
    text = '[home]\nmodes = ["home", "night"]\n[variables]\nn = 0\n[[rule]]\nname = "r"\nwhen = { webhook = "go" }\n'
    text += 'do = [{ mode = "night" }, { variable = "n", to = 3 }, { wait = "1h" }]\n'
    rule_set = rules(text)
    oracle = Oracle(UTC, rule_set, lambda _rule, _late_s: None)
    oracle.start(0.0, START)
    oracle.bind(rule_set)
    oracle.get_ready()
    oracle.webhook("go")
    oracle.reported("id-hall.lux", {"illuminance": 3})
    oracle.start(50.0, START + 50.0)
    oracle.bind(rule_set)
    assert oracle.seen.value(("", "home.mode")) == "night"
    assert oracle.seen.value(("", "var.n")) == 3
    assert [run.rule for run in oracle.runs.active] == ["r"]
    assert oracle.seen.value(("id-hall.lux", "illuminance")) is None
    assert not oracle.ready


def test_it_is_ready_a_minute_after_its_start_whether_or_not_the_radios_work() -> None:
    rule_set = rules('[[rule]]\nname = "r"\nwhen = { start = true }\ndo = [{ notify = "owner", text = "x" }]\n')
    oracle = Oracle(UTC, rule_set, lambda _rule, _late_s: None)
    oracle.start(0.0, START)
    oracle.bind(rule_set)
    assert oracle.next_deadline() == 60.0
    oracle.at(60.0, START + 60.0)
    oracle.time_passed()
    assert oracle.take() == [("fired", "r"), ("notify", "r", "owner", "x")]
    oracle.get_ready()
    assert oracle.take() == []


def test_who_joins_later_takes_what_it_knows_for_settled() -> None:
    rule_set = rules('[[rule]]\nname = "r"\nwhen = "hall.lux > 5"\ndo = [{ notify = "owner", text = "x" }]\n')
    oracle = Oracle(UTC, rule_set, lambda _rule, _late_s: None)
    oracle.start(0.0, START)
    lux = next(device for device in HOUSE if device.name == "hall.lux")
    oracle.remember(lux, {"illuminance": (3, START, True)})
    oracle.bind(rule_set)
    oracle.join(None)
    oracle.reported(lux.id, {"illuminance": 6})
    assert ("notify", "r", "owner", "x") in oracle.take()
