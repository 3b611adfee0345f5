"""What pytest tells of a test with a home: how to run it again, the faults it had, and where its timeline is."""

import os

import pytest

from simulators.pytest_plugin import FAILED, FAULTS, ONLY, PROPERTY, TIMELINE, TROUBLE
from simulators.testing.artifacts import Kept, keep_timeline
from simulators.testing.context import Context
from simulators.testing.failure import LAST, last_of_all
from simulators.testing.home_run import HomeRun
from simulators.testing.reproduce import reproduce_line
from simulators.testing.twice import OUTCOME, outcome_of

FAULTS_TOLD = 12
_SECTION = "the simulated home"


def tell(item: pytest.Item, run: HomeRun, report: pytest.TestReport) -> None:
    """With each report of a test: what fails is told, and what is to be kept is kept."""
    if report.when == "call":
        item.stash[OUTCOME] = outcome_of(run)
        if run.planned:
            _property(item, report, FAULTS, f"{run.struck} of {len(run.planned)}")
    if report.failed:
        item.stash[FAILED] = True
    keep = item.config.getoption("sim_keep") or item.config.getini("sim_keep")
    if not report.failed and not (keep == "always" and report.when == "call"):
        return
    line = _line(item, run)
    lines = [*_about(item, run), *_last(run, report), *_again(line)]
    if keep != "never":
        lines += _kept(item, run, report, line)
    if report.failed:
        _property(item, report, PROPERTY, line)
        report.sections.append((_SECTION, "\n".join(lines)))


def tell_of_difference(
    item: pytest.Item, run: HomeRun, failed: pytest.TestReport, reports: list[pytest.TestReport]
) -> None:
    """Of a test that passed, and was another run the second time: `reports` are of that, all of them made already."""
    line = _line(item, run, "--sim-check-determinism")
    failed.sections.append((_SECTION, "\n".join([*_about(item, run), *_again(line)])))
    for report in reports:
        report.user_properties.append((PROPERTY, line))


def _line(item: pytest.Item, run: HomeRun, *more: str) -> str:
    seed_in_name = "home_seed" in getattr(getattr(item, "callspec", None), "params", ())
    options = [*_options(item), *more]
    return reproduce_line(_name_here(item), run.settings.seed, options, os.environ, seed_in_name=seed_in_name)


def _again(line: str) -> list[str]:
    return ["to run it again as it was:", f"  {line}"]


def _about(item: pytest.Item, run: HomeRun) -> list[str]:
    trace = "" if run.running is None else f", trace {run.site.trace.hash}"
    lines = [f"{run.settings.plan.name}, seed {run.settings.seed}{trace}"]
    if ONLY in item.stash:
        lines.append("with the fewest faults that it takes to fail:" if run.planned else "it fails without faults")
    elif run.planned:
        lines.append(f"with {len(run.planned)} faults; --sim-shrink finds the fewest that it takes to fail:")
    lines += run.to_await.forgotten()
    if run.planned:
        lines += [f"  {fault}" for fault in run.planned[:FAULTS_TOLD]]
        left = len(run.planned) - FAULTS_TOLD
        lines += [f"  and {left} more"] if left > 0 else []
    return lines


def _last(run: HomeRun, report: pytest.TestReport) -> list[str]:
    """Where the failure does not say so itself: a plain `assert` knows nothing of the home."""
    if run.running is None or not report.failed or LAST in report.longreprtext:
        return []
    return last_of_all(Context(run))


def _kept(item: pytest.Item, run: HomeRun, report: pytest.TestReport, line: str) -> list[str]:
    config = item.config
    folder = config.rootpath / (config.getoption("sim_artifacts") or config.getini("sim_artifacts"))
    kept = Kept(item.nodeid, line, passed=not report.failed)
    paths, trouble = keep_timeline(run, kept, folder, with_png=bool(config.getoption("sim_png")))
    for path in paths:
        _property(item, report, TIMELINE, str(path))
    if trouble:
        _property(item, report, TROUBLE, trouble)
    return [*(f"timeline: {path}" for path in paths), *([trouble] if trouble else [])]


def _property(item: pytest.Item, report: pytest.TestReport, name: str, value: str) -> None:
    """Of this report, and of those to come: JUnit's takes them from the last."""
    report.user_properties.append((name, value))
    item.user_properties.append((name, value))


def _name_here(item: pytest.Item) -> str:
    """As it is typed where pytest was started."""
    _, _, name = item.nodeid.partition("::")
    return f"{os.path.relpath(item.path, item.config.invocation_params.dir)}::{name}"


def _options(item: pytest.Item) -> list[str]:
    """Those that change what happens."""
    config = item.config
    words = ["-c", str(named)] if (named := config.getoption("inifilename")) else []
    # Instead of what the ini file says of homes.
    for said in config.getoption("override_ini") or ():
        words += ["-o", said] if said.startswith("sim_") else []
    if ONLY in item.stash:
        only = item.stash[ONLY]
        return [*words, *(word for fault in only for word in ("--sim-fault", fault))] or ["--sim-faults", "none"]
    for option, name in (("--sim-faults", "sim_faults"), ("--sim-faults-for", "sim_faults_for")):
        if value := config.getoption(name):
            words += [option, str(value)]
    return [*words, *(word for fault in config.getoption("sim_fault") or () for word in ("--sim-fault", fault))]
