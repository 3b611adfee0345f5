"""The HTTP servers, each for as long as a block lasts."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from simulators.cloud.est import EnrolmentServer
from simulators.cloud.listening import said_plainly
from simulators.cloud.web.api import Spoken, add_routes, say_problems
from simulators.cloud.web.body import BODY_MAX
from simulators.cloud.web.enrolment import add_enrolment
from simulators.cloud.web.guard import Guard
from simulators.cloud.web.page import add_page

SHUTDOWN_S: Final = 2.0


@asynccontextmanager
async def serving_home(
    cloud: Spoken, token: str, host: str, port: int, clock: Callable[[], float] | None = None
) -> AsyncIterator[int]:
    """API and page, on plain HTTP; gives the port. `clock` is the loop's where none is given. Raises PortTaken."""
    guard = Guard(token, clock or asyncio.get_running_loop().time)
    app = web.Application(middlewares=[guard.middleware(), say_problems], client_max_size=BODY_MAX)
    app.on_response_prepare.append(guard.add_headers)
    add_routes(app, cloud)
    add_page(app)
    async with _listening(app, host, port, None) as bound:
        guard.answer_to(_names(host, bound))
        yield bound


@asynccontextmanager
async def serving_enrolment(
    server: EnrolmentServer, context: ssl.SSLContext, host: str, port: int
) -> AsyncIterator[int]:
    """Certificates for hubs, on HTTPS; gives the port. Raises PortTaken."""
    app = web.Application(client_max_size=BODY_MAX)
    add_enrolment(app, server)
    async with _listening(app, host, port, context) as bound:
        yield bound


def _names(host: str, port: int) -> Sequence[str]:
    """Those under which a browser on this machine asks; a host that was chosen is one of them."""
    shown = f"[{host}]" if ":" in host else host
    return [f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]", shown)]


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int, context: ssl.SSLContext | None) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=context)
        with said_plainly(host, port):
            await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
