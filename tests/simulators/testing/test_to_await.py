"""A line that nobody awaited is told of, where it would have been green for ever."""

import asyncio
import warnings

import pytest

from simulators.testing.home import Home
from simulators.testing.to_await import NotAwaited, ToAwait
from tests.simulators.testing.a_home import in_a_home
from tests.simulators.testing.a_tester import ALONE

pytest_plugins = ["pytester"]


def test_an_expectation_that_nobody_awaited_fails_its_test_and_is_shown_as_it_was_typed() -> None:
    async def happens(home: Home) -> None:
        await home.at("18:30")
        home.expect("studio.light.on", within="1s")  # type: ignore[unused-coroutine]

    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(NotAwaited, match=r'test_to_await\.py:\d+ .*: home\.expect\("studio\.light\.on", within="1s"\)'),
    ):
        in_a_home(happens)


def test_what_is_awaited_in_whatever_way_is_not_told_of() -> None:
    async def happens(home: Home) -> None:
        for _ in range(100):
            await home.after("1s")
        later = home.after("1m")
        await asyncio.gather(later, home.stays("studio.light.off", for_="1m"))
        async with asyncio.TaskGroup() as group:
            group.create_task(home.after("1m"))
        await home.until(lambda: True)
        await home.hub.ready()
        await home.reboot()

    in_a_home(happens)


def test_of_a_long_test_only_what_still_waits_is_kept() -> None:
    async def nothing() -> None: ...

    waits = ToAwait()
    for _ in range(1000):
        over = nothing()
        waits.add(over, "over", "", 0)
        over.close()
    forgotten = nothing()
    waits.add(forgotten, "at", "", 7)
    assert waits.forgotten() == [":7 did nothing, since nobody awaited it: at(...)"]
    assert len(waits._all) < 100
    waits.close()
    assert waits.forgotten() == []


def test_pytest_shows_the_line_in_tests_with_and_without_async_and_beside_another_failure(
    tester: pytest.Pytester,
) -> None:
    tester.makepyfile(
        """
    async def test_green(home):
        await home.at("18:30")
        home.never("studio.light.off", for_="1h")

    def test_not_async(home):
        home.at("18:30")

    async def test_red(home):
        home.at("18:30")
        assert home.now.hour == 18

    async def test_wrong_words(home):
        home.expect()
"""
    )
    result = tester.runpytest(*ALONE, "-W", "error")
    result.assert_outcomes(passed=1, failed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_not_async*",
            '*.py:6 did nothing, since nobody awaited it: home.at("18:30")',
            "write await before it; *home.run(...)*",
            "*_ test_green _*",
            'NotAwaited: *.py:3 did nothing, since nobody awaited it: home.never("studio.light.off", for_="1h")',
            "*_ test_red _*",
            "E  *NotBegun: the home has not begun yet*",
            '*.py:9 did nothing, since nobody awaited it: home.at("18:30")',
            "*_ test_wrong_words _*",
            ">  *home.expect()",
            "E  *missing 1 required positional argument: 'text'",
        ]
    )
    assert "never awaited" not in result.stdout.str()
    of_green = result.stdout.str().partition("_ test_green _")[2].partition("_ test_red _")[0]
    assert "site-packages" not in of_green
