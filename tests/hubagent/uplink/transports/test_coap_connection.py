"""A CoAP connection in virtual time: what it answers, when it gives up, what it never does."""

import asyncio
import random

import pytest

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.message.codec import FRAME_MAX
from hubagent.uplink.transports import coap_message as coap
from hubagent.uplink.transports.coap_connection import (
    ANSWERS_BEARABLE,
    ANSWERS_WAITING_MAX,
    CLOSE_TIMEOUT_S,
    MESSAGE_MAX,
)
from hubagent.uplink.transports.coap_message import CoapMessage
from hubagent.uplink.transports.port import ConnectFailed, Lost, Trouble
from tests.hubagent.uplink.transports.a_coap_wire import PEER, Played, a_connection, capabilities

PONG = CoapMessage(coap.PONG)


def to(
    *path: str, code: int = coap.POST, token: bytes = b"\x07", payload: bytes = b"", more: coap.Options = ()
) -> CoapMessage:
    options = (*((coap.URI_PATH, part.encode()) for part in path), *more)
    return CoapMessage(code, token, tuple(sorted(options, key=lambda it: it[0])), payload)


def elapsed() -> float:
    return asyncio.get_running_loop().time()


# The beginning.


async def test_opens_when_the_other_sides_csm_has_come_and_not_before() -> None:
    played = Played()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await played.hub.opened()
    played.say(capabilities())
    await played.hub.opened()
    played.hub.close()


async def test_says_first_of_all_how_large_a_message_it_takes() -> None:
    played = Played()
    (csm,) = played.wire.written
    (size,) = csm.opt.option_list()
    assert (int(csm.code), int(size.number), int.from_bytes(size.encode(), "big")) == (coap.CSM, 2, FRAME_MAX + 256)
    played.hub.abandon()


@pytest.mark.parametrize("first", [PONG, CoapMessage(coap.CHANGED), to("dn", "cmd"), CoapMessage(0)])
async def test_whoever_begins_without_a_csm_is_aborted(first: CoapMessage) -> None:
    played = Played()
    played.say(first, capabilities())
    with pytest.raises(ConnectFailed) as failed:
        await played.hub.opened()
    assert failed.value.lost.trouble is Trouble.PROTOCOL
    assert played.codes() == ["7.05 Abort"]


async def test_a_connection_that_ends_before_the_csm_says_that_the_certificate_may_be_why() -> None:
    played = Played()
    played.wire.close()
    with pytest.raises(ConnectFailed, match="before its first word; perhaps it refuses the hub's certificate"):
        await played.hub.opened()


@pytest.mark.parametrize("channel", list(Up))
@pytest.mark.parametrize("announced", [(), (1152,), (300, 400), (8000,), (8000, 2000), (32_900,), (2**32 - 1,)])
async def test_a_frame_is_as_large_as_the_other_side_takes_and_never_larger(
    announced: tuple[int, ...], channel: Up
) -> None:
    played = Played()
    played.say(CoapMessage(coap.CSM), *(capabilities(size) for size in announced))
    await played.hub.opened()
    payload_max = played.hub.limits.payload_max
    played.hub.send(channel, b"x" * payload_max)
    size = announced[-1] if announced else 1152
    assert min(FRAME_MAX, size - 60) <= payload_max <= FRAME_MAX
    assert played.wire.last_size <= size
    played.hub.close()


async def test_who_takes_no_frame_at_all_is_no_cloud() -> None:
    played = Played()
    played.say(capabilities(32))
    with pytest.raises(ConnectFailed, match="messages of 32 bytes are too small"):
        await played.hub.opened()


async def test_a_critical_option_of_a_csm_that_is_not_known_is_named_in_the_abort() -> None:
    played = Played()
    played.say(CoapMessage(coap.CSM, options=((9, b"?"),)))
    (abort,) = played.take()
    (bad,) = abort.opt.option_list()
    assert (int(bad.number), bad.encode(), abort.payload) == (coap.BAD_CSM_OPTION, b"\x09", b"option 9 is not known")


