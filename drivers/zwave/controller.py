"""The stick: its port, who it is, and the way for every command to it and from it.

`Controller` puts `Exchanges` on the event loop, brings the stick up (also again, after it was unplugged), and hands
on what nodes send. It knows the Serial API and no command class; what a node is, is `node`'s.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from drivers.bootloader import RUN, BootloaderWatch
from drivers.zwave.exchange import (
    Answer,
    Answered,
    Call,
    Cancel,
    ControllerRestarted,
    ControllerStatus,
    Effect,
    Item,
    NotAccepted,
    PortClosed,
    PortLost,
    PortNotOpened,
    PortOpened,
    Priority,
    ReopenPort,
    Resume,
    StatusChanged,
    Stop,
    perform_with,
)
from drivers.zwave.exchange_machine import Exchanges
from drivers.zwave.radio_setup import NO_WISHES, RadioSetup, RadioWishes, set_up_radio
from drivers.zwave.serial_api.application import (
    ApplicationCommand,
    ApplicationUpdate,
    BridgeApplicationCommand,
    ReceiveStatus,
)
from drivers.zwave.serial_api.controller_info import (
    ControllerRole,
    GetControllerCapabilities,
    GetHomeId,
    GetInitData,
    GetLibraryVersion,
    GetSerialApiCapabilities,
)
from drivers.zwave.serial_api.function import Callback, MalformedMessage, Request
from drivers.zwave.serial_api.reset import SoftReset
from drivers.zwave.serial_api.send_data import RELIABLE, SendData, SendDataBridge
from drivers.zwave.serial_api.setup import GetSupportedSetup, SetTransmitReport
from drivers.zwave.serial_api.suc import GetSucNodeId, SetSucNodeId
from drivers.zwave.serial_api.table import decode_unsolicited
from drivers.zwave.serial_frame import DataFrame
from hubagent.machine import RunningMachine, run_machine
from hubagent.model.driver import DriverUnavailable, NotPossible
from hubagent.runtime import PortError, Runtime

log = logging.getLogger(__name__)

BAUD = 115200
_COMMANDS = (ApplicationCommand, BridgeApplicationCommand)
ENUMERATION_S = 15.0
"""How long USB may take to find a stick again after its soft reset."""
FIRST_WORD_S = 10.0
"""After which what is on the port is taken for something else than a Z-Wave controller."""
COME_BACK_S = 2.0
COME_BACK_MAX_S = 60.0
"""Between two attempts to bring up a stick that is on the port again and answers, but not as it should: the first
pause, and the longest; each is twice as long as the one before."""
LOGGED_MAX = 20
"""Unreadable frames of the stick that are written into the log; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class ControllerSettings:
    """What hub.toml says of the stick."""

    port: str
    soft_reset: bool = True
    """Reset the stick's radio stack at the start, as INS12350-14 §6.1 asks of hosts without a reset line."""
    radio: RadioWishes = NO_WISHES


@dataclass(slots=True)
class Identity:
    """Who the stick says it is."""

    home_id: int = 0
    own_node_id: int = 1
    nodes: frozenset[int] = frozenset()
    library: str = ""
    version: tuple[int, ...] = ()
    manufacturer: int = 0
    product_type: int = 0
    product: int = 0
    functions: frozenset[int] = frozenset()
    chip: tuple[int, int] | None = None
    api_version: int = 0
    roles: ControllerRole = field(default_factory=lambda: ControllerRole(0))
    radio: RadioSetup = field(default_factory=RadioSetup)


class Unanswered(DriverUnavailable):
    """The stick gave no answer to a request, or none that can be read."""


class Listener(Protocol):
    """Whom the controller tells what it hears."""

    def command_received(self, node_id: int, command: bytes, received_at: float, status: ReceiveStatus) -> None: ...

    def update_received(self, update: ApplicationUpdate) -> None: ...

    def status_changed(self, status: ControllerStatus, detail: str) -> None: ...


