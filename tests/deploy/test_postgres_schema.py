"""The database's schema judges numbered messages as the development cloud does, however they come."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Batch, Hello, Message
from simulators.cloud import streams
from simulators.cloud.hub import Hub
from tests.deploy.postgresql import Database, running

SCHEMA: Final = Path(__file__).parents[2] / "deploy" / "kubernetes" / "postgres" / "schema.sql"
HUB: Final = "hub-00000001"
INCARNATIONS: Final = (b"aaaaaaaa", b"bbbbbbbb")
pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    # A socket's path is short, and the server's user has to get there.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        with running(folder) as found:
            found.run(SCHEMA.read_text(encoding="utf-8"))
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Nothing:
    """The development cloud's own database, of which only memory is looked at here."""

    def write(self, _statement: str, *_arguments: Any) -> int:
        return 0


def test_all_of_it_is_the_owners_of_the_database_whoever_makes_it(database: Database) -> None:
    """CloudNativePG makes it as a superuser (API reference, postInitApplicationSQLRefs); consumers are the owner."""
    database.run("CREATE ROLE uplink; CREATE DATABASE uplink OWNER uplink;")
    schema = SCHEMA.read_text(encoding="utf-8")
    assert database.run(
        f"""\\connect uplink
        {schema}
        SELECT current_user;
        SET ROLE uplink;
        {hello_sql(Hello(HUB, INCARNATIONS[0], 1, 1, {}, 0, 0, 0.0, True, "test", 1))}
        SELECT count(*) FROM hub;"""
    ) == [["postgres"], ["f", "0", "0"], ["1"]]


def hello_sql(hello: Hello) -> str:
    oldest = ", ".join(f'"{name.value}": {epoch}' for name, (epoch, _) in hello.oldest.items())
    return (
        f"SELECT * FROM accept_hello('{hello.hub}', '\\x{hello.incarnation.hex()}', {hello.boot}, {hello.epoch}, "
        f"'{{{oldest}}}', 'test');\n"
    )


def batch_sql(batch: Batch) -> str:
    columns = [
        f"ARRAY[{', '.join(str(getattr(it, name)) for it in batch.messages)}]::bigint[]"
        for name in ("epoch", "seq", "after")
    ]
    contents = ", ".join(f"'\\x{it.content.hex()}'" for it in batch.messages)
    return (
        f"SELECT * FROM accept_batch('{batch.hub}', '\\x{batch.incarnation.hex()}', '{batch.message_class.value}', "
        f"{', '.join(columns)}, ARRAY[{contents}]::bytea[]);\n"
    )


def judged(hub: Hub) -> list[list[str]]:
    """What the development cloud would acknowledge, as rows of the function."""
    holes = streams.arrived(hub, streams.in_order(hub.missing))
    rows: dict[int, tuple[int, bool]] = {it.epoch: (it.seq, False) for it in streams.arrived_since(hub)}
    for it in holes:
        rows[it.epoch] = max(it.seq, rows.get(it.epoch, (0, False))[0]), True
    for noted in (hub.touched, hub.missing, hub.passed):
        noted.clear()
    return [[str(epoch), str(high), "t" if hole else "f"] for epoch, (high, hole) in sorted(rows.items())]


