"""Snapshots of real devices, in the format in which ZHA's diagnostics keep them: read, checked, typed.

One file is one device: node descriptor, endpoints, clusters, and what its attributes were. Where a quirk had changed
the device, `original_signature` is how it was before. A null value or a listed id is an attribute that it has not.
What such a device does is `snapshot_node`'s.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from drivers.zigbee.zcl.cluster import AttributeDef
from drivers.zigbee.zcl.clusters.table import CLUSTERS
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zdo.descriptors import NodeDescriptor
from simulators.zigbee.snapshot_values import Raw, typed

FILE_MAX: Final = 4 * 1024 * 1024
ENDPOINTS_MAX: Final = 240
CLUSTERS_MAX: Final = 64
"""On one side of one endpoint: as many fit into the frame of a simple descriptor, and then some."""
ATTRIBUTES_MAX: Final = 1024
TEXT_MAX: Final = 254
"""ZCL8, 2.6.2.12: a length has one byte, and 0xFF is no length."""
_HIGHEST_ENDPOINT: Final = 254


class SnapshotError(ValueError):
    """A file that is no snapshot: which file, where in it, what is wrong."""

    def __init__(self, file: Path, where: str, what: str) -> None:
        super().__init__(f"{file}: {where}: {what}")
        self.file = file
        self.where = where
        self.what = what


@dataclass(frozen=True, slots=True)
class CapturedAttribute:
    definition: AttributeDef
    value: Value


@dataclass(frozen=True, slots=True)
class CapturedCluster:
    id: int
    attributes: tuple[CapturedAttribute, ...]
    """Those that the device has."""


@dataclass(frozen=True, slots=True)
class CapturedEndpoint:
    number: int
    profile: int
    device_type: int
    inputs: tuple[CapturedCluster, ...]
    outputs: tuple[CapturedCluster, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    """The file's, without its ending."""
    eui64: int
    manufacturer: str
    model: str
    descriptor: NodeDescriptor
    endpoints: tuple[CapturedEndpoint, ...]


