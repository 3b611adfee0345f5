"""What the cloud says, read and judged as far as that needs no memory; what is refused, and how often that is said."""

from collections import deque
from typing import Final

from hubagent.uplink.message.codec import DownMessage, decode_down, identifier_in
from hubagent.uplink.message.down import Ack, Bye, Welcome
from hubagent.uplink.message.fields import MalformedMessage
from hubagent.uplink.message.up import Refused
from hubagent.uplink.session.items import Received
from hubagent.uplink.session.pace import Pace

REFUSALS_PER_S: Final = 5.0
REFUSALS_BURST: Final = 20.0
FRAMES_PER_S: Final = 500.0
"""A cloud has no reason to say more: it acknowledges at most as often as it hears something."""
FRAMES_BURST: Final = 2000.0
DETAIL_MAX: Final = 256


class Hearing:
    def __init__(self, hub: str, incarnation: bytes, boot: int) -> None:
        self._hub = hub
        self._incarnation = incarnation
        self._boot = boot
        self._intake = Pace(FRAMES_PER_S, FRAMES_BURST)
        self._refusals = Pace(REFUSALS_PER_S, REFUSALS_BURST)
        self.refused: deque[Refused] = deque(maxlen=int(REFUSALS_BURST))
        """To be said as soon as the connection takes it."""
        self.refused_count = 0

    def flooded(self, now: float) -> bool:
        """Whether one frame more is too many."""
        if not self._intake.may(now):
            return True
        self._intake.took(now)
        return False

    def read(self, item: Received, now: float) -> DownMessage | None:
        """None for what is not for us; it was refused then."""
        try:
            message = decode_down(item.channel, item.payload)
        except MalformedMessage as malformed:
            self.refuse(identifier_in(item.payload), malformed.reason, str(malformed), now)
            return None
        if message.hub != self._hub:
            self.refuse(identifier_in(item.payload), "wrong-hub", f"it is for {message.hub}", now)
            return None
        if isinstance(message, Ack | Welcome) and not self._is_of_this_start(message):
            # A broker keeps what it could not deliver to an earlier start.
            self.refuse(None, "stale", f"{message.TYPE} is for another start of the agent, or another outbox", now)
            return None
        if isinstance(message, Bye) and message.boot != self._boot:
            self.refuse(None, "wrong-boot", f"bye is for start {message.boot} of the agent, this is {self._boot}", now)
            return None
        return message

    def refuse(self, about: str | None, reason: str, detail: str, now: float) -> None:
        self.refused_count += 1
        if self._refusals.may(now):
            self._refusals.took(now)
            self.refused.append(Refused(self._hub, about, reason, _plain(detail)))

    def _is_of_this_start(self, message: Ack | Welcome) -> bool:
        """Boot 0 is nobody's: a cloud that knows nothing of this hub says it."""
        asks = isinstance(message, Ack) and message.boot == 0
        return message.incarnation == self._incarnation and (message.boot == self._boot or asks)


def _plain(detail: str) -> str:
    """What a Refused may carry: printable, and not too long."""
    return "".join(letter if letter.isprintable() else "?" for letter in detail[:DETAIL_MAX]) or "?"
