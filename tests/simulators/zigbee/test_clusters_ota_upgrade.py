"""The client of OTA Upgrade (ZCL8, chapter 11)."""

import asyncio
import struct

import pytest

from drivers.zigbee.zcl.cluster import ClusterCommand, frame_of
from drivers.zigbee.zcl.clusters.basic import BASIC
from drivers.zigbee.zcl.clusters.ota_upgrade import (
    OTA_UPGRADE,
    UNTIL_TOLD,
    Image,
    ImageBlockRequest,
    ImageBlockResponse,
    ImageNotify,
    PayloadType,
    QueryNextImageRequest,
    QueryNextImageResponse,
    UpgradeEndRequest,
    UpgradeEndResponse,
    UpgradeStatus,
    Wait,
)
from drivers.zigbee.zcl.foundation import ReadAttributes, ReadAttributesResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.switch import Switch
from simulators.zigbee.clusters.ota_upgrade import IMAGE_MAX
from simulators.zigbee.faces import FILE_VERSION, MANUFACTURER_CODE
from simulators.zigbee.radio import BROADCAST_AWAKE
from tests.simulators.zigbee.on_air import OnAir, on_air

TYPE = 0x01
NEWER = 0x02030004
RUNNING = Image(MANUFACTURER_CODE, TYPE, FILE_VERSION)
NEXT = Image(MANUFACTURER_CODE, TYPE, NEWER)
NOTIFY = ImageNotify(PayloadType.FILE_VERSION, 100, MANUFACTURER_CODE, TYPE, NEWER)


def _file(image: Image = NEXT, size: int = 200) -> bytes:
    """An OTA file's header (ZCL8, 11.4), and whatever behind it."""
    header = struct.pack("<IHHHHHI", 0x0BEEF11E, 0x0100, 56, 0, *_numbers(image))
    return header.ljust(size, b"\xa5")


def _numbers(image: Image) -> tuple[int, int, int]:
    return image.manufacturer_code, image.image_type, image.file_version


def _tell(air: OnAir, command: ClusterCommand) -> list[ClusterCommand]:
    """Say it as the server does; what the client asks then."""
    heard = air.tell(OTA_UPGRADE.id, frame_of(1, command, disable_default_response=True))
    return [it.command for it in heard if isinstance(it.command, ClusterCommand)]


def _attribute(air: OnAir, name: str) -> object:
    question = ReadAttributes(OTA_UPGRADE.ids(name))
    answer = air.ask(OTA_UPGRADE.id, question, from_server=True)
    assert isinstance(answer, ReadAttributesResponse)
    return answer.records[0].value


def _download(air: OnAir, file: bytes, image: Image = NEXT) -> ClusterCommand:
    """Serve it block by block; what the client says when it has all."""
    assert _tell(air, NOTIFY) == [QueryNextImageRequest(RUNNING)]
    (asked,) = _tell(air, QueryNextImageResponse(ZclStatus.SUCCESS, image, len(file)))
    while isinstance(asked, ImageBlockRequest):
        block = file[asked.file_offset : asked.file_offset + asked.max_data_size]
        (asked,) = _tell(air, ImageBlockResponse(ZclStatus.SUCCESS, image, asked.file_offset, block))
    return asked


async def test_an_image_is_fetched_and_run() -> None:
    """ZCL8, 11: notify, query, blocks, end."""
    air = on_air(Switch())
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL
    assert _download(air, _file()) == UpgradeEndRequest(ZclStatus.SUCCESS, NEXT)
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.DOWNLOAD_COMPLETE
    assert _attribute(air, "file_offset") == 200
    _tell(air, UpgradeEndResponse(NEXT, 1000, 1060))
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.COUNT_DOWN
    await asyncio.sleep(59)
    assert _attribute(air, "current_file_version") == FILE_VERSION
    await asyncio.sleep(2)
    assert _attribute(air, "current_file_version") == NEWER
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL
    assert air.read(BASIC, "sw_build_id") == "2.3.4"


async def test_an_upgrade_may_have_to_wait_until_it_is_told() -> None:
    """ZCL8, 11, Upgrade End Response: an upgrade time of all ones."""
    air = on_air(Switch())
    _download(air, _file())
    _tell(air, UpgradeEndResponse(NEXT, 0, UNTIL_TOLD))
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.WAITING_TO_UPGRADE
    await asyncio.sleep(100_000)
    assert _attribute(air, "current_file_version") == FILE_VERSION
    _tell(air, UpgradeEndResponse(NEXT, 0, 0))
    await asyncio.sleep(1)
    assert _attribute(air, "current_file_version") == NEWER


