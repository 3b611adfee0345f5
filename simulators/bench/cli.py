"""`hubagent bench`: measure, and say what came of it."""

import os
import tempfile
from pathlib import Path
from typing import Final

import click

from hubagent.cli.exits import FAILED, GATE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, show_table, tell

NAMES: Final = ("speed", "start", "pairing", "rules", "uplink", "loss", "week", "fleet")
RADIOS: Final = ("zwave", "zigbee")
REQUIRE: Final = "HUBAGENT_REQUIRE_INTEROP"
FEW_NODES: Final = 5
"""In a home for the starts, with fewer runs than SHORT_RUNS."""
SHORT_RUNS: Final = 100
"""With fewer, it is only to be shown that the bench works."""


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--radio", type=click.Choice(RADIOS), help="only this one; default: one after the other")
@click.option("--runs", type=click.IntRange(min=2), default=500, show_default=True, help="reports to each subject")
@click.option("--wire", type=click.Choice(("tcp", "pty")), default="tcp", show_default=True)
@click.option(
    "--nodes",
    type=click.IntRange(2, 200),
    help=f"for the starts; default 50 on Z-Wave, 100 on Zigbee, {FEW_NODES} for fewer than {SHORT_RUNS} runs",
)
@json_option
def bench(*, name: str | None, radio: str | None, runs: int, wire: str, nodes: int | None, as_json: bool) -> int:
    """Measure latency, CPU, start-up, memory and pairing beside a bare echo and other hosts, rules and the uplink.

    `loss` kills brokers, hubs and clouds twenty times, and counts what arrived. `week` says how much faster than real
    time simulated homes run, `fleet` how many live ones this machine holds.

    NAME: only that.
    """
    from simulators.bench.everything import Wanted, measure, tables, view  # noqa: PLC0415 - would slow down --help
    from simulators.bench.far_side import NoReaction  # noqa: PLC0415
    from simulators.bench.subjects import SubjectBroken  # noqa: PLC0415
    from simulators.cloud.broker import NoBroker  # noqa: PLC0415

    wanted = Wanted(name, radio, runs, wire, nodes)
    with tempfile.TemporaryDirectory(prefix="hubagent-bench-") as folder:
        try:
            measured = measure(wanted, Path(folder), tell)
        except (NoReaction, SubjectBroken, NoBroker, TimeoutError, ConnectionError) as error:
            raise Failure(f"the measurement came to nothing: {error}", FAILED) from error
    if as_json:
        show_json(view(measured))
    else:
        for head, rows, remarks in tables(measured):
            show_table(head, rows)
            for remark in remarks:
                show(remark)
    failed = measured.failed_gates(complete=os.environ.get(REQUIRE) == "1")
    for failure in failed:
        tell(f"error: {failure}")
    return GATE if failed else 0
