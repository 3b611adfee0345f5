"""CoAP messages as they travel over TCP: RFC 8323, section 3.2, with the options of RFC 7252, section 3.1.

A codec of our own beside aiocoap's: that one reads 33 KB of empty options for 70 ms on a server's core, in which no
lamp would switch, and raises whatever Python raises. This one counts, and knows one way of being wrong. Each is the
judge of the other in the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

POST: Final = 0x02
CHANGED: Final = 0x44
"""2.04"""
BAD_OPTION: Final = 0x82
NOT_FOUND: Final = 0x84
METHOD_NOT_ALLOWED: Final = 0x85
TOO_LARGE: Final = 0x8D
"""4.13"""
SERVICE_UNAVAILABLE: Final = 0xA3
CSM: Final = 0xE1
"""RFC 8323, section 5: 7.01 to 7.05."""
PING: Final = 0xE2
PONG: Final = 0xE3
RELEASE: Final = 0xE4
ABORT: Final = 0xE5

URI_HOST: Final = 3
URI_PORT: Final = 7
URI_PATH: Final = 11
CONTENT_FORMAT: Final = 12
ACCEPT: Final = 17
"""RFC 7252, section 5.10."""
MAX_MESSAGE_SIZE: Final = 2
"""Of a CSM: RFC 8323, section 5.3.1."""
BAD_CSM_OPTION: Final = 2
"""Of an Abort: section 5.6."""
ALTERNATIVE_ADDRESS: Final = 2
HOLD_OFF: Final = 4
"""Of a Release: section 5.5."""

BASE_MESSAGE_SIZE: Final = 1152
"""What everybody takes who has not said otherwise (RFC 8323, section 5.3.1)."""
TOKEN_MAX: Final = 8
OPTIONS_MAX: Final = 64
SKIPPED_MAX: Final = 1024 * 1024
"""Bytes of a message that is too large which are read past, so that it can be answered; more ends the connection."""

_PAYLOAD_MARKER: Final = b"\xff"

Options = tuple[tuple[int, bytes], ...]


class MalformedCoap(ValueError):
    """It is no CoAP: the connection is of no more use, since nobody knows where the next message begins."""


@dataclass(frozen=True, slots=True)
class CoapMessage:
    code: int
    token: bytes = b""
    options: Options = ()
    """Number and value, in the order of their numbers."""
    payload: bytes = b""

    def to_bytes(self) -> bytes:
        return frame(self.code, self.token, encode_options(self.options), self.payload)


@dataclass(frozen=True, slots=True)
class Oversized:
    """The head of a message that is larger than was allowed; the rest is never kept."""

    code: int
    token: bytes
    size: int
    """Of its options and payload, in bytes."""


def frame(code: int, token: bytes = b"", options: bytes = b"", payload: bytes = b"") -> bytes:
    """One message, of options that are encoded already."""
    assert len(token) <= TOKEN_MAX
    length = len(options) + len(payload) + 1 if payload else len(options)
    if length < 13:
        head = bytes((length << 4 | len(token), code))
    elif length < 269:
        head = bytes((0xD0 | len(token), length - 13, code))
    elif length < 65805:
        head = bytes((0xE0 | len(token), length - 269 >> 8, length - 269 & 0xFF, code))
    else:
        head = bytes((0xF0 | len(token), *(length - 65805).to_bytes(4, "big"), code))
    return b"".join((head, token, options, _PAYLOAD_MARKER, payload) if payload else (head, token, options))


def encode_options(options: Options) -> bytes:
    parts = []
    before = 0
    for number, value in options:
        delta, more_delta = _nibble(number - before)
        length, more_length = _nibble(len(value))
        parts += [bytes((delta << 4 | length,)), more_delta, more_length, value]
        before = number
    return b"".join(parts)


def uint(value: int) -> bytes:
    """RFC 7252, section 3.2: without leading zeros."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def dotted(code: int) -> str:
    """4.04 and the like."""
    return f"{code >> 5}.{code & 0x1F:02}"


def _nibble(value: int) -> tuple[int, bytes]:
    assert value >= 0
    if value < 13:
        return value, b""
    if value < 269:
        return 13, bytes((value - 13,))
    return 14, (value - 269).to_bytes(2, "big")


class MessageReader:
    """Cuts a stream of bytes into messages; keeps at most one message that is not complete."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._rest = b""
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[CoapMessage | Oversized]:
        """All that is complete now. Raises MalformedCoap, after which nothing more can be read."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if self._rest:
            data = self._rest + data
            self._rest = b""
        at = 0
        end = len(data)
        while at < end:
            # The head: length and token's length; length's extension; code; token.
            token_length = data[at] & 0x0F
            length = data[at] >> 4
            if token_length > TOKEN_MAX:
                raise MalformedCoap(f"a token of {token_length} bytes; {TOKEN_MAX} is the most")
            code_at = at + 1
            if length > 12:
                code_at += (1, 2, 4)[length - 13]
                length = int.from_bytes(data[at + 1 : code_at], "big") + (13, 269, 65805)[length - 13]
            body_at = code_at + 1 + token_length
            if body_at > end:
                break
            stop = body_at + length
            if stop - at > self._size_max:
                if length > SKIPPED_MAX:
                    raise MalformedCoap(f"a message of {length} bytes; {self._size_max} is the most")
                yield Oversized(data[code_at], data[code_at + 1 : body_at], length)
                self._skip = max(0, stop - end)
                at = min(stop, end)
                continue
            if stop > end:
                break
            options, payload = _decode_body(data[body_at:stop])
            at = stop
            yield CoapMessage(data[code_at], data[code_at + 1 : body_at], options, payload)
        self._rest = data[at:]


def _decode_body(body: bytes) -> tuple[Options, bytes]:
    options: list[tuple[int, bytes]] = []
    number = 0
    at = 0
    end = len(body)
    while at < end:
        head = body[at]
        at += 1
        if head == 0xFF:
            if at == end:
                raise MalformedCoap("a payload marker without a payload")
            return tuple(options), body[at:]
        delta, length = head >> 4, head & 0x0F
        if delta > 12:
            delta, at = _extended(body, delta, at)
        if length > 12:
            length, at = _extended(body, length, at)
        number += delta
        stop = at + length
        if stop > end:
            raise MalformedCoap("an option longer than its message")
        if len(options) == OPTIONS_MAX:
            raise MalformedCoap(f"more than {OPTIONS_MAX} options")
        options.append((number, body[at:stop]))
        at = stop
    return tuple(options), b""


def _extended(body: bytes, nibble: int, at: int) -> tuple[int, int]:
    if nibble == 15:
        raise MalformedCoap("an option of the reserved length 15")
    stop = at + nibble - 12
    if stop > len(body):
        raise MalformedCoap("an option that ends too early")
    return int.from_bytes(body[at:stop], "big") + (13 if nibble == 13 else 269), stop
