"""OTA Upgrade, its client (ZCL8, 11): told that there may be a new image, the device asks for it, fetches it block by
block, and runs it when it may.
"""

import struct
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.ota_upgrade import (
    ANY,
    ANY_VERSION,
    OTA_UPGRADE,
    UNTIL_TOLD,
    Image,
    ImageBlockRequest,
    ImageBlockResponse,
    ImageNotify,
    QueryNextImageRequest,
    QueryNextImageResponse,
    UpgradeEndRequest,
    UpgradeEndResponse,
    UpgradeStatus,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.device import Timer
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

IMAGE_MAX: Final = 1_000_000
BLOCK_MAX: Final = 48
ANSWERS_WITHIN_S: Final = 10.0
"""ZCL8, 11: what is not answered is asked again."""
TRIES: Final = 3
WAITS_MAX_S: Final = 86_400
FILE_IDENTIFIER: Final = 0x0BEEF11E
_HEADER: Final = struct.Struct("<IHHHHHI")
"""ZCL8, 11, the header of the file: identifier, header version and length, field control, manufacturer, image type,
file version."""
_STACK_ZIGBEE_PRO: Final = 0x0002


class OtaUpgradeClient(Side):
    CLUSTER = OTA_UPGRADE
    IS_SERVER = False
    REVISION = 4
    COMMANDS: ClassVar = (ImageNotify, QueryNextImageResponse, ImageBlockResponse, UpgradeEndResponse)

    def __init__(self, running: Image, upgraded: Callable[[int], None]) -> None:
        """`upgraded` is called with the version that runs from then on."""
        super().__init__()
        self._running = running
        self._upgraded = upgraded
        self._status = UpgradeStatus.NORMAL
        self._wanted: Image | None = None
        self._size = 0
        self._data = b""
        self._server: Peer | None = None
        self._tries = 0
        self._timer: Timer | None = None
        self._then: Callable[[], None] = self._give_up
        self._shows("upgrade_server_id", self._server_id)
        self._shows("file_offset", lambda: len(self._data))
        self._shows("current_file_version", lambda: self._running.file_version)
        self._constant("current_zigbee_stack_version", _STACK_ZIGBEE_PRO)
        self._shows("downloaded_file_version", lambda: None if self._wanted is None else self._wanted.file_version)
        self._shows("image_upgrade_status", lambda: self._status)
        self._constant("manufacturer_id", running.manufacturer_code)
        self._constant("image_type_id", running.image_type)
        self._constant("minimum_block_request_period", 0)

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._timer = Timer(place.loop, self._ring)

    # --- what it hears

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:
        match command:
            case ImageNotify():
                self._notified(command, sender)
            case QueryNextImageResponse(status, image, size):
                self._offered(status, image, size)
            case ImageBlockResponse():
                self._block(command)
            case UpgradeEndResponse(image, now, then):
                self._may_upgrade(image, now, then)
        return ZclStatus.SUCCESS

    def halt(self) -> None:
        self._give_up()

    def kept(self) -> Kept:
        return {"file_version": self._running.file_version}

    def restore(self, kept: Kept) -> None:
        self._run(replace(self._running, file_version=int(kept["file_version"])))

    def _notified(self, notify: ImageNotify, sender: Peer) -> None:
        """ZCL8, 11, Image Notify: what names another maker, type or version does not concern it; of many that are told
        at once only so many in a hundred ask."""
        mine = self._running
        named = (
            (notify.manufacturer_code, mine.manufacturer_code, ANY),
            (notify.image_type, mine.image_type, ANY),
        )
        if any(told not in (None, own, wild) for told, own, wild in named):
            return
        if notify.new_file_version == mine.file_version:
            return
        if not sender.alone and self.place.eui64 % 100 >= notify.query_jitter:
            return
        if self._status is UpgradeStatus.NORMAL:
            self._server = sender
            self._ask(lambda: QueryNextImageRequest(mine))

    def _offered(self, status: int, image: Image | None, size: int | None) -> None:
        if self._status is not UpgradeStatus.NORMAL or self._server is None:
            return
        self._stop_waiting()
        fits = image is not None and (image.manufacturer_code, image.image_type) == (
            self._running.manufacturer_code,
            self._running.image_type,
        )
        if status != ZclStatus.SUCCESS or image is None or not fits or not size or size > IMAGE_MAX:
            return
        self._status = UpgradeStatus.DOWNLOAD_IN_PROGRESS
        self._wanted, self._size, self._data = image, size, b""
        self._ask_block()

    def _block(self, block: ImageBlockResponse) -> None:
        """ZCL8, 11, Image Block Response."""
        if self._status is not UpgradeStatus.DOWNLOAD_IN_PROGRESS or self._wanted is None:
            return
        if block.status == ZclStatus.WAIT_FOR_DATA and block.wait is not None:
            seconds = max(0, min(WAITS_MAX_S, block.wait.request_time - block.wait.current_time))
            self._wait(float(seconds), self._ask_block)
            return
        if block.status != ZclStatus.SUCCESS:
            self._give_up()
            return
        if block.image != self._wanted or block.file_offset != len(self._data) or not block.data:
            return
        self._data = (self._data + block.data)[: self._size]
        if len(self._data) < self._size:
            self._ask_block()
        else:
            self._end()

    def _may_upgrade(self, image: Image, now: int, then: int) -> None:
        """ZCL8, 11, Upgrade End Response: at a time, after a while, or when it is told again."""
        ready = (UpgradeStatus.DOWNLOAD_COMPLETE, UpgradeStatus.WAITING_TO_UPGRADE)
        if self._status not in ready or self._wanted is None:
            return
        if image.file_version not in (self._wanted.file_version, ANY_VERSION):
            return
        self._stop_waiting()
        if then == UNTIL_TOLD:
            self._status = UpgradeStatus.WAITING_TO_UPGRADE
            return
        self._status = UpgradeStatus.COUNT_DOWN
        self._wait(float(max(0, min(WAITS_MAX_S, then - now))), self._upgrade)

    # --- what it asks

    def _ask_block(self) -> None:
        self._ask(self._block_request)

    def _block_request(self) -> ClusterCommand:
        assert self._wanted is not None
        return ImageBlockRequest(self._wanted, len(self._data), min(BLOCK_MAX, self._size - len(self._data)))

    def _end(self) -> None:
        assert self._wanted is not None
        if not _is_image(self._data, self._wanted):
            wrong = UpgradeEndRequest(ZclStatus.INVALID_IMAGE, self._wanted)
            self._say(wrong)
            self._give_up()
            return
        self._status = UpgradeStatus.DOWNLOAD_COMPLETE
        right = UpgradeEndRequest(ZclStatus.SUCCESS, self._wanted)
        self._ask(lambda: right)

    def _ask(self, question: Callable[[], ClusterCommand]) -> None:
        """And again if nothing comes, and then no more."""
        self._tries = 0

        def again() -> None:
            if self._tries >= TRIES:
                self._give_up()
                return
            self._tries += 1
            self._say(question())
            self._wait(ANSWERS_WITHIN_S, again)

        again()

    def _say(self, command: ClusterCommand) -> None:
        if self._server is not None:
            self.place.poll_fast(ANSWERS_WITHIN_S)
            self.place.tell(self._server.node_id, self._server.endpoint, command)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        assert self._timer is not None
        self._then = then
        self._timer.start(seconds)

    def _ring(self) -> None:
        self._then()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def _give_up(self) -> None:
        self._stop_waiting()
        self._status, self._wanted, self._size, self._data = UpgradeStatus.NORMAL, None, 0, b""

    def _upgrade(self) -> None:
        assert self._wanted is not None
        image = self._wanted
        self._give_up()
        self._run(image)
        self.place.look()

    def _run(self, image: Image) -> None:
        if image != self._running:
            self._running = image
            self._upgraded(image.file_version)

    def _server_id(self) -> int | None:
        return None if self._server is None else self.place.coordinator_eui64


def _is_image(data: bytes, wanted: Image) -> bool:
    """ZCL8, 11, the header of the file: what was fetched is what was offered."""
    if len(data) < _HEADER.size:
        return False
    identifier, _, _, _, manufacturer, image_type, version = _HEADER.unpack_from(data)
    found = Image(manufacturer, image_type, version)
    return bool(identifier == FILE_IDENTIFIER) and found == wanted
