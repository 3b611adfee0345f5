"""The ZCL frame: who speaks to which side of a cluster, and whether it wants an answer (ZCL8, 2.4).

A frame knows neither cluster nor endpoint: these are the APS frame's. What the payload means is told by
`foundation` for commands that every cluster has, by `clusters.table` for a cluster's own.
"""

from dataclasses import dataclass
from typing import Self

from drivers.zigbee.wire import MalformedFrame

_CLUSTER_SPECIFIC = 0x01
_MANUFACTURER_SPECIFIC = 0x04
_FROM_SERVER = 0x08
_DISABLE_DEFAULT_RESPONSE = 0x10


@dataclass(frozen=True, slots=True)
class ZclFrame:
    sequence: int
    """The transaction sequence number. An answer carries its request's."""
    command: int
    payload: bytes
    cluster_specific: bool
    """False for a command of the foundation."""
    from_server: bool
    """Sent by the cluster's server (where its attributes are) to its client."""
    manufacturer_code: int | None = None
    disable_default_response: bool = False

    def to_bytes(self) -> bytes:
        control = (
            self.cluster_specific
            | (self.manufacturer_code is not None) << 2
            | self.from_server << 3
            | self.disable_default_response << 4
        )
        if self.manufacturer_code is None:
            return bytes((control, self.sequence, self.command)) + self.payload
        code = self.manufacturer_code.to_bytes(2, "little")
        return bytes((control, *code, self.sequence, self.command)) + self.payload

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Hot: every report passes here. Reserved bits of the frame control are left alone. MalformedFrame."""
        try:
            control = data[0]
            if control & 0x02:
                raise MalformedFrame(f"ZCL frame type {control & 0x03} is reserved: {data[:64].hex()}")
            if control & _MANUFACTURER_SPECIFIC:
                return cls(
                    data[3],
                    data[4],
                    data[5:],
                    control & _CLUSTER_SPECIFIC != 0,
                    control & _FROM_SERVER != 0,
                    data[1] | data[2] << 8,
                    control & _DISABLE_DEFAULT_RESPONSE != 0,
                )
            return cls(
                data[1],
                data[2],
                data[3:],
                control & _CLUSTER_SPECIFIC != 0,
                control & _FROM_SERVER != 0,
                None,
                control & _DISABLE_DEFAULT_RESPONSE != 0,
            )
        except IndexError:
            raise MalformedFrame(f"a ZCL frame of {len(data)} bytes: {data.hex()}") from None

    def answer(self, command: int, payload: bytes, *, cluster_specific: bool) -> "ZclFrame":
        """What the other side says to this frame: its sequence and manufacturer, the direction turned round.

        An answer asks for no default response: ZCL8, 2.5.12.2 (a response to a response is never sent).
        """
        return ZclFrame(
            self.sequence,
            command,
            payload,
            cluster_specific=cluster_specific,
            from_server=not self.from_server,
            manufacturer_code=self.manufacturer_code,
            disable_default_response=True,
        )
