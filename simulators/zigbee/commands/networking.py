"""UG100 "Networking Frames": forming, resuming and leaving the network, opening it, its parameters, the radio."""

from typing import Final

from drivers.zigbee.ezsp.networking import (
    FormNetwork,
    FormNetworkResponse,
    GetCurrentNetwork,
    GetCurrentNetworkResponse,
    GetExtendedPanId,
    GetExtendedPanIdResponse,
    GetManufacturerCode,
    GetManufacturerCodeResponse,
    GetNetworkParameters,
    GetNetworkParametersResponse,
    GetParentChildParameters,
    GetParentChildParametersResponse,
    GetPermitJoining,
    GetPermitJoiningResponse,
    LeaveNetwork,
    LeaveNetworkResponse,
    NetworkInit,
    NetworkInitResponse,
    NetworkState,
    NetworkStateResponse,
    PermitJoining,
    PermitJoiningResponse,
    SetConcentrator,
    SetConcentratorResponse,
    SetManufacturerCode,
    SetManufacturerCodeResponse,
    SetNwkUpdateId,
    SetNwkUpdateIdResponse,
    SetPowerDescriptor,
    SetPowerDescriptorResponse,
)
from drivers.zigbee.ezsp.radio import (
    GetMaxMacRetries,
    GetMaxMacRetriesResponse,
    GetRadioChannel,
    GetRadioChannelResponse,
    GetRadioParameters,
    GetRadioParametersResponse,
    SetRadioChannel,
    SetRadioChannelResponse,
    SetRadioIeee802154CcaMode,
    SetRadioIeee802154CcaModeResponse,
    SetRadioPower,
    SetRadioPowerResponse,
)
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import InitialSecurityState, NetworkParameters
from drivers.zigbee.ezsp.types import InitialSecurityBitmask, NetworkStatus, NodeType
from simulators.zigbee.chip import FOREVER, Chip, Concentrator, Handlers
from simulators.zigbee.memory import CHANNELS, WELL_KNOWN_KEY, FormedNetwork
from simulators.zigbee.network_update import NetworkUpdate

UP_S: Final = 0.02
"""From networkInit or formNetwork to the network's being up."""
DOWN_S: Final = 0.02
POWER_MIN_DBM: Final = -26
POWER_MAX_DBM: Final = 20
_NO_TIMEOUT: Final = 0xFF
_RANDOM_PAN: Final = 0xFFFF
_NOTHING: Final = NetworkParameters(0, 0, 0, 0)


