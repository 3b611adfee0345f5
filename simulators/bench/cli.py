"""`hubagent bench`: measure, and say what came of it."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Final

import click

from hubagent.cli.exits import FAILED, GATE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, show_table, tell

NAMES: Final = ("speed", "start")
REQUIRE: Final = "HUBAGENT_REQUIRE_INTEROP"
SHORT_RUNS: Final = 100
"""With fewer, a home of few nodes is enough for the starts."""


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--runs", type=click.IntRange(min=2), default=500, show_default=True, help="reports to each subject")
@click.option("--wire", type=click.Choice(("tcp", "pty")), default="tcp", show_default=True)
@click.option("--nodes", type=click.IntRange(2, 200), help="for the starts; default 50, or 5 for fewer than 100 runs")
@json_option
def bench(*, name: str | None, runs: int, wire: str, nodes: int | None, as_json: bool) -> int:
    """Measure latency, CPU, start-up and memory beside a bare echo and zwave-js; NAME: only speed, or only start."""
    # Imported here: the codecs would slow down every --help.
    from simulators.bench.far_side import NoReaction  # noqa: PLC0415
    from simulators.bench.measure import Results, measure_speed, measure_starts, subjects  # noqa: PLC0415
    from simulators.bench.report import failed_gates, remarks, speed_table, start_table, view  # noqa: PLC0415
    from simulators.bench.subjects import SubjectBroken  # noqa: PLC0415
    from simulators.bench.wire import WIRES  # noqa: PLC0415

    results = Results()

    async def measure(folder: Path) -> None:
        if name != "start":
            await measure_speed(subjects(folder / "speed"), WIRES[wire], runs, results, tell)
        if name != "speed":
            count = nodes or (50 if runs >= SHORT_RUNS else 5)
            await measure_starts(subjects(folder / "start")[1:], WIRES[wire], count, results, tell)

    with tempfile.TemporaryDirectory(prefix="hubagent-bench-") as folder:
        for part in NAMES:
            (Path(folder) / part).mkdir()
        try:
            asyncio.run(measure(Path(folder)))
        except (NoReaction, SubjectBroken, ConnectionError) as error:
            raise Failure(f"the measurement came to nothing: {error}", FAILED) from error
    if as_json:
        show_json(view(results))
    else:
        for head, rows in (speed_table(results), start_table(results)):
            if rows:
                show_table(head, rows)
        for remark in remarks(results):
            show(remark)
    failed = failed_gates(results)
    if os.environ.get(REQUIRE) == "1":
        failed += [f"{missing} was not measured: {why}" for missing, why in results.missing.items()]
    for failure in failed:
        tell(f"error: {failure}")
    return GATE if failed else 0
