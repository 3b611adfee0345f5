"""Any value of any type and any record of any kind, made from what its annotations say of its bytes."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from drivers.zigbee.wire import Fixed, Flag, Listed, Nested, Number, Record, Rest, Trailing, WireType, layout
from drivers.zigbee.zcl.attribute_records import (
    AttributeValue,
    Configuration,
    ExpectedReports,
    ReadRecord,
    Reporting,
    ReportingRecord,
    ReportingTold,
    WriteRecord,
)
from drivers.zigbee.zcl.clusters import green_power_device, thermostat
from drivers.zigbee.zcl.clusters.green_power_device import ChannelRequest, ClusterList
from drivers.zigbee.zcl.clusters.ias_wd import SquawkInfo, WarningInfo
from drivers.zigbee.zcl.clusters.ota_upgrade import (
    Image,
    ImageBlockRequest,
    ImageBlockResponse,
    ImagePageRequest,
    QueryNextImageRequest,
    Wait,
)
from drivers.zigbee.zcl.clusters.thermostat import Schedule, ScheduleMode, Transition
from drivers.zigbee.zcl.clusters.tuya import BigEndian, DataPoint
from drivers.zigbee.zcl.composite import Collection, Date, Structure, TimeOfDay
from drivers.zigbee.zcl.conditional import Where
from drivers.zigbee.zcl.data_types import DataType, Value, is_analog
from drivers.zigbee.zcl.fields import Octets, Text, Times
from drivers.zigbee.zcl.foundation import ConfigureReportingResponse, WriteAttributesResponse
from drivers.zigbee.zcl.status import StatusByte, ZclStatus
from drivers.zigbee.zdo import binding, discovery, management
from drivers.zigbee.zdo import message as zdo
from drivers.zigbee.zdo.binding import ToEndpoint, ToGroup
from drivers.zigbee.zdo.descriptors import NodeDescriptor, PowerDescriptor, SimpleDescriptor, Sized
from drivers.zigbee.zdo.management import (
    CHANGE_CHANNEL,
    CHANGE_CHANNEL_MASK,
    SCAN_DURATION_MAX,
    Neighbor,
    Route,
    Update,
)

LONGEST = 40
"""Of bytes in a string, so that a test takes milliseconds."""

Strategy = st.SearchStrategy[Any]


def whole(bits: int) -> Strategy:
    return st.integers(0, (1 << bits) - 1)


def signed(bits: int) -> Strategy:
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1)


def several(item: Strategy, most: int = 4) -> Strategy:
    return st.lists(item, max_size=most).map(tuple)


# Values of attributes -----------------------------------------------------------------------------------------------

_TEXTS = st.text(max_size=LONGEST // 4)


def _is_no_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def _parts(kind: Callable[..., Value], *parts: Strategy) -> Strategy:
    """Each part may be untold; with none told the value itself is not there."""
    told = st.tuples(*(st.none() | part for part in parts)).filter(_any_is_told)
    return st.none() | told.map(lambda values: kind(*values))


def _any_is_told(values: tuple[Any, ...]) -> bool:
    return any(value is not None for value in values)


def _simple_values() -> dict[int, Strategy]:
    found: dict[int, Strategy] = {
        DataType.NO_DATA: st.none(),
        DataType.UNKNOWN: st.none(),
        DataType.BOOLEAN: st.none() | st.booleans(),
        DataType.ENUM8: st.none() | st.integers(0, 0xFE),
        DataType.ENUM16: st.none() | st.integers(0, 0xFFFE),
        DataType.SEMI: st.none() | st.floats(width=16, allow_nan=False),
        DataType.SINGLE: st.none() | st.floats(width=32, allow_nan=False),
        DataType.DOUBLE: st.none() | st.floats(allow_nan=False),
        DataType.OCTET_STRING: st.none() | st.binary(max_size=LONGEST),
        DataType.LONG_OCTET_STRING: st.none() | st.binary(max_size=LONGEST),
        DataType.CHAR_STRING: st.none() | _TEXTS | st.binary(max_size=LONGEST).filter(_is_no_text),
        DataType.LONG_CHAR_STRING: st.none() | _TEXTS | st.binary(max_size=LONGEST).filter(_is_no_text),
        DataType.TIME_OF_DAY: _parts(TimeOfDay, *[st.integers(0, 254)] * 4),
        DataType.DATE: _parts(Date, st.integers(1900, 2154), *[st.integers(0, 254)] * 3),
        DataType.UTC: st.none() | st.integers(0, 0xFFFFFFFE),
        DataType.CLUSTER_ID: st.none() | st.integers(0, 0xFFFE),
        DataType.ATTRIBUTE_ID: st.none() | st.integers(0, 0xFFFE),
        DataType.BACNET_OID: st.none() | st.integers(0, 0xFFFFFFFE),
        DataType.EUI64: st.none() | st.integers(0, 0xFFFF_FFFF_FFFF_FFFE),
        DataType.KEY128: st.binary(min_size=16, max_size=16),
    }
    for size in range(1, 9):
        bits = 8 * size
        found[DataType.DATA8 + size - 1] = whole(bits)
        found[DataType.BITMAP8 + size - 1] = whole(bits)
        found[DataType.UINT8 + size - 1] = st.none() | st.integers(0, (1 << bits) - 2)
        found[DataType.INT8 + size - 1] = st.none() | st.integers(1 - (1 << bits - 1), (1 << bits - 1) - 1)
    return found


SIMPLE_VALUES = _simple_values()
_WITH_BYTES = sorted(SIMPLE_VALUES.keys() - {DataType.NO_DATA, DataType.UNKNOWN})


def _composite_values(typed: Callable[[], Strategy], element: Callable[[], Strategy]) -> dict[int, Strategy]:
    """`typed` gives (type, value), `element` (type, strategy of its values), so that all of a collection are alike."""
    collections = element().flatmap(lambda one: several(one[1]).map(lambda values: Collection(one[0], values)))
    structures = several(typed()).map(Structure)
    return {
        **dict.fromkeys((DataType.ARRAY, DataType.SET, DataType.BAG), st.none() | collections),
        DataType.STRUCTURE: st.none() | structures,
    }


def _typed_of(table: dict[int, Strategy]) -> Strategy:
    return st.sampled_from(sorted(table)).flatmap(lambda kind: st.tuples(st.just(kind), table[kind]))


_FLAT = _composite_values(
    lambda: _typed_of(SIMPLE_VALUES), lambda: st.sampled_from([(kind, SIMPLE_VALUES[kind]) for kind in _WITH_BYTES])
)
_DEEP = _composite_values(
    lambda: _typed_of({**SIMPLE_VALUES, **_FLAT}), lambda: st.sampled_from([(kind, _FLAT[kind]) for kind in _FLAT])
)
VALUES: dict[int, Strategy] = {**SIMPLE_VALUES, **{kind: _FLAT[kind] | _DEEP[kind] for kind in _FLAT}}
"""By type: all that this side can say of it."""


def typed_values() -> Strategy:
    """(type, value)"""
    return _typed_of(VALUES)


# Records ------------------------------------------------------------------------------------------------------------

_made: dict[type[Record], Strategy] = {}


def records(kind: type[Record]) -> Strategy:
    if kind not in _made:
        by_hand = _BY_HAND.get(kind)
        _made[kind] = by_hand() if by_hand is not None else _built(kind)
    return _made[kind]


@st.composite
def _built(draw: st.DrawFn, kind: type[Record]) -> Record:
    """Field by field: conditions see the fields before; behind a field that is left out all keep their defaults."""
    values: dict[str, Any] = {}
    can_end = issubclass(kind, zdo.Response)
    for number, (name, wire) in enumerate(layout(kind, 0)):
        if isinstance(wire, Where):
            values[name] = draw(_of(wire.item)) if wire.condition(values) else None
            continue
        values[name] = draw(_of(wire))
        if values[name] is None and (isinstance(wire, Trailing) or (can_end and number)):
            break
    return kind(**values)


def _of(wire: WireType) -> Strategy:
    match wire:
        case Number():
            return signed(8 * wire.size) if wire.signed else whole(8 * wire.size)
        case BigEndian():
            return whole(8 * wire.size)
        case Flag():
            return st.booleans()
        case Fixed():
            return st.binary(min_size=wire.size, max_size=wire.size)
        case Rest() | Octets():
            return st.binary(max_size=LONGEST)
        case Text():
            return _TEXTS
        case StatusByte() | zdo.StatusByte():
            return whole(8)
        case Listed():
            return several(_of(wire.item))
        case zdo.Some():
            return _of(wire.listed)
        case Times():
            return st.lists(_of(wire.item), min_size=wire.count, max_size=wire.count).map(tuple)
        case Trailing():
            return st.none() | _of(wire.item)
        case Nested():
            return records(wire.kind)
        case Configuration():
            return records(Reporting) | records(ExpectedReports)
        case Sized():
            return st.none() | records(SimpleDescriptor)
        case binding._Target():
            return records(ToGroup) | records(ToEndpoint)
        case discovery._Associated():
            return st.none() | st.just((0, ())) | st.tuples(whole(8), several(whole(16)).filter(bool))
        case management._Update():
            return _updates() | st.builds(Update, whole(8))
        case thermostat._Schedule():
            return _schedules()
        case green_power_device._ClusterList():
            return st.builds(ClusterList, several(whole(16)), several(whole(16)))
    raise AssertionError(f"{wire} has no strategy")


def _updates() -> Strategy:
    """Those that leave nothing out."""
    return st.one_of(
        st.builds(Update, st.integers(0, SCAN_DURATION_MAX), scan_count=whole(8)),
        st.builds(Update, st.integers(SCAN_DURATION_MAX + 1, CHANGE_CHANNEL - 1)),
        st.builds(Update, st.just(CHANGE_CHANNEL), update_id=whole(8)),
        st.builds(Update, st.just(CHANGE_CHANNEL_MASK), update_id=whole(8), manager=whole(16)),
    )


@st.composite
def _schedules(draw: st.DrawFn) -> Schedule:
    mode = draw(whole(8))
    heat = signed(16) if mode & ScheduleMode.HEAT else st.none()
    cool = signed(16) if mode & ScheduleMode.COOL else st.none()
    return Schedule(draw(whole(8)), mode, draw(several(st.builds(Transition, whole(16), heat, cool))))


def _from_bits(kind: type[Record], size: int) -> Callable[[], Strategy]:
    """A record of so many bytes whose fields are bits of them: all that there can be."""
    return lambda: st.binary(min_size=size, max_size=size).map(kind.from_bytes)


def _attribute_values() -> Strategy:
    return st.builds(lambda attribute, typed: AttributeValue(attribute, *typed), whole(16), typed_values())


def _read_records() -> Strategy:
    read = st.builds(
        lambda attribute, typed: ReadRecord(attribute, ZclStatus.SUCCESS, *typed), whole(16), typed_values()
    )
    return read | st.builds(ReadRecord, whole(16), st.integers(1, 255))


def _reporting() -> Strategy:
    def of(type_id: int) -> Strategy:
        change = VALUES[type_id] if is_analog(type_id) else st.none()
        return st.builds(Reporting, whole(16), st.just(type_id), whole(16), whole(16), change)

    return st.sampled_from(sorted(VALUES)).flatmap(of)


def _reporting_told() -> Strategy:
    refused = st.builds(ReportingTold, st.integers(1, 255), whole(8), whole(16))
    told = (records(Reporting) | records(ExpectedReports)).map(
        lambda one: ReportingTold(ZclStatus.SUCCESS, one.DIRECTION, one.attribute, one)
    )
    return refused | told


def _of_all(kind: type[Any], record: type[Record]) -> Strategy:
    some = st.lists(records(record), min_size=1, max_size=4).map(tuple)
    return st.builds(kind, some) | st.builds(kind, st.just(()), whole(8))


def _block_responses() -> Strategy:
    success = st.just(ZclStatus.SUCCESS)
    block = st.builds(ImageBlockResponse, success, records(Image), whole(32), st.binary(max_size=LONGEST))
    wait = st.builds(ImageBlockResponse, st.just(ZclStatus.WAIT_FOR_DATA), wait=records(Wait))
    refused = st.integers(1, 255).filter(lambda status: status != ZclStatus.WAIT_FOR_DATA)
    return block | wait | st.builds(ImageBlockResponse, refused)


def _maybe(bits: int) -> Strategy:
    return st.none() | whole(bits)


_BY_HAND: dict[type[Record], Callable[[], Strategy]] = {
    AttributeValue: _attribute_values,
    ReadRecord: _read_records,
    Reporting: _reporting,
    ReportingTold: _reporting_told,
    WriteAttributesResponse: lambda: _of_all(WriteAttributesResponse, WriteRecord),
    ConfigureReportingResponse: lambda: _of_all(ConfigureReportingResponse, ReportingRecord),
    QueryNextImageRequest: lambda: st.builds(QueryNextImageRequest, records(Image), _maybe(16)),
    ImageBlockRequest: lambda: st.builds(
        ImageBlockRequest, records(Image), whole(32), whole(8), _maybe(64), _maybe(16)
    ),
    ImagePageRequest: lambda: st.builds(
        ImagePageRequest, records(Image), whole(32), whole(8), whole(16), whole(16), _maybe(64)
    ),
    ImageBlockResponse: _block_responses,
    DataPoint: lambda: st.builds(DataPoint, whole(8), whole(8), st.binary(max_size=LONGEST)),
    WarningInfo: _from_bits(WarningInfo, 1),
    SquawkInfo: _from_bits(SquawkInfo, 1),
    ChannelRequest: _from_bits(ChannelRequest, 1),
    NodeDescriptor: _from_bits(NodeDescriptor, 13),
    PowerDescriptor: _from_bits(PowerDescriptor, 2),
    Neighbor: _from_bits(Neighbor, 22),
    Route: _from_bits(Route, 5),
    management.MgmtNwkEnhancedUpdateReq: lambda: st.builds(
        management.MgmtNwkEnhancedUpdateReq, several(whole(32)), _updates(), _maybe(8)
    ),
}
