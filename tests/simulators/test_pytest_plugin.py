"""The plugin in pytest: alone, beside the plugins that others have for async tests, and on several processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Imported once, here: pytester forgets after each run what that run imported.

pytest_plugins = ["pytester"]

PROJECT = Path(__file__).parents[2]
PLUGIN = ("-p", "simulators.pytest_plugin")
ALONE = ("-p", "no:cacheprovider", *PLUGIN)
ASYNCIO = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")

EVENING = """
    import pytest

    async def test_light(home):
        await home.at("18:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="500ms")
"""
LATE = """
    async def test_late(home):
        await home.at("18:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="1ms")
"""


@pytest.fixture
def tester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Only the plugins that a test names, whatever is installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    return pytester


def test_an_async_test_with_a_home_needs_no_other_plugin(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING)
    tester.runpytest(*ALONE).assert_outcomes(passed=1)


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
"""
    )
    tester.runpytest(*ALONE, *ASYNCIO, f"--asyncio-mode={mode}", "-W", "error").assert_outcomes(passed=3)


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


def test_beside_anyio_each_has_its_own_tests(tester: pytest.Pytester) -> None:
    pytest.importorskip("anyio", reason="anyio is not installed")
    tester.makepyfile(
        EVENING
        + """
    @pytest.mark.anyio
    async def test_of_theirs():
        import anyio
        await anyio.sleep(0)
"""
    )
    tester.runpytest(*ALONE, "-p", "anyio.pytest_plugin", "-k", "not trio").assert_outcomes(passed=2, deselected=1)


def test_on_several_processes_each_test_has_its_home(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING, test_other=LATE)
    result = tester.runpytest_subprocess(*ALONE, "-p", "xdist.plugin", "-n", "2", "--sim-runs", "2")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        ["*to run failed homes again*", "pytest test_other.py::test_late --sim-seed 1", "pytest *--sim-seed 2"]
    )
    assert len(list((tester.path / "sim-artifacts").glob("*.svg"))) == 2


def test_a_fixture_of_somebody_elses_that_is_called_home_stays_theirs(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import pytest

    @pytest.fixture
    def home():
        return "mine"

    def test_mine(home):
        assert home == "mine"

    @pytest.mark.asyncio
    async def test_mine_too(home):
        assert home == "mine"
"""
    )
    tester.runpytest(*ALONE, *ASYNCIO, "--sim-runs", "3", "--sim-check-determinism").assert_outcomes(passed=2)


def test_a_home_that_is_made_of_ours_is_a_home(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import pytest

    @pytest.fixture
    async def evening(home):
        await home.at("20:00")
        home.resident("sam").enters("studio")
        yield home
        await home.after("1m")
        home.resident("sam").leaves()

    @pytest.fixture
    async def later(evening):
        await evening.after("1h")
        return evening.now

    async def test_light(evening):
        await evening.expect("studio.light.on", within="1s")

    class TestLater:
        @pytest.fixture
        async def mine(self, later):
            assert isinstance(self, TestLater)
            return later

        async def test_it_is_nine(self, mine, later, evening):
            assert (mine.hour, evening.now.hour) == (21, 21)
"""
    )
    tester.runpytest(*ALONE, *ASYNCIO, "--asyncio-mode=auto", "-W", "error").assert_outcomes(passed=2)
    tester.runpytest(*ALONE).assert_outcomes(passed=2)


