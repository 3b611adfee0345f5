"""Color Switch: hue and saturation by way of red, green and blue; colour temperature by way of two whites.

SDS13781, Color Switch: each component has a level of 0-255, and a device reports one component at a time. What the
others were is remembered, so that a hue is only reported once all three are known. While a lamp is told another colour,
some of them are still of the one before: nothing is said of either until all that change were reported, or the wish is
over.
"""

from collections.abc import Callable, Mapping
from colorsys import hsv_to_rgb, rgb_to_hsv
from dataclasses import replace

from drivers.zwave.capabilities.translation import AWAITED, Plan, Said, Translation, close_to, read_one
from drivers.zwave.command_classes import switch_color
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.switch_color import Component, ComponentLevel
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.color_control import COLOR_CONTROL, MoveToColorTemperature, MoveToHueSaturation
from hubagent.model.capability import Capability, Value

WARM_K = 2700
COLD_K = 6500
"""What the two whites of a lamp are taken to be where nothing says so."""

COLOR_TOLERANCE = 2
"""By how much a colour may be another one than was wished: per cent of saturation, degrees of a full colour's hue."""

RGB = (Component.RED, Component.GREEN, Component.BLUE)
WHITES = (Component.WARM_WHITE, Component.COLD_WHITE)
_MEMORY = "color"


def _components(end_point: EndPoint) -> frozenset[int]:
    return frozenset(end_point.facts_of(switch_color.COMMAND_CLASS).get("components", ()))


def _offers(end_point: EndPoint) -> tuple[Capability, ...]:
    components = _components(end_point)
    return (COLOR_CONTROL,) if components.issuperset(RGB) or components.issuperset(WHITES) else ()


def _report(report: switch_color.SwitchColorReport, end_point: EndPoint) -> list[Said]:
    levels: dict[int, int] = end_point.memory.setdefault(_MEMORY, {})
    levels[report.component] = report.level
    for awaited in end_point.memory.get(AWAITED, ()):
        if report.component in awaited:
            awaited.remove(report.component)
            break
    known = levels.keys() - _awaited(end_point)
    if report.component in RGB and known.issuperset(RGB):
        red, green, blue = (levels[component] / 255 for component in RGB)
        hue, saturation, value = rgb_to_hsv(red, green, blue)
        if value == 0:
            return read_one(COLOR_CONTROL, hue=None, saturation=None)
        return read_one(COLOR_CONTROL, hue=round(hue * 360, 1), saturation=round(saturation * 100, 1))
    if report.component in WHITES and known.issuperset(WHITES):
        warm, cold = (levels[component] for component in WHITES)
        if warm + cold == 0:
            return read_one(COLOR_CONTROL, color_temperature=None)
        return read_one(COLOR_CONTROL, color_temperature=round(WARM_K + (COLD_K - WARM_K) * cold / (warm + cold)))
    return []


def _awaited(end_point: EndPoint) -> set[int]:
    return set[int]().union(*end_point.memory.get(AWAITED, ()))


def _plan(levels: dict[int, int], end_point: EndPoint, transition_s: float | None) -> Plan:
    present = _components(end_point)
    ours = tuple(
        ComponentLevel(component, level) for component, level in sorted(levels.items()) if component in present
    )
    reported, awaited = end_point.memory.get(_MEMORY, {}), _awaited(end_point)
    changes = {one.component for one in ours if reported.get(one.component) != one.level}
    duration = None
    if end_point.version(switch_color.COMMAND_CLASS) >= 2 and transition_s is not None:
        duration = Duration.from_seconds(transition_s)
    return Plan(
        switch_color.SwitchColorSet(ours, duration),
        tuple(switch_color.SwitchColorGet(level.component) for level in ours),
        transition_s=transition_s or 0,
        awaits=frozenset(changes | awaited & {one.component for one in ours}),
    )


def _hue_saturation(wish: MoveToHueSaturation, end_point: EndPoint) -> Plan | None:
    if not _components(end_point).issuperset(RGB):
        return None
    rgb = hsv_to_rgb(wish.hue / 360, wish.saturation / 100, 1)
    levels: dict[int, int] = {component: round(part * 255) for component, part in zip(RGB, rgb, strict=True)}
    plan = _plan(levels | dict.fromkeys(WHITES, 0), end_point, wish.transition_s)
    return replace(plan, confirms=_same_color(wish))


def _same_color(wish: MoveToHueSaturation) -> Callable[[Mapping[str, Value]], bool]:
    """A degree of hue is less of a difference the paler a colour is, and a lamp, which has 256 levels of each
    component, knows the fewer hues. The wheel is round: 359.9 degrees may come back as 0."""

    def compare(reported: Mapping[str, Value]) -> bool:
        hue, saturation = reported.get("hue"), reported.get("saturation")
        if not isinstance(hue, int | float) or not isinstance(saturation, int | float):
            return False
        off = abs((hue - wish.hue + 180) % 360 - 180)
        return abs(saturation - wish.saturation) <= COLOR_TOLERANCE and off * wish.saturation / 100 <= COLOR_TOLERANCE

    return compare


def _temperature(wish: MoveToColorTemperature, end_point: EndPoint) -> Plan | None:
    if not _components(end_point).issuperset(WHITES):
        return None
    cold = round(255 * min(1, max(0, (wish.color_temperature - WARM_K) / (COLD_K - WARM_K))))
    levels: dict[int, int] = {Component.WARM_WHITE: 255 - cold, Component.COLD_WHITE: cold, **dict.fromkeys(RGB, 0)}
    plan = _plan(levels, end_point, wish.transition_s)
    reached = min(COLD_K, max(WARM_K, wish.color_temperature))
    return replace(plan, confirms=close_to({"color_temperature": reached}, 20))


COLORS = (
    Translation(
        switch_color.COMMAND_CLASS,
        _offers,
        {switch_color.SwitchColorReport: _report},
        {MoveToHueSaturation: _hue_saturation, MoveToColorTemperature: _temperature},
    ),
)
