"""The cloud's own power fails, and its disk: nothing that it acknowledged is lost, nothing is kept twice."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Ack, Arrived, Welcome
from hubagent.uplink.message.up import Batch, Hello, Message
from simulators.cloud.database import CloudFileUnusable, open_file
from tests.simulators.cloud.a_cloud import HUB, INCARNATION, LAMP, ACloud, batch, content, hello, lamp, reported

EVENT = MessageClass.EVENT


class Site:
    """A cloud whose file outlives it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "cloud.db"
        self._connection = open_file(self._path)
        self.cloud = ACloud(self._connection)

    def cut_power(self) -> None:
        """What was not committed is gone, and so is everything in memory."""
        self._connection.close()
        now = self.cloud.now
        self._connection = open_file(self._path)
        self.cloud = ACloud(self._connection, now=now + 1)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def test_what_was_committed_before_the_power_cut_is_acknowledged_when_it_comes_again(site: Site) -> None:
    site.cloud.welcome()
    site.cloud.hear(batch([1, 2]))
    site.cloud.consumer.commit()
    assert site.cloud.said() == []
    site.cut_power()
    site.cloud.hear(batch([1, 2]))
    site.cloud.run()
    assert site.cloud.ack().arrived == (Arrived(EVENT, 1, 2),)
    assert site.cloud.stored() == [("event", 1, 1), ("event", 1, 2)]


def test_what_was_not_committed_was_never_acknowledged_and_is_taken_when_it_comes_again(site: Site) -> None:
    site.cloud.welcome()
    site.cloud.hear(batch([1, 2]))
    site.cut_power()
    assert site.cloud.stored() == []
    site.cloud.hear(batch([1, 2]))
    site.cloud.run()
    assert site.cloud.ack().arrived == (Arrived(EVENT, 1, 2),)


def test_twin_wishes_and_commands_outlive_the_power_cut(site: Site) -> None:
    site.cloud.welcome()
    site.cloud.hear(reported(1, 0, {"zwave-2": LAMP}))
    site.cloud.lose(HUB)
    site.cloud.consumer.desire(HUB, {"zwave-2": {"on": True}}, now=site.cloud.now)
    wish = site.cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=site.cloud.now)
    site.cloud.run(0.1)
    site.cut_power()
    hub = site.cloud.consumer.hub(HUB)
    assert (hub.online, hub.reported, hub.desired, hub.wishes) == (False, 1, 1, {"zwave-2": {"on": True}})
    assert site.cloud.consumer.devices(HUB) == [LAMP]
    found = site.cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.state == "queued"
    site.cloud.run(31.0)
    found = site.cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.state == "expired"


def test_a_queued_command_is_known_to_be_under_way_before_it_leaves(site: Site) -> None:
    site.cloud.welcome()
    site.cloud.lose(HUB)
    wish = site.cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=site.cloud.now)
    site.cloud.run(0.1)
    site.cloud.hear(hello())
    assert site.cloud.said() == []
    site.cut_power()
    found = site.cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.state == "queued"
    site.cloud.hear(hello(boot=2, epoch=2))
    site.cloud.run()
    assert len(site.cloud.said()) == 2


def test_a_full_disk_acknowledges_nothing_and_heals(site: Site) -> None:
    cloud = site.cloud
    cloud.welcome()
    connection = site._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    large = tuple(Message(1, number, number - 1, content(text="x" * 8000)) for number in range(1, 4))
    cloud.hear(Batch(HUB, INCARNATION, EVENT, large))
    cloud.run()
    assert cloud.said() == []
    assert "full" in cloud.consumer.trouble
    assert cloud.stored() == []
    connection.execute("PRAGMA max_page_count = 100000")
    cloud.hear(Batch(HUB, INCARNATION, EVENT, large))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 1, 3),)
    assert cloud.consumer.trouble == ""


class FailingConnection(sqlite3.Connection):
    """A disk that does not take the commit."""

    failing = False

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        if self.failing and statement == "COMMIT":
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(statement, *arguments)


def test_a_commit_that_fails_acknowledges_nothing_sends_no_command_and_is_as_if_nothing_had_come() -> None:
    connection = sqlite3.connect(":memory:", factory=FailingConnection)
    cloud = ACloud(connection)
    cloud.welcome()
    connection.failing = True
    cloud.hear(batch([1]))
    cloud.hear(reported(1, 0, {"zwave-2": LAMP}))
    wish = cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=cloud.now)
    cloud.run()
    assert cloud.said() == []
    assert (cloud.stored(), cloud.consumer.devices(HUB), cloud.consumer.commands.find(wish.id)) == ([], [], None)
    assert cloud.consumer.trouble == "the cloud's file cannot be written: disk I/O error"
    connection.failing = False
    cloud.hear(batch([1]))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(EVENT, 1, 1),)
    connection.close()


