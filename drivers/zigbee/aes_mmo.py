"""The Matyas-Meyer-Oseas hash over AES-128 (Zigbee Specification 05-3474-22, Annex B.6): it makes keys of install
codes, and tells whether a file of firmware is whole.

AES itself is FIPS 197, one block at a time and one direction: written to be read and not to be fast (some six thousand
blocks a second), and not for secrets that somebody may time. Who hashes a file does it piece by piece.
"""

from typing import Final

BLOCK: Final = 16
_ROUNDS: Final = 10
MESSAGE_MAX: Final = 16 * 1024 * 1024
"""Bytes. The hash itself ends at 2^32 bits; no file of firmware is so long."""
_SHORT_MAX: Final = 8192
"""Bytes: from here on the length is written in 32 bits and not in 16 (B.6)."""


def _times_two(value: int) -> int:
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _substitution() -> bytes:
    """FIPS 197 §5.1.1: the inverse in GF(2^8), then an affine map."""
    inverse = [0] * 256
    power, inverse_power = 1, 1
    while True:
        inverse[power] = inverse_power
        power ^= _times_two(power)  # times 3, a generator
        for _ in range(254):
            inverse_power ^= _times_two(inverse_power)
        if power == 1:
            break
    box = bytearray(256)
    for value, found in enumerate(inverse):
        mapped = 0x63
        for shift in range(5):
            mapped ^= (found << shift | found >> (8 - shift)) & 0xFF
        box[value] = mapped
    return bytes(box)


_SBOX: Final = _substitution()


def _expand(key: bytes) -> list[bytes]:
    """FIPS 197 §5.2: a key for each round."""
    words = [key[at : at + 4] for at in range(0, BLOCK, 4)]
    constant = 1
    for number in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if number % 4 == 0:
            word = word[1:] + word[:1]
            word = bytes((_SBOX[word[0]] ^ constant, *(_SBOX[byte] for byte in word[1:])))
            constant = _times_two(constant)
        words.append(_xor(word, words[number - 4]))
    return [b"".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _mix(column: bytes) -> bytes:
    """FIPS 197 §5.1.3."""
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(column[at] ^ every ^ _times_two(column[at] ^ column[(at + 1) % 4]) for at in range(4))


def encrypt(key: bytes, block: bytes) -> bytes:
    """One block of AES-128."""
    keys = _expand(key)
    state = _xor(block, keys[0])
    for number in range(1, _ROUNDS + 1):
        state = bytes(_SBOX[state[(at + 4 * (at % 4)) % BLOCK]] for at in range(BLOCK))
        if number < _ROUNDS:
            state = b"".join(_mix(state[at : at + 4]) for at in range(0, BLOCK, 4))
        state = _xor(state, keys[number])
    return state


class AesMmo:
    """The hash of a message that comes in pieces."""

    def __init__(self) -> None:
        self._length = 0
        self._rest = b""
        self._digest = bytes(BLOCK)

    def update(self, piece: bytes) -> None:
        """Raises ValueError where the message becomes longer than MESSAGE_MAX."""
        self._length += len(piece)
        if self._length > MESSAGE_MAX:
            raise ValueError(f"messages of up to {MESSAGE_MAX} bytes are hashed")
        self._take(piece)

    def digest(self) -> bytes:
        """Of all that came; nothing comes after it."""
        bits = self._length * 8
        size = bits.to_bytes(2, "big") if self._length < _SHORT_MAX else bits.to_bytes(4, "big") + bytes(2)
        filler = bytes(-(len(self._rest) + 1 + len(size)) % BLOCK)
        self._take(b"\x80" + filler + size)
        return self._digest

    def _take(self, data: bytes) -> None:
        data = self._rest + data
        end = len(data) - len(data) % BLOCK
        for at in range(0, end, BLOCK):
            block = data[at : at + BLOCK]
            self._digest = _xor(encrypt(self._digest, block), block)
        self._rest = data[end:]


def aes_mmo(message: bytes) -> bytes:
    """The hash of a message. Raises ValueError for one longer than MESSAGE_MAX."""
    hashed = AesMmo()
    hashed.update(message)
    return hashed.digest()
