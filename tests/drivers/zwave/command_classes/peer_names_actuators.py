"""zwave-js' names for the commands of switches, covers, locks, thermostats and what else acts."""

from collections.abc import Collection
from typing import Any, Final

from drivers.zwave.command_classes import (
    basic,
    configuration,
    door_lock,
    indicator,
    node_naming,
    powerlevel,
    scene_activation,
    sound_switch,
    switch_binary,
    switch_color,
    switch_multilevel,
    thermostat_fan_mode,
    thermostat_operating_state,
    thermostat_setpoint,
    time,
    user_code,
    window_covering,
)
from tests.drivers.zwave.command_classes.peer import (
    Peer,
    Reading,
    duration_in_report,
    duration_in_set,
    text_or_buffer,
)

REPORT_DURATION: Final[dict[str, Reading]] = {"duration": lambda it: duration_in_report(it.duration)}
SET_DURATION: Final[dict[str, Reading]] = {"duration": lambda it: duration_in_set(it.duration)}

COLORS: Final = ("warmWhite", "coldWhite", "red", "green", "blue", "amber", "cyan", "purple", "index")


def _handles(handles: Collection[int]) -> list[bool]:
    return [handle in handles for handle in (1, 2, 3, 4)]


def _automatic(it: Any, field: str) -> object:
    automatic = it.configuration.automatic
    return None if automatic is None else getattr(automatic, field)


DOOR_LOCK_CONFIGURATION: Final[dict[str, Reading]] = {
    "operationType": lambda it: it.configuration.operation_type,
    "outsideHandlesCanOpenDoorConfiguration": lambda it: _handles(it.configuration.outside_handles),
    "insideHandlesCanOpenDoorConfiguration": lambda it: _handles(it.configuration.inside_handles),
    "lockTimeoutConfiguration": lambda it: it.configuration.lock_timeout_s,
    "autoRelockTime": lambda it: _automatic(it, "auto_relock_s"),
    "twistAssist": lambda it: _automatic(it, "twist_assist"),
}


def _user_codes(it: Any) -> object:
    return [
        {"userId": code.user, "userIdStatus": code.status} | ({"userCode": code.code.decode()} if code.code else {})
        for code in it.codes
    ]


USER_CODE: Final[dict[str, Reading]] = {
    "userId": lambda it: it.user,
    "userIdStatus": lambda it: it.status,
    "userCode": lambda it: text_or_buffer(it.code),
}


def _logged(it: Any) -> object:
    return {
        str(state.state): {
            "usageTodayHours": state.today_h,
            "usageTodayMinutes": state.today_min,
            "usageYesterdayHours": state.yesterday_h,
            "usageYesterdayMinutes": state.yesterday_min,
        }
        for state in it.states
    }


def _indicator_values(it: Any) -> object:
    return [{"indicatorId": one.indicator, "propertyId": one.property, "value": one.value} for one in it.values]


INDICATOR_VALUES: Final[dict[str, Reading]] = {"indicator0Value": lambda it: it.first, "values": _indicator_values}

PARAMETER: Final[dict[str, Reading]] = {"parameter": lambda it: it.parameter}
PARAMETER_VALUE: Final[dict[str, Reading]] = {
    **PARAMETER,
    "value": lambda it: it.value,
    "valueSize": lambda it: it.size,
}

