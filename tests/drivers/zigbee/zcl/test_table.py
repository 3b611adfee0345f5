"""The tables hold together: nothing twice, nothing of an unknown type, nothing that is written but not listed."""

import ast
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from drivers.zigbee.zcl import clusters
from drivers.zigbee.zcl.cluster import CLUSTER_REVISION, AttributeDef, Cluster, ClusterCommand, ServerCommand
from drivers.zigbee.zcl.clusters import ikea, philips, table, tuya_switch, xiaomi
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.occupancy_sensing import OCCUPANCY_SENSING
from drivers.zigbee.zcl.clusters.on_off import ON_OFF
from drivers.zigbee.zcl.clusters.ota_upgrade import OTA_UPGRADE
from drivers.zigbee.zcl.clusters.table import ALL, CLUSTERS, COMMANDS, attribute_of
from drivers.zigbee.zcl.data_types import DataType, is_known
from drivers.zigbee.zcl.foundation import COMMANDS as GLOBAL_COMMANDS
from drivers.zigbee.zcl.foundation import GlobalCommand

FOLDER = Path(clusters.__path__[0])
MODULES = [import_module(f"{clusters.__name__}.{path.stem}") for path in sorted(FOLDER.glob("*.py"))]

every_cluster = pytest.mark.parametrize("cluster", ALL, ids=lambda cluster: cluster.name)


def _attributes(cluster: Cluster) -> tuple[AttributeDef, ...]:
    return (*cluster.attributes, *cluster.client_attributes)


def test_every_cluster_of_every_module_is_listed_once() -> None:
    found = {
        id(value): value for module in MODULES for value in vars(module).values() if isinstance(value, Cluster)
    } | {
        id(one): one
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, tuple)
        for one in value
        if isinstance(one, Cluster)
    }
    assert found.keys() == {id(cluster) for cluster in ALL}
    assert {cluster.id: cluster for cluster in ALL} == CLUSTERS
    assert len(CLUSTERS) == len(ALL)
    assert len({cluster.name for cluster in ALL}) == len(ALL)


def test_every_command_that_is_written_is_listed_once() -> None:
    written = [
        f"{module.__name__}.{node.name}"
        for module in MODULES
        for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and issubclass(getattr(module, node.name), ClusterCommand)
    ]
    assert sorted(written) == sorted(f"{kind.__module__}.{kind.__qualname__}" for kind in COMMANDS)


def test_no_two_commands_have_one_header() -> None:
    headers = [(kind.CLUSTER, kind.COMMAND, kind.FROM_SERVER, kind.MANUFACTURER_CODE) for kind in COMMANDS]
    assert len(set(headers)) == len(headers)


def test_no_two_commands_of_a_cluster_have_one_name() -> None:
    names = [(kind.CLUSTER, kind.__name__) for kind in COMMANDS]
    assert len(set(names)) == len(names)


@every_cluster
def test_a_cluster_has_its_own_commands_in_their_directions(cluster: Cluster) -> None:
    for kind in (*cluster.received, *cluster.generated):
        assert (cluster.id, cluster.manufacturer_code) == (kind.CLUSTER, kind.MANUFACTURER_CODE), kind
    assert not any(issubclass(kind, ServerCommand) or kind.FROM_SERVER for kind in cluster.received)
    assert all(issubclass(kind, ServerCommand) and kind.FROM_SERVER for kind in cluster.generated)


@every_cluster
def test_attributes_have_numbers_and_names_of_their_own_and_known_types(cluster: Cluster) -> None:
    for side in (cluster.attributes, cluster.client_attributes):
        keys = [(attribute.id, attribute.manufacturer_code) for attribute in side]
        assert len(set(keys)) == len(keys)
    names = [attribute.name for attribute in _attributes(cluster)]
    assert len(set(names)) == len(names)
    for attribute in _attributes(cluster):
        assert is_known(attribute.type_id), attribute
        assert attribute.type_id not in (DataType.NO_DATA, DataType.UNKNOWN), attribute
        assert 0 <= attribute.id <= 0xFFFF, attribute
        assert attribute.name.isidentifier(), attribute
        assert attribute.name == attribute.name.lower(), attribute


