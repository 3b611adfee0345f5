"""Between values and bytes: every message is one CBOR map (RFC 8949) with its version `v` and its type `t`."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

import cbor2

from hubagent.uplink.message import down, up
from hubagent.uplink.message.channel import CHANNELS, Down, MessageClass, Up
from hubagent.uplink.message.fields import Fields, MalformedMessage

VERSION: Final = 1
"""Of the messages; counted up when something that was there is not any more."""
FRAME_MAX: Final = 32 * 1024
"""Bytes of one message. Every broker takes them: Azure Event Grid has 64 KB in flight, AWS IoT Core 128 KB."""
NESTING_MAX: Final = 9
"""Lists and maps in one another, the message counted: a value of a part of a device needs seven."""

UpMessage = up.Hello | up.Offline | up.Batch | up.Reported | up.Refused
DownMessage = down.Welcome | down.Ack | down.Command | down.Desired | down.Job | down.Bye

_UP: Final[Mapping[str, tuple[Any, frozenset[Up]]]] = {
    up.Hello.TYPE: (up.Hello, frozenset({Up.PRESENCE})),
    up.Offline.TYPE: (up.Offline, frozenset({Up.PRESENCE})),
    up.Batch.TYPE: (up.Batch, frozenset(CHANNELS.values())),
    up.Reported.TYPE: (up.Reported, frozenset({Up.REPORTED})),
    up.Refused.TYPE: (up.Refused, frozenset({Up.REFUSED})),
}
"""By type, what reads it, and on which channels it may come."""
_DOWN: Final[Mapping[str, tuple[Any, frozenset[Down]]]] = {
    down.Welcome.TYPE: (down.Welcome, frozenset({Down.ACK})),
    down.Ack.TYPE: (down.Ack, frozenset({Down.ACK})),
    down.Bye.TYPE: (down.Bye, frozenset({Down.ACK})),
    down.Command.TYPE: (down.Command, frozenset({Down.COMMAND})),
    down.Desired.TYPE: (down.Desired, frozenset({Down.DESIRED})),
    down.Job.TYPE: (down.Job, frozenset({Down.JOB})),
}


def encode(message: UpMessage | DownMessage) -> bytes:
    return cbor2.dumps({"v": VERSION, "t": message.TYPE, **message.to_map()})


def channel_of(message: UpMessage | DownMessage) -> Up | Down:
    """The channel that it travels on."""
    if isinstance(message, up.Batch):
        return CHANNELS[message.message_class]
    table: Mapping[str, tuple[Any, frozenset[Any]]] = {**_UP, **_DOWN}
    (channel,) = table[message.TYPE][1]
    assert isinstance(channel, Up | Down)
    return channel


def decode_up(channel: str, payload: bytes) -> UpMessage:
    """Raises MalformedMessage."""
    message: UpMessage = _decode(channel, payload, _UP)
    if isinstance(message, up.Batch) and CHANNELS[message.message_class].value != channel:
        raise MalformedMessage(f"{message.message_class.value} messages do not travel on {channel}", "wrong-channel")
    return message


def decode_down(channel: str, payload: bytes) -> DownMessage:
    """Raises MalformedMessage."""
    message: DownMessage = _decode(channel, payload, _DOWN)
    return message


def identifier_in(payload: bytes) -> str | None:
    """What a message that cannot be read may be told by, as far as it can be."""
    try:
        value = _load(payload)
    except MalformedMessage:
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) and 0 < len(found) <= 64 and found.isprintable() else None


def encode_content(at: float, kind: str, body: Mapping[str, Any]) -> bytes:
    """The content of a numbered message: Unix seconds of what happened, what it is, and the rest."""
    return cbor2.dumps([at, kind, body])


def decode_content(content: bytes) -> tuple[float, str, Mapping[str, Any]]:
    """Raises MalformedMessage."""
    value = _load(content)
    if not isinstance(value, list) or len(value) != 3:
        raise MalformedMessage("a content has not three parts")
    fields = Fields({"at": value[0], "kind": value[1], "body": value[2]}, "content")
    return fields.seconds("at"), fields.text("kind", 32), fields.mapping("body", 64)


def _decode(channel: str, payload: bytes, table: Mapping[str, tuple[Any, frozenset[Any]]]) -> Any:
    value = _load(payload)
    fields = Fields(value, "the message")
    if fields.number("v") != VERSION:
        raise MalformedMessage(f"version {value['v']}; this side knows {VERSION}", "unknown-version")
    kind = fields.text("t", 32)
    if kind not in table:
        raise MalformedMessage(f"there is no type {kind!r}", "unknown-type")
    reader, channels = table[kind]
    if channel not in {it.value for it in channels}:
        raise MalformedMessage(f"{kind} does not travel on {channel[:32]!r}", "wrong-channel")
    return reader.from_map(Fields(value, kind))


class _NoTags(Mapping[int, Any]):
    """Asked who decodes a tag, it refuses: cbor2 would compile patterns, parse mail and share what it has read."""

    def __getitem__(self, tag: int) -> NoReturn:
        raise cbor2.CBORDecodeError(f"the tag {tag}")

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


_NO_TAGS: Final = _NoTags()


def _load(payload: bytes) -> Any:
    """One value of the subset of CBOR that `schema.cddl` describes, and nothing after it."""
    if len(payload) > FRAME_MAX:
        raise MalformedMessage(f"{len(payload)} bytes; at most {FRAME_MAX} are read", "oversized")
    stream = io.BytesIO(payload)
    decoder = cbor2.CBORDecoder(
        stream,
        semantic_decoders=_NO_TAGS,
        max_depth=NESTING_MAX,
        allow_indefinite=False,
        allow_duplicate_keys=False,
        strict_hashable_types=True,
    )
    try:
        value = decoder.decode()
    except (ValueError, EOFError, RecursionError, OverflowError, cbor2.CBORError) as error:
        raise MalformedMessage(f"no CBOR of ours: {str(error)[:100]}") from error
    if stream.tell() != len(payload):
        raise MalformedMessage(f"{len(payload) - stream.tell()} bytes follow the message")
    return value


assert set(CHANNELS) == set(MessageClass)
