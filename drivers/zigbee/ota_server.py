"""New firmware for devices, from a folder of files: they ask for the next image, and for block after block of it.

ZCL8 (07-5123-08) §11.13. A device gets only an image of its own maker, kind and hardware, and newer than what it runs:
never an older one. Each asks by itself, within a day or so, or when it is told that there may be one. The folder is
read beside everything else, in small pieces: a device that asks before that is done hears that there is nothing yet,
and one that was in the middle of a download that it goes on in a moment.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.zigbee.aes_mmo import AesMmo
from drivers.zigbee.capabilities.translation import ToSend
from drivers.zigbee.exchange import Priority
from drivers.zigbee.node import Node
from drivers.zigbee.questions import Questions
from drivers.zigbee.wire import MalformedFrame
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
from drivers.zigbee.zcl.ota_upgrade.ota_file import FILE_SIZE_MAX, OtaFile, find_ota_file
from drivers.zigbee.zcl.status import ZclStatus
from hubagent.model.driver import NotPossible, Record

log = logging.getLogger(__name__)

FILES_MAX: Final = 100
"""In the folder; more are not looked at."""
FOLDER_SIZE_MAX: Final = 64 * 1024 * 1024
"""Bytes of all files together: they are kept in memory."""
READ_AT_ONCE: Final = 64 * 1024
HASHED_AT_ONCE: Final = 128
"""Bytes between two breaths, so that a report does not wait for a file."""
BREATH_S: Final = 0.01
BLOCK_MAX: Final = 50
"""Bytes of one block: so it fits into one frame, whatever way that takes (source routes take room)."""
DOWNLOADS_MAX: Final = 3
"""At a time: each takes a good part of what the air can carry."""
LATER_S: Final = 600
"""When a device may ask again that is not served now."""
SOON_S: Final = 60
"""Likewise, where the folder is still being read for the first time."""
IDLE_S: Final = 300.0
"""A download that is not gone on with for so long is none any more, and keeps nobody waiting."""
LOGGED_MAX: Final = 20
"""Offers, and images that were not taken, that are written into the log; devices ask as often as they like."""


@dataclass(eq=False, slots=True)
class _Download:
    image: OtaFile
    offset: int
    at: float
    """When the last block of it was asked for; `Node.heard_at`."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read last."""

    stamp: tuple[int, ...]
    """What changes with the file."""
    image: OtaFile


def _nobody(_node: Node) -> None:
    pass


class OtaServer:
    """Without a folder there are no images, and devices are told so."""

    def __init__(self, folder: Path | None, taken: Callable[[Node], None] = _nobody) -> None:
        """`taken` is called when a device has all of its image and starts with it in a moment."""
        self._folder = folder
        self._taken = taken
        self._read: Mapping[Path, _Read] = {}
        self._images: list[OtaFile] = []
        self._looked = folder is None
        """Into the folder, to its end: before that nobody knows what is not in it."""
        self._loading = asyncio.Lock()
        self._downloads: dict[int, _Download] = {}
        self._offers = 0
        self._not_taken = 0

    def progress(self) -> dict[str, int]:
        """By device, how much of its image it has, in per cent."""
        self._forget_idle(asyncio.get_running_loop().time())
        return {
            f"zigbee-{eui64:016x}": 100 * download.offset // len(download.image.data)
            for eui64, download in self._downloads.items()
        }

    async def load(self) -> None:
        """Read the folder, at the start and when devices are told of it; not what did not change since."""
        if self._folder is not None:
            async with self._loading:
                self._read = await _read_folder(self._folder, self._read)
                self._images = [read.image for read in self._read.values()]
                self._looked = True

    async def notify(self, node: Node, questions: Questions) -> Record:
        """Tell a device that there may be an image. Raises NotPossible, DeviceUnreachable, DriverUnavailable."""
        endpoint = next(
            (n for n, e in sorted(node.record.endpoints.items()) if ota_upgrade.CLUSTER_ID in e.outputs), None
        )
        if endpoint is None:
            raise NotPossible("the device takes no firmware over the air")
        await self.load()
        own = [image for image in self._images if image.header.manufacturer_code == node.record.manufacturer_code]
        notice = ToSend(endpoint, ota_upgrade.CLUSTER_ID, ImageNotify(PayloadType.QUERY_JITTER, 100))
        await questions.tell(node, notice, Priority.CONTROLLER)
        return {"notified": True, "images": [_described(image) for image in own]}

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
        if found is None or found.header.file_version <= query.image.file_version:
            return QueryNextImageResponse(ZclStatus.NO_IMAGE_AVAILABLE)
        header = found.header
        image = Image(header.manufacturer_code, header.image_type, header.file_version)
        self._offers += 1
        if self._offers <= LOGGED_MAX:
            log.info("%s is offered firmware 0x%08x", node.device, header.file_version)
        return QueryNextImageResponse(ZclStatus.SUCCESS, image, len(found.data))

    def _newest(self, node: Node, wanted: Image, hardware_version: int | None) -> OtaFile | None:
        fitting = [
            image
            for image in self._images
            if (image.header.manufacturer_code, image.header.image_type)
            == (wanted.manufacturer_code, wanted.image_type)
            and image.header.fits_hardware(hardware_version)
            and _is_for(image, node)
        ]
        return max(fitting, key=lambda image: image.header.file_version, default=None)

    def _block(self, node: Node, request: ImageBlockRequest) -> ImageBlockResponse:
        download = self._download_of(node, request.image)
        if download is None and not self._looked:
            # It may have fetched most of it, for hours, before the hub was started anew.
            return ImageBlockResponse(ZclStatus.WAIT_FOR_DATA, wait=Wait(0, SOON_S))
        if download is None:
            return ImageBlockResponse(ZclStatus.ABORT)
        if self._downloads.get(node.eui64) is not download:
            if self._busy(node.heard_at):
                return ImageBlockResponse(ZclStatus.WAIT_FOR_DATA, wait=Wait(0, LATER_S))
            self._downloads[node.eui64] = download
        end = request.file_offset + min(BLOCK_MAX, request.max_data_size)
        data = download.image.data[request.file_offset : end]
        if not data:
            return ImageBlockResponse(ZclStatus.MALFORMED_COMMAND)
        download.offset, download.at = request.file_offset + len(data), node.heard_at
        return ImageBlockResponse(ZclStatus.SUCCESS, request.image, request.file_offset, data)

    def _download_of(self, node: Node, wanted: Image) -> _Download | None:
        known = self._downloads.get(node.eui64)
        if known is not None and _is(known.image, wanted):
            return known
        image = next((image for image in self._images if _is(image, wanted) and _is_for(image, node)), None)
        return None if image is None else _Download(image, 0, node.heard_at)

    def _busy(self, now: float) -> bool:
        self._forget_idle(now)
        return len(self._downloads) >= DOWNLOADS_MAX

    def _forget_idle(self, now: float) -> None:
        for eui64 in [eui64 for eui64, download in self._downloads.items() if now - download.at > IDLE_S]:
            del self._downloads[eui64]

    def _end(self, node: Node, request: UpgradeEndRequest) -> ClusterCommand | int:
        served = self._downloads.pop(node.eui64, None)
        if request.status != ZclStatus.SUCCESS:
            self._not_taken += 1
            if self._not_taken <= LOGGED_MAX:
                log.warning("%s did not take its firmware: status %s", node.device, request.status)
            return ZclStatus.SUCCESS
        if served is not None or any(_is(image, request.image) for image in self._images):
            self._taken(node)
        # Both times 0: at once.
        return UpgradeEndResponse(request.image, 0, 0)


