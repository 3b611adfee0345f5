"""Which model is peculiar in which way."""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import NO_QUIRK, Quirk

Models = dict[tuple[str, str], Quirk]
"""By manufacturer and model; an empty manufacturer is any."""

_TABLES: Final[tuple[Models, ...]] = ()


def quirk_of(manufacturer: str, model: str) -> Quirk:
    """What is peculiar to a model; NO_QUIRK for one that does what it says."""
    return NO_QUIRK
