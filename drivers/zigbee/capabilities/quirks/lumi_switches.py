"""Xiaomi's and Aqara's plugs and wall switches: relays, what they draw, and their buttons beside them."""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks.lumi import (
    ANALOG_INPUT,
    ELECTRICAL,
    EVENT_MODE,
    METERED,
    METERING,
    MULTISTATE_INPUT,
    MULTISTATE_PRESSES,
    NO_CELL_CLUSTER,
    ON_OFF,
    POWER,
    PRESENT_VALUE,
    of_all_makers,
)
from drivers.zigbee.capabilities.quirks.quirk import Meaning, Meanings, Quirk
from hubagent.model.capabilities.electrical_power_measurement import ELECTRICAL_POWER_MEASUREMENT
from hubagent.model.capabilities.switch import Press


def _meter(endpoint: int) -> Meanings:
    """What is drawn is at this end point; another one's present value is what has been used."""
    return {(endpoint, ANALOG_INPUT, PRESENT_VALUE): (POWER,)}


def _switch(buttons: Mapping[int, int], *, metered: bool = False, new: bool = True) -> Quirk:
    """A wall switch: its relays are On/Off as they should be, its buttons report on end points of their own."""
    return Quirk(
        hidden=frozenset(((None, MULTISTATE_INPUT),)),
        meanings=_meter(21 if new else 3) if metered else {},
        presses={(endpoint, MULTISTATE_INPUT, PRESENT_VALUE): MULTISTATE_PRESSES for endpoint in buttons},
        button_of=buttons,
        tags=METERED if metered else {},
        written=(EVENT_MODE,) if new else (),
    )


_ONE: Final = {41: 1}
_TWO: Final = {41: 1, 42: 2, 51: 3}
"""Left, right, both."""
_THREE: Final = {41: 1, 42: 2, 43: 3, 51: 4, 52: 5, 53: 6, 61: 7}

_OLD_ROCKER_PRESSES: Final[Mapping[object, Press]] = {0: Press.HOLD, 1: Press.SINGLE, 2: Press.DOUBLE}


def _old_rocker(buttons: Mapping[int, int]) -> Quirk:
    """Of 2016, without a neutral wire: the relays are at 2 and 3, the buttons are On/Off servers of their own."""
    return Quirk(
        hidden=frozenset((endpoint, ON_OFF) for endpoint in buttons),
        presses={(endpoint, ON_OFF, 0x0000): _OLD_ROCKER_PRESSES for endpoint in buttons},
        button_of=buttons,
    )


_PLUG: Final = Quirk(
    hidden=frozenset(((None, METERING), (None, ELECTRICAL), (None, MULTISTATE_INPUT), NO_CELL_CLUSTER)),
    meanings=_meter(2),
    tags=METERED,
    reads=((2, ANALOG_INPUT, PRESENT_VALUE, None),),
    one_device=True,
)
"""What it draws is an Analog Input's present value, and in the structure with voltage and energy."""
_AMPERES: Final = Meaning(ELECTRICAL_POWER_MEASUREMENT, "current")
"""Of the relay; the others count mA."""
_PLUG_21: Final = Quirk(
    hidden=_PLUG.hidden,
    meanings=_meter(21),
    tags=METERED,
    reads=((21, ANALOG_INPUT, PRESENT_VALUE, None),),
    one_device=True,
)

MODELS: Final = of_all_makers({
    # Plugs
    "lumi.plug": _PLUG,
    "lumi.plug.mitw01": _PLUG,
    "lumi.plug.maus01": _PLUG,
    "lumi.plug.aq1": _PLUG,
    "lumi.ctrl_86plug": _PLUG,
    "lumi.ctrl_86plug.aq1": _PLUG,
    "lumi.plug.mmeu01": _PLUG_21,
    "lumi.plug.maeu01": _PLUG_21,
    "lumi.plug.macn01": _PLUG_21,
    "lumi.plug.sacn02": _PLUG_21,
    "lumi.relay.c2acn01": Quirk(hidden=_PLUG.hidden, meanings=_meter(1), tags={**METERED, 151: _AMPERES}),
    "lumi.switch.n0agl1": _PLUG_21,
    "lumi.switch.n0acn2": _PLUG_21,
    # Wall switches
    "lumi.ctrl_neutral1": _old_rocker({4: 1}),
    "lumi.ctrl_neutral2": _old_rocker({4: 1, 5: 2, 6: 3}),
    "lumi.switch.b1lacn02": _old_rocker({4: 1}),
    "lumi.switch.b2lacn02": _old_rocker({4: 1, 5: 2, 6: 3}),
    **dict.fromkeys(("lumi.ctrl_ln1", "lumi.ctrl_ln1.aq1"), _switch({5: 1}, metered=True, new=False)),
    **dict.fromkeys(("lumi.ctrl_ln2", "lumi.ctrl_ln2.aq1"), _switch({5: 1, 6: 2, 7: 3}, metered=True, new=False)),
    **dict.fromkeys(
        ("lumi.switch.b1laus01", "lumi.switch.l1acn1", "lumi.switch.l1aeu1", "lumi.switch.b1lacn01",
         "lumi.switch.b1lc04", "lumi.switch.b1nc01"),
        _switch(_ONE),
    ),
    **dict.fromkeys(
        ("lumi.switch.b1naus01", "lumi.switch.n1acn1", "lumi.switch.n1aeu1", "lumi.switch.b1nacn02",
         "lumi.switch.b1nacn01", "lumi.switch.acn029"),
        _switch(_ONE, metered=True),
    ),
    **dict.fromkeys(
        ("lumi.switch.b2laus01", "lumi.switch.l2acn1", "lumi.switch.l2aeu1", "lumi.switch.b2lacn01",
         "lumi.switch.b2lc04", "lumi.switch.b2nc01"),
        _switch(_TWO),
    ),
    **dict.fromkeys(
        ("lumi.switch.b2naus01", "lumi.switch.n2acn1", "lumi.switch.n2aeu1", "lumi.switch.b2nacn02",
         "lumi.switch.b2nacn01", "lumi.switch.acn030"),
        _switch(_TWO, metered=True),
    ),
    **dict.fromkeys(
        ("lumi.switch.l3acn1", "lumi.switch.l3acn3", "lumi.switch.b3l01", "lumi.switch.acn040"), _switch(_THREE)
    ),
    **dict.fromkeys(
        ("lumi.switch.n3acn1", "lumi.switch.n3acn3", "lumi.switch.b3n01", "lumi.switch.acn031"),
        _switch(_THREE, metered=True),
    ),
})  # fmt: skip