# Frames up.


async def test_frames_leave_as_posts_to_the_hubs_own_path_each_with_a_token_of_its_own() -> None:
    played = await a_connection()
    played.hub.send(Up.ALARM, b"smoke")
    played.hub.send(Up.TELEMETRY, b"21.5")
    first, second = played.take()
    assert first.opt.uri_path == ("hub", "hub-00000001", "up", "evt", "alarm")
    assert second.opt.uri_path == ("hub", "hub-00000001", "up", "tel")
    assert (first.code, first.payload, second.payload) == (coap.POST, b"smoke", b"21.5")
    assert first.token != second.token
    played.hub.close()


async def test_a_full_window_is_not_ready_and_says_so_once_when_it_is_again() -> None:
    played = await a_connection(in_flight_max=2)
    for _ in range(2):
        assert played.hub.ready
        played.hub.send(Up.EVENT, b"")
    assert not played.hub.ready
    assert played.ear.writables == 0
    played.say(*(CoapMessage(coap.CHANGED, it.token) for it in played.take()))
    assert played.hub.ready
    assert played.ear.writables == 1
    played.hub.close()


async def test_what_the_ear_sends_when_it_may_again_leaves_in_one_write() -> None:
    played = await a_connection(in_flight_max=4)
    for _ in range(4):
        played.hub.send(Up.EVENT, b"")

    def refill() -> None:
        for _ in range(4):
            played.hub.send(Up.EVENT, b"")

    played.ear.writable = refill  # type: ignore[method-assign]
    sent = played.take()
    before = played.wire.writes
    played.say(*(CoapMessage(coap.CHANGED, it.token) for it in sent))
    assert len(played.take()) == 4
    assert played.wire.writes == before + 1
    played.hub.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (CoapMessage(0x83, payload=b"not yours"), "4.03 not yours"),
        (CoapMessage(0x84), "4.04"),
        (CoapMessage(0xA3, payload=b"\x1b[2J\n" + b"x" * 1000), "5.03 [2J " + "x" * 195),
        (
            CoapMessage(0x80, options=((12, b"\x01\x01"),), payload=bytes.fromhex("a22062686121636e6f65")),
            "4.00 ha: noe",
        ),
        (CoapMessage(0x80, options=((12, b"\x01\x01"),), payload=b"\xff\xff"), "4.00"),
        (CoapMessage(0x80, options=((12, b"\x01\x01"),), payload=b"\x81\x01"), "4.00"),
        (CoapMessage(0x80, options=((12, b"\x01\x01"),), payload=b"\x81" * 3000), "4.00"),
    ],
)
async def test_a_refused_frame_is_told_with_code_and_problem_in_one_printable_line(
    answer: CoapMessage, reason: str
) -> None:
    played = await a_connection()
    played.hub.send(Up.EVENT, b"")
    (sent,) = played.take()
    played.say(CoapMessage(answer.code, sent.token, answer.options, answer.payload))
    assert played.ear.refusals.get_nowait() == (Up.EVENT, reason)
    played.hub.close()


async def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    played = await a_connection()
    played.hub.send(Up.EVENT, b"")
    (sent,) = played.take()
    played.say(CoapMessage(0x80, b"other"), CoapMessage(coap.CHANGED, sent.token), CoapMessage(0x80, sent.token))
    assert played.ear.refusals.empty()
    assert played.codes() == []
    played.hub.close()


# Frames down.


@pytest.mark.parametrize("channel", list(Down))
async def test_a_request_of_the_clouds_is_heard_and_answered_before_the_next_read(channel: Down) -> None:
    played = await a_connection()
    played.say(to("dn", *channel.value.split("/"), payload=b"lamp on"))
    assert played.ear.frames.get_nowait() == (channel.value, b"lamp on")
    (answer,) = played.take()
    assert (str(answer.code), answer.token, answer.payload) == ("2.04 Changed", b"\x07", b"")
    played.hub.close()


