"""What a test that fails leaves: the line that runs it again, and its timeline."""

import sys

import pytest

from tests.simulators.testing.a_tester import ALONE, EVENING, LATE

pytest_plugins = ["pytester"]


def test_a_test_that_fails_tells_how_to_run_it_again_and_keeps_its_timeline(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_late=LATE)
    result = tester.runpytest(*ALONE, "--sim-seed", "9", "--sim-artifacts", "kept", "--junit-xml", "report.xml")
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
    line = 'name="sim_reproduce" value="pytest test_late.py::test_late --sim-seed 9"'
    assert line in (tester.path / "report.xml").read_text()
    page = (tester.path / "kept" / "test_late.py-test_late-seed9.html").read_text()
    assert "pytest test_late.py::test_late --sim-seed 9" in page


def test_an_assert_that_knows_nothing_of_the_home_is_told_with_what_happened_last(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
        async def test_told(home):
            await home.at("18:30")
            home.resident("sam").enters("studio")
            await home.after("1s")
            assert [it.text for it in home.notifications] == ["somebody is there"]

        async def test_waited(home):
            await home.at("18:30")
            await home.until(lambda: home.notifications, within="1m")
        """
    )
    result = tester.runpytest(*ALONE, "-rN")
    result.stdout.fnmatch_lines(
        [
            "E *assert * == *somebody is there*",
            "what happened last",
            "  18:30:00.000  sam is in studio",
            "  18:30:00.0??  studio.light.on = true",
            "to run it again as it was:",
            "E *was not so within 1m",
            "E *given up at 18:31:00.000",
            "E *nothing, since the test began",
        ]
    )
    assert result.stdout.str().count("what happened last") == 2


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


def test_the_line_is_of_the_one_test_that_failed_with_what_was_said_instead_of_the_ini_file(
    tester: pytest.Pytester,
) -> None:
    tester.makepyfile(
        test_it="""
    import pytest

    @pytest.mark.parametrize("case", ["seed1", "other"])
    async def test_it(home, case):
        assert case == "other" and home
"""
    )
    more = ("-o", "sim_home=flat", "-o", "console_output_style=classic")
    for seed, runs in (("1", ()), ("0", ("--sim-seed", "0", "--sim-runs", "2"))):
        result = tester.runpytest(*ALONE, *more, *runs)
        again = [line for line in result.outlines if line.startswith("pytest 'test_it.py")]
        assert again[0] == f"pytest 'test_it.py::test_it[seed1]' --sim-seed {seed} -o sim_home=flat"


def test_a_hash_seed_that_was_set_is_in_the_line(tester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    tester.makepyfile(test_late=LATE)
    result = tester.runpytest(*ALONE)
    result.stdout.fnmatch_lines(["PYTHONHASHSEED=3 pytest test_late.py::test_late --sim-seed 1"])


def test_timelines_are_kept_always_or_never_as_one_likes(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING, test_late=LATE)
    kept = tester.path / "sim-artifacts"
    tester.runpytest(*ALONE, "--sim-keep", "never").assert_outcomes(passed=1, failed=1)
    assert not kept.exists()
    tester.makeini("[pytest]\nsim_keep = always\n")
    tester.runpytest(*ALONE).assert_outcomes(passed=1, failed=1)
    assert len(list(kept.glob("*.html"))) == 2


def test_a_folder_that_cannot_be_written_costs_the_timeline_and_nothing_else(tester: pytest.Pytester) -> None:
    tester.makepyfile(test_late=LATE)
    tester.path.joinpath("taken").write_text("a file")
    result = tester.runpytest(*ALONE, "--sim-artifacts", "taken")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no timeline: *taken*; another folder: --sim-artifacts", "pytest *--sim-seed 1"])


def test_a_test_that_passed_and_whose_timeline_cannot_be_kept_is_told_of(tester: pytest.Pytester) -> None:
    tester.makepyfile("async def test_one(home):\n    await home.begin()\n\ntest_two = test_one\n")
    tester.path.joinpath("taken").write_text("a file")
    result = tester.runpytest(*ALONE, "--sim-artifacts", "taken", "--sim-keep", "always")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["no timeline: *taken*; another folder: --sim-artifacts (and 1 more that passed)"])
    tester.runpytest(*ALONE, "--sim-artifacts", "taken").stdout.no_fnmatch_line("*no timeline*")


def test_a_png_is_kept_beside_it_where_somebody_wants_that(
    tester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    tester.makepyfile(test_late=LATE)
    tester.runpytest(*ALONE, "--sim-png").stdout.fnmatch_lines(["timeline: *.png"])
    kept = tester.path / "sim-artifacts" / "test_late.py-test_late-seed1.png"
    assert kept.read_bytes().startswith(b"\x89PNG")
    kept.unlink()
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    result = tester.runpytest(*ALONE, "--sim-png")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["timeline: *.svg", "no PNG: *; try: pip install 'hubagent[[]png[]]'"])
    assert not kept.exists()


def test_what_is_mistyped_is_told_at_the_line_where_that_is_and_not_where_it_was_found_out(
    tester: pytest.Pytester,
) -> None:
    tester.makepyfile(
        """
    async def test_hub(home):
        await home.begin()
        await home.hub.set("studio.light", level=300)

    async def test_hand(home):
        await home.begin()
        home.device("studio.light").set(brightness=3)

    def test_weather(home):
        home.run(home.begin())
        home.weather(snow=3)

    async def test_rate(home):
        await home.begin()
        home.zwave.loss(30)

    async def test_of_its_own(home):
        await home.begin()
        {}["nothing"]
"""
    )
    result = tester.runpytest(*ALONE, "--show-capture=no", "--tb=short")
    result.assert_outcomes(failed=5)
    told = [line for line in result.outlines if line.startswith(("E ", "    home", "    await home", "    {}"))]
    assert told == [
        '    await home.hub.set("studio.light", level=300)',
        "E   hubagent.wishes.WishRefused: level is between 0 and 100 (%), not 300",
        '    home.device("studio.light").set(brightness=3)',
        "E   simulators.devices.device.CannotDo: no hand sets 'brightness'; there is on to set",
        "    home.weather(snow=3)",
        "E   simulators.devices.device.CannotDo: the weather has no 'snow'; it has temperature, clouds, rain, wind",
        "    home.zwave.loss(30)",
        "E   simulators.world.CannotBe: rate is a number from 0 to 1, not 30",
        '    {}["nothing"]',
        "E   KeyError: 'nothing'",
    ]
    places = [line for line in result.outlines if ".py:" in line and ": in " in line]
    assert all(line.startswith("test_") for line in places), places
    assert "The above exception" not in result.stdout.str()


def test_why_a_home_or_its_hub_ended_is_told_with_where_that_was(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    async def physics():
        raise ZeroDivisionError("physics are wrong")

    async def test_home(home):
        await home.begin()
        home.site.world._live(physics(), "a bug")
        await home.after("1h")

    async def test_hub(home):
        await home.begin()
        try:
            raise OSError("the disk is on fire")
        except OSError as error:
            home.site.hub.crashes.append(error)
"""
    )
    result = tester.runpytest(*ALONE, "--show-capture=no", "--tb=short")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            '    raise ZeroDivisionError("physics are wrong")',
            "The above exception was the direct cause of the following exception:",
            "E   *.HomeGone: what runs in the home failed: ZeroDivisionError('physics are wrong')",
            '    raise OSError("the disk is on fire")',
            "The above exception was the direct cause of the following exception:",
            "E   *.HubCrashed: the hub ended by itself: OSError('the disk is on fire')",
        ]
    )


def test_what_happened_on_another_day_than_the_first_is_told_with_its_day(tester: pytest.Pytester) -> None:
    tester.makepyfile(
        """
    async def test_days(home):
        await home.at("18:30")
        home.cloud.cut("1h")
        await home.after("1d")
        await home.expect("studio.light.on")
"""
    )
    result = tester.runpytest(*ALONE)
    result.stdout.fnmatch_lines(
        [
            "E * expected at Thu 15 Jan 18:30:00.000, given up at Thu 15 Jan 18:30:05.000*",
            "E *   18:30:00.000  the network is cut",
            "E *   19:30:00.000  over: the network is cut",
        ]
    )
