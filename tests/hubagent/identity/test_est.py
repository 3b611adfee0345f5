"""What the hub makes of an enrolment server's answers, whatever they are."""

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from hubagent.identity.est import RETRY_DEFAULT_S, RETRY_MAX_S, EnrolmentFailed, EstServer, TryLater
from hubagent.identity.https import Answer, Request
from hubagent.identity.visit import BlindVisit
from hubagent.uplink.transports.address import Address
from hubagent.uplink.transports.dial import Credentials
from simulators.cloud.ca import new_authority
from simulators.virtual_time import run_virtual

AUTHORITY = new_authority(lambda: 1_800_000_000.0)
CACERTS = pkcs7.serialize_certificates([AUTHORITY.root, AUTHORITY.issuing], Encoding.DER)


def server_that_answers(answer: Answer) -> EstServer:
    async def ask(_address: Address, _credentials: Credentials, _request: Request) -> Answer:
        return answer

    return EstServer(Address("cloud.example", 8443), ask)


def answered(status: int, body: bytes = b"", **headers: str) -> EstServer:
    return server_that_answers(Answer(status, {name.replace("_", "-"): it for name, it in headers.items()}, body))


async def test_authorities_are_read() -> None:
    found = await answered(200, base64.encodebytes(CACERTS)).authorities(BlindVisit())
    assert set(found) == {AUTHORITY.root, AUTHORITY.issuing}


@given(damage=st.binary(min_size=1, max_size=60), at=st.integers(min_value=0, max_value=len(CACERTS)))
def test_a_damaged_answer_is_one_error_or_certificates(damage: bytes, at: int) -> None:
    body = base64.b64encode(CACERTS[:at] + damage + CACERTS[at + len(damage) :])

    async def reading() -> None:
        try:
            await answered(200, body).authorities(BlindVisit())
        except EnrolmentFailed:
            return

    run_virtual(reading)


@given(body=st.binary(max_size=300))
def test_nonsense_is_one_error(body: bytes) -> None:
    async def reading() -> None:
        for sent in (body, base64.b64encode(body)):
            with pytest.raises(EnrolmentFailed):
                await answered(200, sent).authorities(BlindVisit())
        with pytest.raises(EnrolmentFailed):
            await answered(200, b"x" + body).revoked(BlindVisit())

    run_virtual(reading)


async def test_a_list_of_too_many_certificates_is_refused() -> None:
    many = pkcs7.serialize_certificates(
        [AUTHORITY.hub_with_key(f"hub-{n:05}").certificate for n in range(17)], Encoding.DER
    )
    with pytest.raises(EnrolmentFailed, match="17 certificates; at most 16 are taken"):
        await answered(200, base64.b64encode(many)).authorities(BlindVisit())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("20", 20.0),
        ("", RETRY_DEFAULT_S),
        ("-5", RETRY_DEFAULT_S),
        ("nan", RETRY_DEFAULT_S),
        ("9" * 50, RETRY_MAX_S),
        ("0", RETRY_DEFAULT_S),
        ("Fri, 27 Nov 2026 00:00:00 GMT", RETRY_DEFAULT_S),
    ],
)
@pytest.mark.parametrize("status", [202, 429, 503])
async def test_when_to_come_back_is_bounded(status: int, said: str, seconds: float) -> None:
    with pytest.raises(TryLater) as later:
        await answered(status, retry_after=said).authorities(BlindVisit())
    assert later.value.retry_after_s == seconds


async def test_a_servers_words_are_shown_on_one_line_and_not_for_ever() -> None:
    words = ("no\r\n\x1b[31mroom " + "x" * 5000).encode()
    with pytest.raises(EnrolmentFailed) as failed:
        await answered(400, words, content_type="text/plain").authorities(BlindVisit())
    text = str(failed.value)
    assert "no [31mroom xxx" in text
    assert "\x1b" not in text
    assert "\n" not in text
    assert len(text) < 400


async def test_words_that_are_not_for_people_are_not_shown() -> None:
    with pytest.raises(EnrolmentFailed) as failed:
        await answered(400, b"<html>", content_type="text/html").authorities(BlindVisit())
    assert "html" not in str(failed.value)
