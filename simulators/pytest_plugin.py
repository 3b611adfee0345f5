"""The pytest plugin: `home`, a simulated home for each test that asks for it. TESTING.md shows how it is used.

A test that is `async def` and has a `home` runs on the home's own loop, in virtual time; no other plugin is needed for
that, and one that is there (pytest-asyncio, anyio) keeps all other tests. Nothing of ours is imported before a test
asks for a home, so that those who do not pay nothing.

PYTEST_DONT_REWRITE: it asserts nothing, and is often imported before pytest could rewrite it.
"""

import inspect
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import pytest

if TYPE_CHECKING:
    from asyncio import Protocol

    from simulators.testing.home import Home
    from simulators.testing.home_run import HomeRun

MARK: Final = "home"
PROPERTY: Final = "sim_reproduce"
TIMELINE: Final = "sim_timeline"
TROUBLE: Final = "sim_timeline_trouble"
FAULTS: Final = "sim_faults"
"""Properties of a test, also in JUnit's file: the line that runs it again, its pictures, why there are none, how many
faults struck."""
_USUAL_SEED: Final = 1
_BEFORE: Final = ("home_file", "home_seed", "home_sticks")
"""Fixtures that a home is made of."""
_PACKAGES: Final = ("drivers", "hubagent", "simulators")
_KEEP: Final = ("failed", "always", "never")
_MARK_LINE: Final = (
    "home(name_or_file, *, rules, rules_text, seed, start, place, people, rooms, cloud, broker, radio_time, settings,"
    " faults, faults_for, patience): which simulated home the test has (TESTING.md)"
)

# What is known of a test while it runs.
RUN: Final[pytest.StashKey["HomeRun"]] = pytest.StashKey()
FAILED: Final[pytest.StashKey[bool]] = pytest.StashKey()
TRACE: Final[pytest.StashKey[TextIO | None]] = pytest.StashKey()
"""Where every crossing of a seam is written to, should somebody compare."""
ONLY: Final[pytest.StashKey[tuple[str, ...]]] = pytest.StashKey()
"""Just these faults, whatever the seed would draw."""


# --- options


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    _leave_the_library_alone(pluginmanager)
    group = parser.getgroup("simulated homes")
    group.addoption("--sim-seed", type=int, metavar="N", help="the seed of everything random in simulated homes")
    group.addoption(
        "--sim-runs", type=int, metavar="N", help="run each test with a home N times, with seeds from --sim-seed on"
    )
    group.addoption("--sim-faults", metavar="NAMES", help="faults by seed: names, families, numbers; all; none")
    group.addoption("--sim-faults-for", metavar="TIME", help="for how long they strike, as 10m (the default)")
    group.addoption(
        "--sim-fault", metavar="FAULT", action="append", help="just this one, as a failure's line says it; repeatable"
    )
    group.addoption(
        "--sim-check-determinism",
        action="store_true",
        help="run each test of a home twice, and fail where the two runs differ",
    )
    group.addoption(
        "--sim-shrink", action="store_true", help="look for the fewest of a failed test's faults with which it fails"
    )
    group.addoption("--sim-artifacts", metavar="FOLDER", help="where timelines are kept (default: sim-artifacts)")
    group.addoption("--sim-keep", choices=_KEEP, help="of which tests timelines are kept (default: failed)")
    group.addoption("--sim-png", action="store_true", help="keep timelines as PNG, too; needs hubagent[png]")
    parser.addini("sim_home", "the home of tests that do not say: a name, or a file beside the ini file")
    parser.addini("sim_rules", "its rule files", type="args")
    parser.addini("sim_start", "when homes begin, as 2026-03-29 07:30")
    parser.addini("sim_faults", "as --sim-faults")
    parser.addini("sim_faults_for", "as --sim-faults-for")
    parser.addini("sim_seed", f"as --sim-seed; default {_USUAL_SEED}")
    parser.addini("sim_artifacts", "as --sim-artifacts", default="sim-artifacts")
    parser.addini("sim_keep", "as --sim-keep", default="failed")
    parser.addini("sim_patience", "how long a test may wait for what does not come: 1d (the default)")
    parser.addini("sim_max_steps", "callbacks that one test may take, before it is ended")


