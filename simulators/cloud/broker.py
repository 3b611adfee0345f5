"""mosquitto as production would run it: its configuration, and one process of it on loopback.

Two listeners. The hubs' one is on the network: TLS 1.3, a certificate each, whose CN is user name and client
identifier, and with which it reaches its own topics only. The consumers' one is for the cloud's own programs.
"""

import asyncio
import asyncio.subprocess
import contextlib
import os
import shutil
import signal
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

CONSUMER: Final = "cloud"
"""The CN of the consumers' certificates: too short for a hub's."""
START_S: Final = 10.0
STOP_S: Final = 5.0
STOP_TRIES: Final = 20
PORT_TRIES: Final = 5
AUTOSAVE_S: Final = 30
"""What a broker took since is lost with it; nothing depends on that, the hub has it until the cloud has."""
LOG_MAX: Final = 200
LINE_MAX: Final = 500
_LOOPBACK: Final = "127.0.0.1"
_SYSTEM_PROGRAMS: Final = "/usr/sbin:/usr/local/sbin"
"""Where Debian puts it, and where not everybody looks."""

HUB_ACL: Final = """\
# %u is the CN of the certificate: each hub says what is its own, and hears what is for it.
pattern write hub/%u/up/#
pattern read hub/%u/dn/#
"""
CONSUMER_ACL: Final = f"""\
user {CONSUMER}
topic read hub/+/up/#
topic write hub/+/dn/#
"""


@dataclass(frozen=True, slots=True)
class Listener:
    port: int
    address: str | None = None
    """All of them where there is none."""
    websockets: bool = False
    """Not for production: mosquitto 2.0 does not look at the list of revoked certificates there."""


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    anchor: Path
    """Who issues certificates, of hubs and of consumers."""
    certificate: Path
    key: Path
    crl: Path | None
    hub_acl: Path
    consumer_acl: Path
    persistence: Path


@dataclass(frozen=True, slots=True)
class BrokerConf:
    files: BrokerFiles
    hubs: tuple[Listener, ...]
    consumers: tuple[Listener, ...]
    user: str = "mosquitto"
    queued_max: int = 100_000
    """Messages that wait for a consumer that is away."""
    queued_bytes_max: int = 256 * 1024 * 1024


def render_conf(conf: BrokerConf) -> str:
    """mosquitto.conf (mosquitto.conf(5), 2.0)."""
    return "\n".join(_lines(conf)) + "\n"


def _lines(conf: BrokerConf) -> Iterator[str]:
    yield from (
        "per_listener_settings true",
        f"user {conf.user}",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "log_type information",
        "# Nagle's algorithm costs 40 ms a message.",
        "set_tcp_nodelay true",
        "persistence true",
        f"persistence_location {conf.files.persistence}/",
        f"autosave_interval {AUTOSAVE_S}",
        "persistent_client_expiration 1d",
        "max_inflight_messages 100",
        f"max_queued_messages {conf.queued_max}",
        f"max_queued_bytes {conf.queued_bytes_max}",
        "# A frame has 32 KiB at most.",
        f"max_packet_size {64 * 1024}",
        "max_keepalive 60",
        "retain_available false",
    )
    for listener in conf.hubs:
        yield from _listener(conf, listener, conf.files.hub_acl)
        yield "# Nobody takes another's session over."
        yield "use_username_as_clientid true"
    for listener in conf.consumers:
        yield from _listener(conf, listener, conf.files.consumer_acl)


def _listener(conf: BrokerConf, listener: Listener, acl: Path) -> Iterator[str]:
    files = conf.files
    yield ""
    yield f"listener {listener.port} {listener.address or ''}".rstrip()
    if listener.websockets:
        yield "# Lets a revoked certificate in: of WebSockets, mosquitto 2.0 reads neither crlfile nor tls_version."
        yield "protocol websockets"
        yield "# A suite of TLS 1.2 that nobody has a key for, so that TLS 1.3 remains."
        yield "ciphers PSK-AES256-GCM-SHA384"
    yield f"cafile {files.anchor}"
    yield f"certfile {files.certificate}"
    yield f"keyfile {files.key}"
    if files.crl is not None:
        yield f"crlfile {files.crl}"
    yield from (
        "tls_version tlsv1.3",
        "require_certificate true",
        "use_identity_as_username true",
        f"acl_file {acl}",
    )


class NoBroker(Exception):
    """mosquitto is not there, or does not start; the text says why."""


