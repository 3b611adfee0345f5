"""The page of a live world and its API, for as long as a block lasts."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from simulators.floor_plan import ground_of, spot_of
from simulators.home import DevicePlan
from simulators.listening import PortTaken
from simulators.live.api import PREFIX, add_routes, say_problems
from simulators.live.house_map import house_map
from simulators.live.page_files import FILES
from simulators.live.page_place import PagePlace
from simulators.live.rectangle import Point
from simulators.live.view import Shown
from simulators.web.serving import EVERYWHERE, Page, serving_page, shown_host
from simulators.world import World


@asynccontextmanager
async def live_page(
    world: World,
    sticks: Mapping[str, str],
    place: PagePlace,
    new_token: Callable[[], str],
    *,
    agent: bool,
) -> AsyncIterator[str]:
    """Gives the page's address. Raises PortTaken.

    On loopback there is no token: whoever gets there may do as they like on this machine, and pages of other sites are
    kept away by their names. Anywhere else there is one, in the address.
    """
    shown = Shown(world, house_map(world.plan, _spots(world)), sticks, agent)
    token = None if place.only_here else new_token()
    page = Page("simulated home", FILES, lambda app: add_routes(app, shown), say_problems, PREFIX, token)
    async with AsyncExitStack() as stack:
        port = await _listen(stack, page, place)
        host = "127.0.0.1" if place.host in EVERYWHERE else place.host
        yield f"http://{shown_host(host)}:{port}/" + ("" if token is None else f"#token={token}")


async def _listen(stack: AsyncExitStack, page: Page, place: PagePlace) -> int:
    try:
        return await stack.enter_async_context(serving_page(page, place.host, place.port))
    except PortTaken:
        if place.insists:
            raise
        return await stack.enter_async_context(serving_page(page, place.host, 0))


def _spots(world: World) -> Callable[[DevicePlan], Point | None]:
    """Where the radio has them: the same streams give the same places."""
    ground = ground_of(world.plan)

    def spot(device: DevicePlan) -> Point | None:
        found = spot_of(ground, device, world.rng)
        return None if found is None else Point(found.x, found.y)

    return spot
