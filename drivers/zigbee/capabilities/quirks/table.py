"""Which model is peculiar in which way: one line a maker."""

from collections.abc import Mapping
from typing import Final

from drivers.zigbee.capabilities.quirks import (
    ikea,
    lumi,
    lumi_buttons,
    lumi_motors,
    lumi_sensors,
    lumi_switches,
    lutron,
    others,
    philips,
    smartthings,
    sonoff,
    tuya,
)
from drivers.zigbee.capabilities.quirks.quirk import NO_QUIRK, Quirk

Models = Mapping[tuple[str, str], Quirk]
"""By manufacturer and model; an empty manufacturer is any."""

MODELS: Final[Models] = {
    **ikea.MODELS,
    **lumi_buttons.MODELS,
    **lumi_motors.MODELS,
    **lumi_sensors.MODELS,
    **lumi_switches.MODELS,
    **lutron.MODELS,
    **others.MODELS,
    **philips.MODELS,
    **smartthings.MODELS,
    **sonoff.MODELS,
    **tuya.MODELS,
}
_OTHERS: Final[Mapping[str, Quirk]] = dict.fromkeys(lumi.MAKERS, lumi.OTHERS)
"""By manufacturer, for the models that are not listed."""


def quirk_of(manufacturer: str, model: str) -> Quirk:
    """What is peculiar to a model; NO_QUIRK for one that does what it says."""
    maker, kind = manufacturer.strip(), model.strip()
    return MODELS.get((maker, kind)) or MODELS.get(("", kind)) or _OTHERS.get(maker) or NO_QUIRK
