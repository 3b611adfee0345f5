"""Wake Up (SDS13782), and the sleep of a node that has it."""

from collections.abc import Callable

from drivers.zwave.command_classes import wake_up
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.wake_up import (
    BROADCAST_NODE,
    NEVER,
    WakeUpIntervalCapabilitiesGet,
    WakeUpIntervalCapabilitiesReport,
    WakeUpIntervalGet,
    WakeUpIntervalReport,
    WakeUpIntervalSet,
    WakeUpNoMoreInformation,
)
from simulators.device_memory import Kept
from simulators.devices.cells import LISTEN_MA, WAKE_MAH
from simulators.devices.clock import DeviceClock
from simulators.devices.device import Battery, Timer
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Loop, Outcome, Reaction

AWAKE_S = 10.0
"""How long it waits for more after the last thing it heard."""
MINIMUM_S, MAXIMUM_S, STEP_S = 30, 86_400, 1


class WakeUpReaction(Reaction):
    """`notify` sends the notification to a node. Asleep until the node is included."""

    MODULE = wake_up
    VERSION = 2  # version 3 is for nodes that can be woken by a beam

    def __init__(
        self,
        loop: Loop,
        notify: Callable[[int], None],
        interval_s: int,
        clock: DeviceClock | None = None,
        battery: Battery | None = None,
    ) -> None:
        self.awake = False
        self.awake_s = AWAKE_S
        """So long it listens after the last thing it heard."""
        self._loop = loop
        self._clock = clock or DeviceClock(loop)
        self._battery = battery
        self._awake_since = 0.0
        self._notify = notify
        self._factory_interval_s = interval_s
        self._interval_s = interval_s
        self._node_id = BROADCAST_NODE
        """Whom it tells that it is awake: from the factory, whoever hears it."""
        self._doze = Timer(loop, self.fall_asleep)
        self._alarm = Timer(loop, self.wake)

    def included(self) -> None:
        self._rise()
        self._set_alarm()

    def was_set_up(self, node_id: int) -> None:
        """Long ago somebody told it whom to tell when it wakes."""
        self._node_id = node_id

    def wake_in(self, seconds: float) -> None:
        """The next time, whatever its interval."""
        if self._interval_s != NEVER:
            self._alarm.start(seconds)

    def excluded(self) -> None:
        self._halt()

    def kept(self) -> Kept:
        return {"interval_s": self._interval_s, "node_id": self._node_id}

    def restore(self, kept: Kept) -> None:
        self._interval_s, self._node_id = int(kept["interval_s"]), int(kept["node_id"])

    def lose_power(self) -> None:
        self._halt()

    def wake(self) -> None:
        """Because it is time, or because somebody pressed its button."""
        self._rise()
        self._set_alarm()
        if self._node_id:
            self._notify(self._node_id)

    def heard(self) -> None:
        """Something arrived: there may be more."""
        if self.awake:
            self._doze.start(self.awake_s)

    def fall_asleep(self) -> None:
        self._doze.stop()
        self._was_awake()
        self.awake = False

    def react(self, command: Command) -> Answer:
        match command:
            case WakeUpIntervalGet():
                return WakeUpIntervalReport(self._interval_s, self._node_id)
            case WakeUpIntervalCapabilitiesGet():
                return WakeUpIntervalCapabilitiesReport(MINIMUM_S, MAXIMUM_S, self._factory_interval_s, STEP_S)
            case WakeUpIntervalSet(interval_s, node_id):
                return self._set(interval_s, node_id)
            case WakeUpNoMoreInformation():
                self.fall_asleep()
                return DONE
        return None

    def reset(self) -> None:
        self._interval_s = self._factory_interval_s
        self._node_id = BROADCAST_NODE

    def _halt(self) -> None:
        self._doze.stop()
        self._alarm.stop()
        self._was_awake()
        self.awake = False

    def _rise(self) -> None:
        self._was_awake()
        if self._battery is not None and not self.awake:
            self._battery.spend(WAKE_MAH)
        self.awake = True
        self._doze.start(self.awake_s)

    def _was_awake(self) -> None:
        """What that cost since the last time."""
        now = self._loop.time()
        if self._battery is not None and self.awake:
            self._battery.spend(LISTEN_MA * (now - self._awake_since) / 3600)
        self._awake_since = now

    def _set(self, interval_s: int, node_id: int) -> Outcome:
        if interval_s != NEVER and not MINIMUM_S <= interval_s <= MAXIMUM_S:
            return FAILED
        self._interval_s, self._node_id = interval_s, node_id
        self._set_alarm()
        return DONE

    def _set_alarm(self) -> None:
        if self._interval_s == NEVER:
            self._alarm.stop()
        else:
            self._alarm.start(self._clock.lasts_s(self._interval_s))