async def test_frames_are_heard_in_the_order_in_which_they_came_and_answered_in_one_write() -> None:
    played = await a_connection()
    before = played.wire.writes
    played.say(*(to("dn", "cmd", token=bytes([n]), payload=bytes([n])) for n in range(100)))
    assert [played.ear.frames.get_nowait()[1] for _ in range(100)] == [bytes([n]) for n in range(100)]
    assert [it.token for it in played.take()] == [bytes([n]) for n in range(100)]
    assert played.wire.writes == before + 1
    played.hub.close()


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (to(), "4.04"),
        (to("dn"), "4.04"),
        (to("dn", "nonsense"), "4.04"),
        (to("dn", "cmd", "more"), "4.04"),
        (to("up", "cmd"), "4.04"),
        (to("dn", "cmd", code=0x01), "4.05"),
        (to("dn", "cmd", code=0x1F), "4.05"),
        (to("dn", "cmd", more=((27, b"\x0e"),)), "4.02"),
        (to("dn", "cmd", payload=b"x" * (FRAME_MAX + 1)), "4.13"),
        (to("dn", "cmd", payload=b"x" * (FRAME_MAX + 1000)), "4.13"),
        (to("dn", "cmd", payload=b"x" * 1_000_000), "4.13"),
        (CoapMessage(coap.POST, b"\x07", ((coap.URI_PATH, b"\xff\xfe"),)), "4.04"),
    ],
)
async def test_what_the_hub_does_not_do_is_refused_and_never_heard(request_: CoapMessage, code: str) -> None:
    played = await a_connection()
    played.say(request_)
    (answer,) = played.take()
    assert (str(answer.code)[:4], answer.token) == (code, b"\x07")
    assert played.ear.frames.empty()
    played.say(to("dn", "cmd", payload=b"still here"))
    assert played.ear.frames.get_nowait() == ("cmd", b"still here")
    played.hub.close()


async def test_options_that_say_nothing_to_the_hub_are_no_hindrance() -> None:
    played = await a_connection()
    foreign = ((3, b"hub.local"), (7, b"\x16\x34"), (6, b""), (12, b"\x3c"), (17, b"\x3c"), (2048, b"?"))
    played.say(to("dn", "cmd", payload=b"x", more=foreign))
    assert played.codes() == ["2.04 Changed"]
    played.hub.close()


async def test_a_message_that_is_too_large_is_read_past_and_never_kept() -> None:
    played = await a_connection()
    data = to("dn", "cmd", payload=b"x" * 1_000_000).to_bytes() + to("dn", "cmd", payload=b"next").to_bytes()
    kept = 0
    for at in range(0, len(data), 1000):
        played.hub.data_received(data[at : at + 1000])
        kept = max(kept, len(played.hub._reader._rest))
    assert kept <= 1000
    assert played.codes() == ["4.13 Request Entity Too Large", "2.04 Changed"]
    assert played.ear.frames.get_nowait() == ("cmd", b"next")
    played.hub.close()


async def test_before_the_session_has_its_connection_it_hears_nothing_on_it() -> None:
    played = Played()
    played.say(capabilities(), to("dn", "cmd"))
    assert played.codes() == ["5.03 Service Unavailable"]
    await played.hub.opened()
    assert played.ear.frames.empty()
    played.hub.close()


# Who does not read.


async def test_a_frozen_peer_makes_it_unready_long_before_a_megabyte_waits() -> None:
    played = await a_connection()
    played.wire.freezes = True
    while played.hub.ready:
        played.hub.send(Up.TELEMETRY, b"x" * FRAME_MAX)
    assert played.wire.frozen <= 64 * 1024 + FRAME_MAX + 100
    played.wire.thaw()
    assert played.hub.ready
    assert played.ear.writables == 1
    played.hub.close()