@every_cluster
def test_a_cluster_finds_its_attributes_by_number_and_by_name(cluster: Cluster) -> None:
    for attribute in cluster.attributes:
        assert cluster.attribute(attribute.id) == attribute
        assert cluster.named(attribute.name) == attribute
        assert cluster.ids(attribute.name) == (attribute.id,)
    for attribute in cluster.client_attributes:
        assert cluster.named(attribute.name) == attribute
    assert cluster.attribute(0xFFF0) is None
    with pytest.raises(KeyError):
        cluster.named("no_such_attribute")


def test_what_makers_add_to_a_cluster_has_numbers_of_its_own() -> None:
    added = [
        (cluster_id, attribute)
        for table_ in (tuya_switch.ATTRIBUTES, xiaomi.ATTRIBUTES, philips.ATTRIBUTES)
        for cluster_id, attributes in table_.items()
        for attribute in attributes
    ]
    keys = [(cluster_id, one.id, one.manufacturer_code) for cluster_id, one in added]
    assert len(set(keys)) == len(keys)
    for cluster_id, one in added:
        assert is_known(one.type_id), one
        if one.manufacturer_code is None:
            assert CLUSTERS[cluster_id].attribute(one.id) is None, one
        assert attribute_of(cluster_id, one.id, one.manufacturer_code) == one


def test_a_code_that_is_known_nowhere_does_not_hide_an_attribute() -> None:
    assert attribute_of(BASIC.id, 0x0005) == BASIC.named("model_identifier")
    assert attribute_of(BASIC.id, 0x0005, 0x115F) == BASIC.named("model_identifier")


def test_a_makers_own_number_is_another_attribute_than_the_standards() -> None:
    standard = attribute_of(OCCUPANCY_SENSING.id, 0x0030)
    own = attribute_of(OCCUPANCY_SENSING.id, 0x0030, philips.MANUFACTURER_CODE)
    assert standard == OCCUPANCY_SENSING.named("physical_contact_occupied_to_unoccupied_delay")
    assert own is not None
    assert own.name == "philips_motion_sensitivity"


def test_every_cluster_has_a_revision() -> None:
    assert {attribute_of(cluster_id, 0xFFFD) for cluster_id in (*CLUSTERS, 0xFFEE)} == {CLUSTER_REVISION}
    assert attribute_of(0xFFEE, 0x0000) is None


def test_attributes_of_a_client_are_found_where_there_are_any() -> None:
    assert attribute_of(OTA_UPGRADE.id, 0x0002) == OTA_UPGRADE.named("current_file_version")
    assert ON_OFF.client_attributes == ()


def test_the_clusters_of_makers_are_of_those_ids_that_the_standard_leaves_to_them() -> None:
    for cluster in ALL:
        if cluster.manufacturer_code is not None:
            assert cluster.id >= 0xFC00
    assert {cluster.manufacturer_code for cluster in ikea.CLUSTERS} == {ikea.MANUFACTURER_CODE}


def test_global_commands_have_a_number_each() -> None:
    assert all(issubclass(kind, GlobalCommand) for kind in GLOBAL_COMMANDS)
    assert len({kind.COMMAND for kind in GLOBAL_COMMANDS}) == len(GLOBAL_COMMANDS)


def test_commands_are_listed_where_they_are_looked_for() -> None:
    of_clusters = set(chain.from_iterable((*cluster.received, *cluster.generated) for cluster in ALL))
    of_makers = {*tuya_switch.COMMANDS, *ikea.COMMANDS}
    assert set(table.COMMANDS) == of_clusters | of_makers
    assert not of_clusters & of_makers