@pytest.mark.parametrize("seed", range(8))
def test_it_judges_as_the_development_cloud_does(database: Database, seed: int) -> None:
    rng = random.Random(seed)
    database.run("DELETE FROM hub; DELETE FROM message;")
    hub, kept = Hub(HUB), []
    boot = epoch = 1
    incarnation = INCARNATIONS[0]
    for step in range(60):
        if step == 0 or rng.random() < 0.15:
            if rng.random() < 0.2:
                incarnation, boot, epoch = rng.choice(INCARNATIONS), rng.randint(1, 5), rng.randint(1, 3)
            elif rng.random() < 0.5:
                boot, epoch = boot + 1, epoch + 1
            oldest = {name: (rng.randint(0, epoch), 1) for name in MessageClass if rng.random() < 0.5}
            hello = Hello(HUB, incarnation, boot, epoch, oldest, 0, 0, 0.0, True, "test", 1)
            if hub.incarnation != incarnation:
                streams.begin_anew(hub, Nothing(), incarnation)  # type: ignore[arg-type]
            streams.forget(hub, Nothing(), hello)  # type: ignore[arg-type]
            hub.boot = boot
            judged(hub)
            database.run(hello_sql(hello))
            continue
        message_class = rng.choice(list(MessageClass))
        messages = []
        for _ in range(rng.randint(1, 5)):
            seq = rng.randint(1, 20)
            messages.append(Message(rng.randint(max(0, epoch - 2), epoch), seq, rng.randint(0, seq - 1), b"%d" % step))
        batch = Batch(HUB, incarnation, message_class, tuple(messages))
        kept += [(message_class.value, it.epoch, it.seq) for it in streams.accept(hub, batch)]
        assert database.run(batch_sql(batch)) == judged(hub), f"seed {seed}, step {step}"
    rows = database.run("SELECT class, epoch, seq FROM message")
    assert sorted((name, int(of), int(seq)) for name, of, seq in rows) == sorted(kept)


def test_a_batch_of_a_hub_that_has_not_said_hello_keeps_nothing(database: Database) -> None:
    database.run("DELETE FROM hub; DELETE FROM message;")
    batch = Batch(HUB, INCARNATIONS[0], MessageClass.EVENT, (Message(1, 1, 0, b"x"),))
    assert database.run(batch_sql(batch)) == []
    database.run(hello_sql(Hello(HUB, INCARNATIONS[1], 1, 1, {}, 0, 0, 0.0, True, "test", 1)))
    assert database.run(batch_sql(batch)) == []
    assert database.run("SELECT count(*) FROM message") == [["0"]]


def test_two_consumers_with_one_hubs_frames_keep_each_message_once(database: Database) -> None:
    database.run("DELETE FROM hub; DELETE FROM message;")
    database.run(hello_sql(Hello(HUB, INCARNATIONS[0], 1, 1, {}, 0, 0, 0.0, True, "test", 1)))
    first, second = (
        Batch(HUB, INCARNATIONS[0], MessageClass.EVENT, (Message(1, seq, after, b"x"),))
        for seq, after in ((1, 0), (2, 1))
    )
    slow = database.begin("BEGIN;\n" + batch_sql(first) + "SELECT 'asked';\n")
    assert slow.stdout is not None
    while slow.stdout.readline() != "asked\n":
        pass
    # It waits for the lock, and then sees what the other one has committed: no hole.
    other = database.begin(batch_sql(second) + batch_sql(first))
    out, err = slow.communicate("COMMIT;\n", timeout=30)
    assert (out, err, slow.returncode) == ("", "", 0)
    out, err = other.communicate(timeout=30)
    assert (out, err) == ("1|2|f\n1|2|f\n", "")
    assert database.run("SELECT seq FROM message ORDER BY seq") == [["1"], ["2"]]


def test_commands_under_way_are_unknown_when_the_hub_was_started_anew(database: Database) -> None:
    database.run("DELETE FROM hub; DELETE FROM message;")
    hello = Hello(HUB, INCARNATIONS[0], 1, 1, {}, 0, 0, 0.0, True, "test", 1)
    assert database.run(hello_sql(hello)) == [["f", "0", "0"]]
    values = f"'{HUB}', 'set', now() + interval '1 minute'"
    database.run(
        "INSERT INTO command (id, hub, kind, expires, boot, state) VALUES "
        f"('under way', {values}, 1, 'sent'), ('waiting', {values}, NULL, 'queued'), ('done', {values}, 1, 'done');"
    )
    database.run(hello_sql(hello))
    assert database.run("SELECT count(*) FROM command WHERE state = 'unknown'") == [["0"]]
    anew = Hello(HUB, INCARNATIONS[0], 2, 2, {}, 0, 0, 0.0, True, "test", 1)
    assert database.run(hello_sql(anew)) == [["t", "0", "0"]]
    assert database.run("SELECT id, state FROM command ORDER BY id") == [
        ["done", "done"],
        ["under way", "unknown"],
        ["waiting", "queued"],
    ]