async def test_requests_whose_answers_nobody_reads_are_not_done_and_at_last_it_leaves() -> None:
    played = await a_connection()
    played.wire.freezes = True
    while played.hub.ready:
        played.hub.send(Up.TELEMETRY, b"x" * FRAME_MAX)
    played.take()
    for _ in range(ANSWERS_WAITING_MAX):
        played.say(to("dn", "cmd"))
    assert played.codes() == ["2.04 Changed"] * ANSWERS_WAITING_MAX
    played.say(to("dn", "cmd"))
    assert played.codes() == ["5.03 Service Unavailable"]
    assert played.ear.frames.qsize() == ANSWERS_WAITING_MAX
    for _ in range(ANSWERS_BEARABLE):
        played.say(to("dn", "cmd"))
    assert played.ear.ends.get_nowait().trouble is Trouble.PROTOCOL
    assert played.wire.aborted
    assert played.wire.frozen < 1024 * 1024
    await played.hub.gone()


# Silence.


async def test_a_ping_goes_out_after_each_eight_seconds_of_silence_and_after_eighteen_it_is_over() -> None:
    """Fault 3: half-open."""
    played = await a_connection()
    began = elapsed()
    at = []
    while played.ear.ends.empty():
        await asyncio.sleep(0.5)
        at += [elapsed() - began for _ in played.codes()]
    assert at == [8.0, 16.0]
    assert elapsed() - began == 18.0
    lost = played.ear.ends.get_nowait()
    assert (lost.trouble, lost.detail) == (Trouble.SILENCE, f"{PEER} said nothing for 18 s")
    assert played.wire.aborted


async def test_pongs_keep_it_alive_for_days() -> None:
    played = await a_connection()
    for _ in range(20_000):
        await asyncio.sleep(8.5)
        assert played.codes() == ["7.02 Ping"]
        played.say(PONG)
    assert played.ear.ends.empty()
    played.hub.close()


async def test_a_ping_of_the_clouds_is_answered_with_its_token() -> None:
    played = await a_connection()
    played.say(CoapMessage(coap.PING, b"\x42", ((2, b""),)))
    (pong,) = played.take()
    assert (str(pong.code), pong.token) == ("7.03 Pong", b"\x42")
    played.hub.close()


async def test_empty_messages_count_as_a_sign_of_life() -> None:
    played = await a_connection()
    for _ in range(100):
        await asyncio.sleep(7)
        played.say(CoapMessage(0))
    assert played.codes() == []
    played.hub.close()


async def test_a_message_that_never_ends_is_silence() -> None:
    played = await a_connection()
    for byte in to("dn", "cmd", payload=b"x" * 500).to_bytes():
        await asyncio.sleep(1)
        if not played.ear.ends.empty():
            break
        played.hub.data_received(bytes([byte]))
    assert elapsed() < 20
    assert played.ear.ends.get_nowait().trouble is Trouble.SILENCE


async def test_frames_that_nobody_answers_end_it_although_pings_are_answered() -> None:
    played = await a_connection()
    await asyncio.sleep(5)
    played.hub.send(Up.EVENT, b"")
    began = elapsed()
    while played.ear.ends.empty():
        await asyncio.sleep(0.5)
        if "7.02 Ping" in played.codes():
            played.say(PONG)
    assert elapsed() - began == 18.0
    lost = played.ear.ends.get_nowait()
    assert (lost.trouble, lost.detail) == (Trouble.SILENCE, f"{PEER} answered no frame for 18 s")


async def test_one_frame_that_is_not_answered_while_others_are_is_refused_after_a_minute() -> None:
    played = await a_connection(in_flight_max=2)
    played.hub.send(Up.ALARM, b"")
    played.take()
    began = elapsed()
    while played.ear.refusals.empty():
        played.hub.send(Up.EVENT, b"")
        await asyncio.sleep(0.5)
        played.say(*(CoapMessage(coap.CHANGED, it.token) for it in played.take() if it.code == coap.POST))
    assert 60 <= elapsed() - began <= 68
    assert played.ear.refusals.get_nowait() == (Up.ALARM, "no answer within 60 s")
    assert played.ear.ends.empty()
    played.hub.close()


