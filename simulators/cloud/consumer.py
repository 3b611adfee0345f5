"""What a cloud does with its hubs' frames, as a machine: it reads no clock, opens no socket, and never sleeps.

A hub says Hello and is told what is here already; numbered messages are stored, and acknowledged only after the commit
that holds them; reports become the twin; commands go out and their results come in. One commit serves all that came
within COMMIT_DELAY_S. Where it fails, nothing of it was promised: everything is read anew from the database, and hubs
send again.

Every frame is hostile: what cannot be read is counted, shown, and changes nothing.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.codec import channel_of, decode_down, decode_up, encode
from hubagent.uplink.message.down import Bye, Desired
from hubagent.uplink.message.fields import MalformedMessage, Scalar
from hubagent.uplink.message.up import Batch, Hello, Offline, Refused, Reported
from simulators.cloud import greeting, replies, streams, twins
from simulators.cloud.bounds import Bounds
from simulators.cloud.commands import EXPIRES_IN_S, JOBS, SET, Commands, Wish
from simulators.cloud.database import Database
from simulators.cloud.history import History
from simulators.cloud.hub import Hub
from simulators.cloud.hubs import Hubs
from simulators.cloud.items import ANEW, Changed, Effect, Gone, Heard, Item, NotSent
from simulators.cloud.lamp_watch import LampWatch

COMMIT_DELAY_S: Final = 0.002
"""What came within it is one commit."""
ASK_AGAIN_S: Final = 30.0
"""A hub that speaks without having said Hello is asked to come anew at most so often."""
RETRY_S: Final = 0.5
HOUSEKEEPING_S: Final = 60.0


class UnknownHub(LookupError):
    """No hub of that name was ever here."""


class Consumer:
    """`database` is a connection that nobody else uses; `wall` gives Unix seconds, `entropy` octets for identifiers."""

    def __init__(
        self,
        database: sqlite3.Connection,
        wall: Callable[[], float],
        entropy: Callable[[int], bytes],
        bounds: Bounds | None = None,
    ) -> None:
        self.bounds = bounds or Bounds()
        self.trouble = ""
        """Why the last commit failed; empty when it did not."""
        self.commits = 0
        self._wall = wall
        self._database = Database(database)
        self._effects: list[Effect] = []
        self._after_commit: list[Effect] = []
        self._now = 0.0
        self._commit_at: float | None = None
        self._housekeeping_at: float | None = None
        self._hubs = Hubs(self._database, wall)
        self._retry: dict[str, float] = {}
        """By hub, when commands are sent that its connection had no room for."""
        self._lamps = LampWatch(self.bounds.commands_open_max)
        self.commands = Commands(self._database, self.bounds, wall, entropy, self._command_changed)
        self.history = History(self._database, self.bounds)

    # The machine.

    def receive(self, item: Item, now: float) -> None:
        self._now = now
        try:
            match item:
                case Heard():
                    self._hear(item)
                case Gone():
                    self._leave(self._hubs.meet(item.hub))
                case NotSent():
                    self.commands.not_sent(item.id)
                    self._retry.setdefault(item.hub, now + RETRY_S)
                    self._commit_within(COMMIT_DELAY_S)
        except sqlite3.Error as error:
            self._fail(error)

    def handle_timeout(self, now: float) -> None:
        self._now = now
        try:
            self.commands.expire()
            if self._housekeeping_at is not None and self._housekeeping_at <= now:
                self._housekeeping_at = now + HOUSEKEEPING_S
                self.history.drop_aged(self._wall())
            self._send_waiting()
            if self._database.uncommitted:
                self._commit_within(COMMIT_DELAY_S)
            if self._commit_at is not None and self._commit_at <= now:
                self._commit()
        except sqlite3.Error as error:
            self._fail(error)

    def next_deadline(self) -> float | None:
        expiry = self.commands.next_deadline()
        # Commands expire by the wall clock; should it have stepped meanwhile, `handle_timeout` finds nothing to do.
        expires_at = None if expiry is None else self._now + max(0.0, expiry - self._wall())
        retry_at = min(self._retry.values(), default=None)
        dates = (self._commit_at, self._housekeeping_at, expires_at, retry_at)
        return min((it for it in dates if it is not None), default=None)

    def take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects

    # What the API asks for.

    def hubs(self) -> list[Hub]:
        return self._hubs.all()

    def hub(self, name: str) -> Hub:
        """Raises UnknownHub."""
        hub = self._hubs.known(name)
        if hub is None:
            raise UnknownHub(name)
        return hub

    def is_known(self, name: str) -> bool:
        return self._hubs.known(name) is not None

    def devices(self, hub: str) -> list[dict[str, Any]]:
        """How they are, as the hub last reported. Raises UnknownHub."""
        return twins.devices(self.hub(hub).id, self._database)

    def has_device(self, hub: str, device: str) -> bool:
        """Whether there is one, or a part of one, that has this identifier. Raises UnknownHub."""
        return twins.has_device(self.hub(hub).id, device, self._database)

    def command(
        self,
        hub: str,
        device: str,
        wanted: Mapping[str, Scalar],
        *,
        now: float,
        expires_in_s: float = EXPIRES_IN_S,
    ) -> Wish:
        """Sent at once where the hub is on line, else when it comes, unless it has expired by then.

        Raises UnknownHub, TooManyCommands, ValueError (MalformedMessage too).
        """
        self._now = now
        wish = self._issue(self.hub(hub), SET, device, dict(wanted), expires_in_s)
        self._lamps.begin(hub, wish.id, device, wanted, now)
        return wish

    def job(self, hub: str, kind: str, *, now: float, expires_in_s: float = EXPIRES_IN_S) -> Wish:
        """Upkeep. Raises as `command` does."""
        self._now = now
        if kind not in JOBS:
            raise ValueError(f"there is no job {kind!r}; there is {', '.join(JOBS)}")
        return self._issue(self.hub(hub), kind, None, None, expires_in_s)

    def desire(self, hub_name: str, wishes: Mapping[str, Mapping[str, Scalar]], *, now: float) -> int:
        """How devices shall be from now on, instead of what was wished before; returns the version.

        Raises UnknownHub, MalformedMessage.
        """
        self._now = now
        hub = self.hub(hub_name)
        message = Desired(hub.id, hub.desired + 1, wishes)
        decode_down(channel_of(message).value, encode(message))
        twins.wish(hub, wishes)
        self._touch(hub)
        if hub.online:
            self._after_commit.append(replies.frame(hub, twins.desired(hub)))
        self._show(hub)
        return hub.desired

    def bye(self, hub_name: str, reason: str, retry_after_s: float) -> None:
        """Ask the hub to go, and to come back not before. Raises UnknownHub."""
        hub = self.hub(hub_name)
        self._effects.append(replies.frame(hub, Bye(hub_name, hub.boot, reason, retry_after_s)))

    def forget(self) -> None:
        """As if the file had been lost: hubs that speak are asked to come anew."""
        try:
            self._database.forget()
        except sqlite3.Error as error:
            self._fail(error)
            raise
        self._read_anew()

    def all_gone(self) -> None:
        """At a start where connections do not outlive the process."""
        for hub in self.hubs():
            self._leave(hub)

    def commit(self) -> None:
        """Now, rather than in a moment."""
        try:
            self._commit()
        except sqlite3.Error as error:
            self._fail(error)

    def close(self) -> None:
        self.commit()
        self._database.close()

    # What hubs say.

    def _hear(self, item: Heard) -> None:
        hub = self._hubs.meet(item.hub)
        try:
            message = decode_up(item.channel, item.payload)
        except MalformedMessage as error:
            self._complain(hub, error.reason, f"on {item.channel[:32]!r}: {error}")
            return
        if message.hub != item.hub:
            self._complain(hub, "wrong-hub", f"on {item.channel}: it says that it is from {message.hub}")
            return
        match message:
            case Hello():
                self._welcome(hub, message)
            case Offline():
                if message.boot == hub.boot:
                    self._leave(hub)
            case Batch() | Reported():
                if self._has_said_hello(hub, message.incarnation):
                    self._batch(hub, message) if isinstance(message, Batch) else self._report(hub, message)
            case Refused():
                self._refusal(hub, message)

    def _welcome(self, hub: Hub, hello: Hello) -> None:
        if greeting.went_back(hub, hello):
            self._complain(hub, "went-back", f"start {hello.boot} after start {hub.boot}: was it restored from a copy?")
        started_anew = greeting.take_in(hub, hello, self._database, wall=self._wall(), now=self._now)
        self._hubs.arrive(hub)
        self._touch(hub)
        self._after_commit.append(replies.welcome(hub, self.bounds, self._wall(), self._hubs.online))
        if hub.desired > hello.desired:
            self._after_commit.append(replies.frame(hub, twins.desired(hub)))
        self._after_commit += self.commands.welcome(hub, started_anew=started_anew)
        self._show(hub)

    def _batch(self, hub: Hub, batch: Batch) -> None:
        if hub.uncommitted + len(batch.messages) > self.bounds.window:
            hub.counts["over the window"] += len(batch.messages)
            return
        try:
            new = streams.accept(hub, batch)
        except streams.TooManyStreams as error:
            self._complain(hub, "too-many-streams", str(error))
            return
        hub.owed = True
        hub.uncommitted += len(new)
        hub.counts["messages"] += len(new)
        self._touch(hub)
        if not new:
            return
        entries = self.history.add(hub, batch.message_class, new, self._wall())
        if batch.message_class is MessageClass.RESULT:
            for entry in entries:
                if entry["kind"] == "command":
                    self.commands.ended(hub, entry["body"])
        self._effects.append(Changed(hub.id, "messages", {"messages": entries}))
        if self._housekeeping_at is None:
            self._housekeeping_at = self._now + HOUSEKEEPING_S

    def _report(self, hub: Hub, report: Reported) -> None:
        changed = twins.apply_report(hub, report, self._database, self.bounds.devices_max)
        hub.owed = True
        self._touch(hub)
        if changed is None:
            return
        view = {"version": hub.reported, "anew": report.since == 0, "devices": changed}
        self._effects.append(Changed(hub.id, "devices", view))
        for command, ms in self._lamps.reported(hub.id, changed, self._now):
            self.commands.came_true(command, ms)

    def _refusal(self, hub: Hub, refused: Refused) -> None:
        hub.counts["refusals"] += 1
        if not self.commands.refused(hub, refused.about, refused.reason, refused.detail):
            self._note(hub, f"refused:{refused.reason}", f"{refused.about or 'something'}: {refused.detail}")
        self._touch(hub)

    def _leave(self, hub: Hub) -> None:
        if self._hubs.leave(hub):
            self._touch(hub)
            self._show(hub)

    def _has_said_hello(self, hub: Hub, incarnation: bytes) -> bool:
        """Whether it has said Hello for this incarnation; where it has not for long, it is asked to."""
        if hub.incarnation == incarnation:
            # It may have come back while the cloud was away; or its will has overtaken it.
            if self._hubs.arrive(hub):
                self._touch(hub)
                self._after_commit += self.commands.send_queued(hub)
                self._show(hub)
            return True
        hub.counts["before its hello"] += 1
        latest = max((it for it in (hub.hello_at, hub.asked_at) if it is not None), default=None)
        if latest is None or latest + ASK_AGAIN_S <= self._now:
            hub.asked_at = self._now
            self._effects.append(replies.who_is_there(hub, incarnation, self.bounds))
        return False

    # What people want.

    def _issue(
        self, hub: Hub, kind: str, device: str | None, wanted: Mapping[str, Scalar] | None, expires_in_s: float
    ) -> Wish:
        try:
            wish = self.commands.issue(hub, kind, device, wanted, expires_in_s)
            if hub.online and hub.id not in self._retry:
                self._after_commit.append(self.commands.send(wish, hub))
            # A person waits for it, and nothing leaves that is not written down.
            self._commit_within(0.0)
            return self.commands.find(wish.id) or wish
        except sqlite3.Error as error:
            self._fail(error)
            raise

    def _send_waiting(self) -> None:
        for name in [name for name, at in self._retry.items() if at <= self._now]:
            del self._retry[name]
            hub = self._hubs.known(name)
            if hub is not None and hub.online:
                self._after_commit += self.commands.send_queued(hub)

    # What is kept.

    def _touch(self, hub: Hub) -> None:
        self._hubs.touch(hub)
        self._commit_within(COMMIT_DELAY_S)

    def _commit_within(self, seconds: float) -> None:
        at = self._now + seconds
        self._commit_at = at if self._commit_at is None else min(self._commit_at, at)

    def _commit(self) -> None:
        self._commit_at = None
        saved = self._hubs.save()
        self._database.commit()
        self.commits += 1
        self.trouble = ""
        for hub in saved:
            if hub.owed:
                self._effects.append(replies.ack(hub, self.bounds))
        self._hubs.saved()
        self._effects += self._after_commit
        self._after_commit.clear()

    def _fail(self, error: sqlite3.Error) -> None:
        """Nothing since the last commit has happened."""
        self.trouble = f"the cloud's file cannot be written: {error}"
        self._database.roll_back()
        self._read_anew()

    def _read_anew(self) -> None:
        self._hubs.reload()
        self.commands.reload()
        self._after_commit.clear()
        self._retry.clear()
        self._commit_at = None
        self._effects.append(Changed("", ANEW, {}))

    # What is shown.

    def _complain(self, hub: Hub, reason: str, detail: str) -> None:
        hub.counts["malformed"] += 1
        self._note(hub, reason, detail)
        self._touch(hub)

    def _note(self, hub: Hub, reason: str, detail: str) -> None:
        complaint = {"at": self._wall(), "reason": reason, "detail": detail[:200]}
        hub.complaints.append(complaint)
        self._effects.append(Changed(hub.id, "complaint", complaint))

    def _show(self, hub: Hub) -> None:
        self._effects.append(Changed(hub.id, "hub", hub.view()))

    def _command_changed(self, wish: Wish) -> None:
        self._effects.append(Changed(wish.hub, "command", wish.view()))
