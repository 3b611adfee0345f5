"""EZSP commands as exchanges: a queue ordered by priority, a few commands in flight, one answer for every call.

`Exchanges` is a machine (`hubagent.machine`) and owns the `AshLink` below it. What goes in and out is in `exchange`,
and what to try with an NCP that fails in `recovery`. Of an EZSP frame it reads the header (UG100 §3, Protocol Format):
it knows nothing of nodes and of what a command means.
"""

import math
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from drivers.call_queue import CallQueue
from drivers.zigbee.ash import ResetCode, reset_text
from drivers.zigbee.ash_link import (
    AshLink,
    Connect,
    LinkFailed,
    LinkReset,
    LinkUp,
    Received,
    Statistics,
    Write,
)
from drivers.zigbee.exchange import (
    DEFAULT_TIMING,
    INVALID_COMMAND,
    PATIENCE_S,
    QUEUE_MAX,
    VERSION_NOT_SET,
    Answer,
    Answered,
    Call,
    Cancel,
    Cancelled,
    Dropped,
    Effect,
    Finished,
    Item,
    PortClosed,
    PortLost,
    PortNotOpened,
    PortOpened,
    Priority,
    ReopenPort,
    Resume,
    StatusChanged,
    StickReset,
    StickStatus,
    Stop,
    TimedOut,
    Timing,
    Unsolicited,
)
from drivers.zigbee.flights import Flights, read_header
from drivers.zigbee.recovery import Recovery

_LEVELS: Final = len(Priority)
_RESPONSE: Final = 0x80
_CALLBACK: Final = 0x18
"""Which of two kinds is asked for by SPI only."""
_OVERFLOW: Final = 0x01
_TRUNCATED: Final = 0x02
_NEVER: Final = math.inf


class _Port(Enum):
    CLOSED = auto()
    REOPENING = auto()
    OPEN = auto()


@dataclass(slots=True)
class Misfits:
    """What came and does not fit."""

    responses: int = 0
    """To no call in flight: it timed out, or the frame is another's."""
    commands: int = 0
    """Frames with the direction of a command."""
    overflows: int = 0
    """Times that the NCP said it had no memory for a callback."""
    truncated: int = 0


