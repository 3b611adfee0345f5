"""The notification types of a home and their events: the numbers that Notification reports carry, by name.

The Z-Wave Alliance's list of assigned notification types and events (SDS13713, Notification Command Class, list of
assigned Notifications). Each IntEnum is one type's events; the codec is `notification`. A string below an event says
what its parameters are; those of an event AT_LOCATION are the location, as a Node Naming and Location Report. A device
may report numbers that are not listed here.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

IDLE: Final = 0x00
"""An event that has ended, or the state that all events of a type have ended in."""
UNKNOWN_EVENT: Final = 0xFE


class NotificationType(IntEnum):
    SMOKE = 0x01
    CARBON_MONOXIDE = 0x02
    CARBON_DIOXIDE = 0x03
    HEAT = 0x04
    WATER = 0x05
    ACCESS_CONTROL = 0x06
    HOME_SECURITY = 0x07
    POWER_MANAGEMENT = 0x08
    SYSTEM = 0x09
    EMERGENCY = 0x0A
    CLOCK = 0x0B
    APPLIANCE = 0x0C
    HOME_HEALTH = 0x0D
    SIREN = 0x0E
    WATER_VALVE = 0x0F
    WEATHER = 0x10
    IRRIGATION = 0x11
    GAS = 0x12
    PEST_CONTROL = 0x13
    LIGHT_SENSOR = 0x14
    WATER_QUALITY = 0x15
    HOME_MONITORING = 0x16


class SmokeEvent(IntEnum):
    SMOKE_AT_LOCATION = 0x01
    SMOKE = 0x02
    TEST = 0x03
    REPLACEMENT_REQUIRED = 0x04
    END_OF_LIFE = 0x05
    ALARM_SILENCED = 0x06
    INSPECTION_REQUIRED = 0x07
    DUST_IN_DEVICE = 0x08


class CarbonMonoxideEvent(IntEnum):
    CARBON_MONOXIDE_AT_LOCATION = 0x01
    CARBON_MONOXIDE = 0x02
    TEST = 0x03
    """1 test OK, 2 failed."""
    REPLACEMENT_REQUIRED = 0x04
    END_OF_LIFE = 0x05
    ALARM_SILENCED = 0x06
    INSPECTION_REQUIRED = 0x07


class CarbonDioxideEvent(IntEnum):
    CARBON_DIOXIDE_AT_LOCATION = 0x01
    CARBON_DIOXIDE = 0x02
    TEST = 0x03
    """1 test OK, 2 failed."""
    REPLACEMENT_REQUIRED = 0x04
    END_OF_LIFE = 0x05
    ALARM_SILENCED = 0x06
    INSPECTION_REQUIRED = 0x07


class HeatEvent(IntEnum):
    OVERHEAT_AT_LOCATION = 0x01
    OVERHEAT = 0x02
    RAPID_TEMPERATURE_RISE_AT_LOCATION = 0x03
    RAPID_TEMPERATURE_RISE = 0x04
    UNDERHEAT_AT_LOCATION = 0x05
    UNDERHEAT = 0x06
    TEST = 0x07
    END_OF_LIFE = 0x08
    ALARM_SILENCED = 0x09
    DUST_IN_DEVICE = 0x0A
    INSPECTION_REQUIRED = 0x0B
    RAPID_TEMPERATURE_FALL_AT_LOCATION = 0x0C
    RAPID_TEMPERATURE_FALL = 0x0D


class WaterEvent(IntEnum):
    WATER_LEAK_AT_LOCATION = 0x01
    WATER_LEAK = 0x02
    WATER_LEVEL_DROPPED_AT_LOCATION = 0x03
    WATER_LEVEL_DROPPED = 0x04
    REPLACE_WATER_FILTER = 0x05
    WATER_FLOW_ALARM = 0x06
    """1 no data, 2 too low, 3 too high, 4 maximum."""
    WATER_PRESSURE_ALARM = 0x07
    """1 no data, 2 too low, 3 too high, 4 maximum."""
    WATER_TEMPERATURE_ALARM = 0x08
    """1 no data, 2 too low, 3 too high."""
    WATER_LEVEL_ALARM = 0x09
    """1 no data, 2 too low, 3 too high."""
    SUMP_PUMP_ACTIVE = 0x0A
    SUMP_PUMP_FAILURE = 0x0B


class AccessControlEvent(IntEnum):
    LOCKED_MANUALLY = 0x01
    UNLOCKED_MANUALLY = 0x02
    LOCKED_BY_RF = 0x03
    UNLOCKED_BY_RF = 0x04
    LOCKED_BY_KEYPAD = 0x05
    """A User Code Report of the code used."""
    UNLOCKED_BY_KEYPAD = 0x06
    """A User Code Report of the code used."""
    NOT_FULLY_LOCKED_MANUALLY = 0x07
    NOT_FULLY_LOCKED_BY_RF = 0x08
    LOCKED_AUTOMATICALLY = 0x09
    NOT_FULLY_LOCKED_AUTOMATICALLY = 0x0A
    LOCK_JAMMED = 0x0B
    ALL_USER_CODES_DELETED = 0x0C
    USER_CODE_DELETED = 0x0D
    """A User Code Report."""
    USER_CODE_ADDED = 0x0E
    """A User Code Report."""
    USER_CODE_DUPLICATE = 0x0F
    """A User Code Report."""
    KEYPAD_DISABLED = 0x10
    KEYPAD_BUSY = 0x11
    PROGRAM_CODE_ENTERED = 0x12
    CODE_LIMIT_EXCEEDED = 0x13
    UNLOCK_BY_RF_INVALID_USER_CODE = 0x14
    LOCK_BY_RF_INVALID_USER_CODE = 0x15
    DOOR_OPEN = 0x16
    """0 regular, 1 tilted; often absent."""
    DOOR_CLOSED = 0x17
    HANDLE_OPEN = 0x18
    HANDLE_CLOSED = 0x19
    MESSAGING_USER_CODE_ENTERED = 0x20
    """The user."""
    LOCKED_WITH_USER_CODE = 0x21
    """The user."""
    UNLOCKED_WITH_USER_CODE = 0x22
    """The user."""
    LOCKED_WITH_CREDENTIAL = 0x23
    """A Credential Report."""
    UNLOCKED_WITH_CREDENTIAL = 0x24
    """A Credential Report."""
    DENIED_USER_DISABLED = 0x2F
    """A Credential Report."""
    DENIED_SCHEDULE_INACTIVE = 0x30
    """A Credential Report."""
    DENIED_NOT_ENOUGH_CREDENTIALS = 0x31
    INVALID_CREDENTIAL = 0x32
    NON_ACCESS_CREDENTIAL_ENTERED = 0x33
    """A Credential Report."""
    BARRIER_INITIALIZING = 0x40
    """0 completed, 0xFF in progress."""
    BARRIER_FORCE_EXCEEDED = 0x41
    BARRIER_MOTOR_TIME_EXCEEDED = 0x42
    """A duration."""
    BARRIER_LIMITS_EXCEEDED = 0x43
    BARRIER_REFUSED_BY_UL = 0x44
    BARRIER_UNATTENDED_OPERATION_DISABLED = 0x45
    BARRIER_MALFUNCTION = 0x46
    BARRIER_VACATION_MODE = 0x47
    """0 off, 0xFF on."""
    BARRIER_SAFETY_BEAM_OBSTACLE = 0x48
    """0 none, 0xFF obstructed."""
    BARRIER_SENSOR_NOT_DETECTED = 0x49
    """The sensor."""
    BARRIER_SENSOR_LOW_BATTERY = 0x4A
    """The sensor."""
    BARRIER_SHORT_CIRCUIT = 0x4B
    BARRIER_FOREIGN_REMOTE_CONTROL = 0x4C


class HomeSecurityEvent(IntEnum):
    INTRUSION_AT_LOCATION = 0x01
    INTRUSION = 0x02
    COVER_REMOVED = 0x03
    INVALID_CODE = 0x04
    GLASS_BROKEN_AT_LOCATION = 0x05
    GLASS_BROKEN = 0x06
    MOTION_AT_LOCATION = 0x07
    MOTION = 0x08
    PRODUCT_MOVED = 0x09
    IMPACT = 0x0A
    MAGNETIC_INTERFERENCE = 0x0B
    RF_JAMMING = 0x0C
    """The RSSI, dBm, signed."""


class PowerManagementEvent(IntEnum):
    POWER_APPLIED = 0x01
    MAINS_DISCONNECTED = 0x02
    MAINS_RECONNECTED = 0x03
    SURGE = 0x04
    VOLTAGE_DROP = 0x05
    OVER_CURRENT = 0x06
    OVER_VOLTAGE = 0x07
    OVER_LOAD = 0x08
    LOAD_ERROR = 0x09
    REPLACE_BATTERY_SOON = 0x0A
    REPLACE_BATTERY_NOW = 0x0B
    BATTERY_CHARGING = 0x0C
    BATTERY_FULL = 0x0D
    CHARGE_BATTERY_SOON = 0x0E
    CHARGE_BATTERY_NOW = 0x0F
    BACKUP_BATTERY_LOW = 0x10
    BATTERY_FLUID_LOW = 0x11
    BACKUP_BATTERY_DISCONNECTED = 0x12


class SystemEvent(IntEnum):
    HARDWARE_FAILURE = 0x01
    SOFTWARE_FAILURE = 0x02
    HARDWARE_FAILURE_CODE = 0x03
    """The manufacturer's code of the failure."""
    SOFTWARE_FAILURE_CODE = 0x04
    """The manufacturer's code of the failure."""
    HEARTBEAT = 0x05
    COVER_REMOVED = 0x06
    EMERGENCY_SHUTOFF = 0x07


