"""The kinds of controller that there are in the field, and which functions each offers."""

from dataclasses import dataclass, replace
from typing import Final

_COMMON: Final = frozenset(
    {
        0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0B, 0x10, 0x13, 0x14, 0x15, 0x16, 0x1C,
        0x20, 0x3B, 0x41, 0x42, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4F, 0x51, 0x54, 0x55, 0x56, 0x58,
        0x60, 0x61, 0x62, 0x63, 0x80, 0x92, 0x93,
    }
)  # fmt: skip
_SERIES_7: Final = _COMMON | {0x09, 0x0A, 0x2E, 0xD2, 0xD3}
_BRIDGE_ONLY: Final = frozenset({0xA8, 0xA9, 0xAB})
# Without 0x80, the width of node identifiers: only Long Range needs the wide form.
_SETUP_7: Final = frozenset({0x01, 0x02, 0x04, 0x08, 0x10, 0x12, 0x13, 0x15, 0x16, 0x20, 0x40})
_LIBRARY_STATIC: Final = 1
_LIBRARY_BRIDGE: Final = 7


@dataclass(frozen=True, slots=True)
class Flavour:
    """What a controller's firmware says of itself. Long Range is never offered."""

    name: str
    chip: tuple[int, int]
    api_version: int
    serial_api_version: tuple[int, int]
    library: str
    """By this text a host knows the SDK: "Z-Wave 6.07" is SDK 6.81.6, "Z-Wave 7.23" is 7.23."""
    library_kind: int
    protocol_version: tuple[int, int, int] | None
    """None: the function is not offered."""
    functions: frozenset[int]
    setup_commands: frozenset[int]
    setup_mask: bool
    """Whether supported setup commands are told as a mask too, not only as a byte of flags."""
    announces_start: bool
    """Says SerialApiStarted after every start."""
    max_payload: int
    manufacturer_id: int = 0xFFFF
    """No real maker: hosts use proprietary functions with those they know."""
    product_type: int = 0x0001
    product_id: int = 0x0001

    @property
    def bridge(self) -> bool:
        return self.library_kind == _LIBRARY_BRIDGE


SERIES_500: Final = Flavour(
    name="500",
    chip=(5, 0),
    api_version=8,
    serial_api_version=(1, 2),
    library="Z-Wave 6.07",
    library_kind=_LIBRARY_STATIC,
    protocol_version=None,
    functions=_COMMON,
    setup_commands=frozenset({0x01, 0x02, 0x04, 0x08, 0x10}),
    setup_mask=False,
    announces_start=False,
    max_payload=46,
)
SERIES_700: Final = Flavour(
    name="700",
    chip=(7, 0),
    api_version=10,
    serial_api_version=(7, 19),
    library="Z-Wave 7.19",
    library_kind=_LIBRARY_STATIC,
    protocol_version=(7, 19, 3),
    functions=_SERIES_7,
    setup_commands=_SETUP_7,
    setup_mask=True,
    announces_start=True,
    max_payload=46,
)
SERIES_800: Final = replace(
    SERIES_700,
    name="800",
    chip=(8, 0),
    serial_api_version=(7, 23),
    library="Z-Wave 7.23",
    protocol_version=(7, 23, 1),
)


def _as_bridge(flavour: Flavour) -> Flavour:
    return replace(
        flavour,
        name=f"{flavour.name}-bridge",
        library_kind=_LIBRARY_BRIDGE,
        functions=flavour.functions | _BRIDGE_ONLY,
    )


FLAVOURS: Final = {
    flavour.name: flavour for static in (SERIES_500, SERIES_700, SERIES_800) for flavour in (static, _as_bridge(static))
}