class Networking:
    def __init__(self, chip: Chip, update: NetworkUpdate) -> None:
        self._chip = chip
        self._update = update

    def handlers(self) -> Handlers:
        return {
            NetworkInit: self._init,
            NetworkState: self._state,
            FormNetwork: self._form,
            LeaveNetwork: self._leave,
            PermitJoining: self._permit,
            GetPermitJoining: lambda _: GetPermitJoiningResponse(self._chip.permits_joining),
            GetNetworkParameters: self._parameters,
            GetExtendedPanId: self._extended_pan_id,
            GetCurrentNetwork: lambda _: GetCurrentNetworkResponse(0),
            GetParentChildParameters: lambda _: GetParentChildParametersResponse(
                len(self._chip.memory.children), 0, 0xFFFF
            ),
            SetNwkUpdateId: self._set_update_id,
            SetConcentrator: self._set_concentrator,
            SetManufacturerCode: self._set_manufacturer,
            GetManufacturerCode: lambda _: GetManufacturerCodeResponse(self._chip.manufacturer_code),
            SetPowerDescriptor: lambda _: SetPowerDescriptorResponse(Status.OK),
            SetRadioPower: self._set_power,
            SetRadioChannel: self._set_channel,
            GetRadioChannel: self._get_channel,
            GetRadioParameters: self._radio_parameters,
            SetRadioIeee802154CcaMode: lambda _: SetRadioIeee802154CcaModeResponse(Status.OK),
            GetMaxMacRetries: lambda _: GetMaxMacRetriesResponse(3),
        }

    # --- the network's life

    def _init(self, _: NetworkInit) -> NetworkInitResponse:
        chip = self._chip
        if chip.joined:
            return NetworkInitResponse(Status.INVALID_STATE)
        if chip.memory.network is None:
            return NetworkInitResponse(Status.NOT_JOINED)
        self._come_up()
        return NetworkInitResponse(Status.OK)

    def _state(self, _: NetworkState) -> NetworkStateResponse:
        joined = self._chip.joined
        return NetworkStateResponse(NetworkStatus.JOINED_NETWORK if joined else NetworkStatus.NO_NETWORK)

    def _form(self, request: FormNetwork) -> FormNetworkResponse:
        chip, wanted = self._chip, request.parameters
        if chip.joined:
            return FormNetworkResponse(Status.INVALID_STATE)
        if chip.security is None:
            return FormNetworkResponse(Status.ZIGBEE_SECURITY_STATE_NOT_SET)
        if wanted.radio_channel not in CHANNELS:
            return FormNetworkResponse(Status.TRANSMIT_INVALID_CHANNEL)
        if not POWER_MIN_DBM <= wanted.radio_tx_power <= POWER_MAX_DBM:
            return FormNetworkResponse(Status.TRANSMIT_INVALID_POWER)
        if not chip.security.bitmask & InitialSecurityBitmask.NO_FRAME_COUNTER_RESET:
            chip.memory.set_counters(nwk=0, aps=0)
        chip.memory.network = self._network(wanted, chip.security)
        chip.memory.save()
        self._come_up()
        return FormNetworkResponse(Status.OK)

    def _network(self, wanted: NetworkParameters, security: InitialSecurityState) -> FormedNetwork:
        rng = self._chip.rng
        has = security.bitmask
        given = has & InitialSecurityBitmask.HAVE_PRECONFIGURED_KEY
        return FormedNetwork(
            extended_pan_id=wanted.extended_pan_id or rng.getrandbits(64),
            pan_id=rng.randrange(1, 0xFFF0) if wanted.pan_id == _RANDOM_PAN else wanted.pan_id,
            channel=wanted.radio_channel,
            network_key=security.network_key if has & InitialSecurityBitmask.HAVE_NETWORK_KEY else rng.randbytes(16),
            link_key=security.preconfigured_key if given else WELL_KNOWN_KEY,
            key_sequence=security.network_key_sequence_number,
            # These bits mean the same in both bitmasks; the others are of forming only.
            security_bitmask=has & InitialSecurityBitmask.TRUST_CENTER_USES_HASHED_LINK_KEY,
            tx_power_dbm=wanted.radio_tx_power,
            join_method=wanted.join_method,
            manager_id=wanted.nwk_manager_id,
            update_id=wanted.nwk_update_id,
            channel_mask=wanted.channels,
        )

    def _come_up(self) -> None:
        self._chip.joined = True
        self._chip.network.changed()
        # Its first frame: link status, to the neighbours.
        self._chip.memory.count_nwk()
        self._chip.say_status_later(UP_S, Status.NETWORK_UP)

    def _leave(self, _: LeaveNetwork) -> LeaveNetworkResponse:
        chip = self._chip
        if not chip.joined:
            return LeaveNetworkResponse(Status.INVALID_STATE)
        chip.joined = False
        chip.open_until = 0.0
        chip.memory.forget_network()
        chip.network.changed()
        chip.say_status_later(DOWN_S, Status.NETWORK_DOWN)
        return LeaveNetworkResponse(Status.OK)

    def _permit(self, request: PermitJoining) -> PermitJoiningResponse:
        if not self._chip.joined:
            return PermitJoiningResponse(Status.NOT_JOINED)
        self._chip.open_for(FOREVER if request.duration == _NO_TIMEOUT else request.duration)
        return PermitJoiningResponse(Status.OK)

    # --- what it is

    def _parameters(self, _: GetNetworkParameters) -> GetNetworkParametersResponse:
        network = self._chip.formed
        if network is None:
            return GetNetworkParametersResponse(Status.NOT_JOINED, NodeType.UNKNOWN, _NOTHING)
        parameters = NetworkParameters(
            extended_pan_id=network.extended_pan_id,
            pan_id=network.pan_id,
            radio_tx_power=network.tx_power_dbm,
            radio_channel=network.channel,
            join_method=network.join_method,
            nwk_manager_id=network.manager_id,
            nwk_update_id=network.update_id,
            channels=network.channel_mask,
        )
        return GetNetworkParametersResponse(Status.OK, NodeType.COORDINATOR, parameters)

    def _extended_pan_id(self, _: GetExtendedPanId) -> GetExtendedPanIdResponse:
        network = self._chip.formed
        return GetExtendedPanIdResponse(0 if network is None else network.extended_pan_id)

    def _set_update_id(self, request: SetNwkUpdateId) -> SetNwkUpdateIdResponse:
        network = self._chip.formed
        if network is None:
            return SetNwkUpdateIdResponse(Status.NOT_JOINED)
        network.update_id = request.nwk_update_id
        self._chip.memory.save()
        return SetNwkUpdateIdResponse(Status.OK)

    def _set_concentrator(self, request: SetConcentrator) -> SetConcentratorResponse:
        mode = self._chip.concentrator.discovery_mode
        self._chip.concentrator = Concentrator(request.on, request.concentrator_type, request.min_time, mode)
        return SetConcentratorResponse(Status.OK)

    def _set_manufacturer(self, request: SetManufacturerCode) -> SetManufacturerCodeResponse:
        self._chip.manufacturer_code = request.code
        return SetManufacturerCodeResponse(Status.OK)

    # --- the radio

    def _set_power(self, request: SetRadioPower) -> SetRadioPowerResponse:
        if not POWER_MIN_DBM <= request.power <= POWER_MAX_DBM:
            return SetRadioPowerResponse(Status.TRANSMIT_INVALID_POWER)
        if self._chip.formed is not None:
            self._chip.formed.tx_power_dbm = request.power
            self._chip.memory.save()
        return SetRadioPowerResponse(Status.OK)

    def _set_channel(self, request: SetRadioChannel) -> SetRadioChannelResponse:
        """The stick goes alone: whoever is not told stays where he is."""
        if request.channel not in CHANNELS:
            return SetRadioChannelResponse(Status.TRANSMIT_INVALID_CHANNEL)
        if self._chip.formed is None:
            return SetRadioChannelResponse(Status.NOT_JOINED)
        self._update.change_channel(request.channel)
        return SetRadioChannelResponse(Status.OK)

    def _get_channel(self, _: GetRadioChannel) -> GetRadioChannelResponse:
        network = self._chip.formed
        return GetRadioChannelResponse(CHANNELS[0] if network is None else network.channel)

    def _radio_parameters(self, _: GetRadioParameters) -> GetRadioParametersResponse:
        network = self._chip.formed
        if network is None:
            return GetRadioParametersResponse(Status.NOT_JOINED, 0, 0, 0)
        return GetRadioParametersResponse(Status.OK, network.tx_power_dbm, 0, network.channel)
