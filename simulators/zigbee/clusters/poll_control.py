"""Poll Control of one that sleeps: it checks in, and listens longer if somebody wants it to (ZCL8, 3.16)."""

from typing import ClassVar, Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.poll_control import (
    POLL_CONTROL,
    CheckIn,
    CheckInResponse,
    FastPollStop,
    SetLongPollInterval,
    SetShortPollInterval,
)
from drivers.zigbee.zcl.data_types import Value
from drivers.zigbee.zcl.status import ZclStatus
from simulators.device_memory import Kept
from simulators.devices.device import Timer
from simulators.zigbee.attributes import between
from simulators.zigbee.clusters.side import Answer, Peer, Place, Side
from simulators.zigbee.sleep import Sleep

QUARTERS_A_SECOND: Final = 4
WAITS_FOR_RESPONSE_S: Final = 7.68
"""ZCL8, 3.16, Check-in: so long a check-in waits for its responses."""
CHECK_IN_MIN: Final = 120
LONG_POLL_MIN: Final = 1
FAST_POLL_TIMEOUT: Final = 40
FAST_POLL_TIMEOUT_MAX: Final = 2400
CHECK_IN_MAX: Final = 0x6E0000
LONG_POLL_MAX: Final = 0x6E0000


class PollControlServer(Side):
    CLUSTER = POLL_CONTROL
    REVISION = 3
    COMMANDS: ClassVar = (CheckInResponse, FastPollStop, SetLongPollInterval, SetShortPollInterval)

    def __init__(self, sleep: Sleep, check_in_s: float) -> None:
        super().__init__()
        self._sleep = sleep
        self._factory = sleep.long_poll_s, sleep.short_poll_s
        self._check_in: Timer | None = None
        self._waits_until = 0.0
        self._interval = self._keeps(
            "check_in_interval", round(check_in_s * QUARTERS_A_SECOND), self._is_interval, self._start
        )
        self._shows("long_poll_interval", lambda: round(sleep.long_poll_s * QUARTERS_A_SECOND))
        self._shows("short_poll_interval", lambda: max(1, round(sleep.short_poll_s * QUARTERS_A_SECOND)))
        self._timeout = self._keeps("fast_poll_timeout", FAST_POLL_TIMEOUT, between(1, FAST_POLL_TIMEOUT_MAX))
        self._constant("check_in_interval_min", CHECK_IN_MIN)
        self._constant("long_poll_interval_min", LONG_POLL_MIN)
        self._constant("fast_poll_timeout_max", FAST_POLL_TIMEOUT_MAX)

    def placed(self, place: Place) -> None:
        super().placed(place)
        self._check_in = Timer(place.loop, self._checks_in)

    def react(self, command: ClusterCommand, sender: Peer) -> Answer:  # noqa: ARG002 - bound or not, it is asked
        match command:
            case CheckInResponse(starts, timeout):
                return self._answered(starts, timeout)
            case FastPollStop():
                if not self._sleep.fast:
                    return ZclStatus.ACTION_DENIED
                self._sleep.slow_down()
            case SetLongPollInterval(quarters):
                longest = self._interval.number or LONG_POLL_MAX
                if not LONG_POLL_MIN <= quarters <= min(LONG_POLL_MAX, longest):
                    return ZclStatus.INVALID_VALUE
                self._sleep.long_poll_s = quarters / QUARTERS_A_SECOND
            case SetShortPollInterval(quarters):
                if not 1 <= quarters <= self._sleep.long_poll_s * QUARTERS_A_SECOND:
                    return ZclStatus.INVALID_VALUE
                self._sleep.short_poll_s = quarters / QUARTERS_A_SECOND
        return ZclStatus.SUCCESS

    def joined(self) -> None:
        self._start()

    def halt(self) -> None:
        assert self._check_in is not None
        self._check_in.stop()

    def reset_attributes(self) -> None:
        super().reset_attributes()
        self._sleep.long_poll_s, self._sleep.short_poll_s = self._factory

    def kept(self) -> Kept:
        return {**super().kept(), "polls_s": [self._sleep.long_poll_s, self._sleep.short_poll_s]}

    def restore(self, kept: Kept) -> None:
        long_s, short_s = kept["polls_s"]
        self._sleep.long_poll_s, self._sleep.short_poll_s = float(long_s), float(short_s)
        super().restore(kept)

    def _is_interval(self, value: Value) -> bool:
        """ZCL8, 3.16, Check-inInterval: 0 is never; otherwise no shorter than the long poll interval."""
        if not isinstance(value, int):
            return False
        shortest = max(CHECK_IN_MIN, round(self._sleep.long_poll_s * QUARTERS_A_SECOND))
        return value == 0 or shortest <= value <= CHECK_IN_MAX

    def _start(self) -> None:
        assert self._check_in is not None
        self._check_in.stop()
        if self._interval.number:
            self._check_in.start(self.place.clock.lasts_s(self._interval.number / QUARTERS_A_SECOND))

    def _checks_in(self) -> None:
        self._start()
        self._waits_until = self.place.loop.time() + WAITS_FOR_RESPONSE_S
        self._sleep.poll_fast(WAITS_FOR_RESPONSE_S)
        self.place.tell_bound(CheckIn())

    def _answered(self, starts: bool, timeout: int) -> ZclStatus:
        """ZCL8, 3.16, Check-in Response."""
        if self.place.loop.time() > self._waits_until:
            return ZclStatus.TIMEOUT
        if not starts:
            self._sleep.slow_down()
            return ZclStatus.SUCCESS
        if timeout > FAST_POLL_TIMEOUT_MAX:
            return ZclStatus.INVALID_VALUE
        self._sleep.poll_fast((timeout or self._timeout.number or FAST_POLL_TIMEOUT) / QUARTERS_A_SECOND)
        return ZclStatus.SUCCESS
