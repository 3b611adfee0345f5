"""What hubs told of, message by message, in the order in which it came; bounded by count and age."""

from collections.abc import Sequence
from typing import Any, Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import decode_content
from hubagent.uplink.message.fields import MalformedMessage
from hubagent.uplink.message.up import Message
from simulators.cloud.bounds import Bounds
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub

TRIM_EVERY: Final = 512
"""Messages of one hub between two looks at how many there are."""
PAGE_MAX: Final = 1000
_AGED_AT_ONCE: Final = 2000
UNREADABLE: Final = "unreadable"
"""The kind of a message whose content is none. It has a number all the same, and is acknowledged: else the hub would
send it for ever."""


class History:
    def __init__(self, database: Database, bounds: Bounds) -> None:
        self._database = database
        self._bounds = bounds
        self._untrimmed: dict[str, int] = {}

    def add(
        self, hub: Hub, message_class: MessageClass, messages: Sequence[Message], wall: float
    ) -> list[dict[str, Any]]:
        """Returns them as they are shown, but for their numbers in the history."""
        views = [_view(message_class.value, it.epoch, it.seq, it.content, wall) for it in messages]
        self._database.write_many(
            "INSERT INTO history (hub, incarnation, class, epoch, seq, at, kind, content, received)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    hub.id,
                    hub.incarnation,
                    message_class.value,
                    it.epoch,
                    it.seq,
                    view["at"],
                    view["kind"],
                    it.content,
                    wall,
                )
                for it, view in zip(messages, views, strict=True)
            ],
        )
        self._trim(hub.id, len(messages))
        return views

    def since(self, hub_id: str, number: int, most: int) -> list[dict[str, Any]]:
        """Those after `number`, oldest first."""
        rows = self._database.read(
            "SELECT n, class, epoch, seq, content, received FROM history WHERE hub = ? AND n > ? ORDER BY n LIMIT ?",
            hub_id,
            number,
            min(most, PAGE_MAX),
        )
        return [{"n": row[0], **_view(*row[1:])} for row in rows]

    def latest(self, hub_id: str, most: int) -> list[dict[str, Any]]:
        """The last so many, oldest first."""
        rows = self._database.read(
            "SELECT n FROM history WHERE hub = ? ORDER BY n DESC LIMIT 1 OFFSET ?", hub_id, min(most, PAGE_MAX)
        )
        return self.since(hub_id, rows[0][0] if rows else 0, most)

    def drop_aged(self, wall: float) -> None:
        """What is older than it is kept; a bounded piece of it."""
        kept_since = wall - self._bounds.history_age_s
        oldest = self._database.read("SELECT received FROM history ORDER BY n LIMIT 1")
        if not oldest or oldest[0][0] >= kept_since:
            return
        self._database.write(
            "DELETE FROM history WHERE n IN (SELECT n FROM history ORDER BY n LIMIT ?) AND received < ?",
            _AGED_AT_ONCE,
            kept_since,
        )

    def _trim(self, hub_id: str, added: int) -> None:
        untrimmed = self._untrimmed.get(hub_id, TRIM_EVERY) + added
        if untrimmed >= TRIM_EVERY:
            untrimmed = 0
            self._database.write(
                "DELETE FROM history WHERE hub = ? AND n <= "
                "(SELECT n FROM history WHERE hub = ? ORDER BY n DESC LIMIT 1 OFFSET ?)",
                hub_id,
                hub_id,
                self._bounds.history_max,
            )
        self._untrimmed[hub_id] = untrimmed


def _view(message_class: str, epoch: int, seq: int, content: bytes, received: float) -> dict[str, Any]:
    try:
        at, kind, body = decode_content(content)
    except MalformedMessage as error:
        at, kind, body = received, UNREADABLE, {"detail": str(error)}
    return {
        "class": message_class,
        "epoch": epoch,
        "seq": seq,
        "at": at,
        "kind": kind,
        "body": body,
        "received": received,
    }
