"""What a stick remembers without power: addresses, the network that was formed, keys, children, frame counters.

In a JSON file or nowhere.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.kept_file import read_kept, write_kept
from simulators.kept_record import as_kept, from_kept

COUNTER_STEP: Final = 4096
"""A frame counter is written to flash ahead of time, in steps: a chip that lost its power goes on at the next one.

05-3474-22, §4.3.1.2 and §4.6.1 leave the step to the maker; EmberZNet takes 4096.
"""
COUNTER_MAX: Final = 0xFFFFFFFF
WELL_KNOWN_KEY: Final = b"ZigBeeAlliance09"
"""The link key that devices without an install code join with (05-3474-22, §4.3.3: the default global link key)."""
CHANNELS: Final = tuple(range(11, 27))
ALL_CHANNELS_MASK: Final = 0x07FFF800
ERASED_EUI64: Final = 0xFFFFFFFFFFFFFFFF
RESTORED_EUI64: Final = 0x1E12A
"""The NVM3 key of the token by which a restored backup gives a stick another one's address."""
CUSTOM_EUI64: Final = 0x0C
"""The manufacturing token of the same use, which can be written once (UG100, EzspMfgTokenId)."""
_NOBODY_EUI64: Final = (0, ERASED_EUI64)


@dataclass(slots=True)
class FormedNetwork:
    """The network that the stick is the coordinator of. Bytes are kept as they are on the air."""

    extended_pan_id: int
    pan_id: int
    channel: int
    network_key: bytes
    link_key: bytes
    """The trust centre's."""
    key_sequence: int = 0
    next_key: bytes | None = None
    """Given out already, and switched to when the word comes."""
    security_bitmask: int = 0x0084
    """EmberCurrentSecurityBitmask: a global link key, hashed for each device."""
    tx_power_dbm: int = 8
    join_method: int = 0
    manager_id: int = 0
    update_id: int = 0
    channel_mask: int = ALL_CHANNELS_MASK


@dataclass(slots=True)
class LinkKey:
    """A line of the key table: the key of one device alone."""

    eui64: int
    key: bytes
    outgoing_counter: int = 0
    incoming_counter: int = 0


@dataclass(slots=True)
class Child:
    """A line of the child table: an end device whose parent is the coordinator."""

    eui64: int
    node_id: int
    node_type: int


