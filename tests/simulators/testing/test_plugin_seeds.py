"""Tests that run more than once: with several seeds, to see whether they are the same twice, with faults."""

import os
import subprocess
import sys

import pytest

from tests.simulators.testing.a_tester import ALONE, EVENING, LATE, PROJECT

pytest_plugins = ["pytester"]

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
    result = tester.runpytest(*ALONE, "--sim-check-determinism", "--junit-xml", "report.xml")
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ test_other _*",
            "the same seed was not the same run: the traces part at line *",
            "  first:  * zwave< *",
            "  second: * zwave< *",
            "*- the simulated home -*",
            "  pytest *.py::test_other --sim-seed 1 --sim-check-determinism",
            "*_ test_ends_elsewhere _*",
            "*the traces part at line*",
            "*= to run failed homes again =*",
            "pytest *.py::test_other --sim-seed 1 --sim-check-determinism",
            "pytest *.py::test_ends_elsewhere --sim-seed 1 --sim-check-determinism",
            "pytest *.py::test_fails --sim-seed 1",
        ]
    )
    report = (tester.path / "report.xml").read_text("utf-8")
    assert '::test_other --sim-seed 1 --sim-check-determinism"' in report


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


def test_faults_that_would_have_come_after_the_end_of_a_test_are_counted(tester: pytest.Pytester) -> None:
    """Else it is green with faults that never were."""
    tester.makepyfile(
        """
        async def test_short(home):
            await home.at("18:30")
            await home.after("10s")

        async def test_longer(home):
            await home.at("18:30")
            await home.after("2m")

        def test_without_a_home():
            pass
        """
    )
    words = [word for fault in WORDS for word in ("--sim-fault", fault)]
    result = tester.runpytest(*ALONE, *words)
    told = (
        "5 of 6 faults struck in 2 tests with a home; 1 would have struck after their test had ended (--sim-faults-for)"
    )
    assert told in result.outlines
    assert "faults struck" not in tester.runpytest(*ALONE).stdout.str()


def test_the_fewest_faults_that_it_takes_are_found_and_are_the_line(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_patient=PATIENT)
    words = [word for fault in WORDS for word in ("--sim-fault", fault)]
    result = tester.runpytest(*ALONE, *words, "--sim-shrink")
    result.assert_outcomes(failed=1)
    line = f"pytest test_patient.py::test_patient --sim-seed 1 --sim-fault {WORDS[1]}"
    result.stdout.fnmatch_lines(["with the fewest faults that it takes to fail:", f"  {WORDS[1]}", f"  {line}"])
    assert result.stdout.str().count("Captured log call") <= 1
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


def test_the_same_test_is_the_same_run_in_another_process_with_other_hashes(tester: pytest.Pytester) -> None:
    tester.makepyfile(
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
    here = tester.runpytest(*ALONE, "-s").outlines
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(PROJECT)}
    command = (sys.executable, "-m", "pytest", "-s", *ALONE)
    there = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    hashes = [next(line for line in lines if "HASH" in line).rpartition("HASH")[2] for lines in (here, there)]
    assert hashes[0] == hashes[1]