def _leave_the_library_alone(pluginmanager: pytest.PytestPluginManager) -> None:
    """pytest rewrites every `assert` of the whole distribution that a plugin comes from: here hundreds of files, some
    seconds of each job on an empty machine. It has no other way to be told that it need not."""
    marked = getattr(pluginmanager.rewrite_hook, "_must_rewrite", None)
    if isinstance(marked, set):
        marked.difference_update(_PACKAGES)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARK_LINE)
    runs = config.getoption("sim_runs")
    if runs is not None and runs < 1:
        raise pytest.UsageError(f"--sim-runs is 1 or more, not {runs}")
    for name in ("sim_seed", "sim_max_steps"):
        if (number := config.getini(name)) and not number.isdecimal():
            raise pytest.UsageError(f"{name} is a number, not {number!r}")
    if (steps := config.getini("sim_max_steps")) and int(steps) < 1:
        raise pytest.UsageError(f"sim_max_steps is 1 or more, not {steps}")
    if (keep := config.getini("sim_keep")) not in _KEEP:
        raise pytest.UsageError(f"sim_keep is one of {', '.join(_KEEP)}, not {keep!r}")


# --- the fixtures


@pytest.fixture
def home_file(request: pytest.FixtureRequest) -> str | Path:
    """The home that the test is in: the name of one that comes along, or a file. To be overridden by those who like.

    Relative paths are looked for beside the test, then beside the ini file.
    """
    mark = request.node.get_closest_marker(MARK)
    if mark is not None and mark.args:
        named: str | Path = mark.args[0]
        if len(mark.args) > 1:
            pytest.fail(f"@pytest.mark.home takes one home, and the rest by its name: not {mark.args!r}", pytrace=False)
        return named
    from simulators.testing.settings import USUAL_HOME  # noqa: PLC0415 - only for those who have a home

    return str(request.config.getini("sim_home")) or USUAL_HOME


@pytest.fixture
def home_seed(request: pytest.FixtureRequest) -> int:
    """The seed of everything random in the home."""
    return int(request.param) if hasattr(request, "param") else _first_seed(request.config, request.node)


@pytest.fixture
def home_sticks() -> dict[str, "Protocol"]:
    """What is plugged into the hub beside the home's own radios: by the name of its driver, the far side of its port.

    To be overridden by those who test a driver of their own.
    """
    return {}


def _home(
    request: pytest.FixtureRequest, home_file: str | Path, home_seed: int, home_sticks: dict[str, "Protocol"]
) -> Iterator["Home"]:
    """A simulated home with a hub in it, in virtual time. TESTING.md shows what can be done with it."""
    from simulators.testing.home import Home  # noqa: PLC0415 - as above
    from simulators.testing.home_run import HomeRun  # noqa: PLC0415
    from simulators.testing.settings import BadSettings, home_settings  # noqa: PLC0415

    node, config = request.node, request.config
    if _is_of_unittest(node) and inspect.iscoroutinefunction(node.obj):
        pytest.fail(
            "a test of unittest's that is async does not run in the home's time; say self.home.run(...) in one that is"
            " not async, or write it in a plain class",
            pytrace=False,
        )
    folders = tuple(dict.fromkeys((Path(node.path).parent, config.rootpath)))
    wrong = ""
    try:
        settings = home_settings(home_file, {**_keys(config, node), **_only(node)}, home_seed, folders, home_sticks)
    except BadSettings as error:
        wrong = str(error)
    if wrong:
        pytest.fail(wrong, pytrace=False)
    steps = config.getini("sim_max_steps")
    run = node.stash[RUN] = HomeRun(settings, int(steps) if steps else None, node.stash.get(TRACE, None))
    yield Home(run)
    problems = run.end(failed=node.stash.get(FAILED, False))
    if problems:
        pytest.fail("the test left behind:\n" + "\n".join(problems), pytrace=False)


home = pytest.fixture(_home, name="home")


