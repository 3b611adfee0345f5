"""Color Control: hue and saturation, x and y, colour temperature (ZCL8 §5.2).

A lamp has one colour at a time and up to three ways to say it; `ColorMode` says which one counts. All that it reports
is remembered, because x and y, or a mode and its value, may come in two reports. What does not count at the moment is
unknown to the home: white light has no hue, and blue light no temperature.
"""

from collections.abc import Callable, Mapping
from colorsys import hsv_to_rgb, rgb_to_hsv
from typing import Any, Final

from drivers.zigbee.capabilities.switches import tenths_of
from drivers.zigbee.capabilities.translation import (
    Place,
    Plan,
    Read,
    Reading,
    Reporting,
    Said,
    Translation,
    close_to,
    read,
    tell,
)
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import color_control
from drivers.zigbee.zcl.clusters.color_control import COLOR_CONTROL as COLOR_CLUSTER
from hubagent.model.capabilities.color_control import COLOR_CONTROL, MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capability import Capability, Value

HUE: Final = COLOR_CLUSTER.named("current_hue").id
SATURATION: Final = COLOR_CLUSTER.named("current_saturation").id
X: Final = COLOR_CLUSTER.named("current_x").id
Y: Final = COLOR_CLUSTER.named("current_y").id
MIREDS: Final = COLOR_CLUSTER.named("color_temperature").id
MODE: Final = COLOR_CLUSTER.named("color_mode").id
OPTIONS: Final = COLOR_CLUSTER.named("options").id
ENHANCED_HUE: Final = COLOR_CLUSTER.named("enhanced_current_hue").id
CAPABILITIES: Final = COLOR_CLUSTER.named("color_capabilities").id
MIREDS_MIN: Final = COLOR_CLUSTER.named("color_temperature_physical_min").id
MIREDS_MAX: Final = COLOR_CLUSTER.named("color_temperature_physical_max").id

BY_HUE, BY_XY, BY_TEMPERATURE = 0, 1, 2
"""Colour modes (ZCL8 §5.2.2.2.9)."""
CAN_HUE, CAN_ENHANCED_HUE, CAN_XY, CAN_TEMPERATURE = 0x01, 0x02, 0x08, 0x10
"""Bits of the colour capabilities (ZCL8 §5.2.2.2.12)."""
HUE_MAX: Final = 254
ENHANCED_HUES: Final = 65536
XY_MAX: Final = 65536
XY_RAW_MAX: Final = 0xFEFF
EXECUTE_IF_OFF: Final = 0x01
SOON_TENTHS: Final = 1
"""What is sent where no time is wished: some lamps do nothing about a transition of no length."""
TRANSITION_S: Final = 5.0
_MEMORY = "color"
_DEGREES = "degrees"
"""Of the hue, however it was said last."""
_REMEMBERED: Final = frozenset((HUE, SATURATION, X, Y, MIREDS, MODE, ENHANCED_HUE))

_BY_DEVICE_TYPE: Final[Mapping[int, int]] = {
    0x0102: CAN_HUE | CAN_XY,
    0x010C: CAN_TEMPERATURE,
    0x010D: CAN_HUE | CAN_XY | CAN_TEMPERATURE,
    0x0200: CAN_HUE | CAN_XY,
    0x0210: CAN_HUE | CAN_XY | CAN_TEMPERATURE,
    0x0220: CAN_TEMPERATURE,
}
"""Of lamps of before there was an attribute for it, by their device type (HA 05-3520-29, ZLL 11-0037-10)."""


def abilities(place: Place) -> int:
    """Bits of what the lamp can."""
    known = place.attribute(color_control.CLUSTER_ID, CAPABILITIES)
    if not known:
        # Silent, or with the 0 that some have there.
        known = _BY_DEVICE_TYPE.get(place.end_point.device_type, CAN_XY | CAN_TEMPERATURE)
    return int(known)


def has_color(place: Place) -> bool:
    return abilities(place) & (CAN_HUE | CAN_XY) != 0


def _speaks_hue(place: Place) -> bool:
    """It is told hue and saturation: both in its own words, and not clipped to what its x and y can reach."""
    can = abilities(place)
    return can & CAN_HUE != 0 and not (place.quirk.prefers_xy and can & CAN_XY)


# Reading


def _report(values: Mapping[int, Any], place: Place) -> list[Said]:
    news = {
        one: value for one, value in values.items() if one in _REMEMBERED and (value is None or isinstance(value, int))
    }
    if not news:
        return []
    memory: dict[Any, Any] = place.memory.setdefault(_MEMORY, {})
    memory.update(news)
    if ENHANCED_HUE in news:
        enhanced = news[ENHANCED_HUE]
        memory[_DEGREES] = None if enhanced is None else enhanced * 360 / ENHANCED_HUES
    elif HUE in news:
        plain = news[HUE]
        memory[_DEGREES] = None if plain is None else min(plain, HUE_MAX) * 360 / HUE_MAX
    mode = memory.get(MODE)
    can = abilities(place)
    said: dict[str, Value] = {}
    if has_color(place):
        said |= _color(mode, memory, can)
    if can & CAN_TEMPERATURE:
        said |= _temperature(mode, memory, can)
    return [Reading(COLOR_CONTROL.name, said)] if said else []


