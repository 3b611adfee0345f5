"""What is remembered of rules, and for how long."""

from collections.abc import Callable
from typing import Any

import pytest

from hubagent.model.driver import Record
from hubagent.rules.traces import DULL_KEPT_MAX, TELLING_MAX, Traces, is_followed


class Disk:
    """Writes what it was told of when it is asked to, as the store does."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._later: dict[str, Callable[[str], Record]] = {}

    def load(self) -> dict[str, Record]:
        for key, record in self._later.items():
            self.records[key] = record(key)
        self._later = {}
        return dict(self.records)

    def put(self, key: str, record: Record) -> None:
        self.records[key] = record

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        self._later[key] = record


def add(traces: Traces, kind: str, rule: str, run: int, about: str = "", detail: Any = None, cause: int = 0) -> None:
    traces.add(kind, float(run), rule, run, about, detail, cause)


def test_what_led_to_a_command_is_a_chain_of_runs() -> None:
    traces = Traces(Disk(), lambda: ())
    add(traces, "fired", "a", 1, "hall.motion.occupied", True)
    add(traces, "sent", "a", 1, "lamp-1", {"wanted": {"on": True}})
    add(traces, "fired", "b", 2, "hall.light.on", True, cause=1)
    add(traces, "sent", "b", 2, "lamp-2", {"wanted": {"on": True}})
    [sent] = traces.commands_to("lamp-2")
    assert [[trace.kind for trace in run] for run in traces.chain(sent.run)] == [["fired", "sent"], ["fired", "sent"]]
    assert [run[0].rule for run in traces.chain(sent.run)] == ["b", "a"]
    assert traces.commands_to("lamp-3") == []


def test_a_circle_of_causes_has_an_end() -> None:
    traces = Traces(Disk(), lambda: ())
    add(traces, "fired", "a", 1, cause=2)
    add(traces, "fired", "b", 2, cause=1)
    assert len(traces.chain(1)) == 2


def test_the_oldest_goes_and_what_is_dull_pushes_nothing_out() -> None:
    dull = [(float(at), "a", "hall.motion.occupied", True) for at in range(5000)]
    disk = Disk()
    traces = Traces(disk, lambda: dull)
    add(traces, "fired", "a", 1)
    traces.keep_dull()
    assert [trace.kind for trace in traces.of_rule("a")].count("fired") == 1
    for run in range(2, TELLING_MAX + 2):
        add(traces, "fired", "b", run)
    assert traces.of_run(1) == []
    assert len(traces.of_rule("b")) == TELLING_MAX
    assert len(disk.load()) == TELLING_MAX + 1


def test_traces_outlive_a_restart_in_their_order() -> None:
    disk = Disk()
    traces = Traces(disk, lambda: [(7.0, "a", "x", object())])
    for run in range(TELLING_MAX + 5):
        add(traces, "fired", "a", run)
    traces.keep_dull()
    disk.load()
    again = Traces(disk, lambda: ())
    runs = [trace.run for trace in again.of_rule("a") if trace.kind == "fired"]
    assert runs == list(range(5, TELLING_MAX + 5))
    assert [trace.at for trace in again.of_rule("a") if trace.kind == "condition"] == [7.0]
    add(again, "fired", "a", 99_999)
    assert again.of_rule("a")[-1].number == TELLING_MAX + 5


def test_records_that_make_no_sense_are_left_out() -> None:
    disk = Disk()
    disk.records = {"0": {"n": "x"}, "1": {}, "dull": {"dull": [[1]]}, "2": {"n": -5, "kind": "fired"}}
    assert Traces(disk, lambda: ()).of_rule("a") == []


def test_only_so_much_of_what_is_dull_is_kept() -> None:
    disk = Disk()
    Traces(disk, lambda: [(float(at), "a", "x", 1) for at in range(5000)]).keep_dull()
    assert len(disk.records["dull"]["dull"]) == DULL_KEPT_MAX


@pytest.mark.parametrize(
    ("wanted", "values", "followed"),
    [
        ({"on": True}, {"on": True, "level": 80}, True),
        ({"on": True}, {"on": False}, False),
        ({"on": True}, {}, False),
        ({"color_temperature": 2700}, {"color_temperature": 2703}, True),  # 370 mireds
        ({"color_temperature": 2700}, {"color_temperature": 4000}, False),
        ({"level": 33.5}, {"level": 34}, True),
        ({"level": 1}, {"level": 0}, False),
        ({"hue": 359, "saturation": 50}, {"hue": 2, "saturation": 51}, True),
        ({"hue": 359, "saturation": 50}, {"hue": 20, "saturation": 50}, False),
        ({"hue": 2, "saturation": 1}, {"hue": 20, "saturation": 1}, True),
        ({"heating_setpoint": 21.3}, {"heating_setpoint": 21.5}, True),
        ({"heating_setpoint": 21}, {"heating_setpoint": 21.5}, False),
        ({"mode": "heat"}, {"mode": "off"}, False),
        ({"parameter_3": 1}, {"parameter_3": 2}, False),
    ],
)
def test_a_device_follows_also_where_it_rounds_to_its_own_steps(
    wanted: dict[str, Any], values: dict[str, Any], followed: bool
) -> None:
    assert is_followed(wanted, values) is followed
