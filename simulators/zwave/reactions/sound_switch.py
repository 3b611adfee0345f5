"""Sound Switch on a siren (SDS13781)."""

from collections.abc import Iterable

from drivers.zwave.command_classes import sound_switch
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.sound_switch import (
    TONE_DEFAULT,
    SoundSwitchConfigurationGet,
    SoundSwitchConfigurationReport,
    SoundSwitchConfigurationSet,
    SoundSwitchToneInfoGet,
    SoundSwitchToneInfoReport,
    SoundSwitchTonePlayGet,
    SoundSwitchTonePlayReport,
    SoundSwitchTonePlaySet,
    SoundSwitchTonesNumberGet,
    SoundSwitchTonesNumberReport,
)
from simulators.devices.siren import ALARM, Siren
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

VOLUME_MAX = 100
VOLUME_BEFORE_MUTED = 0xFF


class SoundSwitchReaction(Reaction):
    MODULE = sound_switch
    REPORTS = (SoundSwitchTonePlayReport,)

    def __init__(self, siren: Siren) -> None:
        self._siren = siren

    def react(self, command: Command) -> Answer:
        siren = self._siren
        match command:
            case SoundSwitchTonesNumberGet():
                return SoundSwitchTonesNumberReport(len(siren.TONES))
            case SoundSwitchToneInfoGet(number):
                if not 1 <= number <= len(siren.TONES):
                    return SoundSwitchToneInfoReport(number, 0, "")
                tone = siren.TONES[number - 1]
                return SoundSwitchToneInfoReport(number, tone.duration_s, tone.name)
            case SoundSwitchConfigurationGet():
                return SoundSwitchConfigurationReport(siren.volume, siren.default_tone)
            case SoundSwitchConfigurationSet(volume, tone):
                return self._configure(volume, tone)
            case SoundSwitchTonePlayGet():
                return self._report()
            case SoundSwitchTonePlaySet(tone, volume):
                return self._play(tone, volume)
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute == "tone" else ()

    def reset(self) -> None:
        self._siren.volume, self._siren.default_tone = 50, ALARM

    def basic_value(self) -> tuple[int, int, float]:
        value = 0xFF if self._siren.tone else 0
        return value, value, 0.0

    def basic_set(self, value: int) -> Outcome:
        return self._play(TONE_DEFAULT if value else 0, None)

    def _configure(self, volume: int, tone: int) -> Outcome:
        if tone > len(self._siren.TONES) or (volume > VOLUME_MAX and volume != VOLUME_BEFORE_MUTED):
            return FAILED
        if volume != VOLUME_BEFORE_MUTED:
            self._siren.volume = volume
        self._siren.default_tone = tone or self._siren.default_tone
        return DONE

    def _play(self, tone: int, volume: int | None) -> Outcome:
        number = self._siren.default_tone if tone == TONE_DEFAULT else tone
        if number > len(self._siren.TONES):
            return FAILED
        self._siren.play(number, volume if volume and volume <= VOLUME_MAX else None)
        return DONE

    def _report(self) -> SoundSwitchTonePlayReport:
        return SoundSwitchTonePlayReport(self._siren.tone, self._siren.playing_volume)
