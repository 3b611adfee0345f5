"""`hubagent sim chaos`: runs of a whole home in which things go wrong by seed, until a check complains."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubagent.cli.exits import GATE, OK, USAGE, Failure
from hubagent.cli.options import json_option
from hubagent.cli.output import coloured, show, show_json, show_table, tell
from hubagent.toml_lines import did_you_mean

if TYPE_CHECKING:
    from simulators.chaos.asked import Asked
    from simulators.chaos.fault import Fault
    from simulators.chaos.scenario import Scenario
    from simulators.chaos.verdict import Verdict
    from simulators.home import HomePlan

RUNS = 20
SECONDS = 3600.0
HOME = "flat"
ALL, NONE = "all", "none"


@click.command()
@click.argument("home", default=HOME)
@click.option(
    "--rules",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    metavar="FILE",
    help="its rules; default: HOME.rules.toml beside HOME.toml",
)
@click.option(
    "--runs", type=click.IntRange(1), help=f"how many seeds; default: {RUNS}, or 1 where --seed or --fault is given"
)
@click.option("--seed", type=click.IntRange(0), help="the first one; default: 0")
@click.option(
    "--part",
    type=click.IntRange(0),
    default=0,
    envvar="JOB_COMPLETION_INDEX",
    show_envvar=True,
    help="which block of so many runs: an index of a Kubernetes Job; not with --fault",
)
@click.option("--seconds", type=click.FloatRange(1), default=SECONDS, show_default=True, help="for how long, in a run")
@click.option("--fault", "words", multiple=True, metavar="FAULT", help="just this one, as a line to replay says it")
@click.option("--faults", metavar="NAMES", default=ALL, show_default=True, help="names, families, numbers; all; none")
@click.option("--without", metavar="NAMES", multiple=True, help="all but these")
@click.option("--people/--no-people", default=True, show_default=True, help="somebody lives there")
@click.option("--without-device", "gone", multiple=True, metavar="DEVICE", help="that the home does not have")
@click.option("--check", "checks", multiple=True, metavar="NAME", help="only this check")
@click.option("--check-determinism", "twice", is_flag=True, help="each seed twice: it must be the same run")
@click.option("--jobs", type=click.IntRange(0), default=1, show_default=True, help="processes; 0: one for each core")
@click.option("--dask", metavar="ADDRESS", help="a Dask cluster that runs already, instead of --jobs")
@click.option("--shrink/--no-shrink", default=None, help="make failures small; default: those that are drawn")
@click.option("--first", is_flag=True, help="stop at the first failure")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="keep what there is of failures here")
@click.option("--list", "only_list", is_flag=True, help="list the faults there are")
@json_option
def chaos(
    *,
    home: str,
    rules: tuple[Path, ...],
    runs: int | None,
    seed: int | None,
    part: int,
    seconds: float,
    words: tuple[str, ...],
    faults: str,
    without: tuple[str, ...],
    people: bool,
    gone: tuple[str, ...],
    checks: tuple[str, ...],
    twice: bool,
    jobs: int,
    dask: str | None,
    shrink: bool | None,
    first: bool,
    keep: Path | None,
    only_list: bool,
    as_json: bool,
) -> int:
    """Let things go wrong in HOME, a bundled home or a TOML file, in virtual time; exits 6 where a check complains.

    Its rules are those of HOME.rules.toml beside it, or of --rules.

    A seed says which faults strike when. A failure is made as small as possible, and its last line runs it again.
    """
    from simulators.chaos.asked import Asked  # noqa: PLC0415 - pydantic and the rest would slow down --help
    from simulators.chaos.scenario import Scenario  # noqa: PLC0415 - as above

    if only_list:
        return _list(as_json=as_json)
    many = runs or (1 if words or seed is not None else RUNS)
    # A line that runs a failure again is that seed, wherever it is typed.
    begin = (seed or 0) + (0 if words else part * many)
    given = _given(words)
    names = None if given else _names(faults, without)
    _check_names(checks)
    first_one = Scenario(home, begin, seconds, given, people, gone, tuple(map(str, rules)))
    _check_home(first_one)
    _check_rules(first_one)
    _check_keep(keep)
    asked = [Asked(replace(first_one, seed=number), names, checks, twice) for number in range(begin, begin + many)]
    report = _Report(shrinks=not given if shrink is None else shrink, keep=keep, checks=checks, as_json=as_json)
    try:
        for verdict in _answers(asked, jobs or os.cpu_count() or 1, dask):
            report.take(verdict)
            if first and not verdict.ok:
                break
    except KeyboardInterrupt:
        report.tally()
        raise
    return report.end()


def _given(words: tuple[str, ...]) -> "tuple[Fault, ...]":
    from simulators.chaos.fault import BadFault, parse_fault  # noqa: PLC0415 - as above
    from simulators.chaos.table import FAULTS, names_of  # noqa: PLC0415
    from simulators.fault_kind import BadOption  # noqa: PLC0415

    found = []
    for number, word in enumerate(words):
        try:
            fault = parse_fault(word, number)
            if fault.name not in FAULTS:
                names_of([fault.name])
                raise Failure(f"{fault.name!r} is a family of faults; `hubagent sim chaos --list` shows them", USAGE)
            FAULTS[fault.name].complete(fault.options)
        except (BadFault, BadOption, ValueError) as error:
            raise Failure(f"--fault: {error}", USAGE) from error
        found.append(fault)
    return tuple(found)


def _names(faults: str, without: tuple[str, ...]) -> tuple[str, ...]:
    from simulators.chaos.table import FAULTS, NoSuchKind, names_of  # noqa: PLC0415 - as above

    try:
        drawn = tuple(FAULTS) if faults == ALL else () if faults == NONE else names_of(faults.split(","))
        left_out = names_of(word for words in without for word in words.split(","))
    except NoSuchKind as error:
        raise Failure(str(error), USAGE) from error
    return tuple(name for name in drawn if name not in left_out)


def _check_names(checks: tuple[str, ...]) -> None:
    from simulators.chaos.checks.table import CHECKS  # noqa: PLC0415 - as above

    there = [check.name for check in CHECKS]
    for name in checks:
        if name not in there:
            raise Failure(f"there is no check {name!r}; there are {', '.join(there)}", USAGE)


def _check_home(scenario: "Scenario") -> None:
    from simulators.home import NoSuchHome  # noqa: PLC0415 - as above

    try:
        # Of a failure made small, what a fault struck may be a device that it turned out not to need.
        whole = replace(scenario, without=()).plan()
    except NoSuchHome as error:
        raise Failure(f"{error}; `hubagent sim list` shows them", USAGE) from error
    devices = [it.name for it in whole.device]
    for name in scenario.without:
        if name not in devices:
            hint = did_you_mean(name, devices)
            raise Failure(f"--without-device: there is no device {name!r} in {scenario.home}{hint}", USAGE)
    _check_snapshots(scenario.plan())
    if scenario.faults:
        _check_targets(scenario, whole)


def _check_snapshots(plan: "HomePlan") -> None:
    """Of captured devices: what is wrong with a file is no bug that a run has found."""
    from simulators.kinds import CAPTURED  # noqa: PLC0415 - as above
    from simulators.zigbee.snapshot import SnapshotError, read_snapshot  # noqa: PLC0415

    for device in plan.device:
        if device.kind == CAPTURED:
            try:
                read_snapshot(Path(device.options["file"]))
            except SnapshotError as error:
                raise Failure(f"{device.name}: {error}", USAGE) from error


def _check_rules(scenario: "Scenario") -> None:
    """Raises Mistakes."""
    from hubagent.rules.reading.rule_set import read_rule_set  # noqa: PLC0415 - as above

    files = scenario.rule_files()
    read_rule_set(files)
    if not files:
        tell(f"no rules: there is no {Path(scenario.home).stem}.rules.toml beside the home; --rules FILE gives it some")


def _check_targets(scenario: "Scenario", whole: "HomePlan") -> None:
    """What cannot strike would be left out of the run, which then shows nothing."""
    from simulators.chaos.plan import targets_of  # noqa: PLC0415 - as above

    # Whether there is a broker is the seed's.
    targets = {**targets_of(whole, broker=True), **targets_of(whole, broker=False)}
    for fault in scenario.faults:
        there = targets.get(fault.name, ())
        if fault.target not in there:
            hint = did_you_mean(fault.target, there) or f"; here: {', '.join(there) or 'nothing'}"
            raise Failure(f"--fault {fault}: nothing that it strikes is called {fault.target!r}{hint}", USAGE)


def _check_keep(folder: Path | None) -> None:
    """Now, and not after hours of runs."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"--keep: {folder} cannot be made: {error.strerror or error}", USAGE) from error
    if not os.access(folder, os.W_OK):
        raise Failure(f"--keep: {folder} cannot be written to", USAGE)