class EmergencyEvent(IntEnum):
    CONTACT_POLICE = 0x01
    CONTACT_FIRE_SERVICE = 0x02
    CONTACT_MEDICAL_SERVICE = 0x03
    PANIC_ALERT = 0x04


class ClockEvent(IntEnum):
    WAKE_UP_ALERT = 0x01
    TIMER_ENDED = 0x02
    TIME_REMAINING = 0x03


class ApplianceEvent(IntEnum):
    PROGRAM_STARTED = 0x01
    PROGRAM_IN_PROGRESS = 0x02
    PROGRAM_COMPLETED = 0x03
    REPLACE_MAIN_FILTER = 0x04
    TARGET_TEMPERATURE_FAILURE = 0x05
    SUPPLYING_WATER = 0x06
    WATER_SUPPLY_FAILURE = 0x07
    BOILING = 0x08
    BOILING_FAILURE = 0x09
    WASHING = 0x0A
    WASHING_FAILURE = 0x0B
    RINSING = 0x0C
    RINSING_FAILURE = 0x0D
    DRAINING = 0x0E
    DRAINING_FAILURE = 0x0F
    SPINNING = 0x10
    SPINNING_FAILURE = 0x11
    DRYING = 0x12
    DRYING_FAILURE = 0x13
    FAN_FAILURE = 0x14
    COMPRESSOR_FAILURE = 0x15


