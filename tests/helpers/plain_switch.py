"""A binary switch for the simulated network, written in bytes by hand: neither codecs nor simulated devices in it."""

from simulators.zwave.radio_node import NodeInformation, NodeRadio

_VERSIONS = {0x5E: 2, 0x86: 2, 0x72: 1, 0x25: 1}
_ANSWERS = {
    "5e01": "5e020205000700" + "0700",  # Z-Wave Plus: always-on end node, an on/off power switch
    "7204": "7205ffff00010001",
    "8611": "861203070001000100",
}


class PlainSwitch:
    """Always there; reports its state when asked, and by `toggle` when a hand does it."""

    def __init__(self, info: NodeInformation | None = None) -> None:
        self.info = info or NodeInformation(0x10, 0x01, (0x5E, 0x86, 0x72, 0x25))
        self.on = False
        self.awake = True
        self.received: list[str] = []
        self.memberships: list[tuple[int, int]] = []
        """Node and home id of each time that it joined."""
        self._radio: NodeRadio | None = None

    def joined(self, radio: NodeRadio, node_id: int, home_id: int) -> None:
        self._radio = radio
        self.memberships.append((node_id, home_id))

    def excluded(self) -> None:
        self._radio = None

    @property
    def included(self) -> bool:
        return self._radio is not None

    def receive(self, data: bytes) -> None:
        self.received.append(data.hex())
        header = data[:2].hex()
        if header == "2501":
            self.on = data[2] != 0
        elif header == "2502":
            self._report()
        elif header == "8613":
            self._send(f"8614{data[2]:02x}{_VERSIONS.get(data[2], 0):02x}")
        elif header in _ANSWERS:
            self._send(_ANSWERS[header])

    def toggle(self) -> None:
        self.on = not self.on
        self._report()

    def _report(self) -> None:
        self._send("2503ff" if self.on else "250300")

    def _send(self, data: str) -> None:
        if self._radio is not None:
            self._radio.send(bytes.fromhex(data))
