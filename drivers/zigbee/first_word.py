"""What is on a port that does not answer as a Zigbee stick should: by what it says, a name and a remedy.

A stick with other firmware answers questions of its own protocol only, so it is asked in each. None of the questions
means anything to the others: ASH takes them for a broken frame.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.bootloader import RUN, BootloaderWatch

log = logging.getLogger(__name__)

HEARD_MAX: Final = 512
"""Bytes that are looked at."""

_ZWAVE_SIGNALS: Final = b"\x06\x15\x18"


@dataclass(frozen=True, slots=True)
class Recognised:
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Probe:
    question: bytes
    wait_s: float


PROBES: Final = (
    # TI's Monitor and Test API, SYS_PING: FE, length, command, check sum.
    Probe(b"\xfe\x00\x21\x01\x20", 0.5),
    # Z-Wave Serial API (INS12350), GetVersion.
    Probe(b"\x01\x03\x00\x15\xe9", 1.0),
)

ZSTACK: Final = Recognised(
    "the stick there runs TI's Z-Stack, not Silicon Labs' EmberZNet, which this driver speaks",
    "use a stick with an EFR32 chip (Sonoff Dongle E, SkyConnect, ...) and EmberZNet NCP firmware",
)
ZWAVE: Final = Recognised(
    "the stick there is a Z-Wave controller",
    "put this port into [drivers.zwave], and find the Zigbee stick's with `ls -l /dev/serial/by-id/`",
)
BOOTLOADER: Final = Recognised(
    "the stick there stays in its bootloader: it has no firmware that runs",
    "flash EmberZNet NCP firmware (ncp-uart) of the stick's maker onto it, and plug it in again",
)
OTHER: Final = Recognised(
    "what is there speaks, but neither ASH nor anything else that is known (other firmware, or another speed)",
    "check `baud` in [drivers.zigbee]; flash EmberZNet NCP firmware (ncp-uart), not RCP or a router's",
)
SILENT: Final = Recognised(
    "what is there does not say a word",
    "is this the right port, the right speed (`baud`), and no other program on it? `hubagent doctor` lists the ports",
)


class FirstWord:
    """Listens to what is on the port before the first answer, and gets a stick out of its bootloader."""

    def __init__(self, port: str, write: Callable[[bytes], object]) -> None:
        self._port = port
        self._write = write
        self._bootloader = BootloaderWatch()
        self._heard = bytearray()

    def heard(self, data: bytes) -> None:
        if len(self._heard) < HEARD_MAX:
            self._heard += data[: HEARD_MAX - len(self._heard)]
        if self._bootloader.sees_menu(data):
            log.warning("the stick on %s is in its bootloader: its firmware is started", self._port)
            self._write(RUN)

    async def recognise(self) -> Recognised:
        """What it is, asking it in every language there is."""
        told = self._recognised()
        for probe in PROBES:
            self._heard.clear()
            self._write(probe.question)
            await asyncio.sleep(probe.wait_s)
            told = self._recognised() or told
        return told or SILENT

    def _recognised(self) -> Recognised | None:
        """What has been heard, if that can be told."""
        heard = bytes(self._heard)
        if b"BL >" in heard or b"Gecko Bootloader" in heard:
            return BOOTLOADER
        if _is_mt_frame(heard):
            return ZSTACK
        if heard[:1] and heard[0] in _ZWAVE_SIGNALS and _is_zwave(heard):
            return ZWAVE
        return OTHER if heard else None


def _is_mt_frame(heard: bytes) -> bool:
    """A frame of the Monitor and Test API, somewhere in it: `FE length cmd0 cmd1 data check`."""
    for at, byte in enumerate(heard):
        if byte != 0xFE or len(heard) < at + 5:
            continue
        end = at + 4 + heard[at + 1]
        if end < len(heard):
            check = 0
            for value in heard[at + 1 : end]:
                check ^= value
            if check == heard[end]:
                return True
    return False


def _is_zwave(heard: bytes) -> bool:
    """An ACK and a response frame, or nothing but ACK, NAK and CAN."""
    if all(byte in _ZWAVE_SIGNALS for byte in heard):
        return True
    after = heard.lstrip(_ZWAVE_SIGNALS)
    return len(after) >= 4 and after[0] == 0x01 and after[2] in (0x00, 0x01)
