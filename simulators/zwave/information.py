"""What the stick says of itself, and the settings that change nothing on the air."""

from typing import Final

from drivers.zwave.serial_api import setup
from drivers.zwave.serial_api.chip_settings import (
    OldTimeouts,
    SetReceiveMode,
    SetReceiveModeResponse,
    SetTimeouts,
    StartWatchdog,
    StopWatchdog,
)
from drivers.zwave.serial_api.controller_info import (
    BackgroundRssi,
    ControllerCapabilities,
    ControllerRole,
    GetBackgroundRssi,
    GetControllerCapabilities,
    GetHomeId,
    GetInitData,
    GetLibraryVersion,
    GetProtocolVersion,
    GetRandomBytes,
    GetSerialApiCapabilities,
    HomeId,
    InitData,
    InitFlag,
    LibraryVersion,
    ProtocolVersion,
    RandomBytes,
    SerialApiCapabilities,
)
from drivers.zwave.serial_api.node_info import (
    Flirs,
    GetNodeProtocolInfo,
    NodeProtocolInfo,
    SetApplicationNodeInformation,
)
from drivers.zwave.serial_api.reset import SetDefault, SetDefaultCallback, SoftReset
from drivers.zwave.serial_api.setup import Region
from drivers.zwave.serial_api.suc import GetSucNodeId, SetSucNodeId, SetSucNodeIdResponse, SucNodeId
from simulators.zwave.chip import Chip, Handlers
from simulators.zwave.memory import CONTROLLER_NODE
from simulators.zwave.radio_node import NodeInformation

GENERIC_STATIC_CONTROLLER: Final = 0x02
SPECIFIC_PC_CONTROLLER: Final = 0x01
NOISE_DBM: Final = (-101, -99, -100)
REGIONS: Final = tuple(
    region
    for region in Region
    if region not in (Region.USA_LONG_RANGE, Region.EUROPE_LONG_RANGE, Region.UNKNOWN, Region.DEFAULT)
)
RANDOM_BYTES_MAX: Final = 32
_FLIRS: Final = {250: Flirs.EVERY_250_MS, 1000: Flirs.EVERY_1000_MS}
_ITSELF: Final = NodeProtocolInfo(
    listening=True,
    flirs=None,
    routing=True,
    basic_class=0x02,
    generic_class=GENERIC_STATIC_CONTROLLER,
    specific_class=SPECIFIC_PC_CONTROLLER,
    controller=True,
    speeds_kbit=(9, 40, 100),
)
_NOBODY: Final = NodeProtocolInfo(
    listening=False,
    flirs=None,
    routing=False,
    basic_class=0,
    generic_class=0,
    specific_class=0,
    optional_functionality=False,
    beaming=False,
    speeds_kbit=(),
    protocol_version=0,
)