class Broker:
    """One mosquitto on loopback, its files in `folder`. The same ports and the same memory at each start."""

    def __init__(
        self,
        folder: Path,
        anchor: Path,
        certificate: Path,
        key: Path,
        crl: Path | None = None,
        *,
        address: str = _LOOPBACK,
        ports: tuple[int, int] | None = None,
        websockets: bool = False,
    ) -> None:
        """`address`: where hubs come. `ports`: theirs and the consumers'; drawn where there are none."""
        files = BrokerFiles(anchor, certificate, key, crl, folder / "hubs.acl", folder / "consumers.acl", folder)
        self._folder = folder
        self._conf = BrokerConf(files, hubs=(), consumers=(), user="root" if os.geteuid() == 0 else "mosquitto")
        self._address = address
        self._ports = ports
        self._websockets = websockets
        self._running: _Mosquitto | None = None
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def port(self) -> int:
        """The hubs'."""
        return self._conf.hubs[0].port

    @property
    def websocket_port(self) -> int:
        """The hubs', where there are `websockets`."""
        return self._conf.hubs[1].port

    @property
    def consumer_port(self) -> int:
        return self._conf.consumers[0].port

    @property
    def is_running(self) -> bool:
        return self._transport is not None

    @property
    def log(self) -> list[str]:
        """The last lines of what it said."""
        return list(self._running.lines) if self._running is not None else []

    async def start(self) -> None:
        """Running when this returns. Raises NoBroker."""
        assert self._transport is None
        program = find_mosquitto()
        for _ in range(PORT_TRIES):
            if not self._conf.hubs:
                self._draw_ports()
            self._write_files()
            await self._spawn(program)
            if await self._is_up():
                return
            said = self.log
            await self.kill()
            if self._ports is not None or not any("in use" in line for line in said):
                raise NoBroker(f"mosquitto does not start: {'; '.join(said[-3:]) or 'it says nothing'}")
            self._conf = replace(self._conf, hubs=(), consumers=())
        raise NoBroker(f"mosquitto found no free port in {PORT_TRIES} tries")

    async def kill(self) -> None:
        """As `kill -9`: nothing is saved, nobody is told."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an operator would: it saves, and tells its clients."""
        await self._end(signal.SIGTERM)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def reload(self) -> None:
        """It reads its configuration again; of certificates and lists, what new connections need (mosquitto(8))."""
        assert self._transport is not None
        self._transport.send_signal(signal.SIGHUP)

    def freeze(self) -> None:
        """It answers nothing until `thaw`, while its connections stay."""
        assert self._transport is not None
        self._transport.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._transport is not None
        self._transport.send_signal(signal.SIGCONT)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _draw_ports(self) -> None:
        *drawn, web = _free_ports(3)
        port, consumers = self._ports or drawn
        hubs: tuple[Listener, ...] = (Listener(port, self._address),)
        if self._websockets:
            hubs += (Listener(web, self._address, websockets=True),)
        self._conf = replace(self._conf, hubs=hubs, consumers=(Listener(consumers, _LOOPBACK),))

    def _write_files(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._conf.files.hub_acl.write_text(HUB_ACL, encoding="utf-8")
        self._conf.files.consumer_acl.write_text(CONSUMER_ACL, encoding="utf-8")
        for path in (self._conf.files.hub_acl, self._conf.files.consumer_acl):
            path.chmod(0o600)
        (self._folder / "mosquitto.conf").write_text(render_conf(self._conf), encoding="utf-8")

    async def _spawn(self, program: str) -> None:
        transport, protocol = await asyncio.get_running_loop().subprocess_exec(
            _Mosquitto,
            program,
            "-c",
            str(self._folder / "mosquitto.conf"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
        self._transport, self._running = transport, protocol

    async def _is_up(self) -> bool:
        """Whether it came up, rather than ended or said nothing."""
        assert self._running is not None
        try:
            async with asyncio.timeout(START_S):
                return await self._running.up
        except TimeoutError:
            return False

    async def _end(self, how: signal.Signals) -> None:
        transport, running = self._transport, self._running
        if transport is None or running is None:
            return
        self._transport = None
        for sending in (*[how] * STOP_TRIES, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                transport.send_signal(sending)
                transport.send_signal(signal.SIGCONT)
            # One that comes before its main loop begins is lost to it.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_S / STOP_TRIES):
                    await running.ended.wait()
            if running.ended.is_set():
                break
        await running.ended.wait()
        transport.close()


class _Mosquitto(asyncio.SubprocessProtocol):
    """Reads what it says."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=LOG_MAX)
        self.up: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()
        self._rest = b""

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002 - there is but one
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-LINE_MAX:]
        for line in lines:
            self.lines.append(line[:LINE_MAX].decode(errors="replace"))
            if b" running" in line and b"mosquitto version" in line and not self.up.done():
                self.up.set_result(True)

    def process_exited(self) -> None:
        if not self.up.done():
            self.up.set_result(False)
        self.ended.set()


def find_mosquitto() -> str:
    """Its path. Raises NoBroker."""
    found = shutil.which("mosquitto", path=os.pathsep.join((os.environ.get("PATH", ""), _SYSTEM_PROGRAMS)))
    if found is None:
        raise NoBroker("mosquitto is not installed; install it (Debian: apt install mosquitto)")
    return found


def _free_ports(count: int) -> list[int]:
    """Free a moment ago: mosquitto cannot be given port 0."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind((_LOOPBACK, 0))
        return [int(one.getsockname()[1]) for one in taken]
