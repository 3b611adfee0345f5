"""Commands and jobs: what people wished for, and what became of it.

queued -> sent -> done, refused. A queued one that is too old is expired. One that was under way when the hub was
started anew is unknown: it is never sent again by itself, since it may have had its effect; only the hub's own result,
which its outbox keeps, says later what became of it.
"""

import heapq
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import channel_of, decode_down, encode
from hubagent.uplink.message.down import Command, Job
from hubagent.uplink.message.fields import Scalar
from simulators.cloud.bounds import Bounds
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub
from simulators.cloud.items import Send

EXPIRES_IN_S: Final = 30.0
EXPIRES_IN_MAX_S: Final = 86400.0
ANSWER_GRACE_S: Final = 60.0
"""A command that was sent and has expired so long ago without a word is unknown until there is one."""
JOBS: Final = ("renew", "report")
SET: Final = "set"
_DEADLINES_SPARE: Final = 1000
_OPEN: Final = ("queued", "sent")


class TooManyCommands(Exception):
    """The hub has as many open ones as are kept."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One row."""

    id: str
    hub: str
    kind: str
    device: str | None
    wanted: Mapping[str, Scalar] | None
    issued: float
    expires: float
    boot: int | None = None
    """For which start of the hub it was sent."""
    state: str = "queued"
    outcome: str | None = None
    detail: str = ""
    ms: float | None = None
    """How long it took the hub, by its own word."""
    lamp_ms: float | None = None
    """From the wish to the device's report that it is so, here."""

    def view(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "hub": self.hub,
            "kind": self.kind,
            "device": self.device,
            "set": self.wanted,
            "issued": self.issued,
            "expires": self.expires,
            "state": self.state,
            "outcome": self.outcome,
            "detail": self.detail,
            "ms": self.ms,
            "lamp_ms": self.lamp_ms,
        }

    def message(self, boot: int) -> Command | Job:
        if self.kind == SET:
            assert self.device is not None
            assert self.wanted is not None
            return Command(self.hub, boot, self.id, self.issued, self.expires, self.device, self.wanted)
        return Job(self.hub, boot, self.id, self.issued, self.expires, self.kind)