class HomeHealthEvent(IntEnum):
    LEAVING_BED = 0x01
    SITTING_ON_BED = 0x02
    LYING_ON_BED = 0x03
    POSTURE_CHANGED = 0x04
    SITTING_ON_BED_EDGE = 0x05
    VOC_LEVEL = 0x06
    """1 clean, 2 slightly, 3 moderately, 4 highly polluted."""
    SLEEP_APNEA = 0x07
    """1 low breath, 2 no breath."""
    SLEEP_REM = 0x08
    SLEEP_LIGHT = 0x09
    SLEEP_MEDIUM = 0x0A
    SLEEP_DEEP = 0x0B
    FALL = 0x0C


class SirenEvent(IntEnum):
    SIREN_ACTIVE = 0x01


class WaterValveEvent(IntEnum):
    VALVE_OPERATION = 0x01
    """0 closed, 1 open."""
    MASTER_VALVE_OPERATION = 0x02
    """0 closed, 1 open."""
    VALVE_SHORT_CIRCUIT = 0x03
    MASTER_VALVE_SHORT_CIRCUIT = 0x04
    VALVE_CURRENT_ALARM = 0x05
    """1 no data, 2 too low, 3 too high, 4 maximum."""
    MASTER_VALVE_CURRENT_ALARM = 0x06
    """1 no data, 2 too low, 3 too high, 4 maximum."""
    VALVE_JAMMED = 0x07


