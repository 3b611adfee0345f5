"""The words of the Serial API command queue: calls, their answers, and what else goes into `Exchanges` and comes out.

The machine itself is in `exchange_machine`. A call is one wish for an exchange with the controller; it gets exactly one
answer, always, and that says whether the wish may have been carried out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum

from drivers.zwave.serial_api.function import Callback, Request, Response
from drivers.zwave.serial_frame import DataFrame
from drivers.zwave.serial_link import Write

QUEUE_MAX = 500
"""Calls waiting. When it is full the newest of the lowest priority is answered `Dropped`, the new one included."""


class Priority(IntEnum):
    """The lower goes first; first come, first served within one."""

    START = -1
    """Finding out who is on the port. The only calls sent between `PortOpened` and `Resume`; not kept when it goes."""
    REPLY = 0
    """Answers that a node waits for: supervision reports."""
    COMMAND = 1
    """Of a rule or a person."""
    CONTROLLER = 2
    """Pairing and network management."""
    CHECK = 3
    """Reading back after a command."""
    INTERVIEW = 4
    POLL = 5


# --- answers: each call gets exactly one


@dataclass(frozen=True, slots=True)
class Answered:
    """The exchange is complete; whether all is well is for the messages to say (`callback.status`)."""

    response: Response | None
    """None where the function has none, and where it was lost but the callback came."""
    callback: Callback | None
    """The final one."""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The controller will not do it, also when asked again. Nothing was done."""

    response: Response


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The controller answered with a payload that is not the message it should be."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class LinkFailed:
    """The controller did not acknowledge the frame. `maybe_done` is false where it refused every copy (NAK, CAN)."""

    maybe_done: bool


@dataclass(frozen=True, slots=True)
class NoResponse:
    """The frame was acknowledged, the response never came; it may have been done."""


@dataclass(frozen=True, slots=True)
class NoCallback:
    """The controller accepted it and never said what became of it, although it was told to abort; maybe done."""


@dataclass(frozen=True, slots=True)
class Aborted:
    """Took so long that it was aborted, or was cancelled in flight; `callback` is what the controller said then."""

    callback: Callback


@dataclass(frozen=True, slots=True)
class ControllerRestarted:
    """The controller restarted in the middle of it; maybe done."""


@dataclass(frozen=True, slots=True)
class PortLost:
    """The port went away. `maybe_done` is true where the bytes were written."""

    maybe_done: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """The queue is full, or the call waited in it longer than its kind may while the controller was out of reach."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """By `Cancel` before it was sent (or, for a call that does not hold the link, before its end), or by `Stop`."""


Answer = (
    Answered
    | NotAccepted
    | NotUnderstood
    | LinkFailed
    | NoResponse
    | NoCallback
    | Aborted
    | ControllerRestarted
    | PortLost
    | Dropped
    | Cancelled
)


# --- what goes in, beside bytes


@dataclass(eq=False, slots=True)
class Call:
    """One wish for an exchange. The callables run as effects of the machine, so they may feed it further items."""

    build: Callable[[int], Request]
    """Given the callback identifier, 1-255, that the request has to carry if its function has a callback."""
    priority: Priority
    answered: Callable[[Answer], None]
    """Called exactly once, and last."""
    written: Callable[[], None] | None = None
    """Called when the request's bytes have been written for the first time, for measuring."""
    on_callback: Callable[[Callback], None] | None = None
    """Called for each callback that is not final."""
    callback_timeout_s: float | None = None
    """None: as `Timing` says; math.inf: a person sets the pace."""
    holds_link: bool = True
    """False: other calls may be sent between its response and its final callback (pairing, neighbour updates)."""
    ends_with: Callable[[DataFrame], bool] | None = None
    """For a function whose outcome is an unsolicited frame instead of a callback: whether this is the one. It comes as
    `Unsolicited` first; then the call is answered."""
    repeatable: bool | None = None
    """Whether it does no harm when the controller executes it twice. Only then is it sent again when the controller
    stays silent; after NAK or CAN everything is. None: repeatable if the function has no callback."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take `call` back. One already in flight is aborted if it is a transmission; otherwise it ends as it ends."""

    call: Call


