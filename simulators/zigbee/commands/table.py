"""Every command that the stick answers, and how it refuses the others.

A command of UG100 that this stick has no use for (Touchlink, the manufacturing library, being a router) is refused by
the status that its answer has; one that has none to refuse with, as one that UG100 does not know.
"""

from dataclasses import MISSING, fields
from typing import Final

from drivers.zigbee.ezsp.frame import Command, Response
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.zll import IsZllNetwork, IsZllNetworkResponse, ZllOperationInProgress
from drivers.zigbee.ezsp.zll import ZllOperationInProgressResponse as InProgressResponse
from simulators.zigbee.chip import Chip, Handlers
from simulators.zigbee.commands.address_table import AddressTable
from simulators.zigbee.commands.binding import Binding
from simulators.zigbee.commands.bootloader import Bootloading
from simulators.zigbee.commands.children import Children
from simulators.zigbee.commands.configuration import Configuration
from simulators.zigbee.commands.green_power import GreenPower
from simulators.zigbee.commands.messaging import Messaging
from simulators.zigbee.commands.networking import Networking
from simulators.zigbee.commands.scanning import Scanning
from simulators.zigbee.commands.security import Security
from simulators.zigbee.commands.token_interface import TokenInterface
from simulators.zigbee.commands.trust_center import TrustCenterCommands
from simulators.zigbee.commands.utilities import Utilities
from simulators.zigbee.network_update import NetworkUpdate
from simulators.zigbee.sender import Sender

_NO_TOUCHLINK: Final[Handlers] = {
    IsZllNetwork: lambda _: IsZllNetworkResponse(False),
    ZllOperationInProgress: lambda _: InProgressResponse(False),
}


def handlers_of(chip: Chip, sender: Sender, update: NetworkUpdate) -> Handlers:
    parts = (
        Configuration(chip),
        Utilities(chip),
        Networking(chip, update),
        Scanning(chip),
        Children(chip),
        Binding(chip),
        Messaging(chip, sender),
        AddressTable(chip),
        Security(chip),
        TrustCenterCommands(chip),
        Bootloading(chip),
        GreenPower(chip),
        TokenInterface(chip),
    )
    return {**_NO_TOUCHLINK, **{kind: handler for part in parts for kind, handler in part.handlers().items()}}


def refusal(kind: type[Command]) -> Response | None:
    """The answer to a command that is known and not carried out; None: invalidCommand is all that can be said."""
    needed = [it.name for it in fields(kind.RESPONSE) if it.default is MISSING]  # type: ignore[arg-type]
    if needed == ["status"]:
        return kind.RESPONSE(Status.NOT_SUPPORTED)  # type: ignore[call-arg]
    return kind.RESPONSE() if not needed else None
