"""Lutron's four-button remote: full, brighter, darker, off, all of them by Level Control."""

from typing import Final

from drivers.zigbee.capabilities.quirks.quirk import Key, Quirk

_REMOTE: Final = Quirk(
    keys={
        "level:254": Key(1),
        "level:255": Key(1),
        "up.step": Key(2),
        "down.step": Key(3),
        "level:0": Key(4),
        "on": Key(1),
        "off": Key(4),
    }
)
MODELS: Final = {("Lutron", "LZL4BWHL01 Remote"): _REMOTE, ("Lutron", "Z3-1BRL"): Quirk()}
