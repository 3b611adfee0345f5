"""One exchange under way: where it stands, until when it may stand there, and what went wrong with it so far.

A flight says what it waits for. What is done when that comes, or does not, is `exchange_machine`'s.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from drivers.zwave.exchange import Answer, Call, Timing
from drivers.zwave.serial_api.function import Request, Response
from drivers.zwave.serial_api.send_data import SendData, SendDataBridge, SendDataMulticast, SendDataMulticastBridge

_TRANSMISSIONS = frozenset(
    request.FUNCTION for request in (SendData, SendDataBridge, SendDataMulticast, SendDataMulticastBridge)
)


class Phase(Enum):
    SENDING = auto()
    """Until the controller has acknowledged the frame: `SerialLink` waits."""
    RESPONSE = auto()
    CALLBACK = auto()
    PAUSE = auto()
    """Not executed, and soon sent again."""
    AGAIN = auto()
    """Not executed, and sent again as soon as the link is free."""
    RESTARTING = auto()
    """A soft reset was acknowledged."""


Then = Callable[[Answer], None]


@dataclass(eq=False, slots=True)
class Flight:
    call: Call
    request: Request
    callback_id: int
    """0: no callback is to come."""
    then: Then | None = None
    """Who takes the answer of a call that is the machine's own."""
    phase: Phase = Phase.SENDING
    deadline: float | None = None
    gives_up_at: float = math.inf
    response: Response | None = None
    aborted: bool = False
    refusals: int = 0
    jams: int = 0
    silences: int = 0
    paused_at: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether nothing of it is with the controller."""
        return self.phase in (Phase.PAUSE, Phase.AGAIN)

    @property
    def transmits(self) -> bool:
        return self.request.FUNCTION in _TRANSMISSIONS

    def awaits_response(self, function: int) -> bool:
        """Also while it is still being sent: its ACK may be lost."""
        kind = self.request.RESPONSE
        return self.phase in (Phase.SENDING, Phase.RESPONSE) and kind is not None and function == kind.FUNCTION

    def awaits_callback(self, function: int) -> bool:
        """Of this function; which callback of it, the identifier tells."""
        kind = self.request.CALLBACK
        return bool(self.callback_id) and not self.waits and kind is not None and function == kind.FUNCTION

    def await_response(self, timing: Timing, now: float) -> None:
        self.phase = Phase.RESPONSE
        self.deadline = now + timing.response_s

    def await_callback(self, timing: Timing, now: float) -> None:
        """A transmission is aborted before it is given up."""
        self.phase = Phase.CALLBACK
        wait_s = self.call.callback_timeout_s
        self.gives_up_at = now + (timing.callback_s if wait_s is None else wait_s)
        abort_at = now + timing.abort_s if self.transmits else math.inf
        self.deadline = min(self.gives_up_at, abort_at)

    def await_start(self, timing: Timing, now: float) -> None:
        self.phase = Phase.RESTARTING
        self.deadline = now + timing.started_s

    def pause(self, wait_s: float, now: float) -> None:
        """Nothing was done: it is tried again in a while."""
        self.phase = Phase.PAUSE
        self.paused_at = now
        self.deadline = now + wait_s

    def try_again(self) -> None:
        self.phase, self.deadline = Phase.AGAIN, None