def _color(mode: int | None, memory: Mapping[Any, Any], can: int) -> dict[str, Value]:
    if mode == BY_TEMPERATURE:
        return {"hue": None, "saturation": None}
    if mode == BY_XY or not can & CAN_HUE:
        return _from_xy(memory)
    if mode == BY_HUE or _DEGREES in memory:
        hue, saturation = memory.get(_DEGREES), memory.get(SATURATION)
        if hue is None or saturation is None:
            return {}
        return {"hue": round(hue, 1), "saturation": round(min(saturation, 254) * 100 / 254, 1)}
    return _from_xy(memory)


def _from_xy(memory: Mapping[Any, Any]) -> dict[str, Value]:
    x, y = memory.get(X), memory.get(Y)
    if x is None or y is None:
        return {}
    hue, saturation = hue_saturation_of(x / XY_MAX, y / XY_MAX)
    return {"hue": round(hue, 1), "saturation": round(saturation, 1)}


def _temperature(mode: int | None, memory: Mapping[Any, Any], can: int) -> dict[str, Value]:
    if mode in {BY_HUE, BY_XY} and can & (CAN_HUE | CAN_XY):
        return {"color_temperature": None}
    if MIREDS not in memory:
        return {}
    mireds = memory[MIREDS]
    # 0 is "undefined" (ZCL8 §5.2.2.2.8).
    return {"color_temperature": kelvin_of(mireds) if mireds else None}


def kelvin_of(mireds: int) -> float | None:
    kelvin = round(1e6 / mireds)
    return kelvin if 1000 <= kelvin <= 20000 else None


# x and y of CIE 1931 to hue and saturation of sRGB and back (IEC 61966-2-1, white point D65).


def hue_saturation_of(x: float, y: float) -> tuple[float, float]:
    if y <= 0:
        return 0.0, 0.0
    red, green, blue = _rgb_of(x / y, 1.0, (1 - x - y) / y)
    hue, saturation, _ = rgb_to_hsv(red, green, blue)
    return hue * 360, saturation * 100


def xy_of(hue: float, saturation: float) -> tuple[float, float]:
    red, green, blue = (_linear(part) for part in hsv_to_rgb(hue / 360 % 1, saturation / 100, 1))
    capital_x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    capital_y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    capital_z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    total = capital_x + capital_y + capital_z
    return capital_x / total, capital_y / total


def _rgb_of(capital_x: float, capital_y: float, capital_z: float) -> tuple[float, float, float]:
    """As bright as it can be; what lies outside of sRGB is drawn in to its edge."""
    linear = (
        3.2404542 * capital_x - 1.5371385 * capital_y - 0.4985314 * capital_z,
        -0.9692660 * capital_x + 1.8760108 * capital_y + 0.0415560 * capital_z,
        0.0556434 * capital_x - 0.2040259 * capital_y + 1.0572252 * capital_z,
    )
    brightest = max(linear)
    if brightest <= 0:
        return 0.0, 0.0, 0.0
    red, green, blue = (_companded(max(0.0, part / brightest)) for part in linear)
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _companded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


# Telling


def _options(place: Place) -> dict[str, int]:
    """A lamp with options is told that it takes the colour also while it is off; an older one knows no such field."""
    if place.attribute(color_control.CLUSTER_ID, OPTIONS) is None:
        return {}
    return {"options_mask": EXECUTE_IF_OFF, "options_override": EXECUTE_IF_OFF}


def _hue_saturation(wish: MoveToHueSaturation, place: Place) -> Plan | None:
    if not has_color(place):
        return None
    tenths = tenths_of(wish.transition_s, SOON_TENTHS)
    saturation = round(wish.saturation * 254 / 100)
    command: ClusterCommand
    if not _speaks_hue(place):
        x, y = (min(XY_RAW_MAX, round(part * XY_MAX)) for part in xy_of(wish.hue, wish.saturation))
        command = color_control.MoveToColor(x, y, tenths, **_options(place))
        return _plan(command, place, wish.transition_s, (X, Y), _same_color(wish, 8))
    if abilities(place) & CAN_ENHANCED_HUE:
        hue = round(wish.hue % 360 * ENHANCED_HUES / 360) % ENHANCED_HUES
        command = color_control.EnhancedMoveToHueAndSaturation(hue, saturation, tenths, **_options(place))
        return _plan(command, place, wish.transition_s, (ENHANCED_HUE, SATURATION), _same_color(wish, 2))
    hue = round(wish.hue % 360 * HUE_MAX / 360)
    command = color_control.MoveToHueAndSaturation(hue, saturation, tenths, **_options(place))
    return _plan(command, place, wish.transition_s, (HUE, SATURATION), _same_color(wish, 2))


