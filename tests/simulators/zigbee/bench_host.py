"""A host for the stick that does nothing by itself but acknowledge, and devices that do nothing but hear.

What they got, a test looks at.
"""

import asyncio
import random
from collections import deque
from typing import Any, TypeVar

from drivers.zigbee.ash import CANCEL, Ack, Data, Error, Frame, Garbage, Nak, Parser, Reset, ResetAck
from drivers.zigbee.ezsp import networking, security
from drivers.zigbee.ezsp.configuration import AddEndpoint, SetPolicy, Version, VersionResponse
from drivers.zigbee.ezsp.frame import (
    Callback,
    Command,
    decode_header,
    encode_command,
    encode_legacy_command,
)
from drivers.zigbee.ezsp.frame import Frame as EzspFrame
from drivers.zigbee.ezsp.messaging import SendUnicast, SendUnicastResponse
from drivers.zigbee.ezsp.security import ImportTransientKey
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame, InitialSecurityState, NetworkParameters
from drivers.zigbee.ezsp.table import decode_callback, decode_response
from drivers.zigbee.ezsp.types import (
    ANY_EUI64,
    ApsOption,
    InitialSecurityBitmask,
    OutgoingType,
    PolicyId,
    TrustCenterDecision,
)
from simulators.zigbee.memory import WELL_KNOWN_KEY, Memory
from simulators.zigbee.network import Air, Network
from simulators.zigbee.radio import Antenna, ApsMessage
from simulators.zigbee.stick import Stick
from simulators.zigbee.stick_faults import StickFaults

_C = TypeVar("_C", bound=Callback)

ROUTER = 0x8E
SLEEPER = 0x80
RETRY = ApsOption.RETRY | ApsOption.ENABLE_ROUTE_DISCOVERY
PARAMETERS = NetworkParameters(0xDDDDDDDDDDDDDDDD, 0x1A62, 5, 15, channels=0x07FFF800)
SECURITY = InitialSecurityState(
    InitialSecurityBitmask.TRUST_CENTER_USES_HASHED_LINK_KEY
    | InitialSecurityBitmask.HAVE_PRECONFIGURED_KEY
    | InitialSecurityBitmask.HAVE_NETWORK_KEY
    | InitialSecurityBitmask.REQUIRE_ENCRYPTED_KEY,
    bytes(range(16)),
    bytes(range(16, 32)),
)