@dataclass(slots=True)
class Memory:
    """Read by everyone, `save`d by whoever changed it."""

    factory_eui64: int
    network: FormedNetwork | None = None
    keys: dict[int, LinkKey] = field(default_factory=dict)
    """By its index in the key table."""
    children: dict[int, Child] = field(default_factory=dict)
    """By its index in the child table."""
    tokens: dict[int, bytes] = field(default_factory=dict)
    """NVM3 objects that the host wrote, by their key."""
    manufacturing: dict[int, bytes] = field(default_factory=dict)
    nwk_counter: int = 0
    aps_counter: int = 0
    path: Path | None = None
    """None: forgotten with the process."""
    nwk_written: int = 0
    aps_written: int = 0

    @classmethod
    def open(cls, path: Path | None, rng: random.Random) -> "Memory":
        """Read `path`, or begin there with a stick as it left the factory. Raises ValueError on a damaged file."""
        if path is None or not path.exists():
            memory = cls(draw_eui64(rng), path=path)
            memory.save()
            return memory
        return read_kept(path, "a Zigbee stick's memory", lambda kept: _from_json(kept, path))

    def save(self) -> None:
        if self.path is not None:
            write_kept(self.path, _to_json(self), synced=True)

    @property
    def eui64(self) -> int:
        """The stick's own: the restored one goes before the custom one, and that before the factory's."""
        restored = int.from_bytes(self.tokens.get(RESTORED_EUI64, b""), "little")
        custom = int.from_bytes(self.manufacturing.get(CUSTOM_EUI64, b""), "little")
        return next((it for it in (restored, custom) if it not in _NOBODY_EUI64), self.factory_eui64)

    def commission(self, rng: random.Random) -> FormedNetwork:
        """Be the coordinator of a network formed long ago, if of none: channel, identifiers and keys drawn."""
        if self.network is None:
            self.network = FormedNetwork(
                extended_pan_id=rng.getrandbits(64),
                pan_id=rng.randrange(0x0001, 0xFFF0),
                channel=rng.choice(CHANNELS),
                network_key=rng.randbytes(16),
                link_key=rng.randbytes(16),
            )
            self.save()
        return self.network

    def count_nwk(self) -> int:
        """The counter of the next frame, on the air secured with the network key."""
        self.nwk_counter = min(self.nwk_counter + 1, COUNTER_MAX)
        if self.nwk_counter >= self.nwk_written:
            self._write_counters()
        return self.nwk_counter

    def count_aps(self) -> int:
        """Likewise for what a link key secures."""
        self.aps_counter = min(self.aps_counter + 1, COUNTER_MAX)
        if self.aps_counter >= self.aps_written:
            self._write_counters()
        return self.aps_counter

    def set_counters(self, *, nwk: int | None = None, aps: int | None = None) -> None:
        """As a backup says: from here on, whatever was counted before."""
        self.nwk_counter = self.nwk_counter if nwk is None else nwk
        self.aps_counter = self.aps_counter if aps is None else aps
        self._write_counters()

    def lose_power(self) -> None:
        """What was only in RAM is gone: the counters go on where flash says, which is never lower."""
        self.nwk_counter, self.aps_counter = self.nwk_written, self.aps_written

    def add_child(self, eui64: int, node_id: int, node_type: int) -> int:
        """Into the first free line of the child table, or into its old one. The line's index."""
        index = self.child_index(eui64)
        if index is None:
            index = next(it for it in range(len(self.children) + 1) if it not in self.children)
        self.children[index] = Child(eui64, node_id, node_type)
        self.save()
        return index

    def remove_child(self, eui64: int) -> int | None:
        """The index of the line that is free now; None: it was in none."""
        index = self.child_index(eui64)
        if index is not None:
            del self.children[index]
            self.save()
        return index

    def child_index(self, eui64: int) -> int | None:
        return next((index for index, child in self.children.items() if child.eui64 == eui64), None)

    def forget_network(self) -> None:
        """The coordinator leaves its network: its keys and children go with it, its counters stay."""
        self.network = None
        self.keys.clear()
        self.children.clear()
        self.save()

    def reset(self, *, keep_counters: bool) -> None:
        """Factory settings of everything that the stack keeps; the address, restored or not, is not among it."""
        if not keep_counters:
            self.set_counters(nwk=0, aps=0)
        self.forget_network()

    def _write_counters(self) -> None:
        self.nwk_written = min(self.nwk_counter + COUNTER_STEP, COUNTER_MAX)
        self.aps_written = min(self.aps_counter + COUNTER_STEP, COUNTER_MAX)
        self.save()


def draw_eui64(rng: random.Random) -> int:
    """One of Silicon Labs' (00:0D:6F)."""
    return 0x000D6F << 40 | rng.getrandbits(40)


def _to_json(memory: Memory) -> dict[str, Any]:
    return {
        "factory_eui64": memory.factory_eui64,
        "network": None if memory.network is None else as_kept(memory.network),
        "keys": {str(index): as_kept(key) for index, key in memory.keys.items()},
        "children": {str(index): as_kept(child) for index, child in memory.children.items()},
        "tokens": {str(key): data.hex() for key, data in memory.tokens.items()},
        "manufacturing": {str(token): data.hex() for token, data in memory.manufacturing.items()},
        "nwk_written": memory.nwk_written,
        "aps_written": memory.aps_written,
    }


def _from_json(kept: dict[str, Any], path: Path | None) -> Memory:
    network = kept["network"]
    return Memory(
        factory_eui64=int(kept["factory_eui64"]),
        network=None if network is None else from_kept(FormedNetwork, network),
        keys={int(index): from_kept(LinkKey, key) for index, key in kept["keys"].items()},
        children={int(index): from_kept(Child, child) for index, child in kept["children"].items()},
        tokens={int(key): bytes.fromhex(data) for key, data in kept["tokens"].items()},
        manufacturing={int(token): bytes.fromhex(data) for token, data in kept["manufacturing"].items()},
        nwk_counter=int(kept["nwk_written"]),
        aps_counter=int(kept["aps_written"]),
        path=path,
        nwk_written=int(kept["nwk_written"]),
        aps_written=int(kept["aps_written"]),
    )
