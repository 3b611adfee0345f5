"""Async tests run in virtual time; those marked `real_time` on the real loop.

A test in virtual time also fails when it leaves a task behind, or an exception that nobody looked at.
"""

import asyncio
import os
from collections.abc import Callable, Generator

import pytest
from hypothesis import settings

from simulators.virtual_time import VirtualTimeLoop, check_nothing_left

# A busy machine is no failure; and what CI tries is the same each time, so that red means that something changed.
settings.register_profile("hubagent", deadline=None, derandomize=os.environ.get("HUBAGENT_REQUIRE_INTEROP") == "1")
settings.load_profile("hubagent")

_virtual_loop: pytest.StashKey[VirtualTimeLoop] = pytest.StashKey()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.get_closest_marker("real_time") is not None:
        return {"real_time": asyncio.SelectorEventLoop}

    def virtual_time() -> VirtualTimeLoop:
        config.stash[_virtual_loop] = VirtualTimeLoop()
        return config.stash[_virtual_loop]

    return {"virtual_time": virtual_time}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    loop = item.config.stash.get(_virtual_loop, None)
    if loop is None or loop.is_closed():
        return (yield)
    # Tasks of the test's fixtures live on until those are torn down.
    before = frozenset(asyncio.all_tasks(loop))
    result = yield
    if left := check_nothing_left(loop, before):
        pytest.fail(left, pytrace=False)
    return result
