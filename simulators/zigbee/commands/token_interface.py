"""UG100 "Token Interface Frames": the objects in the stick's flash, and forgetting them all."""

from typing import Final

from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.token_interface import (
    GetTokenCount,
    GetTokenCountResponse,
    GetTokenData,
    GetTokenDataResponse,
    GetTokenInfo,
    GetTokenInfoResponse,
    ResetNode,
    ResetNodeResponse,
    SetTokenData,
    SetTokenDataResponse,
    TokenFactoryReset,
    TokenFactoryResetResponse,
    TokenInfo,
)
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.memory import RESTORED_EUI64

TOKENS: Final = {RESTORED_EUI64: 8}
"""Those that hosts reach for, by their NVM3 key, and their size."""
_ERASED: Final = b"\xff"
_NO_TOKEN: Final = TokenInfo(0, False, False, 0, 0)


class TokenInterface:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            GetTokenCount: lambda _: GetTokenCountResponse(len(TOKENS)),
            GetTokenInfo: self._info,
            GetTokenData: self._get,
            SetTokenData: self._set,
            TokenFactoryReset: self._reset,
            ResetNode: self._restart,
        }

    def _info(self, request: GetTokenInfo) -> GetTokenInfoResponse:
        if request.index >= len(TOKENS):
            return GetTokenInfoResponse(Status.INVALID_INDEX, _NO_TOKEN)
        key, size = tuple(TOKENS.items())[request.index]
        return GetTokenInfoResponse(Status.OK, TokenInfo(key, False, False, size, 1))

    def _get(self, request: GetTokenData) -> GetTokenDataResponse:
        size = TOKENS.get(request.token)
        if size is None or request.index:
            return GetTokenDataResponse(Status.NOT_FOUND)
        return GetTokenDataResponse(Status.OK, self._chip.memory.tokens.get(request.token, _ERASED * size))

    def _set(self, request: SetTokenData) -> SetTokenDataResponse:
        size = TOKENS.get(request.token)
        if size is None or request.index:
            return SetTokenDataResponse(Status.NOT_FOUND)
        if len(request.token_data) != size:
            return SetTokenDataResponse(Status.INVALID_PARAMETER)
        self._chip.memory.tokens[request.token] = request.token_data
        self._chip.memory.save()
        return SetTokenDataResponse(Status.OK)

    def _reset(self, request: TokenFactoryReset) -> TokenFactoryResetResponse:
        chip = self._chip
        chip.joined = False
        chip.open_until = 0.0
        chip.memory.reset(keep_counters=request.exclude_outgoing_frame_counters)
        chip.network.changed()
        return TokenFactoryResetResponse()

    def _restart(self, _: ResetNode) -> ResetNodeResponse:
        self._chip.later(0.0, self._chip.restart)
        return ResetNodeResponse()
