"""ZHA's entities in our words: which capability and attribute each class of them is; which are left out, and why."""

from collections.abc import Mapping
from typing import Any, Final

_ANY: Final = "*"

MAPPED: Final[dict[tuple[str, str, str], tuple[str, ...]]] = {
    # platform, class, device class (`*`: any): capability.attribute
    ("switch", "Switch", _ANY): ("on_off.on",),
    ("cover", "KeenVent", _ANY): ("window_covering.position",),
    ("lock", "DoorLock", _ANY): ("door_lock.locked",),
    ("button", "IdentifyButton", _ANY): ("identify.identify",),
    ("binary_sensor", "Accelerometer", _ANY): ("boolean_state.vibration",),
    ("binary_sensor", "Occupancy", _ANY): ("occupancy_sensing.occupied",),
    ("binary_sensor", "IASZone", "motion"): ("occupancy_sensing.occupied",),
    ("binary_sensor", "IASZone", "opening"): ("boolean_state.open",),
    ("binary_sensor", "IASZone", "moisture"): ("boolean_state.leak",),
    ("binary_sensor", "IASZone", "smoke"): ("smoke_co_alarm.smoke",),
    ("binary_sensor", "IASZone", "gas"): ("smoke_co_alarm.gas",),
    ("binary_sensor", "IASZone", "vibration"): ("boolean_state.vibration",),
    ("sensor", "Battery", _ANY): ("power_source.battery",),
    ("sensor", "Temperature", _ANY): ("temperature_measurement.temperature",),
    ("sensor", "Humidity", _ANY): ("relative_humidity_measurement.humidity",),
    ("sensor", "Pressure", _ANY): ("pressure_measurement.pressure",),
    ("sensor", "Illuminance", _ANY): ("illuminance_measurement.illuminance",),
    ("sensor", "PPBVOCLevel", _ANY): ("concentration_measurement.voc",),
    ("sensor", "SmartEnergyMetering", "power"): ("electrical_power_measurement.power",),
    ("sensor", "SmartEnergySummation", "energy"): ("electrical_energy_measurement.energy",),
    ("sensor", "PolledElectricalMeasurement", _ANY): ("electrical_power_measurement.power",),
    ("sensor", "ElectricalMeasurementApparentPower", _ANY): ("electrical_power_measurement.apparent_power",),
    ("sensor", "ElectricalMeasurementFrequency", _ANY): ("electrical_power_measurement.frequency",),
    ("sensor", "ElectricalMeasurementPowerFactor", _ANY): ("electrical_power_measurement.power_factor",),
    ("sensor", "ElectricalMeasurementRMSCurrent", _ANY): ("electrical_power_measurement.current",),
    ("sensor", "ElectricalMeasurementRMSVoltage", _ANY): ("electrical_power_measurement.voltage",),
    ("select", "StartupOnOffSelectEntity", _ANY): ("configuration.parameter_1",),
    ("number", "OnLevelConfigurationEntity", _ANY): ("configuration.parameter_2",),
    ("number", "OnOffTransitionTimeConfigurationEntity", _ANY): ("configuration.parameter_3",),
    ("number", "StartUpCurrentLevelConfigurationEntity", _ANY): ("configuration.parameter_4",),
    ("number", "StartUpColorTemperatureConfigurationEntity", _ANY): ("configuration.parameter_5",),
    ("select", "AqaraMonitoringMode", _ANY): ("configuration.parameter_101",),
    ("select", "AqaraApproachDistance", _ANY): ("configuration.parameter_102",),
    ("select", "AqaraMotionSensitivity", _ANY): ("configuration.parameter_103",),
}

LIGHT_MODES: Final[Mapping[str, tuple[str, ...]]] = {
    "onoff": ("on_off.on",),
    "brightness": ("level_control.level",),
    "xy": ("color_control.hue", "color_control.saturation"),
    "hs": ("color_control.hue", "color_control.saturation"),
    "color_temp": ("color_control.color_temperature",),
}
"""A light is what its colour modes say, whichever class it is of: the classes differ in how they are told."""

LEFT_OUT: Final[dict[tuple[str, str], str]] = {
    # device (empty: any), class: why
    ("", "LQISensor"): "the quality of the radio link is the network's, and is shown with it",
    ("", "RSSISensor"): "the quality of the radio link is the network's, and is shown with it",
    (
        "",
        "FirmwareUpdateEntity",
    ): "firmware is no state of the home: the details of a device and its driver's actions have it",
    ("", "DeviceTemperature"): "the temperature of its own electronics: taken for the room's it would mislead",
    ("", "BinaryInput"): "a bit of which no document says what it means (of the plug: whether something is plugged in)",
    ("", "NoPresenceStatusResetButton"): "a service action of one maker's sensor, and not a state",
}


def implied_by(platform: str, kind: str, device_class: str | None, state: Mapping[str, Any]) -> tuple[str, ...] | None:
    """`capability.attribute` of everything that the entity is; None where nothing here knows it."""
    if platform == "light":
        modes = state["supported_color_modes"]
        return tuple(dict.fromkeys(name for mode in modes for name in ("on_off.on", *LIGHT_MODES[mode])))
    return MAPPED.get((platform, kind, device_class or _ANY)) or MAPPED.get((platform, kind, _ANY))