class Commands:
    def __init__(
        self,
        database: Database,
        bounds: Bounds,
        wall: Callable[[], float],
        entropy: Callable[[int], bytes],
        changed: Callable[[Wish], None],
    ) -> None:
        self._database = database
        self._bounds = bounds
        self._wall = wall
        self._entropy = entropy
        self._changed = changed
        self._deadlines: list[tuple[float, str]] = []
        """When, by the wall clock, an open one expires, or is given up."""
        self.reload()

    def reload(self) -> None:
        """Know what the database knows, after a start or a commit that failed."""
        rows = self._database.read("SELECT expires, state, id FROM commands WHERE state IN ('queued', 'sent')")
        self._deadlines = [(row[0] + (ANSWER_GRACE_S if row[1] == "sent" else 0.0), row[2]) for row in rows]
        heapq.heapify(self._deadlines)
        self._deadlines_max = 2 * len(self._deadlines) + _DEADLINES_SPARE

    def issue(
        self, hub: Hub, kind: str, device: str | None, wanted: Mapping[str, Scalar] | None, expires_in_s: float
    ) -> Wish:
        """Written down, queued. Raises TooManyCommands, and MalformedMessage where the hub could not read it."""
        if not 0 < expires_in_s <= EXPIRES_IN_MAX_S:
            raise ValueError(f"expires_in is no number of seconds above 0 and up to {EXPIRES_IN_MAX_S:g}")
        if self._open_count(hub.id) >= self._bounds.commands_open_max:
            raise TooManyCommands(
                f"{self._bounds.commands_open_max} commands of {hub.id} are open; wait until some have ended"
            )
        new = self.draft(hub, device, wanted, kind, expires_in_s)
        message = new.message(hub.boot)
        decode_down(channel_of(message).value, encode(message))
        self._database.write(
            "INSERT INTO commands (id, hub, kind, device, wanted, issued, expires, state, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(new.id, hub.id, kind, device, None if wanted is None else json.dumps(dict(wanted))),
            *(new.issued, new.expires, new.state, ""),
        )
        self._forget_old(hub.id)
        self._remember(new.expires, new.id)
        return new

    def draft(
        self,
        hub: Hub,
        device: str | None,
        wanted: Mapping[str, Scalar] | None,
        kind: str = SET,
        expires_in_s: float = EXPIRES_IN_S,
    ) -> Wish:
        """A new one that nobody has been told of."""
        now = self._wall()
        return Wish(self._entropy(16).hex(), hub.id, kind, device, wanted, issued=now, expires=now + expires_in_s)

    def send(self, wish: Wish, hub: Hub) -> Send:
        """It is under way from now on, for this boot."""
        self._set(wish, state="sent", boot=hub.boot)
        self._remember(wish.expires + ANSWER_GRACE_S, wish.id)
        return _frame(wish, hub)

    def not_sent(self, identifier: str) -> None:
        """It could not be handed over: it waits again."""
        wish = self.find(identifier)
        if wish is not None and wish.state == "sent":
            self._set(wish, state="queued")
            self._remember(wish.expires, identifier)

    def welcome(self, hub: Hub, *, started_anew: bool) -> list[Send]:
        """The hub is here, anew or again: what is to be sent now, and what is not sent again."""
        frames = []
        for wish in self._open(hub.id):
            if wish.state == "sent" and started_anew:
                self._set(wish, state="unknown", detail="the hub was started anew while it was under way")
            elif wish.expires <= self._wall():
                continue
            elif wish.state == "sent":
                # It has left before: should it not leave now, it is no more one that never left.
                frames.append(replace(_frame(wish, hub), command=None))
            else:
                frames.append(self.send(wish, hub))
        return frames

    def send_queued(self, hub: Hub) -> list[Send]:
        """Those that the connection had no room for."""
        return [
            self.send(wish, hub)
            for wish in self._open(hub.id)
            if wish.state == "queued" and wish.expires > self._wall()
        ]

    def ended(self, hub: Hub, body: Mapping[str, Any]) -> None:
        """The hub's own result, whenever it comes."""
        wish = self._of(hub, body.get("id"))
        outcome, detail, ms = body.get("outcome"), body.get("detail"), body.get("ms")
        if wish is None or not isinstance(outcome, str):
            hub.counts["results of no command"] += 1
            return
        self._set(
            wish,
            state="done",
            outcome=outcome[:32],
            detail=str(detail or "")[:256],
            ms=float(ms) if isinstance(ms, int | float) else None,
        )

    def refused(self, hub: Hub, about: str | None, reason: str, detail: str) -> bool:
        """False where it is about none of ours that is under way."""
        wish = self._of(hub, about)
        if wish is None or wish.state not in (*_OPEN, "unknown"):
            return False
        if reason == "wrong-boot":
            # It came to two starts, and what the first did with it, the second cannot know.
            self._set(wish, state="unknown", detail=detail)
        elif reason != "replayed":
            # One that came twice is being carried out, or was: its result comes.
            self._set(wish, state="expired" if reason == "expired" else "refused", outcome=reason, detail=detail)
        return True

    def came_true(self, identifier: str, ms: float) -> None:
        """The device reported what was wanted, so long after the wish."""
        wish = self.find(identifier)
        if wish is not None:
            self._set(wish, lamp_ms=round(ms, 2))

    def find(self, identifier: str) -> Wish | None:
        rows = self._database.read("SELECT * FROM commands WHERE id = ?", identifier)
        return _wish(rows[0]) if rows else None

    def latest(self, hub_id: str, most: int) -> list[Wish]:
        """The newest first."""
        rows = self._database.read("SELECT * FROM commands WHERE hub = ? ORDER BY n DESC LIMIT ?", hub_id, most)
        return [_wish(row) for row in rows]

    def next_deadline(self) -> float | None:
        """By the wall clock."""
        return self._deadlines[0][0] if self._deadlines else None

    def expire(self) -> None:
        """Those whose time is over."""
        now = self._wall()
        while self._deadlines and self._deadlines[0][0] <= now:
            _, identifier = heapq.heappop(self._deadlines)
            wish = self.find(identifier)
            if wish is None:
                continue
            if wish.state == "queued" and wish.expires <= now:
                self._set(wish, state="expired", detail="the hub was not there in time")
            elif wish.state == "sent" and wish.expires + ANSWER_GRACE_S <= now:
                self._set(wish, state="unknown", detail="the hub has not said what became of it")

    def _remember(self, deadline: float, identifier: str) -> None:
        """Those of commands that ended long before their time would pile up: now and then they are left out."""
        heapq.heappush(self._deadlines, (deadline, identifier))
        if len(self._deadlines) > self._deadlines_max:
            self.reload()

    def _set(self, wish: Wish, **changes: Any) -> None:
        wish = replace(wish, **changes)
        self._database.write(
            "UPDATE commands SET boot = ?, state = ?, outcome = ?, detail = ?, ms = ?, lamp_ms = ? WHERE id = ?",
            *(wish.boot, wish.state, wish.outcome, wish.detail, wish.ms, wish.lamp_ms, wish.id),
        )
        self._changed(wish)

    def _of(self, hub: Hub, identifier: Any) -> Wish | None:
        wish = self.find(identifier) if isinstance(identifier, str) else None
        return wish if wish is not None and wish.hub == hub.id else None

    def _open(self, hub_id: str) -> list[Wish]:
        rows = self._database.read(
            "SELECT * FROM commands WHERE hub = ? AND state IN ('queued', 'sent') ORDER BY n", hub_id
        )
        return [_wish(row) for row in rows]

    def _open_count(self, hub_id: str) -> int:
        found: int = self._database.read(
            "SELECT count(*) FROM commands WHERE hub = ? AND state IN ('queued', 'sent')", hub_id
        )[0][0]
        return found

    def _forget_old(self, hub_id: str) -> None:
        self._database.write(
            "DELETE FROM commands WHERE hub = ? AND n <= "
            "(SELECT n FROM commands WHERE hub = ? ORDER BY n DESC LIMIT 1 OFFSET ?)",
            *(hub_id, hub_id, self._bounds.commands_kept_max),
        )


def _wish(row: Any) -> Wish:
    wanted = None if row[5] is None else json.loads(row[5])
    return Wish(*(*row[1:5], wanted, *row[6:]))


def _frame(wish: Wish, hub: Hub) -> Send:
    message = wish.message(hub.boot)
    channel = channel_of(message)
    assert isinstance(channel, Down)
    return Send(hub.id, channel, encode(message), command=wish.id)
