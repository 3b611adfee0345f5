"""The clusters that are kept, and the one way from a frame to a cluster's command."""

from typing import Final

from drivers.zigbee.zcl.cluster import GLOBAL_ATTRIBUTES, AttributeDef, Cluster, ClusterCommand
from drivers.zigbee.zcl.clusters import concentration_measurement, ikea, philips, tuya_switch, xiaomi
from drivers.zigbee.zcl.clusters.alarms import ALARMS
from drivers.zigbee.zcl.clusters.analog_input import ANALOG_INPUT
from drivers.zigbee.zcl.clusters.analog_output import ANALOG_OUTPUT
from drivers.zigbee.zcl.clusters.analog_value import ANALOG_VALUE
from drivers.zigbee.zcl.clusters.ballast_configuration import BALLAST_CONFIGURATION
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.binary_input import BINARY_INPUT
from drivers.zigbee.zcl.clusters.binary_output import BINARY_OUTPUT
from drivers.zigbee.zcl.clusters.binary_value import BINARY_VALUE
from drivers.zigbee.zcl.clusters.color_control import COLOR_CONTROL
from drivers.zigbee.zcl.clusters.dehumidification_control import DEHUMIDIFICATION_CONTROL
from drivers.zigbee.zcl.clusters.device_temperature import DEVICE_TEMPERATURE
from drivers.zigbee.zcl.clusters.diagnostics import DIAGNOSTICS
from drivers.zigbee.zcl.clusters.door_lock import DOOR_LOCK
from drivers.zigbee.zcl.clusters.electrical_conductivity import ELECTRICAL_CONDUCTIVITY
from drivers.zigbee.zcl.clusters.electrical_measurement import ELECTRICAL_MEASUREMENT
from drivers.zigbee.zcl.clusters.fan_control import FAN_CONTROL
from drivers.zigbee.zcl.clusters.flow_measurement import FLOW_MEASUREMENT
from drivers.zigbee.zcl.clusters.green_power import GREEN_POWER
from drivers.zigbee.zcl.clusters.groups import GROUPS
from drivers.zigbee.zcl.clusters.ias_ace import IAS_ACE
from drivers.zigbee.zcl.clusters.ias_wd import IAS_WD
from drivers.zigbee.zcl.clusters.ias_zone import IAS_ZONE
from drivers.zigbee.zcl.clusters.identify import IDENTIFY
from drivers.zigbee.zcl.clusters.illuminance_level_sensing import ILLUMINANCE_LEVEL_SENSING
from drivers.zigbee.zcl.clusters.illuminance_measurement import ILLUMINANCE_MEASUREMENT
from drivers.zigbee.zcl.clusters.leaf_wetness import LEAF_WETNESS
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL
from drivers.zigbee.zcl.clusters.metering import METERING
from drivers.zigbee.zcl.clusters.multistate_input import MULTISTATE_INPUT
from drivers.zigbee.zcl.clusters.multistate_output import MULTISTATE_OUTPUT
from drivers.zigbee.zcl.clusters.multistate_value import MULTISTATE_VALUE
from drivers.zigbee.zcl.clusters.occupancy_sensing import OCCUPANCY_SENSING
from drivers.zigbee.zcl.clusters.on_off import ON_OFF
from drivers.zigbee.zcl.clusters.on_off_switch_configuration import ON_OFF_SWITCH_CONFIGURATION
from drivers.zigbee.zcl.clusters.ota_upgrade import OTA_UPGRADE
from drivers.zigbee.zcl.clusters.ph_measurement import PH_MEASUREMENT
from drivers.zigbee.zcl.clusters.poll_control import POLL_CONTROL
from drivers.zigbee.zcl.clusters.power_configuration import POWER_CONFIGURATION
from drivers.zigbee.zcl.clusters.pressure_measurement import PRESSURE_MEASUREMENT
from drivers.zigbee.zcl.clusters.pump_configuration import PUMP_CONFIGURATION
from drivers.zigbee.zcl.clusters.relative_humidity import RELATIVE_HUMIDITY
from drivers.zigbee.zcl.clusters.scenes import SCENES
from drivers.zigbee.zcl.clusters.soil_moisture import SOIL_MOISTURE
from drivers.zigbee.zcl.clusters.temperature_measurement import TEMPERATURE_MEASUREMENT
from drivers.zigbee.zcl.clusters.thermostat import THERMOSTAT
from drivers.zigbee.zcl.clusters.thermostat_ui import THERMOSTAT_UI
from drivers.zigbee.zcl.clusters.time import TIME
from drivers.zigbee.zcl.clusters.touchlink import TOUCHLINK
from drivers.zigbee.zcl.clusters.tuya import TUYA
from drivers.zigbee.zcl.clusters.tuya_switch import TUYA_COMMON, TUYA_SENSOR_ALARM, TUYA_SWITCH
from drivers.zigbee.zcl.clusters.wind_speed import WIND_SPEED
from drivers.zigbee.zcl.clusters.window_covering import WINDOW_COVERING
from drivers.zigbee.zcl.clusters.xiaomi import XIAOMI
from drivers.zigbee.zcl.frame import ZclFrame

