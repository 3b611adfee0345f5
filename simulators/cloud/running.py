"""All of the cloud, running for as long as a block lasts: for tests, the bench, the demo and `hubagent sim cloud`."""

import asyncio
import fcntl
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509

from simulators.cloud.bounds import Bounds
from simulators.cloud.broker import Broker
from simulators.cloud.broker_faults import add_broker_faults
from simulators.cloud.ca import Authority, Issued, open_authority
from simulators.cloud.coap_front import CoapFront
from simulators.cloud.consumer import Consumer
from simulators.cloud.database import CloudFileUnusable, open_file
from simulators.cloud.est import EnrolmentServer
from simulators.cloud.misbehaviour import CannotMisbehave, Lasting, Misbehaviour, Settings
from simulators.cloud.mqtt_front import MqttFront
from simulators.cloud.server_files import ServerFiles
from simulators.cloud.service import Service
from simulators.listening import said_plainly

LOOPBACK: Final = "127.0.0.1"
HTTP_PORT: Final = 8377
EST_PORT: Final = 8443
COAP_PORT: Final = 5684
MQTT_PORTS: Final = (8883, 8884)
"""A broker's: for hubs, and for the cloud itself."""
DAY_S: Final = 86400.0
BROKER_TIMEOUT_S: Final = 10.0
TOKEN_LENGTH: Final = 32
HUB_NAME_LENGTH: Final = 6


class NoHttp(Exception):
    """aiohttp is not there; says how it comes."""


@dataclass(frozen=True, slots=True)
class CloudSetting:
    """A port of 0 is any that is free, None is none at all."""

    wall: Callable[[], float]
    entropy: Callable[[int], bytes]
    state: Path | None = None
    """The folder that keeps what must survive; without one it is all in memory, but for certificates."""
    host: str = LOOPBACK
    """Where hubs come. The page is on loopback always: its token must not cross a network in the clear."""
    http_port: int | None = HTTP_PORT
    est_port: int | None = EST_PORT
    coap_port: int = COAP_PORT
    mqtt: bool = False
    mqtt_ports: tuple[int, int] | None = None
    manufacturers: tuple[Path, ...] = ()
    """Roots (PEM) of those whose hubs are let in with the certificate from their factory, without a claim code."""
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(slots=True)
class Cloud:
    """What runs, and how it is reached. Made by `running_cloud`."""

    setting: CloudSetting
    service: Service
    misbehaviour: Misbehaviour
    authority: Authority
    enrolment: EnrolmentServer
    files: ServerFiles
    token: str
    coap: CoapFront
    broker: Broker | None = None
    mqtt: MqttFront | None = None
    http_port: int | None = None
    est_port: int | None = None
    est_context: ssl.SSLContext | None = None

    @property
    def page_url(self) -> str | None:
        """With the token in the fragment, which a browser sends to nobody."""
        return None if self.http_port is None else f"http://{LOOPBACK}:{self.http_port}/#token={self.token}"

    @property
    def est_url(self) -> str | None:
        return None if self.est_port is None else f"https://{self._name}:{self.est_port}"

    @property
    def coap_url(self) -> str:
        return f"coaps+tcp://{self._name}:{self.coap.port}"

    @property
    def mqtt_url(self) -> str | None:
        return None if self.broker is None else f"mqtts://{self._name}:{self.broker.port}"

    def new_hub_name(self) -> str:
        """One that no hub has."""
        return f"hub-{self.setting.entropy(HUB_NAME_LENGTH).hex()}"

    def claim(self, hub: str) -> str:
        """A code with which one hub gets the certificate of `hub`. Raises ValueError."""
        return self.enrolment.new_claim(hub)

    def issue(self, hub: str) -> Issued:
        """A hub's certificate without enrolment, for tests."""
        return self.authority.hub_with_key(hub)

    def revoke(self, hub: str) -> bool:
        """The hub's certificates count no more, and its connection ends; whether it had any."""
        revoked = self.enrolment.revoke(hub)
        if revoked:
            self.coap.kick(hub)
            if self.broker is not None and self.service.consumer.is_known(hub):
                # mosquitto looks at its list at a handshake only; what ends a session for certain is another one.
                self.misbehaviour.do("take-over", {"hub": hub})
        return revoked

    def renew_files(self) -> None:
        """New certificates of the servers and new lists, for connections to come."""
        self.files.renew()
        self.use_files()

    def use_lists(self) -> None:
        """Something was revoked."""
        self.files.renew_crl()
        self.use_files()

    def use_files(self) -> None:
        self.coap.use(self.files.hub_context())
        if self.est_context is not None:
            self.est_context.load_cert_chain(self.files.certificate, self.files.key)
        if self.broker is not None:
            self.broker.reload()

    @property
    def _host(self) -> str:
        return f"[{self.setting.host}]" if ":" in self.setting.host else self.setting.host

    @property
    def _name(self) -> str:
        """A name rather than an address where there is one: certificates have names."""
        return "localhost" if self.setting.host in (LOOPBACK, "::1", "localhost") else self._host


@asynccontextmanager
async def running_cloud(setting: CloudSetting) -> AsyncIterator[Cloud]:
    """Raises PortTaken, NoHttp, NoBroker, CloudFileUnusable, ValueError for a damaged folder."""
    async with AsyncExitStack() as stack:
        folder = setting.state
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hubagent-cloud-")))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stack.enter_context(_locked(folder))
        cloud = await _start(stack, setting, folder)
        await _serve_http(stack, cloud)
        stack.callback(_Daily(cloud.renew_files).close)
        yield cloud


