"""One hub's connection at the cloud's CoAP front: what it POSTs is handed in, what it shall hear is POSTed to it."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiocoap.numbers.codes import Code

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.message.fields import HUB_ID
from simulators.cloud.coap_codec import MalformedMessage, Reader, add_option, message, to_bytes, uint
from simulators.cloud.coap_tls import TlsServer

PING_AFTER_S: Final = 8.0
SILENCE_S: Final = 18.0
MESSAGE_MAX: Final = FRAME_MAX + 256
BASE_MESSAGE_SIZE: Final = 1152
"""RFC 8323, section 5.3.1."""
CLOSES_WITHIN_S: Final = 3.0
"""A hub that was asked to."""
OUTSTANDING_MAX: Final = 64
"""Requests that a hub has not answered."""
BUFFER_MAX: Final = 256 * 1024
"""Bytes that a hub has not read."""
UNANSWERED_MAX: Final = 1000
CHANNEL_MAX: Final = 64
HEAD_MAX: Final = 64
"""Bytes of a request beside its payload: a head, a token, a short path."""

_UNDERSTOOD: Final = frozenset({3, 7, 11, 17})
"""Uri-Host, Uri-Port, Uri-Path, Accept: the critical options that may be in a request."""


@dataclass
class Manners:
    """Good, until a test or a person wants them otherwise."""

    welcomes: bool = True
    """False: connections are taken, and nothing is ever said on them."""
    takes: bool = True
    """False: every frame is refused with 5.03."""
    answers: bool = True
    """False: frames are taken and passed on, and answered only when this is true again (fault 3)."""


class Office(Protocol):
    """What a connection asks of the front."""

    manners: Manners

    def opened(self, connection: "HubConnection") -> bool: ...

    def arrived(self, connection: "HubConnection") -> None: ...

    def heard(self, connection: "HubConnection", channel: str, payload: bytes) -> None: ...

    def closed(self, connection: "HubConnection") -> None: ...

    def turned_away(self, connection: "HubConnection", why: str) -> None: ...


class HubConnection(TlsServer):
    def __init__(self, context: ssl.SSLContext, office: Office) -> None:
        super().__init__(context)
        self._office = office
        self._reader = Reader(MESSAGE_MAX)
        self._message_max = BASE_MESSAGE_SIZE
        self._greeted = False
        self._over = False
        self._stalled = False
        self._tokens = 0
        self._outstanding: dict[bytes, float] = {}
        """When each request was sent."""
        self._unanswered: list[bytes] = []
        self._heard_at = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self.hub = ""

    # What the front asks for.

    def send(self, channel: Down, payload: bytes) -> bool:
        if (
            self._over
            or not self._greeted
            or len(payload) + HEAD_MAX > self._message_max
            or len(self._outstanding) >= OUTSTANDING_MAX
            or self.waiting > BUFFER_MAX / 2
        ):
            return False
        self._tokens = (self._tokens + 1) % 2**16
        token = self._tokens.to_bytes(2, "big")
        self._outstanding[token] = self._loop.time()
        self.write(to_bytes(message(Code.POST, token, ("dn", *channel.value.split("/")), payload)))
        return True

    def abort(self, why: str) -> None:
        """RFC 8323, section 5.6."""
        self._part(message(Code.ABORT, payload=why.encode()))
        self.hang_up()

    def release(self, why: str = "", hold_off_s: int | None = None, server: str | None = None) -> None:
        """RFC 8323, section 5.5: the hub closes, and comes back where and when it is told."""
        if self._over:
            return
        made = message(Code.RELEASE, payload=why.encode())
        if server is not None:
            add_option(made, 2, server.encode())
        if hold_off_s is not None:
            add_option(made, 4, uint(hold_off_s))
        self._part(made)
        self._timer = self._loop.call_later(CLOSES_WITHIN_S, self.kick)

    def kick(self) -> None:
        self._over = True
        super().kick()

    def answer(self) -> None:
        """What was not answered while manners were bad."""
        self.write(b"".join(self._unanswered))
        self._unanswered.clear()

    def stall(self, stalling: bool) -> None:
        """Neither read nor say anything, and keep the connection: what a half-open one looks like to the hub."""
        self._stalled = stalling
        self.pause(stalling)

    # What TLS says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self._office.opened(self):
            self.kick()

    def secured(self, certificate: dict[str, Any]) -> None:
        if not self._office.manners.welcomes:
            return
        csm = message(Code.CSM)
        add_option(csm, 2, uint(MESSAGE_MAX))
        self.write(to_bytes(csm))
        names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
        if len(names) != 1 or not HUB_ID.fullmatch(names[0]):
            self._office.turned_away(self, f"its certificate names no hub: {names[:2]!r:.100}")
            self.abort("the certificate names no hub")
            return
        self.hub = names[0]
        self._office.arrived(self)
        if not self._over:
            self._tick()

    def refused(self, why: str) -> None:
        self._over = True
        self._office.turned_away(self, why)

    def received(self, data: bytes) -> None:
        if not self._office.manners.welcomes:
            return
        try:
            for found in self._reader.feed(data):
                if self._over:
                    return
                self._heard_at = self._loop.time()
                self._take(found)
        except MalformedMessage as error:
            self.abort(str(error))
        if self.waiting > BUFFER_MAX:
            self.kick()  # It asks without reading the answers.

    def ended(self) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self._office.closed(self)

    # What the hub says.

    def _take(self, found: Any) -> None:
        code = found.code
        if code.is_signalling():
            self._take_signal(found)
        elif not self._greeted:
            self.abort("a CSM has to come first")
        elif code.is_request():
            self._take_request(found)
        elif code.is_response():
            self._outstanding.pop(found.token, None)
        elif code != Code.EMPTY:
            self.abort(f"there is no code {int(code)}")

    def _take_request(self, found: Any) -> None:
        path = found.opt.uri_path
        if any(it.number & 1 and it.number not in _UNDERSTOOD for it in found.opt.option_list()):
            self._answer(found, Code.BAD_OPTION)
        elif len(path) < 4 or path[0] != "hub" or path[2] != "up" or len("/".join(path[3:])) > CHANNEL_MAX:
            self._answer(found, Code.NOT_FOUND, "frames go to /hub/<id>/up/<channel>")
        elif path[1] != self.hub:
            self._answer(found, Code.FORBIDDEN, f"this connection is {self.hub}'s")
        elif found.code != Code.POST:
            self._answer(found, Code.METHOD_NOT_ALLOWED)
        elif len(found.payload) > FRAME_MAX:
            self._answer(found, Code.REQUEST_ENTITY_TOO_LARGE)
        elif not self._office.manners.takes:
            self._answer(found, Code.SERVICE_UNAVAILABLE, "no frames are taken now")
        else:
            self._answer(found, Code.CHANGED)
            self._office.heard(self, "/".join(path[3:]), found.payload)

    def _answer(self, request: Any, code: Code, why: str = "") -> None:
        answer = to_bytes(message(code, request.token, payload=why.encode()))
        if self._office.manners.answers:
            self.write(answer)
        elif len(self._unanswered) < UNANSWERED_MAX:
            self._unanswered.append(answer)

    def _take_signal(self, found: Any) -> None:
        if found.code == Code.CSM:
            for option in found.opt.option_list():
                if option.number == 2:
                    self._message_max = int.from_bytes(option.encode(), "big")
            self._greeted = True
        elif found.code == Code.PING:
            self.write(to_bytes(message(Code.PONG, found.token)))
        elif found.code in (Code.RELEASE, Code.ABORT):
            self._over = True
            self.hang_up()

    def _tick(self) -> None:
        """PING_AFTER_S after what was heard last, and so on until something is heard again, or SILENCE_S are over."""
        now = self._loop.time()
        silent_s = now - self._heard_at
        if silent_s >= SILENCE_S and not self._stalled:
            self.kick()
            return
        if silent_s >= PING_AFTER_S:
            self._ping()
        self._outstanding = {token: at for token, at in self._outstanding.items() if at + SILENCE_S > now}
        due_s = PING_AFTER_S - silent_s if silent_s < PING_AFTER_S else min(PING_AFTER_S, SILENCE_S - silent_s)
        self._timer = self._loop.call_later(max(due_s, 1.0), self._tick)

    def _ping(self) -> None:
        if not self._stalled:
            self.write(to_bytes(message(Code.PING)))

    def _part(self, made: Any) -> None:
        """The last word."""
        if self._over:
            return
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self.write(to_bytes(made))
