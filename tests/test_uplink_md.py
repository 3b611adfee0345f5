"""UPLINK.md says what the code does: channels, types, classes, reasons, bounds, and what its example says."""

import json
import re
from pathlib import Path
from typing import Final

from hubagent.uplink.message import codec, down, fields, up
from hubagent.uplink.message.channel import CHANNELS, Down, MessageClass, Up
from hubagent.uplink.outbox import numbering
from hubagent.uplink.outbox.terms import Bounds
from hubagent.uplink.session import backoff, commands, flow, greeting, hearing, pace, session, speaking
from hubagent.uplink.transports import mqtt_connection, port, ways
from tests.hubagent.uplink.message.messages import MESSAGES
from tests.hubagent.uplink.message.test_vectors import shown

PATH: Final = Path(__file__).parent.parent / "UPLINK.md"
TEXT: Final = PATH.read_text(encoding="utf-8")
WORDS: Final = " ".join(TEXT.split())
"""Without its line breaks."""
DAY_S: Final = 86400


def table(heading: str) -> list[list[str]]:
    """The rows of the first table whose first column is called so."""
    found = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert found, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_type_is_there_with_its_channels_and_its_side() -> None:
    rows = {quoted(name)[0]: (set(quoted(channels)), side) for name, channels, side, _ in table("type")}
    assert set(rows) == {it.TYPE for it in MESSAGES}  # type: ignore[attr-defined]
    for types, side in ((codec._UP, "hub"), (codec._DOWN, "cloud")):
        for name, (_, channels) in types.items():
            assert rows[name] == ({channel.value for channel in channels}, side)


def test_every_channel_carries_something() -> None:
    named = {channel for _, channels, _, _ in table("type") for channel in quoted(channels)}
    assert named == {channel.value for channel in (*Up, *Down)}


def test_every_class_is_there_the_most_important_first_with_what_is_kept_of_it() -> None:
    bounds = Bounds().classes
    expected = [
        [
            f"`{name.value}`",
            f"`{CHANNELS[name].value}`",
            f"{bounds[name].size // 2**20} MiB, {bounds[name].age_s / DAY_S:g} days",
        ]
        for name in MessageClass
    ]
    assert [[name, channel, kept] for name, channel, _, kept in table("class")] == expected


def test_every_reason_is_there() -> None:
    assert [quoted(reason)[0] for reason, _ in table("reason")] == list(up.REASONS)
    refusals = {quoted(reason)[0] for reason, _ in table("the hub refuses")}
    assert refusals <= set(up.REASONS)


def test_the_bounds_are_the_codes() -> None:
    expected = {
        "bytes of a message": codec.FRAME_MAX,
        "bytes of one numbered message's content": up.CONTENT_MAX,
        "bytes of a message that a transport must take at least": session.PAYLOAD_MIN,
        "numbered messages in a batch": up.MESSAGES_MAX,
        "devices in a Reported": up.DEVICES_MAX,
        "devices in a Desired": down.WISHES_MAX,
        "attributes of a device in a Command or Desired": down.ATTRIBUTES_MAX,
        "streams in a Welcome or Ack": up.STREAMS_MAX,
        "window": down.WINDOW_MAX,
        "lists and maps in one another": codec.NESTING_MAX,
        "epochs with messages at a hub": numbering.EPOCHS_MAX,
        "commands that a hub remembers": commands.REMEMBERED_MAX,
        "seconds from now to a command's expiry": commands.LIFETIME_MAX_S,
        "seconds of the spread in a Welcome": down.SPREAD_MAX_S,
        "seconds of `retry_after` in a Bye": down.RETRY_AFTER_MAX_S,
        "any counter": fields.NUMBER_MAX,
    }
    assert {what: float(most) for what, most in table("what")} == {what: float(most) for what, most in expected.items()}


def test_what_is_said_of_times_and_rates_is_so() -> None:
    for sentence in (
        f"No Welcome after {greeting.ASK_S:g} s",
        f"each time after twice as long, up to {greeting.ASK_MAX_S:g} s",
        f"under way for more than {greeting.LATE_S:g} s",
        f"With no Ack for {greeting.ASK_S:g} s",
        f"sent again after {flow.PUT_OFF_S:g} s, and ever later, up to {flow.PUT_OFF_MAX_S:g} s",
        f"at most {mqtt_connection.IN_FLIGHT_MAX} frames without the transport's word",
        f"at most {pace.FRAMES_PER_S:g} frames a second ({pace.BURST:g} at once)",
        f"at most {hearing.REFUSALS_PER_S:g} times a second ({hearing.REFUSALS_BURST:g} at once)",
        f"more than {hearing.FRAMES_PER_S:g} frames a second ({hearing.FRAMES_BURST:g} at once)",
        f"({backoff.SPREAD_S:g} s where there was none)",
        f"up to {backoff.CAP_S:g} s or to the spread",
        f"{commands.REMEMBERED_MAX} commands are remembered",
        f"Keep alive {mqtt_connection.KEEP_ALIVE_S} s",
        f"session expiry {mqtt_connection.SESSION_EXPIRY_S} s",
        f"receive maximum {mqtt_connection.RECEIVE_MAXIMUM}",
        f"expires after {mqtt_connection.EXPIRY_S} s",
        f"gives up after {port.SILENCE_S:g} s",
        f"Ports: {ways.MQTT_PORT}; else {ways.HTTPS_PORT} with ALPN `{ways.ALPN}`",
        f"else a WebSocket at `{ways.WEBSOCKET_PATH}`",
    ):
        assert sentence in WORDS, sentence
    assert (backoff.STEADY_ATTEMPTS, backoff.STABLE_S) == (3, 60)
    assert (speaking.BACKLOG_TURN, greeting.AGAIN_S) == (8, 3600)
    assert mqtt_connection.WILL_DELAY_S == 2


def test_every_kind_of_content_that_the_hub_says_is_there() -> None:
    kinds = {kind for cell, _, _ in table("kind") for kind in quoted(cell)}
    source = Path(codec.__file__).parents[1]
    said = set()
    for name in ("translation.py", "uplink.py"):
        text = (source / name).read_text(encoding="utf-8")
        said |= set(re.findall(r'MessageClass\.[A-Z]+,? ?(?:if urgent else MessageClass\.[A-Z]+\))?, "([a-z]+)"', text))
        said |= set(re.findall(r'encode_content\([^"\n]*"([a-z]+)"', text))
    assert said == kinds


def test_the_example_says_what_stands_beside_it() -> None:
    found = re.search(r"```text\n(a9[0-9a-f\s]+)```\n\n```json\n(.*?)```", TEXT, re.DOTALL)
    assert found
    message = codec.decode_down(Down.COMMAND.value, bytes.fromhex(found[1]))
    assert shown({"v": 1, "t": message.TYPE, **message.to_map()}) == json.loads(found[2])


def test_the_acl_is_the_one_that_brokers_get() -> None:
    from simulators.cloud.broker import HUB_ACL

    rules = [line for line in HUB_ACL.splitlines() if not line.startswith("#")]
    assert "\n".join(rules) in TEXT
