"""What `doctor` is told of the driver: port, stick, network, counters, and what is doubtful about them."""

from typing import TYPE_CHECKING

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
            "pan_id": f"{network.pan_id:04x}",
            "extended_pan_id": eui64_text(network.extended_pan_id),
        }
    nodes = list(driver.registry.nodes.values())
    status |= {
        "nodes": len(nodes),
        "silent": sorted(node.device for node in nodes if node.silent),
        "malformed_frames": coordinator.malformed,
        **{f"wire_{name}": count for name, count in coordinator.counters().items()},
        "findings": _findings(driver),
    }
    if driver.parts is not None:
        status |= {
            "malformed_messages": driver.parts.hearing.malformed,
            "messages_heard_twice": driver.parts.hearing.repeats,
            "fragments": driver.parts.hearing.fragments,
            "firmware_progress": driver.ota.progress(),
        }
    return status


def _findings(driver: "ZigbeeDriver") -> list[Record]:
    found: list[Record] = []
    coordinator = driver.coordinator
    if coordinator is not None and coordinator.wrong_network is not None:
        found.append({"grade": "error", "text": str(coordinator.wrong_network), "fix": "decide, as it says"})
    for deviation in driver.membership.deviations():
        fix = "correct hub.toml, or change the network: hubagent radio zigbee channel channel=N"
        found.append({"grade": "warning", "text": f"other than hub.toml asks for: {deviation}", "fix": fix})
    return found
