"""A cloud in a process of its own that is dead, slow, flapping or floods its hub: what the home must not notice.

python -m simulators.bench.uplink.bad_cloud MOOD FOLDER STATE_DIR
Gives the hub of STATE_DIR an identity, and says "ready URL SEAL" on stdout.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from hubagent.uplink.message.channel import Down
from simulators.bench.uplink.hub import free_tcp_port
from simulators.bench.uplink.site import HUB, Site, a_site
from simulators.tcp_proxy import TcpProxy, tcp_proxy

SLOW_DELAY_S: Final = 1.0
SLOW_BYTES_PER_S: Final = 1000.0
FLAP_S: Final = 0.5
FLOOD_PER_S: Final = 1000
_TICK_S: Final = 0.01


async def _dead(_site: Site, _network: TcpProxy) -> None:
    """Nobody listens at its port."""


async def _good(_site: Site, _network: TcpProxy) -> None: ...


async def _slow(_site: Site, network: TcpProxy) -> None:
    network.delay_s, network.bytes_per_s = SLOW_DELAY_S, SLOW_BYTES_PER_S


async def _flapping(_site: Site, network: TcpProxy) -> None:
    while True:
        await asyncio.sleep(FLAP_S)
        network.cut()


async def _flooding(site: Site, _network: TcpProxy) -> None:
    """Frames that are no messages, as fast as a cloud gone mad might send them."""
    front = site.service.doors[0].front
    assert front is not None
    while True:
        await asyncio.sleep(_TICK_S)
        for _ in range(int(FLOOD_PER_S * _TICK_S)):
            front.send(HUB, Down.COMMAND, b"\xa1\x61v\x01")


MOODS: Final[dict[str, Callable[[Site, TcpProxy], Awaitable[None]]]] = {
    "good": _good,
    "dead": _dead,
    "slow": _slow,
    "flapping": _flapping,
    "flooding": _flooding,
}


async def main(mood: str, folder: Path, state_dir: Path) -> None:
    async with a_site(folder, "coap") as site, tcp_proxy("127.0.0.1", site.port) as network:
        seal = site.identify(state_dir)
        port = free_tcp_port() if mood == "dead" else network.port
        sys.stdout.write(f"ready {site.url(port)} {seal}\n")
        sys.stdout.flush()
        await MOODS[mood](site, network)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