def test_a_test_that_is_not_async_runs_coroutines_in_its_home(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    def test_time(home):
        home.run(home.at("07:30"))
        assert home.now.hour == 7

    def test_nothing(home):
        pass
"""
    )
    tester.runpytest(*ALONE, "-W", "error").assert_outcomes(passed=2)


def test_a_test_that_fails_tells_how_to_run_it_again_and_keeps_its_timeline(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_late=LATE)
    result = tester.runpytest(*ALONE, "--sim-seed", "9", "--sim-artifacts", "kept")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>   *await home.expect("studio.light.on", within="1ms")',
            "E  *Unexpected: studio.light.on within 1ms",
            "E  *it came 29 ms too late",
            "E  *sam is in studio",
            "E  *'light for whoever is there':",
            "test_late.py:*: Unexpected",
            "*- the simulated home -*",
            "studio, seed 9, trace ????????????????????????????????",
            "to run it again as it was:",
            "  pytest test_late.py::test_late --sim-seed 9",
            "timeline: *test_late.py-test_late-seed9.svg",
            "timeline: *test_late.py-test_late-seed9.html",
            "*= to run failed homes again =*",
            "pytest test_late.py::test_late --sim-seed 9",
        ]
    )
    assert "asyncio" not in result.stdout.str()
    page = (tester.path / "kept" / "test_late.py-test_late-seed9.html").read_text()
    assert "pytest test_late.py::test_late --sim-seed 9" in page


def test_the_line_that_a_failure_prints_is_the_same_failure_again(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        test_lossy="""
    import pytest

    @pytest.mark.parametrize("rate", [0.0, 0.9])
    async def test_lossy(home, rate):
        await home.at("18:30")
        with home.zwave.loss(rate):
            home.resident("sam").enters("studio")
            await home.expect("studio.light.on", within="20ms" if rate else "1s")
"""
    )
    first = tester.runpytest(*ALONE, "--sim-runs", "2", "--sim-seed", "5")
    first.assert_outcomes(passed=2, failed=2)
    lines = first.stdout.str().splitlines()
    line = next(line for line in lines if line.startswith("pytest ") and line.endswith("--sim-seed 6"))
    assert line == "pytest 'test_lossy.py::test_lossy[0.9]' --sim-seed 6"
    again = tester.runpytest(*ALONE, "test_lossy.py::test_lossy[0.9]", "--sim-seed", "6")
    again.assert_outcomes(failed=1)

    def told(result: pytest.RunResult, end: str) -> list[str]:
        return [line for line in result.outlines if line.startswith("E ") and end in line]

    failed = [line for line in told(first, "") if "given up" in line]
    assert told(again, "given up")[0] in failed


def test_a_hash_seed_that_was_set_is_in_the_line(tester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    tester.makepyfile(test_late=LATE)
    result = tester.runpytest(*ALONE)
    result.stdout.fnmatch_lines(["PYTHONHASHSEED=3 pytest test_late.py::test_late --sim-seed 1"])


def test_each_of_several_seeds_is_in_the_tests_name_and_one_alone_is_not(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import pytest

    @pytest.mark.home(seed=40)
    async def test_seed(home, home_seed):
        await home.begin()
        assert home.site.setting.seed == home_seed
"""
    )
    result = tester.runpytest(*ALONE, "--sim-runs", "2", "-v")
    result.stdout.fnmatch_lines(["*::test_seed[[]seed40[]] PASSED*", "*::test_seed[[]seed41[]] PASSED*"])
    result = tester.runpytest(*ALONE, "-v", "--sim-runs", "1", "--sim-seed", "3")
    result.stdout.fnmatch_lines(["*::test_seed PASSED*"])
    assert tester.runpytest(*ALONE, "--sim-runs", "0").ret == pytest.ExitCode.USAGE_ERROR


def test_timelines_are_kept_always_or_never_as_one_likes(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING, test_late=LATE)
    kept = tester.path / "sim-artifacts"
    tester.runpytest(*ALONE, "--sim-keep", "never").assert_outcomes(passed=1, failed=1)
    assert not kept.exists()
    tester.makeini("[pytest]\nsim_keep = always\n")
    tester.runpytest(*ALONE).assert_outcomes(passed=1, failed=1)
    assert len(list(kept.glob("*.html"))) == 2


def test_the_home_is_what_ini_file_mark_and_fixture_say_the_nearest_counts(tester: pytest.Pytester) -> None:
    tester.makeini("[pytest]\nsim_home = homes/mine.toml\nsim_start = 2026-03-29\nsim_rules = homes/mine.rules.toml\n")
    tester.mkdir("homes")
    hall = '[[room]]\nname = "hall"\n[[device]]\nname = "hall.light"\nkind = "switch"\n'
    (tester.path / "homes" / "mine.toml").write_text(f'name = "mine"\n{hall}')
    (tester.path / "homes" / "mine.rules.toml").write_text("[home]\nmodes = ['mine']\n")
    (tester.path / "near.toml").write_text(f'name = "near"\n{hall}')
    tester.makepyfile(
        """
    import pytest

    async def test_ini(home):
        await home.begin()
        assert home.site.setting.plan.name == "mine"
        assert home.hub.mode == "mine"
        assert f"{home.now:%F}" == "2026-03-29"

    @pytest.mark.home("near.toml", start="07:30")
    async def test_mark(home):
        await home.begin()
        assert home.site.setting.plan.name == "near"
        assert home.hub.mode == "home"
        assert f"{home.now:%H:%M}" == "07:30"

    class TestFixture:
        @pytest.fixture
        def home_file(self, tmp_path):
            file = tmp_path / "made.toml"
            file.write_text('name = "made"\\n[[room]]\\nname = "hall"\\n')
            return file

        @pytest.mark.home(rules=[])
        async def test_fixture(self, home):
            await home.begin()
            assert home.site.setting.plan.name == "made"
"""
    )
    tester.runpytest(*ALONE).assert_outcomes(passed=3)


def test_a_mark_with_a_mistake_is_an_error_in_words(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import pytest

    @pytest.mark.home("nowhere")
    async def test_nowhere(home): ...

    @pytest.mark.home(rule="x")
    async def test_key(home): ...
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["there is no home 'nowhere'*", "*no 'rule'; did you mean 'rules'*"])
    assert "Traceback" not in result.stdout.str()