def _is(image: OtaFile, wanted: Image) -> bool:
    header = image.header
    return (header.manufacturer_code, header.image_type, header.file_version) == (
        wanted.manufacturer_code,
        wanted.image_type,
        wanted.file_version,
    )


def _is_for(image: OtaFile, node: Node) -> bool:
    """Some files are for one device only."""
    return image.header.destination in (None, node.eui64)


def _described(image: OtaFile) -> str:
    return f"0x{image.header.image_type:04x}: 0x{image.header.file_version:08x} {image.header.title}"


async def _read_folder(folder: Path, before: Mapping[Path, _Read]) -> dict[Path, _Read]:
    """Every file that is a whole image; what is wrong with the others is logged. What was read `before` and is as it
    was is taken from there: to hash one takes a minute and more."""
    found: dict[Path, _Read] = {}
    try:
        files = _files_of(folder)
    except OSError as error:
        log.warning("the folder of firmware %s cannot be read: %s", folder, error.strerror)
        return {}
    left = FOLDER_SIZE_MAX
    for path in files:
        try:
            stamp = _stamp_of(path)
            known = before.get(path)
            if known is None or known.stamp != stamp or len(known.image.data) > left:
                known = _Read(stamp, await _read_file(path, min(left, FILE_SIZE_MAX)))
        except MalformedFrame as error:
            log.warning("%s is not served: %s", path.name, error)
        except OSError as error:
            log.warning("%s cannot be read: %s", path.name, error.strerror)
        else:
            left -= len(known.image.data)
            found[path] = known
    return found


def _stamp_of(path: Path) -> tuple[int, ...]:
    """Raises OSError."""
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _files_of(folder: Path) -> list[Path]:
    """Raises OSError."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if len(files) > FILES_MAX:
        log.warning("%s has %d files; from %s on they are not served", folder, len(files), files[FILES_MAX].name)
    return files[:FILES_MAX]


async def _read_file(path: Path, most: int) -> OtaFile:
    """Raises MalformedFrame, OSError."""
    content = bytearray()
    with path.open("rb") as file:
        while piece := file.read(READ_AT_ONCE):
            content += piece
            if len(content) > most:
                raise MalformedFrame(f"it is larger than {FILE_SIZE_MAX} bytes, or all are than {FOLDER_SIZE_MAX}")
            await asyncio.sleep(BREATH_S)
    image = find_ota_file(bytes(content))
    if image.integrity is not None:
        size, expected = image.integrity
        if await _hash_of(image.data[:size]) != expected:
            raise MalformedFrame("it is damaged: its integrity code is that of other bytes")
    return image


async def _hash_of(data: bytes) -> bytes:
    hashed = AesMmo()
    for at in range(0, len(data), HASHED_AT_ONCE):
        hashed.update(data[at : at + HASHED_AT_ONCE])
        await asyncio.sleep(BREATH_S)
    return hashed.digest()
