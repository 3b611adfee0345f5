"""What lies between the simulated network and a simulated device's radio: two small protocols and the node information.

A `RadioNode` is the device's side, written by whoever builds devices. A `NodeRadio` is what the network hands it while
it is included. Neither knows bytes of the Serial API; both speak whole commands, command class identifier first.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NodeInformation:
    """What a node says of itself when it is included or asked (its NIF), and what the controller keeps of it."""

    generic_class: int
    """The Z-Wave list of device classes: 0x10 is a binary switch, 0x11 a multilevel switch, ..."""
    specific_class: int
    command_classes: tuple[int, ...]
    """As in the node information frame: without the controlled ones, extended ones not kept."""
    basic_class: int = 0x04
    """0x01 portable controller, 0x02 static controller, 0x03 end node, 0x04 routing end node."""
    listening: bool = True
    """Hears at any time; false for whatever runs on a battery, FLiRS included."""
    flirs: int | None = None
    """How often a frequently listening node wakes to hear a beam, in ms: 250 or 1000. None: it does not."""
    routing: bool = True
    optional_functionality: bool = True
    """More command classes than its device class makes mandatory."""
    beaming: bool = True


class NodeRadio(Protocol):
    """Handed to a node when it joins; good until it is excluded. Afterwards sending does nothing."""

    def send(self, data: bytes) -> None:
        """Send one application command to the controller. It arrives after the radio time, never within this call."""
        ...

    def send_node_information(self) -> None:
        """Broadcast the node information frame, as a press of the device's button does."""
        ...

    def leave(self) -> None:
        """The device forgot the network by itself. The controller still has it in its list, and does not reach it."""
        ...


class RadioNode(Protocol):
    """A simulated device as the network sees it. None of these may raise."""

    @property
    def info(self) -> NodeInformation: ...

    @property
    def awake(self) -> bool:
        """Whether it can hear now. Always true for mains-powered and FLiRS nodes."""
        ...

    def joined(self, radio: NodeRadio, node_id: int, home_id: int) -> None:
        """Included, or found again after the stick's restart: the radio is there before the first `receive`."""
        ...

    def excluded(self) -> None:
        """Removed from the network: factory settings, and the radio handed over before is void."""
        ...

    def receive(self, data: bytes) -> None:
        """A command from the controller arrived, and was acknowledged on the air. Answers go through the radio."""
        ...
