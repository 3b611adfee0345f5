"""ASH, the frames in which EZSP travels over a UART: control byte, data, CRC, flag, with reserved bytes escaped.

UG101 (UART-EZSP Gateway Protocol Reference) §2-§4. This module knows the shapes; when to send, acknowledge or give up
is `ash_link`'s. Payloads are passed in and out as they are: the randomisation of §4.3 is undone here.
"""

from binascii import crc_hqx
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

FLAG: Final = b"\x7e"
"""Ends every frame."""
CANCEL: Final = b"\x1a"
"""§4.2: what came before it is no part of a frame."""
_ESCAPE: Final = b"\x7d"
_SUBSTITUTE: Final = b"\x18"
"""Stands for a byte that a UART received with an error; the frame it is in is bad."""
_FLOW: Final = b"\x11\x13"
"""XON and XOFF."""
_ODD: Final = _FLOW + _SUBSTITUTE + CANCEL

PAYLOAD_MIN: Final = 3
"""§2.2. The shortest EZSP frame, of the legacy form."""
PAYLOAD_MAX: Final = 128
"""§2.2, for what is sent by a host that does not know better."""
RECEIVED_MAX: Final = 256
"""Newer NCPs have longer EZSP frames than UG101 knows; nothing is to be gained by refusing them."""
_CRC_START: Final = 0xFFFF
_VERSION: Final = 2
_STUFFED_MAX: Final = 2 * (1 + RECEIVED_MAX + 2)


class ResetCode(IntEnum):
    """Why an NCP restarted or failed (UG101 §6, Reset and Error Codes). Others may come: codes are plain numbers."""

    UNKNOWN = 0x00
    EXTERNAL = 0x01
    POWER_ON = 0x02
    WATCHDOG = 0x03
    ASSERT = 0x06
    BOOTLOADER = 0x09
    SOFTWARE = 0x0B
    """As asked by RST."""
    ACK_TIMEOUTS = 0x51
    """The NCP waited for too many acknowledgements in vain."""
    CHIP = 0x80


def reset_text(code: int) -> str:
    """For people."""
    try:
        name = ResetCode(code).name.lower().replace("_", " ")
    except ValueError:
        name = "of the chip" if code > ResetCode.CHIP else "unknown"
    return f"code 0x{code:02x}, {name}"


@dataclass(frozen=True, slots=True)
class Garbage:
    """What stood where a frame should, flag left out: a wrong CRC, a length or a control byte that does not exist."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Data:
    number: int
    """0-7."""
    payload: bytes
    """One EZSP frame."""
    acked: int
    """0-7: all DATA frames before this number have been received."""
    retransmitted: bool = False

    def to_bytes(self) -> bytes:
        payload = self.payload
        size = len(payload)
        body = (
            bytes((self.number << 4 | self.retransmitted << 3 | self.acked,))
            + (int.from_bytes(payload, "big") ^ _NOISE[size]).to_bytes(size, "big")
        )  # fmt: skip
        return _stuffed(body)


@dataclass(frozen=True, slots=True)
class Ack:
    acked: int
    not_ready: bool = False
    """The host wants no callbacks for a while; an NCP never says so (§2.1)."""

    def to_bytes(self) -> bytes:
        return _stuffed(bytes((0x80 | self.not_ready << 3 | self.acked,)))


@dataclass(frozen=True, slots=True)
class Nak:
    """A frame was bad or out of sequence: to be sent again from `acked` on."""

    acked: int
    not_ready: bool = False

    def to_bytes(self) -> bytes:
        return _stuffed(bytes((0xA0 | self.not_ready << 3 | self.acked,)))


@dataclass(frozen=True, slots=True)
class Reset:
    """RST, from the host: restart and begin anew."""

    def to_bytes(self) -> bytes:
        return _stuffed(b"\xc0")


@dataclass(frozen=True, slots=True)
class ResetAck:
    """RSTACK: the NCP has restarted, whoever wanted it."""

    reason: int
    version: int = _VERSION

    def to_bytes(self) -> bytes:
        return _stuffed(bytes((0xC1, self.version, self.reason)))


@dataclass(frozen=True, slots=True)
class Error:
    """The NCP is in the FAILED state and takes nothing but a reset (§6)."""

    code: int
    version: int = _VERSION

    def to_bytes(self) -> bytes:
        return _stuffed(bytes((0xC2, self.version, self.code)))


Frame = Data | Ack | Nak | Reset | ResetAck | Error


class Parser:
    """Cuts a stream of bytes into frames, whatever the pieces that it comes in. Knows no time: UG101 has no time-out
    for a frame that does not end, because the next flag or cancel byte ends it."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: bytes) -> list[Frame | Garbage]:
        """The frames that are complete with `data`."""
        if not self._begun and data.find(FLAG) == len(data) - 1 and len(data.translate(None, _ODD)) == len(data) > 1:
            return [_frame(data[:-1])]
        *ended, begun = (self._begun + data).split(FLAG)
        self._begun = _without_cancelled(begun).translate(None, _FLOW)[: _STUFFED_MAX + 1]
        frames: list[Frame | Garbage] = []
        for stuffed in ended:
            raw = _without_cancelled(stuffed).translate(None, _FLOW)
            if raw:
                frames.append(Garbage(raw[:_STUFFED_MAX]) if _is_spoilt(raw) else _frame(raw))
        return frames


