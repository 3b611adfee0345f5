"""zwave-js' names for the commands of sensors, meters, batteries and what else reports."""

from typing import Final

from drivers.zwave.command_classes import (
    association_grp_info,
    battery,
    central_scene,
    meter,
    notification,
    sensor_binary,
    sensor_multilevel,
    wake_up,
)
from tests.drivers.zwave.command_classes.peer import AnyOf, Peer, buffer


def _status(status: int) -> object:
    """A status is a number for who constructed the command, and for who parsed it often whether it is 0xFF."""
    return AnyOf((status, status == 0xFF))


def _rate_types(rate_types: meter.RateType) -> object:
    return [rate for rate in (1, 2) if rate_types & rate]


def _parameters(report: notification.NotificationReport) -> object:
    return None if report.event is None else buffer(report.event.parameters)


def _supported_keys(report: central_scene.CentralSceneSupportedReport) -> object:
    return {str(scene): sorted(report.keys_of(scene) or ()) for scene in range(1, report.scenes + 1)}


def _replacement(condition: battery.BatteryCondition) -> object:
    return 2 if condition.replace_now else int(condition.replace_soon)


def _groups(report: association_grp_info.AssociationGroupInfoReport) -> object:
    return [{"groupId": it.group, "mode": 0, "profile": it.profile, "eventCode": 0} for it in report.groups]


def _commands(report: association_grp_info.AssociationGroupCommandListReport) -> object:
    named: dict[str, list[int]] = {}
    for command_class, command in report.commands:
        named.setdefault(str(command_class), []).append(command)
    return named


