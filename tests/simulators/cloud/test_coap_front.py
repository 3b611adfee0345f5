"""The cloud's CoAP front against clients that are good, bad and hostile."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_message import CoapMessage
from simulators.cloud import coap_front
from simulators.cloud.coap_hub import BUFFER_MAX, OUTSTANDING_MAX, SILENCE_S
from simulators.cloud.coap_tls import HANDSHAKE_TIMEOUT_S
from tests.helpers.certificates import server_context
from tests.helpers.hurried_loop import run_hurried
from tests.hubagent.uplink.transports.a_coap_front import CoapSite, a_coap_front
from tests.hubagent.uplink.transports.an_ear import HUB
from tests.simulators.cloud.a_coap_client import CAPABILITIES, CoapClient, a_coap_client, posted

pytestmark = pytest.mark.real_time


@asynccontextmanager
async def a_client(site: CoapSite, hub: str = HUB) -> AsyncIterator[CoapClient]:
    """Greeted on both sides."""
    async with a_coap_client(site.front.port, site.credentials(hub).client_context()) as client:
        csm = await client.hear()
        assert csm is not None
        assert (csm.code, csm.options) == (coap.CSM, ((2, coap.uint(FRAME_MAX + 256)),))
        client.say(CAPABILITIES)
        yield client


@pytest.mark.parametrize(
    ("request_", "code", "payload"),
    [
        (posted("hub", HUB, "up", "evt", payload=b"x"), "2.04", b""),
        (posted("hub", HUB, "up", "nonsense", payload=b"x"), "2.04", b""),
        (posted("hub", HUB, "up", "evt", payload=b"x" * FRAME_MAX), "2.04", b""),
        (posted("hub", "hub-00000002", "up", "evt"), "4.03", b"this connection is hub-00000001's"),
        (posted("hub", HUB, "up", "evt", code=1), "4.05", b""),
        (posted("hub", HUB, "up"), "4.04", b"frames go to /hub/<id>/up/<channel>"),
        (posted("hub", HUB, "dn", "cmd"), "4.04", b"frames go to /hub/<id>/up/<channel>"),
        (posted("hub", HUB, "up", "x" * 65), "4.04", b"frames go to /hub/<id>/up/<channel>"),
        (posted(), "4.04", b"frames go to /hub/<id>/up/<channel>"),
        (posted("hub", HUB, "up", "evt", payload=b"x" * (FRAME_MAX + 1)), "4.13", b""),
        (CoapMessage(coap.POST, b"\x01", ((27, b"\x0e"),)), "4.02", b""),
    ],
)
async def test_a_request_is_answered_and_only_a_good_one_is_passed_on(
    tmp_path: Path, request_: CoapMessage, code: str, payload: bytes
) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        client.say(request_)
        answer = await client.hear()
        assert answer is not None
        assert (coap.dotted(answer.code), answer.token, answer.payload) == (code, b"\x01", payload)
        assert site.cloud.frames.qsize() == (code == "2.04")


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x0f\x02",
        b"\xf0\xff\xff\xff\xff\x02",
        b"\x10\x02\xf0",
        coap.frame(0x20),
        coap.frame(coap.POST, b"", bytes(30_000)),
        CoapMessage(coap.POST, options=((coap.URI_PATH, b"\xff\xfe"),)).to_bytes(),
    ],
)
async def test_garbage_is_answered_with_an_abort_and_ends_the_connection(tmp_path: Path, garbage: bytes) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        client.writer.write(garbage + bytes(10))
        abort = await client.hear()
        assert abort is not None
        assert abort.code == coap.ABORT
        assert abort.payload
        assert await client.hear() is None
        assert await site.cloud.ends.get() == HUB
        assert site.cloud.frames.empty()


async def test_a_request_before_the_csm_is_answered_with_an_abort(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        context = site.credentials().client_context()
        async with a_coap_client(site.front.port, context) as client:
            await client.hear()
            client.say(posted("hub", HUB, "up", "evt"))
            abort = await client.hear()
            assert abort is not None
            assert (abort.code, abort.payload) == (coap.ABORT, b"a CSM has to come first")


async def test_what_a_hub_shall_hear_is_posted_to_it(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        await answered(client)
        assert site.front.hubs == [HUB]
        for channel in Down:
            assert site.front.send(HUB, channel, b"x")
            request = await client.hear()
            assert request is not None
            assert request.code == coap.POST
            assert request.options == tuple((coap.URI_PATH, it.encode()) for it in ("dn", *channel.value.split("/")))
            assert request.payload == b"x"


async def test_nothing_is_sent_to_a_hub_that_is_not_there_or_has_not_greeted(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        assert not site.front.send(HUB, Down.ACK, b"x")
        async with a_coap_client(site.front.port, site.credentials().client_context()) as client:
            await client.hear()
            assert not site.front.send(HUB, Down.ACK, b"x")
        assert await site.cloud.ends.get() == HUB
        assert not site.front.send(HUB, Down.ACK, b"x")


async def test_no_frame_is_larger_than_the_hub_takes(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        client.say(CoapMessage(coap.CSM, options=((2, coap.uint(2000)),)))
        await answered(client)
        assert not site.front.send(HUB, Down.DESIRED, b"x" * 2000)
        assert site.front.send(HUB, Down.DESIRED, b"x" * 1900)


async def test_a_hub_that_answers_nothing_is_sent_no_more_than_it_may_owe(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        await answered(client)
        count = 0
        while site.front.send(HUB, Down.ACK, b""):
            count += 1
        assert count == OUTSTANDING_MAX
        request = await client.hear()
        assert request is not None
        client.say(CoapMessage(coap.CHANGED, request.token))
        await answered(client)
        assert site.front.send(HUB, Down.ACK, b"")
        assert not site.front.send(HUB, Down.ACK, b"")


async def test_a_hub_that_does_not_read_is_sent_nothing_more_and_costs_a_bounded_buffer(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        await answered(client)
        transport = client.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()
        connection = site.front._hubs[HUB]
        sent = 0
        while site.front.send(HUB, Down.JOB, b"x" * FRAME_MAX):
            connection._outstanding.clear()
            sent += 1
            await asyncio.sleep(0)
        assert connection.waiting <= BUFFER_MAX
        assert sent > 1


async def test_a_hub_that_asks_without_reading_the_answers_is_dropped(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        await answered(client)
        transport = client.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()
        refused = b"".join(posted("hub", "x" * 60, "up", "evt").to_bytes() for _ in range(500))
        most = 0
        while site.front.hubs:
            client.writer.write(refused)
            await asyncio.sleep(0)
            most = max([most, *(it.waiting for it in site.front._connections)])
        assert most < BUFFER_MAX + len(refused)
        assert await site.cloud.ends.get() == HUB


async def test_the_hub_replaces_itself_and_the_first_is_told_by_an_abort(tmp_path: Path) -> None:
    """Fault 2."""
    async with a_coap_front(tmp_path) as site, a_client(site) as first, a_client(site) as second:
        abort = await first.hear()
        assert abort is not None
        assert (abort.code, abort.payload.partition(b":")[0]) == (coap.ABORT, b"replaced")
        await answered(second)
        assert site.front.hubs == [HUB]
        assert site.cloud.ends.empty()


async def test_hubs_do_not_hear_one_another(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site, a_client(site) as first, a_client(site, "hub-00000002") as second:
        await answered(first)
        await answered(second, "hub-00000002")
        site.front.send("hub-00000002", Down.COMMAND, b"for the second")
        site.front.send(HUB, Down.COMMAND, b"for the first")
        for client, payload in ((first, b"for the first"), (second, b"for the second")):
            request = await client.hear()
            assert request is not None
            assert request.payload == payload


async def test_a_certificate_that_names_no_hub_is_not_let_in(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        context = site.credentials("Mr. Nobody").client_context()
        async with a_coap_client(site.front.port, context) as client:
            await client.hear()
            abort = await client.hear()
            assert abort is not None
            assert abort.payload == b"the certificate names no hub"
            assert site.front.refusals[-1].why == "its certificate names no hub: ['Mr. Nobody']"
        assert site.cloud.ends.empty()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "it speaks HTTP"),
        (b"\x00\xe1" + bytes(20), "it does not speak TLS"),
        (b"", "it broke the handshake off"),
    ],
)
async def test_who_does_not_speak_tls_is_turned_away_and_said_so(tmp_path: Path, said: bytes, why: str) -> None:
    async with a_coap_front(tmp_path) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.front.port)
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        await site.front._until_empty()
        assert why in site.front.refusals[-1].why


async def test_a_new_list_of_revoked_certificates_counts_for_the_next_connection(tmp_path: Path) -> None:
    async with a_coap_front(tmp_path) as site:
        issued = site.authority.client(HUB)
        credentials = site.credentials()
        credentials._issued = issued
        async with a_coap_client(site.front.port, credentials.client_context()) as client:
            assert await client.hear()
            site.authority.revoke(issued)
            site.front.use(server_context(site.authority, site.authority.server()))
        async with a_coap_client(site.front.port, credentials.client_context()) as client:
            with pytest.raises(OSError, match="CERTIFICATE_REVOKED"):
                await client.hear()
        assert site.front.refusals[-1].why == "its certificate was refused: certificate revoked"


async def test_the_log_tells_the_same_trouble_of_the_same_client_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_coap_front(tmp_path) as site:
        with caplog.at_level(logging.WARNING):
            for _ in range(20):
                reader, writer = await asyncio.open_connection("127.0.0.1", site.front.port)
                writer.write(b"GET / HTTP/1.1\r\n\r\n")
                await reader.read()
                writer.close()
        assert len(site.front.refusals) == 20
        assert [it.getMessage() for it in caplog.records] == ["127.0.0.1 was not let in: it speaks HTTP"]


async def test_more_connections_than_it_may_have_are_dropped_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coap_front, "CONNECTIONS_MAX", 1)
    async with a_coap_front(tmp_path) as site, a_client(site) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.front.port)
        assert await reader.read() == b""
        writer.close()
        await answered(client)


def test_a_hub_that_is_silent_is_pinged_and_then_given_up(tmp_path: Path) -> None:
    """Fault 3."""

    async def main() -> None:
        async with a_coap_front(tmp_path) as site, a_client(site) as client:
            # The front counts from the question, which is before its answer is here.
            began = asyncio.get_running_loop().time()
            await answered(client)
            heard: list[Any] = []
            while (message := await client.hear()) is not None:
                heard.append(message.code)
            assert heard == [coap.PING] * 2
            assert SILENCE_S <= asyncio.get_running_loop().time() - began <= SILENCE_S + 3
            assert await site.cloud.ends.get() == HUB

    run_hurried(main)


def test_pings_that_are_answered_keep_a_hub_and_its_own_are_answered(tmp_path: Path) -> None:
    async def main() -> None:
        async with a_coap_front(tmp_path) as site, a_client(site) as client:
            await answered(client)
            for _ in range(4):
                ping = await client.hear()
                assert ping is not None
                assert ping.code == coap.PING
                client.say(CoapMessage(coap.PONG, ping.token))
            client.say(CoapMessage(coap.PING, b"\x42"))
            pong = await client.hear()
            assert pong is not None
            assert (pong.code, pong.token) == (coap.PONG, b"\x42")

    run_hurried(main)


def test_a_handshake_that_does_not_end_is_ended(tmp_path: Path) -> None:
    async def main() -> None:
        async with a_coap_front(tmp_path) as site:
            began = asyncio.get_running_loop().time()
            reader, writer = await asyncio.open_connection("127.0.0.1", site.front.port)
            assert await reader.read() == b""
            assert HANDSHAKE_TIMEOUT_S <= asyncio.get_running_loop().time() - began <= HANDSHAKE_TIMEOUT_S + 2
            writer.close()
            assert site.front.refusals[-1].why == "it did not finish the handshake within 10 s"

    run_hurried(main)


def test_a_hub_that_stays_although_it_was_released_is_dropped(tmp_path: Path) -> None:
    async def main() -> None:
        async with a_coap_front(tmp_path) as site, a_client(site) as client:
            await answered(client)
            site.front.release(HUB, "go", 300, "other.example")
            release = await client.hear()
            assert release is not None
            assert (release.code, release.payload) == (coap.RELEASE, b"go")
            assert release.options == ((2, b"other.example"), (4, b"\x01\x2c"))
            assert await client.hear() is None
            assert await site.cloud.ends.get() == HUB

    run_hurried(main)


async def answered(client: CoapClient, hub: str = HUB) -> None:
    """Until the front has taken all that the client said."""
    client.say(posted("hub", hub, "up", "log", token=b"here?"))
    while True:
        answer = await client.hear()
        assert answer is not None
        if answer.token == b"here?":
            return