def _without_cancelled(raw: bytes) -> bytes:
    return raw[raw.rfind(CANCEL) + 1 :]


def _is_spoilt(raw: bytes) -> bool:
    return _SUBSTITUTE in raw or len(raw) > _STUFFED_MAX


def _frame(raw: bytes) -> Frame | Garbage:
    """Of everything before a flag."""
    body = _unstuffed(raw) if _ESCAPE in raw else raw
    # The CRC of a message with its CRC behind it is 0.
    if len(body) < 3 or crc_hqx(body, _CRC_START):
        return Garbage(raw)
    control = body[0]
    if control < 0x80:
        size = len(body) - 3
        if not PAYLOAD_MIN <= size <= RECEIVED_MAX:
            return Garbage(raw)
        payload = (int.from_bytes(body[1:-2], "big") ^ _NOISE[size]).to_bytes(size, "big")
        return Data(control >> 4, payload, control & 7, control & 8 != 0)
    return _control_frame(control, body[1:-2]) or Garbage(raw)


def _control_frame(control: int, data: bytes) -> Frame | None:
    """§2.1; bit 4 of ACK and NAK is reserved and may be anything."""
    if control < 0xC0:
        if data:
            return None
        kind = Ack if control < 0xA0 else Nak
        return kind(control & 7, control & 8 != 0)
    if control == 0xC0 and not data:
        return Reset()
    if control == 0xC1 and len(data) == 2:
        return ResetAck(data[1], data[0])
    if control == 0xC2 and len(data) == 2:
        return Error(data[1], data[0])
    return None


def _stuffed(body: bytes) -> bytes:
    """The whole frame. §4.2: a reserved byte is sent as the escape byte and itself with bit 5 turned over."""
    return (body + crc_hqx(body, _CRC_START).to_bytes(2, "big")).replace(b"\x7d", b"\x7d\x5d").replace(
        b"\x7e", b"\x7d\x5e"
    ).replace(b"\x11", b"\x7d\x31").replace(b"\x13", b"\x7d\x33").replace(b"\x18", b"\x7d\x38").replace(
        b"\x1a", b"\x7d\x3a"
    ) + FLAG


def _unstuffed(raw: bytes) -> bytes:
    first, *escaped = raw.split(_ESCAPE)
    # §4.2: an escape byte before a reserved one (the next escape byte, or the flag) has no effect.
    return first + b"".join([_TURNED[part[0]] + part[1:] for part in escaped if part])


_TURNED: Final = tuple(bytes((byte ^ 0x20,)) for byte in range(256))


def _noise() -> bytes:
    """§4.3: a linear feedback shift register that begins with 0x42, with its taps at 0xB8."""
    register, bytes_ = 0x42, bytearray()
    while len(bytes_) < RECEIVED_MAX:
        bytes_.append(register)
        register = register >> 1 ^ 0xB8 if register & 1 else register >> 1
    return bytes(bytes_)


_NOISE: Final = tuple(int.from_bytes(_noise()[:size], "big") for size in range(RECEIVED_MAX + 1))
"""The randomisation of §4.3 for data of so many bytes, as one number: one XOR does them all."""