class WeatherEvent(IntEnum):
    RAIN_ALARM = 0x01
    MOISTURE_ALARM = 0x02
    FREEZE_ALARM = 0x03


class IrrigationEvent(IntEnum):
    SCHEDULE_STARTED = 0x01
    """The schedule."""
    SCHEDULE_FINISHED = 0x02
    """The schedule."""
    VALVE_TABLE_RUN_STARTED = 0x03
    """The valve table."""
    VALVE_TABLE_RUN_FINISHED = 0x04
    """The valve table."""
    NOT_CONFIGURED = 0x05


class GasEvent(IntEnum):
    COMBUSTIBLE_GAS_AT_LOCATION = 0x01
    COMBUSTIBLE_GAS = 0x02
    TOXIC_GAS_AT_LOCATION = 0x03
    TOXIC_GAS = 0x04
    TEST = 0x05
    REPLACEMENT_REQUIRED = 0x06


class PestControlEvent(IntEnum):
    TRAP_ARMED_AT_LOCATION = 0x01
    TRAP_ARMED = 0x02
    TRAP_RE_ARM_REQUIRED_AT_LOCATION = 0x03
    TRAP_RE_ARM_REQUIRED = 0x04
    PEST_AT_LOCATION = 0x05
    PEST = 0x06
    PEST_EXTERMINATED_AT_LOCATION = 0x07
    PEST_EXTERMINATED = 0x08


class LightSensorEvent(IntEnum):
    LIGHT_DETECTED = 0x01
    COLOR_TRANSITION = 0x02


class WaterQualityEvent(IntEnum):
    CHLORINE_ALARM = 0x01
    """1 too low, 2 too high."""
    ACIDITY_PH_ALARM = 0x02
    """1 too low, 2 too high, 3 falling, 4 rising."""
    OXIDATION_ALARM = 0x03
    """1 too low, 2 too high."""
    CHLORINE_EMPTY = 0x04
    ACIDITY_PH_EMPTY = 0x05
    MEASURING_STATION_SHORTAGE = 0x06
    CLEAR_WATER_SHORTAGE = 0x07
    DISINFECTION_ERROR = 0x08
    FILTER_CLEANING = 0x09
    """The filter."""
    HEATING = 0x0A
    FILTER_PUMP_RUNNING = 0x0B
    FRESHWATER = 0x0C
    DRY_PROTECTION = 0x0D
    TANK_EMPTY = 0x0E
    TANK_LEVEL_UNKNOWN = 0x0F
    TANK_FULL = 0x10
    COLLECTIVE_DISORDER = 0x11


class HomeMonitoringEvent(IntEnum):
    HOME_OCCUPIED_AT_LOCATION = 0x01
    HOME_OCCUPIED = 0x02


EVENTS: Final[Mapping[int, type[IntEnum]]] = {
    NotificationType.SMOKE: SmokeEvent,
    NotificationType.CARBON_MONOXIDE: CarbonMonoxideEvent,
    NotificationType.CARBON_DIOXIDE: CarbonDioxideEvent,
    NotificationType.HEAT: HeatEvent,
    NotificationType.WATER: WaterEvent,
    NotificationType.ACCESS_CONTROL: AccessControlEvent,
    NotificationType.HOME_SECURITY: HomeSecurityEvent,
    NotificationType.POWER_MANAGEMENT: PowerManagementEvent,
    NotificationType.SYSTEM: SystemEvent,
    NotificationType.EMERGENCY: EmergencyEvent,
    NotificationType.CLOCK: ClockEvent,
    NotificationType.APPLIANCE: ApplianceEvent,
    NotificationType.HOME_HEALTH: HomeHealthEvent,
    NotificationType.SIREN: SirenEvent,
    NotificationType.WATER_VALVE: WaterValveEvent,
    NotificationType.WEATHER: WeatherEvent,
    NotificationType.IRRIGATION: IrrigationEvent,
    NotificationType.GAS: GasEvent,
    NotificationType.PEST_CONTROL: PestControlEvent,
    NotificationType.LIGHT_SENSOR: LightSensorEvent,
    NotificationType.WATER_QUALITY: WaterQualityEvent,
    NotificationType.HOME_MONITORING: HomeMonitoringEvent,
}
