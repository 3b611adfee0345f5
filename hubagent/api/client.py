"""The other end of the API, for the command line: requests to the agent on this machine, and its stream of events."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import aiocoap
from aiocoap import error as coap_error
from aiocoap.numbers.codes import Code

from hubagent.api import content
from hubagent.api.problem import AGENT_FAILED, INVALID, KINDS, Problem

REQUEST_TIMEOUT_S = 10.0
SIGN_OF_LIFE_S = 2.0
"""An agent answers what it is asked in passing long before."""
SILENCE_S = 2.0
"""So long without a notification, and the watcher asks for itself: a datagram may be lost, an agent end."""
_SERVER_ERROR = 5
"""The class of responses that are the server's fault (RFC 7252, section 5.9.3)."""


class AgentUnreachable(Exception):
    """Nobody answers at the API's address."""


class AnotherAnswers(AgentUnreachable):
    """Somebody answers at the API's address, and is no agent that we could talk to."""


class AnswerOverdue(Exception):
    """The agent is there, and was asked for more than could be done in time: it may still be done."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The watcher was too slow: so many events are gone."""

    count: int


class Client:
    """Made by `connect`."""

    def __init__(self, context: Any, address: tuple[str, int]) -> None:
        self._context = context
        host, port = address
        self._place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def get(self, *path: str, **query: int) -> Any:
        return await self.request(Code.GET, path, query=query)

    async def put(self, path: tuple[str, ...], body: Any, *, timeout_s: float = REQUEST_TIMEOUT_S) -> Any:
        return await self.request(Code.PUT, path, body, timeout_s=timeout_s)

    async def post(self, path: tuple[str, ...], body: Any, *, timeout_s: float = REQUEST_TIMEOUT_S) -> Any:
        return await self.request(Code.POST, path, body, timeout_s=timeout_s)

    async def delete(self, path: tuple[str, ...]) -> Any:
        return await self.request(Code.DELETE, path)

    async def request(
        self,
        code: Any,
        path: tuple[str, ...],
        body: Any = None,
        *,
        query: Mapping[str, int] | None = None,
        timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> Any:
        """Raises AgentUnreachable, AnswerOverdue except of a GET, or Problem as the agent stated it."""
        message = self._message(code, path, query or {})
        try:
            # What comes from a command line need be no text.
            for part in path:
                part.encode()
            if body is not None:
                message.payload = content.encode(body, content.CBOR)
                message.opt.content_format = content.CBOR
        except UnicodeEncodeError as error:
            raise Problem(INVALID, f"{error.object!a} is not UTF-8 text") from error
        try:
            async with asyncio.timeout(timeout_s):
                response = await self._context.request(message).response
        except TimeoutError as error:
            # Only what waits for a device or a radio takes long: an agent that lives answers a GET at once.
            if code == Code.GET or not await self._lives():
                raise self._unreachable() from error
            raise AnswerOverdue(
                f"the agent did not answer within {timeout_s:g} s; what was asked of it may still be carried out"
            ) from error
        except (coap_error.Error, OSError) as error:
            raise self._unreachable() from error
        return self._view(response)

    async def _lives(self) -> bool:
        try:
            await self.request(Code.GET, ("v1", "status"), timeout_s=SIGN_OF_LIFE_S)
        except AgentUnreachable:
            return False
        except Problem:
            return True
        return True

    async def events(self, since: int | None = None) -> AsyncIterator[Mapping[str, Any] | Lost]:
        """Every event from number `since` on, or from now on; for ever. Raises AgentUnreachable when the agent ends."""
        message = self._message(Code.GET, ("v1", "events"), {})
        message.opt.observe = 0
        request = self._context.request(message, handle_blockwise=False)
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                first = self._view(await request.response)
        except (TimeoutError, coap_error.Error, OSError) as error:
            raise self._unreachable() from error
        expected = first["next"] if since is None else since
        notifications = aiter(request.observation)
        async for page in self._pages(notifications, expected):
            if page["lost"]:
                yield Lost(page["lost"])
            for event in page["events"]:
                yield event

    async def _pages(self, notifications: Any, expected: int) -> AsyncIterator[Mapping[str, Any]]:
        """Pages that join without a gap, from number `expected` on."""
        behind = True
        while True:
            while behind:
                page = await self.get("v1", "events", since=expected)
                if page["next"] < expected:
                    raise self._unreachable()
                behind = page["next"] > expected
                expected = page["next"]
                yield page
            # Not asyncio.timeout: to cancel aiocoap's iterator would end it for good.
            silence = asyncio.get_running_loop().call_later(SILENCE_S, notifications.push, None)
            try:
                notification = await anext(notifications)
            except (coap_error.Error, OSError, StopAsyncIteration) as error:
                raise self._unreachable() from error
            finally:
                silence.cancel()
            if notification is None:
                behind = True
                continue
            page = self._view(notification)
            events = page["events"]
            if page["next"] <= expected:
                continue
            if events and events[0]["n"] <= expected and not page["lost"]:
                yield {**page, "events": [event for event in events if event["n"] >= expected]}
                expected = page["next"]
            else:
                behind = True

    def _message(self, code: Any, path: tuple[str, ...], query: Mapping[str, int]) -> Any:
        message = aiocoap.Message(code=code, uri=f"coap://{self._place}")
        message.opt.uri_path = path
        message.opt.uri_query = [f"{key}={value}" for key, value in query.items()]
        message.opt.accept = content.CBOR
        return message

    def _unreachable(self) -> AgentUnreachable:
        return AgentUnreachable(f"no agent answers at {self._place}")

    def _view(self, response: Any) -> Any:
        """Raises Problem, or AnotherAnswers."""
        if response.code.is_successful():
            try:
                view = content.decode(response.payload, response.opt.content_format)
            except content.BadContent as error:
                raise self._another(response) from error
            if not isinstance(view, dict):
                raise self._another(response)
            return view
        kind, detail = content.decode_problem(response.payload, response.opt.content_format)
        if kind in KINDS:
            raise Problem(KINDS[kind], detail or str(response.code))
        # Not ours: the CoAP library's word for a request that has no place here, or for a bug of ours.
        if response.code.class_ == _SERVER_ERROR:
            raise Problem(AGENT_FAILED, f"the agent failed at it, its log says why: {detail or response.code}")
        if response.code == Code.NOT_FOUND:
            raise self._another(response)
        if response.code == Code.REQUEST_ENTITY_TOO_LARGE:
            raise Problem(INVALID, "that is more than the agent takes at once")
        raise Problem(INVALID, detail or str(response.code))

    def _another(self, response: Any) -> AnotherAnswers:
        return AnotherAnswers(
            f"what answers at {self._place} is no hubagent, or one of another version ({response.code})"
        )


@asynccontextmanager
async def connect(address: tuple[str, int]) -> AsyncIterator[Client]:
    # simple6 hears of refused datagrams, so that an agent that is not there is told of at once.
    context = await aiocoap.Context.create_client_context(transports=["simple6"])
    try:
        yield Client(context, address)
    finally:
        with _deaf(asyncio.get_running_loop()):
            await context.shutdown()


@contextmanager
def _deaf(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """What comes in while aiocoap ends falls over what it has let go of already, and nobody need read of it."""
    before = loop.get_exception_handler()

    def hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(context.get("exception"), AttributeError):
            return
        if before is None:
            loop.default_exception_handler(context)
        else:
            before(loop, context)

    loop.set_exception_handler(hear)
    try:
        yield
    finally:
        loop.set_exception_handler(before)