def _plan(
    command: ClusterCommand,
    place: Place,
    transition_s: float | None,
    attributes: tuple[int, ...],
    confirms: Callable[[Mapping[str, Value]], bool],
) -> Plan:
    return Plan(
        (tell(place, command),),
        (_read_with_mode(place, attributes),),
        transition_s=TRANSITION_S if transition_s is None else transition_s,
        confirms=confirms,
    )


def _read_with_mode(place: Place, attributes: tuple[int, ...]) -> Read:
    return read(place, color_control.CLUSTER_ID, *attributes, *_mode(place))


def _mode(place: Place) -> tuple[int, ...]:
    """A lamp that is only ever white needs no mode."""
    return (MODE,) if has_color(place) else ()


def _same_color(wish: MoveToHueSaturation, tolerance: float) -> Callable[[Mapping[str, Value]], bool]:
    """Without saturation every hue is white, and with little of it none can be told apart."""
    if wish.saturation < 10:
        return close_to({"saturation": wish.saturation}, tolerance)
    wanted = wish.hue % 360

    def compare(reported: Mapping[str, Value]) -> bool:
        hue, saturation = reported.get("hue"), reported.get("saturation")
        if not isinstance(hue, int | float) or not isinstance(saturation, int | float):
            return False
        apart = abs(hue - wanted) % 360
        return min(apart, 360 - apart) <= tolerance and abs(saturation - wish.saturation) <= tolerance

    return compare


def _color_temperature(wish: MoveToColorTemperature, place: Place) -> Plan | None:
    if not abilities(place) & CAN_TEMPERATURE:
        return None
    mireds = _within_limits(round(1e6 / wish.color_temperature), place)
    command = color_control.MoveToColorTemperature(mireds, tenths_of(wish.transition_s, SOON_TENTHS), **_options(place))
    return _plan(command, place, wish.transition_s, (MIREDS,), _same_temperature(mireds))


def _within_limits(mireds: int, place: Place) -> int:
    """A lamp goes as far as it can, and so does the wish."""
    low = place.attribute(color_control.CLUSTER_ID, MIREDS_MIN)
    high = place.attribute(color_control.CLUSTER_ID, MIREDS_MAX)
    if low and high and 0 < low < high:
        return int(min(high, max(low, mireds)))
    return mireds


def _same_temperature(mireds: int) -> Callable[[Mapping[str, Value]], bool]:
    def compare(reported: Mapping[str, Value]) -> bool:
        kelvin = reported.get("color_temperature")
        return isinstance(kelvin, int | float) and kelvin > 0 and abs(1e6 / kelvin - mireds) <= 3

    return compare


# What is read and reported


def _ways(place: Place) -> tuple[int, ...]:
    """The attributes in which this lamp says its colour."""
    can = abilities(place)
    ways: list[int] = []
    if can & CAN_HUE:
        ways += [ENHANCED_HUE if can & CAN_ENHANCED_HUE else HUE, SATURATION]
    if can & CAN_XY:
        ways += [X, Y]
    if can & CAN_TEMPERATURE:
        ways.append(MIREDS)
    return tuple(ways)


def _state(place: Place) -> tuple[int, ...]:
    return (*_ways(place), *_mode(place))


_CHANGES: Final[Mapping[int, int]] = {HUE: 1, SATURATION: 1, X: 66, Y: 66, MIREDS: 1, MODE: 0}
"""Reportable changes: a degree, half a per cent, a thousandth, a mired."""


def _reporting(place: Place) -> tuple[Reporting, ...]:
    """The hue in its first edition, which lamps report: the enhanced one is only to be read (ZCL8 §5.2.2.2.10)."""
    attributes = (HUE if attribute == ENHANCED_HUE else attribute for attribute in _state(place))
    return tuple(Reporting(attribute, 1, 3600, _CHANGES[attribute]) for attribute in attributes)


def _offers(_place: Place) -> tuple[Capability, ...]:
    return (COLOR_CONTROL,)


COLORS = (
    Translation(
        color_control.CLUSTER_ID,
        _offers,
        report_reader=_report,
        planners={MoveToHueSaturation: _hue_saturation, MoveToColorTemperature: _color_temperature},
        questions=(CAPABILITIES, MIREDS_MIN, MIREDS_MAX, OPTIONS),
        state=_state,
        reporting=_reporting,
    ),
)