class Controller(asyncio.Protocol):
    """One stick on one port. `start` brings it up, `run` keeps it up, `close` lets go of it."""

    def __init__(self, settings: ControllerSettings, runtime: Runtime, listener: Listener) -> None:
        self.identity = Identity()
        self.status = ControllerStatus.RESTARTING
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
        self._reopenings: asyncio.Queue[ReopenPort] = asyncio.Queue(maxsize=4)
        self._bridge = False
        self._bootloader: BootloaderWatch | None = None
        """Only until the stick has said who it is."""
        self._unreadable = 0
        self._complaint = ""
        """Why the stick could not be brought up the last time; empty where it could."""

    def counters(self) -> dict[str, int]:
        """What went wrong on the wire since the port was opened, what nobody was waiting for or could read."""
        counted = asdict(self._exchanges.link_statistics) | asdict(self._exchanges.misfits)
        return counted | {"unreadable": self._unreadable}

    # The port, as asyncio sees it.

    def data_received(self, data: bytes) -> None:
        self._received_at = self._loop.time()
        if self._bootloader is not None and self._bootloader.sees_menu(data):
            log.warning("the stick on %s is in its bootloader: its firmware is started", self._settings.port)
            self._write(RUN)
        self._machine.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._transport = None
            self._machine.feed(PortClosed(str(exc) if exc else "the port was closed from the other side"))

    # Life.

    async def start(self) -> None:
        """Open the port and find out who is there. Raises PortError where that fails, and lets go of the port."""
        await self._open()
        try:
            async with asyncio.timeout(FIRST_WORD_S):
                await self._greet()
            if self._settings.soft_reset:
                await self._soft_reset()
            await self._bring_up()
            self._take_up_work()
        except (DriverUnavailable, NotPossible, TimeoutError) as error:
            self.close()
            raise self._not_started(error) from error

    async def run(self) -> None:
        """Get the port back whenever it is lost, for as long as it takes; the machine says when to try.

        Raises PortError where another stick than before is found on the port: that is another network.
        """
        while True:
            if await self._opened_again():
                await self._come_back()

    def close(self) -> None:
        """Answer every call and let go of the port."""
        self._machine.feed(Stop())
        self._machine.close()
        self._hang_up()

    def _not_started(self, error: Exception) -> PortError:
        if self.identity.functions:
            return PortError(
                self._settings.port,
                f"the Z-Wave stick there cannot be started: {error}",
                "correct [drivers.zwave] if that asks for it, or unplug the stick and plug it in again",
            )
        return PortError(
            self._settings.port,
            f"what is there does not answer as a Z-Wave controller ({str(error) or 'no word'})",
            "is this the right port, and no other program on it? `hubagent doctor` lists the ports",
        )

    async def _open(self) -> None:
        transport = await self._runtime.open_serial(self._settings.port, BAUD, self)
        self._transport = transport
        self._bootloader = BootloaderWatch()
        self._machine.feed(PortOpened())

    async def _opened_again(self) -> bool:
        """Wait until the machine asks for it, and try once."""
        reopening = await self._reopenings.get()
        self._hang_up()
        await asyncio.sleep(reopening.delay_s)
        try:
            await self._open()
        except PortError as error:
            self._machine.feed(PortNotOpened(error.reason))
            return False
        return True

    async def _come_back(self) -> None:
        """Bring up a stick that is on the port again, or leave it to the machine to have the port opened anew.

        A stick that lives but garbles an answer is asked again, less and less often.
        """
        pause_s = COME_BACK_S
        while self._reopenings.empty() and not await self._is_back():
            await self._pause(pause_s)
            pause_s = min(pause_s * 2, COME_BACK_MAX_S)

    async def _pause(self, pause_s: float) -> None:
        """Not for longer than until the port is to be opened anew."""
        try:
            async with asyncio.timeout(pause_s):
                reopening = await self._reopenings.get()
        except TimeoutError:
            return
        self._reopenings.put_nowait(reopening)

    def _hang_up(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    async def _is_back(self) -> bool:
        """Whether the stick could be brought up. Raises PortError where it is another network's."""
        home_id = self.identity.home_id
        try:
            await self._greet()
            await self._bring_up()
        except (DriverUnavailable, NotPossible) as error:
            self._complain(str(error))
            self.identity.home_id = home_id
            return False
        if self.identity.home_id != home_id:
            raise PortError(
                self._settings.port,
                f"another stick is there now: network {self.identity.home_id:08x} instead of {home_id:08x}",
                "plug the old one in again, or restart the agent to use the new one",
            )
        self._complaint = ""
        self._take_up_work()
        return True

    def _complain(self, why: str) -> None:
        """Once for each reason in a row: a stick may answer wrongly for days."""
        if why != self._complaint:
            self._complaint = why
            log.warning("the stick on %s is back but does not answer as it should: %s", self._settings.port, why)

    def _take_up_work(self) -> None:
        """Let the queue go on. Only then: what waits in it is for this network and no other."""
        self._machine.feed(Resume())

    async def _greet(self) -> None:
        """Find out whether a Z-Wave stick is there at all, and what it can do."""
        # What was said before is not relied on: it may have been garbled, or said by another stick.
        self.identity.functions = frozenset()
        capabilities = await self._ask(GetSerialApiCapabilities())
        self._bootloader = None
        identity = self.identity
        identity.functions, identity.version = capabilities.functions, capabilities.version
        identity.manufacturer = capabilities.manufacturer_id
        identity.product_type, identity.product = capabilities.product_type, capabilities.product_id
        self._bridge = SendDataBridge.FUNCTION in identity.functions and SendData.FUNCTION not in identity.functions

    async def _bring_up(self) -> None:
        """Everything else that there is to know, and what a reset made the stick forget."""
        await self._read_identity()
        await self._set_up()
        await self._become_suc()

    async def _read_identity(self) -> None:
        identity = self.identity
        init = await self._ask(GetInitData())
        identity.nodes, identity.chip, identity.api_version = init.nodes, init.chip, init.api_version
        library = await self._ask(GetLibraryVersion())
        identity.library = library.text
        identity.roles = (await self._ask(GetControllerCapabilities())).roles
        home = await self._ask(GetHomeId())
        identity.home_id, identity.own_node_id = home.home_id, home.node_id

    async def _set_up(self) -> None:
        if GetSupportedSetup.FUNCTION not in self.identity.functions:
            return
        try:
            radio = await set_up_radio(self._ask, self._settings.radio)
            if radio.needs_reset:
                await self._soft_reset()
                radio = await set_up_radio(self._ask, NO_WISHES)
        except Unanswered as error:
            # A home works without it: on some sticks the list of functions says more than the firmware does.
            log.warning("the stick on %s does not let its radio be set up: %s", self._settings.port, error)
            return
        self.identity.radio = radio

    async def _become_suc(self) -> None:
        """Devices find the hub by the network's SUC: where there is none, it is us (INS13954-13, ZW_SetSUCNodeID)."""
        if GetSucNodeId.FUNCTION not in self.identity.functions:
            return
        suc = await self._ask(GetSucNodeId())
        if suc.node_id == 0 and SetSucNodeId.FUNCTION in self.identity.functions:
            own = self.identity.own_node_id
            # Of a controller that appoints itself no callback comes (ibid.).
            answer = await self.call(
                lambda _: SetSucNodeId(own, enable=True, sis=True, callback_id=0), priority=Priority.START
            )
            if not isinstance(answer, Answered):
                log.warning("the stick did not become the network's SUC: %s", type(answer).__name__)

    async def _soft_reset(self) -> None:
        """INS12350-14 §6.1. The call ends when the stick says that it has started; older ones do not say so."""
        if SoftReset.FUNCTION not in self.identity.functions:
            return
        answer = await self.call(lambda _: SoftReset(), priority=Priority.START)
        if not isinstance(answer, PortLost):
            return
        # USB enumerates some sticks anew: the port is gone, and comes back.
        try:
            async with asyncio.timeout(ENUMERATION_S):
                while not await self._opened_again():
                    pass
        except TimeoutError:
            raise DriverUnavailable("it did not come back after its soft reset; try soft_reset = false") from None

    # Calls.

    def submit(self, call: Call) -> None:
        """Queue a call; where the link is free it has left when this returns."""
        self._machine.feed(call)

    def cancel(self, call: Call) -> None:
        self._machine.feed(Cancel(call))

    async def call(
        self,
        build: Callable[[int], Request],
        *,
        priority: Priority = Priority.CONTROLLER,
        on_callback: Callable[[Callback], None] | None = None,
        callback_timeout_s: float | None = None,
        holds_link: bool = True,
        ends_with: Callable[[DataFrame], bool] | None = None,
    ) -> Answer:
        """One exchange, waited for; taken back when the waiting is cancelled."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        call = Call(
            build,
            priority,
            lambda given: None if answer.done() else answer.set_result(given),
            on_callback=on_callback,
            callback_timeout_s=callback_timeout_s,
            holds_link=holds_link,
            ends_with=ends_with,
        )
        self.submit(call)
        try:
            return await answer
        finally:
            if not answer.done() or answer.cancelled():
                self.cancel(call)

    async def ask(self, request: Request, priority: Priority = Priority.CONTROLLER) -> Any:
        """The response to a request that has no callback.

        Raises Unanswered where there is none, and NotPossible where the controller lacks the function or
        refuses.
        """
        if self.identity.functions and request.FUNCTION not in self.identity.functions:
            raise NotPossible(f"this controller has no function 0x{request.FUNCTION:02x} ({type(request).__name__})")
        answer = await self.call(lambda _: request, priority=priority)
        if isinstance(answer, ControllerRestarted):
            # Some say twice after a reset that they have started, the second time in the middle of the first question.
            answer = await self.call(lambda _: request, priority=priority)
        if isinstance(answer, Answered) and answer.response is not None:
            return answer.response
        if isinstance(answer, NotAccepted):
            return answer.response
        raise Unanswered(f"{type(request).__name__}: {type(answer).__name__}")

    async def node_list(self) -> frozenset[int]:
        """The nodes that the stick knows now, itself not among them. Raises DriverUnavailable."""
        nodes: frozenset[int] = (await self.ask(GetInitData())).nodes
        return nodes - {self.identity.own_node_id}

    async def _ask(self, request: Request) -> Any:
        return await self.ask(request, Priority.START)

    def send_data(self, node_id: int, command: bytes) -> Callable[[int], Request]:
        """How to build the transmission of a command to a node, on this kind of controller."""
        if self._bridge:
            own = self.identity.own_node_id
            return lambda callback_id: SendDataBridge(own, node_id, command, RELIABLE, callback_id)
        return lambda callback_id: SendData(node_id, command, RELIABLE, callback_id)

    # Effects of the machine.

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _unsolicited(self, frame: DataFrame) -> None:
        try:
            message = decode_unsolicited(frame)
        except MalformedMessage:
            self._unreadable += 1
            if self._unreadable <= LOGGED_MAX:
                # Its bytes are not shown: a node's command is among them, and perhaps the code of a lock.
                log.warning(
                    "the stick sent what cannot be read: function 0x%02x, %d bytes", frame.function, len(frame.payload)
                )
            return
        if isinstance(message, _COMMANDS):
            self._listener.command_received(message.node_id, message.command, self._received_at, message.status)
        elif isinstance(message, ApplicationUpdate):
            self._listener.update_received(message)

    def _status_changed(self, change: StatusChanged) -> None:
        self.status = change.status
        if change.status is ControllerStatus.RESTARTING and SetTransmitReport.COMMAND in self.identity.radio.commands:
            # At a restart the stick forgets it.
            self.submit(Call(lambda _: SetTransmitReport(enable=True), Priority.START, lambda _: None))
        self._listener.status_changed(change.status, change.detail)

    def _reopen(self, effect: ReopenPort) -> None:
        if not self._reopenings.full():
            self._reopenings.put_nowait(effect)