class Exchanges:
    """See the module. `run_machine(Exchanges(), perform_with(...))` puts it on an event loop.

    What goes wrong is answered in this order, each step only if the one before did not help: the link sends again; the
    NCP is asked whether it lives; it is reset; the port is opened anew, less and less often. The queue is kept.
    """

    def __init__(self, timing: Timing = DEFAULT_TIMING) -> None:
        self.in_flight_max = 1
        """Commands at a time; 1 again after every reset, because an NCP takes nothing before its version command."""
        self.misfits = Misfits()
        self._timing = timing
        self._effects: list[Effect] = []
        self._link = AshLink()
        self._port = _Port.CLOSED
        self._held = True
        self._stopped = False
        self._status = StickStatus.PORT_LOST
        self._queue: CallQueue[Call] = CallQueue(_LEVELS, QUEUE_MAX)
        self._flights = Flights()
        self._heard_at = 0.0
        self._alive = Call(_nop, Priority.START, _ignore, timeout_s=timing.alive_s)
        """The machine's own: does the NCP live?"""
        self._alive_due = False
        """To be sent as soon as there is room."""
        self._connecting = False
        self._recovery = Recovery(timing)

    @property
    def link_statistics(self) -> Statistics:
        """Since the port was opened."""
        return self._link.statistics

    @property
    def status(self) -> StickStatus:
        return self._status

    @property
    def queued(self) -> int:
        return len(self._queue)

    @property
    def idle(self) -> bool:
        """Whether no call waits or is under way."""
        return not (len(self._queue) or self._flights)

    # --- the machine

    def receive(self, item: Item, now: float) -> None:
        if isinstance(item, bytes):
            if self._port is not _Port.OPEN:
                return
            self._link.receive(item, now)
            self._heed_link(now)
        elif isinstance(item, Call):
            self._enqueue(item, now)
        else:
            self._take(item, now)
        self._start_next(now)

    def handle_timeout(self, now: float) -> None:
        self._link.handle_timeout(now)
        self._heed_link(now)
        # One by one: what follows from the first may end the others.
        while (call := self._flights.take_overdue(now)) is not None:
            self._response_missing(call, now)
        if now >= self._quiet_until():
            self._alive_due = True
        if self._held:
            self._expire(now)
        self._start_next(now)

    def next_deadline(self) -> float | None:
        deadline = min(self._quiet_until(), self._flights.next_deadline())
        link_deadline = self._link.next_deadline()
        if link_deadline is not None:
            deadline = min(deadline, link_deadline)
        if self._held:
            deadline = min(deadline, self._next_expiry())
        return None if deadline == _NEVER else deadline

    def take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        # The acknowledgement comes last, if no command that was sent meanwhile has carried it.
        return effects or list(self._link.take_acknowledgement())

    def _take(self, item: Cancel | PortOpened | PortNotOpened | PortClosed | Resume | Stop, now: float) -> None:
        match item:
            case Cancel(call):
                if self._queue.remove(call, _level(call.priority)):
                    self._effects.append(Finished(call, Cancelled()))
            case PortOpened():
                self._port_opened(now)
            case PortNotOpened(reason):
                self._port_not_opened(reason, now)
            case PortClosed(reason):
                self._port_closed(reason, now)
            case Resume() if self._link.connected:
                self._resume(now)
            case Resume():
                pass  # the port went away meanwhile, or the NCP failed
            case Stop():
                self._stop()

    def _heed_link(self, now: float) -> None:
        for effect in self._link.take_effects():
            if isinstance(effect, Received):
                self._received(effect.payload, now)
            elif isinstance(effect, Write):
                self._effects.append(effect)
            elif isinstance(effect, LinkUp):
                self._connecting = False
                self._heard_at = now
            elif isinstance(effect, LinkReset):
                self._restarted_by_itself(effect.code, now)
            else:
                self._link_failed(effect, now)

    # --- the queue

    def _enqueue(self, call: Call, now: float) -> None:
        if self._stopped:
            self._effects.append(Finished(call, Cancelled()))
        elif call.priority is Priority.START and self._port is not _Port.OPEN:
            self._effects.append(Finished(call, PortLost(maybe_done=False)))
        else:
            loser = self._queue.put(call, _level(call.priority), now)
            if loser is not None:
                self._effects.append(Finished(loser, Dropped()))

    def _next_expiry(self) -> float:
        expiries = [
            since + patience_s
            for priority, patience_s in PATIENCE_S.items()
            if (since := self._queue.waiting_since(_level(priority))) is not None
        ]
        return min(expiries, default=_NEVER)

    def _expire(self, now: float) -> None:
        for priority, patience_s in PATIENCE_S.items():
            self._answer_all(self._queue.take_expired(_level(priority), now, patience_s), Dropped())

    def _answer_all(self, calls: list[Call], answer: Answer) -> None:
        self._effects += [Finished(call, answer) for call in calls]

    # --- sending

    def _start_next(self, now: float) -> None:
        while (self._alive_due or len(self._queue)) and len(self._flights) < self.in_flight_max and self._link.has_room:
            if self._alive_due:
                self._alive_due = False
                self._send(self._alive, now)
                continue
            call = self._queue.take(1 if self._held else _LEVELS)
            if call is None:
                return
            self._send(call, now)

    def _send(self, call: Call, now: float) -> None:
        timeout_s = self._timing.response_s if call.timeout_s is None else call.timeout_s
        frame = self._flights.begin(call, now + timeout_s)
        self._effects.append(self._link.send(frame, call.written, now))

    # --- what comes back

    def _received(self, frame: bytes, now: float) -> None:
        self._heard_at = now
        frame_id, begin = read_header(frame)
        control = frame[1]
        if control & (_OVERFLOW | _TRUNCATED):
            self._note(control)
        if control & _CALLBACK:
            # UG100 §3: it carries the sequence number of the last command, and is not its response.
            self._effects.append(Unsolicited(frame_id, frame[begin:]))
        elif control & _RESPONSE:
            self._response(frame[0], frame_id, frame[begin:], now)
        else:
            self.misfits.commands += 1

    def _note(self, control: int) -> None:
        if control & _OVERFLOW:
            self.misfits.overflows += 1
        if control & _TRUNCATED:
            self.misfits.truncated += 1

    def _response(self, sequence: int, frame_id: int, payload: bytes, now: float) -> None:
        self._recovery.responded()
        call = self._flights.answered(sequence, frame_id)
        unset = frame_id == INVALID_COMMAND and payload.startswith(VERSION_NOT_SET) and not self._held
        if call is None:
            self.misfits.responses += 1
        elif call is not self._alive:
            answer = StickReset(maybe_done=False) if unset else Answered(frame_id, payload)
            self._effects.append(Finished(call, answer))
        if unset:
            # Its RSTACK was lost, and the numbers of the frames happen to fit.
            self._restart("it restarted unnoticed", now)

    # --- what does not come

    def _quiet_until(self) -> float:
        """From when on the NCP is to be asked whether it lives; a call in flight asks the same."""
        if self._held or self._flights or self._alive_due:
            return _NEVER
        return self._heard_at + self._timing.quiet_s

    def _response_missing(self, call: Call, now: float) -> None:
        if call is not self._alive:
            self._effects.append(Finished(call, TimedOut()))
        elif self._recovery.silent():
            self._reopen_unresponsive("it does not answer", now)
            return
        self._alive_due = self._alive not in self._flights

    # --- recovery

    def _connect(self, now: float) -> None:
        self._connecting = True
        self._link.receive(Connect(), now)
        self._heed_link(now)

    def _resume(self, now: float) -> None:
        self._held = False
        self._heard_at = now
        self._recovery.in_use(now)
        self._set_status(StickStatus.READY, "the stick is in use")

    def _link_failed(self, failure: LinkFailed, now: float) -> None:
        if self._connecting:
            self._reopen_unresponsive("it does not come up after a reset", now)
        elif failure.code is None:
            self._restart("it does not acknowledge", now)
        else:
            self._restart(f"it failed: {reset_text(failure.code)}", now)

    def _restarted_by_itself(self, code: int, now: float) -> None:
        detail = f"it restarted: {reset_text(code)}"
        if code == ResetCode.SOFTWARE:
            # The late answer to a reset that was asked for twice. One more, and there would be no end of them.
            self._begin_anew(detail, now)
        else:
            self._restart(detail, now)

    def _restart(self, why: str, now: float) -> None:
        if self._begin_anew(why, now):
            self._connect(now)

    def _begin_anew(self, why: str, now: float) -> bool:
        """The NCP has forgotten everything, and has to be set up. False if it does so too often."""
        self._end_flights(StickReset(maybe_done=True))
        self._answer_all(self._queue.take_all(_level(Priority.START)), StickReset(maybe_done=False))
        self._hold()
        if not self._recovery.may_restart(now):
            self._reopen_unresponsive(why, now)
            return False
        self._status = StickStatus.RESTARTING
        self._effects.append(StatusChanged(StickStatus.RESTARTING, f"the stick is set up again: {why}"))
        return True

    def _reopen_unresponsive(self, why: str, now: float) -> None:
        self._set_status(StickStatus.UNRESPONSIVE, f"the port is opened again: {why}")
        self._leave_port(now)

    def _port_opened(self, now: float) -> None:
        if self._stopped:
            return
        assert self._port is not _Port.OPEN
        self._port = _Port.OPEN
        self._link = AshLink()
        self._connect(now)

    def _port_not_opened(self, reason: str, now: float) -> None:
        if self._stopped:
            return
        self._set_status(StickStatus.PORT_LOST, reason)
        self._leave_port(now)

    def _port_closed(self, reason: str, now: float) -> None:
        if self._port is not _Port.OPEN:
            return
        self._set_status(StickStatus.PORT_LOST, reason)
        self._leave_port(now)

    def _leave_port(self, now: float) -> None:
        """Answer what was under way; the queue is kept."""
        self._end_flights(PortLost(maybe_done=True))
        self._answer_all(self._queue.take_all(_level(Priority.START)), PortLost(maybe_done=False))
        self._hold()
        self._link = AshLink()
        self._port = _Port.REOPENING
        self._effects.append(ReopenPort(self._recovery.next_reopening_s(now)))

    def _hold(self) -> None:
        self._held = True
        self._alive_due = False
        self.in_flight_max = 1

    def _end_flights(self, answer: Answer) -> None:
        self._answer_all([call for call in self._flights.end() if call is not self._alive], answer)

    def _stop(self) -> None:
        self._stopped = True
        self._end_flights(Cancelled())
        for priority in Priority:
            self._answer_all(self._queue.take_all(_level(priority)), Cancelled())
        self._hold()
        self._link = AshLink()
        self._port = _Port.CLOSED

    def _set_status(self, status: StickStatus, detail: str) -> None:
        if status is not self._status:
            self._status = status
            self._effects.append(StatusChanged(status, detail))


def _nop(sequence: int) -> bytes:
    """UG100, nop."""
    return bytes((sequence, 0x00, 0x01, 0x05, 0x00))


def _ignore(_answer: Answer) -> None:
    """The machine's own call is answered to the machine."""


def _level(priority: Priority) -> int:
    return priority - Priority.START
