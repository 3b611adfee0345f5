"""Who may ask, and from where: in front of every route.

Where a token was drawn at the start, the API wants it. It travels in a header that the page itself adds, never in a
cookie, so no other site's page can use it (CSRF); the page gets it from the fragment of its address, which browsers
send to nobody. Host and Origin are checked as well: a name that somebody else points at 127.0.0.1 (DNS rebinding) is
not ours.
"""

import hmac
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from simulators.web.problem import problem

TOKEN_LENGTH: Final = 32
"""Bytes, drawn at each start and kept nowhere."""
OPEN_PATHS: Final = frozenset({"/health"})
WRONG_MAX: Final = 5
"""Wrong tokens in a minute from one address."""
MINUTE_S: Final = 60.0
ADDRESSES_MAX: Final = 256
WRITES_MAX: Final = 50
"""Requests in a second that want something done."""
_WRITING: Final = ("POST", "PUT", "DELETE", "PATCH")
_READING: Final = ("GET", "HEAD")

_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """What stands below `api`, a path that ends in a slash, is the API; without a `token` it wants none."""

    def __init__(self, token: str | None, clock: Callable[[], float], api: str) -> None:
        self._token = None if token is None else token.encode()
        self._names: tuple[str, ...] | None = ()
        self._clock = clock
        self._api = api
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._writes: deque[float] = deque(maxlen=WRITES_MAX)

    def answer_to(self, names: Iterable[str] | None) -> None:
        """The hosts, each with its port, under which this server is reached; before that it answers nobody. None: by
        whatever name somebody comes, which only a token makes safe."""
        assert names is not None or self._token is not None
        self._names = None if names is None else tuple(name.lower() for name in names)

    def middleware(self) -> Middleware:
        @web.middleware
        async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
            return self._refusal(request) or await handler(request)

        return protect

    @staticmethod
    async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)
        response.headers.popall("Server", None)

    def _refusal(self, request: web.Request) -> web.Response | None:
        host = request.headers.get("Host", "").lower()
        if self._names is not None and host not in self._names:
            return problem(
                403, "wrong_host", f"this server is not reached by that name; it is {', '.join(self._names)}"
            )
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() != f"http://{host}":
            return problem(403, "wrong_origin", "pages of other sites may not ask")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return problem(403, "wrong_origin", "pages of other sites may not ask")
        if request.method not in (*_READING, *_WRITING):
            return problem(405, "no_such_method", f"{request.method[:16]} is for nothing here")
        if not request.path.startswith(self._api):
            return None
        return self._without_token(request) or self._too_many_writes(request)

    def _without_token(self, request: web.Request) -> web.Response | None:
        if self._token is None:
            return None
        address = request.remote or ""
        wrong = self._lately_wrong(address)
        if len(wrong) >= WRONG_MAX:
            wait_s = wrong[0] + MINUTE_S - self._clock()
            return problem(
                429, "too_many_tries", f"too many wrong tokens; again in {wait_s:.0f} s", retry_after_s=wait_s
            )
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._token):
            return None
        if given:
            self._note_wrong(address)
        return problem(
            401,
            "no_token",
            "say `Authorization: Bearer TOKEN`; the token is in the address that was printed at the start",
        )

    def _lately_wrong(self, address: str) -> deque[float]:
        wrong = self._wrong.get(address, deque())
        while wrong and wrong[0] <= self._clock() - MINUTE_S:
            wrong.popleft()
        return wrong

    def _note_wrong(self, address: str) -> None:
        self._wrong.setdefault(address, deque(maxlen=WRONG_MAX)).append(self._clock())
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES_MAX:
            self._wrong.popitem(last=False)

    def _too_many_writes(self, request: web.Request) -> web.Response | None:
        if request.method not in _WRITING:
            return None
        now = self._clock()
        if len(self._writes) == WRITES_MAX and self._writes[0] > now - 1.0:
            return problem(429, "too_many_requests", f"at most {WRITES_MAX} a second", retry_after_s=1.0)
        self._writes.append(now)
        return None
