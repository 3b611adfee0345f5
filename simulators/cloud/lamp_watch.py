"""How long it takes from a wish to the device's own report that it is so: the number that people feel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.uplink.message.fields import Scalar
from simulators.cloud.twins import shows, view_of

WAIT_S: Final = 60.0
"""A device that has not reported what was wanted after so long is not waited for any more."""


@dataclass(frozen=True, slots=True)
class _Watch:
    command: str
    device: str
    wanted: Mapping[str, Scalar]
    since: float


class LampWatch:
    """As many watches as a hub may have commands open; times are of the monotonic clock."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._watches: dict[str, list[_Watch]] = {}

    def begin(self, hub: str, command: str, device: str, wanted: Mapping[str, Scalar], now: float) -> None:
        kept = [it for it in self._watches.get(hub, ()) if it.since + WAIT_S > now and it.device != device]
        self._watches[hub] = [*kept[-self._most + 1 :], _Watch(command, device, wanted, now)]

    def reported(self, hub: str, devices: Mapping[str, Any], now: float) -> list[tuple[str, float]]:
        """Commands whose wish these device views show to be true, each with the milliseconds that it took."""
        watches = self._watches.get(hub)
        if not watches:
            return []
        true = [it for it in watches if (view := view_of(devices, it.device)) is not None and shows(view, it.wanted)]
        if true:
            self._watches[hub] = [it for it in watches if it not in true]
        return [(it.command, (now - it.since) * 1000) for it in true]