def _keys(config: pytest.Config, node: pytest.Item) -> dict[str, Any]:
    """What the ini file says, and the mark over it."""
    said: dict[str, Any] = {name: config.getini(f"sim_{name}") for name in ("rules", "start", "patience")}
    mark = node.get_closest_marker(MARK)
    marked = {} if mark is None else dict(mark.kwargs)
    if {"rules", "rules_text"} & marked.keys() or (mark is not None and mark.args):
        # Another home has its own rules.
        del said["rules"]
    return {**{key: value for key, value in said.items() if value}, **marked, **_faults(config, marked)}


def _only(node: pytest.Item) -> dict[str, Any]:
    return {"faults": "none", "given_faults": node.stash[ONLY]} if ONLY in node.stash else {}


def _faults(config: pytest.Config, marked: dict[str, Any]) -> dict[str, Any]:
    """The command line counts more than the mark, the mark more than the ini file."""
    found = {}
    for key, option in (("faults", "sim_faults"), ("faults_for", "sim_faults_for")):
        if value := config.getoption(option) or marked.get(key) or config.getini(option):
            found[key] = value
    given = config.getoption("sim_fault")
    return found if given is None else {**found, "given_faults": given}


def _first_seed(config: pytest.Config, node: Any) -> int:
    """Of the command line, else the mark's, else the ini file's."""
    if (seed := config.getoption("sim_seed")) is not None:
        return int(seed)
    mark = node.get_closest_marker(MARK)
    if mark is not None and "seed" in mark.kwargs:
        seed = mark.kwargs["seed"]
        if not isinstance(seed, int) or isinstance(seed, bool):
            pytest.fail(f"@pytest.mark.home: seed is a whole number, not {seed!r}", pytrace=False)
        return seed
    return int(config.getini("sim_seed") or _USUAL_SEED)


# --- which tests


def _has_home(item: Any) -> bool:
    """It asks for our `home`, perhaps by another fixture of that name that is made of it; not for somebody else's."""
    for fixturedef in reversed(item._fixtureinfo.name2fixturedefs.get(MARK, ())):
        if fixturedef.func is _home:
            return True
        if MARK not in fixturedef.argnames:
            return False
    return False


def _is_of_unittest(item: Any) -> bool:
    # Who has such a class has imported it; nobody else shall pay for it.
    unittest = sys.modules.get("unittest")
    return unittest is not None and item.cls is not None and issubclass(item.cls, unittest.TestCase)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    runs = metafunc.config.getoption("sim_runs")
    if runs is None or runs == 1 or not _has_home(metafunc.definition):
        return
    from simulators.testing.reproduce import SEED_ID  # noqa: PLC0415 - as above

    first = _first_seed(metafunc.config, metafunc.definition)
    seeds = range(first, first + runs)
    metafunc.parametrize("home_seed", seeds, ids=[SEED_ID.format(seed) for seed in seeds], indirect=True)


class HomeTest(pytest.Function):
    """An `async def` test with a home: it runs on the home's loop."""

    def runtest(self) -> None:
        __tracebackhide__ = True
        arguments = {name: self.funcargs[name] for name in self._fixtureinfo.argnames}
        run = self.stash[RUN]
        run.call(self.obj(**arguments))
        run.check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]  # as Function's
        """Of a line that did nothing its text says all; where that was found out is nobody's business."""
        from simulators.testing.to_await import NotAwaited  # noqa: PLC0415 - as above

        if isinstance(excinfo.value, NotAwaited):
            return f"{NotAwaited.__name__}: {excinfo.value}"
        return super().repr_failure(excinfo)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    """Outside of all others: whatever plugin claims async tests, those with a home are ours."""
    found = yield
    if isinstance(found, list):
        return [_as_home_test(it) for it in found]
    return _as_home_test(found)


