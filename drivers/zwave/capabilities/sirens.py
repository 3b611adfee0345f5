"""Sirens and doorbells: Sound Switch (SDS13781). To a home one is on while it plays a tone, and off otherwise.

What it plays is its own default tone, at its own volume, which people set up on the device or in its parameters. A
tone has an end, and a device tells of it: so `on` becomes false by itself.
"""

from drivers.zwave.capabilities.translation import Plan, Said, Translation, read_one
from drivers.zwave.command_classes import sound_switch, switch_binary, switch_multilevel
from drivers.zwave.command_classes.sound_switch import TONE_DEFAULT, TONE_OFF
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.on_off import ON_OFF, SwitchOnOff
from hubagent.model.capability import Capability

_CONFIGURED_VOLUME = 0
_WITH_VOLUME = 2
"""From this version of Sound Switch on, a Set has a volume."""


def _offers(end_point: EndPoint) -> tuple[Capability, ...]:
    """Where something on the end point is switched, `on` is of that: a sound is an extra then."""
    switched = end_point.has(switch_binary.COMMAND_CLASS) or end_point.has(switch_multilevel.COMMAND_CLASS)
    return () if switched else (ON_OFF,)


def _playing(report: sound_switch.SoundSwitchTonePlayReport, end_point: EndPoint) -> list[Said]:
    return read_one(ON_OFF, on=report.tone != TONE_OFF) if _offers(end_point) else []


def _play(wish: SwitchOnOff, end_point: EndPoint) -> Plan | None:
    if not _offers(end_point):
        return None
    volume = _CONFIGURED_VOLUME if end_point.version(sound_switch.COMMAND_CLASS) >= _WITH_VOLUME else None
    tone = TONE_DEFAULT if wish.on else TONE_OFF
    return Plan(sound_switch.SoundSwitchTonePlaySet(tone, volume), (sound_switch.SoundSwitchTonePlayGet(),))


SIRENS = (
    Translation(
        sound_switch.COMMAND_CLASS,
        _offers,
        {sound_switch.SoundSwitchTonePlayReport: _playing},
        {SwitchOnOff: _play},
    ),
)
