"""What `doctor` is told of the driver: port, stick, network, counters. What is doubtful about them is `findings`."""

from typing import TYPE_CHECKING

from drivers.zigbee.channels import wifi_over
from drivers.zigbee.findings import findings_of
from drivers.zigbee.wire import eui64_text
from hubagent.model.driver import Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver


def status_of(driver: "ZigbeeDriver") -> Record:
    """No key is among it."""
    coordinator = driver.coordinator
    if coordinator is None:
        return {"port": driver.settings.port, "status": "starting"}
    identity, network = coordinator.identity, driver.membership.network
    status: dict[str, object] = {
        "port": driver.settings.port,
        "status": coordinator.status.value,
        "stick": eui64_text(identity.eui64),
        "firmware": f"EmberZNet {identity.firmware}, EZSP {identity.ezsp}",
    }
    if network is not None:
        status |= {
            "channel": network.channel,
            "under_wifi_channel": wifi_over(network.channel),
            "pan_id": f"{network.pan_id:04x}",
            "extended_pan_id": eui64_text(network.extended_pan_id),
        }
    nodes = list(driver.registry.nodes.values())
    status |= {
        "nodes": len(nodes),
        "silent": sum(node.silent for node in nodes),
        "malformed_frames": coordinator.malformed,
        **{f"wire_{name}": count for name, count in coordinator.counters().items()},
        "findings": findings_of(driver),
    }
    if driver.parts is not None:
        status |= {
            "address_conflicts": driver.parts.arrivals.conflicts.count,
            "malformed_messages": driver.parts.hearing.malformed,
            "messages_heard_twice": driver.parts.hearing.repeats,
            "fragments": driver.parts.hearing.fragments,
            "firmware_progress": driver.ota.progress(),
        }
    return status
