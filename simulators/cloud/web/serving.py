"""The HTTP servers, each for as long as a block lasts."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from aiohttp import web

from simulators.cloud.est import EnrolmentServer
from simulators.cloud.web.api import Spoken, add_routes, say_problems
from simulators.cloud.web.enrolment import add_enrolment
from simulators.cloud.web.page import FILES
from simulators.web.body import BODY_MAX
from simulators.web.serving import Page, serving, serving_page


def serving_home(
    cloud: Spoken, token: str, host: str, port: int, clock: Callable[[], float] | None = None
) -> AbstractAsyncContextManager[int]:
    """API and page, on plain HTTP; gives the port. `clock` is the loop's where none is given. Raises PortTaken."""
    page = Page("cloud", FILES, lambda app: add_routes(app, cloud), say_problems, "/v1/", token)
    return serving_page(page, host, port, clock)


@asynccontextmanager
async def serving_enrolment(
    server: EnrolmentServer, context: ssl.SSLContext, host: str, port: int
) -> AsyncIterator[int]:
    """Certificates for hubs, on HTTPS; gives the port. Raises PortTaken."""
    app = web.Application(client_max_size=BODY_MAX)
    add_enrolment(app, server)
    async with serving(app, host, port, context, "cloud") as bound:
        yield bound
