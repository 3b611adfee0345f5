"""45 real devices and what somebody else makes of them: the snapshots of ZHA's tests, read in place.

`snapshots()` reads them, `record_of` makes of one the record that an interview would have filled, and `misses` says
which functions of it are not among the capabilities that are offered. What ZHA's entities are in our words is
`tests.drivers.zigbee.snapshots.mapping`.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from drivers.zigbee.capabilities.table import WHOLE, capabilities_of, questions_of, said_by_attributes
from drivers.zigbee.node_record import ROOT, EndPoint, NodeRecord, Stage
from drivers.zigbee.zcl.clusters.table import attribute_of
from drivers.zigbee.zcl.data_types import decode_value, encode_value
from drivers.zigbee.zdo.descriptors import LogicalType
from tests.drivers.zigbee.snapshots.mapping import LEFT_OUT, implied_by

FOLDER: Final = Path(__file__).parents[2].parent / "shared" / "data" / "zha_devices"
WHY_SKIPPED: Final = f"no snapshots in {FOLDER}"


@dataclass(frozen=True)
class Entity:
    """What ZHA makes of a part of a device."""

    platform: str
    kind: str
    """The name of its class."""
    device_class: str | None
    endpoint: int
    info: Mapping[str, Any]
    state: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.platform}.{self.kind}" + (f" ({self.device_class})" if self.device_class else "")


@dataclass(frozen=True)
class Snapshot:
    name: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(path.stem, json.loads(path.read_text(encoding="utf-8")))

    @property
    def signature(self) -> Mapping[str, Any]:
        """Before ZHA's own corrections, where it made some."""
        signature: Mapping[str, Any] = self.data.get("original_signature") or {}
        return signature if "endpoints" in signature else self.data["signature"]

    @property
    def entities(self) -> list[Entity]:
        return [
            Entity(
                platform,
                entity["info_object"]["class_name"],
                entity["info_object"]["device_class"],
                entity["info_object"]["endpoint_id"],
                entity["info_object"],
                entity["state"],
            )
            for platform, entities in self.data["zha_lib_entities"].items()
            for entity in entities
        ]

    def values(self, endpoint: int, cluster: int) -> dict[int, Any]:
        """Every attribute that has a value, as a driver would read it: None is the ZCL's non-value."""
        details = self.data["cluster_details"].get(str(endpoint), {}).get("in_clusters", {})
        known = details.get(f"0x{cluster:04x}", {}).get("attributes", {})
        values = {int(key, 16): one["value"] for key, one in known.items() if one.get("value") is not None}
        return {attribute: _as_read(cluster, attribute, value) for attribute, value in values.items()}


@dataclass(frozen=True)
class Miss:
    """A function that ZHA sees and that is not offered."""

    snapshot: str
    entity: Entity
    implied: str
    """`capability.attribute` that is not there; empty where the mapping does not know such an entity."""
    reason: str
    """Why it is left out on purpose; empty where it is not."""

    def __str__(self) -> str:
        why = self.reason or ("unknown to the mapping" if not self.implied else "NOT OFFERED")
        return f"{self.snapshot}: {self.entity}{' -> ' + self.implied if self.implied else ''}: {why}"


def _as_read(cluster: int, attribute: int, value: Any) -> Any:
    """Through the bytes of its type and back, where it is of that type at all: ZHA's corrections make fractions."""
    definition = attribute_of(cluster, attribute)
    if definition is None or not isinstance(value, int):
        return value
    try:
        return decode_value(definition.type_id, encode_value(definition.type_id, value), 0)[0]
    except (OverflowError, TypeError, ValueError):
        return value


def snapshots() -> list[Snapshot]:
    """None where the folder is not there."""
    return [Snapshot.read(path) for path in sorted(FOLDER.glob("*.json"))]


def record_of(snapshot: Snapshot) -> NodeRecord:
    """As an interview would have left it."""
    descriptor = snapshot.data["signature"]["node_descriptor"]
    record = NodeRecord(
        eui64=int(snapshot.data["ieee"].replace(":", ""), 16),
        node_id=snapshot.data["nwk"],
        logical_type=LogicalType(descriptor["logical_type"]),
        manufacturer_code=snapshot.data["manufacturer_code"] or 0,
        manufacturer=snapshot.data["manufacturer"].strip(),
        model=snapshot.data["model"].strip(),
    )
    record.stage = Stage.COMPLETE
    record.flags(descriptor["mac_capability_flags"])
    record.firmware = snapshot.values(1, 0x0000).get(0x4000) or ""
    for number, endpoint in snapshot.signature["endpoints"].items():
        record.endpoints[int(number)] = EndPoint(
            int(number),
            _number(endpoint["profile_id"]),
            _number(endpoint["device_type"]),
            tuple(_number(cluster) for cluster in endpoint["input_clusters"]),
            tuple(_number(cluster) for cluster in endpoint["output_clusters"]),
        )
    capabilities_of(record)
    for read in questions_of(record):
        values = snapshot.values(read.endpoint, read.cluster)
        answers = {attribute: values.get(attribute) for attribute in read.attributes}
        # What it answers is heard by the translations first, as it is on its way into the driver.
        said_by_attributes(record, read.endpoint, read.cluster, {key: values[key] for key in answers if key in values})
        record.endpoints[read.endpoint].attributes.setdefault(read.cluster, {}).update(answers)
    capabilities_of(record)
    return record


def _number(value: str | int | None) -> int:
    return int(value, 16) if isinstance(value, str) else value or 0


def misses(snapshot: Snapshot, capabilities: Mapping[int, Collection[str]]) -> list[Miss]:
    """What is not offered of the functions that ZHA's entities imply; `capabilities` by part, ROOT is the device."""
    found: list[Miss] = []
    for entity in snapshot.entities:
        reason = LEFT_OUT.get((snapshot.name, entity.kind)) or LEFT_OUT.get(("", entity.kind)) or ""
        implied = implied_by(entity.platform, entity.kind, entity.device_class, entity.state)
        if implied is None:
            found.append(Miss(snapshot.name, entity, "", reason))
            continue
        for name in implied:
            capability = name.partition(".")[0]
            if capability not in _offered(entity.endpoint, capability, capabilities):
                found.append(Miss(snapshot.name, entity, name, reason))
    return found


def _offered(endpoint: int, capability: str, capabilities: Mapping[int, Collection[str]]) -> Collection[str]:
    """Of the part that an end point is, or of the device."""
    part = endpoint if endpoint in capabilities and capability not in WHOLE else ROOT
    return capabilities.get(part, ())


def covered(found: Collection[Miss], of: Collection[Snapshot]) -> Iterator[str]:
    """A report in lines: how many entities of how many, and each miss with its reason."""
    total = sum(len(snapshot.entities) for snapshot in of)
    missed = {(miss.snapshot, id(miss.entity.info)) for miss in found}
    explained = {(miss.snapshot, id(miss.entity.info)) for miss in found if miss.reason}
    yield f"{total - len(missed)} of {total} entities of {len(of)} devices are offered"
    yield f"{len(explained)} are left out on purpose, {len(missed - explained)} are missing"
    reasons: dict[tuple[str, str], int] = {}
    for miss in found:
        key = (str(miss.entity), miss.reason or "NOT OFFERED")
        reasons[key] = reasons.get(key, 0) + 1
    for (entity, reason), times in sorted(reasons.items()):
        yield f"  {times:3} x {entity}: {reason}"
