"""Metering: meters of electricity, gas, water, heat (ZCL8, 10.4).

Attributes are in `metering_attributes`, snapshots and mirrors in `metering_snapshots`.
What is measured is value times multiplier divided by divisor, in the unit of measure.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import ClassVar

from drivers.zigbee.wire import UInt8, UInt16, UInt32
from drivers.zigbee.zcl.cluster import Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.clusters import metering_snapshots
from drivers.zigbee.zcl.clusters.metering_attributes import ATTRIBUTES, CLIENT_ATTRIBUTES
from drivers.zigbee.zcl.fields import UInt24Rest

CLUSTER_ID = 0x0702

BCD = 0x80
"""Set in a unit of measure whose values are decimal digits, four bits each."""
MIRRORED = 0x7F
"""Added to the device type of a meter that another one speaks for: 0x7F is a mirrored electric meter, 0x80 gas..."""


class UnitOfMeasure(IntEnum):
    """Of amounts; demands are that much an hour (or, with 0x00, kW)."""

    KILOWATT_HOUR = 0x00
    CUBIC_METRE = 0x01
    CUBIC_FOOT = 0x02
    HUNDRED_CUBIC_FEET = 0x03
    US_GALLON = 0x04
    IMPERIAL_GALLON = 0x05
    BTU = 0x06
    LITRE = 0x07
    KILOPASCAL_GAUGE = 0x08
    KILOPASCAL_ABSOLUTE = 0x09
    THOUSAND_CUBIC_FEET = 0x0A
    UNITLESS = 0x0B
    MEGAJOULE = 0x0C
    KVAR_HOUR = 0x0D


class MeteringDeviceType(IntEnum):
    ELECTRIC = 0
    GAS = 1
    WATER = 2
    THERMAL = 3
    PRESSURE = 4
    HEAT = 5
    COOLING = 6
    ELECTRIC_VEHICLE_CHARGING = 7
    PV_GENERATION = 8
    WIND_TURBINE_GENERATION = 9
    WATER_TURBINE_GENERATION = 10
    MICRO_GENERATION = 11
    SOLAR_HOT_WATER_GENERATION = 12
    ELECTRIC_ELEMENT_1 = 13
    ELECTRIC_ELEMENT_2 = 14
    ELECTRIC_ELEMENT_3 = 15


class ElectricityStatus(IntFlag):
    """The attribute status of an electric meter; others have other meanings from the fourth bit on."""

    CHECK_METER = 0x01
    LOW_BATTERY = 0x02
    TAMPER_DETECT = 0x04
    POWER_FAILURE = 0x08
    POWER_QUALITY = 0x10
    LEAK_DETECT = 0x20
    SERVICE_DISCONNECT_OPEN = 0x40


class SupplyStatus(IntEnum):
    OFF = 0x00
    OFF_ARMED = 0x01
    ON = 0x02
    UNCHANGED = 0x03


class IntervalPeriod(IntEnum):
    """How long each interval of a profile is."""

    DAILY = 0
    MINUTES_60 = 1
    MINUTES_30 = 2
    MINUTES_15 = 3
    MINUTES_10 = 4
    MINUTES_7_5 = 5
    MINUTES_5 = 6
    MINUTES_2_5 = 7


@dataclass(frozen=True, slots=True)
class GetProfile(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    interval_channel: UInt8
    """0 delivered, 1 received."""
    end_time: UInt32
    """0: up to now."""
    number_of_periods: UInt8


@dataclass(frozen=True, slots=True)
class RequestFastPollMode(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    fast_poll_update_period_s: UInt8
    duration_min: UInt8


@dataclass(frozen=True, slots=True)
class ResetLoadLimitCounter(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0A

    provider_id: UInt32
    issuer_event_id: UInt32


@dataclass(frozen=True, slots=True)
class ChangeSupply(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0B

    provider_id: UInt32
    issuer_event_id: UInt32
    request_time: UInt32
    implementation_time: UInt32
    proposed_supply_status: UInt8
    supply_control_bits: UInt8


@dataclass(frozen=True, slots=True)
class LocalChangeSupply(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0C

    proposed_supply_status: UInt8


@dataclass(frozen=True, slots=True)
class SetSupplyStatus(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0D

    issuer_event_id: UInt32
    supply_tamper_state: UInt8
    supply_depletion_state: UInt8
    supply_uncontrolled_flow_state: UInt8
    load_limit_supply_state: UInt8


@dataclass(frozen=True, slots=True)
class SetUncontrolledFlowThreshold(ClusterCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0E

    provider_id: UInt32
    issuer_event_id: UInt32
    threshold: UInt16
    unit_of_measure: UInt8
    multiplier: UInt16
    divisor: UInt16
    stabilisation_period: UInt8
    measurement_period: UInt16


@dataclass(frozen=True, slots=True)
class GetProfileResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x00

    end_time: UInt32
    status: UInt8
    profile_interval_period: UInt8
    """An IntervalPeriod, where it is one that is known here."""
    number_of_periods_delivered: UInt8
    intervals: UInt24Rest
    """The newest first."""


@dataclass(frozen=True, slots=True)
class RequestFastPollModeResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x03

    applied_update_period_s: UInt8
    end_time: UInt32


@dataclass(frozen=True, slots=True)
class SupplyStatusResponse(ServerCommand):
    CLUSTER: ClassVar = CLUSTER_ID
    COMMAND: ClassVar = 0x0C

    provider_id: UInt32
    issuer_event_id: UInt32
    implementation_time: UInt32
    supply_status: UInt8


METERING = Cluster(
    id=CLUSTER_ID,
    name="metering",
    attributes=ATTRIBUTES,
    received=(
        GetProfile,
        RequestFastPollMode,
        ResetLoadLimitCounter,
        ChangeSupply,
        LocalChangeSupply,
        SetSupplyStatus,
        SetUncontrolledFlowThreshold,
        *metering_snapshots.RECEIVED,
    ),
    generated=(GetProfileResponse, RequestFastPollModeResponse, SupplyStatusResponse, *metering_snapshots.GENERATED),
    client_attributes=CLIENT_ATTRIBUTES,
)