@pytest.mark.parametrize(
    "notify",
    [
        ImageNotify(PayloadType.MANUFACTURER_CODE, 100, 0x1234),
        ImageNotify(PayloadType.IMAGE_TYPE, 100, MANUFACTURER_CODE, 0x99),
        ImageNotify(PayloadType.FILE_VERSION, 100, MANUFACTURER_CODE, TYPE, FILE_VERSION),
    ],
)
async def test_what_is_for_others_is_not_asked_for(notify: ImageNotify) -> None:
    """ZCL8, 11, Image Notify."""
    assert _tell(on_air(Switch()), notify) == []


async def test_of_many_that_are_told_only_so_many_ask() -> None:
    """ZCL8, 11, Image Notify: the query jitter."""
    air = on_air(Switch())
    for jitter, asks in ((0, False), (100, True)):
        notify = ImageNotify(PayloadType.QUERY_JITTER, jitter)
        heard = air.tell(OTA_UPGRADE.id, frame_of(1, notify), destination=BROADCAST_AWAKE, endpoint=0xFF)
        assert bool(heard) == asks


@pytest.mark.parametrize(
    "offer",
    [
        QueryNextImageResponse(ZclStatus.NO_IMAGE_AVAILABLE),
        QueryNextImageResponse(ZclStatus.SUCCESS, Image(0x1234, TYPE, NEWER), 200),
        QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, IMAGE_MAX + 1),
        QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, 0),
    ],
)
async def test_what_is_no_image_for_it_is_not_fetched(offer: QueryNextImageResponse) -> None:
    """ZCL8, 11, Query Next Image Response."""
    air = on_air(Switch())
    _tell(air, NOTIFY)
    assert _tell(air, offer) == []
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL
    await asyncio.sleep(100)
    assert air.heard() == []


@pytest.mark.parametrize("file", [_file(RUNNING), _file()[1:], b"short"])
async def test_a_wrong_image_is_refused(file: bytes) -> None:
    """ZCL8, 11, Upgrade End Request: INVALID_IMAGE."""
    air = on_air(Switch())
    assert _download(air, file) == UpgradeEndRequest(ZclStatus.INVALID_IMAGE, NEXT)
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL


async def test_a_block_that_does_not_come_is_asked_for_again_and_then_no_more() -> None:
    """ZCL8, 11: the client gives up by itself."""
    air = on_air(Switch())
    _tell(air, NOTIFY)
    _tell(air, QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, 200))
    await asyncio.sleep(100)
    assert air.commands() == [ImageBlockRequest(NEXT, 0, 48)] * 2
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL


async def test_a_server_that_is_busy_is_asked_later_and_one_that_aborts_no_more() -> None:
    """ZCL8, 11, Image Block Response: WAIT_FOR_DATA, ABORT."""
    air = on_air(Switch())
    _tell(air, NOTIFY)
    _tell(air, QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, 200))
    assert _tell(air, ImageBlockResponse(ZclStatus.WAIT_FOR_DATA, wait=Wait(0, 30))) == []
    await asyncio.sleep(29)
    assert air.heard() == []
    await asyncio.sleep(2)
    assert air.commands() == [ImageBlockRequest(NEXT, 0, 48)]
    assert _tell(air, ImageBlockResponse(ZclStatus.ABORT)) == []
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL


async def test_blocks_of_something_else_are_left_alone() -> None:
    """ZCL8, 11, Image Block Response: the offset and the version are the ones asked for."""
    air = on_air(Switch())
    _tell(air, NOTIFY)
    _tell(air, QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, 200))
    for block in (
        ImageBlockResponse(ZclStatus.SUCCESS, NEXT, 48, b"late"),
        ImageBlockResponse(ZclStatus.SUCCESS, RUNNING, 0, b"other"),
    ):
        assert _tell(air, block) == []
    assert _attribute(air, "file_offset") == 0


async def test_a_download_ends_with_the_network() -> None:
    air = on_air(Switch())
    _tell(air, NOTIFY)
    _tell(air, QueryNextImageResponse(ZclStatus.SUCCESS, NEXT, 200))
    air.leave()
    air.join()
    await asyncio.sleep(100)
    assert air.heard() == []
    assert _attribute(air, "image_upgrade_status") == UpgradeStatus.NORMAL
