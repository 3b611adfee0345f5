"""Xiaomi's and Aqara's remotes and cubes. A button that is held for more than five seconds has no release."""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks.lumi import (
    CELL,
    EVENT_MODE,
    MULTISTATE_INPUT,
    MULTISTATE_PRESSES,
    NO_CELL_CLUSTER,
    ON_OFF,
    PRESENT_VALUE,
    of_all_makers,
)
from drivers.zigbee.capabilities.quirks.quirk import Presses, Quirk
from hubagent.model.capabilities.switch import Press

MULTISTATE: Final[Presses] = {(None, MULTISTATE_INPUT, PRESENT_VALUE): MULTISTATE_PRESSES}
CLICK: Final[Mapping[object, Press]] = {0: Press.SINGLE, 1: Press.SINGLE}
"""On/Off of a button that knows no more: it says on or off, whichever."""
CLICKS: Final[Presses] = {
    (None, ON_OFF, 0x0000): {1: Press.SINGLE},
    (None, ON_OFF, 0x8000): {2: Press.DOUBLE, 3: Press.TRIPLE, 4: Press.QUADRUPLE},
}
"""The round button of 2016: pressed and released is 0 and 1; more clicks have an attribute of their own."""

_REMOTE: Final = Quirk(
    reports_by_itself=True,
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    hidden_clients=frozenset(((None, ON_OFF), (None, 0x0008), (None, 0x0300), (None, 0x0005))),
    presses=MULTISTATE,
    tags=CELL,
    written=(EVENT_MODE,),
)
_OLD_REMOTE: Final = Quirk(
    reports_by_itself=True,
    hidden=_REMOTE.hidden,
    hidden_clients=_REMOTE.hidden_clients,
    presses={**MULTISTATE, (None, ON_OFF, 0x0000): CLICK},
    tags=CELL,
)
_ROUND: Final = Quirk(
    reports_by_itself=True,
    hidden=_REMOTE.hidden,
    hidden_clients=_REMOTE.hidden_clients,
    presses={**MULTISTATE, **CLICKS},
    tags=CELL,
)

# The cube: everything it can be made to do is a button.

_CUBE: Final = Quirk(
    reports_by_itself=True,
    hidden=frozenset((NO_CELL_CLUSTER, (None, ON_OFF))),
    presses={(2, MULTISTATE_INPUT, PRESENT_VALUE): {
        **dict.fromkeys((0, 1), Press.SINGLE),
        **dict.fromkeys(range(64, 192), Press.DOUBLE),
        **dict.fromkeys(range(256, 262), Press.HOLD_REPEAT),
        **dict.fromkeys(range(512, 518), Press.TRIPLE),
        **dict.fromkeys(range(1024, 1030), Press.QUADRUPLE),
    }},
    button_of={2: 1},
    tags=CELL,
)  # fmt: skip
"""Shaken or thrown is a single press, flipped a double, slid a repeat, tapped a triple; on another side (Pro) four."""

MODELS: Final = of_all_makers({
    "lumi.sensor_switch": Quirk(reports_by_itself=True, hidden=_REMOTE.hidden, presses=CLICKS, tags=CELL),
    "lumi.sensor_switch.aq2": _ROUND,
    "lumi.remote.b1acn01": _ROUND,
    "lumi.sensor_switch.aq3": _OLD_REMOTE,
    "lumi.sensor_swit": _OLD_REMOTE,
    "lumi.sensor_86sw1": _OLD_REMOTE,
    "lumi.sensor_86sw2": _OLD_REMOTE,
    "lumi.sensor_86sw2.es1": _OLD_REMOTE,
    "lumi.remote.b186acn01": _OLD_REMOTE,
    "lumi.remote.b186acn02": _OLD_REMOTE,
    "lumi.remote.b286acn01": _OLD_REMOTE,
    "lumi.remote.b286acn02": _OLD_REMOTE,
    **dict.fromkeys(
        (
            "lumi.remote.b186acn03", "lumi.remote.b286acn03", "lumi.remote.b286opcn01", "lumi.remote.b486opcn01",
            "lumi.remote.b686opcn01", "lumi.remote.b18ac1", "lumi.remote.b28ac1", "lumi.remote.b1acn02",
            "lumi.remote.acn003", "lumi.remote.acn004", "lumi.remote.acn007", "lumi.remote.acn008",
            "lumi.remote.acn009", "lumi.remote.rkba01",
        ),
        _REMOTE,
    ),
    "lumi.sensor_cube": _CUBE,
    "lumi.sensor_cube.aqgl01": _CUBE,
    "lumi.remote.cagl02": _CUBE,
})  # fmt: skip