def test_a_file_of_something_else_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    path.write_bytes(b"something else entirely" * 100)
    connection = open_file(path)
    with pytest.raises(CloudFileUnusable, match="--fresh begins anew"):
        ACloud(connection)
    connection.close()


def test_a_file_of_a_later_version_is_not_used(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "cloud.db")
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CloudFileUnusable, match="schema 99"):
        ACloud(connection)
    connection.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_file(tmp_path / "cloud.db").close()
    assert (tmp_path / "cloud.db").stat().st_mode & 0o077 == 0


class ModestHub:
    """As little of a hub as delivers everything: it keeps what is not acknowledged, and sends it again."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.epoch = 0
        self.told: list[tuple[int, int]] = []
        self.kept: list[tuple[int, int]] = []
        self._next = 1

    def come(self) -> None:
        self.epoch += 1
        self._next = 1

    def say(self) -> None:
        self.kept.append((self.epoch, self._next))
        self.told.append((self.epoch, self._next))
        self._next += 1

    def hello(self) -> Hello:
        oldest = {EVENT: self.kept[0]} if self.kept else {}
        return hello(epoch=self.epoch, boot=self.epoch, oldest=oldest)

    def frames(self, *, at_random: bool) -> list[Batch]:
        """A piece of each stream, the newest stream first: from the beginning, or from anywhere, out of order."""
        made = []
        for epoch in sorted({epoch for epoch, _ in self.kept}, reverse=True):
            numbers = [seq for it, seq in self.kept if it == epoch]
            first = self.rng.randrange(len(numbers)) if at_random else 0
            chosen = numbers[first : first + self.rng.randrange(1, 6)]
            after = numbers[first - 1] if first else 0
            pairs = list(zip(chosen, [after, *chosen[:-1]], strict=True))
            made.append(batch(pairs, epoch=epoch))
        return made

    def hear(self, message: object) -> None:
        if isinstance(message, Ack | Welcome):
            for place in message.arrived:
                self.kept = [it for it in self.kept if it[0] != place.epoch or it[1] > place.seq]


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_lost_and_nothing_kept_twice_on_a_bad_wire_with_power_cuts(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    site, hub = Site(tmp_path), ModestHub(rng)
    welcome_due = True
    for _ in range(300):
        if rng.random() < 0.03:
            site.cut_power()
        if rng.random() < 0.05 or welcome_due:
            hub.come()
            site.cloud.hear(hub.hello())
            site.cloud.run()
            welcome_due = False
        hub.say()
        for frame in hub.frames(at_random=rng.random() < 0.5):
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                site.cloud.hear(frame)
        if rng.random() < 0.6:
            site.cloud.run(rng.choice([0.001, 0.002, 0.01]))
        for message in site.cloud.said():
            if rng.random() < 0.8:
                hub.hear(message)
    while hub.kept:
        before = len(hub.kept)
        for frame in hub.frames(at_random=False):
            site.cloud.hear(frame)
        site.cloud.run()
        for message in site.cloud.said():
            hub.hear(message)
        assert len(hub.kept) < before, f"seed {seed}"
    stored = [(epoch, seq) for _, epoch, seq in site.cloud.stored()]
    site.close()
    assert sorted(stored) == sorted(hub.told), f"seed {seed}"


def test_a_lamp_that_was_reported_before_the_cut_is_known_after_it(site: Site) -> None:
    site.cloud.welcome()
    site.cloud.hear(reported(1, 0, {"zwave-2": lamp(on=True)}))
    site.cloud.run()
    site.cut_power()
    assert site.cloud.welcome(hello()).reported == 1
    assert site.cloud.consumer.devices(HUB) == [lamp(on=True)]


def test_no_command_leaves_before_it_is_written_down(site: Site) -> None:
    site.cloud.welcome()
    wish = site.cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=site.cloud.now)
    site.cloud.take()
    assert site.cloud.said() == []
    site.cloud.run(0.0)
    assert len(site.cloud.said()) == 1
    site.cut_power()
    found = site.cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.state == "sent"
