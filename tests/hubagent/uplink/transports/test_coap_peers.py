"""Other people's CoAP on either side of the connection: aiocoap as it comes, and libcoap's programs."""

import asyncio
import shutil
import socket
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiocoap
import pytest
from aiocoap import error, resource

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports.coap import CoapTransport, make_coap
from hubagent.uplink.transports.port import ConnectFailed, Trouble
from tests.helpers.certificates import Authority, FileCredentials, server_context
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.a_coap_front import CoapSite, a_coap_front
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar
from tests.interop.peers import need

LISTENS_S = 5.0
"""libcoap's server does within this time, or not at all."""

pytestmark = pytest.mark.real_time


class Heard(resource.Resource):  # type: ignore[misc]
    """Writes down what is POSTed to it, and who did."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: asyncio.Queue[Any] = asyncio.Queue()

    async def render_post(self, request: Any) -> Any:
        self.requests.put_nowait(request)
        return aiocoap.Message(code=aiocoap.CHANGED)


class Refused(resource.Resource):  # type: ignore[misc]
    async def render_post(self, _request: Any) -> Any:
        raise error.BadRequest("no such luck")


class AiocoapCloud:
    """aiocoap's own server, as its documentation has it."""

    def __init__(self, context: Any, events: Heard, transport: CoapTransport) -> None:
        self.context = context
        self.events = events
        self.transport = transport


@asynccontextmanager
async def an_aiocoap_cloud(folder: Path) -> AsyncIterator[AiocoapCloud]:
    authority = Authority(folder / "ca")
    context = server_context(authority, authority.server())
    context.set_alpn_protocols(["coap"])
    events = Heard()
    site = resource.Site()
    site.add_resource(["hub", HUB, "up", "evt"], events)
    site.add_resource(["hub", HUB, "up", "tel"], Refused())
    port = free_port()
    # It listens for TLS at the port after the one that it is given.
    cloud = await aiocoap.Context.create_server_context(
        site, bind=("127.0.0.1", port - 1), _ssl_context=context, transports=["tlsserver"]
    )
    credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor, authority.crl)
    try:
        yield AiocoapCloud(cloud, events, make_coap(f"coaps+tcp://localhost:{port}", credentials))
    finally:
        await cloud.shutdown()


async def test_the_hub_speaks_with_aiocoaps_server_and_is_asked_back_by_it(tmp_path: Path) -> None:
    async with asyncio.timeout(20), an_aiocoap_cloud(tmp_path) as cloud:
        ear = WritingEar()
        connection = await cloud.transport.connect(ear, FAREWELL)
        connection.send(Up.EVENT, b"x" * FRAME_MAX)
        request = await cloud.events.requests.get()
        assert request.payload == b"x" * FRAME_MAX
        for path, code in (("cmd", aiocoap.CHANGED), ("nonsense", aiocoap.NOT_FOUND)):
            asked = aiocoap.Message(code=aiocoap.POST, payload=b"lamp on", uri_path=("dn", path))
            asked.remote = request.remote
            assert (await cloud.context.request(asked).response).code == code
        assert await ear.frames.get() == (Down.COMMAND.value, b"lamp on")
        assert ear.frames.empty()
        connection.close()
        await cloud.transport.closed()


async def test_what_aiocoaps_server_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    async with asyncio.timeout(20), an_aiocoap_cloud(tmp_path) as cloud:
        ear = WritingEar()
        connection = await cloud.transport.connect(ear, FAREWELL)
        connection.send(Up.TELEMETRY, b"")
        connection.send(Up.ALARM, b"")
        refusals = {(await ear.refusals.get()) for _ in range(2)}
        assert refusals == {(Up.TELEMETRY, "4.00 no such luck"), (Up.ALARM, "4.04")}
        connection.close()
        await cloud.transport.closed()


async def test_a_shutdown_of_aiocoaps_server_is_an_orderly_end(tmp_path: Path) -> None:
    async with asyncio.timeout(20):
        ear = WritingEar()
        async with an_aiocoap_cloud(tmp_path) as cloud:
            await cloud.transport.connect(ear, FAREWELL)
        assert (await ear.ends.get()).trouble is Trouble.CLOSED
        await cloud.transport.closed()


def test_aiocoaps_server_answers_the_hubs_pings(tmp_path: Path) -> None:
    async def main() -> None:
        async with an_aiocoap_cloud(tmp_path) as cloud:
            ear = WritingEar()
            connection = await cloud.transport.connect(ear, FAREWELL)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(60):
                    await ear.ends.get()
            connection.close()
            await cloud.transport.closed()

    run_hurried(main)


