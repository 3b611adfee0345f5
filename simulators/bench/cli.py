"""`hubagent bench`: measure, and say what came of it."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubagent.cli.exits import FAILED, GATE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import show, show_json, show_table, tell

if TYPE_CHECKING:
    from simulators.bench.measure import Results
    from simulators.bench.scene import Scene

OF_RADIOS: Final = ("speed", "start", "pairing")
NAMES: Final = (*OF_RADIOS, "rules", "uplink", "loss")
REPETITIONS: Final = 20
"""Of the loss of messages, where it is asked for by name; else it is one short one for each way."""
RADIOS: Final = ("zwave", "zigbee")
REQUIRE: Final = "HUBAGENT_REQUIRE_INTEROP"
SHORT_RUNS: Final = 100
"""With fewer, a home of few nodes is enough for the starts."""
FEW_NODES: Final = 5
PAIRED: Final = 5


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

    `loss` kills brokers, hubs and clouds twenty times, and counts what arrived.

    NAME: only that.
    """
    # Imported here: the codecs would slow down every --help.
    from simulators.bench import rules  # noqa: PLC0415
    from simulators.bench.far_side import NoReaction  # noqa: PLC0415
    from simulators.bench.loss import loss  # noqa: PLC0415
    from simulators.bench.measure import Results  # noqa: PLC0415
    from simulators.bench.report import failed_gates, view  # noqa: PLC0415
    from simulators.bench.subjects import SubjectBroken  # noqa: PLC0415
    from simulators.bench.table import SCENES  # noqa: PLC0415
    from simulators.bench.uplink import uplink  # noqa: PLC0415
    from simulators.cloud.broker import NoBroker  # noqa: PLC0415

    of_radios = name is None or name in OF_RADIOS
    scenes = [scene for scene in SCENES.values() if radio in (None, scene.radio)] if of_radios else []
    of_rules = rules.measure_rules(runs, tell) if name in (None, "rules") and radio is None else None
    all_results = [Results(scene.radio, scene.aims) for scene in scenes]

    async def measure(folder: Path) -> None:
        for scene, results in zip(scenes, all_results, strict=True):
            await _measure(scene, results, folder, (name,) if name else OF_RADIOS, wire, runs, nodes)

    of_uplink: uplink.UplinkResults | None = None
    losses: list[loss.Loss] = []
    with tempfile.TemporaryDirectory(prefix="hubagent-bench-") as folder:
        try:
            asyncio.run(measure(Path(folder)))
            if name in (None, "uplink") and radio is None:
                brief = runs < SHORT_RUNS
                of_uplink = asyncio.run(uplink.measure_uplink(Path(folder) / "uplink", runs, tell, brief=brief))
                uplink.measure_alone(of_uplink, tell, brief=brief)
            if name in (None, "loss") and radio is None:
                repeats, messages = (REPETITIONS, loss.MESSAGES) if name else (1, loss.FEW)
                losses = asyncio.run(loss.measure_losses(Path(folder), repeats, messages, tell))
        except (NoReaction, SubjectBroken, NoBroker, TimeoutError, ConnectionError) as error:
            raise Failure(f"the measurement came to nothing: {error}", FAILED) from error
    if as_json:
        show_json(
            {
                **view(all_results),
                "rules": None if of_rules is None else rules.view(of_rules),
                "uplink": None if of_uplink is None else uplink.view(of_uplink),
                "loss": loss.view(losses),
            }
        )
    else:
        if of_rules is not None:
            show_table(*rules.table(of_rules))
        for results in all_results:
            _show(results)
        for head, rows in uplink.tables(of_uplink) if of_uplink is not None else ():
            show_table(head, rows)
        if losses:
            show_table(*loss.table(losses))
    failed = loss.failed_gates(losses)
    failed += [gate for results in all_results for gate in failed_gates(results)]
    if os.environ.get(REQUIRE) == "1":
        failed += [f"{who} was not measured: {why}" for it in all_results for who, why in it.missing.items()]
    for failure in failed:
        tell(f"error: {failure}")
    return GATE if failed else 0


async def _measure(
    scene: "Scene", results: "Results", folder: Path, names: Sequence[str], wire: str, runs: int, nodes: int | None
) -> None:
    from simulators.bench.measure import measure_pairing, measure_speed, measure_starts  # noqa: PLC0415 - loaded by now
    from simulators.bench.wire import WIRES  # noqa: PLC0415

    brief = runs < SHORT_RUNS
    make_wire = WIRES[wire]
    folders = {part: folder / scene.radio / part for part in names}
    for part in folders.values():
        part.mkdir(parents=True)
    tell(f"on {scene.radio}")
    if "speed" in names:
        await measure_speed(scene, scene.subjects(folders["speed"]), make_wire, runs, results, tell)
    if "start" in names:
        count = nodes or (FEW_NODES if brief else scene.large)
        await measure_starts(scene, scene.subjects(folders["start"])[1:], make_wire, count, results, tell)
    if "pairing" in names:
        count = 1 if brief else PAIRED
        await measure_pairing(scene, scene.pairing(folders["pairing"]), make_wire, count, results, tell)


def _show(results: "Results") -> None:
    from simulators.bench.report import remarks, tables  # noqa: PLC0415 - loaded by now

    for head, rows in tables(results):
        show_table(head, rows)
    for remark in remarks(results):
        show(remark)
