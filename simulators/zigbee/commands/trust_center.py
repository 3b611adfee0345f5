"""UG100 "Trust Center Frames": the next network key, and sending devices away."""

from typing import Final

from drivers.zigbee.ezsp.security import SwitchNetworkKeyHandler
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.trust_center import (
    BroadcastNetworkKeySwitch,
    BroadcastNetworkKeySwitchResponse,
    BroadcastNextNetworkKey,
    BroadcastNextNetworkKeyResponse,
    RemoveDevice,
    RemoveDeviceResponse,
    UnicastNwkKeyUpdate,
    UnicastNwkKeyUpdateResponse,
)
from simulators.zigbee.chip import Chip, Handlers

KEY_SPREADS_S: Final = 9.0
"""EMBER_TOO_SOON_FOR_SWITCH_KEY: a broadcast's delivery time has to pass after the key was given out."""


class TrustCenterCommands:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._given_out_at: float | None = None

    def handlers(self) -> Handlers:
        return {
            BroadcastNextNetworkKey: self._give_out,
            BroadcastNetworkKeySwitch: self._switch,
            UnicastNwkKeyUpdate: lambda _: UnicastNwkKeyUpdateResponse(self._joined()),
            RemoveDevice: self._remove,
        }

    def _joined(self) -> Status:
        return Status.OK if self._chip.joined else Status.NOT_JOINED

    def _give_out(self, request: BroadcastNextNetworkKey) -> BroadcastNextNetworkKeyResponse:
        chip = self._chip
        if chip.formed is None:
            return BroadcastNextNetworkKeyResponse(Status.NOT_JOINED)
        key = request.key if any(request.key) else chip.rng.randbytes(16)
        chip.formed.next_key = key
        chip.memory.save()
        chip.network.distribute_key(key)
        self._given_out_at = chip.now()
        return BroadcastNextNetworkKeyResponse(Status.OK)

    def _switch(self, _: BroadcastNetworkKeySwitch) -> BroadcastNetworkKeySwitchResponse:
        chip, network = self._chip, self._chip.formed
        if network is None:
            return BroadcastNetworkKeySwitchResponse(Status.NOT_JOINED)
        if network.next_key is None:
            return BroadcastNetworkKeySwitchResponse(Status.INVALID_STATE)
        if self._given_out_at is not None and chip.now() - self._given_out_at < KEY_SPREADS_S:
            return BroadcastNetworkKeySwitchResponse(Status.ZIGBEE_TOO_SOON_FOR_SWITCH_KEY)
        network.network_key, network.next_key = network.next_key, None
        network.key_sequence = (network.key_sequence + 1) % 256
        chip.memory.save()
        chip.network.switch_key()
        sequence = network.key_sequence
        chip.later(0.0, lambda: chip.say(SwitchNetworkKeyHandler(sequence)))
        return BroadcastNetworkKeySwitchResponse(Status.OK)

    def _remove(self, request: RemoveDevice) -> RemoveDeviceResponse:
        if not self._chip.joined:
            return RemoveDeviceResponse(Status.NOT_JOINED)
        self._chip.network.joining.remove(request.target_long)
        return RemoveDeviceResponse(Status.OK)
