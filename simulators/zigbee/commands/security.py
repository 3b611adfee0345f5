"""UG100 "Security Frames": keys in and out. What the trust centre does with them is `trust_center`'s."""

from typing import Final

from drivers.zigbee.ezsp.link_keys import (
    CheckKeyContext,
    CheckKeyContextResponse,
    ExportLinkKeyByEui,
    ExportLinkKeyByEuiResponse,
    ExportTransientKeyByEui,
    ExportTransientKeyByEuiResponse,
    ExportTransientKeyByIndex,
    ExportTransientKeyByIndexResponse,
    GetApsKeyInfo,
    GetApsKeyInfoResponse,
    ImportKey,
    ImportKeyResponse,
    SetIncomingTcLinkKeyFrameCounter,
    SetIncomingTcLinkKeyFrameCounterResponse,
)
from drivers.zigbee.ezsp.security import (
    ClearKeyTable,
    ClearKeyTableResponse,
    ClearTransientLinkKeys,
    ClearTransientLinkKeysResponse,
    EraseKeyTableEntry,
    EraseKeyTableEntryResponse,
    ExportKey,
    ExportKeyResponse,
    ExportLinkKeyByIndex,
    ExportLinkKeyByIndexResponse,
    FindKeyTableEntry,
    FindKeyTableEntryResponse,
    GetCurrentSecurityState,
    GetCurrentSecurityStateResponse,
    GetNetworkKeyInfo,
    GetNetworkKeyInfoResponse,
    ImportLinkKey,
    ImportLinkKeyResponse,
    ImportTransientKey,
    ImportTransientKeyResponse,
    SetInitialSecurityState,
    SetInitialSecurityStateResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsKeyMetadata, CurrentSecurityState, KeyContext, NetworkKeyInfo
from drivers.zigbee.ezsp.types import ANY_EUI64, NO_INDEX, ConfigurationId, KeyFlag, KeyStructBitmask, KeyType
from simulators.zigbee.chip import Chip, Handlers, TransientKey
from simulators.zigbee.memory import LinkKey

TRANSIENT_KEYS_MAX: Final = 16
_NO_KEY: Final = bytes(16)
_NO_CONTEXT: Final = KeyContext(KeyType.NONE)
_NO_METADATA: Final = ApsKeyMetadata(0)
_OF_ONE_DEVICE: Final = (
    KeyStructBitmask.HAS_OUTGOING_FRAME_COUNTER
    | KeyStructBitmask.HAS_INCOMING_FRAME_COUNTER
    | KeyStructBitmask.HAS_PARTNER_EUI64
    | KeyStructBitmask.HAS_KEY_DATA
)


class Security:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def handlers(self) -> Handlers:
        return {
            SetInitialSecurityState: self._set_initial,
            GetCurrentSecurityState: self._current,
            ExportKey: self._export,
            ImportKey: self._import,
            CheckKeyContext: self._check,
            GetNetworkKeyInfo: self._network_key_info,
            GetApsKeyInfo: self._aps_key_info,
            SetIncomingTcLinkKeyFrameCounter: lambda _: SetIncomingTcLinkKeyFrameCounterResponse(),
            **self._table_handlers(),
        }

    def _table_handlers(self) -> Handlers:
        return {
            ImportLinkKey: self._import_link_key,
            ExportLinkKeyByIndex: self._export_by_index,
            ExportLinkKeyByEui: self._export_by_eui,
            FindKeyTableEntry: self._find,
            EraseKeyTableEntry: self._erase,
            ClearKeyTable: self._clear,
            ImportTransientKey: self._import_transient,
            ExportTransientKeyByIndex: self._transient_by_index,
            ExportTransientKeyByEui: self._transient_by_eui,
            ClearTransientLinkKeys: self._clear_transient,
        }

    # --- the network's keys

    def _set_initial(self, request: SetInitialSecurityState) -> SetInitialSecurityStateResponse:
        if self._chip.joined:
            return SetInitialSecurityStateResponse(Status.INVALID_STATE)
        self._chip.security = request.state
        return SetInitialSecurityStateResponse(Status.OK)

    def _current(self, _: GetCurrentSecurityState) -> GetCurrentSecurityStateResponse:
        network = self._chip.formed
        if network is None:
            return GetCurrentSecurityStateResponse(Status.NOT_JOINED, CurrentSecurityState(0, 0))
        state = CurrentSecurityState(network.security_bitmask, self._chip.memory.eui64)
        return GetCurrentSecurityStateResponse(Status.OK, state)

    def _export(self, request: ExportKey) -> ExportKeyResponse:
        key = self._key_of(request.context)
        if key is None:
            return ExportKeyResponse(_NO_KEY, Status.NOT_FOUND, request.context)
        return ExportKeyResponse(key, Status.OK, request.context)

    def _key_of(self, context: KeyContext) -> bytes | None:
        network = self._chip.memory.network
        match context.key_type:
            case KeyType.NETWORK if network is not None:
                return network.network_key if context.key_index == 0 else network.next_key
            case KeyType.TC_LINK if network is not None:
                return network.link_key
            case KeyType.APP_LINK:
                kept = self._chip.memory.keys.get(context.key_index)
                return None if kept is None else kept.key
        return None

    def _import(self, request: ImportKey) -> ImportKeyResponse:
        network = self._chip.memory.network
        match request.context.key_type:
            case KeyType.NETWORK if network is not None and not self._chip.joined:
                network.network_key = request.key
            case KeyType.TC_LINK if network is not None:
                network.link_key = request.key
            case KeyType.APP_LINK if self._fits(request.context.key_index):
                self._chip.memory.keys[request.context.key_index] = LinkKey(request.context.eui64, request.key)
            case _:
                return ImportKeyResponse(Status.INVALID_PARAMETER, request.context)
        self._chip.memory.save()
        return ImportKeyResponse(Status.OK, request.context)

    def _check(self, request: CheckKeyContext) -> CheckKeyContextResponse:
        return CheckKeyContextResponse(Status.NOT_FOUND if self._key_of(request.context) is None else Status.OK)

    def _network_key_info(self, _: GetNetworkKeyInfo) -> GetNetworkKeyInfoResponse:
        memory = self._chip.memory
        network = memory.network
        if network is None:
            return GetNetworkKeyInfoResponse(Status.OK, NetworkKeyInfo(False, False, 0, 0, memory.nwk_counter))
        has_next = network.next_key is not None
        sequence = network.key_sequence
        following = (sequence + 1) % 256 if has_next else 0
        return GetNetworkKeyInfoResponse(
            Status.OK, NetworkKeyInfo(True, has_next, sequence, following, memory.nwk_counter)
        )

    def _aps_key_info(self, request: GetApsKeyInfo) -> GetApsKeyInfoResponse:
        context, memory = request.context, self._chip.memory
        kept = memory.keys.get(context.key_index) if context.key_type == KeyType.APP_LINK else None
        if kept is not None:
            return GetApsKeyInfoResponse(Status.OK, _metadata(kept), kept.eui64, context)
        if context.key_type == KeyType.TC_LINK and memory.network is not None:
            metadata = ApsKeyMetadata(KeyStructBitmask.HAS_OUTGOING_FRAME_COUNTER, memory.aps_counter)
            return GetApsKeyInfoResponse(Status.OK, metadata, memory.eui64, context)
        return GetApsKeyInfoResponse(Status.NOT_FOUND, _NO_METADATA, 0, context)

    # --- the key table

    def _fits(self, index: int) -> bool:
        return index < self._chip.size(ConfigurationId.KEY_TABLE_SIZE)

    def _import_link_key(self, request: ImportLinkKey) -> ImportLinkKeyResponse:
        if not self._fits(request.index):
            return ImportLinkKeyResponse(Status.INVALID_INDEX)
        self._chip.memory.keys[request.index] = LinkKey(request.address, request.plaintext_key)
        self._chip.memory.save()
        return ImportLinkKeyResponse(Status.OK)

    def _export_by_index(self, request: ExportLinkKeyByIndex) -> ExportLinkKeyByIndexResponse:
        kept = self._chip.memory.keys.get(request.index)
        if kept is None:
            return ExportLinkKeyByIndexResponse(_NO_KEY, status=Status.NOT_FOUND)
        return ExportLinkKeyByIndexResponse(
            kept.key, kept.eui64, _context(request.index, kept), _metadata(kept), Status.OK
        )

    def _export_by_eui(self, request: ExportLinkKeyByEui) -> ExportLinkKeyByEuiResponse:
        index = self._index_of(request.eui64)
        if index is None:
            return ExportLinkKeyByEuiResponse(_NO_KEY, status=Status.NOT_FOUND)
        kept = self._chip.memory.keys[index]
        return ExportLinkKeyByEuiResponse(kept.key, index, _context(index, kept), _metadata(kept), Status.OK)

    def _index_of(self, eui64: int) -> int | None:
        return next((index for index, kept in self._chip.memory.keys.items() if kept.eui64 == eui64), None)

    def _find(self, request: FindKeyTableEntry) -> FindKeyTableEntryResponse:
        # UG100: all zeros finds the first line that is free.
        if request.address == 0:
            free = (index for index in range(self._chip.size(ConfigurationId.KEY_TABLE_SIZE)))
            index = next((it for it in free if it not in self._chip.memory.keys), None)
        else:
            index = self._index_of(request.address)
        return FindKeyTableEntryResponse(NO_INDEX if index is None else index)

    def _erase(self, request: EraseKeyTableEntry) -> EraseKeyTableEntryResponse:
        if not self._fits(request.index):
            return EraseKeyTableEntryResponse(Status.INVALID_INDEX)
        self._chip.memory.keys.pop(request.index, None)
        self._chip.memory.save()
        return EraseKeyTableEntryResponse(Status.OK)

    def _clear(self, _: ClearKeyTable) -> ClearKeyTableResponse:
        self._chip.memory.keys.clear()
        self._chip.memory.save()
        return ClearKeyTableResponse(Status.OK)

    # --- keys for joining

    def _live(self) -> list[TransientKey]:
        chip = self._chip
        chip.transient_keys = [it for it in chip.transient_keys if it.expires_at > chip.now()]
        return chip.transient_keys

    def _import_transient(self, request: ImportTransientKey) -> ImportTransientKeyResponse:
        kept = [it for it in self._live() if it.eui64 != request.eui64]
        if len(kept) >= TRANSIENT_KEYS_MAX:
            return ImportTransientKeyResponse(Status.NO_MORE_RESOURCE)
        expires_at = self._chip.now() + self._chip.size(ConfigurationId.TRANSIENT_KEY_TIMEOUT_S)
        self._chip.transient_keys = [*kept, TransientKey(request.eui64, request.plaintext_key, expires_at)]
        return ImportTransientKeyResponse(Status.OK)

    def _transient_by_index(self, request: ExportTransientKeyByIndex) -> ExportTransientKeyByIndexResponse:
        live = self._live()
        if request.index >= len(live):
            return ExportTransientKeyByIndexResponse(Status.NOT_FOUND, _NO_CONTEXT, _NO_KEY, _NO_METADATA)
        key = live[request.index]
        context, metadata = self._transient(request.index, key)
        return ExportTransientKeyByIndexResponse(Status.OK, context, key.key, metadata)

    def _transient_by_eui(self, request: ExportTransientKeyByEui) -> ExportTransientKeyByEuiResponse:
        for index, key in enumerate(self._live()):
            if key.eui64 in (request.eui64, ANY_EUI64):
                context, metadata = self._transient(index, key)
                return ExportTransientKeyByEuiResponse(Status.OK, context, key.key, metadata)
        return ExportTransientKeyByEuiResponse(Status.NOT_FOUND, _NO_CONTEXT, _NO_KEY, _NO_METADATA)

    def _transient(self, index: int, key: TransientKey) -> tuple[KeyContext, ApsKeyMetadata]:
        flags = KeyFlag.KEY_INDEX_IS_VALID | KeyFlag.EUI_IS_VALID
        context = KeyContext(KeyType.TC_LINK_WITH_TIMEOUT, index, eui64=key.eui64, flags=flags)
        left_s = max(0, min(int(key.expires_at - self._chip.now()), 0xFFFF))
        return context, ApsKeyMetadata(KeyStructBitmask.UNCONFIRMED_TRANSIENT, ttl_in_seconds=left_s)

    def _clear_transient(self, _: ClearTransientLinkKeys) -> ClearTransientLinkKeysResponse:
        self._chip.transient_keys = []
        return ClearTransientLinkKeysResponse()


def _context(index: int, kept: LinkKey) -> KeyContext:
    flags = KeyFlag.KEY_INDEX_IS_VALID | KeyFlag.EUI_IS_VALID
    return KeyContext(KeyType.APP_LINK, index, eui64=kept.eui64, flags=flags)


def _metadata(kept: LinkKey) -> ApsKeyMetadata:
    return ApsKeyMetadata(_OF_ONE_DEVICE, kept.outgoing_counter, kept.incoming_counter)
