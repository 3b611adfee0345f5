"""What the tests of the plugin give to a pytest of their own."""

from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[3]
ALONE: Final = ("-p", "no:cacheprovider", "-p", "simulators.pytest_plugin")
ASYNCIO: Final = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")

EVENING: Final = """
    import pytest

    async def test_light(home):
        await home.at("18:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="500ms")
"""
LATE: Final = """
    async def test_late(home):
        await home.at("18:30")
        home.resident("sam").enters("studio")
        await home.expect("studio.light.on", within="1ms")
"""
