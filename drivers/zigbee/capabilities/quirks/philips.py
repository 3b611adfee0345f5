"""Philips and Signify: remotes that say in a cluster of their own what was pressed, beside commanding lamps.

The cluster (0xFC00) knows presses, holds and releases; what its remotes command as clients is the same once more.
"""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Meaning, Parameter, Quirk, Reported
from drivers.zigbee.zcl.data_types import DataType
from hubagent.model.capabilities.boolean_state import BOOLEAN_STATE

MAKERS: Final = ("Philips", "Signify Netherlands B.V.")
CODE: Final = 0x100B
_ALSO_SAID: Final = frozenset((None, cluster) for cluster in (0x0005, 0x0006, 0x0008, 0x0300))
_REMOTE: Final = Quirk(hidden_clients=_ALSO_SAID)
CONTACT_CLUSTER: Final = 0xFC06
CONTACT, TAMPER = 0x0100, 0x0102
_OPEN: Final = Meaning(BOOLEAN_STATE, "open", values={0: False, 1: True})
_TAMPERED: Final = Meaning(BOOLEAN_STATE, "tamper", values={0: False, 1: True})
_DOOR: Final = Quirk(
    meanings={(2, CONTACT_CLUSTER, CONTACT): (_OPEN,), (2, CONTACT_CLUSTER, TAMPER): (_TAMPERED,)},
    reads=((2, CONTACT_CLUSTER, CONTACT, CODE), (2, CONTACT_CLUSTER, TAMPER, CODE)),
    reported=(
        Reported(2, CONTACT_CLUSTER, CONTACT, DataType.ENUM8, 0, 14400, 0, CODE),
        Reported(2, CONTACT_CLUSTER, TAMPER, DataType.ENUM8, 0, 14400, 0, CODE),
    ),
)

_MOTION: Final = Quirk(
    parameters={
        101: Parameter(0x0406, 0x0030, DataType.UINT8, CODE),
        102: Parameter(0x0000, 0x0033, DataType.BOOLEAN, CODE),
    }
)
"""parameter_101: how sensitive it is (0 low, to 2, of newer ones to 4); parameter_102: whether its light shows it."""

_MODELS: Final = {
    "RWL020": _REMOTE,
    "RWL021": _REMOTE,
    "RWL022": _REMOTE,
    "ROM001": _REMOTE,
    "RDM002": _REMOTE,
    "RDM003": _REMOTE,
    "RDM005": _REMOTE,
    "RDM001": _REMOTE,
    "RDM004": _REMOTE,
    "SOC001": _DOOR,
    **dict.fromkeys(("SML001", "SML002", "SML003", "SML004"), _MOTION),
}
MODELS: Final = {(maker, model): quirk for maker in MAKERS for model, quirk in _MODELS.items()}
