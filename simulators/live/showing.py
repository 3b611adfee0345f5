"""The page beside a world of `sim up`: where it is, is told on stderr; where it cannot be, why."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from hubagent.cli.drivers import open_serial
from hubagent.cli.exits import UNREACHABLE, USAGE, Failure
from hubagent.cli.output import tell
from hubagent.runtime import real_runtime
from simulators.cable import Cable
from simulators.listening import PortTaken
from simulators.live.page_place import PagePlace
from simulators.world import World

TOKEN_VARIABLE = "HUBAGENT_SIM_TOKEN"  # noqa: S105 - where it is, not what
TOKEN_LENGTH = 16


@asynccontextmanager
async def on_show(
    world: World,
    cables: Mapping[str, Cable],
    place: PagePlace | None,
    *,
    agent: bool,
) -> AsyncIterator[None]:
    """Raises Failure, unless nobody insists on the page."""
    async with AsyncExitStack() as stack:
        if place is not None:
            await _show(stack, world, cables, place, agent=agent)
        yield


async def _show(
    stack: AsyncExitStack, world: World, cables: Mapping[str, Cable], place: PagePlace, *, agent: bool
) -> None:
    try:
        from simulators.live.serving import live_page  # noqa: PLC0415 - aiohttp is for this alone
    except ModuleNotFoundError as error:
        if error.name != "aiohttp":
            raise
        hint = "the page of this home needs aiohttp: pip install 'hubagent[sim]'"
        if place.insists:
            raise Failure(hint, USAGE) from error
        tell(hint)
        return

    def new_token() -> str:
        return os.environ.get(TOKEN_VARIABLE) or real_runtime(open_serial).entropy(TOKEN_LENGTH).hex()

    sticks = {radio: cable.address for radio, cable in cables.items()}
    try:
        address = await stack.enter_async_context(live_page(world, sticks, place, new_token, agent=agent))
    except PortTaken as error:
        raise Failure(f"--page: {error}", UNREACHABLE) from error
    tell(f"see it, move people and throw faults: {address}")