class Information:
    """Each of these is answered at once."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._timeouts = OldTimeouts(ack_10ms=150, byte_10ms=15)

    def handlers(self) -> Handlers:
        return {**self._own_handlers(), **self._setup_handlers()}

    def _own_handlers(self) -> Handlers:
        return {
            GetInitData: self._init_data,
            GetControllerCapabilities: self._roles,
            GetSerialApiCapabilities: self._functions,
            GetLibraryVersion: self._library,
            GetProtocolVersion: self._protocol,
            GetHomeId: self._home_id,
            GetRandomBytes: self._random,
            GetBackgroundRssi: self._noise,
            GetNodeProtocolInfo: self._protocol_info,
            GetSucNodeId: lambda _: self._chip.respond(SucNodeId(self._chip.memory.suc_node_id)),
            SetSucNodeId: self._appoint_suc,
            SetTimeouts: self._set_timeouts,
            SetReceiveMode: self._set_receive_mode,
            SetApplicationNodeInformation: lambda _: None,
            StartWatchdog: lambda _: None,
            StopWatchdog: lambda _: None,
            SoftReset: lambda _: self._chip.restart(),
            SetDefault: self._set_default,
        }

    def _setup_handlers(self) -> Handlers:
        return {
            setup.GetSupportedSetup: self._supported_setup,
            setup.SetTransmitReport: self._set_transmit_report,
            setup.GetMaxPayload: lambda _: self._chip.respond(setup.MaxPayload(self._chip.flavour.max_payload)),
            setup.GetRfRegion: lambda _: self._chip.respond(setup.RfRegion(self._chip.memory.region)),
            setup.SetRfRegion: self._set_region,
            setup.GetSupportedRegions: lambda _: self._chip.respond(setup.SupportedRegions(REGIONS)),
            setup.GetRegionInfo: lambda request: self._chip.respond(setup.RegionInfo(request.region)),
            setup.GetPowerlevel: self._powerlevel,
            setup.GetPowerlevel16Bit: lambda _: self._chip.respond(setup.Powerlevel16Bit(*self._power())),
            setup.SetPowerlevel: self._set_powerlevel,
            setup.SetPowerlevel16Bit: self._set_powerlevel_16_bit,
        }

    def _init_data(self, _: GetInitData) -> None:
        memory, flavour = self._chip.memory, self._chip.flavour
        flags = InitFlag.SIS if memory.suc_node_id == CONTROLLER_NODE else InitFlag(0)
        nodes = frozenset(memory.nodes) | {CONTROLLER_NODE}
        self._chip.respond(InitData(flavour.api_version, flags, nodes, flavour.chip))

    def _roles(self, _: GetControllerCapabilities) -> None:
        roles = ControllerRole.REAL_PRIMARY
        if self._chip.memory.suc_node_id == CONTROLLER_NODE:
            roles |= ControllerRole.SIS_PRESENT | ControllerRole.SUC
        if not self._chip.memory.nodes:
            roles |= ControllerRole.NO_NODES_INCLUDED
        self._chip.respond(ControllerCapabilities(roles))

    def _functions(self, _: GetSerialApiCapabilities) -> None:
        flavour = self._chip.flavour
        self._chip.respond(
            SerialApiCapabilities(
                flavour.serial_api_version,
                flavour.manufacturer_id,
                flavour.product_type,
                flavour.product_id,
                flavour.functions,
            )
        )

    def _library(self, _: GetLibraryVersion) -> None:
        self._chip.respond(LibraryVersion(self._chip.flavour.library, self._chip.flavour.library_kind))

    def _protocol(self, _: GetProtocolVersion) -> None:
        version = self._chip.flavour.protocol_version
        assert version is not None
        self._chip.respond(ProtocolVersion(0, version, 0, bytes(16)))

    def _home_id(self, _: GetHomeId) -> None:
        self._chip.respond(HomeId(self._chip.memory.home_id, CONTROLLER_NODE))

    def _random(self, request: GetRandomBytes) -> None:
        self._chip.respond(RandomBytes(self._chip.rng.randbytes(min(request.count, RANDOM_BYTES_MAX))))

    def _noise(self, _: GetBackgroundRssi) -> None:
        loud = self._chip.faults.jammed or self._chip.network.rough.noise_on(0) > 0
        channels = (-40,) * len(NOISE_DBM) if loud else NOISE_DBM
        self._chip.respond(BackgroundRssi(channels))

    def _protocol_info(self, request: GetNodeProtocolInfo) -> None:
        if request.node_id == CONTROLLER_NODE:
            self._chip.respond(_ITSELF)
            return
        entry = self._chip.memory.nodes.get(request.node_id)
        self._chip.respond(_NOBODY if entry is None else protocol_info(entry.info))

    def _appoint_suc(self, request: SetSucNodeId) -> None:
        # INS13954-13 §4.4, ZW_SetSUCNodeID: a controller that appoints itself does not call back.
        itself = request.node_id == CONTROLLER_NODE
        if itself:
            self._chip.memory.suc_node_id = CONTROLLER_NODE if request.enable else 0
            self._chip.memory.save()
        self._chip.respond(SetSucNodeIdResponse(itself))

    def _set_timeouts(self, request: SetTimeouts) -> None:
        self._chip.respond(self._timeouts)
        self._timeouts = OldTimeouts(request.ack_10ms, request.byte_10ms)

    def _set_receive_mode(self, request: SetReceiveMode) -> None:
        self._chip.receiver_on = request.on
        self._chip.respond(SetReceiveModeResponse(True))

    def _set_default(self, request: SetDefault) -> None:
        self._chip.network.forget_all()
        self._chip.failed_nodes.clear()
        self._chip.call_back(SetDefaultCallback(request.callback_id))

    def _supported_setup(self, _: setup.GetSupportedSetup) -> None:
        flavour = self._chip.flavour
        self._chip.respond(setup.SupportedSetup(flavour.setup_commands, flavour.setup_mask))

    def _set_transmit_report(self, request: setup.SetTransmitReport) -> None:
        self._chip.transmit_reports = request.enable
        self._chip.respond(setup.SetTransmitReportDone(True))

    def _set_region(self, request: setup.SetRfRegion) -> None:
        known = request.region in (*REGIONS, Region.DEFAULT)
        if known:
            self._chip.memory.region = request.region
            self._chip.memory.save()
        self._chip.respond(setup.SetRfRegionDone(known))

    def _power(self) -> tuple[int, int]:
        return self._chip.memory.powerlevel_decidbm, self._chip.memory.measured_at_0_decidbm

    def _powerlevel(self, _: setup.GetPowerlevel) -> None:
        # The old form reaches from -12.8 to 12.7 dBm, the new one further.
        power, measured = (max(-128, min(127, decidbm)) for decidbm in self._power())
        self._chip.respond(setup.Powerlevel(power, measured))

    def _set_powerlevel(self, request: setup.SetPowerlevel) -> None:
        self._remember_power(request.decidbm, request.measured_at_0_decidbm)
        self._chip.respond(setup.SetPowerlevelDone(True))

    def _set_powerlevel_16_bit(self, request: setup.SetPowerlevel16Bit) -> None:
        self._remember_power(request.decidbm, request.measured_at_0_decidbm)
        self._chip.respond(setup.SetPowerlevel16BitDone(True))

    def _remember_power(self, decidbm: int, measured_at_0_decidbm: int) -> None:
        self._chip.memory.powerlevel_decidbm = decidbm
        self._chip.memory.measured_at_0_decidbm = measured_at_0_decidbm
        self._chip.memory.save()


def protocol_info(info: NodeInformation) -> NodeProtocolInfo:
    """What a controller keeps of a node's information frame."""
    return NodeProtocolInfo(
        listening=info.listening,
        flirs=None if info.flirs is None else _FLIRS[info.flirs],
        routing=info.routing,
        basic_class=info.basic_class,
        generic_class=info.generic_class,
        specific_class=info.specific_class,
        optional_functionality=info.optional_functionality,
        beaming=info.beaming,
        speeds_kbit=(9, 40, 100),
    )
