"""The enrolment server (`simulators.cloud.est`) as a web application: TLS is done, the rest is handed over."""

from aiohttp import web

from simulators.cloud.est import CRL_PATH, PREFIX, EnrolmentServer


def add_enrolment(app: web.Application, server: EnrolmentServer) -> None:
    async def answer(request: web.Request) -> web.Response:
        tls = request.transport.get_extra_info("ssl_object") if request.transport is not None else None
        certificate = None if tls is None else tls.getpeercert(binary_form=True)
        response = server.handle(
            request.method,
            request.path,
            dict(request.headers),
            await request.read(),
            certificate,
            request.remote or "",
        )
        return web.Response(status=response.status, body=response.body, headers=dict(response.headers))

    app.router.add_route("*", PREFIX + "{operation}", answer)
    app.router.add_route("*", CRL_PATH, answer)
