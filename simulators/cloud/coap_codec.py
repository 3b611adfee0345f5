"""aiocoap's codec of CoAP messages on TCP (RFC 8323, section 3.2), with bounds around it.

aiocoap offers it to nobody: the three names below are its own, and this is the one place that leans on them. The hub
has another codec, so that hub and cloud cannot agree on a mistake.
"""

from collections.abc import Iterator
from typing import Any, Final

from aiocoap import Message
from aiocoap.error import Error
from aiocoap.optiontypes import OpaqueOption
from aiocoap.transports.tcp import _decode_message, _extract_message_size, _serialize

TOKEN_MAX: Final = 8
OPTIONS_MAX: Final = 64
"""aiocoap's time for a message grows with the square of it."""


class MalformedMessage(ValueError):
    """What came is no CoAP; where the next message begins cannot be told."""


def message(code: int, token: bytes = b"", path: tuple[str, ...] = (), payload: bytes = b"") -> Any:
    made = Message(code=code, payload=payload)
    made.token = token
    if path:
        made.opt.uri_path = path
    return made


def add_option(made: Any, number: int, value: bytes) -> None:
    """One that aiocoap has no name for: those of signals."""
    made.opt.add_option(OpaqueOption(number, value))


def to_bytes(made: Any) -> bytes:
    data: bytes = _serialize(made)
    return data


def uint(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


class Reader:
    """Cuts a stream into messages; keeps at most one that is not complete."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Any]:
        """Raises MalformedMessage."""
        self._rest += data
        while (sizes := _extract_message_size(self._rest)) is not None:
            if sizes[1] > TOKEN_MAX:
                raise MalformedMessage(f"a token of {sizes[1]} bytes")
            size = sum(sizes)
            if size > self._size_max:
                raise MalformedMessage(f"a message of {size} bytes; {self._size_max} is the most")
            if size > len(self._rest):
                return
            found = _decode(self._rest[:size], sizes)
            self._rest = self._rest[size:]
            yield found


def _decode(data: bytes, sizes: tuple[int, int, int]) -> Any:
    before_token, token_length, _ = sizes
    if _more_options_than(OPTIONS_MAX, data, before_token + token_length):
        raise MalformedMessage(f"more than {OPTIONS_MAX} options")
    try:
        return _decode_message(data)
    except (Error, ValueError, IndexError) as error:
        raise MalformedMessage(f"cannot be read: {str(error)[:100] or type(error).__name__}") from error


def _more_options_than(most: int, data: bytes, at: int) -> bool:
    for _ in range(most):
        if at >= len(data) or data[at] == 0xFF:
            return False
        delta, length = data[at] >> 4, data[at] & 0x0F
        at += 1 + (delta == 13) + 2 * (delta == 14)
        extended = (length == 13) + 2 * (length == 14)
        if extended:
            length = int.from_bytes(data[at : at + extended], "big") + (13 if extended == 1 else 269)
        at += extended + length
    return at < len(data) and data[at] != 0xFF
