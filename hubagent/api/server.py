"""The service on CoAP paths, for this machine only: aiocoap on a loopback socket.

    GET  /v1/devices                 all devices
    GET  /v1/devices/{device}        one, by id, name or address
    GET  /v1/devices/{device}/state  what it last reported
    PUT  /v1/devices/{device}/state  set attributes; answered when the device confirmed, or failed
    PUT  /v1/devices/{device}/name   rename; answered with the rules that wait for the name that it had
    POST /v1/devices/{device}/act    what is particular to its radio: interview, ping, ...
    POST /v1/act                     likewise, of the driver itself
    GET  /v1/events?since=N          what happened; observable: a notification holds what followed the one before
    GET  /v1/pairing                 POST starts a session, DELETE stops it; its steps are events
    GET  /v1/status
    POST /v1/uplink                  cut the connection to the cloud, or resume it
    GET  /v1/rules                   the rules, scenes, variables and the home's mode; POST does something with them
    GET  /v1/rules/{rule}            what it did, and why it did not
    GET  /v1/devices/{device}/why    what made it what it is

Bodies are CBOR, or JSON where Accept or Content-Format say so. A notification that is lost, or that would not fit into
a datagram, leaves a gap in the events' numbers, which the watcher closes with `?since=`.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiocoap
from aiocoap import error as coap_error
from aiocoap import resource
from aiocoap.numbers.codes import Code
from aiocoap.numbers.constants import TransportTuning

from hubagent.api import content
from hubagent.api.problem import INVALID, NOT_KEPT, TOO_MANY, Problem
from hubagent.api.rules_service import RulesService
from hubagent.api.service import Service
from hubagent.store.errors import StoreFailed

if TYPE_CHECKING:
    from hubagent.agent import Agent

_log = logging.getLogger(__name__)

OBSERVERS_MAX = 32
NOTIFICATION_EVENTS_MAX = 16
NOTIFICATION_BYTES_MAX = 1000
"""What fits into one datagram without blocks (RFC 7959), beside its options."""
BACKUP_BYTES_MAX = 256 * 1024
NOTIFY_INTERVAL_S = 0.02
"""A burst of events is told of in notifications this far apart; the first of it at once."""
CONFIRM_INTERVAL_S = 10.0
"""One notification in this time asks for an acknowledgement, which finds out who is gone (RFC 7641, section 4.5)."""


class ApiUnavailable(Exception):
    """The API cannot listen there; the text names the address and the remedy."""


class _Unconfirmed(TransportTuning):
    reliability = False


class _Confirmed(TransportTuning):
    reliability = True


Handler = Callable[["_Request"], Awaitable[Any]]


class _Request:
    """What a handler needs of a message."""

    def __init__(self, message: Any, path: Sequence[str]) -> None:
        self._message = message
        self.path = path

    def body(self) -> Any:
        """Raises Problem."""
        try:
            return content.decode(self._message.payload, self._message.opt.content_format)
        except content.BadContent as error:
            raise Problem(INVALID, str(error)) from error

    def number(self, name: str) -> int | None:
        """A number of the query. Raises Problem."""
        for item in self._message.opt.uri_query:
            key, _, value = item.partition("=")
            if key == name:
                if not value.isdecimal():
                    raise Problem(INVALID, f"{name} is a number, not {value!r}")
                return int(value)
        return None


def _accepted(message: Any) -> int:
    if message.opt.accept is not None:
        return int(message.opt.accept)
    if message.opt.content_format == content.JSON:
        return content.JSON
    return content.CBOR


def _message(value: Any, content_format: int, **more: Any) -> Any:
    return aiocoap.Message(payload=content.encode(value, content_format), content_format=content_format, **more)


def _problem(problem: Problem, content_format: int) -> Any:
    payload, own_format = content.encode_problem(
        problem.kind.name, problem.kind.title, problem.detail, problem.kind.code, content_format
    )
    return aiocoap.Message(code=Code(problem.kind.code), payload=payload, content_format=own_format)


def _refuse_blocks(request: Any, most: int = 0) -> None:
    """Nearly every request of ours fits into a datagram: who sends more is not one of us, and gets no memory.

    Of the others bodies of up to `most` bytes are put together.
    """
    block = request.opt.block1
    if block is not None and block.start + len(request.payload) > most:
        raise coap_error.RequestEntityTooLarge


class _Node(resource.Resource):
    """Handlers by method."""

    body_max = 0
    """Bytes of a request that comes in several datagrams."""

    def __init__(self, **handlers: Handler) -> None:
        super().__init__()
        self._handlers = handlers

    async def needs_blockwise_assembly(self, request: Any) -> bool:
        _refuse_blocks(request, self.body_max)
        return True

    async def render(self, request: Any) -> Any:
        content_format = _accepted(request)
        if content_format not in (content.JSON, content.CBOR):
            raise coap_error.NotAcceptable
        handler = self._handlers.get(str(request.code).lower())
        if handler is None:
            raise coap_error.UnallowedMethod
        try:
            view = await handler(_Request(request, request.opt.uri_path))
        except Problem as problem:
            return _problem(problem, content_format)
        except StoreFailed as failed:
            _log.error("%s", failed)
            return _problem(Problem(NOT_KEPT, f"the state cannot be written: {failed.reason}"), content_format)
        return _message(view, content_format, code=Code.CONTENT if request.code == Code.GET else Code.CHANGED)


class _Act(_Node):
    """What a driver is asked: among it to restore a backup, which is as long as there are devices."""

    body_max = BACKUP_BYTES_MAX


class _Device(_Node, resource.PathCapable):
    """All below /v1/devices: the device's name is part of the path."""

    def __init__(self, service: Service, rules: RulesService) -> None:
        super().__init__(get=self._get, put=self._put, post=self._post)
        self._service = service
        self._rules = rules

    async def _get(self, request: _Request) -> Any:
        device, what = _device_and_last(request.path)
        if what == "state":
            return self._service.state(device)
        if what == "why":
            return self._rules.explain(device)
        return self._service.device("/".join(request.path))

    async def _put(self, request: _Request) -> Any:
        device, what = _device_and_last(request.path)
        if what == "state":
            return await self._service.set(device, request.body())
        if what == "name":
            view = self._service.rename(device, request.body())
            return {**view, **self._rules.waiting_for(view["was"])}
        raise coap_error.UnallowedMethod

    async def _post(self, request: _Request) -> Any:
        device, what = _device_and_last(request.path)
        if what == "act":
            return await self._service.act(device, request.body())
        raise coap_error.UnallowedMethod


