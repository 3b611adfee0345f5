"""The words of the EZSP command queue: calls, their answers, and what else goes into `Exchanges` and comes out.

The machine itself is in `exchange_machine`. A call is one command to the NCP; it gets exactly one answer, always, and
that says whether the command may have been carried out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from drivers.zigbee.ash_link import Write

QUEUE_MAX: Final = 500
"""Calls waiting. When it is full the newest of the lowest priority is answered `Dropped`, the new one included."""
IN_FLIGHT_MAX: Final = 3
"""Commands at a time that an NCP has been seen to take; `Exchanges.in_flight_max` is 1 until its version is known."""
INVALID_COMMAND: Final = 0x0058
"""UG100, invalidCommand: what comes instead of a response to a command that the NCP does not know or not take."""
VERSION_NOT_SET: Final = b"\x30"
"""UG100, EzspStatus ERROR_VERSION_NOT_SET: what invalidCommand begins with when the NCP waits for a version command."""


class Priority(IntEnum):
    """The lower goes first; first come, first served within one."""

    START = -1
    """Finding out who is on the port, and setting it up. The only calls sent between a reset of the NCP and `Resume`;
    not kept when the port goes or the NCP restarts."""
    COMMAND = 0
    """Of a rule or a person."""
    REPLY = 1
    """Answers that a node waits for: default responses, the time."""
    CONTROLLER = 2
    """Pairing and network management."""
    CHECK = 3
    """Reading back after a command."""
    INTERVIEW = 4
    POLL = 5


# --- answers: each call gets exactly one


@dataclass(frozen=True, slots=True)
class Answered:
    """What the NCP says to it. Whether all is well is for the payload to say, or for `frame_id`: INVALID_COMMAND."""

    frame_id: int
    payload: bytes
    """Everything behind the EZSP header."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """It was sent, and no response came; maybe done."""


@dataclass(frozen=True, slots=True)
class StickReset:
    """The NCP failed or restarted. `maybe_done` is false where it had not got the command, or had not taken it."""

    maybe_done: bool


@dataclass(frozen=True, slots=True)
class PortLost:
    """The port went away, or was closed because the NCP did not answer. `maybe_done` is true where the bytes were
    written."""

    maybe_done: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """The queue is full, or the call waited in it longer than its kind may while the NCP was out of reach."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """By `Cancel` before it was sent, or by `Stop`."""


Answer = Answered | TimedOut | StickReset | PortLost | Dropped | Cancelled


# --- what goes in, beside bytes


@dataclass(eq=False, slots=True)
class Call:
    """One command. The callables run as effects of the machine, so they may feed it further items."""

    encode: Callable[[int], bytes]
    """Given the sequence number, 0-255, the whole EZSP frame. Called when it is sent."""
    priority: Priority
    answered: Callable[[Answer], None]
    """Called exactly once, and last."""
    written: Callable[[], None] | None = None
    """Called when the command's bytes have been written for the first time, for measuring."""
    timeout_s: float | None = None
    """For the response. None: as `Timing` says."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take `call` back. One already in flight ends as it ends."""

    call: Call


@dataclass(frozen=True, slots=True)
class PortOpened:
    """Bytes can be written from now on. The NCP is reset, START calls are sent, and the queue waits for `Resume`."""


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
    """The NCP is the right one and is set up: let the queue go on."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The driver ends: every call is answered `Cancelled`, those to come as well."""


Item = bytes | Call | Cancel | PortOpened | PortNotOpened | PortClosed | Resume | Stop


# --- what comes out


class StickStatus(Enum):
    READY = "ready"
    RESTARTING = "restarting"
    """It failed or restarted; nothing of its set-up is left. Said anew each time that this happens: whoever is setting
    it up begins again, and feeds `Resume` when done."""
    UNRESPONSIVE = "unresponsive"
    """It does not answer; the port is closed and opened again, less and less often."""
    PORT_LOST = "port lost"


@dataclass(frozen=True, slots=True)
class Finished:
    """`call.answered(answer)` is due."""

    call: Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class Unsolicited:
    """A callback: a message from the air, what became of one, the state of the stack."""

    frame_id: int
    payload: bytes
    """Everything behind the EZSP header."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    status: StickStatus
    detail: str
    """A clause for people."""


@dataclass(frozen=True, slots=True)
class ReopenPort:
    """Close the port if it is open, wait, open it again; then feed `PortOpened` or `PortNotOpened`."""

    delay_s: float


Effect = Write | Finished | Unsolicited | StatusChanged | ReopenPort


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. UG100 leaves these to the host."""

    response_s: float = 10.0
    """What other hosts allow, too."""
    quiet_s: float = 10.0
    """After so long without a frame from the NCP it is asked whether it lives."""
    alive_s: float = 5.0
    """For the answer to that."""
    settled_s: float = 30.0
    """After so long in use what went wrong before counts no longer."""
    reopen_first_s: float = 1.0
    """Before the port is opened again; twice as long after each failure."""
    reopen_max_s: float = 60.0


DEFAULT_TIMING: Final = Timing()

PATIENCE_S: Final = {Priority.COMMAND: 30.0, Priority.REPLY: 5.0, Priority.CONTROLLER: 60.0, Priority.CHECK: 30.0}
"""In seconds: how long a call may wait while the NCP is out of reach. A light that goes on an hour later is a fault;
interviews and polls wait for as long as it takes."""


def perform_with(
    write: Callable[[bytes], object],
    unsolicited: Callable[[int, bytes], object],
    status_changed: Callable[[StatusChanged], object],
    reopen_port: Callable[[ReopenPort], object],
) -> Callable[[Effect], None]:
    """What `run_machine` needs: calls' own callables are called, the rest goes where the arguments say."""

    def perform(effect: Effect) -> None:
        match effect:
            case Unsolicited():
                unsolicited(effect.frame_id, effect.payload)
            case Write():
                write(effect.data)
                if effect.written is not None:
                    effect.written()
            case Finished():
                effect.call.answered(effect.answer)
            case StatusChanged():
                status_changed(effect)
            case ReopenPort():
                reopen_port(effect)

    return perform
