"""Sirens: IAS WD, over whatever can warn people (ZCL8 §8.4). To a home it is on or off, as on Z-Wave.

The cluster has no attribute that says whether it sounds, and no report: so `on` stays unknown for ever, and a wish is
fulfilled when the device answers that it took the command (default response, ZCL8 §2.5.12). A siren stops by itself
when its time is over, and nobody hears of that either.
"""

from typing import Final

from drivers.zigbee.capabilities.translation import Place, Plan, Translation, tell
from drivers.zigbee.node_record import EndPoint
from drivers.zigbee.zcl.clusters import (
    color_control,
    door_lock,
    fan_control,
    ias_wd,
    level_control,
    on_off,
    thermostat,
    window_covering,
)
from drivers.zigbee.zcl.clusters.ias_wd import IAS_WD, SirenLevel, StartWarning, WarningInfo, WarningMode
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff

MAX_DURATION: Final = IAS_WD.named("max_duration").id
WARNING_DEVICE: Final = 0x0403
"""Device type: IAS Warning Device (ZHA 05-3520-29 §7)."""
DURATION_S: Final = 240
"""How long it sounds where it does not say for how long it may: what MaxDuration is from the factory (ZCL8 §8.4)."""
DURATION_MAX_S: Final = 900
"""However long it may: if the hub is gone, or out of reach, nobody else can end it. Neighbours bear a quarter of an
hour."""
STROBE: Final = 1
"""It flashes while it sounds, where it can."""
STROBE_DUTY_CYCLE: Final = 50
"""Per cent of the time that the light is on."""

_FUNCTIONS: Final = frozenset(
    cluster.CLUSTER_ID
    for cluster in (on_off, level_control, color_control, window_covering, door_lock, thermostat, fan_control)
)
"""What a device is for, if it has one of them: to be warned with is an extra then, and its `on` means something else.
What it measures or detects is none: a smoke alarm that can be made to sound is a siren, too."""


def is_siren(place: Place) -> bool:
    """By its device type, or because there is nothing else on the device that could be meant by on and off."""
    if place.has(on_off.CLUSTER_ID):
        # The same end point has an `on` that can be read.
        return False
    if place.end_point.device_type == WARNING_DEVICE:
        return True
    return not any(_has_function(end_point) for end_point in place.record.endpoints.values())


def _has_function(end_point: EndPoint) -> bool:
    return any(cluster in _FUNCTIONS for cluster in end_point.inputs)


def _duration_s(place: Place) -> int:
    return min(place.attribute(ias_wd.CLUSTER_ID, MAX_DURATION) or DURATION_S, DURATION_MAX_S)


def _sound(wish: SwitchOnOff, place: Place) -> Plan:
    """Nothing is read afterwards, because there is nothing to read: the device's own answer is all the proof."""
    if wish.on:
        info = WarningInfo(WarningMode.EMERGENCY, STROBE, SirenLevel.HIGH)
        command = StartWarning(info, _duration_s(place), STROBE_DUTY_CYCLE, SirenLevel.HIGH)
    else:
        command = StartWarning(WarningInfo(WarningMode.STOP), 0, 0, SirenLevel.LOW)
    return Plan((tell(place, command),))


SIRENS = (
    Translation(
        ias_wd.CLUSTER_ID,
        lambda _: (ON_OFF,),
        is_siren,
        planners={SwitchOnOff: _sound},
        questions=(MAX_DURATION,),
        bound=False,
    ),
)
