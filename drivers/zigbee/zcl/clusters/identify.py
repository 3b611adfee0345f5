"""Identify: a device shows which one it is, by blinking or beeping (ZCL8, 3.5)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16
from drivers.zigbee.zcl.cluster import AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.data_types import DataType

CLUSTER_ID = 0x0003


class Effect(IntEnum):
    """ZCL8, 3.5.2.3.3.1."""

    BLINK = 0x00
    BREATHE = 0x01
    OKAY = 0x02
    CHANNEL_CHANGE = 0x0B
    FINISH_EFFECT = 0xFE
    """After the present cycle."""
    STOP_EFFECT = 0xFF
    """At once."""


@dataclass(frozen=True, slots=True)
class Identify(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    identify_time_s: UInt16
    """0 ends it."""


@dataclass(frozen=True, slots=True)
class IdentifyQuery(ClusterCommand):
    """Answered by those that are identifying themselves, by nobody else."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x01


@dataclass(frozen=True, slots=True)
class EzModeInvoke(ClusterCommand):
    """HA 1.2 (05-3520-29), 8.6.3: gone from the ZCL since."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x02

    action: UInt8


@dataclass(frozen=True, slots=True)
class UpdateCommissionState(ClusterCommand):
    """HA 1.2 (05-3520-29), 8.6.3: gone from the ZCL since."""

    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    action: UInt8
    commission_state_mask: UInt8


@dataclass(frozen=True, slots=True)
class TriggerEffect(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x40

    effect: UInt8
    """An Effect, where it is one that is known here."""
    variant: UInt8 = 0


@dataclass(frozen=True, slots=True)
class IdentifyQueryResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    timeout_s: UInt16


IDENTIFY = Cluster(
    id=CLUSTER_ID,
    name="identify",
    attributes=(
        AttributeDef(0x0000, "identify_time", DataType.UINT16, writable=True),
        AttributeDef(0x0001, "commission_state", DataType.BITMAP8),
    ),
    received=(Identify, IdentifyQuery, EzModeInvoke, UpdateCommissionState, TriggerEffect),
    generated=(IdentifyQueryResponse,),
)
