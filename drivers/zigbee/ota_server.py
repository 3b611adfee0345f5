"""New firmware for devices, from a folder of files: they ask for the next image, and for block after block of it.

ZCL8 (07-5123-08) §11.13. A device gets only an image of its own maker, kind and hardware, and newer than what it runs:
never an older one. Each asks by itself, within a day or so, or when it is told that there may be one.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.zigbee.capabilities.translation import ToSend
from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import Node
from drivers.zigbee.ota_image import SIZE_MAX, BadImage, OtaImage, read_image
from drivers.zigbee.questions import Questions
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import ota_upgrade
from drivers.zigbee.zcl.clusters.ota_upgrade import (
    Image,
    ImageBlockRequest,
    ImageBlockResponse,
    ImageNotify,
    PayloadType,
    QueryNextImageRequest,
    QueryNextImageResponse,
    UpgradeEndRequest,
    UpgradeEndResponse,
    Wait,
)
from drivers.zigbee.zcl.status import ZclStatus
from hubagent.model.driver import NotPossible, Record

log = logging.getLogger(__name__)

FILES_MAX: Final = 100
"""In the folder; more are not looked at."""
BLOCK_MAX: Final = 50
"""Bytes of one block: so it fits into one frame, whatever way that takes (source routes take room)."""
DOWNLOADS_MAX: Final = 3
"""At a time: each takes a good part of what the air can carry."""
LATER_S: Final = 600
"""When a device may ask again that is not served now."""
IDLE_S: Final = 300.0
"""A download that is not gone on with for so long no longer keeps others waiting."""


@dataclass(eq=False, slots=True)
class _Download:
    image: OtaImage
    offset: int
    at: float
    """When the last block of it was asked for; `Node.heard_at`."""


class OtaServer:
    """Without a folder there are no images, and devices are told so."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._images: list[OtaImage] | None = None
        self._downloads: dict[int, _Download] = {}

    def progress(self) -> dict[str, int]:
        """By device, how much of its image it has, in per cent."""
        return {
            f"zigbee-{eui64:016x}": 100 * download.offset // len(download.image.data)
            for eui64, download in self._downloads.items()
        }

    def images(self) -> list[OtaImage]:
        """Read once, and when devices are told of them."""
        if self._images is None:
            self._images = [] if self._folder is None else _read_folder(self._folder)
        return self._images

    async def notify(self, node: Node, questions: Questions) -> Record:
        """Tell a device that there may be an image. Raises NotPossible, DeviceUnreachable, DriverUnavailable."""
        endpoint = next(
            (n for n, e in sorted(node.record.endpoints.items()) if ota_upgrade.CLUSTER_ID in e.outputs), None
        )
        if endpoint is None:
            raise NotPossible("the device takes no firmware over the air")
        self._images = None
        own = [image for image in self.images() if image.manufacturer_code == node.record.manufacturer_code]
        notice = ToSend(endpoint, ota_upgrade.CLUSTER_ID, ImageNotify(PayloadType.QUERY_JITTER, 100))
        await questions.tell(node, notice, Priority.CONTROLLER)
        return {"notified": True, "images": [f"0x{i.image_type:04x}: 0x{i.file_version:08x} {i.name}" for i in own]}

    def answer(self, node: Node, _endpoint: int, command: ClusterCommand) -> ClusterCommand | int | None:
        """What a device hears that asks: a command, or a status."""
        if isinstance(command, QueryNextImageRequest):
            return self._next_image(node, command)
        if isinstance(command, ImageBlockRequest):
            return self._block(node, command)
        if isinstance(command, UpgradeEndRequest):
            return self._end(node, command)
        return ZclStatus.UNSUP_COMMAND

    def _next_image(self, node: Node, query: QueryNextImageRequest) -> QueryNextImageResponse:
        found = self._newest(node, query.image, query.hardware_version)
        if found is None or found.file_version <= query.image.file_version:
            return QueryNextImageResponse(ZclStatus.NO_IMAGE_AVAILABLE)
        image = Image(found.manufacturer_code, found.image_type, found.file_version)
        log.info("%s is offered firmware 0x%08x", node.device, found.file_version)
        return QueryNextImageResponse(ZclStatus.SUCCESS, image, len(found.data))

    def _newest(self, node: Node, wanted: Image, hardware_version: int | None) -> OtaImage | None:
        fitting = [
            image
            for image in self.images()
            if (image.manufacturer_code, image.image_type) == (wanted.manufacturer_code, wanted.image_type)
            and image.fits(hardware_version)
            and image.destination in (None, node.eui64)
        ]
        return max(fitting, key=lambda image: image.file_version, default=None)

    def _block(self, node: Node, request: ImageBlockRequest) -> ImageBlockResponse:
        download = self._download_of(node, request.image)
        if download is None:
            return ImageBlockResponse(ZclStatus.ABORT)
        if self._downloads.get(node.eui64) is not download:
            if self._busy(node.heard_at):
                return ImageBlockResponse(ZclStatus.WAIT_FOR_DATA, wait=Wait(0, LATER_S))
            self._downloads[node.eui64] = download
        data = download.image.data[request.file_offset :][: min(BLOCK_MAX, request.max_data_size)]
        if not data:
            return ImageBlockResponse(ZclStatus.MALFORMED_COMMAND)
        download.offset, download.at = request.file_offset + len(data), node.heard_at
        return ImageBlockResponse(ZclStatus.SUCCESS, request.image, request.file_offset, data)

    def _download_of(self, node: Node, wanted: Image) -> _Download | None:
        known = self._downloads.get(node.eui64)
        if known is not None and _is(known.image, wanted):
            return known
        image = next((image for image in self.images() if _is(image, wanted)), None)
        return None if image is None else _Download(image, 0, node.heard_at)

    def _busy(self, now: float) -> bool:
        for eui64 in [eui64 for eui64, download in self._downloads.items() if now - download.at > IDLE_S]:
            del self._downloads[eui64]
        return len(self._downloads) >= DOWNLOADS_MAX

    def _end(self, node: Node, request: UpgradeEndRequest) -> ClusterCommand | int:
        self._downloads.pop(node.eui64, None)
        if request.status != ZclStatus.SUCCESS:
            log.warning("%s did not take its firmware: status %s", node.device, request.status)
            return ZclStatus.SUCCESS
        # Both times 0: at once.
        return UpgradeEndResponse(request.image, 0, 0)


def _is(image: OtaImage, wanted: Image) -> bool:
    return (image.manufacturer_code, image.image_type, image.file_version) == (
        wanted.manufacturer_code,
        wanted.image_type,
        wanted.file_version,
    )


def _read_file(path: Path) -> OtaImage:
    """Raises BadImage, OSError."""
    if path.stat().st_size > SIZE_MAX:
        raise BadImage(f"it is larger than {SIZE_MAX} bytes")
    return read_image(path.read_bytes())


def _read_folder(folder: Path) -> list[OtaImage]:
    """Every file that is a whole image; what is wrong with the others is logged."""
    found = []
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())[:FILES_MAX]
    except OSError as error:
        log.warning("the folder of firmware %s cannot be read: %s", folder, error.strerror)
        return []
    for path in files:
        try:
            found.append(_read_file(path))
        except BadImage as error:
            log.warning("%s is not served: %s", path.name, error)
        except OSError as error:
            log.warning("%s cannot be read: %s", path.name, error.strerror)
    return found