def test_what_a_test_leaves_behind_is_an_error_unless_it_failed_anyway(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import asyncio

    async def test_leaves(home):
        await home.begin()
        asyncio.get_running_loop().create_task(asyncio.sleep(1e6))

    async def test_fails(home):
        await home.begin()
        asyncio.get_running_loop().create_task(asyncio.sleep(1e6))
        assert False
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(passed=1, errors=1, failed=1)
    result.stdout.fnmatch_lines(["the test left behind:", "still alive: *sleep*"])


def test_who_is_busy_going_nowhere_is_ended(tester: pytest.Pytester) -> None:
    tester.makeini("[pytest]\nsim_max_steps = 30000\n")
    tester.makepyfile(
        EVENING
        + """
    async def test_for_ever(home):
        await home.begin()
        await home.until(lambda: False, within="300d")
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E  *TooManySteps: 3000* callbacks*"])


def test_a_test_that_is_not_the_same_twice_is_found_and_shown_where(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    import random
    import pytest

    @pytest.fixture(scope="module")
    def count():
        return []

    async def test_same(home, count):
        count.append(1)
        await home.at("18:30")
        home.resident("sam").enters("studio")
        await home.after("1m")

    def test_ran_twice(count):
        assert len(count) == 2

    async def test_other(home):
        await home.at("18:30")
        await home.after(random.Random().random())
        home.resident("sam").enters("studio")
        await home.after("1m")

    async def test_ends_elsewhere(home):
        await home.after(random.Random().random())

    async def test_fails(home, count):
        count.append(1)
        assert False

    def test_ran_once_more(count):
        assert len(count) == 3
"""
    )
    result = tester.runpytest(*ALONE, "--sim-check-determinism")
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ test_other _*",
            "the same seed was not the same run: the traces part at line *",
            "  first:  * zwave< *",
            "  second: * zwave< *",
            "*_ test_ends_elsewhere _*",
            "*the traces part at line*",
        ]
    )


PATIENT = """
    import pytest

    @pytest.mark.home(faults_for="2m")
    async def test_patient(home):
        await home.at("18:30")
        for _ in range(3):
            home.resident("sam").enters("studio")
            await home.expect("studio.light.on", within="1s")
            home.resident("sam").leaves()
            await home.after("40s")
"""
WORDS = ("air.loss@3-4:on=zwave,rate=0.1", "wire.lose@30-90:on=zwave,rate=1", "stick.can@1-2:on=zwave,rate=0.1")


def test_faults_that_the_seed_draws_are_told_and_are_in_the_line(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_patient=PATIENT)
    result = tester.runpytest(*ALONE, "--sim-faults", "wire,stick,air", "--sim-runs", "12")
    failed = [line for line in result.outlines if line.startswith("pytest test_patient.py")]
    assert failed != []
    assert all(line.endswith(" --sim-faults wire,stick,air") for line in failed)
    result.stdout.fnmatch_lines(["with * faults; --sim-shrink finds the fewest *", "  *@*-*:on=zwave*"])
    again = tester.runpytest(*ALONE, *failed[0].split()[1:])
    again.assert_outcomes(failed=1)
    assert next(line for line in again.outlines if "given up" in line) in result.outlines
    tester.runpytest(*ALONE, "--sim-faults", "none", "--sim-runs", "3").assert_outcomes(passed=3)


def test_the_fewest_faults_that_it_takes_are_found_and_are_the_line(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_patient=PATIENT)
    words = [word for fault in WORDS for word in ("--sim-fault", fault)]
    result = tester.runpytest(*ALONE, *words, "--sim-shrink")
    result.assert_outcomes(failed=1)
    line = f"pytest test_patient.py::test_patient --sim-seed 1 --sim-fault {WORDS[1]}"
    result.stdout.fnmatch_lines(["with the fewest faults that it takes to fail:", f"  {WORDS[1]}", f"  {line}"])
    tester.runpytest(*ALONE, *line.split()[1:]).assert_outcomes(failed=1)


def test_a_test_that_fails_without_its_faults_says_so(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_late=LATE)
    result = tester.runpytest(*ALONE, "--sim-fault", WORDS[0], "--sim-shrink")
    result.stdout.fnmatch_lines(["it fails without faults", "  pytest *::test_late --sim-seed 1 --sim-faults none"])


def test_faults_that_do_not_exist_are_an_error_in_words(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING)
    result = tester.runpytest(*ALONE, "--sim-faults", "rain")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["faults: there is no fault 'rain'*"])


def test_pytest_without_a_home_pays_nothing_for_the_plugin() -> None:
    code = "import sys, simulators.pytest_plugin; print([name for name in sys.modules if name.startswith('hubagent')])"
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_same_test_is_the_same_run_in_another_process_with_other_hashes(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        """
async def test_it(home):
    await home.at("18:30")
    with home.zwave.loss(0.5):
        home.resident("sam").enters("studio")
        await home.after("5m")
    await home.reboot()
    print("HASH", home.site.trace.hash)
"""
    )
    hashes = set()
    for seed in ("1", "4711"):
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", *ALONE, str(tmp_path)],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(PROJECT),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        hashes |= {line.split()[1] for line in run.stdout.splitlines() if line.startswith("HASH")}
    assert len(hashes) == 1
