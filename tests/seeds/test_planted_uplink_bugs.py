"""Bugs that an uplink or a cloud may have, planted into ours: the seeded runs must find each of them.

`first` is a seed that has found it; from there on it is looked for in `WITHIN` runs, and mostly found in the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from hubagent.uplink.message.down import Arrived, Command, Job
from hubagent.uplink.message.up import Batch, Hello, Message, Reported
from hubagent.uplink.outbox import saving
from hubagent.uplink.outbox.numbering import Numbering
from hubagent.uplink.session.commands import Commands
from hubagent.uplink.session.flows import Flows, Lane
from hubagent.uplink.session.greeting import Answer, Greeting
from hubagent.uplink.session.session import Session
from hubagent.uplink.session.twin import Twin
from simulators.cloud import commands as cloud_commands
from simulators.cloud import consumer, replies, streams, twins
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub
from tests.seeds.test_bad_uplink import run

WITHIN: Final = 10

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Planted:
    bug: Callable[[Patch], None]
    complaint: str
    first: int


# --- in the hub


def sent_is_arrived(patch: Patch) -> None:
    """The outbox is emptied when a message has left, as with a broker's PUBACK."""
    take = Flows.next

    def next_frame(self: Flows, lane: Lane, size_max: int, now: float) -> Any:
        found = take(self, lane, size_max, now)
        if found is not None:
            last = found[1][-1]
            self._kept.acknowledge(found[0], last.epoch, last.seq)
        return found

    patch.setattr(Flows, "next", next_frame)


def never_sent_again(patch: Patch) -> None:
    """After a new connection it goes on after what was sent, whatever the cloud says."""
    begin, stop = Flows.begin, Flows.stop
    sent: dict[int, list[Arrived]] = {}

    def hopeful(self: Flows, arrived: Sequence[Arrived], window: int) -> bool:
        return begin(self, [*arrived, *sent.get(id(self), ())], window)

    def remember(self: Flows) -> None:
        places = [Arrived(it.message_class, it.epoch, it.sent) for it in self._flows.values()]
        sent.setdefault(id(self), []).extend(places)
        stop(self)

    patch.setattr(Flows, "begin", hopeful)
    patch.setattr(Flows, "stop", remember)


def numbers_come_twice(patch: Patch) -> None:
    """A start goes on in the epoch of the one before, after what is left in its outbox."""
    begin = Numbering.begin

    def same_epoch(self: Numbering, held: Any) -> bool:
        epoch = self._numbers.get("epoch")
        begin(self, held)
        self._set_epoch(epoch)
        self.seq = held.get(epoch, 0)
        return True

    patch.setattr(Numbering, "begin", same_epoch)


def committed_at_leisure(patch: Patch) -> None:
    """The outbox writes every ten seconds."""
    patch.setattr(saving, "COMMIT_DELAY_S", 10.0)


def one_clock_for_all_streams(patch: Patch) -> None:
    """An Ack of any stream is taken for a sign that all is well with the others."""
    acknowledge = Flows.acknowledge

    def relieved(self: Flows, place: Arrived, now: float) -> bool:
        for flow in self._flows.values():
            flow.heard_at = now
        return acknowledge(self, place, now)

    patch.setattr(Flows, "acknowledge", relieved)
    patch.setattr(Session, "_patience_ends_at", lambda _: None)


def asked_once(patch: Patch) -> None:
    """Hello is not said again on the same connection."""
    in_vain = Greeting.in_vain

    def given_up(self: Greeting, now: float) -> bool:
        found = in_vain(self, now)
        if found:
            self.due_at = None
        return found

    patch.setattr(Greeting, "in_vain", given_up)


def commands_are_forgotten(patch: Patch) -> None:
    """A command that comes twice is carried out twice."""

    def take(self: Commands, command: Command | Job, cloud_now: float) -> bytes | None:
        self._remembered.clear()
        return real(self, command, cloud_now)

    real = Commands.take
    patch.setattr(Commands, "take", take)


def for_any_start(patch: Patch) -> None:
    """A command for an earlier start of the agent is carried out as well."""

    def take(self: Commands, command: Command | Job, cloud_now: float) -> bytes | None:
        return real(self, replace(command, boot=self._boot), cloud_now)

    real = Commands.take
    patch.setattr(Commands, "take", take)


def never_too_late(patch: Patch) -> None:
    """A command has no end."""
    patch.setattr(Commands, "_check_time", lambda *_: None)


def any_welcome_will_do(patch: Patch) -> None:
    """A Welcome that a broker had kept sets the clock."""

    def answered(self: Greeting, number: int, now: float) -> Answer:
        return real(self, self.number, now)

    real = Greeting.answered
    patch.setattr(Greeting, "answered", answered)


def reports_always_arrive(patch: Patch) -> None:
    """Whatever version the cloud says that it has, the next report follows the last one."""
    arrived = Twin.arrived

    def trusting(self: Twin, known: int, now: float) -> bool:
        return arrived(self, max(known, self._sent), now)

    patch.setattr(Twin, "arrived", trusting)
    patch.setattr(Twin, "begin", lambda *_: None)