def _answers(asked: "list[Asked]", jobs: int, dask: str | None) -> "Iterator[Verdict]":
    from simulators.chaos.dask import answers_of_dask  # noqa: PLC0415 - as above
    from simulators.chaos.jobs import JobsFailed, answers  # noqa: PLC0415

    try:
        yield from answers(asked, jobs) if dask is None else answers_of_dask(asked, dask)
    except JobsFailed as error:
        raise Failure(str(error)) from error


def _list(*, as_json: bool) -> int:
    from simulators.chaos.table import FAULTS  # noqa: PLC0415 - as above

    if as_json:
        show_json({"v": 1, "faults": [kind.to_json() for kind in FAULTS.values()]})
        return OK
    rows = [(", ".join(map(str, it.numbers)), it.name, str(it.target), it.about) for it in FAULTS.values()]
    show_table(("number", "fault", "strikes", "what it is"), rows)
    return OK


class _Report:
    """What people, or another program, are told of the runs."""

    def __init__(self, *, shrinks: bool, keep: Path | None, checks: tuple[str, ...], as_json: bool) -> None:
        self._shrinks = shrinks
        self._keep = keep
        self._checks = checks
        self._as_json = as_json
        self._runs = 0
        self._failed: list[Verdict] = []
        self._virtual_s = 0.0
        self._remarks: set[str] = set()

    def take(self, verdict: "Verdict") -> None:
        self._runs += 1
        self._virtual_s += verdict.virtual_s
        for remark in verdict.remarks:
            if remark not in self._remarks:
                self._remarks.add(remark)
                tell(f"{coloured('warning', 'yellow')}  {remark}")
        if self._as_json:
            show_json(verdict.to_json())
        elif verdict.ok:
            tell(f"{coloured('ok', 'green')}  seed {verdict.scenario.seed}  {verdict.hash}")
        else:
            tell(f"{coloured('failed', 'red')}  seed {verdict.scenario.seed}  {verdict.problems[0]}")
        if not verdict.ok:
            self._failed.append(verdict)

    def tally(self) -> None:
        tell(f"{self._runs} runs, {len(self._failed)} failed, {self._virtual_s / 3600:.1f} h of virtual time")

    def end(self) -> int:
        self.tally()
        told: set[str] = set()
        for verdict in self._failed:
            # One of each kind: many seeds find the same.
            check = verdict.problems[0].check
            if check not in told:
                told.add(check)
                self._tell(verdict)
        return GATE if self._failed else OK

    def _tell(self, verdict: "Verdict") -> None:
        small = self._smaller(verdict) if self._shrinks else verdict
        if self._keep is not None:
            from simulators.chaos.kept import keep  # noqa: PLC0415 - as above

            tell(f"kept in {keep(small, self._keep, self._checks)}")
        if self._as_json:
            if self._shrinks:
                show_json({"v": 1, "shrunk": small.to_json()})
            return
        show("")
        for problem in small.problems:
            show(str(problem))
        show(small.scenario.command())

    def _smaller(self, verdict: "Verdict") -> "Verdict":
        from simulators.chaos.asked import Asked, answer  # noqa: PLC0415 - as above
        from simulators.chaos.shrink import shrink  # noqa: PLC0415

        def judge(scenario: "Scenario") -> "Verdict":
            return answer(Asked(scenario, None, self._checks))

        again = judge(verdict.scenario)
        if again.ok:
            tell(f"seed {verdict.scenario.seed} does not fail again: it is not one run, or the machines differ")
            return verdict
        shrunk = shrink(again, judge)
        before, after = verdict.scenario, shrunk.scenario
        tell(
            f"seed {before.seed}: {len(before.faults)} faults in {before.seconds:g} s are"
            f" {len(after.faults)} in {after.seconds:g} s, after {shrunk.runs} runs"
            + ("" if shrunk.done else "; there would have been more to try")
        )
        return shrunk.verdict
