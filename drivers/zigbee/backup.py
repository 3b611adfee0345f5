"""A network in a file: what another stick needs to be its coordinator. The open coordinator backup format, version 1.

github.com/zigpy/open-coordinator-backup: bytes as hexadecimal digits, most significant first. zigbee2mqtt and ZHA write
and read it, too. What is in it lets anybody into the network: it goes to the person who asks, and into no log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import Any, Final

from drivers.zigbee.network_identity import ALL_CHANNELS, CHANNELS, Network
from drivers.zigbee.stack import LinkKey
from drivers.zigbee.wire import eui64_text

FORMAT: Final = "zigpy/open-coordinator-backup"
VERSION: Final = 1
_SECURITY_LEVEL: Final = 5
_DEVICES_MAX: Final = 2000
_COUNTER_MAX: Final = 0xFFFF_FFFF


class BadBackup(ValueError):
    """What is wrong with a backup, for people. It shows no key."""


@dataclass(frozen=True, slots=True)
class BackedUpDevice:
    eui64: int
    node_id: int | None
    is_child: bool = False
    link_key: LinkKey | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    network: Network
    eui64: int
    """The coordinator's."""
    network_counter: int
    aps_counter: int | None = None
    has_link_key: bool = True
    """False: another stack's, of whose trust centre's link key nothing is known."""
    devices: tuple[BackedUpDevice, ...] = ()
    made_at: float | None = None
    """Unix seconds."""
    source: str = field(default="")

    @property
    def link_keys(self) -> tuple[LinkKey, ...]:
        """Of devices whose key is not made of the trust centre's."""
        return tuple(device.link_key for device in self.devices if device.link_key is not None)


def write_backup(backup: Backup) -> dict[str, Any]:
    """As the format has it."""
    network = backup.network
    made_at = datetime.fromtimestamp(backup.made_at or 0, UTC).isoformat(timespec="seconds")
    ezsp: dict[str, Any] = {"hashed_tclk": network.link_key.hex()}
    if backup.aps_counter is not None:
        ezsp["aps_frame_counter"] = backup.aps_counter
    return {
        "metadata": {
            "format": FORMAT,
            "version": VERSION,
            "source": f"hubagent@{_own_version()}",
            "internal": {"creation_time": made_at},
        },
        "stack_specific": {"ezsp": ezsp},
        "coordinator_ieee": eui64_text(backup.eui64),
        "pan_id": f"{network.pan_id:04x}",
        "extended_pan_id": eui64_text(network.extended_pan_id),
        "nwk_update_id": network.update_id,
        "security_level": _SECURITY_LEVEL,
        "channel": network.channel,
        "channel_mask": [channel for channel in CHANNELS if ALL_CHANNELS >> channel & 1],
        "network_key": {
            "key": network.network_key.hex(),
            "sequence_number": network.key_sequence,
            "frame_counter": backup.network_counter,
        },
        "devices": [_written(device) for device in backup.devices],
    }


def _written(device: BackedUpDevice) -> dict[str, Any]:
    written: dict[str, Any] = {
        "nwk_address": None if device.node_id is None else f"{device.node_id:04x}",
        "ieee_address": eui64_text(device.eui64),
        "is_child": device.is_child,
    }
    key = device.link_key
    if key is not None:
        written["link_key"] = {
            "key": key.key.hex(),
            "tx_counter": key.outgoing_counter,
            "rx_counter": key.incoming_counter,
        }
    return written


def _own_version() -> str:
    try:
        return metadata.version("hubagent")
    except metadata.PackageNotFoundError:
        return "0"


