"""What an agent wrote down of its rules, taken over where only the disk can say what a power cut left of it.

The oracle keeps its own account over restarts. For what changed in the moment before one, RULES.md promises nothing: it
may have been written down or not, and both are right.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from simulators.chaos.oracle.oracle import Oracle
from simulators.chaos.oracle.seen import MODE
from simulators.chaos.oracle.state import Hold, Key, Mark, Run

Record = Mapping[str, Any]
Doubtful = Callable[[tuple[Hashable, ...]], bool]
"""Of what was touched, as `Desk.touch` names it: whether only the disk can say what has become of it."""


def take_up(oracle: Oracle, records: Mapping[str, Record], doubtful: Doubtful) -> None:
    """Before the devices of a new life are known."""
    kept = {kind: _of_kind(records, kind) for kind in ("hold", "deaf", "time", "run", "limit", "lease", "var")}
    _home(oracle, records, kept["var"], doubtful)
    arming = oracle.arming
    _triggers(arming.holds, kept["hold"], "hold", doubtful, _hold)
    _triggers(arming.deaf, kept["deaf"], "deaf", doubtful, lambda record: str(record["hash"]))
    _triggers(arming.marks, kept["time"], "mark", doubtful, _mark)
    _runs(oracle, kept["run"], doubtful)
    for rule in sorted({*oracle.limits, *kept["limit"]}):
        if doubtful(("limit", rule)):
            record = kept["limit"].get(rule)
            oracle.limits.pop(rule, None)
            if record is not None:
                oracle.limits[rule] = (str(record["hash"]), list(record["at"]))
    leases = {(record["rule"], record["device"]): float(record["until"]) for record in kept["lease"].values()}
    for lease in sorted({*oracle.sending.leases, *leases}):
        if doubtful(("lease", *lease)):
            oracle.sending.leases.pop(lease, None)
            if lease in leases:
                oracle.sending.leases[lease] = leases[lease]


def _of_kind(records: Mapping[str, Record], kind: str) -> dict[str, Record]:
    return {key.partition(":")[2]: record for key, record in records.items() if key.startswith(f"{kind}:")}


def _home(oracle: Oracle, records: Mapping[str, Record], variables: Mapping[str, Record], doubtful: Doubtful) -> None:
    rule_set, seen = oracle.rule_set, oracle.seen
    if doubtful(("mode",)):
        mode = records.get("mode", {}).get("mode")
        seen.set(MODE, mode if mode in rule_set.modes else rule_set.modes[0])
    for name, first in rule_set.variables.items():
        if doubtful(("variable", name)):
            seen.set(("", f"var.{name}"), variables.get(name, {}).get("value", first))


def _triggers(
    known: dict[Key, Any], records: Mapping[str, Record], kind: str, doubtful: Doubtful, made: Callable[[Record], Any]
) -> None:
    found = {(rule, int(index)): records[key] for key in records for index, _, rule in (key.partition(":"),)}
    for key in sorted({*known, *found}):
        if doubtful((kind, *key)):
            known.pop(key, None)
            if key in found:
                known[key] = made(found[key])


def _hold(record: Record) -> Hold:
    return Hold(str(record["hash"]), record["value"], float(record["until"]), dormant=True)


def _mark(record: Record) -> Mark:
    seen = float(record["seen"])
    return Mark(str(record["hash"]), seen, record["fired"], seen, record["fired"])


def _runs(oracle: Oracle, records: Mapping[str, Record], doubtful: Doubtful) -> None:
    runs = oracle.runs
    kept = [records[key] for key in sorted(records, key=int)]
    rules = {*(str(record["rule"]) for record in kept), *(run.rule for run in runs.active)}
    doubted = [rule for rule in sorted(rules) if doubtful(("runs", rule))]
    runs.active = [run for run in runs.active if run.rule not in doubted]
    # In the order in which they began.
    runs.active += [_run(oracle, record) for record in kept if record["rule"] in doubted]


def _run(oracle: Oracle, record: Record) -> Run:
    run = Run(str(record["rule"]), str(record["hash"]), record["value"], record["trigger"], float(record["late"]))
    run.number = oracle.runs.next_number()
    run.depth, run.pc, run.slots = int(record["depth"]), int(record["pc"]), list(record["slots"])
    run.wake, run.held, run.since = record["wake"], record["held"], float(record["since"])
    run.queued, run.in_doubt, run.failed = bool(record["queued"]), bool(record["acting"]), bool(record["failures"])
    run.waits = run.dormant = not run.queued
    run.counted = True
    return run