def read_snapshot(path: Path) -> Snapshot:
    """Raises SnapshotError, one for whatever is wrong first."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_MAX + 1)
    except OSError as error:
        raise SnapshotError(path, "the file", f"it cannot be read: {error.strerror}") from error
    if len(raw) > FILE_MAX:
        raise SnapshotError(path, "the file", f"it has more than {FILE_MAX} bytes")
    try:
        document = _Document.model_validate_json(raw)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        raise SnapshotError(path, where, problem["msg"]) from None
    return _snapshot(path, document)


# --- how it is written


def _number(value: object) -> object:
    """Identifiers are written as 0x0104, some as plain numbers."""
    if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{1,4}", value):
        return int(value, 16)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,5}", value):
        return int(value)
    return value


_UInt16 = Annotated[int, BeforeValidator(_number), Field(ge=0, le=0xFFFF)]
_Plain = Annotated[int, Field(ge=0, le=0xFFFF)]
_Byte = Annotated[int, Field(ge=0, le=0xFF)]
_Clusters = Annotated[list[_UInt16], Field(max_length=CLUSTERS_MAX)]
_EndpointKey = Annotated[int, BeforeValidator(_number), Field(ge=1, le=_HIGHEST_ENDPOINT)]
_Text = Annotated[str, Field(max_length=TEXT_MAX)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _NodeDescriptor(_Part):
    logical_type: int = Field(ge=0, le=7)
    complex_descriptor_available: int = Field(0, ge=0, le=1)
    user_descriptor_available: int = Field(0, ge=0, le=1)
    aps_flags: int = Field(0, ge=0, le=7)
    frequency_band: int = Field(8, ge=0, le=31)
    mac_capability_flags: _Byte
    manufacturer_code: _Plain
    maximum_buffer_size: _Byte = 82
    maximum_incoming_transfer_size: _Plain = 82
    server_mask: _Plain = 0
    maximum_outgoing_transfer_size: _Plain = 82
    descriptor_capability_field: _Byte = 0


class _SignatureEndpoint(_Part):
    profile_id: _UInt16
    device_type: _UInt16
    input_clusters: _Clusters
    output_clusters: _Clusters


class _Signature(_Part):
    node_descriptor: _NodeDescriptor
    endpoints: dict[_EndpointKey, _SignatureEndpoint] = Field(min_length=1, max_length=ENDPOINTS_MAX)


class _OriginalSignature(_Part):
    node_desc: _NodeDescriptor | None = None
    endpoints: dict[_EndpointKey, _SignatureEndpoint] = Field(min_length=1, max_length=ENDPOINTS_MAX)


class _Attribute(_Part):
    value: bool | int | Annotated[float, Field(allow_inf_nan=False)] | _Text | None
    attribute: str = ""
    attribute_name: str = ""


class _Cluster(_Part):
    attributes: dict[_UInt16, _Attribute] = Field(max_length=ATTRIBUTES_MAX)
    unsupported_attributes: dict[_UInt16, object] | list[int | str] = Field(max_length=2 * ATTRIBUTES_MAX)


class _Details(_Part):
    in_clusters: dict[_UInt16, _Cluster] = Field(max_length=CLUSTERS_MAX)
    out_clusters: dict[_UInt16, _Cluster] = Field(max_length=CLUSTERS_MAX)


class _Document(_Part):
    ieee: str = Field(pattern=r"^([0-9a-fA-F]{2}:){7}[0-9a-fA-F]{2}$")
    manufacturer: _Text
    model: _Text
    signature: _Signature
    original_signature: _OriginalSignature | None = None
    cluster_details: dict[_EndpointKey, _Details] = Field(max_length=ENDPOINTS_MAX)


# --- what it means


def _snapshot(path: Path, document: _Document) -> Snapshot:
    original = document.original_signature
    descriptor = document.signature.node_descriptor
    if original is not None and original.node_desc is not None:
        descriptor = original.node_desc
    endpoints = document.signature.endpoints if original is None else original.endpoints
    return Snapshot(
        name=path.stem,
        eui64=int(document.ieee.replace(":", ""), 16),
        manufacturer=document.manufacturer,
        model=document.model,
        descriptor=_descriptor(descriptor),
        endpoints=tuple(_endpoint(path, document, number, it) for number, it in endpoints.items()),
    )


def _descriptor(written: _NodeDescriptor) -> NodeDescriptor:
    return NodeDescriptor(
        logical_type=written.logical_type,
        mac_capability=written.mac_capability_flags,
        manufacturer_code=written.manufacturer_code,
        maximum_buffer_size=written.maximum_buffer_size,
        maximum_incoming_transfer_size=written.maximum_incoming_transfer_size,
        server_mask=written.server_mask,
        maximum_outgoing_transfer_size=written.maximum_outgoing_transfer_size,
        descriptor_capability=written.descriptor_capability_field,
        flags=written.complex_descriptor_available | written.user_descriptor_available << 1,
        aps_flags=written.aps_flags,
        frequency_bands=written.frequency_band,
    )


def _endpoint(path: Path, document: _Document, number: int, written: _SignatureEndpoint) -> CapturedEndpoint:
    details = document.cluster_details.get(number)
    inputs = {} if details is None else details.in_clusters
    outputs = {} if details is None else details.out_clusters
    place = f"cluster_details.{number}"
    return CapturedEndpoint(
        number=number,
        profile=written.profile_id,
        device_type=written.device_type,
        inputs=tuple(
            _cluster(path, f"{place}.in_clusters", it, inputs.get(it), server=True)
            for it in dict.fromkeys(written.input_clusters)
        ),
        outputs=tuple(
            _cluster(path, f"{place}.out_clusters", it, outputs.get(it), server=False)
            for it in dict.fromkeys(written.output_clusters)
        ),
    )


def _cluster(path: Path, place: str, cluster: int, written: _Cluster | None, *, server: bool) -> CapturedCluster:
    if written is None:
        return CapturedCluster(cluster, ())
    missing = {it for it in written.unsupported_attributes if isinstance(it, int)}
    found = []
    for attribute, it in sorted(written.attributes.items()):
        if it.value is None or attribute in missing:
            continue
        try:
            found.append(_attribute(cluster, attribute, it.value, it, server=server))
        except ValueError as error:
            where = f"{place}.0x{cluster:04x}.attributes.0x{attribute:04x}"
            raise SnapshotError(path, where, str(error)) from None
    return CapturedCluster(cluster, tuple(found))


def _attribute(cluster: int, attribute: int, value: Raw, written: _Attribute, *, server: bool) -> CapturedAttribute:
    """Raises ValueError for a value that no type has."""
    table = CLUSTERS.get(cluster)
    known = () if table is None else table.attributes if server else table.client_attributes
    definition = next((it for it in known if it.id == attribute), None)
    type_id, proper = typed(value, None if definition is None else definition.type_id, written.attribute)
    if definition is not None and definition.type_id == type_id:
        return CapturedAttribute(definition, proper)
    name = written.attribute_name or f"attribute_{attribute:04x}"
    return CapturedAttribute(AttributeDef(attribute, name, type_id), proper)
