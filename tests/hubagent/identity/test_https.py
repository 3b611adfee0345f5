"""The small HTTP client: bounds on time and size, and what is said of a server that is none."""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hubagent.identity import https
from hubagent.identity.https import Request, ask
from hubagent.identity.identity import Identity
from hubagent.identity.visit import BlindVisit, Visit
from hubagent.runtime import real_runtime
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.port import ConnectFailed, Trouble
from simulators.cloud.ca import Authority, new_authority
from simulators.cloud.est import EnrolmentServer, Response
from tests.helpers.an_identity import an_identity
from tests.helpers.est_over_tls import Served, served_over_tls

pytestmark = pytest.mark.real_time


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Served, Identity, Authority]]:
    authority = new_authority(real_runtime(None).wall)  # type: ignore[arg-type]  # no port is opened
    server = EnrolmentServer(authority, random.Random("https").randbytes)
    async with served_over_tls(folder / "cloud", server) as serving:
        yield serving, an_identity(folder, authority), authority


async def asked(serving: Served, visit: Visit | BlindVisit, path: str = "/crl") -> https.Answer:
    return await ask(Address("localhost", serving.port), visit, Request("GET", path))


async def test_a_request_is_printed_without_its_secrets() -> None:
    request = Request("POST", "/simpleenroll", {"Authorization": "Basic Y2xhaW06QUJDRA=="}, b"the request")
    assert repr(request) == "Request(method='POST', path='/simpleenroll')"


async def test_a_request_is_answered(tmp_path: Path) -> None:
    async with served(tmp_path) as (serving, identity, authority):
        visit = Visit(identity, [authority.root], None)
        answer = await asked(serving, visit)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/x-pem-file"
        assert visit.chain[-1] == authority.root
        [(_, _, headers)] = serving.asked
        assert headers["host"] == f"localhost:{serving.port}"


async def test_a_server_that_accepts_and_says_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "TIMEOUT_S", 0.3)
    silent: list[asyncio.StreamWriter] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent.append(writer)

    async with served(tmp_path) as (serving, identity, authority):
        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        async with server:
            serving.port = server.sockets[0].getsockname()[1]
            with pytest.raises(ConnectFailed, match=r"did not answer within 0.3 s"):
                await asked(serving, Visit(identity, [authority.root], None))
            for writer in silent:
                writer.close()


async def test_a_drip_of_bytes_does_not_prolong_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "TIMEOUT_S", 0.5)
    async with served(tmp_path) as (serving, identity, authority):
        serving.drip = True
        with pytest.raises(ConnectFailed, match=r"did not answer within 0.5 s"):
            await asked(serving, Visit(identity, [authority.root], None))


async def test_a_server_of_another_name_is_refused_and_hears_nothing(tmp_path: Path) -> None:
    authority = new_authority(real_runtime(None).wall)  # type: ignore[arg-type]  # no port is opened
    server = EnrolmentServer(authority, random.Random("https").randbytes)
    elsewhere = authority.server(("elsewhere.example",), ())
    async with served_over_tls(tmp_path / "cloud", server, shown=elsewhere) as serving:
        with pytest.raises(ConnectFailed, match="its certificate is for another name") as refused:
            await asked(serving, Visit(an_identity(tmp_path, authority), [authority.root], None))
        assert refused.value.lost.trouble is Trouble.CERTIFICATE
        assert serving.asked == []


async def test_a_blind_visit_shows_no_certificate(tmp_path: Path) -> None:
    async with served(tmp_path) as (serving, _, _):
        shown: list[object] = []
        handle = serving.server.handle

        def spied(*arguments: object) -> Response:
            shown.append(arguments[4])
            return handle(*arguments)  # type: ignore[arg-type]

        serving.server.handle = spied  # type: ignore[method-assign, assignment]
        await asked(serving, BlindVisit(), "/.well-known/est/cacerts")
        assert shown == [None]


def test_a_blind_visit_speaks_tls_1_3_only() -> None:
    context = BlindVisit().client_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3


async def test_a_request_prints_without_its_body() -> None:
    assert "geheim" not in repr(Request("POST", "/x", {}, b"geheim"))
