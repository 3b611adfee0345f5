"""Which network a stick is in: what makes it that one, what is wished of it, and how two of them differ.

A network is itself by its extended PAN identifier and its key. PAN identifier and channel may change in its life: the
stack chooses another PAN identifier when a neighbour has the same, and people choose another channel.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from drivers.zigbee.wire import eui64_text

CHANNELS: Final = range(11, 27)
ALL_CHANNELS: Final = 0x07FF_F800
PREFERRED_CHANNELS: Final = (15, 20, 25)
"""Primary channels of Light Link (ZLL 11-0037-10 §8.1.2) that lie beside the WLAN channels 1, 6 and 11."""
_KEY_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a stick is in it. Its keys do not show in logs."""

    channel: int
    pan_id: int
    extended_pan_id: int
    network_key: bytes = field(repr=False)
    link_key: bytes = field(repr=False)
    """The trust centre's, of which each device's own is made."""
    key_sequence: int = 0
    update_id: int = 0

    def is_same_as(self, other: "Network") -> bool:
        return self.extended_pan_id == other.extended_pan_id and self.network_key == other.network_key

    def to_record(self) -> dict[str, Any]:
        """All but the keys."""
        return {
            "channel": self.channel,
            "pan_id": self.pan_id,
            "extended_pan_id": eui64_text(self.extended_pan_id),
            "key_sequence": self.key_sequence,
            "update_id": self.update_id,
        }

    def to_secret_record(self) -> dict[str, Any]:
        return {"network_key": self.network_key.hex(), "link_key": self.link_key.hex()}

    @classmethod
    def from_records(cls, record: Mapping[str, Any], secret: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what was not written by `to_record`."""
        return cls(
            channel=int(record["channel"]),
            pan_id=int(record["pan_id"]),
            extended_pan_id=int(record["extended_pan_id"], 16),
            network_key=_key(secret["network_key"]),
            link_key=_key(secret["link_key"]),
            key_sequence=int(record["key_sequence"]),
            update_id=int(record["update_id"]),
        )


@dataclass(frozen=True, slots=True)
class NetworkWishes:
    """What hub.toml says of the network; None leaves it to chance, or as it is."""

    channel: int | None = None
    pan_id: int | None = None
    extended_pan_id: int | None = None
    network_key: bytes | None = field(default=None, repr=False)

    def contradictions(self, network: Network) -> list[str]:
        """In words, what makes it another network than the one that is meant."""
        found = []
        if self.extended_pan_id not in (None, network.extended_pan_id):
            found.append(_differs("extended PAN identifier", network.extended_pan_id, self.extended_pan_id, 16))
        if self.network_key not in (None, network.network_key):
            found.append("another network key")
        return found

    def deviations(self, network: Network) -> list[str]:
        """In words, what is otherwise than wished, although it is the network that is meant."""
        found = []
        if self.channel not in (None, network.channel):
            found.append(f"channel {network.channel} instead of {self.channel}")
        if self.pan_id not in (None, network.pan_id):
            found.append(_differs("PAN identifier", network.pan_id, self.pan_id, 4))
        return found

    def new_network(self, entropy: Callable[[int], bytes]) -> Network:
        """A network that never was; what is not wished is drawn."""
        pan_id = self.pan_id
        while pan_id is None or not 0 < pan_id < 0xFFF0:
            pan_id = int.from_bytes(entropy(2), "little")
        extended_pan_id = self.extended_pan_id
        while extended_pan_id in (None, 0, 0xFFFF_FFFF_FFFF_FFFF):
            extended_pan_id = int.from_bytes(entropy(8), "little")
        assert extended_pan_id is not None
        channel = self.channel or PREFERRED_CHANNELS[entropy(1)[0] % len(PREFERRED_CHANNELS)]
        return Network(
            channel=channel,
            pan_id=pan_id,
            extended_pan_id=extended_pan_id,
            network_key=self.network_key or entropy(_KEY_SIZE),
            link_key=entropy(_KEY_SIZE),
        )


def differences(found: Network, expected: Network) -> list[str]:
    """In words, how the network that was found differs from the one that was expected."""
    told = []
    if found.extended_pan_id != expected.extended_pan_id:
        told.append(_differs("extended PAN identifier", found.extended_pan_id, expected.extended_pan_id, 16))
    if found.pan_id != expected.pan_id:
        told.append(_differs("PAN identifier", found.pan_id, expected.pan_id, 4))
    if found.channel != expected.channel:
        told.append(f"channel {found.channel} instead of {expected.channel}")
    if found.network_key != expected.network_key:
        told.append("another network key")
    return told


def _differs(what: str, found: int, expected: int | None, digits: int) -> str:
    return f"{what} {found:0{digits}x} instead of {expected:0{digits}x}"


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != _KEY_SIZE:
        raise ValueError(f"a key has {_KEY_SIZE} bytes, not {len(key)}")
    return key
