"""UG100 "Utilities Frames": who the stick is, what it counts, and small things that hosts ask for."""

from typing import Final

from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.types import MfgTokenId
from drivers.zigbee.ezsp.utilities import (
    CustomFrame,
    CustomFrameResponse,
    DebugWrite,
    DebugWriteResponse,
    DelayTest,
    DelayTestResponse,
    Echo,
    EchoResponse,
    GetEui64,
    GetEui64Response,
    GetLibraryStatus,
    GetLibraryStatusResponse,
    GetMfgToken,
    GetMfgTokenResponse,
    GetNodeId,
    GetNodeIdResponse,
    GetPhyInterfaceCount,
    GetPhyInterfaceCountResponse,
    GetRandomNumber,
    GetRandomNumberResponse,
    GetToken,
    GetTokenResponse,
    GetTrueRandomEntropySource,
    GetTrueRandomEntropySourceResponse,
    GetXncpInfo,
    GetXncpInfoResponse,
    Nop,
    NopResponse,
    ReadAndClearCounters,
    ReadAndClearCountersResponse,
    ReadCounters,
    ReadCountersResponse,
    SetMfgToken,
    SetMfgTokenResponse,
    SetToken,
    SetTokenResponse,
)
from simulators.zigbee.chip import COUNTERS, Chip, Handlers
from simulators.zigbee.radio import COORDINATOR

NO_NETWORK_ID: Final = 0xFFFE
HOST_TOKENS: Final = 8
HOST_TOKEN_BYTES: Final = 8
_STRING_BYTES: Final = 16
_ERASED: Final = b"\xff"
_MFG_SIZES: Final = {
    MfgTokenId.CUSTOM_VERSION: 2,
    MfgTokenId.STRING: _STRING_BYTES,
    MfgTokenId.BOARD_NAME: _STRING_BYTES,
    MfgTokenId.MANUF_ID: 2,
    MfgTokenId.PHY_CONFIG: 2,
    MfgTokenId.BOOTLOAD_AES_KEY: 16,
    MfgTokenId.ASH_CONFIG: 40,
    MfgTokenId.EZSP_STORAGE: 8,
    MfgTokenId.STACK_CAL_DATA: 64,
    MfgTokenId.CBKE_DATA: 92,
    MfgTokenId.INSTALLATION_CODE: 20,
    MfgTokenId.STACK_CAL_FILTER: 1,
    MfgTokenId.CUSTOM_EUI_64: 8,
    MfgTokenId.CTUNE: 2,
}
"""UG100, EzspMfgTokenId."""
_TOKEN_KEYS: Final = 0x1_0000
"""Where the host's small tokens are kept among NVM3 objects; no key that a host names is so low."""
_HARDWARE_ENTROPY: Final = 1


class Utilities:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            Nop: lambda _: NopResponse(),
            Echo: lambda request: EchoResponse(request.data),
            DelayTest: lambda _: DelayTestResponse(),
            DebugWrite: lambda _: DebugWriteResponse(Status.OK),
            GetEui64: lambda _: GetEui64Response(self._chip.memory.eui64),
            GetNodeId: lambda _: GetNodeIdResponse(COORDINATOR if self._chip.joined else NO_NETWORK_ID),
            GetMfgToken: self._get_mfg_token,
            SetMfgToken: self._set_mfg_token,
            GetToken: self._get_token,
            SetToken: self._set_token,
            ReadCounters: lambda _: ReadCountersResponse(tuple(self._chip.counters)),
            ReadAndClearCounters: self._read_and_clear,
            # A host asks whether there is firmware of somebody's own: there is not.
            CustomFrame: lambda _: CustomFrameResponse(Status.NOT_SUPPORTED, b""),
            GetXncpInfo: lambda _: GetXncpInfoResponse(Status.NOT_SUPPORTED, 0, 0),
            GetRandomNumber: lambda _: GetRandomNumberResponse(Status.OK, self._chip.rng.getrandbits(16)),
            GetLibraryStatus: lambda _: GetLibraryStatusResponse(0x80),
            GetPhyInterfaceCount: lambda _: GetPhyInterfaceCountResponse(1),
            GetTrueRandomEntropySource: lambda _: GetTrueRandomEntropySourceResponse(_HARDWARE_ENTROPY),
        }

    def _get_mfg_token(self, request: GetMfgToken) -> GetMfgTokenResponse:
        size = _MFG_SIZES.get(MfgTokenId(request.token_id)) if request.token_id in tuple(MfgTokenId) else None
        if size is None:
            return GetMfgTokenResponse(b"")
        written = {
            MfgTokenId.STRING: self._chip.firmware.manufacturer,
            MfgTokenId.BOARD_NAME: self._chip.firmware.board,
            **self._chip.memory.manufacturing,
        }
        return GetMfgTokenResponse(written.get(request.token_id, b"")[:size].ljust(size, _ERASED))

    def _set_mfg_token(self, request: SetMfgToken) -> SetMfgTokenResponse:
        """Flash of this kind is written once and never again."""
        memory = self._chip.memory
        size = _MFG_SIZES.get(MfgTokenId(request.token_id)) if request.token_id in tuple(MfgTokenId) else None
        if size is None or len(request.token_data) != size:
            return SetMfgTokenResponse(Status.INVALID_PARAMETER)
        if request.token_id in memory.manufacturing:
            return SetMfgTokenResponse(Status.FLASH_WRITE_INHIBITED)
        memory.manufacturing[request.token_id] = request.token_data
        memory.save()
        return SetMfgTokenResponse(Status.OK)

    def _get_token(self, request: GetToken) -> GetTokenResponse:
        if request.token_id >= HOST_TOKENS:
            return GetTokenResponse(Status.INVALID_PARAMETER, bytes(HOST_TOKEN_BYTES))
        kept = self._chip.memory.tokens.get(_TOKEN_KEYS + request.token_id, bytes(HOST_TOKEN_BYTES))
        return GetTokenResponse(Status.OK, kept)

    def _set_token(self, request: SetToken) -> SetTokenResponse:
        if request.token_id >= HOST_TOKENS:
            return SetTokenResponse(Status.INVALID_PARAMETER)
        self._chip.memory.tokens[_TOKEN_KEYS + request.token_id] = request.token_data
        self._chip.memory.save()
        return SetTokenResponse(Status.OK)

    def _read_and_clear(self, _: ReadAndClearCounters) -> ReadAndClearCountersResponse:
        values, self._chip.counters = tuple(self._chip.counters), [0] * COUNTERS
        return ReadAndClearCountersResponse(values)
