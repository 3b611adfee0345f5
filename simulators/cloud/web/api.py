"""The API: what hubs there are, how their homes are, and what people wish.

GET  /health                                    the only one without a token
GET  /v1/hubs  /v1/hubs/ID  /v1/hubs/ID/devices
GET  /v1/hubs/ID/history?since=N&most=N         messages after the number N, oldest first
POST /v1/hubs/ID/commands                       {"device": "zwave-2", "set": {"on": true}, "expires_in": 30}
GET  /v1/commands/ID                            what became of it
POST /v1/hubs/ID/jobs                           {"kind": "renew"}
GET, PUT /v1/hubs/ID/desired                    {"devices": {"zwave-2": {"on": true}}}
GET  /v1/hubs/ID/events                         server-sent events: snapshot, hub, devices, command, messages, complaint
POST /v1/claims                                 {"hub": "hub-of-mine"}: a code with which one hub becomes that
POST /v1/hubs/ID/revoke                         its certificates count no more
GET, POST /v1/misbehave                         {"do": "stall", "seconds": 5}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from simulators.cloud.commands import EXPIRES_IN_S, TooManyCommands
from simulators.cloud.consumer import UnknownHub
from simulators.cloud.history import PAGE_MAX
from simulators.cloud.misbehaviour import CannotMisbehave, Misbehaviour
from simulators.cloud.service import Service
from simulators.cloud.web.events import HubListener
from simulators.web.body import query_number, read_body
from simulators.web.events import Streams
from simulators.web.problem import Problem, problem

VERSION: Final = 1
"""Of the shapes."""
LATEST_COMMANDS: Final = 20
LATEST_MESSAGES: Final = 50


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the API speaks for."""

    service: Service
    misbehaviour: Misbehaviour
    claim: Callable[[str], str]
    """A claim code for a hub. Raises ValueError."""
    revoke: Callable[[str], bool]


def add_routes(app: web.Application, cloud: Spoken) -> None:
    api = _Api(cloud)
    app.on_shutdown.append(api.streams.close)
    app.router.add_routes(
        [
            web.get("/health", api.health),
            web.get("/v1/hubs", api.hubs),
            web.get("/v1/hubs/{hub}", api.hub),
            web.get("/v1/hubs/{hub}/devices", api.devices),
            web.get("/v1/hubs/{hub}/history", api.history),
            web.post("/v1/hubs/{hub}/commands", api.command),
            web.get("/v1/commands/{command}", api.outcome),
            web.post("/v1/hubs/{hub}/jobs", api.job),
            web.get("/v1/hubs/{hub}/desired", api.wishes),
            web.put("/v1/hubs/{hub}/desired", api.desire),
            web.get("/v1/hubs/{hub}/events", api.stream),
            web.post("/v1/claims", api.claim),
            web.post("/v1/hubs/{hub}/revoke", api.revoke),
            web.get("/v1/misbehave", api.manners),
            web.post("/v1/misbehave", api.misbehave),
        ]
    )


