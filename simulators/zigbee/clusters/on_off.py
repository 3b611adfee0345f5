"""On/Off over anything that is on or off (ZCL8, 3.8)."""

from collections.abc import Callable
from typing import ClassVar, Final, Protocol

from drivers.zigbee.wire import MalformedFrame
from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.on_off import (
    ON_OFF,
    Off,
    OffEffect,
    OffWithEffect,
    On,
    OnOffControl,
    OnWithRecallGlobalScene,
    OnWithTimedOff,
    StartUpOnOff,
    Toggle,
)
from drivers.zigbee.zcl.clusters.scenes import CLUSTER_ID as SCENES
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.device import Timer
from simulators.zigbee.attributes import Schedule, one_of
from simulators.zigbee.clusters.level_control import LevelControlServer
from simulators.zigbee.clusters.scenes import ScenesServer
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side

UNTIMED: Final = 0xFFFF


class Switched(Protocol):
    """What is on or off."""

    @property
    def on(self) -> bool: ...

    def switch(self, on: bool) -> None: ...


class _Countdown:
    """OnTime or OffWaitTime: tenths of a second that are set, and run down while they are let."""

    def __init__(self, place: Place, over: Callable[[], None]) -> None:
        self._timer = Timer(place.loop, self._ring)
        self._over = over
        self._tenths = 0

    @property
    def tenths(self) -> int:
        left = self._timer.remaining_s
        return self._tenths if left is None else max(1, round(left * 10))

    def set(self, tenths: int, *, runs: bool) -> None:
        self._timer.stop()
        self._tenths = tenths
        if runs and 0 < tenths < UNTIMED:
            self._timer.start(tenths / 10)

    def _ring(self) -> None:
        self._tenths = 0
        self._over()


class OnOffServer(Side):
    CLUSTER = ON_OFF
    REVISION = 2
    COMMANDS: ClassVar = (Off, On, Toggle, OffWithEffect, OnWithRecallGlobalScene, OnWithTimedOff)

    def __init__(self, switched: Switched) -> None:
        super().__init__()
        self._switched = switched
        self._global_scene_control = True
        self._on_time: _Countdown | None = None
        self._off_wait: _Countdown | None = None
        self._shows("on_off", lambda: switched.on, schedule=Schedule(0, 3600))
        self._shows("global_scene_control", lambda: self._global_scene_control)
        self._shows("on_time", lambda: self._times[0].tenths, write=self._write_on_time)
        self._shows("off_wait_time", lambda: self._times[1].tenths, write=self._write_off_wait)
        self._start_up = self._keeps("start_up_on_off", None, one_of(*StartUpOnOff, unknown=True))

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._on_time = _Countdown(place, self._on_time_over)
        self._off_wait = _Countdown(place, lambda: None)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - whoever asks
        match command:
            case Off():
                self._turn_off()
            case On():
                self._turn_on()
            case Toggle():
                if self._switched.on:
                    self._turn_off()
                else:
                    self._turn_on()
            case OffWithEffect(effect):
                return self._off_with_effect(effect)
            case OnWithRecallGlobalScene():
                self._recall_global_scene()
            case OnWithTimedOff(control, on_time, off_wait_time):
                self._on_with_timed_off(control, on_time, off_wait_time)
        return ZclStatus.SUCCESS

    def halt(self) -> None:
        self._global_scene_control = True
        for countdown in self._times:
            countdown.set(0, runs=False)

    def power_returned(self) -> None:
        """ZCL8, 3.8.2.2.5: StartUpOnOff says what happens now."""
        wanted = {0: False, 1: True, 2: not self._switched.on}.get(self._start_up.number or 0)
        if self._start_up.value is not None and wanted is not None:
            self._switched.switch(wanted)

    def scene_fields(self) -> bytes:
        return bytes((self._switched.on,))

    def recall_scene(self, fields: bytes, transition_s: float) -> None:
        if not fields:
            raise MalformedFrame("a scene without on or off")
        on = fields[0] == 1
        if isinstance(self._switched, LevelControlServer):
            self._switched.fade(on, transition_s)
        else:
            self._switched.switch(on)

    @property
    def _times(self) -> tuple[_Countdown, _Countdown]:
        assert self._on_time is not None
        assert self._off_wait is not None
        return self._on_time, self._off_wait

    def _turn_off(self) -> None:
        """ZCL8, 3.8.2.3.1: OnTime becomes 0; a device on which OffWaitTime was set is guarded now."""
        on_time, off_wait = self._times
        was_guarded_s = off_wait.tenths
        on_time.set(0, runs=False)
        self._switched.switch(False)
        off_wait.set(was_guarded_s, runs=True)

    def _turn_on(self) -> None:
        """ZCL8, 3.8.2.3.2."""
        on_time, off_wait = self._times
        self._global_scene_control = True
        if on_time.tenths == 0:
            off_wait.set(0, runs=False)
        self._switched.switch(True)

    def _off_with_effect(self, effect: int) -> ZclStatus:
        """ZCL8, 3.8.2.3.4.3: the first one stores how it was."""
        if effect not in tuple(OffEffect):
            return ZclStatus.INVALID_FIELD
        if self._global_scene_control:
            scenes = self.place.server(SCENES)
            if isinstance(scenes, ScenesServer):
                scenes.store_global_scene()
            self._global_scene_control = False
        self._turn_off()
        return ZclStatus.SUCCESS

    def _recall_global_scene(self) -> None:
        """ZCL8, 3.8.2.3.5.1."""
        if self._global_scene_control:
            return
        self._turn_on()
        scenes = self.place.server(SCENES)
        if isinstance(scenes, ScenesServer):
            scenes.recall_global_scene()

    def _on_with_timed_off(self, control: int, on_tenths: int, off_wait_tenths: int) -> None:
        """ZCL8, 3.8.2.3.6.4."""
        on_time, off_wait = self._times
        if control & OnOffControl.ACCEPT_ONLY_WHEN_ON and not self._switched.on:
            return
        if off_wait.tenths and not self._switched.on:
            off_wait.set(min(off_wait.tenths, off_wait_tenths), runs=True)
            return
        tenths = max(on_time.tenths, on_tenths)
        runs = tenths < UNTIMED and off_wait_tenths < UNTIMED
        on_time.set(tenths, runs=runs)
        off_wait.set(off_wait_tenths, runs=False)
        self._switched.switch(True)

    def _on_time_over(self) -> None:
        _, off_wait = self._times
        off_wait.set(0, runs=False)
        self._switched.switch(False)
        self.place.look()

    def _write_on_time(self, value: Value) -> ZclStatus:
        return self._write(self._times[0], value, runs=self._switched.on)

    def _write_off_wait(self, value: Value) -> ZclStatus:
        return self._write(self._times[1], value, runs=not self._switched.on)

    @staticmethod
    def _write(countdown: _Countdown, value: Value, *, runs: bool) -> ZclStatus:
        countdown.set(value if isinstance(value, int) else UNTIMED, runs=runs)
        return ZclStatus.SUCCESS