PEERS: Final[dict[str, Peer]] = {
    "BinarySensorCCGet": Peer(sensor_binary.SensorBinaryGet, {"sensorType": lambda it: it.sensor_type}),
    "BinarySensorCCReport": Peer(
        sensor_binary.SensorBinaryReport,
        {"type": lambda it: it.sensor_type, "value": lambda it: it.detected},
    ),
    "MultilevelSensorCCReport": Peer(
        sensor_multilevel.SensorMultilevelReport,
        {"type": lambda it: it.sensor_type, "scale": lambda it: it.number.scale, "value": lambda it: it.value},
    ),
    "MeterCCGet": Peer(meter.MeterGet, {"scale": lambda it: it.scale, "rateType": lambda it: it.rate_type}),
    "MeterCCReport": Peer(
        meter.MeterReport,
        {
            "type": lambda it: it.reading.meter_type,
            "scale": lambda it: it.reading.scale,
            "value": lambda it: it.reading.value,
            "rateType": lambda it: it.reading.rate_type,
            "deltaTime": lambda it: it.delta_time_s,
            "previousValue": lambda it: it.previous.value,
        },
    ),
    "MeterCCSupportedReport": Peer(
        meter.MeterSupportedReport,
        {
            "type": lambda it: it.meter_type,
            "supportsReset": lambda it: it.resettable,
            "supportedScales": lambda it: sorted(it.scales),
            "supportedRateTypes": lambda it: _rate_types(it.rate_types),
        },
    ),
    "MeterCCReset": Peer(
        meter.MeterReset,
        {
            "type": lambda it: it.target.meter_type,
            "scale": lambda it: it.target.scale,
            "rateType": lambda it: it.target.rate_type,
            "targetValue": lambda it: it.target.value,
        },
    ),
    "AssociationGroupInfoCCInfoGet": Peer(
        association_grp_info.AssociationGroupInfoGet,
        {
            "groupId": lambda it: it.group,
            "listMode": lambda it: it.list_mode,
            "refreshCache": lambda it: it.refresh_cache,
        },
    ),
    "AssociationGroupInfoCCInfoReport": Peer(
        association_grp_info.AssociationGroupInfoReport,
        {"isListMode": lambda it: it.list_mode, "hasDynamicInfo": lambda it: it.dynamic, "groups": _groups},
    ),
    "AssociationGroupInfoCCCommandListGet": Peer(
        association_grp_info.AssociationGroupCommandListGet,
        {"groupId": lambda it: it.group, "allowCache": lambda it: it.allow_cache},
    ),
    "AssociationGroupInfoCCCommandListReport": Peer(
        association_grp_info.AssociationGroupCommandListReport,
        {"groupId": lambda it: it.group, "commands": _commands},
    ),
    "CentralSceneCCSupportedReport": Peer(
        central_scene.CentralSceneSupportedReport,
        {
            "sceneCount": lambda it: it.scenes,
            "supportsSlowRefresh": lambda it: it.slow_refresh,
            "supportedKeyAttributes": _supported_keys,
        },
    ),
    "CentralSceneCCNotification": Peer(
        central_scene.CentralSceneNotification,
        {
            "sequenceNumber": lambda it: it.sequence_number,
            "keyAttribute": lambda it: it.key,
            "sceneNumber": lambda it: it.scene,
            "slowRefresh": lambda it: it.slow_refresh,
        },
    ),
    "CentralSceneCCConfigurationSet": Peer(
        central_scene.CentralSceneConfigurationSet, {"slowRefresh": lambda it: it.slow_refresh}
    ),
    "CentralSceneCCConfigurationReport": Peer(
        central_scene.CentralSceneConfigurationReport, {"slowRefresh": lambda it: it.slow_refresh}
    ),
    "NotificationCCEventSupportedGet": Peer(
        notification.EventSupportedGet, {"notificationType": lambda it: it.notification_type}
    ),
    "NotificationCCEventSupportedReport": Peer(
        notification.EventSupportedReport,
        {"notificationType": lambda it: it.notification_type, "supportedEvents": lambda it: sorted(it.events)},
    ),
    "NotificationCCGet": Peer(
        notification.NotificationGet,
        {"notificationType": lambda it: it.notification_type, "notificationEvent": lambda it: it.event},
    ),
    "NotificationCCReport": Peer(
        notification.NotificationReport,
        {
            "alarmType": lambda it: it.alarm_type,
            "alarmLevel": lambda it: it.alarm_level,
            "notificationType": lambda it: it.event.notification_type,
            "notificationStatus": lambda it: _status(it.event.status),
            "notificationEvent": lambda it: it.event.event,
            "eventParameters": _parameters,
        },
    ),
    "NotificationCCSet": Peer(
        notification.NotificationSet,
        {"notificationType": lambda it: it.notification_type, "notificationStatus": lambda it: _status(it.status)},
    ),
    "NotificationCCSupportedGet": Peer(notification.NotificationSupportedGet),
    "NotificationCCSupportedReport": Peer(
        notification.NotificationSupportedReport,
        {
            "supportsV1Alarm": lambda it: it.alarm_types,
            "supportedNotificationTypes": lambda it: sorted(it.notification_types),
        },
    ),
    "BatteryCCGet": Peer(battery.BatteryGet),
    "BatteryCCReport": Peer(
        battery.BatteryReport,
        {
            "level": lambda it: it.level,
            "chargingStatus": lambda it: it.condition.charging_status,
            "rechargeable": lambda it: it.condition.rechargeable,
            "backup": lambda it: it.condition.backup,
            "overheating": lambda it: it.condition.overheating,
            "lowFluid": lambda it: it.condition.low_fluid,
            "rechargeOrReplace": lambda it: _replacement(it.condition),
            "disconnected": lambda it: it.condition.disconnected,
            "lowTemperatureStatus": lambda it: it.condition.low_temperature,
        },
    ),
    "BatteryCCHealthReport": Peer(battery.BatteryHealthReport, {"maximumCapacity": lambda it: it.maximum_capacity}),
    "WakeUpCCIntervalSet": Peer(
        wake_up.WakeUpIntervalSet,
        {"wakeUpInterval": lambda it: it.interval_s, "controllerNodeId": lambda it: it.node_id},
    ),
    "WakeUpCCIntervalGet": Peer(wake_up.WakeUpIntervalGet),
    "WakeUpCCWakeUpNotification": Peer(wake_up.WakeUpNotification),
}

EXCEPTIONS: Final[dict[str, str]] = {
    "59034000": "zwave-js shows the group that was asked for, which is not on the wire: in list mode it writes 0",
}
