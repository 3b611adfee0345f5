"""Backup and restore of the stick's memory over the Serial API."""

from dataclasses import dataclass

from drivers.zwave.serial_api.nvm import PIECE_MAX, NvmCommand, NvmOperation, NvmResponse, NvmStatus
from simulators.zwave.chip import Chip, Handlers


@dataclass(slots=True)
class _Opened:
    image: bytearray
    written: bool = False
    read: bool = False


class NvmAccess:
    """What was written counts when the memory is closed, all at once."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._opened: _Opened | None = None

    def handlers(self) -> Handlers:
        return {NvmOperation: lambda request: self._chip.respond(self._do(request))}

    def _do(self, request: NvmOperation) -> NvmResponse:
        if request.command is NvmCommand.OPEN:
            self._opened = _Opened(bytearray(self._chip.memory.to_image()))
            return NvmResponse(NvmStatus.OK, offset=len(self._opened.image))
        opened = self._opened
        if opened is None:
            return NvmResponse(NvmStatus.ERROR)
        if request.command is NvmCommand.CLOSE:
            return self._close(opened)
        if request.command is NvmCommand.READ:
            return _read(opened, request)
        return _write(opened, request)

    def _close(self, opened: _Opened) -> NvmResponse:
        self._opened = None
        if opened.written:
            try:
                self._chip.memory.load_image(bytes(opened.image))
            except ValueError:
                return NvmResponse(NvmStatus.ERROR)
            self._chip.network.rejoin()
        return NvmResponse(NvmStatus.OK)


def _read(opened: _Opened, request: NvmOperation) -> NvmResponse:
    if opened.written:
        return NvmResponse(NvmStatus.MISMATCH)
    opened.read = True
    end = min(request.offset + min(request.length, PIECE_MAX), len(opened.image))
    data = bytes(opened.image[request.offset : end])
    return NvmResponse(_status(opened, end), len(data), request.offset, data)


def _write(opened: _Opened, request: NvmOperation) -> NvmResponse:
    if opened.read:
        return NvmResponse(NvmStatus.MISMATCH)
    end = request.offset + len(request.data)
    if end > len(opened.image):
        return NvmResponse(NvmStatus.ERROR)
    opened.written = True
    opened.image[request.offset : end] = request.data
    return NvmResponse(_status(opened, end), len(request.data), request.offset)


def _status(opened: _Opened, end: int) -> NvmStatus:
    return NvmStatus.END_OF_FILE if end >= len(opened.image) else NvmStatus.OK
