"""A Zigbee plug for the simulated network, written in bytes by hand: neither codecs nor simulated devices in it.

Bytes are those of the Zigbee Specification 05-3474-22, §2.4 (ZDO), and ZCL8 (07-5123-08), §2.4 and 2.5.
"""

import asyncio

from simulators.zigbee.radio import BROADCASTS_FROM, Antenna, ApsMessage

EUI64 = 0x00124B0011223344
ENDPOINT = 1
HOME_AUTOMATION = 0x0104
BASIC, GROUPS, ON_OFF = 0x0000, 0x0004, 0x0006
ROUTER_ON_MAINS = 0x8E
_NODE_DESCRIPTOR = "01408e341252ff00002cff0000"
"""A router of maker 0x1234 on 2.4 GHz."""
# Home Automation, a smart plug (0x0051) of version 1, with inputs Basic, Groups and On/Off, and no outputs.
_SIMPLE_DESCRIPTOR = "01" + "0401" + "5100" + "01" + "03" + "0000" + "0400" + "0600" + "00"
_STRING, _BOOLEAN, _UINT8, _ENUM8 = "42", "10", "20", "30"
_SUCCESS, _UNSUPPORTED_ATTRIBUTE, _UNSUPPORTED_COMMAND = "00", "86", "81"
_NOT_SUPPORTED = "84"


def _string(value: str) -> str:
    return _STRING + f"{len(value):02x}" + value.encode().hex()


class PlainPlug:
    """A router on mains; reports its state to whom it is bound to once it is asked to."""

    eui64 = EUI64
    capability = ROUTER_ON_MAINS
    rx_on_when_idle = True
    poll_interval_s = 1.0

    def __init__(self) -> None:
        self.antenna: Antenna | None = None
        self.on = False
        self.groups: set[int] = set()
        self.left = asyncio.Event()
        self.reports = False
        self._bound_to: tuple[int, int] | None = None
        self._sequence = 0

    def joined_network(self) -> None:
        self.left.clear()

    def left_network(self) -> None:
        self.groups.clear()
        self._bound_to = None
        self.reports = False
        self.left.set()

    def toggle(self) -> None:
        """A hand on its button."""
        self.on = not self.on
        self._report()

    def receive(self, message: ApsMessage) -> None:
        if message.destination_endpoint == 0 and message.group is None:
            if message.destination < BROADCASTS_FROM:
                self._answer_zdo(message)
        elif message.group is None or message.group in self.groups:
            self._hear_zcl(message)

    def _answer_zdo(self, message: ApsMessage) -> None:
        assert self.antenna is not None
        tsn, asked = message.payload[:1].hex(), message.payload[1:]
        address = self.antenna.node_id.to_bytes(2, "little").hex()
        eui64 = self.eui64.to_bytes(8, "little").hex()
        answers = {
            0x0000: _SUCCESS + eui64 + address,
            0x0001: _SUCCESS + eui64 + address,
            0x0002: _SUCCESS + address + _NODE_DESCRIPTOR,
            0x0004: _SUCCESS + address + f"{len(_SIMPLE_DESCRIPTOR) // 2:02x}" + _SIMPLE_DESCRIPTOR,
            0x0005: _SUCCESS + address + "01" + f"{ENDPOINT:02x}",
            0x0021: _SUCCESS,
            0x0034: _SUCCESS,
        }
        if message.cluster == 0x0021 and asked[11] == 3:
            # Bind_req to a device: source, its endpoint, cluster, mode 3, destination, its endpoint.
            self._bound_to = int.from_bytes(asked[12:20], "little"), asked[20]
        answer = tsn + answers.get(message.cluster, _NOT_SUPPORTED)
        self._send(message.source, message.cluster | 0x8000, bytes.fromhex(answer), profile=0, endpoints=(0, 0))

    def _hear_zcl(self, message: ApsMessage) -> None:
        control, sequence, command = message.payload[:3]
        if control & 0x04:
            return
        payload = message.payload[3:]
        answer = (
            self._cluster_command(message.cluster, command, payload)
            if control & 0x01
            else self._foundation_command(message.cluster, command, payload)
        )
        quiet = bool(control & 0x10) or message.group is not None
        if answer is None and not quiet:
            answer = "18", f"0b{command:02x}{_SUCCESS}"
        if answer is not None and message.group is None:
            head, body = answer
            self._send(message.source, message.cluster, bytes.fromhex(head + f"{sequence:02x}" + body))

    def _cluster_command(self, cluster: int, command: int, payload: bytes) -> tuple[str, str] | None:
        if cluster == ON_OFF and command <= 2:
            was = self.on
            self.on = command == 1 if command < 2 else not self.on
            if self.on != was:
                self._report()
            return None
        if cluster == GROUPS and command == 0:
            self.groups.add(int.from_bytes(payload[:2], "little"))
            return "19", f"00{_SUCCESS}{payload[:2].hex()}"
        if cluster == GROUPS and command == 2:
            members = b"".join(group.to_bytes(2, "little") for group in sorted(self.groups))
            return "19", f"02ff{len(self.groups):02x}{members.hex()}"
        return "18", f"0b{command:02x}{_UNSUPPORTED_COMMAND}"

    def _foundation_command(self, cluster: int, command: int, payload: bytes) -> tuple[str, str]:
        if command == 0x00:
            asked = (payload[at : at + 2] for at in range(0, len(payload), 2))
            return "18", "01" + "".join(self._read(cluster, attribute) for attribute in asked)
        if command == 0x06:
            self.reports = True
            return "18", "07" + _SUCCESS
        return "18", f"0b{command:02x}{_UNSUPPORTED_COMMAND}"

    def _read(self, cluster: int, attribute: bytes) -> str:
        values = {
            (BASIC, 0x0000): _UINT8 + "08",
            (BASIC, 0x0004): _string("by hand"),
            (BASIC, 0x0005): _string("PlainPlug"),
            (BASIC, 0x0007): _ENUM8 + "01",
            (ON_OFF, 0x0000): _BOOLEAN + f"{self.on:02x}",
        }
        value = values.get((cluster, int.from_bytes(attribute, "little")))
        return attribute.hex() + (_UNSUPPORTED_ATTRIBUTE if value is None else _SUCCESS + value)

    def _report(self) -> None:
        if self.reports and self._bound_to is not None and self.antenna is not None:
            eui64, endpoint = self._bound_to
            node_id = self.antenna.address_of(eui64)
            if node_id is not None:
                self._sequence = (self._sequence + 1) % 256
                report = f"18{self._sequence:02x}0a0000{_BOOLEAN}{self.on:02x}"
                self._send(node_id, ON_OFF, bytes.fromhex(report), endpoints=(ENDPOINT, endpoint))

    def _send(
        self,
        node_id: int,
        cluster: int,
        payload: bytes,
        *,
        profile: int = HOME_AUTOMATION,
        endpoints: tuple[int, int] = (ENDPOINT, ENDPOINT),
    ) -> None:
        assert self.antenna is not None
        self.antenna.send(ApsMessage(self.antenna.node_id, node_id, profile, cluster, *endpoints, 0, payload))
