"""What the cloud knows of the devices' state: versions, and what is to be reported next.

Nothing is queued: a report is made when it is sent, of how the devices are then. So after hours without a connection
there is one report of each device that changed, and it is true.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import cbor2

from hubagent.uplink.message.up import DEVICES_MAX

INTERVAL_S: Final = 0.1
"""Between two reports: the first of a burst leaves at once, what follows is told of together."""
UNANSWERED_MAX: Final = 4
"""Reports under way without the cloud's word."""
_BOOT_SHIFT: Final = 32
"""A version is the boot's number and a count: it grows over restarts, and stays below 2^53 for two million of them."""

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
        self._known = 0
        """What the cloud has."""
        self._sent = 0
        self._sent_versions: list[int] = []
        self._sent_at = float("-inf")

    @property
    def version(self) -> int:
        return self._version

    def touch(self, device: str) -> None:
        self._version += 1
        self._changed.pop(device, None)
        self._changed[device] = self._version

    def touch_all(self, devices: Iterable[str]) -> None:
        for device in devices:
            self.touch(device)

    def begin(self, known: int) -> None:
        """The cloud has `known`, of this boot or an earlier one."""
        # State that was changed while the agent was off is not in our count: then it begins anew.
        self._known = self._sent = known if self._base < known <= self._version else 0
        self._sent_versions.clear()
        self._sent_at = float("-inf")

    def arrived(self, known: int) -> bool:
        """The cloud has `known` now; whether that is news."""
        if known == self._known:
            return False
        if known < self._known or known > self._sent:
            # It lost what it had, or means something else: from the beginning.
            self.begin(known if known <= self._sent else 0)
            return True
        self._known = known
        self._sent_versions = [version for version in self._sent_versions if version > known]
        self._forget_gone(known)
        return True

    @property
    def under_way(self) -> bool:
        return bool(self._sent_versions)

    @property
    def sent_at(self) -> float:
        return self._sent_at

    def due_at(self) -> float | None:
        """When the next report is due; None where there is nothing to report, or too much is under way."""
        if self._sent >= self._version or len(self._sent_versions) >= UNANSWERED_MAX:
            return None
        return self._sent_at + INTERVAL_S

    def next(self, size_max: int, now: float) -> ReportBody | None:
        """The next report; it counts as sent. None while none is due."""
        due = self.due_at()
        if due is None or now < due:
            return None
        devices: dict[str, Mapping[str, Any] | None] = {}
        since, version, size = self._sent, self._sent, 0
        for device, changed in self._changed.items():
            if changed <= since:
                continue
            view = self._view(device)
            size += len(device) + len(cbor2.dumps(view)) + 8
            if devices and (size > size_max or len(devices) >= DEVICES_MAX):
                break
            devices[device] = view if size <= size_max else _too_long(view)
            version = changed
        else:
            version = self._version
        self._sent = version
        self._sent_versions.append(version)
        # The rest of a report that did not fit into one frame need not wait.
        self._sent_at = now if version == self._version else self._sent_at
        return version, since, devices

    def _forget_gone(self, known: int) -> None:
        gone = [name for name, version in self._changed.items() if version <= known and self._view(name) is None]
        for device in gone:
            del self._changed[device]


def _too_long(view: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A device with more to say than fits is shown without its capabilities, rather than not at all."""
    return None if view is None else {**view, "capabilities": {}, "endpoints": {}, "truncated": True}
