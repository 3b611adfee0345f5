"""zwave-js' names for the commands with which a network is managed, and for those around other commands."""

from typing import Final

from drivers.zwave.command_classes import (
    association,
    manufacturer_specific,
    multi_channel,
    multi_channel_association,
    supervision,
    version,
    zwaveplus_info,
)
from drivers.zwave.command_classes.end_points import EndPoints
from tests.drivers.zwave.command_classes.peer import Peer, duration_in_report


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _end_points(named: EndPoints) -> object:
    return named if isinstance(named, int) else sorted(named)


def _destinations(destinations: tuple[multi_channel_association.EndPointDestination, ...]) -> object:
    return [{"nodeId": each.node, "endpoint": _end_points(each.end_points)} for each in destinations]


VERSION: Final[dict[str, Peer]] = {
    "VersionCCGet": Peer(version.VersionGet),
    "VersionCCReport": Peer(
        version.VersionReport,
        {
            "libraryType": lambda it: it.library_type,
            "protocolVersion": lambda it: _dotted(it.protocol),
            "firmwareVersions": lambda it: [_dotted(each) for each in (it.firmware, *it.other_firmware)],
            "hardwareVersion": lambda it: it.hardware,
        },
    ),
    "VersionCCCommandClassGet": Peer(version.VersionCommandClassGet, {"requestedCC": lambda it: it.requested}),
    "VersionCCCommandClassReport": Peer(
        version.VersionCommandClassReport,
        {"requestedCC": lambda it: it.requested, "ccVersion": lambda it: it.version},
    ),
}

MANUFACTURER_SPECIFIC: Final[dict[str, Peer]] = {
    "ManufacturerSpecificCCReport": Peer(
        manufacturer_specific.ManufacturerSpecificReport,
        {
            "manufacturerId": lambda it: it.manufacturer,
            "productType": lambda it: it.product_type,
            "productId": lambda it: it.product,
        },
    ),
}

ZWAVEPLUS_INFO: Final[dict[str, Peer]] = {
    "ZWavePlusCCGet": Peer(zwaveplus_info.ZWavePlusInfoGet),
    "ZWavePlusCCReport": Peer(
        zwaveplus_info.ZWavePlusInfoReport,
        {
            "zwavePlusVersion": lambda it: it.zwave_plus_version,
            "nodeType": lambda it: it.node_type,
            "roleType": lambda it: it.role_type,
            "installerIcon": lambda it: it.installer_icon,
            "userIcon": lambda it: it.user_icon,
        },
    ),
}

ASSOCIATION: Final[dict[str, Peer]] = {
    "AssociationCCGet": Peer(association.AssociationGet, {"groupId": lambda it: it.group}),
    "AssociationCCReport": Peer(
        association.AssociationReport,
        {
            "groupId": lambda it: it.group,
            "maxNodes": lambda it: it.nodes_max,
            "nodeIds": lambda it: list(it.nodes),
            "reportsToFollow": lambda it: it.reports_to_follow,
        },
    ),
    "AssociationCCRemove": Peer(
        association.AssociationRemove,
        {"groupId": lambda it: it.group, "nodeIds": lambda it: list(it.nodes)},
    ),
    "AssociationCCSupportedGroupingsGet": Peer(association.AssociationSupportedGroupingsGet),
    "AssociationCCSupportedGroupingsReport": Peer(
        association.AssociationSupportedGroupingsReport, {"groupCount": lambda it: it.groups}
    ),
}

MULTI_CHANNEL_ASSOCIATION: Final[dict[str, Peer]] = {
    "MultiChannelAssociationCCSet": Peer(
        multi_channel_association.MultiChannelAssociationSet,
        {
            "groupId": lambda it: it.group,
            "nodeIds": lambda it: list(it.nodes),
            "endpoints": lambda it: _destinations(it.end_points),
        },
    ),
    "MultiChannelAssociationCCGet": Peer(
        multi_channel_association.MultiChannelAssociationGet, {"groupId": lambda it: it.group}
    ),
    "MultiChannelAssociationCCReport": Peer(
        multi_channel_association.MultiChannelAssociationReport,
        {
            "groupId": lambda it: it.group,
            "maxNodes": lambda it: it.nodes_max,
            "nodeIds": lambda it: list(it.nodes),
            "endpoints": lambda it: _destinations(it.end_points),
            "reportsToFollow": lambda it: it.reports_to_follow,
        },
    ),
    "MultiChannelAssociationCCRemove": Peer(
        multi_channel_association.MultiChannelAssociationRemove,
        {
            "groupId": lambda it: it.group,
            "nodeIds": lambda it: list(it.nodes),
            "endpoints": lambda it: _destinations(it.end_points),
        },
    ),
}

MULTI_CHANNEL: Final[dict[str, Peer]] = {
    "MultiChannelCCV1Get": Peer(multi_channel.MultiInstanceGet, {"requestedCC": lambda it: it.requested}),
    "MultiChannelCCV1Report": Peer(
        multi_channel.MultiInstanceReport,
        {"requestedCC": lambda it: it.requested, "endpointCount": lambda it: it.instances},
    ),
    "MultiChannelCCEndPointGet": Peer(multi_channel.MultiChannelEndPointGet),
    "MultiChannelCCEndPointReport": Peer(
        multi_channel.MultiChannelEndPointReport,
        {
            "countIsDynamic": lambda it: it.dynamic,
            "identicalCapabilities": lambda it: it.identical,
            "individualCount": lambda it: it.individual,
            "aggregatedCount": lambda it: it.aggregated,
        },
    ),
    "MultiChannelCCCapabilityGet": Peer(
        multi_channel.MultiChannelCapabilityGet, {"requestedEndpoint": lambda it: it.end_point}
    ),
    "MultiChannelCCCapabilityReport": Peer(
        multi_channel.MultiChannelCapabilityReport,
        {
            "genericDeviceClass": lambda it: it.generic,
            "specificDeviceClass": lambda it: it.specific,
            "supportedCCs": lambda it: list(it.command_classes),
            "isDynamic": lambda it: it.dynamic,
            "wasRemoved": lambda it: it.removed,
        },
    ),
    "MultiChannelCCAggregatedMembersGet": Peer(
        multi_channel.MultiChannelAggregatedMembersGet, {"requestedEndpoint": lambda it: it.end_point}
    ),
}

SUPERVISION: Final[dict[str, Peer]] = {
    "SupervisionCCReport": Peer(
        supervision.SupervisionReport,
        {
            "moreUpdatesFollow": lambda it: it.more_updates,
            "requestWakeUpOnDemand": lambda it: it.wake_up_request,
            "sessionId": lambda it: it.session,
            "status": lambda it: it.status,
            "duration": lambda it: duration_in_report(it.duration),
        },
    ),
}

PEERS: Final[dict[str, Peer]] = {
    **VERSION,
    **MANUFACTURER_SPECIFIC,
    **ZWAVEPLUS_INFO,
    **ASSOCIATION,
    **MULTI_CHANNEL_ASSOCIATION,
    **MULTI_CHANNEL,
    **SUPERVISION,
}