# The end.


async def test_a_release_carries_where_and_when_to_come_back() -> None:
    """Fault 1: a server's reference is honoured."""
    played = await a_connection()
    options = ((2, b"other.example:7000"), (4, b"\x1e"))
    played.say(to("dn", "cmd"), CoapMessage(coap.RELEASE, options=options, payload=b"upkeep"), to("dn", "cmd"))
    assert played.ear.ends.get_nowait() == Lost(
        Trouble.REFUSED, f"{PEER} ends the connection: upkeep", 30.0, "other.example:7000"
    )
    assert played.codes() == ["2.04 Changed"]
    assert played.ear.frames.qsize() == 1
    await played.hub.gone()


@pytest.mark.parametrize(
    ("value", "server"),
    [
        (b"other.example", "other.example:5684"),
        (b"[2001:db8::1]:7000", "[2001:db8::1]:7000"),
        (b"user@other.example", None),
        (b"other.example:99999", None),
        (b"other.example/path", None),
        (b"", None),
        (b"x" * 300, None),
        (b"\xff\xfe", None),
        (b"a\x00b", None),
        (b"[::1", None),
    ],
)
async def test_an_address_that_is_none_is_as_good_as_nothing(value: bytes, server: str | None) -> None:
    played = await a_connection()
    played.say(CoapMessage(coap.RELEASE, options=((2, value),)))
    lost = played.ear.ends.get_nowait()
    assert lost.server == server
    assert lost.trouble is (Trouble.REFUSED if server else Trouble.CLOSED)


async def test_no_release_silences_a_home_for_more_than_an_hour() -> None:
    played = await a_connection()
    played.say(CoapMessage(coap.RELEASE, options=((4, b"\xff\xff\xff"),)))
    assert played.ear.ends.get_nowait().retry_after_s == 3600.0


@pytest.mark.parametrize(
    ("abort", "trouble", "words"),
    [
        (CoapMessage(coap.ABORT, payload=b"no CSM"), Trouble.PROTOCOL, "aborted the connection: no CSM"),
        (CoapMessage(coap.ABORT), Trouble.PROTOCOL, "it does not say why"),
        (CoapMessage(coap.ABORT, options=((2, b"\x05"),)), Trouble.PROTOCOL, "CSM option 5"),
        (CoapMessage(coap.ABORT, payload=b"replaced: by another"), Trouble.REPLACED, "is its key on two hubs"),
    ],
)
async def test_an_abort_says_why(abort: CoapMessage, trouble: Trouble, words: str) -> None:
    """Fault 2: whoever is kicked because another came by its name is told so."""
    played = await a_connection()
    played.say(abort)
    lost = played.ear.ends.get_nowait()
    assert lost.trouble is trouble
    assert words in lost.detail


@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x0f",
        b"\x0f\x00" + bytes(20),
        b"\xf0\xff\xff\xff\xff\x02",
        CoapMessage(0x20).to_bytes(),
        CoapMessage(0xC1).to_bytes(),
        CoapMessage(0xE6).to_bytes(),
        CoapMessage(coap.PING, options=((3, b""),)).to_bytes(),
        b"\x10\x02\xff",
        b"\x10\x02\xf0",
        b"\x10\x02\x04",
        b"\x10\x02\xd0",
        CoapMessage(coap.CHANGED, payload=b"x" * 40_000).to_bytes(),
        CoapMessage(coap.POST, options=((8, b""),) * 65).to_bytes(),
    ],
)
async def test_garbage_is_answered_with_an_abort_and_ends_it(garbage: bytes) -> None:
    played = await a_connection()
    played.hub.data_received(garbage + b"\x00" * 10)
    assert played.ear.ends.get_nowait().trouble is Trouble.PROTOCOL
    assert played.codes() == ["7.05 Abort"]
    assert played.ear.frames.empty()
    await played.hub.gone()


