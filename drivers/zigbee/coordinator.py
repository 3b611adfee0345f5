"""The stick: its port, who it is, and the way for every command to it and from it.

`Coordinator` puts `Exchanges` on the event loop, brings the stick up and into the hub's network (also again, after it
was unplugged or has restarted), and hands on what nodes say. It knows EZSP and no cluster; what a node is, is `node`'s.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from drivers.zigbee.exchange import (
    IN_FLIGHT_MAX,
    INVALID_COMMAND,
    VERSION_NOT_SET,
    Answer,
    Answered,
    Call,
    Cancel,
    Cancelled,
    Effect,
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
    perform_with,
)
from drivers.zigbee.exchange_machine import Exchanges
from drivers.zigbee.ezsp.frame import Callback, Command, encode_command, encode_legacy_command
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, MessageSentHandler
from drivers.zigbee.ezsp.networking import StackStatusHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.table import callback_type
from drivers.zigbee.first_word import SILENT, FirstWord
from drivers.zigbee.membership import Carry, Membership, WrongNetwork
from drivers.zigbee.network_identity import Network
from drivers.zigbee.setting_up import VERSION_MAX, Identity, OldFirmware, SettingUp
from drivers.zigbee.stack import Stack
from drivers.zigbee.wire import MalformedFrame
from hubagent.machine import RunningMachine, run_machine
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.runtime import PortError, Runtime

log = logging.getLogger(__name__)

FIRST_WORD_S: Final = 12.0
"""After which what is on the port is taken for something else than a Zigbee stick. A reset takes up to 1.5 s."""
AGAIN_S: Final = 0.1
COME_BACK_S: Final = 2.0
"""Between the first two attempts to bring up a stick that is on the port again and answers, but not as it should; then
twice as long each time."""
COME_BACK_MAX_S: Final = 60.0
LOGGED_MAX: Final = 20
"""Unreadable frames that are written into the log; the rest is only counted."""

_INCOMING: Final = IncomingMessageHandler.ID
_SENT: Final = MessageSentHandler.ID


@dataclass(frozen=True, slots=True)
class CoordinatorSettings:
    """What hub.toml says of the stick."""

    port: str
    baud: int = 115200


class Unanswered(DriverUnavailable):
    """The stick gave no answer to a command, or none that can be read."""


class Listener(Protocol):
    """Whom the coordinator tells what it hears."""

    def message_received(self, message: IncomingMessageHandler, received_at: float) -> None: ...

    def message_sent(self, message: MessageSentHandler) -> None: ...

    def callback_received(self, callback: Callback) -> None: ...

    def groups(self) -> tuple[int, ...]:
        """Those that the stick shall listen to."""
        ...

    def status_changed(self, status: StickStatus, detail: str) -> None: ...


class Coordinator(asyncio.Protocol):
    """One stick on one port. `start` brings it up, `run` keeps it up, `close` lets go of it."""

    def __init__(
        self, settings: CoordinatorSettings, runtime: Runtime, membership: Membership, listener: Listener
    ) -> None:
        self.status = StickStatus.RESTARTING
        self.membership = membership
        self.stack = Stack(self._ask)
        self._setting_up = SettingUp(self._ask, self._ask_legacy, membership, self.stack, listener.groups, runtime.wall)
        self.wrong_network: WrongNetwork | None = None
        """Why the stick, which is up, is not in use."""
        self.in_network = asyncio.Event()
        """Set as soon as the stick has been in use in the hub's network, and for good."""
        self.in_use = asyncio.Event()
        """Set while the stick can be talked to."""
        self.version = VERSION_MAX
        self.malformed = 0
        self._settings = settings
        self._runtime = runtime
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._exchanges = Exchanges()
        self._machine: RunningMachine[Item, Effect] = run_machine(
            self._exchanges,
            perform_with(self._write, self._unsolicited, self._status_changed, self._reopen),
        )
        self._transport: asyncio.WriteTransport | None = None
        self._received_at = 0.0
        self._reopening: ReopenPort | None = None
        self._trouble = asyncio.Event()
        """The port is to be opened, or the stick to be set up anew: since `_greet` began to set it up, if it did."""
        self._complaint = ""
        """Why the stick, which is back, is not in use; as it was logged last."""
        self._first_word: FirstWord | None = None
        """Only until the stick has said who it is."""

    @property
    def identity(self) -> Identity:
        """Who the stick says it is."""
        return self._setting_up.identity

    def counters(self) -> dict[str, int]:
        """What went wrong on the wire since the port was opened, and what nobody was waiting for."""
        return asdict(self._exchanges.link_statistics) | asdict(self._exchanges.misfits)

    # The port, as asyncio sees it.

    def data_received(self, data: bytes) -> None:
        self._received_at = self._loop.time()
        if self._first_word is not None:
            self._first_word.heard(data)
        self._machine.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._transport = None
            self._machine.feed(PortClosed(str(exc) if exc else "the port was closed from the other side"))

    # Life.

    async def start(self) -> None:
        """Open the port, find out who is there, and enter the network.

        Raises PortError where there is no stick that can be used, and lets go of the port. A stick in another network
        than the hub's is kept, and `wrong_network` says what a person has to decide.
        """
        await self._open()
        try:
            async with asyncio.timeout(FIRST_WORD_S):
                while not await self._greeted():
                    pass
            await self._come_up()
        except OldFirmware as error:
            self.close()
            raise self._port_error(
                str(error), "flash EmberZNet 7.4 or newer NCP firmware (ncp-uart) of the stick's maker"
            ) from error
        except TimeoutError as error:
            stranger = SILENT if self._first_word is None else await self._first_word.recognise()
            self.close()
            raise self._port_error(stranger.reason, stranger.remedy) from error
        except (DriverUnavailable, NotPossible) as error:
            self.close()
            raise self._port_error(
                f"the Zigbee stick there cannot be started: {error}", "unplug the stick and plug it in again"
            ) from error

    async def _greeted(self) -> bool:
        try:
            await self._greet()
        except Unanswered:
            if self._reopening is not None:
                raise
            # It was reset in the middle of it: some answer a reset late (fault 7 in the tests), and twice.
            await asyncio.sleep(AGAIN_S)
            return False
        return True

    async def _come_up(self) -> None:
        """Everything behind the first word; anew where the stick restarts meanwhile."""
        for last in (False, False, True):
            try:
                await self._setting_up.bring_up()
            except WrongNetwork as error:
                self._hold(error)
                return
            except (DriverUnavailable, NotPossible) as error:
                if last or not (self._trouble.is_set() or isinstance(error, Unanswered)):
                    raise
                await self._greet()
            else:
                self._take_up_work()
                return

    async def run(self) -> None:
        """Get the stick back whenever it is lost, for as long as it takes.

        Raises PortError where another stick than before is found on the port: that is another network.
        """
        while True:
            await self._trouble.wait()
            if await self._opened_again():
                await self._bring_back()

    async def _bring_back(self) -> None:
        """A stick that lives but garbles or refuses an answer is asked again, less and less often.

        For a silent one the machine opens the port anew.
        """
        pause_s = COME_BACK_S
        while self._reopening is None and not await self._is_back():
            # One that restarts meanwhile may have come to itself.
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._trouble.wait()
            pause_s = min(2 * pause_s, COME_BACK_MAX_S)

    def close(self) -> None:
        """Answer every call, those to come as well, and let go of the port."""
        # The machine is left as it is then: it has no clock, and if it were closed it would ignore who asks later.
        self._machine.feed(Stop())
        self._hang_up()

    async def _open(self) -> None:
        self._first_word = FirstWord(self._settings.port, self._write)
        transport = await self._runtime.open_serial(self._settings.port, self._settings.baud, self)
        self._transport = transport
        self._machine.feed(PortOpened())

    async def _opened_again(self) -> bool:
        """Where the machine asks for it, try once to open the port."""
        reopening, self._reopening = self._reopening, None
        if reopening is None:
            return True
        self._hang_up()
        await asyncio.sleep(reopening.delay_s)
        try:
            await self._open()
        except PortError as error:
            self._machine.feed(PortNotOpened(error.reason))
            return False
        return True

    def _hang_up(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    async def _is_back(self) -> bool:
        """Whether the stick could be brought up. Raises PortError where it is another network's."""
        try:
            await self._greet()
            await self._setting_up.bring_up()
        except WrongNetwork as error:
            if self.in_network.is_set():
                raise self._port_error(
                    f"another stick is there now: {error}", "or plug the old one in again"
                ) from error
            self._hold(error)
            return True
        except (DriverUnavailable, NotPossible) as error:
            self._complain(str(error))
            return False
        self._complaint = ""
        self._take_up_work()
        return True

    def _complain(self, why: str) -> None:
        """Once, however often it is tried in vain."""
        if why != self._complaint:
            self._complaint = why
            log.warning("the stick on %s is back but not to be used: %s", self._settings.port, why)

    def _hold(self, error: WrongNetwork) -> None:
        """Wait for a person's word."""
        self.wrong_network = error
        self._listener.status_changed(StickStatus.RESTARTING, str(error))

    def _take_up_work(self) -> None:
        """Let the queue go on. Only then: what waits in it is for this network and no other."""
        self.wrong_network = None
        self._machine.feed(Resume())
        # Not where it went away or restarted in the read that brought its last answer: `run` sets it up again.
        if self.in_use.is_set():
            self.in_network.set()

    async def settle(self, enter: Carry) -> Network:
        """A person has decided: into a network in this way. Raises DriverUnavailable or NotPossible."""
        network = await enter(self.stack)
        await self._setting_up.after_entering()
        self._take_up_work()
        return network

    def restart(self, why: str) -> None:
        """Reset the stick, and set it up anew: what it was told of its address counts from its start on."""
        self._hang_up()
        self._machine.feed(PortClosed(why))

    def _port_error(self, reason: str, remedy: str) -> PortError:
        return PortError(self._settings.port, reason, remedy)

    async def _greet(self) -> None:
        while True:
            # Here and nowhere else: whatever happens from now on makes what follows vain.
            if self._reopening is None:
                self._trouble.clear()
            self.version = VERSION_MAX
            self.version = await self._setting_up.agree_on_version()
            if not self._trouble.is_set():
                break
        self._first_word = None
        self._exchanges.in_flight_max = IN_FLIGHT_MAX

    async def note_counter(self) -> None:
        """Raises DriverUnavailable."""
        await self._setting_up.note_counter(self.ask)

    # Calls.

    def submit(
        self,
        command: Command,
        priority: Priority,
        answered: Callable[[Answer], None],
        written: Callable[[], None] | None = None,
    ) -> Call:
        """Queue a command; where the link is free it has left when this returns."""
        call = Call(lambda sequence: encode_command(sequence, command, self.version), priority, answered, written)
        self._machine.feed(call)
        return call

    def cancel(self, call: Call) -> None:
        self._machine.feed(Cancel(call))

    async def ask(self, command: Command, priority: Priority = Priority.CONTROLLER) -> Any:
        """The response to a command.

        Raises Unanswered where there is none, and NotPossible where the stick does not take the command.
        """
        answer = await self._call(lambda sequence: encode_command(sequence, command, self.version), priority)
        return self._decoded(command, answer)

    async def _ask(self, command: Command) -> Any:
        return await self.ask(command, Priority.START)

    async def _ask_legacy(self, command: Command) -> Any:
        """In the form that every version understands, before one is agreed upon."""
        answer = await self._call(lambda sequence: encode_legacy_command(sequence, command), Priority.START)
        return self._decoded(command, answer)

    async def _call(self, encode: Callable[[int], bytes], priority: Priority) -> Answer:
        """One exchange, waited for; taken back when the waiting is cancelled."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        call = Call(encode, priority, lambda given: None if answer.done() else answer.set_result(given))
        self._machine.feed(call)
        try:
            return await answer
        finally:
            if not answer.done() or answer.cancelled():
                self.cancel(call)

    def _decoded(self, command: Command, answer: Answer) -> Any:
        name = type(command).__name__
        if not isinstance(answer, Answered):
            raise Unanswered(f"{name}: {_no_answer_text(answer)}")
        if answer.frame_id == INVALID_COMMAND and answer.payload.startswith(VERSION_NOT_SET):
            raise Unanswered(f"{name}: the stick has restarted, and is to be set up again")
        if answer.frame_id != command.ID:
            raise NotPossible(f"the stick does not take {name}: its firmware lacks it, or it cannot now")
        try:
            return command.RESPONSE.from_bytes(answer.payload, self.version)
        except MalformedFrame:
            # Its bytes are not shown, not even by the cause: the network's key may be among them.
            raise Unanswered(f"the answer to {name} cannot be read ({len(answer.payload)} bytes)") from None

    # Effects of the machine.

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _unsolicited(self, frame_id: int, payload: bytes) -> None:
        try:
            if frame_id == _INCOMING:
                message = IncomingMessageHandler.from_bytes(payload, self.version)
                self._listener.message_received(message, self._received_at)
            elif frame_id == _SENT:
                self._listener.message_sent(MessageSentHandler.from_bytes(payload, self.version))
            elif (kind := callback_type(frame_id, self.version)) is not None:
                self._callback(kind.from_bytes(payload, self.version))
        except MalformedFrame:
            self.malformed += 1
            if self.malformed <= LOGGED_MAX:
                # Its bytes are not shown: a node's message is among them, and perhaps the code of a lock.
                log.warning("the stick sent what cannot be read: frame 0x%04x, %d bytes", frame_id, len(payload))

    def _callback(self, callback: Callback) -> None:
        if isinstance(callback, StackStatusHandler):
            status = Status(callback.status)
            expected = self.stack.status_received(status)
            if status is Status.NETWORK_DOWN and not expected and self.in_use.is_set():
                self.restart("it left its network by itself")
        self._listener.callback_received(callback)

    def _status_changed(self, change: StatusChanged) -> None:
        self.status = change.status
        if change.status is StickStatus.READY:
            self.in_use.set()
        else:
            self.in_use.clear()
        if change.status is StickStatus.RESTARTING:
            self._trouble.set()
        self._listener.status_changed(change.status, change.detail)

    def _reopen(self, effect: ReopenPort) -> None:
        self._reopening = effect
        self._trouble.set()


def _no_answer_text(answer: Answer) -> str:
    """For people."""
    if isinstance(answer, StickReset | PortLost):
        return "the stick went away"
    if isinstance(answer, Cancelled):
        return "the driver has stopped"
    return type(answer).__name__
