"""Snapshots of real devices: read, refused with the reason, and answering on the air as the devices did."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.zigbee.zcl.attribute_records import ReadRecord
from drivers.zigbee.zcl.cluster import Cluster
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.color_control import (
    COLOR_CONTROL,
    MoveToColor,
    MoveToColorTemperature,
    MoveToHueAndSaturation,
)
from drivers.zigbee.zcl.clusters.door_lock import DOOR_LOCK, LockDoor, LockDoorResponse, Toggle, ToggleResponse
from drivers.zigbee.zcl.clusters.groups import AddGroup, AddGroupResponse
from drivers.zigbee.zcl.clusters.ias_zone import IAS_ZONE, ZoneEnrollRequest, ZoneEnrollResponse
from drivers.zigbee.zcl.clusters.level_control import LEVEL_CONTROL, MoveToLevel, MoveToLevelWithOnOff, StepWithOnOff
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, Off, On
from drivers.zigbee.zcl.clusters.on_off import Toggle as OnOffToggle
from drivers.zigbee.zcl.clusters.ota_upgrade import OTA_UPGRADE
from drivers.zigbee.zcl.clusters.scenes import RecallScene, StoreScene, StoreSceneResponse
from drivers.zigbee.zcl.clusters.table import attribute_of
from drivers.zigbee.zcl.clusters.thermostat import THERMOSTAT, SetpointRaiseLower
from drivers.zigbee.zcl.clusters.window_covering import (
    WINDOW_COVERING,
    DownClose,
    GoToLiftPercentage,
    GoToTiltPercentage,
)
from drivers.zigbee.zcl.data_types import DataType
from drivers.zigbee.zcl.foundation import DefaultResponse, ReadAttributes, ReadAttributesResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.captured import Captured
from simulators.zigbee.faces import Label, dress
from simulators.zigbee.snapshot import FILE_MAX, Snapshot, SnapshotError, read_snapshot
from simulators.zigbee.snapshot_node import snapshot_node
from simulators.zigbee.snapshot_values import typed
from tests.simulators.zigbee.interviewer import interview
from tests.simulators.zigbee.on_air import COORDINATOR_EUI64, OnAir

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "zha_devices"
FILES = sorted(FOLDER.glob("*.json"))
real = pytest.mark.skipif(not FILES, reason=f"there are no snapshots in {FOLDER}")
OK = ZclStatus.SUCCESS
NON_VALUES = (0xFF, 0xFFFF)
"""Numbers that say in their types that there is none."""


def _air(snapshot: Snapshot) -> OnAir:
    return OnAir(snapshot_node(asyncio.get_running_loop(), snapshot))


def _real(name: str) -> OnAir:
    return _air(read_snapshot(FOLDER / f"{name}.json"))


# --- files


def _document() -> dict[str, Any]:
    """A small device with everything in it."""
    return {
        "ieee": "02:00:00:00:00:00:00:01",
        "manufacturer": "maker",
        "model": "thing",
        "signature": {
            "node_descriptor": {"logical_type": 1, "mac_capability_flags": 142, "manufacturer_code": 4742},
            "endpoints": {
                "1": {
                    "profile_id": "0x0104",
                    "device_type": "0x0100",
                    "input_clusters": ["0x0000", "0x0006", "0x0008", "0x0102", "0x0201", "0x0300", "0xfc99"],
                    "output_clusters": ["0x0019"],
                }
            },
        },
        "cluster_details": {
            "1": {
                "in_clusters": {
                    "0x0000": _cluster({"0x0004": _value("maker"), "0x0005": _value("thing"), "0x0001": _value(None)}),
                    "0x0006": _cluster({"0x0000": _value(0), "0x4003": _value(1)}, ["start_up_on_off", 0x4003]),
                    "0x0008": _cluster({"0x0000": _value(254)}),
                    "0x0201": _cluster({"0x0012": _value(2000), "0x001c": _value(4)}),
                    "0xfc99": _cluster({"0x0001": _value(300), "0x0002": _value("text"), "0x0003": _value(-5)}),
                },
                "out_clusters": {"0x0019": _cluster({"0x0002": _value(26)})},
            }
        },
    }


def _cluster(attributes: dict[str, Any], unsupported: list[Any] | dict[str, Any] | None = None) -> dict[str, Any]:
    return {"endpoint_attribute": None, "attributes": attributes, "unsupported_attributes": unsupported or []}


def _value(value: Any, text: str = "") -> dict[str, Any]:
    return {"attribute": text, "value": value}


def _written(folder: Path, document: Any) -> Path:
    file = folder / "device.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def _read(folder: Path, document: Any) -> Snapshot:
    return read_snapshot(_written(folder, document))


def test_a_snapshot_says_who_a_device_is_and_what_it_has(tmp_path: Path) -> None:
    snapshot = _read(tmp_path, _document())
    assert (snapshot.name, snapshot.manufacturer, snapshot.model) == ("device", "maker", "thing")
    assert snapshot.eui64 == 0x0200000000000001
    assert (snapshot.descriptor.mac_capability, snapshot.descriptor.manufacturer_code) == (142, 4742)
    (endpoint,) = snapshot.endpoints
    assert [it.id for it in endpoint.inputs] == [0x0000, 0x0006, 0x0008, 0x0102, 0x0201, 0x0300, 0xFC99]
    values = {it.id: {a.definition.id: a.value for a in it.attributes} for it in endpoint.inputs}
    assert values[0x0000] == {0x0004: "maker", 0x0005: "thing"}
    assert values[0x0006] == {0x0000: False}
    assert values[0x0102] == {}


def test_the_signature_before_a_quirk_is_the_devices_own(tmp_path: Path) -> None:
    document = _document()
    document["original_signature"] = {
        "endpoints": {
            "3": {"profile_id": "0xc05e", "device_type": "0x0820", "input_clusters": [], "output_clusters": ["0x0006"]}
        },
        "node_desc": {"logical_type": 2, "mac_capability_flags": 128, "manufacturer_code": 1},
    }
    snapshot = _read(tmp_path, document)
    (endpoint,) = snapshot.endpoints
    assert (endpoint.number, endpoint.profile, endpoint.device_type) == (3, 0xC05E, 0x0820)
    assert (endpoint.inputs, [it.id for it in endpoint.outputs]) == ((), [0x0006])
    assert snapshot.descriptor.mac_capability == 128


@pytest.mark.parametrize(
    ("raw", "known", "text", "expected"),
    [
        (1, DataType.BOOLEAN, "", (DataType.BOOLEAN, True)),
        (30.4, DataType.UINT8, "", (DataType.UINT8, 30)),
        (42, DataType.SINGLE, "", (DataType.SINGLE, 42.0)),
        ("00:12:4b:00:00:00:00:07", DataType.EUI64, "", (DataType.EUI64, 0x00124B0000000007)),
        ("abc", DataType.OCTET_STRING, "", (DataType.OCTET_STRING, b"abc")),
        (500, DataType.UINT8, "", (DataType.UINT16, 500)),
        (5, None, "type=<class 'zigpy.types.basic.int24s'>", (DataType.INT24, 5)),
        (5, None, "type=<enum 'Unheard'>", (DataType.UINT8, 5)),
        ("x", None, "type=<class 'zigpy.types.basic.LimitedCharString.<locals>.LimitedCharString'>", (0x42, "x")),
        (True, None, "", (DataType.BOOLEAN, True)),
        (70_000, None, "", (DataType.UINT32, 70_000)),
        (-200, None, "", (DataType.INT16, -200)),
        (0.5, None, "", (DataType.SINGLE, 0.5)),
        (1e200, None, "", (DataType.DOUBLE, 1e200)),
    ],
)
def test_values_get_the_type_of_the_table_then_of_the_file_then_of_themselves(
    raw: Any, known: int | None, text: str, expected: tuple[int, Any]
) -> None:
    assert typed(raw, known, text) == expected


def _broken(*path: str | int, value: Any) -> dict[str, Any]:
    """The document with one thing in it replaced; with `value` a KeyError, taken out."""
    document = _document()
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


_ENDPOINT = ("signature", "endpoints", "1")
_IN = ("cluster_details", "1", "in_clusters")


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ("", "the file"),
        ("[1, 2", "the file"),
        ("[]", "the file"),
        ("{" * 500, "the file"),
        ('{"a": ' * 5000, "the file"),
        (_broken("ieee", value=KeyError), "ieee"),
        (_broken("ieee", value="02:00"), "ieee"),
        (_broken("model", value=None), "model"),
        (_broken("model", value="x" * 300), "model"),
        (_broken("signature", value=KeyError), "signature"),
        (_broken("signature", "endpoints", value={}), "signature.endpoints"),
        (_broken("signature", "endpoints", value={"300": {}}), "signature.endpoints.300"),
        (_broken("signature", "node_descriptor", value=None), "signature.node_descriptor"),
        (_broken("signature", "node_descriptor", "logical_type", value="router"), "logical_type"),
        (_broken("signature", "node_descriptor", "mac_capability_flags", value=999), "mac_capability_flags"),
        (_broken(*_ENDPOINT, "profile_id", value="0x12345"), "profile_id"),
        (_broken(*_ENDPOINT, "device_type", value=KeyError), "device_type"),
        (_broken(*_ENDPOINT, "input_clusters", value="0x0006"), "input_clusters"),
        (_broken(*_ENDPOINT, "input_clusters", value=["0x0006"] * 500), "input_clusters"),
        (_broken(*_ENDPOINT, "input_clusters", value=[None]), "input_clusters.0"),
        (_broken("cluster_details", value=[]), "cluster_details"),
        (_broken(*_IN, value=KeyError), "in_clusters"),
        (_broken(*_IN, "0x0006", "attributes", value=KeyError), "attributes"),
        (_broken(*_IN, "0x0006", "attributes", "0x0000", value=7), "0x0000"),
        (_broken(*_IN, "0x0006", "attributes", "0x0000", value=_value([1])), "0x0000.value"),
        (_broken(*_IN, "0x0006", "attributes", "zero", value=_value(1)), "zero"),
        (_broken(*_IN, "0x0006", "attributes", "0x0000", value=_value(1 << 70)), "0x0006.attributes.0x0000"),
        (_broken(*_IN, "0x0000", "attributes", "0x0004", value=_value("é" * 200)), "0x0000.attributes.0x0004"),
        (_broken(*_IN, "0x0006", "unsupported_attributes", value=3), "unsupported_attributes"),
    ],
)
def test_a_broken_file_is_one_clear_error(document: Any, where: str, tmp_path: Path) -> None:
    file = _written(tmp_path, document)
    with pytest.raises(SnapshotError) as caught:
        read_snapshot(file)
    assert caught.value.file == file
    assert where in caught.value.where
    assert str(caught.value).startswith(f"{file}: {caught.value.where}: ")
    assert len(str(caught.value)) < 500


def test_a_file_that_is_much_too_long_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="more than"):
        _read(tmp_path, " " * (FILE_MAX + 1))


def test_bytes_that_are_no_text_are_a_broken_file_and_so_is_none_at_all(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    file.write_bytes(b'{"ieee": "\xff\xfe"}')
    with pytest.raises(SnapshotError):
        read_snapshot(file)
    with pytest.raises(SnapshotError, match="the file: it cannot be read"):
        read_snapshot(tmp_path / "nothing.json")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_in_a_file_it_is_a_device_or_one_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = _document()
    for _ in range(data.draw(st.integers(1, 4))):
        place: Any = document
        while True:
            key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            inside = place[key]
            if not isinstance(inside, dict | list) or not inside or data.draw(st.integers(0, 3)) == 0:
                break
            place = inside
        place[key] = data.draw(
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=6), it, max_size=3),
                max_leaves=5,
            )
        )
    file = tmp_path_factory.getbasetemp() / "drawn.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    try:
        snapshot = read_snapshot(file)
    except SnapshotError:
        return
    loop = asyncio.new_event_loop()
    snapshot_node(loop, snapshot)
    loop.close()


# --- on the air


@real
def test_there_are_forty_five_snapshots() -> None:
    assert len(FILES) == 45


@real
@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
async def test_every_real_device_answers_a_whole_interview_as_it_did(file: Path) -> None:
    """05-3474-23, 2.4; ZCL8, 2.5: what the file knows is answered, what it has not is 0x86."""
    document = _json_of(file)
    snapshot = read_snapshot(file)
    air = _air(snapshot)
    found = interview(air)
    signature = document.get("original_signature") or document["signature"]
    assert {str(number) for number in found.endpoints} == set(signature["endpoints"])
    for number, written in signature["endpoints"].items():
        endpoint = found.endpoints[int(number)]
        assert list(endpoint.inputs) == list(dict.fromkeys(int(it, 16) for it in written["input_clusters"]))
        assert list(endpoint.outputs) == list(dict.fromkeys(int(it, 16) for it in written["output_clusters"]))
        _check_attributes(air, int(number), written, document["cluster_details"].get(number))
    basic = [it for place, it in found.attributes.items() if place.server and place.cluster == BASIC.id]
    assert document["manufacturer"] in [it[0x0004][1] for it in basic if 0x0004 in it]
    assert document["model"] in [it[0x0005][1] for it in basic if 0x0005 in it]
    await asyncio.sleep(1000)
    air.leave()


def _json_of(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _check_attributes(air: OnAir, endpoint: int, written: dict[str, Any], details: dict[str, Any] | None) -> None:
    profile = int(written["profile_id"], 16)
    for cluster in {int(it, 16) for it in written["input_clusters"]}:
        known = {} if details is None else details["in_clusters"].get(f"0x{cluster:04x}", {})
        # A list has numbers and names, a table numbers as text.
        missing = {it if isinstance(it, int) else it[:6] for it in known.get("unsupported_attributes", ())}
        for name, it in known.get("attributes", {}).items():
            attribute = int(name, 16)
            has = it["value"] is not None and not missing & {attribute, name}
            definition = attribute_of(cluster, attribute)
            code = None if definition is None else definition.manufacturer_code
            question = ReadAttributes((attribute,))
            answer = air.ask(cluster, question, endpoint=endpoint, manufacturer_code=code, profile=profile)
            assert isinstance(answer, ReadAttributesResponse)
            (record,) = answer.records
            assert record.status == (OK if has else ZclStatus.UNSUPPORTED_ATTRIBUTE)
            assert not has or _same(record.value, it["value"])


def _same(answered: Any, written: Any) -> bool:
    if answered is None:
        return written in NON_VALUES
    if isinstance(written, str):
        return bool(answered == (int(written.replace(":", ""), 16) if isinstance(answered, int) else written))
    return bool(abs(answered - written) <= 0.5)


@real
async def test_a_real_lamp_is_switched_dimmed_and_coloured_and_says_so() -> None:
    air = _real("signify-netherlands-b-v-lca005")
    for cluster, name in ((ON_OFF, "on_off"), (LEVEL_CONTROL, "current_level")):
        assert _configured(air, cluster, name)
    answers = [air.command(it, endpoint=11) for it in (Off(), On(), OnOffToggle(), MoveToLevelWithOnOff(77, 0))]
    assert answers == [DefaultResponse(it, OK) for it in (0, 1, 2, 4)]
    assert air.read(ON_OFF, "on_off", endpoint=11) is True
    assert air.read(LEVEL_CONTROL, "current_level", endpoint=11) == 77
    air.command(MoveToColorTemperature(300, 0), endpoint=11)
    assert air.read(COLOR_CONTROL, "color_temperature", endpoint=11) == 300
    assert air.read(COLOR_CONTROL, "color_mode", endpoint=11) == 2
    air.command(MoveToColor(30_000, 20_000, 0), endpoint=11)
    assert air.read(COLOR_CONTROL, "current_x", endpoint=11) == 30_000
    air.command(MoveToHueAndSaturation(10, 20, 0), endpoint=11)
    assert air.read(COLOR_CONTROL, "current_hue", endpoint=11) == 10


def _configured(air: OnAir, cluster: Cluster, name: str) -> bool:
    air.bind(cluster.id, endpoint=11)
    return cluster.named(name).reportable


@real
async def test_a_real_lock_locks() -> None:
    air = _real("yunding-ford")
    assert air.command(LockDoor()) == LockDoorResponse(OK)
    assert air.read(DOOR_LOCK, "lock_state") == 1
    assert air.command(Toggle()) == ToggleResponse(OK)
    assert air.read(DOOR_LOCK, "lock_state") == 2


@real
async def test_a_real_zone_is_enrolled_by_a_new_centre() -> None:
    air = _real("third-reality-inc-3rds17bz")
    air.write(IAS_ZONE, "ias_cie_address", COORDINATOR_EUI64)
    await asyncio.sleep(1)
    assert [type(it) for it in air.commands()] == [ZoneEnrollRequest]
    air.command(ZoneEnrollResponse(0, 5))
    assert (air.read(IAS_ZONE, "zone_state"), air.read(IAS_ZONE, "zone_id")) == (1, 5)
    await asyncio.sleep(10)
    assert air.heard() == []


async def test_what_is_commanded_changes_and_is_reported_when_it_is_bound_and_configured(tmp_path: Path) -> None:
    air = _air(_read(tmp_path, _document()))
    air.bind(ON_OFF.id)
    air.command(On())
    assert air.reports(ON_OFF) == []
    air.report(ON_OFF, "on_off", 0, 0)
    air.report(LEVEL_CONTROL, "current_level", 0, 0, 1)
    air.command(Off())
    assert air.reports(ON_OFF) == [{"on_off": False}]
    air.command(MoveToLevelWithOnOff(50, 0))
    both = air.heard()
    assert {it.message.cluster for it in both} == {ON_OFF.id, LEVEL_CONTROL.id}
    air.command(StepWithOnOff(1, 100, 0))
    assert air.read(ON_OFF, "on_off") is False
    assert air.read(LEVEL_CONTROL, "current_level") == 50
    air.command(MoveToLevel(0, 0))
    assert air.read(LEVEL_CONTROL, "current_level") == 1


async def test_what_nobody_had_read_is_there_once_it_was_commanded(tmp_path: Path) -> None:
    air = _air(_read(tmp_path, _document()))
    position = WINDOW_COVERING.named("current_position_lift_percentage").id
    unknown = ReadAttributesResponse((ReadRecord(position, ZclStatus.UNSUPPORTED_ATTRIBUTE),))
    assert air.ask(WINDOW_COVERING.id, ReadAttributes((position,))) == unknown
    assert air.command(GoToLiftPercentage(30)) == DefaultResponse(5, OK)
    assert air.read(WINDOW_COVERING, "current_position_lift_percentage") == 30
    air.command(DownClose())
    assert air.read(WINDOW_COVERING, "current_position_lift_percentage") == 100
    air.command(GoToTiltPercentage(40))
    assert air.read(WINDOW_COVERING, "current_position_tilt_percentage") == 40
    assert air.command(GoToLiftPercentage(130)) == DefaultResponse(5, ZclStatus.INVALID_VALUE)


async def test_settings_are_written_and_what_only_can_be_read_is_not(tmp_path: Path) -> None:
    air = _air(_read(tmp_path, _document()))
    assert air.write(THERMOSTAT, "occupied_heating_setpoint", 2150) == OK
    air.command(SetpointRaiseLower(0, 5))
    assert air.read(THERMOSTAT, "occupied_heating_setpoint") == 2200
    assert air.command(SetpointRaiseLower(9, 5)) == DefaultResponse(0, ZclStatus.INVALID_FIELD)
    assert air.write(BASIC, "model_identifier", "other") == ZclStatus.READ_ONLY
    assert air.write(ON_OFF, "start_up_on_off", 1) == ZclStatus.UNSUPPORTED_ATTRIBUTE


async def test_a_makers_own_cluster_answers_with_its_code_and_without(tmp_path: Path) -> None:
    air = _air(_read(tmp_path, _document()))
    values = ReadAttributesResponse(
        (
            ReadRecord(1, OK, DataType.UINT16, 300),
            ReadRecord(2, OK, DataType.CHAR_STRING, "text"),
            ReadRecord(3, OK, DataType.INT8, -5),
            ReadRecord(4, ZclStatus.UNSUPPORTED_ATTRIBUTE),
        )
    )
    for code in (None, 4742):
        assert air.ask(0xFC99, ReadAttributes((1, 2, 3, 4)), manufacturer_code=code) == values
    version = OTA_UPGRADE.named("current_file_version").id
    answer = air.ask(OTA_UPGRADE.id, ReadAttributes((version,)), from_server=True)
    assert answer == ReadAttributesResponse((ReadRecord(version, OK, DataType.UINT32, 26),))


@real
async def test_groups_and_scenes_of_a_real_device_work() -> None:
    air = _real("signify-netherlands-b-v-lca005")
    assert air.command(AddGroup(7), endpoint=11) == AddGroupResponse(OK, 7)
    air.command(MoveToLevelWithOnOff(77, 0), endpoint=11)
    assert air.command(StoreScene(7, 1), endpoint=11) == StoreSceneResponse(OK, 7, 1)
    air.command(MoveToLevelWithOnOff(10, 0), endpoint=11)
    air.command(Off(), endpoint=11)
    air.command(RecallScene(7, 1), endpoint=11)
    assert air.read(ON_OFF, "on_off", endpoint=11) is True
    assert air.read(LEVEL_CONTROL, "current_level", endpoint=11) == 77


@real
async def test_a_captured_device_is_dressed_by_its_file() -> None:
    node = dress(asyncio.get_running_loop(), Captured(FILES[0]), Label())
    assert node.eui64 == read_snapshot(FILES[0]).eui64
