"""SONOFF and eWeLink: one button whose three presses are three commands."""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Key, Quirk
from hubagent.model.capabilities.switch import Press

_BUTTON: Final = Quirk(keys={"toggle": Key(1), "on": Key(1, Press.DOUBLE), "off": Key(1, Press.HOLD)})
"""zigbee-herdsman-converters, SNZB-01: a single press toggles, a double one is On, a long one Off."""

_BUTTONS: Final = ("WB01", "WB-01", "SNZB-01", "SNZB-01P")
MAKERS: Final = ("eWeLink", "SONOFF", "eWeLight")
MODELS: Final = {(maker, model): _BUTTON for maker in MAKERS for model in _BUTTONS}
