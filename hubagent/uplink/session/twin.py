"""What the cloud knows of the devices' state: versions, and what is to be reported next.

Nothing is queued: a report is made when it is sent, of how the devices are then. So after hours without a connection
there is one report of each device that changed, and it is true.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

import cbor2

from hubagent.uplink.message.up import DEVICES_MAX

INTERVAL_S: Final = 0.02
"""Between two reports: the first of a burst leaves at once, what follows is told of together."""
UNANSWERED_MAX: Final = 4
"""Reports under way without the cloud's word."""
PUT_OFF_S: Final = 5.0
PUT_OFF_MAX_S: Final = 60.0
_BOOT_SHIFT: Final = 32
"""A version is the boot's number and a count: it grows over restarts, and stays below 2^53 for two million of them."""
_ENTRY_OVERHEAD: Final = 8

View = Callable[[str], Mapping[str, Any] | None]
"""A device as it is now; None where there is none (any more)."""
ReportBody = tuple[int, int, dict[str, Mapping[str, Any] | None]]
"""Version, since, devices."""


class Twin:
    def __init__(self, boot: int, view: View) -> None:
        self._view = view
        self._base = boot << _BOOT_SHIFT
        self._version = self._base
        self._changed: dict[str, int] = {}
        """By device, the version of its last change; in the order of versions."""
        self._gone: dict[str, int] = {}
        """Those of them that were reported to be gone, and the version of that change."""
        self._known = 0
        """What the cloud has."""
        self._sent = 0
        self._under_way: deque[tuple[int, float]] = deque()
        """Versions, and when they were sent."""
        self._sent_at = float("-inf")
        self._heard_at = float("-inf")
        self._put_off_until = float("-inf")
        self._put_off_s = PUT_OFF_S

    @property
    def version(self) -> int:
        return self._version

    def touch(self, device: str) -> None:
        """It is other than before, or gone."""
        self._version += 1
        self._changed.pop(device, None)
        self._changed[device] = self._version

    def look_over(self) -> None:
        """Whoever is not there any more is other than before, though nobody said so."""
        for device in [name for name in self._changed if name not in self._gone and self._view(name) is None]:
            self.touch(device)

    def begin(self, known: int) -> None:
        """The cloud has `known`, of this boot or an earlier one."""
        # State that was changed while the agent was off is not in our count: then it begins anew.
        self._known = self._sent = known if self._base <= known <= self._version else 0
        self._under_way.clear()
        self._sent_at = float("-inf")
        self._put_off_until = float("-inf")

    def arrived(self, known: int, now: float) -> bool:
        """The cloud has `known` now; whether that is news."""
        if known == self._known:
            return False
        self._heard_at = now
        if known < self._known or known > self._sent:
            # It lost what it had, or means something else.
            self.begin(known if known <= self._sent else 0)
            return True
        self._known = known
        self._put_off_s = PUT_OFF_S
        while self._under_way and self._under_way[0][0] <= known:
            self._under_way.popleft()
        for device in [name for name, version in self._gone.items() if version <= known]:
            if self._changed.get(device) == self._gone.pop(device):
                del self._changed[device]
        return True

    def refused(self, now: float) -> None:
        """A report did not get past the transport's other side: again, but later, and ever later."""
        if self._under_way:
            self.begin(self._known)
            self._put_off_until = now + self._put_off_s
            self._put_off_s = min(2 * self._put_off_s, PUT_OFF_MAX_S)

    def waiting_since(self) -> float | None:
        """Since when the cloud's word is waited for."""
        return max(self._under_way[0][1], self._heard_at) if self._under_way else None

    def due_at(self) -> float | None:
        """When the next report is due; None where there is nothing to report, or too much is under way."""
        if self._sent >= self._version or len(self._under_way) >= UNANSWERED_MAX:
            return None
        return max(self._sent_at + INTERVAL_S, self._put_off_until)

    def next(self, size_max: int, now: float) -> ReportBody | None:
        """The next report; it counts as sent. None while none is due."""
        due = self.due_at()
        if due is None or now < due:
            return None
        devices: dict[str, Mapping[str, Any] | None] = {}
        since, version, room = self._sent, self._sent, size_max
        for device, changed in self._changed.items():
            if changed <= since:
                continue
            view, size = self._fitting(device, size_max)
            room -= size
            if devices and (room < 0 or len(devices) >= DEVICES_MAX):
                break
            devices[device] = view
            version = changed
            if view is None:
                self._gone[device] = changed
        else:
            version = self._version
        self._sent = version
        self._under_way.append((version, now))
        # The rest of a report that did not fit into one frame need not wait.
        self._sent_at = now if version == self._version else self._sent_at
        return version, since, devices

    def _fitting(self, device: str, size_max: int) -> tuple[Mapping[str, Any] | None, int]:
        """How it is, and the bytes of that. One with more to say than fits is shown without its capabilities, or with
        nothing but its name, rather than not at all."""
        view = self._view(device)
        size = _size(device, view)
        if view is not None and size > size_max:
            view = {**view, "capabilities": {}, "endpoints": {}, "truncated": True}
            size = _size(device, view)
        if view is not None and size > size_max:
            view = {"name": str(view.get("name", device))[:64], "truncated": True}
            size = _size(device, view)
        return view, size


def _size(device: str, view: Mapping[str, Any] | None) -> int:
    return len(device.encode()) + len(cbor2.dumps(view)) + _ENTRY_OVERHEAD