def the_gone_stay(patch: Patch) -> None:
    """A device that left is not reported any more."""
    touch = Twin.touch

    def loyal(self: Twin, device: str) -> None:
        if self._view(device) is not None:
            touch(self, device)

    patch.setattr(Twin, "touch", loyal)


# --- in the cloud


def everything_is_new(patch: Patch) -> None:
    """What came before counts again."""

    def accept(hub: Hub, batch: Batch) -> list[Message]:
        hub.highs = dict.fromkeys(hub.highs, 0)
        return real(hub, replace(batch, messages=[replace(it, after=0) for it in batch.messages]))

    real = streams.accept
    patch.setattr(streams, "accept", accept)


def holes_do_not_matter(patch: Patch) -> None:
    """What follows something that did not come is taken."""

    def accept(hub: Hub, batch: Batch) -> list[Message]:
        return real(hub, replace(batch, messages=[replace(it, after=0) for it in batch.messages]))

    real = streams.accept
    patch.setattr(streams, "accept", accept)


def acknowledged_before_the_commit(patch: Patch) -> None:
    """What was heard is acknowledged at once."""

    def batch(self: consumer.Consumer, hub: Hub, message: Batch) -> None:
        real(self, hub, message)
        self._effects.append(replies.ack(hub, self.bounds))

    real = consumer.Consumer._batch
    patch.setattr(consumer.Consumer, "_batch", batch)


def numbers_are_forgotten_with_the_start(patch: Patch) -> None:
    """Each start of the hub is a new beginning."""

    def forget(hub: Hub, database: Database, hello: Hello) -> None:
        if hello.boot != hub.boot:
            hub.highs.clear()
        real(hub, database, hello)

    real = streams.forget
    patch.setattr(streams, "forget", forget)


def any_report_will_do(patch: Patch) -> None:
    """A report that follows one that did not come is taken."""

    def apply(hub: Hub, report: Reported, *rest: Any) -> Any:
        since = 0 if report.since == 0 else hub.reported
        return real(hub, replace(report, since=since), *rest)

    real = twins.apply_report
    patch.setattr(twins, "apply_report", apply)


def sent_again_to_another_start(patch: Patch) -> None:
    """A command that was under way when the hub restarted is sent once more."""

    def welcome(self: cloud_commands.Commands, hub: Hub, *, started_anew: bool) -> Any:
        for wish in self._open(hub.id):
            self._set(wish, state="queued")
        return real(self, hub, started_anew=started_anew)

    real = cloud_commands.Commands.welcome
    patch.setattr(cloud_commands.Commands, "welcome", welcome)


def replayed_is_refused(patch: Patch) -> None:
    """That a command came twice is taken for its end."""

    def refused(self: cloud_commands.Commands, hub: Hub, about: str | None, reason: str, detail: str) -> bool:
        return real(self, hub, about, "busy" if reason in {"replayed", "wrong-boot"} else reason, detail)

    real = cloud_commands.Commands.refused
    patch.setattr(cloud_commands.Commands, "refused", refused)


def wishes_go_out_once(patch: Patch) -> None:
    """A wish that was lost on its way is not sent again."""

    def welcome(self: consumer.Consumer, hub: Hub, hello: Hello) -> None:
        real(self, hub, replace(hello, desired=max(hello.desired, hub.desired)))

    real = consumer.Consumer._welcome
    patch.setattr(consumer.Consumer, "_welcome", welcome)


PLANTED: Final = (
    Planted(sent_is_arrived, "were lost", 0),
    Planted(never_sent_again, "were lost", 0),
    Planted(numbers_come_twice, "were lost", 0),
    Planted(committed_at_leisure, "were lost", 0),
    Planted(one_clock_for_all_streams, "under way", 0),
    Planted(asked_once, "the session is", 0),
    Planted(commands_are_forgotten, "had its effect 2 times", 0),
    Planted(for_any_start, "had its effect 2 times", 0),
    Planted(never_too_late, "late", 0),
    Planted(any_welcome_will_do, "late", 0),
    Planted(reports_always_arrive, "other devices", 0),
    Planted(the_gone_stay, "other devices", 0),
    Planted(everything_is_new, "came twice", 0),
    Planted(holes_do_not_matter, "were lost", 0),
    Planted(acknowledged_before_the_commit, "were lost", 0),
    Planted(numbers_are_forgotten_with_the_start, "came twice", 0),
    Planted(any_report_will_do, "other devices", 75),
    Planted(sent_again_to_another_start, "had its effect 2 times", 0),
    Planted(replayed_is_refused, "and it was carried out", 0),
    Planted(wishes_go_out_once, "were not taken up", 0),
)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.bug.__name__)
def test_a_bad_uplink_finds(planted: Planted, monkeypatch: Patch) -> None:
    planted.bug(monkeypatch)
    seeds = range(planted.first, planted.first + WITHIN)
    assert any(planted.complaint in problem for seed in seeds for problem in run(seed))