PEERS: Final[dict[str, Peer]] = {
    "BasicCCSet": Peer(basic.BasicSet, {"targetValue": lambda it: it.value}),
    "BasicCCGet": Peer(basic.BasicGet),
    "BasicCCReport": Peer(
        basic.BasicReport,
        {"currentValue": lambda it: it.value, "targetValue": lambda it: it.target, **REPORT_DURATION},
    ),
    "BinarySwitchCCSet": Peer(switch_binary.SwitchBinarySet, {"targetValue": lambda it: it.on, **SET_DURATION}),
    "BinarySwitchCCGet": Peer(switch_binary.SwitchBinaryGet),
    "BinarySwitchCCReport": Peer(
        switch_binary.SwitchBinaryReport,
        {"currentValue": lambda it: it.on, "targetValue": lambda it: it.target, **REPORT_DURATION},
    ),
    "MultilevelSwitchCCSet": Peer(
        switch_multilevel.SwitchMultilevelSet, {"targetValue": lambda it: it.value, **SET_DURATION}
    ),
    "MultilevelSwitchCCReport": Peer(
        switch_multilevel.SwitchMultilevelReport,
        {"currentValue": lambda it: it.value, "targetValue": lambda it: it.target, **REPORT_DURATION},
    ),
    "SceneActivationCCSet": Peer(
        scene_activation.SceneActivationSet,
        {"sceneId": lambda it: it.scene, "dimmingDuration": lambda it: duration_in_set(it.duration)},
    ),
    "ColorSwitchCCSupportedGet": Peer(switch_color.SwitchColorSupportedGet),
    "ColorSwitchCCReport": Peer(
        switch_color.SwitchColorReport,
        {"colorComponent": lambda it: it.component, "currentValue": lambda it: it.level},
    ),
    "ColorSwitchCCSet": Peer(
        switch_color.SwitchColorSet,
        {"colorTable": lambda it: {COLORS[one.component]: one.level for one in it.levels}, **SET_DURATION},
    ),
    "WindowCoveringCCSupportedReport": Peer(
        window_covering.WindowCoveringSupportedReport, {"supportedParameters": lambda it: sorted(it.parameters)}
    ),
    "WindowCoveringCCReport": Peer(
        window_covering.WindowCoveringReport,
        {
            **PARAMETER,
            "currentValue": lambda it: it.level,
            "targetValue": lambda it: it.target,
            **REPORT_DURATION,
        },
    ),
    "WindowCoveringCCSet": Peer(
        window_covering.WindowCoveringSet,
        {
            "targetValues": lambda it: [{"parameter": one.parameter, "value": one.level} for one in it.levels],
            **SET_DURATION,
        },
    ),
    "DoorLockCCOperationSet": Peer(door_lock.DoorLockOperationSet, {"mode": lambda it: it.mode}),
    "DoorLockCCOperationGet": Peer(door_lock.DoorLockOperationGet),
    "DoorLockCCConfigurationSet": Peer(door_lock.DoorLockConfigurationSet, DOOR_LOCK_CONFIGURATION),
    "DoorLockCCConfigurationGet": Peer(door_lock.DoorLockConfigurationGet),
    "DoorLockCCConfigurationReport": Peer(door_lock.DoorLockConfigurationReport, DOOR_LOCK_CONFIGURATION),
    "DoorLockCCCapabilitiesGet": Peer(door_lock.DoorLockCapabilitiesGet),
    "UserCodeCCSet": Peer(user_code.UserCodeSet, USER_CODE),
    "UserCodeCCGet": Peer(user_code.UserCodeGet, {"userId": lambda it: it.user}),
    "UserCodeCCReport": Peer(user_code.UserCodeReport, USER_CODE),
    "UserCodeCCUsersNumberGet": Peer(user_code.UsersNumberGet),
    "UserCodeCCUsersNumberReport": Peer(user_code.UsersNumberReport, {"supportedUsers": lambda it: it.users}),
    "UserCodeCCCapabilitiesGet": Peer(user_code.UserCodeCapabilitiesGet),
    "UserCodeCCCapabilitiesReport": Peer(
        user_code.UserCodeCapabilitiesReport,
        {
            "supportsAdminCode": lambda it: it.admin_code,
            "supportsAdminCodeDeactivation": lambda it: it.admin_code_deactivation,
            "supportsUserCodeChecksum": lambda it: it.checksum,
            "supportsMultipleUserCodeReport": lambda it: it.several_in_report,
            "supportsMultipleUserCodeSet": lambda it: it.several_in_set,
            "supportedUserIDStatuses": lambda it: sorted(it.statuses),
            "supportedKeypadModes": lambda it: sorted(it.keypad_modes),
            "supportedASCIIChars": lambda it: "".join(chr(key) for key in sorted(it.keys)),
        },
    ),
    "UserCodeCCExtendedUserCodeSet": Peer(user_code.ExtendedUserCodeSet, {"userCodes": _user_codes}),
    "UserCodeCCAdminCodeReport": Peer(user_code.AdminCodeReport, {"adminCode": lambda it: it.code.decode()}),
    "UserCodeCCUserCodeChecksumReport": Peer(
        user_code.UserCodeChecksumReport, {"userCodeChecksum": lambda it: it.checksum}
    ),
    "ThermostatOperatingStateCCLoggingSupportedGet": Peer(
        thermostat_operating_state.ThermostatOperatingStateLoggingSupportedGet
    ),
    "ThermostatOperatingStateCCReport": Peer(
        thermostat_operating_state.ThermostatOperatingStateReport, {"state": lambda it: it.state}
    ),
    "ThermostatOperatingStateCCLoggingGet": Peer(
        thermostat_operating_state.ThermostatOperatingStateLoggingGet,
        {"requestedStates": lambda it: sorted(it.states)},
    ),
    "ThermostatOperatingStateCCLoggingReport": Peer(
        thermostat_operating_state.ThermostatOperatingStateLoggingReport,
        {"reportsToFollow": lambda it: it.reports_to_follow, "loggingData": _logged},
    ),
    "ThermostatSetpointCCGet": Peer(thermostat_setpoint.ThermostatSetpointGet, {"setpointType": lambda it: it.type}),
    "ThermostatSetpointCCCapabilitiesGet": Peer(
        thermostat_setpoint.ThermostatSetpointCapabilitiesGet, {"setpointType": lambda it: it.type}
    ),
    "ThermostatSetpointCCCapabilitiesReport": Peer(
        thermostat_setpoint.ThermostatSetpointCapabilitiesReport,
        {
            "type": lambda it: it.type,
            "minValue": lambda it: it.minimum.value,
            "maxValue": lambda it: it.maximum.value,
            "minValueScale": lambda it: it.minimum.scale,
            "maxValueScale": lambda it: it.maximum.scale,
        },
    ),
    "ThermostatFanModeCCSet": Peer(
        thermostat_fan_mode.ThermostatFanModeSet, {"mode": lambda it: it.mode, "off": lambda it: it.off}
    ),
    "ThermostatFanModeCCGet": Peer(thermostat_fan_mode.ThermostatFanModeGet),
    "ConfigurationCCSet": Peer(
        configuration.ConfigurationSet,
        {**PARAMETER_VALUE, "resetToDefault": lambda it: it.value is None},
        ignored={"valueFormat": "known to the sender only"},
    ),
    "ConfigurationCCGet": Peer(
        configuration.ConfigurationGet,
        PARAMETER,
        ignored={"allowUnexpectedResponse": "what zwave-js makes of the answer"},
    ),
    "ConfigurationCCReport": Peer(
        configuration.ConfigurationReport, PARAMETER_VALUE, ignored={"valueFormat": "known to the sender only"}
    ),
    "ConfigurationCCNameGet": Peer(configuration.ConfigurationNameGet, PARAMETER),
    "ConfigurationCCNameReport": Peer(
        configuration.ConfigurationNameReport,
        {
            **PARAMETER,
            "name": lambda it: it.part.decode(),
            "reportsToFollow": lambda it: it.reports_to_follow,
        },
    ),
    "ConfigurationCCInfoGet": Peer(configuration.ConfigurationInfoGet, PARAMETER),
    "ConfigurationCCInfoReport": Peer(
        configuration.ConfigurationInfoReport,
        {
            **PARAMETER,
            "info": lambda it: it.part.decode(),
            "reportsToFollow": lambda it: it.reports_to_follow,
        },
    ),
    "ConfigurationCCPropertiesGet": Peer(configuration.ConfigurationPropertiesGet, PARAMETER),
    "ConfigurationCCPropertiesReport": Peer(
        configuration.ConfigurationPropertiesReport,
        {
            **PARAMETER,
            "valueSize": lambda it: 0 if it.limits is None else it.limits.size,
            "valueFormat": lambda it: it.format,
            "minValue": lambda it: it.limits.minimum,
            "maxValue": lambda it: it.limits.maximum,
            "defaultValue": lambda it: it.limits.default,
            "nextParameter": lambda it: it.next_parameter,
            "altersCapabilities": lambda it: it.altering_capabilities,
            "isReadonly": lambda it: it.read_only,
            "isAdvanced": lambda it: it.advanced,
            "noBulkSupport": lambda it: it.no_bulk,
        },
    ),
    "PowerlevelCCGet": Peer(powerlevel.PowerlevelGet),
    "PowerlevelCCReport": Peer(
        powerlevel.PowerlevelReport, {"powerlevel": lambda it: it.level, "timeout": lambda it: it.timeout_s}
    ),
    "NodeNamingAndLocationCCNameReport": Peer(node_naming.NodeNamingNodeNameReport, {"name": lambda it: it.name.text}),
    "SoundSwitchCCTonesNumberReport": Peer(
        sound_switch.SoundSwitchTonesNumberReport, {"toneCount": lambda it: it.tones}
    ),
    "SoundSwitchCCToneInfoGet": Peer(sound_switch.SoundSwitchToneInfoGet, {"toneId": lambda it: it.tone}),
    "SoundSwitchCCToneInfoReport": Peer(
        sound_switch.SoundSwitchToneInfoReport,
        {"toneId": lambda it: it.tone, "duration": lambda it: it.duration_s, "name": lambda it: it.name},
    ),
    "SoundSwitchCCConfigurationGet": Peer(sound_switch.SoundSwitchConfigurationGet),
    "SoundSwitchCCConfigurationReport": Peer(
        sound_switch.SoundSwitchConfigurationReport,
        {"defaultVolume": lambda it: it.volume, "defaultToneId": lambda it: it.default_tone},
    ),
    "SoundSwitchCCTonePlaySet": Peer(
        sound_switch.SoundSwitchTonePlaySet, {"toneId": lambda it: it.tone, "volume": lambda it: it.volume}
    ),
    "SoundSwitchCCTonePlayGet": Peer(sound_switch.SoundSwitchTonePlayGet),
    "SoundSwitchCCTonePlayReport": Peer(
        sound_switch.SoundSwitchTonePlayReport, {"toneId": lambda it: it.tone, "volume": lambda it: it.volume}
    ),
    "IndicatorCCSet": Peer(indicator.IndicatorSet, INDICATOR_VALUES),
    "IndicatorCCReport": Peer(indicator.IndicatorReport, INDICATOR_VALUES),
    "IndicatorCCSupportedReport": Peer(
        indicator.IndicatorSupportedReport,
        {
            "indicatorId": lambda it: it.indicator,
            "nextIndicatorId": lambda it: it.next_indicator,
            "supportedProperties": lambda it: sorted(it.properties),
        },
    ),
    "TimeCCTimeReport": Peer(
        time.TimeReport,
        {"hour": lambda it: it.hour, "minute": lambda it: it.minute, "second": lambda it: it.second},
    ),
    "TimeCCDateReport": Peer(
        time.DateReport, {"year": lambda it: it.year, "month": lambda it: it.month, "day": lambda it: it.day}
    ),
}

EXCEPTIONS: Final[dict[str, str]] = {
    "420600f101020304": "reserved bits of the state, written as 0",
    "6206018214ff": "255 seconds are no timeout, which is written as 0xFE in both bytes",
}
