"""What is known of a node: the result of its interview, as it is kept between restarts.

Everything here can be written as JSON and read back. What changes from minute to minute (silent, awake, who waits for
which answer) is `node`'s; how the knowledge is gathered is `interviewing`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

from drivers.zigbee.wire import eui64_text
from drivers.zigbee.zdo.descriptors import LogicalType
from drivers.zigbee.zdo.message import MacCapability

UNKNOWN_NODE_ID = 0xFFFE
"""The NWK address of a node whose address is not known now (Zigbee Specification 05-3474-22 §3.5.2)."""
ROOT = 0
"""The part that is the device itself; end points of applications are 1 to 240."""


class Stage(IntEnum):
    """How far the interview has come; each is complete when it is reached."""

    NOTHING = 0
    NODE_DESCRIPTOR = 1
    ENDPOINTS = 2
    BASIC = 3
    CLASSES = 4
    BINDINGS = 5
    STATE = 6
    COMPLETE = 7


@dataclass(slots=True)
class EndPoint:
    """One application of a node: its clusters, and what was read of them in the interview."""

    number: int
    profile: int = 0
    device_type: int = 0
    inputs: tuple[int, ...] = ()
    """The clusters whose server it is."""
    outputs: tuple[int, ...] = ()
    """The clusters whose client it is: what it commands others with."""
    attributes: dict[int, dict[int, Any]] = field(default_factory=dict)
    """By cluster and attribute what it said; None where it has no such attribute, or no value for it."""
    memory: dict[str, Any] = field(default_factory=dict, compare=False)
    """What a translation must remember between two reports of one thing; not kept."""

    def has(self, cluster: int) -> bool:
        return cluster in self.inputs

    def attribute(self, cluster: int, attribute: int) -> Any:
        """None where it was not read, or is not there."""
        return self.attributes.get(cluster, {}).get(attribute)

    def to_record(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "profile": self.profile,
            "device_type": self.device_type,
            "inputs": list(self.inputs),
            "outputs": list(self.outputs),
            "attributes": {
                str(cluster): {str(key): _to_json(value) for key, value in values.items()}
                for cluster, values in self.attributes.items()
            },
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        return cls(
            number=record["number"],
            profile=record["profile"],
            device_type=record["device_type"],
            inputs=tuple(record["inputs"]),
            outputs=tuple(record["outputs"]),
            attributes={
                int(cluster): {int(key): _from_json(value) for key, value in values.items()}
                for cluster, values in record["attributes"].items()
            },
        )


@dataclass(slots=True)
class NodeRecord:
    """One node of the network."""

    eui64: int
    node_id: int = UNKNOWN_NODE_ID
    """Its NWK address, which may change."""
    stage: Stage = Stage.NOTHING
    logical_type: LogicalType = LogicalType.END_DEVICE
    mains: bool = False
    """It has another power supply than a battery."""
    rx_on_when_idle: bool = False
    """It hears at any time."""
    manufacturer_code: int = 0
    """Of the node descriptor: whose extensions of the ZCL it has."""
    manufacturer: str = ""
    model: str = ""
    name: str = ""
    """What the device itself says where it is (Basic, LocationDescription)."""
    power_source: int | None = None
    firmware: str = ""
    ias_enrolled: bool = False
    interviews: int = 0
    """How often it has been interviewed to the end."""
    unanswered: int = 0
    """Questions of the interview that it did not answer: it cannot, or the answer was lost on the way."""
    unreported: frozenset[tuple[int, int]] = frozenset()
    """End point and cluster of what it does not report by itself: read now and then instead."""
    endpoints: dict[int, EndPoint] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return eui64_text(self.eui64)

    @property
    def sleeps(self) -> bool:
        """It hears only what waits at its parent when it polls for it."""
        return not self.rx_on_when_idle

    @property
    def is_router(self) -> bool:
        return self.logical_type is not LogicalType.END_DEVICE

    def flags(self, mac_capability: int) -> None:
        """Take over what a Device_annce or a node descriptor says."""
        self.mains = bool(mac_capability & MacCapability.MAINS_POWERED)
        self.rx_on_when_idle = bool(mac_capability & MacCapability.RX_ON_WHEN_IDLE)

    def to_record(self) -> dict[str, Any]:
        return {
            "eui64": eui64_text(self.eui64),
            "node_id": self.node_id,
            "stage": self.stage.name,
            "logical_type": self.logical_type.name,
            "mains": self.mains,
            "rx_on_when_idle": self.rx_on_when_idle,
            "manufacturer_code": self.manufacturer_code,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "name": self.name,
            "power_source": self.power_source,
            "firmware": self.firmware,
            "ias_enrolled": self.ias_enrolled,
            "interviews": self.interviews,
            "unanswered": self.unanswered,
            "unreported": sorted(list(place) for place in self.unreported),
            "endpoints": [endpoint.to_record() for _, endpoint in sorted(self.endpoints.items())],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Raises KeyError, ValueError or TypeError for what `to_record` did not write: the node is asked anew then."""
        endpoints = [EndPoint.from_record(item) for item in record["endpoints"]]
        return cls(
            eui64=int(record["eui64"], 16),
            node_id=record["node_id"],
            stage=Stage[record["stage"]],
            logical_type=LogicalType[record["logical_type"]],
            mains=record["mains"],
            rx_on_when_idle=record["rx_on_when_idle"],
            manufacturer_code=record["manufacturer_code"],
            manufacturer=record["manufacturer"],
            model=record["model"],
            name=record["name"],
            power_source=record["power_source"],
            firmware=record["firmware"],
            ias_enrolled=record["ias_enrolled"],
            interviews=record["interviews"],
            unanswered=record["unanswered"],
            unreported=frozenset((endpoint, cluster) for endpoint, cluster in record["unreported"]),
            endpoints={endpoint.number: endpoint for endpoint in endpoints},
        )


def _to_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    # Whatever else a data type may decode to is shown rather than lost.
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return bytes.fromhex(value["bytes"])
    if isinstance(value, list):
        return tuple(_from_json(item) for item in value)
    return value
