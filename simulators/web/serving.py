"""An HTTP server for as long as a block lasts, and a page with its API behind the guard."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from simulators.listening import said_plainly
from simulators.web.body import BODY_MAX
from simulators.web.files import add_files
from simulators.web.guard import Guard

SHUTDOWN_S: Final = 2.0
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - not listened on here, but told apart


@dataclass(frozen=True, slots=True)
class Page:
    """What is served. The API stands below `api`, and wants the `token` where there is one."""

    what: str
    """Whose it is, for people."""
    files: Mapping[str, tuple[str, str]]
    add_routes: Callable[[web.Application], None]
    say_problems: Middleware
    api: str
    token: str | None


@asynccontextmanager
async def serving_page(
    page: Page, host: str, port: int, clock: Callable[[], float] | None = None
) -> AsyncIterator[int]:
    """On plain HTTP; gives the port. `clock` is the loop's where none is given. Raises PortTaken."""
    guard = Guard(page.token, clock or asyncio.get_running_loop().time, page.api)
    app = web.Application(middlewares=[guard.middleware(), page.say_problems], client_max_size=BODY_MAX)
    app.on_response_prepare.append(guard.add_headers)
    page.add_routes(app)
    add_files(app, page.files)
    async with serving(app, host, port, None, page.what) as bound:
        guard.answer_to(_names(host, bound))
        yield bound


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, context: ssl.SSLContext | None, what: str
) -> AsyncIterator[int]:
    """Raises PortTaken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=context)
        with said_plainly(host, port, what):
            await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def shown_host(host: str) -> str:
    """As it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def _names(host: str, port: int) -> list[str] | None:
    """Those under which a browser on this machine asks; a host that was chosen is one of them."""
    if host in EVERYWHERE:
        return None
    return [f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]", shown_host(host))]