async def test_whatever_comes_nothing_is_raised_and_the_end_is_told_once() -> None:
    channels = {it.value for it in Down}
    for seed in range(400):
        rng = random.Random(seed)
        played = await a_connection(in_flight_max=4)
        while played.hub.ready:
            played.hub.send(Up.EVENT, b"")
        stream = bytearray()
        for _ in range(20):
            options = tuple((n, rng.randbytes(rng.randrange(20))) for n in sorted(rng.choices(range(1, 300), k=3)))
            code = rng.choice([*range(6), 0x44, 0x84, 0xA3, *range(0xE1, 0xE7)])
            path = ((coap.URI_PATH, b"dn"), (coap.URI_PATH, b"cmd")) if rng.random() < 0.7 else options
            token = rng.choice([(1).to_bytes(4, "big"), rng.randbytes(rng.randrange(9))])
            stream += CoapMessage(code, token, path, rng.randbytes(rng.choice([0, 5, 300, 40_000]))).to_bytes()
        for _ in range(rng.randrange(4)):
            stream[rng.randrange(len(stream))] ^= 1 << rng.randrange(8)
        while stream and played.ear.ends.empty():
            cut = rng.randrange(1, len(stream) + 1)
            played.hub.data_received(bytes(stream[:cut]))
            del stream[:cut]
            assert len(played.hub._reader._rest) <= MESSAGE_MAX, seed
        assert played.ear.ends.qsize() <= 1, seed
        while not played.ear.frames.empty():
            channel, payload = played.ear.frames.get_nowait()
            assert channel in channels, seed
            assert len(payload) <= FRAME_MAX, seed
        played.hub.close()
        await played.hub.gone()


async def test_what_came_before_the_garbage_is_heard() -> None:
    played = await a_connection()
    played.hub.data_received(to("dn", "cmd", payload=b"x").to_bytes() + b"\x0f" * 3)
    assert played.ear.frames.get_nowait() == ("cmd", b"x")
    assert played.codes() == ["2.04 Changed", "7.05 Abort"]


async def test_the_end_is_told_once_and_nothing_is_told_after_it() -> None:
    played = await a_connection()
    played.hub.send(Up.EVENT, b"")
    (sent,) = played.take()
    played.say(CoapMessage(coap.ABORT), to("dn", "cmd"), CoapMessage(0x80, sent.token), CoapMessage(coap.ABORT))
    played.say(to("dn", "cmd"))
    played.hub.resume_writing()
    played.hub.send(Up.EVENT, b"swallowed")
    await asyncio.sleep(100)
    assert played.ear.ends.qsize() == 1
    assert (played.ear.frames.empty(), played.ear.refusals.empty(), played.ear.writables) == (True, True, 0)
    assert played.codes() == []


async def test_a_close_says_goodbye_and_is_told_to_nobody() -> None:
    played = await a_connection()
    played.hub.send(Up.PRESENCE, b"goodbye")
    played.hub.close()
    played.hub.close()
    await played.hub.gone()
    assert played.codes() == ["POST", "7.04 Release"]
    assert (played.ear.frames.empty(), played.ear.refusals.empty(), played.ear.ends.empty()) == (True, True, True)


async def test_a_close_out_of_what_it_hears_still_answers_what_came_before() -> None:
    played = await a_connection()
    played.ear.received = lambda *_: played.hub.close()  # type: ignore[method-assign]
    played.say(to("dn", "cmd"), to("dn", "cmd"))
    assert played.codes() == ["2.04 Changed", "7.04 Release"]
    await played.hub.gone()


async def test_a_close_does_not_wait_for_a_peer_that_does_not_read() -> None:
    played = await a_connection()
    played.wire.freezes = True
    began = elapsed()
    played.hub.close()
    await played.hub.gone()
    assert elapsed() - began == CLOSE_TIMEOUT_S
    assert played.wire.aborted