# One line a cluster.
ALL: Final[tuple[Cluster, ...]] = (
    BASIC,
    POWER_CONFIGURATION,
    DEVICE_TEMPERATURE,
    IDENTIFY,
    GROUPS,
    SCENES,
    ON_OFF,
    ON_OFF_SWITCH_CONFIGURATION,
    LEVEL_CONTROL,
    ALARMS,
    TIME,
    ANALOG_INPUT,
    ANALOG_OUTPUT,
    ANALOG_VALUE,
    BINARY_INPUT,
    BINARY_OUTPUT,
    BINARY_VALUE,
    MULTISTATE_INPUT,
    MULTISTATE_OUTPUT,
    MULTISTATE_VALUE,
    OTA_UPGRADE,
    POLL_CONTROL,
    GREEN_POWER,
    DOOR_LOCK,
    WINDOW_COVERING,
    PUMP_CONFIGURATION,
    THERMOSTAT,
    FAN_CONTROL,
    DEHUMIDIFICATION_CONTROL,
    THERMOSTAT_UI,
    COLOR_CONTROL,
    BALLAST_CONFIGURATION,
    ILLUMINANCE_MEASUREMENT,
    ILLUMINANCE_LEVEL_SENSING,
    TEMPERATURE_MEASUREMENT,
    PRESSURE_MEASUREMENT,
    FLOW_MEASUREMENT,
    RELATIVE_HUMIDITY,
    OCCUPANCY_SENSING,
    LEAF_WETNESS,
    SOIL_MOISTURE,
    PH_MEASUREMENT,
    ELECTRICAL_CONDUCTIVITY,
    WIND_SPEED,
    *concentration_measurement.CLUSTERS,
    IAS_ZONE,
    IAS_ACE,
    IAS_WD,
    METERING,
    ELECTRICAL_MEASUREMENT,
    DIAGNOSTICS,
    TOUCHLINK,
    TUYA_COMMON,
    TUYA_SWITCH,
    TUYA_SENSOR_ALARM,
    TUYA,
    *ikea.CLUSTERS,
    *philips.CLUSTERS,
    XIAOMI,
)

CLUSTERS: Final[dict[int, Cluster]] = {cluster.id: cluster for cluster in ALL}

COMMANDS: Final[tuple[type[ClusterCommand], ...]] = (
    *(kind for cluster in ALL for kind in (*cluster.received, *cluster.generated)),
    *tuya_switch.COMMANDS,
    *ikea.COMMANDS,
)
"""Those of the clusters, and what makers add to clusters that are not theirs."""

UNASKED: Final = frozenset((kind.CLUSTER, kind.COMMAND) for kind in COMMANDS if kind.UNASKED)
"""Cluster and number of the commands that servers send by themselves."""

_Header = tuple[int, int, bool, int | None]
_DECODERS: Final[dict[_Header, type[ClusterCommand]]] = {
    (kind.CLUSTER, kind.COMMAND, kind.FROM_SERVER, kind.MANUFACTURER_CODE): kind for kind in COMMANDS
}

_ADDED: Final[dict[tuple[int, int, int | None], AttributeDef]] = {
    (cluster_id, attribute.id, attribute.manufacturer_code): attribute
    for added in (tuya_switch.ATTRIBUTES, xiaomi.ATTRIBUTES, philips.ATTRIBUTES)
    for cluster_id, attributes in added.items()
    for attribute in attributes
}
_GLOBAL: Final[dict[int, AttributeDef]] = {attribute.id: attribute for attribute in GLOBAL_ATTRIBUTES}


def decode_command(cluster_id: int, frame: ZclFrame) -> ClusterCommand | None:
    """The command in a cluster specific frame; None where it is not kept here. Raises MalformedFrame."""
    kind = _DECODERS.get((cluster_id, frame.command, frame.from_server, frame.manufacturer_code))
    return None if kind is None else kind.from_bytes(frame.payload)


def attribute_of(cluster_id: int, attribute_id: int, manufacturer_code: int | None = None) -> AttributeDef | None:
    """What is known of an attribute: a maker's own first, then the cluster's, then those that every cluster has.

    Some makers put their code on frames with standard attributes, so a code that is known nowhere does not hinder.
    """
    added = _ADDED.get((cluster_id, attribute_id, manufacturer_code))
    if added is not None:
        return added
    cluster = CLUSTERS.get(cluster_id)
    found = None if cluster is None else cluster.attribute(attribute_id)
    return found or _ADDED.get((cluster_id, attribute_id, None)) or _GLOBAL.get(attribute_id)
