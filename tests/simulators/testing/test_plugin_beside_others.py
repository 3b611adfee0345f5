"""The plugin beside those that others have for async tests, on several processes, and where nobody has a home."""

import subprocess
import sys
from textwrap import dedent

import pytest

from tests.simulators.testing.a_tester import ALONE, ASYNCIO, EVENING, LATE, PROJECT

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_beside_pytest_asyncio_each_has_its_own_tests(tester: pytest.Pytester, mode: str) -> None:
    tester.makepyfile(
        EVENING
        + """
    @pytest.mark.asyncio
    async def test_marked(home):
        await home.at("18:30")
        await home.after("8h")

    @pytest.mark.asyncio
    async def test_of_theirs():
        import asyncio
        from simulators.virtual_time import VirtualTimeLoop
        assert not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)
        await asyncio.sleep(0)
""",
        test_module="""
    import asyncio
    import pytest

    pytestmark = pytest.mark.asyncio(loop_scope="module")

    async def test_in_the_home(home):
        await home.after("8h")
        assert home.site.trace is not None

    async def test_of_theirs():
        await asyncio.sleep(0)
""",
    )
    tester.runpytest(*ALONE, *ASYNCIO, f"--asyncio-mode={mode}", "-W", "error").assert_outcomes(passed=5)


def test_beside_a_loop_factory_of_pytest_asyncios_as_ours(tester: pytest.Pytester) -> None:
    tester.makeconftest((PROJECT / "tests" / "conftest.py").read_text())
    tester.makepyfile(
        EVENING
        + """
    async def test_of_ours():
        import asyncio
        from simulators.virtual_time import VirtualTimeLoop
        assert isinstance(asyncio.get_running_loop(), VirtualTimeLoop)
        await asyncio.sleep(1e6)
"""
    )
    markers = ("-o", "markers=real_time: x")
    tester.runpytest(*ALONE, *ASYNCIO, "--asyncio-mode=auto", *markers, "-W", "error").assert_outcomes(passed=2)


def test_a_class_of_unittests_has_a_home_and_its_own_set_up_unless_its_test_is_async(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import unittest
    import pytest

    class WithAHome:
        @pytest.fixture(autouse=True)
        def _home(self, home):
            self.home = home

    class TestPlain(WithAHome, unittest.TestCase):
        def setUp(self):
            self.is_set_up = True

        def test_light(self):
            self.home.run(self.home.at("18:30"))
            self.assertTrue(self.is_set_up)

        async def test_async(self):
            await self.home.at("18:30")

    class TestIsolated(WithAHome, unittest.IsolatedAsyncioTestCase):
        async def test_async(self):
            await self.home.at("18:30")
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["a test of unittest's that is async does not run in the home's time; *"])


def test_an_async_test_that_gets_its_home_otherwise_is_told_to_name_it(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    async def test_light(request):
        home = request.getfixturevalue("home")
        await home.at("18:30")
"""
    )
    result = tester.runpytest(*ALONE, *ASYNCIO, "--asyncio-mode=auto", "-W", "error")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([">  *await home.at(*", "E  *OnAnotherLoop: *names `home` among its arguments*"])


def test_beside_anyio_each_has_its_own_tests(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        EVENING
        + """
    @pytest.mark.anyio
    async def test_of_theirs():
        import anyio
        await anyio.sleep(0)
""",
        test_module="""
    import anyio
    import pytest

    pytestmark = pytest.mark.anyio

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.fixture
    async def evening(home):
        await home.at("20:00")
        return home

    async def test_in_the_home(evening):
        await anyio.sleep(8 * 3600)
        assert evening.now.hour == 4

    async def test_of_theirs():
        await anyio.sleep(0)
""",
    )
    tester.runpytest(*ALONE, "-p", "anyio.pytest_plugin", "-W", "error").assert_outcomes(passed=4)


def test_on_several_processes_each_test_has_its_home(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING, test_other=LATE)
    result = tester.runpytest_subprocess(*ALONE, "-p", "xdist.plugin", "-n", "2", "--sim-runs", "2")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        ["*to run failed homes again*", "pytest test_other.py::test_late --sim-seed 1", "pytest *--sim-seed 2"]
    )
    assert len(list((tester.path / "sim-artifacts").glob("*.svg"))) == 2


def test_pytest_without_a_home_pays_nothing_for_the_plugin() -> None:
    code = "import sys, simulators.pytest_plugin; print([name for name in sys.modules if name.startswith('hubagent')])"
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_who_imports_tests_by_importlib_has_homes_too(tester: pytest.Pytester) -> None:
    for folder in ("one", "other"):
        tester.mkdir(folder).joinpath("test_same_name.py").write_text(dedent(EVENING))
    tester.runpytest(*ALONE, "--import-mode=importlib", "-W", "error").assert_outcomes(passed=2)


def test_who_switches_the_plugin_off_has_neither_homes_nor_options(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING.replace("async def", "def").replace("await ", ""), test_other="def test_other(): pass")
    off = ("-p", "no:cacheprovider", "-p", "no:hubagent")
    result = tester.runpytest(*off)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'home' not found"])
    assert tester.runpytest(*off, "--sim-seed", "1").ret == pytest.ExitCode.USAGE_ERROR


def test_the_plugin_is_there_without_being_named(tester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    tester.makepyfile(EVENING)
    others = ("xdist", "asyncio", "anyio", "hypothesispytest", "cacheprovider")
    tester.runpytest(*(word for name in others for word in ("-p", f"no:{name}"))).assert_outcomes(passed=1)


def test_an_older_pytest_which_lacks_some_names_is_not_broken_by_it() -> None:
    code = "import pytest; del pytest.TerminalReporter, pytest.FixtureDef; import simulators.pytest_plugin"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)
