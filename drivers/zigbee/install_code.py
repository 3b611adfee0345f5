"""Install codes: what is printed on a device so that it can be paired without anybody listening in.

Base Device Behavior 16-02828-012 §10.1: 6, 8, 12 or 16 bytes and a CRC of them; their hash is the link key with which
the network's key is sent to the device. QR codes of several makers carry device address and code side by side.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from drivers.zigbee.aes_mmo import aes_mmo

SIZES: Final = (8, 10, 14, 18)
"""Bytes of a code with its CRC."""
_SIZE_WITHOUT_CRC: Final = (6, 8, 12, 16)
_SCANNED: Final = (
    re.compile(r"Z:(?P<eui64>[0-9A-F]{16})\$I:(?P<code>[0-9A-F]+)"),
    re.compile(r"G\$M:.+\$A:(?P<eui64>[0-9A-F]{16})\$I:(?P<code>[0-9A-F]+)"),
    re.compile(r"HUE:Z:(?P<code>[0-9A-F]+) M:(?P<eui64>[0-9A-F]{16})"),
    re.compile(r"\|?(?P<eui64>[0-9A-F]{16})\|(?P<code>[0-9A-F]+)\|?"),
)
"""What QR codes say: of most makers, of Aqara, of Hue, of Innr and frient."""


class WrongInstallCode(ValueError):
    """What was typed is no install code; the text says why, and does not repeat it."""


@dataclass(frozen=True, slots=True)
class InstallCode:
    """One device's code. The key does not show in logs."""

    link_key: bytes = field(repr=False)
    eui64: int | None = None
    """Of the device, where the code was given with it."""


def crc(data: bytes) -> int:
    """CRC-16/X-25, as ITU-T V.41 is used there: reflected, 0xFFFF before and inverted after."""
    remainder = 0xFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0x8408 if remainder & 1 else 0)
    return remainder ^ 0xFFFF


def read_install_code(text: str, eui64: int | None = None) -> InstallCode:
    """What a person typed or scanned, with or without the device's address. Raises WrongInstallCode."""
    written = text.strip().upper()
    for pattern in _SCANNED:
        scanned = pattern.search(written)
        if scanned is not None:
            return InstallCode(_link_key(scanned["code"]), int(scanned["eui64"], 16))
    digits = re.sub(r"[\s:.\-]", "", written.removeprefix("0X"))
    if not digits:
        raise WrongInstallCode("the install code is empty: type it as it is printed on the device, or scan it")
    if not re.fullmatch(r"[0-9A-F]+", digits):
        raise WrongInstallCode("an install code has the digits 0-9 and A-F only")
    return InstallCode(_link_key(digits), eui64)


def _link_key(digits: str) -> bytes:
    if len(digits) % 2 or len(digits) // 2 not in SIZES:
        if len(digits) // 2 in _SIZE_WITHOUT_CRC and len(digits) % 2 == 0:
            raise WrongInstallCode("the install code ends too early: its last four digits check the others")
        sizes = ", ".join(str(2 * size) for size in SIZES)
        raise WrongInstallCode(f"an install code has {sizes} digits; this one has {len(digits)}")
    code = bytes.fromhex(digits)
    if crc(code[:-2]) != int.from_bytes(code[-2:], "little"):
        raise WrongInstallCode("a digit of the install code is wrong: its check sum does not fit")
    return aes_mmo(code)
