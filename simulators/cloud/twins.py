"""How a hub's devices are, as it last reported them, and how they shall be.

The reported side is only ever what the hub said, version by version: where one is missing, it is asked for again.
The wished side is one document with a version of ours; the hub takes each version up once.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hubagent.uplink.message.down import Desired
from hubagent.uplink.message.fields import Scalar
from hubagent.uplink.message.up import Reported
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub


def apply_report(hub: Hub, report: Reported, database: Database, devices_max: int) -> Mapping[str, Any] | None:
    """The devices that are other than before, None for one that is gone; None where it does not follow what is here."""
    if report.since not in (0, hub.reported):
        hub.counts["reports out of order"] += 1
        return None
    gone = _forget(hub, database) if report.since == 0 else []
    changed: dict[str, Any] = dict.fromkeys(gone)
    room = devices_max - _count(hub, database)
    for device, view in report.devices.items():
        if view is None:
            database.write("DELETE FROM devices WHERE hub = ? AND id = ?", hub.id, device)
        elif room > 0 or _is_known(hub, device, database):
            new = database.write("INSERT OR REPLACE INTO devices VALUES (?, ?, ?)", hub.id, device, json.dumps(view))
            room -= new
        else:
            hub.counts["devices over the limit"] += 1
            continue
        changed[device] = view
    hub.reported = report.version
    return changed


def devices(hub_id: str, database: Database) -> list[dict[str, Any]]:
    """As the hub showed them, by identifier."""
    rows = database.read("SELECT id, view FROM devices WHERE hub = ? ORDER BY id", hub_id)
    return [{**json.loads(view), "id": device} for device, view in rows]


def has_device(hub_id: str, device: str, database: Database) -> bool:
    """Parts have the identifier of their device before theirs."""
    rows = database.read(
        "SELECT id, view FROM devices WHERE hub = ? AND id IN (?, ?)", hub_id, device, device.rpartition("/")[0]
    )
    return any(view_of({row[0]: json.loads(row[1])}, device) is not None for row in rows)


def view_of(views: Mapping[str, Any], device: str) -> Mapping[str, Any] | None:
    """A device's view, or that of a part of one, where `views` has it."""
    found = views.get(device)
    if isinstance(found, dict):
        return found
    whole = views.get(device.rpartition("/")[0])
    parts = whole.get("endpoints") if isinstance(whole, dict) else None
    for part in parts.values() if isinstance(parts, dict) else ():
        if isinstance(part, dict) and part.get("id") == device:
            return part
    return None


def wish(hub: Hub, wishes: Mapping[str, Mapping[str, Scalar]]) -> None:
    """From now on it is these that count."""
    hub.desired += 1
    hub.wishes = {device: dict(wanted) for device, wanted in wishes.items()}


def desired(hub: Hub) -> Desired:
    return Desired(hub.id, hub.desired, hub.wishes)


def shows(view: Mapping[str, Any], wanted: Mapping[str, Scalar]) -> bool:
    """Whether all that is wanted is so, by what a device view says."""
    capabilities = view.get("capabilities")
    if not isinstance(capabilities, dict):
        return False
    state: dict[str, Any] = {}
    for capability, attributes in capabilities.items():
        if isinstance(attributes, dict):
            for name, value in attributes.items():
                state[name] = state[f"{capability}.{name}"] = value
    return all(name in state and state[name] == value for name, value in wanted.items())


def _forget(hub: Hub, database: Database) -> Iterable[str]:
    gone = [row[0] for row in database.read("SELECT id FROM devices WHERE hub = ?", hub.id)]
    database.write("DELETE FROM devices WHERE hub = ?", hub.id)
    return gone


def _count(hub: Hub, database: Database) -> int:
    found: int = database.read("SELECT count(*) FROM devices WHERE hub = ?", hub.id)[0][0]
    return found


def _is_known(hub: Hub, device: str, database: Database) -> bool:
    return bool(database.read("SELECT 1 FROM devices WHERE hub = ? AND id = ?", hub.id, device))