def _as_home_test(item: Any) -> Any:
    if not isinstance(item, pytest.Function) or not _has_home(item) or not inspect.iscoroutinefunction(item.obj):
        return item
    if _is_of_unittest(item):
        # It has set-up and tear-down of its own, which only its own item knows.
        return item
    # As plugins do that have items of their own: there is no public way from one kind to another.
    test: HomeTest = HomeTest.from_parent(
        item.parent,
        name=item.name,
        callspec=getattr(item, "callspec", None),
        callobj=item.obj,
        fixtureinfo=item._fixtureinfo,
        keywords=item.keywords,
        originalname=item.originalname,
    )
    test.own_markers = [mark for mark in item.own_markers if mark.name != "asyncio"]
    return test


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: "pytest.FixtureDef[Any]", request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Async fixtures of a test with a home run on the home's loop, too."""
    func = fixturedef.func
    is_async = inspect.iscoroutinefunction(func) or inspect.isasyncgenfunction(func)
    node = request.node
    if not is_async or fixturedef.argname in _BEFORE or not isinstance(node, pytest.Function) or not _has_home(node):
        return (yield)
    request.getfixturevalue("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixturedef, "func", _on_the_homes_loop(func, request))
        return (yield)


def _on_the_homes_loop(func: Any, request: pytest.FixtureRequest) -> Any:
    run = request.node.stash[RUN]
    instance = request.instance
    if instance is not None and next(iter(inspect.signature(func).parameters), "") == "self":
        func = func.__get__(instance)

    def call(*_bound: object, **arguments: Any) -> Any:
        if not inspect.isasyncgenfunction(func):
            return run.call(func(**arguments))
        steps = func(**arguments)
        value = run.call(_next(steps))
        request.addfinalizer(lambda: run.call(_last(steps)))
        return value

    return call


async def _next(steps: AsyncIterator[Any]) -> Any:
    return await anext(steps)


async def _last(steps: AsyncIterator[Any]) -> None:
    async for _ in steps:
        raise ValueError("an async generator that is a fixture yields once")


# --- more than once


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A test that passed runs once more with --sim-check-determinism, one that failed with --sim-shrink as often as it
    takes; fixtures and all."""
    wanted = [name for name in ("sim_check_determinism", "sim_shrink") if item.config.getoption(name)]
    if not wanted or not isinstance(item, pytest.Function) or not _has_home(item):
        return None
    from simulators.testing.again import reports_of  # noqa: PLC0415 - as above

    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in reports_of(item, nextitem, twice="sim_check_determinism" in wanted, shrink="sim_shrink" in wanted):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


# --- what is told of those that failed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if RUN in item.stash and call.excinfo is not None:
        from simulators.testing.hidden import cut_short  # noqa: PLC0415 - as above

        cut_short(call.excinfo.value)
    report = yield
    if RUN in item.stash:
        from simulators.testing.telling import tell  # noqa: PLC0415 - as above

        tell(item, item.stash[RUN], report)
    return report


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Once more at the end, where people look."""
    lines = dict.fromkeys(_properties(terminalreporter, PROPERTY, "failed", "error"))
    if lines:
        terminalreporter.section("to run failed homes again")
        for line in lines:
            terminalreporter.write_line(line)
    # One that passed has no section in which it could be said.
    if troubles := list(_properties(terminalreporter, TROUBLE, "passed")):
        more = f" (and {len(troubles) - 1} more that passed)" if len(troubles) > 1 else ""
        terminalreporter.write_line(f"{troubles[0]}{more}")
    counts = [count.split(" of ") for count in _properties(terminalreporter, FAULTS, "passed", "failed")]
    struck, planned = (sum(int(count[place]) for count in counts) for place in (0, 1))
    if planned:
        late = planned - struck
        told = f"; {late} would have struck after their test had ended (--sim-faults-for)" if late else ""
        terminalreporter.write_line(f"{struck} of {planned} faults struck in {len(counts)} tests with a home{told}")


def _properties(terminalreporter: "pytest.TerminalReporter", wanted: str, *outcomes: str) -> Iterator[str]:
    """Of the tests themselves that ended so; not of what was set up and taken down around them."""
    for outcome in outcomes:
        for report in terminalreporter.getreports(outcome):
            # A file that could not even be read has none.
            for name, value in getattr(report, "user_properties", ()):
                if name == wanted:
                    yield str(value)