def _device_and_last(path: Sequence[str]) -> tuple[str, str]:
    # The id of a part has a slash, which may come escaped or as it is.
    return ("/".join(path[:-1]), path[-1]) if len(path) > 1 else ("", "")


class _Rule(_Node, resource.PathCapable):
    """All below /v1/rules: the rule's name is the path."""

    def __init__(self, rules: RulesService) -> None:
        super().__init__(get=self._get)
        self._rules = rules

    async def _get(self, request: _Request) -> Any:
        return self._rules.traces("/".join(request.path))


class _Events(resource.ObservableResource):
    """The event log. All observers get the same notifications: made once, and numbered."""

    def __init__(self, service: Service, agent: "Agent") -> None:
        super().__init__()
        self._service = service
        self._agent = agent
        self._told = agent.events.following
        self._timer: asyncio.Handle | None = None
        self._notified_at = float("-inf")
        self._confirmed_at = float("-inf")
        agent.events.on_entry(self._wake)

    async def needs_blockwise_assembly(self, request: Any) -> bool:
        _refuse_blocks(request)
        return True

    async def add_observation(self, request: Any, serverobservation: Any) -> None:
        if len(self._observations) >= OBSERVERS_MAX:
            raise _Full
        if not self._observations:
            self._told = self._agent.events.following
        await super().add_observation(request, serverobservation)
        serverobservation.content_format = _accepted(request)

    async def render_get(self, request: Any) -> Any:
        content_format = _accepted(request)
        try:
            since = None if request.opt.observe == 0 else _Request(request, ()).number("since")
        except Problem as problem:
            return _problem(problem, content_format)
        return _message(self._service.events(since), content_format)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _wake(self) -> None:
        if self._timer is None and self._observations:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._notified_at + NOTIFY_INTERVAL_S, self._notify)

    def _notify(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        self._notified_at = loop.time()
        if not self._observations:
            return
        confirm = loop.time() - self._confirmed_at >= CONFIRM_INTERVAL_S
        if confirm:
            self._confirmed_at = loop.time()
        view = self._service.events(self._told, NOTIFICATION_EVENTS_MAX)
        payloads = {}
        for observation in self._observations:
            chosen = observation.content_format
            if chosen not in payloads:
                payloads[chosen] = _fitting(view, chosen)
            tuning = _Confirmed() if confirm else _Unconfirmed()
            observation.trigger(
                aiocoap.Message(
                    code=Code.CONTENT, payload=payloads[chosen], content_format=chosen, transport_tuning=tuning
                )
            )
        self._told = view["next"]
        if self._told < self._agent.events.following:
            self._wake()


class _Full(coap_error.RenderableError):
    """One observer too many."""

    def to_message(self) -> Any:
        return _problem(Problem(TOO_MANY, f"{OBSERVERS_MAX} watch already"), content.CBOR)


def _fitting(view: dict[str, Any], content_format: int) -> bytes:
    """The notification, or where it is too long the same with a gap, which the watcher reads for itself."""
    payload = content.encode(view, content_format)
    if len(payload) <= NOTIFICATION_BYTES_MAX:
        return payload
    return content.encode({**view, "events": []}, content_format)


@asynccontextmanager
async def serve_api(agent: "Agent", address: tuple[str, int]) -> AsyncIterator[None]:
    """Answer at `address` as long as the block lasts. Raises ApiUnavailable."""
    service = Service(agent)
    site = resource.Site()
    events = _Events(service, agent)
    site.add_resource(["v1", "devices"], _Node(get=_sync(lambda _request: service.devices())))
    rules = RulesService(agent)
    site.add_resource(["v1", "devices"], _Device(service, rules))
    site.add_resource(["v1", "events"], events)
    site.add_resource(["v1", "act"], _Act(post=lambda request: service.act("", request.body())))
    site.add_resource(
        ["v1", "pairing"],
        _Node(
            get=_sync(lambda _request: service.pairing()),
            post=_sync(lambda request: service.start_pairing(request.body())),
            delete=lambda _request: service.stop_pairing(),
        ),
    )
    site.add_resource(["v1", "uplink"], _Node(post=_sync(lambda request: service.steer_uplink(request.body()))))
    site.add_resource(["v1", "status"], _Node(get=_sync(lambda _request: service.status())))
    site.add_resource(
        ["v1", "rules"],
        _Node(
            get=_sync(lambda _request: rules.rules()),
            post=_sync(lambda request: rules.act(request.body())),
        ),
    )
    site.add_resource(["v1", "rules"], _Rule(rules))
    site.add_resource([".well-known", "core"], resource.WKCResource(site.get_resources_as_linkheader, impl_info=None))
    host, port = address
    _check_free(host, port)
    try:
        context = await aiocoap.Context.create_server_context(
            site, bind=(host, port), transports=["simplesocketserver"]
        )
    except OSError as error:
        raise _unavailable(host, port, error) from error
    try:
        yield
    finally:
        events.close()
        await context.shutdown()


def _sync(handler: Callable[[_Request], Any]) -> Handler:
    async def handle(request: _Request) -> Any:
        return handler(request)

    return handle


def _check_free(host: str, port: int) -> None:
    """aiocoap shares its port with whoever asks (SO_REUSEPORT): two agents would each get half of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _unavailable(host, port, error) from error


def _unavailable(host: str, port: int, error: OSError) -> ApiUnavailable:
    return ApiUnavailable(
        f"{host}:{port}: the API cannot listen there: {error.strerror}; "
        "stop what uses it (another hubagent?), or choose another api.listen"
    )