@dataclass(frozen=True, slots=True)
class PortOpened:
    """Bytes can be written from now on. The queue waits for `Resume`, except for START calls."""


@dataclass(frozen=True, slots=True)
class PortNotOpened:
    """The answer to `ReopenPort` when opening failed."""

    reason: str


@dataclass(frozen=True, slots=True)
class PortClosed:
    """The port closed by itself: unplugged, hung up. Not to be fed when the driver closed it for `ReopenPort`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """The controller on the port is the right one: let the queue go on."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The driver ends: every call is answered `Cancelled`, those to come as well."""


Item = bytes | Call | Cancel | PortOpened | PortNotOpened | PortClosed | Resume | Stop


# --- what comes out


class ControllerStatus(Enum):
    READY = "ready"
    JAMMED = "radio jammed"
    """It answers, but gets nothing out on the air. No node is to blame."""
    RESTARTING = "restarting"
    """By a soft reset, or by itself. Settings that it forgets are to be made again: a START call that is made now is
    sent when the restart is over."""
    UNRESPONSIVE = "unresponsive"
    """It does not answer; the port is closed and opened again, less and less often."""
    PORT_LOST = "port lost"


@dataclass(frozen=True, slots=True)
class Finished:
    """`call.answered(answer)` is due."""

    call: Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class Progressed:
    """`call.on_callback(callback)` is due."""

    call: Call
    callback: Callback


@dataclass(frozen=True, slots=True)
class Unsolicited:
    """A frame that belongs to no call: reports, application updates, SerialAPIStarted."""

    frame: DataFrame


@dataclass(frozen=True, slots=True)
class StatusChanged:
    status: ControllerStatus
    detail: str
    """A clause for people."""


@dataclass(frozen=True, slots=True)
class ReopenPort:
    """Close the port if it is open, wait, open it again; then feed `PortOpened` or `PortNotOpened`."""

    delay_s: float


Effect = Write | Finished | Progressed | Unsolicited | StatusChanged | ReopenPort


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. INS12350-14 leaves these to the host: the figures are those of zwave-js 15."""

    response_s: float = 10.0
    callback_s: float = 30.0
    abort_s: float = 20.0
    """After so long without callback a transmission is aborted; its callback is awaited until `callback_s`."""
    started_s: float = 5.0
    """For SerialAPIStarted after a soft reset; older controllers do not say it, and are ready by then."""
    jammed_retry_s: float = 1.0
    jammed_attempts: int = 5
    refused_retry_s: float = 0.5
    refused_attempts: int = 3
    reopen_first_s: float = 1.0
    """Before the port is opened again; twice as long after each failure."""
    reopen_max_s: float = 60.0


DEFAULT_TIMING = Timing()

PATIENCE_S = {Priority.REPLY: 5.0, Priority.COMMAND: 30.0, Priority.CONTROLLER: 60.0, Priority.CHECK: 30.0}
"""In seconds: how long a call may wait while the controller is out of reach. A light that goes on an hour later is a
fault; interviews and polls wait for as long as it takes."""

OVERLAPPING_MAX = 16
"""Exchanges at a time that do not hold the link. Any beyond hold it after all."""


def perform_with(
    write: Callable[[bytes], object],
    unsolicited: Callable[[DataFrame], object],
    status_changed: Callable[[StatusChanged], object],
    reopen_port: Callable[[ReopenPort], object],
) -> Callable[[Effect], None]:
    """What `run_machine` needs: calls' own callables are called, the rest goes where the arguments say."""

    def perform(effect: Effect) -> None:
        match effect:
            case Write():
                write(effect.data)
                if effect.written is not None:
                    effect.written()
            case Unsolicited():
                unsolicited(effect.frame)
            case Finished():
                effect.call.answered(effect.answer)
            case Progressed():
                if effect.call.on_callback is not None:
                    effect.call.on_callback(effect.callback)
            case StatusChanged():
                status_changed(effect)
            case ReopenPort():
                reopen_port(effect)

    return perform