async def _start(stack: AsyncExitStack, setting: CloudSetting, folder: Path) -> Cloud:
    authority = open_authority(folder / "ca", setting.wall)
    makers = [root for path in setting.manufacturers for root in _roots(path)]
    enrolment = EnrolmentServer(authority, setting.entropy, makers, kept=folder / "enrolment.json")
    files = ServerFiles(folder, authority, setting.host)
    consumer = Consumer(
        open_file(":memory:" if setting.state is None else folder / "cloud.db"),
        setting.wall,
        setting.entropy,
        setting.bounds,
    )
    service = Service(consumer)
    stack.callback(service.close)
    were_here = [hub.id for hub in consumer.hubs() if hub.online]
    consumer.all_gone()
    misbehaviour = Misbehaviour(service)
    stack.callback(misbehaviour.close)
    coap = await _coap_front(stack, service, files, setting)
    token = setting.entropy(TOKEN_LENGTH).hex()
    cloud = Cloud(setting, service, misbehaviour, authority, enrolment, files, token, coap)
    if setting.mqtt:
        await _start_broker(stack, cloud, folder)
        assert cloud.broker is not None
        tasks = await stack.enter_async_context(_chores())
        add_broker_faults(misbehaviour, cloud.broker, files.client_context, tasks)
        stack.callback(misbehaviour.behave)
        for hub in were_here:
            # It may still be connected to the broker, and nobody knows since which start.
            service.bye(hub, "the cloud was started anew", 1.0)
    authority.on_revoked = cloud.use_lists
    misbehaviour.add("half-open", _half_open(misbehaviour, coap))
    return cloud


async def _coap_front(stack: AsyncExitStack, service: Service, files: ServerFiles, setting: CloudSetting) -> CoapFront:
    door = service.door()
    front = CoapFront(door, files.hub_context(), setting.host, setting.coap_port)
    with said_plainly(setting.host, setting.coap_port, "cloud"):
        await stack.enter_async_context(front)
    door.front = front
    return front


def _roots(path: Path) -> list[x509.Certificate]:
    """Raises ValueError."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} has no certificates in PEM form: {error}") from error


def _half_open(misbehaviour: Misbehaviour, coap: CoapFront) -> Lasting:
    stalled: list[str] = []

    def begin(settings: Settings) -> None:
        hub = misbehaviour.hub_meant(settings)
        if not coap.stall(hub, True):
            raise CannotMisbehave(f"{hub} is not connected by CoAP; for a broker there is freeze-broker")
        stalled.append(hub)

    def end() -> None:
        while stalled:
            coap.stall(stalled.pop(), False)

    return Lasting("the hub's connection stays and is silent; hub=ID", begin, end)


async def _start_broker(stack: AsyncExitStack, cloud: Cloud, folder: Path) -> None:
    files, service = cloud.files, cloud.service
    broker = Broker(
        folder / "broker",
        files.anchors,
        files.certificate,
        files.key,
        files.crl,
        address=cloud.setting.host,
        ports=cloud.setting.mqtt_ports,
    )
    await stack.enter_async_context(broker)
    door = service.door()
    front = MqttFront(LOOPBACK, broker.consumer_port, files.client_context(), door)
    stack.callback(front.close)
    front.listen(True)
    door.front = front
    async with asyncio.timeout(BROKER_TIMEOUT_S):
        await front.listening()
    cloud.broker, cloud.mqtt = broker, front


async def _serve_http(stack: AsyncExitStack, cloud: Cloud) -> None:
    setting = cloud.setting
    if setting.http_port is None and setting.est_port is None:
        return
    try:
        from simulators.cloud.web.api import Spoken  # noqa: PLC0415 - aiohttp is for this alone
        from simulators.cloud.web.serving import serving_enrolment, serving_home  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "aiohttp":
            raise
        raise NoHttp("the cloud's page and its enrolment need aiohttp: pip install 'hubagent[sim]'") from error
    if setting.http_port is not None:
        spoken = Spoken(cloud.service, cloud.misbehaviour, cloud.claim, cloud.revoke)
        serving = serving_home(spoken, cloud.token, LOOPBACK, setting.http_port)
        cloud.http_port = await stack.enter_async_context(serving)
    if setting.est_port is not None:
        context = cloud.files.enrolment_context(cloud.enrolment.trusted_pem)
        enrolling = serving_enrolment(cloud.enrolment, context, setting.host, setting.est_port)
        cloud.est_port, cloud.est_context = await stack.enter_async_context(enrolling), context


@asynccontextmanager
async def _chores() -> AsyncIterator[asyncio.TaskGroup]:
    """A group whose owner's own errors leave it as they are."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One cloud has it alone. Raises CloudFileUnusable."""
    with (folder / "cloud.lock").open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CloudFileUnusable(f"another cloud uses {folder}; end it, or choose another --state") from error
        yield


class _Daily:
    """Nothing that has an end grows old."""

    def __init__(self, renew: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._renew = renew
        self._timer = self._loop.call_later(DAY_S, self._fire)

    def close(self) -> None:
        self._timer.cancel()

    def _fire(self) -> None:
        self._timer = self._loop.call_later(DAY_S, self._fire)
        self._renew()
