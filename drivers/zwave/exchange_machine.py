"""Serial API commands as exchanges: a queue ordered by priority, one command in flight, one answer for every call.

`Exchanges` is a machine (`hubagent.machine`) and owns the `SerialLink` below it. What goes in and out is in `exchange`,
what is under way in `flight`, and what to try with a controller that fails in `recovery`. It knows nothing of nodes and
of what a command means.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from drivers.call_queue import CallQueue
from drivers.zwave.exchange import (
    DEFAULT_TIMING,
    OVERLAPPING_MAX,
    PATIENCE_S,
    QUEUE_MAX,
    Aborted,
    Answer,
    Answered,
    Call,
    Cancel,
    Cancelled,
    ControllerRestarted,
    ControllerStatus,
    Dropped,
    Effect,
    Finished,
    Item,
    LinkFailed,
    NoCallback,
    NoResponse,
    NotAccepted,
    NotUnderstood,
    PortClosed,
    PortLost,
    PortNotOpened,
    PortOpened,
    Priority,
    Progressed,
    ReopenPort,
    Resume,
    StatusChanged,
    Stop,
    Timing,
    Unsolicited,
)
from drivers.zwave.flight import Flight, Phase, Then
from drivers.zwave.recovery import Recovery
from drivers.zwave.serial_api.controller_info import GetLibraryVersion
from drivers.zwave.serial_api.function import Callback, MalformedMessage, Request, Response, to_frame
from drivers.zwave.serial_api.reset import SerialApiStarted, SoftReset
from drivers.zwave.serial_api.send_data import (
    SendDataAbort,
    SendDataCallback,
    TransmitStatus,
)
from drivers.zwave.serial_frame import DataFrame, FrameType, Signal
from drivers.zwave.serial_link import RETRANSMISSIONS_MAX, FrameSent, Received, SendFrame, SerialLink, Statistics, Write

_SOON_S = 1.6
"""A controller gives up its response at the earliest 3.3 s after the command, by the waits of `serial_link`. The host
has waited 1.6 s for the ACK when this begins to count."""

_LEVELS = len(Priority)


class _Port(Enum):
    CLOSED = auto()
    REOPENING = auto()
    OPEN = auto()


@dataclass(slots=True)
class Misfits:
    """Frames that no call was waiting for, and were dropped."""

    responses: int = 0
    callbacks: int = 0
    malformed: int = 0


class Exchanges:
    """See the module. `run_machine(Exchanges(), perform_with(...))` puts it on an event loop.

    What goes wrong is answered in this order, each step only if the one before did not help: the link sends again; the
    controller is asked for its version; it is reset; the port is opened anew, less and less often. The queue is kept.
    """

    def __init__(self, timing: Timing = DEFAULT_TIMING) -> None:
        self.misfits = Misfits()
        self._timing = timing
        self._effects: list[Effect] = []
        self._link = SerialLink()
        self._port = _Port.CLOSED
        self._held = True
        self._stopped = False
        self._status = ControllerStatus.PORT_LOST
        self._queue: CallQueue[Call] = CallQueue(_LEVELS, QUEUE_MAX)
        self._urgent: deque[tuple[Request, Then]] = deque()
        self._flight: Flight | None = None
        """The one exchange that holds the link."""
        self._unsure: Flight | None = None
        """One whose frame got no answer, and must not be sent again, while the controller is asked whether it lives."""
        self._overlapping: dict[int, Flight] = {}
        self._last_callback_id = 0
        self._callback_functions: set[int] = set()
        self._recovery = Recovery(timing)

    @property
    def link_statistics(self) -> Statistics:
        """Since the port was opened."""
        return self._link.statistics

    @property
    def status(self) -> ControllerStatus:
        return self._status

    @property
    def queued(self) -> int:
        return len(self._queue)

    @property
    def idle(self) -> bool:
        """Whether no call waits or is under way."""
        return not (len(self._queue) or self._flight or self._unsure or self._overlapping or self._urgent)

    # --- the machine

    def receive(self, item: Item, now: float) -> None:
        if isinstance(item, bytes):
            if self._port is not _Port.OPEN:
                return
            self._link.receive(item, now)
        elif isinstance(item, Call):
            self._enqueue(item, now)
        else:
            self._take(item, now)
        self._carry_on(now)

    def handle_timeout(self, now: float) -> None:
        self._link.handle_timeout(now)
        self._carry_on(now)
        # One by one: what follows from the first may end the others.
        while (flight := self._due(now)) is not None:
            self._deadline_passed(flight, now)
        if self._out_of_reach:
            self._expire(now)
        self._carry_on(now)

    def next_deadline(self) -> float | None:
        deadline = self._link.next_deadline()
        flight = self._flight
        if flight is not None and flight.deadline is not None and (deadline is None or flight.deadline < deadline):
            deadline = flight.deadline
        if self._unsure or self._overlapping or self._out_of_reach:
            times = [other.deadline for other in self._under_way()]
            times += [deadline, self._next_expiry() if self._out_of_reach else None]
            deadline = min((time for time in times if time is not None), default=None)
        return deadline

    def _due(self, now: float) -> Flight | None:
        for flight in self._under_way():
            if flight.deadline is not None and now >= flight.deadline:
                return flight
        return None

    def take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects

    def _take(self, item: Cancel | PortOpened | PortNotOpened | PortClosed | Resume | Stop, now: float) -> None:
        match item:
            case Cancel(call):
                self._cancel(call, now)
            case PortOpened():
                self._port_opened()
            case PortNotOpened(reason):
                self._port_not_opened(reason)
            case PortClosed(reason):
                self._port_closed(reason)
            case Resume() if self._port is _Port.OPEN:
                self._held = False
                self._set_status(ControllerStatus.READY, "the controller is in use")
            case Resume():
                pass  # the port went away meanwhile
            case Stop():
                self._stop()

    def _carry_on(self, now: float) -> None:
        """Take what the link brought and send what can be sent, until neither is left."""
        while True:
            for effect in self._link.take_effects():
                if isinstance(effect, Write):
                    self._effects.append(effect)
                elif isinstance(effect, Received):
                    self._received(effect.frame, now)
                elif isinstance(effect, FrameSent):
                    self._sent(now)
                else:
                    self._undelivered(effect.silent, now)
            if not self._start_next(now):
                return

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

    @property
    def _out_of_reach(self) -> bool:
        return self._held and len(self._queue) > 0

    def _next_expiry(self) -> float | None:
        expiries = [
            since + patience_s
            for priority, patience_s in PATIENCE_S.items()
            if (since := self._queue.waiting_since(_level(priority))) is not None
        ]
        return min(expiries, default=None)

    def _expire(self, now: float) -> None:
        for priority, patience_s in PATIENCE_S.items():
            self._answer_all(self._queue.take_expired(_level(priority), now, patience_s), Dropped())

    def _answer_all(self, calls: list[Call], answer: Answer) -> None:
        self._effects += [Finished(call, answer) for call in calls]

    # --- sending

    def _start_next(self, now: float) -> bool:
        flight = self._flight
        if self._port is not _Port.OPEN or self._link.busy or (flight is not None and flight.phase is not Phase.AGAIN):
            return False
        if flight is not None:
            self._send_again(flight, now)
            return True
        if self._urgent:
            request, then = self._urgent.popleft()
            own = Call(lambda _: request, Priority.START, _ignore, repeatable=True)
            self._send(Flight(own, request, 0, then), now)
            return True
        call = self._queue.take(1 if self._held else _LEVELS)
        if call is None:
            return False
        request, callback_id = self._build(call)
        self._send(Flight(call, request, callback_id), now, call.written)
        return True

    def _build(self, call: Call) -> tuple[Request, int]:
        callback_id = self._last_callback_id % 255 + 1
        while callback_id in self._overlapping:
            callback_id = callback_id % 255 + 1
        request = call.build(callback_id)
        # A request may decline the callback that its function has, by the identifier 0.
        if request.CALLBACK is None or getattr(request, "callback_id", callback_id) == 0:
            return request, 0
        self._last_callback_id = callback_id
        self._callback_functions.add(request.CALLBACK.FUNCTION)
        return request, callback_id

    def _send(self, flight: Flight, now: float, written: Callable[[], None] | None = None) -> None:
        self._flight = flight
        repeatable = flight.call.repeatable
        if repeatable is None:
            repeatable = flight.request.CALLBACK is None
        self._link.receive(SendFrame(to_frame(flight.request), repeatable, written), now)

    def _send_again(self, flight: Flight, now: float) -> None:
        # With a new identifier, so that a late callback of the first attempt is not taken for this one's.
        flight.request, flight.callback_id = self._build(flight.call)
        flight.phase = Phase.SENDING
        flight.deadline = None
        self._send(flight, now)

    # --- what comes back

    def _sent(self, now: float) -> None:
        flight = self._flight
        if flight is None or flight.phase is not Phase.SENDING:
            return  # SendDataAbort, that belongs to no flight
        self._recovery.acknowledged()
        if flight.request.RESPONSE is None:
            self._accepted(flight, now)
        else:
            flight.await_response(self._timing, now)

    def _received(self, frame: DataFrame, now: float) -> None:
        if frame.type is FrameType.RESPONSE:
            self._response(frame, now)
        elif frame.function not in self._callback_functions:
            if frame.function == SerialApiStarted.FUNCTION:
                self._controller_started()
            self._effects.append(Unsolicited(frame))
            if self._flight is not None:
                self._end_with(self._flight, frame)
        else:
            self._callback(frame, now)

    def _end_with(self, flight: Flight, frame: DataFrame) -> None:
        if flight.call.ends_with is None or flight.phase is not Phase.CALLBACK:
            return
        if flight.call.ends_with(frame):
            self._finish(flight, Answered(flight.response, None))

    def _response(self, frame: DataFrame, now: float) -> None:
        flight = self._awaiting_response(frame.function)
        if flight is None:
            self.misfits.responses += 1
            return
        kind = flight.request.RESPONSE
        assert kind is not None
        self._has_arrived(flight)
        self._recovery.responded()
        try:
            response = kind.from_payload(frame.payload)
        except MalformedMessage:
            self.misfits.malformed += 1
            if flight.callback_id:
                self._accepted(flight, now)
            else:
                self._finish(flight, NotUnderstood(frame.payload))
            return
        if response.accepted:
            flight.response = response
            self._accepted(flight, now)
        else:
            self._not_accepted(flight, response, now)

    def _awaiting_response(self, function: int) -> Flight | None:
        for flight in (self._flight, self._unsure):
            if flight is not None and flight.awaits_response(function):
                if flight is self._flight and self._link.refused:
                    continue  # it is late, and another call's
                return flight
        return None

    def _has_arrived(self, flight: Flight) -> None:
        """Its response or callback is as good as an ACK, if that was lost: sent again it would be executed twice."""
        if flight is self._flight and flight.phase is Phase.SENDING:
            self._link.settle()

    def _accepted(self, flight: Flight, now: float) -> None:
        if flight.request.FUNCTION == SoftReset.FUNCTION:
            flight.await_start(self._timing, now)
        elif flight.callback_id or flight.call.ends_with is not None:
            self._await_callback(flight, now)
        else:
            self._finish(flight, Answered(flight.response, None))

    def _await_callback(self, flight: Flight, now: float) -> None:
        flight.await_callback(self._timing, now)
        if not flight.call.holds_link and len(self._overlapping) < OVERLAPPING_MAX:
            self._release(flight)
            self._overlapping[flight.callback_id] = flight

    def _not_accepted(self, flight: Flight, response: Response, now: float) -> None:
        # INS13954-13 §4.3.3.1: false says that the transmit queue is full, and no callback comes. So nothing was sent,
        # and it may be tried again. How often and when is zwave-js' choice.
        flight.refusals += 1
        if flight.transmits and flight.refusals < self._timing.refused_attempts:
            flight.pause(self._timing.refused_retry_s, now)
        else:
            self._finish(flight, NotAccepted(response))

    def _callback(self, frame: DataFrame, now: float) -> None:
        for flight in self._awaiting_callback(frame.function):
            kind = flight.request.CALLBACK
            assert kind is not None
            try:
                callback = kind.from_payload(frame.payload)
            except MalformedMessage:
                # All callbacks begin with the identifier.
                if frame.payload[:1] == bytes((flight.callback_id,)):
                    self.misfits.malformed += 1
                    self._has_arrived(flight)
                    self._finish(flight, NotUnderstood(frame.payload))
                    return
                continue
            if callback.callback_id == flight.callback_id:
                self._called_back(flight, callback, now)
                return
        self.misfits.callbacks += 1

    def _awaiting_callback(self, function: int) -> Iterator[Flight]:
        for flight in (self._flight, self._unsure, *self._overlapping.values()):
            if flight is not None and flight.awaits_callback(function):
                yield flight

    def _called_back(self, flight: Flight, callback: Callback, now: float) -> None:
        self._has_arrived(flight)
        if not callback.final:
            self._await_callback(flight, now)
            self._effects.append(Progressed(flight.call, callback))
        elif not isinstance(callback, SendDataCallback):
            self._finish(flight, Answered(flight.response, callback))
        elif callback.status is TransmitStatus.FAIL and callback.ticks == 0 and not flight.aborted:
            self._jammed(flight, callback, now)
        else:
            self._recovery.transmitted()
            if self._status is ControllerStatus.JAMMED:
                self._set_status(ControllerStatus.READY, "the radio is free again")
            gave_up = flight.aborted and callback.status is not TransmitStatus.OK
            self._finish(flight, Aborted(callback) if gave_up else Answered(flight.response, callback))

    def _jammed(self, flight: Flight, callback: SendDataCallback, now: float) -> None:
        """Zero ticks on the air: nothing was sent, and so it may be tried again (zwave-js issues 6174, 6199)."""
        self._set_status(ControllerStatus.JAMMED, "the controller cannot send: the radio channel is never free")
        flight.jams += 1
        if flight.jams < self._recovery.jammed_attempts():
            flight.pause(self._timing.jammed_retry_s, now)
            return
        self._finish(flight, Answered(flight.response, callback))
        if self._recovery.stayed_jammed():
            self._soft_reset("the radio channel is never free")

    def _finish(self, flight: Flight, answer: Answer) -> None:
        self._release(flight)
        if flight.then is not None:
            flight.then(answer)
        else:
            self._effects.append(Finished(flight.call, answer))

    def _release(self, flight: Flight) -> None:
        if flight is self._flight:
            self._flight = None
        elif flight is self._unsure:
            self._unsure = None
        else:
            self._overlapping.pop(flight.callback_id, None)

    def _under_way(self) -> list[Flight]:
        return [flight for flight in (self._unsure, self._flight, *self._overlapping.values()) if flight is not None]

    # --- what does not come

    def _undelivered(self, silent: bool, now: float) -> None:
        flight = self._flight
        if flight is None or flight.phase is not Phase.SENDING:
            return  # SendDataAbort
        if not silent:
            self._finish(flight, LinkFailed(maybe_done=False))
            if flight.then is None and self._recovery.refused():
                self._soft_reset("it refuses every frame")
        elif flight.then is None and not (flight.call.repeatable or flight.request.CALLBACK is None):
            self._flight, self._unsure = None, flight
            flight.silences += 1
            if flight.silences <= RETRANSMISSIONS_MAX:
                flight.deadline = now + _SOON_S
            self._ask_for_life(self._asked_for_unsure)
        else:
            self._finish(flight, LinkFailed(maybe_done=True))
            if flight.then is None:
                self._soft_reset("it does not acknowledge")

    def _asked_for_unsure(self, answer: Answer) -> None:
        """The controller was asked for its version because it did not acknowledge a command.

        A controller that executed the command has a response to deliver. Until that is acknowledged or given up, after
        four transmissions, it sends nothing else and answers every frame with CAN. So if it soon answers the later
        question and not the command, then it never got the command, which may be sent again.
        """
        unsure, self._unsure = self._unsure, None
        if unsure is not None and unsure.phase is not Phase.SENDING:
            self._flight = unsure  # its response or callback came after all
        elif unsure is not None and unsure.deadline is not None and isinstance(answer, Answered):
            self._flight = unsure
            unsure.try_again()
        elif unsure is not None:
            self._effects.append(Finished(unsure.call, LinkFailed(maybe_done=True)))
        self._asked_for_life(answer)

    def _deadline_passed(self, flight: Flight, now: float) -> None:
        match flight.phase:
            case Phase.PAUSE:
                flight.try_again()
            case Phase.SENDING:
                flight.deadline = None
            case Phase.RESPONSE:
                self._finish(flight, NoResponse())
                if flight.then is None:
                    if flight.transmits:
                        self._send_abort(now)
                    self._ask_for_life(self._asked_for_life)
            case Phase.CALLBACK if flight.transmits and not flight.aborted and now < flight.gives_up_at:
                self._abort(flight, now)
            case Phase.CALLBACK:
                self._no_callback(flight)
            case _:
                self._finish(flight, Answered(None, None))

    def _abort(self, flight: Flight, now: float) -> None:
        flight.aborted = True
        flight.deadline = flight.gives_up_at
        self._send_abort(now)

    def _send_abort(self, now: float) -> None:
        if not self._link.busy:
            self._link.receive(SendFrame(to_frame(SendDataAbort()), repeatable=True), now)

    def _no_callback(self, flight: Flight) -> None:
        self._finish(flight, NoCallback())
        if flight.transmits and self._recovery.callback_missed():
            self._soft_reset("it does not say what became of a command")

    def _cancel(self, call: Call, now: float) -> None:
        if self._queue.remove(call, _level(call.priority)):
            self._effects.append(Finished(call, Cancelled()))
            return
        for flight in self._under_way():
            if flight.call is call:
                if flight is not self._flight or flight.waits:
                    self._finish(flight, Cancelled())
                elif flight.transmits and flight.phase is Phase.CALLBACK and not flight.aborted:
                    self._abort(flight, now)
                return

    # --- recovery

    def _ask_for_life(self, then: Then) -> None:
        self._urgent.append((GetLibraryVersion(), then))

    def _asked_for_life(self, answer: Answer) -> None:
        if isinstance(answer, LinkFailed | NoResponse):
            self._soft_reset("it does not answer")
        elif not self._held and self._status is not ControllerStatus.JAMMED:
            self._set_status(ControllerStatus.READY, "the controller answers")

    def _soft_reset(self, why: str) -> None:
        if not self._recovery.may_reset():
            self._reopen_unresponsive(why)
            return
        self._set_status(ControllerStatus.RESTARTING, f"the controller is restarted: {why}")
        self._urgent.append((SoftReset(), self._soft_reset_done))

    def _soft_reset_done(self, answer: Answer) -> None:
        # Whether it said that it has started, or has only had the time to, it is asked.
        if isinstance(answer, Answered):
            self._ask_for_life(self._asked_for_life)
        elif isinstance(answer, LinkFailed):
            self._reopen_unresponsive("it does not acknowledge")

    def _controller_started(self) -> None:
        asked_for = False
        for flight in self._under_way():
            if flight.request.FUNCTION == SoftReset.FUNCTION:
                asked_for = True
                self._has_arrived(flight)
                self._finish(flight, Answered(None, None))
            elif flight.phase is Phase.SENDING:
                # Before or after the start? An ACK, NAK or CAN will tell; from silence nothing can be concluded now.
                flight.silences = RETRANSMISSIONS_MAX
                flight.deadline = None
            elif not flight.waits:
                self._finish(flight, ControllerRestarted())
        if not asked_for:
            self._restarted_by_itself()

    def _restarted_by_itself(self) -> None:
        """By its watchdog or for want of power, or later than it should after a reset of ours: in any case it was deaf,
        and has forgotten how it was set up. While the port is held it is set up anyway."""
        if self._held or self._status is ControllerStatus.RESTARTING:
            return
        self._set_status(ControllerStatus.RESTARTING, "the controller restarted by itself")
        self._ask_for_life(self._asked_for_life)

    def _reopen_unresponsive(self, why: str) -> None:
        self._set_status(ControllerStatus.UNRESPONSIVE, f"the port is opened again: {why}")
        self._leave_port()
        self._reopen()

    def _reopen(self) -> None:
        self._port = _Port.REOPENING
        self._effects.append(ReopenPort(self._recovery.next_reopening_s()))

    def _port_opened(self) -> None:
        if self._stopped:
            return
        assert self._port is not _Port.OPEN
        self._port = _Port.OPEN
        self._link = SerialLink()
        # INS12350-14 §6.1: a NAK brings both ends in step.
        self._effects.append(Write(Signal.NAK.to_bytes()))
        if self._status is ControllerStatus.UNRESPONSIVE:
            self._ask_for_life(self._asked_for_life)

    def _port_not_opened(self, reason: str) -> None:
        if self._stopped:
            return
        self._set_status(ControllerStatus.PORT_LOST, reason)
        self._reopen()

    def _port_closed(self, reason: str) -> None:
        if self._port is not _Port.OPEN:
            return
        self._set_status(ControllerStatus.PORT_LOST, reason)
        self._leave_port()
        self._reopen()

    def _leave_port(self) -> None:
        """Answer what was under way; the queue is kept, and so is a call that was to be sent again after a pause."""
        for flight in self._under_way():
            if flight.then is not None:
                continue
            untouched = flight.waits and not flight.silences
            if untouched and flight.call.priority is not Priority.START:
                self._queue.put_back(flight.call, _level(flight.call.priority), flight.paused_at)
            else:
                self._effects.append(Finished(flight.call, PortLost(maybe_done=not untouched)))
        self._answer_all(self._queue.take_all(_level(Priority.START)), PortLost(maybe_done=False))
        self._forget()

    def _forget(self) -> None:
        self._flight = self._unsure = None
        self._overlapping.clear()
        self._urgent.clear()
        self._link = SerialLink()
        self._held = True

    def _stop(self) -> None:
        self._stopped = True
        for flight in self._under_way():
            if flight.then is None:
                self._effects.append(Finished(flight.call, Cancelled()))
        for priority in Priority:
            self._answer_all(self._queue.take_all(_level(priority)), Cancelled())
        self._forget()
        self._port = _Port.CLOSED

    def _set_status(self, status: ControllerStatus, detail: str) -> None:
        if status is not self._status:
            self._status = status
            self._effects.append(StatusChanged(status, detail))


def _ignore(_answer: Answer) -> None:
    """The machine's own calls are answered by `Flight.then`."""


def _level(priority: Priority) -> int:
    return priority - Priority.START
