"""Groups of the hub's own: their numbers, their names, and who is in them; kept between restarts.

A group is a number that devices keep (ZCL8 §3.6); the stick listens to those that remotes send to as well.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final

from hubagent.model.driver import Records

log = logging.getLogger(__name__)

GROUPS_KEY: Final = "groups"
GROUPS_MAX: Final = 16
"""What the stick can listen to."""
FIRST: Final = 0x0001
LAST: Final = 0xFFF7


class Groups:
    """By number, the device ids that were put in."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._members: dict[int, list[str]] | None = None

    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted(self._known()))

    def members(self, group: int) -> tuple[str, ...]:
        return tuple(self._known().get(group, ()))

    def add(self, group: int, device: str) -> None:
        members = self._known().setdefault(group, [])
        if device not in members:
            members.append(device)
            self._keep()

    def remove(self, group: int, device: str) -> None:
        members = self._known().get(group, [])
        if device in members:
            members.remove(device)
            if not members:
                del self._known()[group]
            self._keep()

    def forget(self, device: str) -> None:
        """It is in no group any more."""
        for group in self.numbers():
            self.remove(group, device)

    def _known(self) -> dict[int, list[str]]:
        if self._members is None:
            self._members = _restored(self._records.load().get(GROUPS_KEY, {}))
        return self._members

    def _keep(self) -> None:
        self._records.put(GROUPS_KEY, {f"{group:04x}": members for group, members in self._known().items()})


def _restored(record: Mapping[str, Any]) -> dict[int, list[str]]:
    try:
        return {int(group, 16): [str(member) for member in members] for group, members in record.items()}
    except (ValueError, TypeError, AttributeError) as error:
        log.warning("what was kept of the groups cannot be read (%r): put their devices in again", error)
        return {}
