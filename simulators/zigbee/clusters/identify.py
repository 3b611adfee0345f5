"""Identify: the device blinks so that one finds it, until the time is over (ZCL8, 3.5)."""

from collections.abc import Callable
from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.identify import (
    IDENTIFY,
    Effect,
    Identify,
    IdentifyQuery,
    IdentifyQueryResponse,
    TriggerEffect,
)
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Timer
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

_EFFECT_S: Final = {
    Effect.BLINK: 1.0,
    Effect.BREATHE: 15.0,
    Effect.OKAY: 1.0,
    Effect.CHANNEL_CHANGE: 8.0,
    Effect.FINISH_EFFECT: 0.0,
    Effect.STOP_EFFECT: 0.0,
}


class IdentifyServer(Side):
    CLUSTER = IDENTIFY
    REVISION = 2
    COMMANDS: ClassVar = (Identify, IdentifyQuery, TriggerEffect)

    def __init__(self, blink: Callable[[bool], None]) -> None:
        super().__init__()
        self._blink = blink
        self._blinks = False
        self._end: Timer | None = None
        self._shows("identify_time", lambda: self.seconds_left, write=self._write)

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._end = Timer(place.loop, lambda: self._set(0.0))

    @property
    def seconds_left(self) -> int:
        left = None if self._end is None else self._end.remaining_s
        return 0 if left is None else max(1, round(left))

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case Identify(seconds):
                self._set(seconds)
            case IdentifyQuery():
                if self._blinks:
                    return IdentifyQueryResponse(self.seconds_left)
            case TriggerEffect(effect):
                if effect not in tuple(Effect):
                    return ZclStatus.INVALID_FIELD
                self._set(_EFFECT_S[Effect(effect)])
        return ZclStatus.SUCCESS

    def halt(self) -> None:
        self._set(0.0)

    def reset_attributes(self) -> None:
        super().reset_attributes()
        self._set(0.0)

    def _write(self, value: Value) -> ZclStatus:
        if not isinstance(value, int):
            return ZclStatus.INVALID_VALUE
        self._set(value)
        return ZclStatus.SUCCESS

    def _set(self, seconds: float) -> None:
        assert self._end is not None
        self._end.stop()
        if seconds > 0:
            self._end.start(seconds)
        if self._blinks != (seconds > 0):
            self._blinks = seconds > 0
            self._blink(self._blinks)
