"""Nothing that a person would call a missing function: held against what ZHA sees in 45 real devices."""

from typing import Any

import pytest

from drivers.zigbee.capabilities.table import capabilities_of, part_of, said_by_attributes, state_reads_of
from drivers.zigbee.capabilities.translation import Reading
from drivers.zigbee.node_record import NodeRecord
from hubagent.model.capabilities.table import CAPABILITIES
from tests.drivers.zigbee.snapshots.mapping import implied_by
from tests.helpers.zha_snapshots import WHY_SKIPPED, Miss, Snapshot, covered, misses, record_of, snapshots

ALL = snapshots()
pytestmark = pytest.mark.skipif(not ALL, reason=WHY_SKIPPED)


def all_misses() -> list[Miss]:
    return [miss for snapshot in ALL for miss in misses(snapshot, capabilities_of(record_of(snapshot)))]


@pytest.mark.parametrize("snapshot", ALL, ids=lambda snapshot: snapshot.name)
def test_a_device_offers_what_zha_sees_in_it(snapshot: Snapshot) -> None:
    offered = capabilities_of(record_of(snapshot))
    assert [str(miss) for miss in misses(snapshot, offered) if not miss.reason] == []
    assert all(name in CAPABILITIES for names in offered.values() for name in names)


def test_every_entity_is_offered_or_left_out_for_a_reason() -> None:
    """The report itself is seen with `pytest -s`."""
    found = all_misses()
    print("\n".join(("", *covered(found, ALL))))
    assert [str(miss) for miss in found if not miss.reason] == []


def heard(record: NodeRecord, snapshot: Snapshot) -> dict[tuple[int, str], Any]:
    """By part and `capability.attribute` what the values of the snapshot say, read as the driver would read them."""
    known: dict[tuple[int, str], Any] = {}
    for read in state_reads_of(record):
        values = snapshot.values(read.endpoint, read.cluster)
        asked = {attribute: values[attribute] for attribute in read.attributes if attribute in values}
        for said in said_by_attributes(record, read.endpoint, read.cluster, asked):
            if isinstance(said, Reading):
                part = part_of(record, read.endpoint, said)
                known |= {(part, f"{said.capability}.{name}"): value for name, value in said.values.items()}
    return known


NOT_COMPARED = {
    ("ikea-of-sweden-tradfri-open-close-remote", "power_source.battery"): "doubled by ZHA before it was recorded",
    ("lumi-lumi-airmonitor-acn01", "concentration_measurement.voc"): "two places of one value, recorded at two times",
    ("lumi-lumi-sensor-motion-aq2", "illuminance_measurement.illuminance"): "lx, made a logarithm by ZHA",
}
IN_OUR_UNIT = {
    "electrical_power_measurement.power_factor": 0.01,
}


@pytest.mark.parametrize("snapshot", ALL, ids=lambda snapshot: snapshot.name)
def test_the_same_values_mean_the_same(snapshot: Snapshot) -> None:
    """What ZHA's entities say of the recorded attribute values, in our units."""
    record = record_of(snapshot)
    known = heard(record, snapshot)
    offered = capabilities_of(record)
    for entity in snapshot.entities:
        implied = implied_by(entity.platform, entity.kind, entity.device_class, entity.state)
        if entity.platform != "sensor" or implied is None or len(implied) != 1:
            continue
        name, theirs = implied[0], entity.state.get("state")
        part = entity.endpoint if entity.endpoint in offered else 0
        if not isinstance(theirs, int | float) or (snapshot.name, name) in NOT_COMPARED:
            continue
        if (part, name) not in known and snapshot.data["quirk_applied"]:
            # Recorded where ZHA puts it, and read from where the device says it.
            continue
        ours = known[part, name]
        assert ours == pytest.approx(theirs * IN_OUR_UNIT.get(name, 1), rel=0.01, abs=0.6), (entity, name)
