"""The API of a live world. Everything is JSON, of the shapes in `view`, with `"v": 1`.

GET  /api/world                       everything: floor plan, what can be touched, faults; and how all of it is now
GET  /api/events                      server-sent events: `snapshot` (the same), then `changed`, at most ten a second
POST /api/do                          {"do": ["press", "hall.light"]}: the words of `hubagent sim do`

400 the words are no action; 404 nothing in this world is called that; 409 it cannot be done now.
"""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from simulators.action import Action, BadAction, parse_action
from simulators.climate.plan import OUTSIDE
from simulators.live.view import VERSION, Shown, Views, what_changes, what_stays
from simulators.live.watch import Watch
from simulators.web.body import read_body
from simulators.web.events import Streams
from simulators.web.problem import Problem, problem
from simulators.world import CANNOT, World

PREFIX: Final = "/api/"


def add_routes(app: web.Application, shown: Shown) -> None:
    api = _Api(shown)
    app.on_shutdown.append(api.streams.close)
    app.router.add_routes(
        [
            web.get("/api/world", api.whole),
            web.get("/api/events", api.events),
            web.post("/api/do", api.do),
        ]
    )


@web.middleware
async def say_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong for a known reason is said in the same shape."""
    try:
        return await handler(request)
    except Problem as error:
        return problem(error.status, error.kind, str(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem(error.status, "http", f"{error.reason}; there is GET /api/world, GET /api/events, POST /api/do")


class _Api:
    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.streams = Streams()
        self._watch = Watch(self._look, self._stays, self._stamp)

    async def whole(self, _request: web.Request) -> web.Response:
        return _json(self._watch.snapshot())

    async def events(self, request: web.Request) -> web.StreamResponse:
        with self._watch.watching() as watcher:
            return await self.streams.serve(request, watcher)

    async def do(self, request: web.Request) -> web.Response:
        words = (await read_body(request)).words("do")
        try:
            action = parse_action(words)
        except BadAction as error:
            raise Problem(400, "no_action", str(error)) from error
        _must_be_there(self._shown.world, action)
        try:
            self._shown.world.do(*words)
        except CANNOT as error:
            raise Problem(409, "cannot", str(error)) from error
        return _json({**self._stamp(), "done": words})

    def _look(self) -> Views:
        return what_changes(self._shown)

    def _stays(self) -> Views:
        return what_stays(self._shown)

    def _stamp(self) -> Mapping[str, Any]:
        return {"v": VERSION, "now": round(self._shown.world.now(), 3)}


def _must_be_there(world: World, action: Action) -> None:
    """Raises Problem where the action names somebody or something that this world does not have."""
    rooms = [OUTSIDE, *world.rooms]
    for what, name, there in (
        ("resident", action.resident, list(world.residents)),
        ("device", action.device, list(world.devices)),
        ("room", action.room, rooms),
    ):
        if name is not None and name not in there:
            raise Problem(
                404, f"unknown_{what}", f"there is no {what} {name!r}; there are {', '.join(there) or 'none'}"
            )


def _json(view: Mapping[str, Any]) -> web.Response:
    return web.json_response(view)
