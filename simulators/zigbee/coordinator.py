"""The stick in its network: what the air asks and tells it, handed to those who know."""

from simulators.zigbee.chip import Chip
from simulators.zigbee.ncp import Newcomer, Sender, Transport
from simulators.zigbee.radio import ApsMessage
from simulators.zigbee.receiver import Receiver
from simulators.zigbee.trust_center import TrustCenter


class Coordinator:
    """A network's `Ncp`."""

    def __init__(self, chip: Chip, receiver: Receiver) -> None:
        self._chip = chip
        self._receiver = receiver
        self._trust_center = TrustCenter(chip)

    @property
    def on_air(self) -> bool:
        # One that hangs acknowledges nothing on the air either.
        return self._chip.joined and not self._chip.faults.silent

    @property
    def permits_joining(self) -> bool:
        return self._chip.permits_joining

    def heard(self, message: ApsMessage, sender: Sender) -> None:
        self._receiver.heard(message, sender)

    def associated(self, newcomer: Newcomer) -> bool:
        return self._trust_center.associated(newcomer)

    def admit(self, newcomer: Newcomer) -> Transport | None:
        return self._trust_center.admit(newcomer)

    def left(self, newcomer: Newcomer) -> None:
        self._trust_center.left(newcomer)

    def child_left(self, newcomer: Newcomer) -> None:
        self._trust_center.child_left(newcomer)

    def link_key_wanted(self, eui64: int) -> bytes | None:
        return self._trust_center.link_key_wanted(eui64)

    def address_conflict(self, node_id: int) -> None:
        self._trust_center.address_conflict(node_id)

    def unreachable(self, node_id: int) -> None:
        self._receiver.unreachable(node_id)
