"""What is kept of a run that failed, for people: its verdict, its plan, its log, and all that crossed a seam in it."""

import json
from pathlib import Path

from simulators.chaos.asked import chosen
from simulators.chaos.run import run
from simulators.chaos.table import FAULTS
from simulators.chaos.verdict import Verdict


def keep(verdict: Verdict, folder: Path, checks: tuple[str, ...]) -> Path:
    """Runs it once more. Returns the folder in which all of it is. Raises OSError."""
    place = folder / f"seed-{verdict.scenario.seed}"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "trace.txt").open("w", encoding="utf-8") as trace:
        again = run(verdict.scenario, checks=chosen(checks), trace=trace)
    (place / "verdict.json").write_text(json.dumps(again.to_json(), indent=1) + "\n", encoding="utf-8")
    (place / "log.txt").write_text("".join(f"{line}\n" for line in again.log), encoding="utf-8")
    plan = [f"{fault}  {FAULTS[fault.name].about}\n" for fault in verdict.scenario.faults]
    (place / "plan.txt").write_text(f"{verdict.scenario.command()}\n\n{''.join(plan)}", encoding="utf-8")
    return place