class BenchHost(asyncio.WriteTransport):
    """The host's end: a window of one, an ACK at once."""

    def __init__(self, stick: Stick, version: int) -> None:
        super().__init__()
        self.stick = stick
        self.version = version
        self.callbacks: deque[tuple[float, Callback]] = deque()
        self.frames: list[tuple[float, Frame | Garbage]] = []
        """All that came by ASH."""
        self.raw = b""
        self.acknowledges = True
        self._loop = asyncio.get_running_loop()
        self._parser = Parser()
        self._sends = self._expects = 0
        self._sequence = 0
        self._waiting: dict[int, asyncio.Future[EzspFrame]] = {}
        self._up: asyncio.Future[int] | None = None
        self._news = asyncio.Event()

    # --- what the stick writes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.raw += bytes(data)
        for frame in self._parser.feed(bytes(data)):
            self.frames.append((self._loop.time(), frame))
            if isinstance(frame, ResetAck):
                self._sends = self._expects = 0
                if self._up is not None and not self._up.done():
                    self._up.set_result(frame.reason)
            elif isinstance(frame, Data):
                self._take(frame)

    def _take(self, frame: Data) -> None:
        if frame.number == self._expects:
            self._expects = (self._expects + 1) % 8
            self._hear(decode_header(frame.payload))
        if self.acknowledges:
            self._loop.call_soon(self.stick.data_received, Ack(self._expects).to_bytes())

    def _hear(self, frame: EzspFrame) -> None:
        if frame.is_callback:
            callback = decode_callback(frame, self.version)
            assert callback is not None
            self.callbacks.append((self._loop.time(), callback))
            self._news.set()
        else:
            self._waiting.pop(frame.sequence).set_result(frame)

    # --- what a test does

    def plug(self) -> None:
        self.stick.connection_made(self)

    async def reset(self) -> int:
        """RST; the reason in the RSTACK that comes."""
        self._up = self._loop.create_future()
        self._sends = self._expects = 0
        self.stick.data_received(CANCEL + Reset().to_bytes())
        return await self._up

    async def connect(self) -> None:
        """Reset it, and agree on its version."""
        await self.reset()
        offered = await self.legacy_version(self.version)
        assert offered.protocol_version == self.version
        await self.ask(Version(self.version))

    async def legacy_version(self, desired: int) -> VersionResponse:
        self._sequence = (self._sequence + 1) % 256
        frame = await self._exchange(encode_legacy_command(self._sequence, Version(desired)))
        assert frame.legacy
        return VersionResponse.from_bytes(frame.payload)

    async def ask(self, command: Command) -> Any:
        """The one answer to it."""
        self._sequence = (self._sequence + 1) % 256
        frame = await self._exchange(encode_command(self._sequence, command, self.version))
        return decode_response(type(command), frame, self.version)

    async def raw_ask(self, frame_id: int, payload: bytes = b"") -> EzspFrame:
        self._sequence = (self._sequence + 1) % 256
        head = bytes((self._sequence, 0, 1, frame_id & 0xFF, frame_id >> 8))
        return await self._exchange(head + payload)

    async def _exchange(self, data: bytes) -> EzspFrame:
        answer: asyncio.Future[EzspFrame] = self._loop.create_future()
        self._waiting[self._sequence] = answer
        frame = Data(self._sends, data, self._expects)
        self._sends = (self._sends + 1) % 8
        self.stick.data_received(frame.to_bytes())
        return await answer

    async def next_callback(self) -> Callback:
        """The oldest one that was not taken, as soon as there is one."""
        while not self.callbacks:
            self._news.clear()
            await self._news.wait()
        return self.callbacks.popleft()[1]

    def take(self, kind: type[_C]) -> list[_C]:
        """All callbacks of this kind, in order; they are forgotten."""
        taken = [callback for _, callback in self.callbacks if isinstance(callback, kind)]
        self.callbacks = deque(it for it in self.callbacks if not isinstance(it[1], kind))
        return taken

    def one(self, kind: type[_C]) -> _C:
        (callback,) = self.take(kind)
        return callback

    def statuses(self) -> list[Status]:
        """What the stack said of itself."""
        return [it.status for it in self.take(networking.StackStatusHandler)]

    def failures(self) -> list[int]:
        return [frame.code for _, frame in self.frames if isinstance(frame, Error)]

    def naks(self) -> int:
        return sum(isinstance(frame, Nak) for _, frame in self.frames)

    # --- a few things that hosts do

    async def form(self, parameters: NetworkParameters = PARAMETERS, state: InitialSecurityState = SECURITY) -> None:
        assert (await self.ask(security.SetInitialSecurityState(state))).status.ok
        assert (await self.ask(networking.FormNetwork(parameters))).status.ok
        await asyncio.sleep(0.1)
        assert self.statuses() == [Status.NETWORK_UP]

    async def open(self, seconds: int = 60, *, decision: int | None = None, well_known: bool = True) -> None:
        """As hosts do when somebody may join."""
        if well_known:
            assert (await self.ask(ImportTransientKey(ANY_EUI64, WELL_KNOWN_KEY))).status.ok
        policy = TrustCenterDecision.ALLOW_JOINS | TrustCenterDecision.ALLOW_UNSECURED_REJOINS
        chosen = policy if decision is None else decision
        assert (await self.ask(SetPolicy(PolicyId.TRUST_CENTER, chosen))).status.ok
        assert (await self.ask(networking.PermitJoining(seconds))).status.ok

    async def send(
        self, node_id: int, payload: bytes = b"\x01\x01\x01", *, options: int = RETRY, tag: int = 7, cluster: int = 6
    ) -> SendUnicastResponse:
        answer = await self.ask(
            SendUnicast(OutgoingType.DIRECT, node_id, ApsFrame(0x0104, cluster, 1, 1, options), tag, payload)
        )
        assert isinstance(answer, SendUnicastResponse)
        return answer

    async def send_zdo(self, node_id: int, cluster: int, payload: bytes) -> SendUnicastResponse:
        answer = await self.ask(
            SendUnicast(OutgoingType.DIRECT, node_id, ApsFrame(0, cluster, 0, 0, RETRY), 7, payload)
        )
        assert isinstance(answer, SendUnicastResponse)
        return answer

    async def add_endpoint(self, number: int = 1) -> None:
        assert (await self.ask(AddEndpoint(number, 0x0104, 0x0400, 0, (0x0000, 0x0006), (0x0500,)))).status.ok


