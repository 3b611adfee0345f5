"""One connection between a hub and its cloud: two ends, and a way in each direction, first in, first out."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hubagent.uplink.message.channel import Down, Up
from hubagent.uplink.transports.port import SILENCE_S, Ear, Lost, Trouble

if TYPE_CHECKING:
    from simulators.internet.network import Internet

IN_FLIGHT_MAX: Final = 16
BUFFER_MAX: Final = 64 * 1024
"""Bytes that wait to leave: more, and the connection is not ready."""


class Line:
    """One connection, both ends of it."""

    _count = 0

    def __init__(self, net: "Internet", hub: str, ear: Ear) -> None:
        Line._count += 1
        self.number = Line._count
        self.hub = hub
        self._net = net
        self._ear = ear
        self._up = _Way(net)
        self._down = _Way(net)
        self._unconfirmed = 0
        self._told_full = False
        self._hub_over = False
        self._far_over = False
        self._silence: asyncio.TimerHandle | None = None
        self.unanswered = 0
        """Frames to the hub that it has not confirmed."""
        net.lines.add(self)
        if net.frozen:
            self.go_silent()

    # The hub's end.

    def hub_ready(self) -> bool:
        full = self._unconfirmed >= IN_FLIGHT_MAX or self._up.size > BUFFER_MAX
        self._told_full |= full
        return not full and not self._hub_over

    def send_up(self, channel: Up, payload: bytes) -> None:
        if self._hub_over:
            return
        assert self.hub_ready() or channel is Up.PRESENCE, "a frame while the connection was not ready"
        self._net.frames_up += 1
        self._unconfirmed += 1
        self._up.send(len(payload), lambda: self._arrive(channel, payload))
        self._mind_the_weather()

    def close_by_hub(self) -> None:
        """In order: what was sent still leaves."""
        if not self._hub_over:
            self._hub_over = True
            self._up.send(0, lambda: self._end_far(in_order=True))

    def die(self) -> None:
        if self._hub_over:
            return
        self._hub_over = True
        self._up.send(0, lambda: self._end_far(in_order=False))

    # The far end.

    def send_down(self, channel: Down, payload: bytes) -> None:
        if not self._far_over:
            self.unanswered += 1
            self._down.send(len(payload), lambda: self._hear(channel.value, payload))
            self._mind_the_weather()

    def end(self, lost: Lost) -> None:
        """By the server; what it sent before still arrives."""
        if not self._far_over:
            self._far_over = True
            self._down.send(0, lambda: self._lose(lost))

    @property
    def down_size(self) -> int:
        return self._down.size

    # The network.

    def break_off(self, lost: Lost) -> None:
        """Both ends hear of it at once; what was under way is lost."""
        self._up.cut()
        self._down.cut()
        self._lose(lost)
        self._end_far(in_order=False)

    def go_silent(self) -> None:
        self._up.hold()
        self._down.hold()
        if self._silence is None:
            self._silence = self._net.loop.call_later(SILENCE_S, self._given_up)

    def go_on(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        self._up.go_on()
        self._down.go_on()

    def hurry(self) -> None:
        """As `go_on`, of a line that was slow."""
        if not self._net.frozen:
            self.go_on()
        self._up.hurry()
        self._down.hurry()

    def _mind_the_weather(self) -> None:
        if self._silence is None and self._net.weather.crawling:
            # The ping waits behind the frame, and its answer is not there in time.
            self._silence = self._net.loop.call_later(SILENCE_S, self._given_up)

    def _given_up(self) -> None:
        self._silence = None
        self._lose(Lost(Trouble.SILENCE, f"nothing was heard for {SILENCE_S:.0f} s"))
        self._end_far(in_order=False)
        self._up.cut()
        self._down.cut()

    # What arrives.

    def _arrive(self, channel: Up, payload: bytes) -> None:
        if self._far_over:
            return
        refused = self._net.server.arrived(self, channel.value, payload)
        if not self._far_over:
            self._down.send(0, lambda: self._confirmed(channel, refused))

    def _confirmed(self, channel: Up, refused: str | None) -> None:
        if self._hub_over:
            return
        self._unconfirmed -= 1
        if refused is not None:
            self._ear.refused(channel, refused)
        if self._told_full and not self._hub_over and self.hub_ready():
            self._told_full = False
            self._ear.writable()

    def _hear(self, channel: str, payload: bytes) -> None:
        if self._hub_over:
            # Whoever closes confirms nothing more: a broker will say it again.
            return
        self._up.send(0, self._answered)
        self._ear.received(channel, payload)

    def _answered(self) -> None:
        if not self._far_over:
            self.unanswered -= 1
            self._net.server.writable(self)

    def _lose(self, lost: Lost) -> None:
        if not self._hub_over:
            self._hub_over = True
            self._ear.lost(lost)

    def _end_far(self, *, in_order: bool) -> None:
        self._net.lines.discard(self)
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        if not self._far_over:
            self._far_over = True
            self._net.server.closed(self, in_order=in_order)


class _Way:
    """One direction of a line: first in, first out."""

    def __init__(self, net: "Internet") -> None:
        self._net = net
        self._waiting: deque[tuple[float, int, Callable[[], None]]] = deque()
        self._last_at = 0.0
        self._free_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._held = False
        self._cut = False
        self.size = 0
        """Bytes under way."""

    def send(self, size: int, arrive: Callable[[], None]) -> None:
        if self._cut:
            return
        now = self._net.loop.time()
        rate = self._net.weather.bytes_per_s
        if rate is not None:
            self._free_at = max(self._free_at, now) + size / rate
        at = max(self._last_at, max(now, self._free_at) + self._net.latency_s())
        self._last_at = at
        self.size += size
        self._waiting.append((at, size, arrive))
        self._set_timer()

    def hold(self) -> None:
        self._held = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def go_on(self) -> None:
        self._held = False
        self._set_timer()

    def hurry(self) -> None:
        """All that is under way has its time anew."""
        waiting, self._waiting = self._waiting, deque()
        self._last_at = self._free_at = 0.0
        self.size = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for _, size, arrive in waiting:
            self.send(size, arrive)

    def cut(self) -> None:
        self.hold()
        self._cut = True
        self._waiting.clear()
        self.size = 0

    def _set_timer(self) -> None:
        if self._waiting and self._timer is None and not self._held and not self._cut:
            self._timer = self._net.loop.call_at(self._waiting[0][0], self._fire)

    def _fire(self) -> None:
        self._timer = None
        _, size, arrive = self._waiting.popleft()
        self.size -= size
        arrive()
        self._set_timer()
