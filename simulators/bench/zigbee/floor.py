"""The floor at a Zigbee stick: it looks at three bytes of a frame, and writes the one that answers it, long made.

The command carries the acknowledgement of the report, as a DATA frame may (UG101 §5.3), so that there is one write;
other DATA frames get an ACK. Nothing is taken apart and no checksum is made or checked: from the control byte follow
the numbers of the answer, and of the rest only a cluster and a value are looked at, where they are in a report of
motion.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from drivers.zigbee.ash import CANCEL, FLAG, Ack, Data
from drivers.zigbee.ezsp.frame import encode_command
from drivers.zigbee.ezsp.messaging import SendUnicast
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import ApsOption, OutgoingType
from drivers.zigbee.zcl.cluster import frame_of
from drivers.zigbee.zcl.clusters import on_off
from simulators.bench.floor import Floor, run_floor
from simulators.bench.zigbee.reports import ENDPOINT, HOME_PROFILE, VERSION, Member, motion_report

_ACKS: Final = tuple(Ack(number).to_bytes() for number in range(8))
_ESCAPE: Final = b"\x7d"
_DATA: Final = 0x80
"""Control bytes below are those of DATA frames."""
_OPTIONS: Final = ApsOption.RETRY | ApsOption.ENABLE_ROUTE_DISCOVERY | ApsOption.ENABLE_ADDRESS_DISCOVERY
_CLUSTER_AT: Final = 9
"""Behind the control byte, the five of the EZSP header, the type of the message, and the profile."""


def _command(lamp: Member, on: bool) -> bytes:
    frame = frame_of(1, on_off.On() if on else on_off.Off())
    aps = ApsFrame(HOME_PROFILE, on_off.CLUSTER_ID, ENDPOINT, ENDPOINT, _OPTIONS)
    return encode_command(0, SendUnicast(OutgoingType.DIRECT, lamp.node_id, aps, 1, frame.to_bytes()), VERSION)


def _unescaped(frame: bytes) -> bytes:
    """UG101 §4.2."""
    first, *escaped = frame.split(_ESCAPE)
    return first + b"".join(bytes((part[0] ^ 0x20,)) + part[1:] for part in escaped if part)


class ZigbeeFloor(Floor):
    def __init__(self, lamp: Member, motion: Member, delay_s: float = 0.0) -> None:
        super().__init__(delay_s)
        clear, occupied = (_unescaped(Data(0, motion_report(motion, on, 0), 0).to_bytes()) for on in (False, True))
        self._size = len(clear) - 1
        self._cluster = clear[_CLUSTER_AT : _CLUSTER_AT + 2]
        self._value_at = next(at for at, byte in enumerate(clear) if byte != occupied[at])
        self._occupied = occupied[self._value_at]
        commands = _command(lamp, on=False), _command(lamp, on=True)
        # What the report acknowledges is the number of the command, and the other way round.
        self._commands = tuple(
            tuple(Data(control & 7, command, (control >> 4) + 1 & 7).to_bytes() for command in commands)
            for control in range(_DATA)
        )
        self._begun = b""

    def data_received(self, data: bytes) -> None:
        *frames, self._begun = (self._begun + data).split(FLAG)
        ack = None
        for frame in frames:
            whole = _unescaped(frame) if _ESCAPE in frame else frame
            if not whole or frame.startswith(CANCEL) or whole[0] >= _DATA:
                continue
            if len(whole) == self._size and whole[_CLUSTER_AT : _CLUSTER_AT + 2] == self._cluster:
                ack = None
                self.write_command(self._commands[whole[0]][whole[self._value_at] == self._occupied])
            else:
                ack = _ACKS[(whole[0] >> 4) + 1 & 7]
        if ack is not None:
            self.write(ack)


def make(members: Sequence[str]) -> Callable[[float], ZigbeeFloor]:
    lamp, motion, *_ = map(Member.told, members)
    return partial(ZigbeeFloor, lamp, motion)


if __name__ == "__main__":
    run_floor(make(sys.argv[3:]), sys.argv[1:])