@web.middleware
async def say_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong for a known reason is said in the same shape."""
    try:
        return await handler(request)
    except Problem as error:
        return problem(error.status, error.kind, str(error))
    except UnknownHub as error:
        return problem(404, "unknown_hub", f"{error.args[0][:64]} was never here; GET /v1/hubs lists who was")
    except TooManyCommands as error:
        return problem(503, "busy", str(error), retry_after_s=1.0)
    except CannotMisbehave as error:
        return problem(400, "cannot", str(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem(error.status, "http", error.reason)


class _Api:
    def __init__(self, cloud: Spoken) -> None:
        self._cloud = cloud
        self._service = cloud.service
        self._consumer = cloud.service.consumer
        self.streams = Streams()

    async def health(self, _request: web.Request) -> web.Response:
        return _json({"ok": not self._consumer.trouble})

    async def hubs(self, _request: web.Request) -> web.Response:
        return _json({"hubs": [hub.view() for hub in self._consumer.hubs()], "trouble": self._consumer.trouble})

    async def hub(self, request: web.Request) -> web.Response:
        return _json(self._hub_view(_hub(request)))

    async def devices(self, request: web.Request) -> web.Response:
        hub = self._consumer.hub(_hub(request))
        return _json({"reported": hub.reported, "devices": self._consumer.devices(hub.id)})

    async def history(self, request: web.Request) -> web.Response:
        hub = self._consumer.hub(_hub(request))
        most = query_number(request, "most", 100, PAGE_MAX)
        since = query_number(request, "since", 0, 2**53)
        return _json({"messages": self._consumer.history.since(hub.id, since, most)})

    async def command(self, request: web.Request) -> web.Response:
        hub, body = self._consumer.hub(_hub(request)), await read_body(request)
        device, wanted = body.text("device"), body.scalars("set")
        if not self._consumer.has_device(hub.id, device):
            raise Problem(
                404, "unknown_device", f"{hub.id} has no device {device}; GET /v1/hubs/{hub.id}/devices lists them"
            )
        expires_in_s = body.seconds("expires_in", EXPIRES_IN_S)
        wish = _checked(lambda: self._service.command(hub.id, device, wanted, expires_in_s))
        return _json(wish.view(), 202)

    async def outcome(self, request: web.Request) -> web.Response:
        wish = self._consumer.commands.find(request.match_info["command"])
        if wish is None:
            raise Problem(404, "unknown_command", "there is no such command, or it was long ago")
        return _json(wish.view())

    async def job(self, request: web.Request) -> web.Response:
        hub, body = self._consumer.hub(_hub(request)), await read_body(request)
        kind, expires_in_s = body.text("kind"), body.seconds("expires_in", EXPIRES_IN_S)
        wish = _checked(lambda: self._service.job(hub.id, kind, expires_in_s))
        return _json(wish.view(), 202)

    async def wishes(self, request: web.Request) -> web.Response:
        hub = self._consumer.hub(_hub(request))
        return _json({"version": hub.desired, "devices": hub.wishes})

    async def desire(self, request: web.Request) -> web.Response:
        hub, body = self._consumer.hub(_hub(request)), await read_body(request)
        wishes = body.tables("devices")
        return _json({"version": _checked(lambda: self._service.desire(hub.id, wishes))}, 202)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        hub = self._consumer.hub(_hub(request)).id
        listener = HubListener(hub, lambda: self._snapshot(hub))
        end = self._service.listen(listener.hear)
        try:
            return await self.streams.serve(request, listener)
        finally:
            end()

    async def claim(self, request: web.Request) -> web.Response:
        hub = (await read_body(request)).text("hub")
        return _json({"hub": hub, "code": _checked(lambda: self._cloud.claim(hub))}, 201)

    async def revoke(self, request: web.Request) -> web.Response:
        hub = _hub(request)
        if not self._cloud.revoke(hub):
            raise Problem(404, "unknown_hub", f"{hub} has no certificate of ours")
        return _json({"revoked": hub})

    async def manners(self, _request: web.Request) -> web.Response:
        misbehaviour = self._cloud.misbehaviour
        return _json({"active": misbehaviour.active, "there_is": misbehaviour.there_is})

    async def misbehave(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        return _json({"text": self._cloud.misbehaviour.do(body.text("do"), body.rest("do"))})

    def _hub_view(self, name: str) -> dict[str, Any]:
        hub = self._consumer.hub(name)
        commands = self._consumer.commands.latest(name, LATEST_COMMANDS)
        return {
            **hub.view(),
            "complaints": list(hub.complaints),
            "commands": [wish.view() for wish in commands],
        }

    def _snapshot(self, name: str) -> dict[str, Any]:
        try:
            view = self._hub_view(name)
        except UnknownHub:
            # The cloud was told to forget everything while somebody listens.
            return {"hub": None, "devices": [], "messages": []}
        return {
            "hub": view,
            "devices": self._consumer.devices(name),
            "messages": self._consumer.history.latest(name, LATEST_MESSAGES),
        }


def _hub(request: web.Request) -> str:
    return request.match_info["hub"]


def _checked(ask: Callable[[], Any]) -> Any:
    """What a hub could not read is not sent to one."""
    try:
        return ask()
    except ValueError as error:
        raise Problem(400, "invalid", str(error)) from error


def _json(view: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response({"v": VERSION, **view}, status=status)