async def test_aiocoaps_client_is_a_hub_to_the_front_and_is_asked_back(tmp_path: Path) -> None:
    async with asyncio.timeout(20), a_coap_front(tmp_path) as site:
        commands = Heard()
        here = resource.Site()
        here.add_resource(["dn", "cmd"], commands)
        client = await aiocoap.Context.create_client_context(transports=["tlsclient"])
        client.serversite = here
        context = site.credentials().client_context()
        client.client_credentials.ssl_client_context = lambda _scheme, _host: context
        try:
            for path, code in ((HUB, aiocoap.CHANGED), ("hub-00000002", aiocoap.FORBIDDEN)):
                uri = f"{site.url}/hub/{path}/up/evt"
                asked = aiocoap.Message(code=aiocoap.POST, uri=uri, payload=b"x" * 1000)
                assert (await client.request(asked).response).code == code
            assert await site.cloud.frames.get() == (HUB, "evt", b"x" * 1000)
            assert site.front.send(HUB, Down.COMMAND, b"y" * FRAME_MAX)
            assert (await commands.requests.get()).payload == b"y" * FRAME_MAX
        finally:
            await client.shutdown()
        assert await site.cloud.ends.get() == HUB


@pytest.mark.interop
@pytest.mark.parametrize("library", ["openssl", "gnutls"])
async def test_libcoaps_client_is_a_hub_to_the_front(tmp_path: Path, library: str) -> None:
    async with asyncio.timeout(20), a_coap_front(tmp_path) as site:
        for path, answer in ((HUB, ""), ("hub-00000002", f"4.03 this connection is {HUB}'s")):
            url = f"{site.url}/hub/{path}/up/evt"
            said = await libcoap_says(site, f"coap-client-{library}", "-m", "post", "-e", "hello", url)
            assert said.strip() == answer
        assert await site.cloud.frames.get() == (HUB, "evt", b"hello")
        assert site.cloud.frames.empty()
        assert not site.front.refusals


@pytest.mark.interop
def test_libcoaps_server_keeps_a_hub_and_refuses_its_frames(tmp_path: Path) -> None:
    async def main() -> None:
        authority = Authority(tmp_path / "ca")
        credentials = FileCredentials(HUB, authority.client(HUB), authority.anchor)
        async with a_libcoap_cloud(authority) as port:
            ear, transport = WritingEar(), make_coap(f"coaps+tcp://localhost:{port}", credentials)
            connection = await transport.connect(ear, FAREWELL)
            connection.send(Up.EVENT, b"hello")
            channel, reason = await ear.refusals.get()
            assert (channel, reason[:4]) == (Up.EVENT, "4.04")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(60):
                    await ear.ends.get()
            connection.close()
            await transport.closed()

    run_hurried(main)


@pytest.mark.interop
@pytest.mark.parametrize(
    ("shown", "why"), [(None, "it got none"), ("Other CA", "does not know who issued it")], ids=["none", "another CA"]
)
async def test_libcoaps_server_lets_no_hub_in_without_a_good_certificate(
    tmp_path: Path, shown: str | None, why: str
) -> None:
    authority = Authority(tmp_path / "ca")
    issued = None if shown is None else Authority(tmp_path / "other", shown).client(HUB)
    async with asyncio.timeout(20), a_libcoap_cloud(authority) as port:
        transport = make_coap(f"coaps+tcp://localhost:{port}", FileCredentials(HUB, issued, authority.anchor))
        with pytest.raises(ConnectFailed, match=why) as failed:
            await transport.connect(WritingEar(), FAREWELL)
        assert failed.value.lost.trouble is Trouble.IDENTITY
        await transport.closed()


@asynccontextmanager
async def a_libcoap_cloud(authority: Authority) -> AsyncIterator[int]:
    """The port of libcoap's own server.

    The kind with OpenSSL: Debian's with GnuTLS does not answer to ALPN, and RFC 8323 (section 8.2) has the hub leave.
    """
    issued = authority.server()
    files = ("-c", str(issued.certificate), "-j", str(issued.key), "-C", str(authority.anchor))
    server, port = await a_listening_server(files)
    try:
        yield port
    finally:
        server.kill()
        await server.communicate()


async def a_listening_server(files: tuple[str, ...]) -> tuple[Process, int]:
    """It listens for TLS at the port after the one that it is given. Where one of them is taken, it never does."""
    while True:
        port = free_port()
        server = await started("coap-server-openssl", "-A", "127.0.0.1", "-p", str(port - 1), *files)
        try:
            async with asyncio.timeout(LISTENS_S):
                await until_listening(port)
        except BaseException as error:
            if server.returncode is None:
                server.kill()
            await server.communicate()
            if not isinstance(error, TimeoutError):
                raise
        else:
            return server, port


async def libcoap_says(site: CoapSite, program: str, *arguments: str) -> str:
    issued = site.authority.client(HUB)
    files = ("-c", str(issued.certificate), "-j", str(issued.key), "-C", str(site.authority.anchor))
    process = await started(program, "-v", "3", *files, *arguments)
    said, _ = await process.communicate()
    return said.decode()


async def started(program: str, *arguments: str) -> Process:
    path = shutil.which(program)
    need(path is not None, f"{program} is not installed (Debian: apt install libcoap3-bin)")
    assert path is not None
    return await asyncio.create_subprocess_exec(path, *arguments, stdout=PIPE, stderr=STDOUT)


async def until_listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
