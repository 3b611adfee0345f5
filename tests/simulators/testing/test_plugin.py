"""Which tests have a home, which home that is, and what is told of one that cannot be."""

import pytest

from tests.simulators.testing.a_tester import ALONE, ASYNCIO, EVENING

pytest_plugins = ["pytester"]


def test_an_async_test_with_a_home_needs_no_other_plugin(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING)
    tester.runpytest(*ALONE).assert_outcomes(passed=1)


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

    def test_time(later, evening):
        assert (later.hour, evening.now.hour) == (21, 21)

    class TestLater:
        @pytest.fixture
        async def mine(self, later):
            assert isinstance(self, TestLater)
            return later

        async def test_it_is_nine(self, mine, later, evening):
            assert (mine.hour, evening.now.hour) == (21, 21)
"""
    )
    tester.runpytest(*ALONE, *ASYNCIO, "--asyncio-mode=auto", "-W", "error").assert_outcomes(passed=3)
    tester.runpytest(*ALONE).assert_outcomes(passed=3)


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

    @pytest.mark.home("studio", "rules.toml")
    async def test_two(home): ...

    @pytest.mark.home(seed="x")
    async def test_seed(home): ...
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(
        [
            "there is no home 'nowhere'*",
            "*no 'rule'; did you mean 'rules'*",
            "*takes one home, and the rest by its name: not ('studio', 'rules.toml')",
            "*seed is a whole number, not 'x'",
        ]
    )
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
    result.stdout.fnmatch_lines([">*home.until(lambda: False*", "E  *TooManySteps: 3000* callbacks*"])


def test_a_home_that_never_gets_to_begin_is_said_once_and_by_the_line_that_waits(tester: pytest.Pytester) -> None:
    tester.makeini("[pytest]\nsim_max_steps = 100\n")
    tester.makepyfile(
        """
    async def test_waits(home):
        await home.begin()

    def test_runs(home):
        home.run(home.begin())
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([">*await home.begin()", "E  *TooManySteps: 10* callbacks*"])
    result.stdout.no_fnmatch_line("*InvalidStateError*")


def test_a_test_has_one_step_at_least(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING)
    result = tester.runpytest(*ALONE, "-o", "sim_max_steps=0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: sim_max_steps is 1 or more, not 0"])


def test_who_waits_for_what_never_comes_is_told_where(tester: pytest.Pytester) -> None:
    tester.makeini("[pytest]\nsim_patience = 3h\n")
    tester.makepyfile(
        """
    import asyncio
    import pytest

    async def test_in_the_home(home):
        await home.at("18:30")
        await asyncio.Event().wait()

    async def test_before_it_began(home):
        await asyncio.Queue().get()

    async def test_tasks(home):
        await home.at("18:30")
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())

    async def test_will_not_hear(home):
        await home.at("18:30")
        while True:
            try:
                await asyncio.Event().wait()
            except RuntimeError:
                pass

    @pytest.mark.home(patience="4h")
    async def test_is_more_patient(home):
        await home.at("18:30")
        await asyncio.wait_for(asyncio.Event().wait(), 3.5 * 3600)
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(failed=5)
    result.stdout.fnmatch_lines(
        [
            ">  *await asyncio.Event().wait()",
            "E  *Stuck: the test has waited here for 3h* (sim_patience), and nothing came; wait with home.expect(...)*",
            ">  *await asyncio.Queue().get()",
            "E  *Stuck: the test waits, and nothing is left that could ever happen; *",
            ">  *async with asyncio.TaskGroup() as group:",
            "E  *Stuck: the test has waited here for 3h*",
            "E  *Stuck: the test has waited here for 3h*",
            "E  *TimeoutError",
        ]
    )


def test_who_knows_until_when_may_wait_as_long_as_that(tester: pytest.Pytester) -> None:
    tester.makeini("[pytest]\nsim_patience = 1h\n")
    tester.makepyfile(
        """
    import asyncio

    async def test_sleeps(home):
        await home.at("18:30")
        await asyncio.sleep(10_000)
        for _ in range(5):
            await asyncio.gather(asyncio.sleep(3_000), asyncio.sleep(1))
        await home.after("3h")
        await asyncio.gather(home.after("3h"), home.after("2h"))
        await home.stays("studio.light.off", for_="3h")
        await home.at("18:00")
"""
    )
    tester.runpytest(*ALONE).assert_outcomes(passed=1)


def test_mistakes_in_the_ini_file_are_told_before_anything_runs(tester: pytest.Pytester) -> None:
    tester.makepyfile(EVENING)
    for name, told in (
        ("sim_seed", "sim_seed is a number, not 'x'"),
        ("sim_keep", "sim_keep is one of failed, always, never, not 'x'"),
        ("sim_max_steps", "sim_max_steps is a number, not 'x'"),
    ):
        result = tester.runpytest(*ALONE, "-o", f"{name}=x")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"*{told}"])
    result = tester.runpytest(*ALONE, "-o", "sim_patience=x")
    result.stdout.fnmatch_lines(["patience: 'x' is no duration, as *"])


def test_everything_that_is_wrong_with_a_home_and_its_rules_is_told_with_its_line(tester: pytest.Pytester) -> None:
    hall = '[[room]]\nname = "hall"\n[[device]]\nname = "hall.light"\nkind = "switch"\n'
    (tester.path / "good.toml").write_text(hall)
    (tester.path / "bad.toml").write_text(hall.replace("switch", "toaster") + 'room = "cellar"\n')
    rule = '[[rule]]\nname = "x"\nwhen = "hall.light becomes opn"\ndo = [{ set = "hall.light", on = true }]\n'
    (tester.path / "bad.rules.toml").write_text(f"{rule}\n{rule}")
    tester.makepyfile(
        """
    import pytest

    @pytest.mark.home("bad.toml")
    async def test_home(home): ...

    @pytest.mark.home("good.toml", rules="bad.rules.toml")
    async def test_rules(home):
        await home.begin()
"""
    )
    result = tester.runpytest(*ALONE)
    result.assert_outcomes(errors=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*bad.toml:5:*toaster*",
            ">  *await home.begin()",
            "E  *BadSettings: *bad.rules.toml:3:*'opn' is no word*",
            "E  *bad.rules.toml:8:*",
        ]
    )


def test_a_file_that_cannot_be_read_is_told_as_ever(tester: pytest.Pytester) -> None:
    tester.makepyfile("import nothing_of_that_name")
    result = tester.runpytest(*ALONE)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*No module named 'nothing_of_that_name'"])