def read_backup(document: Any) -> Backup:
    """What a file says. Raises BadBackup."""
    reader = _Reader(document, "")
    about = reader.table("metadata")
    if about.value.get("format", FORMAT) != FORMAT:
        raise BadBackup(f"it is not in the format {FORMAT}")
    version = about.number("version", 0, 1000)
    if version != VERSION:
        raise BadBackup(f"it is version {version} of its format, and only {VERSION} is known")
    level = reader.number("security_level", 0, 7)
    if level != _SECURITY_LEVEL:
        raise BadBackup(f"its security level is {level}; homes have {_SECURITY_LEVEL}")
    key = reader.table("network_key")
    ezsp = reader.stack("ezsp")
    link_key = ezsp.get("hashed_tclk")
    return Backup(
        network=Network(
            channel=reader.number("channel", CHANNELS[0], CHANNELS[-1]),
            pan_id=int.from_bytes(reader.digits("pan_id", 2)),
            extended_pan_id=int.from_bytes(reader.digits("extended_pan_id", 8)),
            network_key=key.digits("key", 16),
            link_key=bytes(16) if link_key is None else _Reader(ezsp, "stack_specific.ezsp.").digits("hashed_tclk", 16),
            key_sequence=key.number("sequence_number", 0, 0xFF),
            update_id=reader.number("nwk_update_id", 0, 0xFF),
        ),
        eui64=int.from_bytes(reader.digits("coordinator_ieee", 8)),
        network_counter=key.number("frame_counter", 0, _COUNTER_MAX),
        aps_counter=_counter(ezsp.get("aps_frame_counter")),
        has_link_key=link_key is not None,
        devices=_devices(reader.rows("devices")),
        made_at=_made_at(about.value),
        source=str(about.value.get("source", ""))[:80],
    )


def _devices(rows: Sequence[Any]) -> tuple[BackedUpDevice, ...]:
    found = []
    for number, row in enumerate(rows):
        reader = _Reader(row, f"devices[{number}].")
        eui64 = int.from_bytes(reader.digits("ieee_address", 8))
        node_id = None if reader.value.get("nwk_address") is None else int.from_bytes(reader.digits("nwk_address", 2))
        key = None
        if reader.value.get("link_key") is not None:
            kept = reader.table("link_key")
            key = LinkKey(
                eui64,
                kept.digits("key", 16),
                kept.number("tx_counter", 0, _COUNTER_MAX),
                kept.number("rx_counter", 0, _COUNTER_MAX),
            )
        found.append(BackedUpDevice(eui64, node_id, bool(reader.value.get("is_child", False)), key))
    return tuple(found)


def _counter(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= _COUNTER_MAX else None


def _made_at(about: Mapping[str, Any]) -> float | None:
    """Unix seconds, where the writer said so: each has its own place for it."""
    internal = about.get("internal")
    internal = internal if isinstance(internal, Mapping) else {}
    for text in (internal.get("creation_time"), internal.get("date"), about.get("creation_time")):
        if isinstance(text, str):
            try:
                made_at = datetime.fromisoformat(text)
            except ValueError:
                continue
            return (made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)).timestamp()
    return None


class _Reader:
    """One table of the document, whose mistakes are told by their place."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, Mapping):
            raise BadBackup(f"{place.rstrip('.') or 'it'} is no table")
        self.value = value
        self._place = place

    def table(self, name: str) -> "_Reader":
        return _Reader(self._get(name), f"{self._place}{name}.")

    def stack(self, name: str) -> Mapping[str, Any]:
        """What only one stack understands; empty where there is nothing."""
        stacks = self.value.get("stack_specific")
        found = stacks.get(name) if isinstance(stacks, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    def rows(self, name: str) -> Sequence[Any]:
        value = self._get(name)
        if not isinstance(value, list) or len(value) > _DEVICES_MAX:
            raise BadBackup(f"{self._place}{name} is no list of up to {_DEVICES_MAX}")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadBackup(f"{self._place}{name} is no number from {low} to {high}")
        return value

    def digits(self, name: str, size: int) -> bytes:
        value = self._get(name)
        try:
            found = bytes.fromhex(value) if isinstance(value, str) else b""
        except ValueError:
            found = b""
        if len(found) != size:
            raise BadBackup(f"{self._place}{name} is not written in {2 * size} hexadecimal digits")
        return found

    def _get(self, name: str) -> Any:
        if name not in self.value:
            raise BadBackup(f"{self._place}{name} is missing")
        return self.value[name]