class Ear:
    """A device that hears, and sends what it is told to."""

    def __init__(self, eui64: int, *, capability: int = ROUTER, poll_s: float = 2.0) -> None:
        self._loop = asyncio.get_running_loop()
        self.eui64 = eui64
        self.capability = capability
        self.rx_on_when_idle = bool(capability & 0x08)
        self.poll_interval_s = poll_s
        self.antenna: Antenna | None = None
        self.messages: list[tuple[float, ApsMessage]] = []
        self.times_joined = 0
        self.times_left = 0

    def receive(self, message: ApsMessage) -> None:
        self.messages.append((self._loop.time(), message))

    def joined_network(self) -> None:
        self.times_joined += 1

    def left_network(self) -> None:
        self.times_left += 1

    @property
    def heard(self) -> list[bytes]:
        return [message.payload for _, message in self.messages]

    @property
    def node_id(self) -> int:
        assert self.antenna is not None
        return self.antenna.node_id

    def say(self, payload: bytes, destination: int = 0, *, group: int | None = None, cluster: int = 6) -> None:
        assert self.antenna is not None
        self.antenna.send(ApsMessage(self.node_id, destination, 0x0104, cluster, 1, 1, 0, payload, group))


class World:
    """A stick, its network and a few devices: routers "a", "b", ..., and sleepers "s", "t", ... of `sleepers`."""

    def __init__(
        self,
        routers: str = "",
        sleepers: str = "",
        *,
        version: int = 14,
        seed: int = 7,
        air: Air | None = None,
        memory: Memory | None = None,
        settled: bool = False,
    ) -> None:
        rng = random.Random(seed)
        self.memory = memory or Memory.open(None, rng)
        if settled:
            self.memory.commission(rng)
        self.faults = StickFaults()
        self.network = Network(self.memory, rng, air or Air())
        self.stick = Stick(self.network, rng, version, self.faults)
        self.host = BenchHost(self.stick, version)
        self.ears: dict[str, Ear] = {}
        for name in routers + sleepers:
            self.place(name, Ear(0x00124B0000000000 + ord(name), capability=ROUTER if name in routers else SLEEPER))
            if settled:
                self.network.join(name)

    def place(self, name: str, ear: Ear, **options: Any) -> Ear:
        self.ears[name] = ear
        self.network.place(name, ear, **options)
        return ear

    def id_of(self, name: str) -> int:
        node_id = self.network.node_of(name)
        assert node_id is not None
        return node_id

    async def plugged(self) -> BenchHost:
        """Plugged in, and spoken to."""
        self.host.plug()
        await self.host.connect()
        return self.host

    async def up(self) -> BenchHost:
        """And in its network, formed now if there was none."""
        host = await self.plugged()
        if self.memory.network is None:
            await host.form()
        else:
            assert (await host.ask(networking.NetworkInit())).status.ok
            await asyncio.sleep(0.1)
            assert host.statuses() == [Status.NETWORK_UP]
        return host

    def unplug(self) -> None:
        self.stick.connection_lost(None)
