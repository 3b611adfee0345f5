"""What the outbox takes: durable messages a second, and what of them the disk feels; and a million that wait.

A message is durable when the commit that it is in has returned. Bytes are what the process hands to the system's write
calls; a disk writes whole blocks of them. The floor is SQLite alone, with one commit for each message.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from hubagent.cli.drivers import open_serial
from hubagent.runtime import real_runtime
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.outbox import FILE, Outbox, open_outbox
from hubagent.uplink.outbox.terms import Bound, Bounds

CONTENT: Final = bytes(range(120))
"""As long as an event is in CBOR."""
PACED: Final = (1, 50, 2000, 4000)
"""Messages a second."""
PACED_S: Final = 4.0
LONE: Final = 8
AT_ONCE: Final = 100_000
FLOOR: Final = 1000
MILLION: Final = 1_000_000
FEW: Final = 2000
"""Where a short run only shows that it works."""
GROUP: Final = 20
"""Puts between two rounds of the loop, where it goes as fast as it can."""
PAGE: Final = 100
PAGE_BYTES: Final = 16 * 1024
PAGES: Final = 300
LIVE: Final = 200
"""Messages a second, while the cloud answers."""
ACKNOWLEDGED_S: Final = 0.01
LAST_S: Final = 0.1
_ROOMY: Final = Bounds(dict.fromkeys(MessageClass, Bound(2**40, 1e12)))
_CLASSES: Final = (*[MessageClass.TELEMETRY] * 8, MessageClass.EVENT, MessageClass.RESULT)


@dataclass(slots=True)
class OutboxCase:
    name: str
    messages: int
    seconds: float = 0.0
    commits: int = 0
    written_b: int = 0
    put_s: list[float] = field(default_factory=list)
    """What the caller waited for."""
    durable_s: list[float] = field(default_factory=list)
    """From the put to the end of the commit, of those that were not acknowledged before."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """In a process of its own that does nothing else."""

    messages: int
    file_mb: float
    empty_mb: float
    """Resident before there was any message."""
    full_mb: float
    start_s: float
    """Opening the file again."""
    page_us: float
    """Reading a page and acknowledging it."""


class _Meter:
    """Opens databases, and sees when a commit has returned: so many messages are durable then."""

    def __init__(self, case: OutboxCase) -> None:
        self.case = case
        self._waiting: dict[int, float] = {}
        """By number, when it was put."""
        self._written_b = 0
        self._began = 0.0

    def open_database(self, path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None, factory=_Metered)
        database.meter = self
        return database

    def begin(self) -> None:
        self.case.commits = 0
        self._written_b = _written_b()
        self._began = time.perf_counter()

    def end(self) -> OutboxCase:
        self.case.seconds = time.perf_counter() - self._began
        self.case.written_b = _written_b() - self._written_b
        return self.case

    def put(self, outbox: Outbox, message_class: MessageClass) -> int:
        began = time.perf_counter()
        # Some puts commit.
        self._waiting[outbox.seq + 1] = began
        seq = outbox.put(message_class, CONTENT)
        self.case.put_s.append(time.perf_counter() - began)
        return seq

    def acknowledge(self, outbox: Outbox, message_class: MessageClass, seq: int) -> None:
        self._waiting.pop(seq, None)
        outbox.acknowledge(message_class, outbox.epoch, seq)

    def committed(self) -> None:
        now = time.perf_counter()
        self.case.commits += 1
        self.case.durable_s += [now - put_at for put_at in self._waiting.values()]
        self._waiting.clear()


class _Metered(sqlite3.Connection):
    meter: _Meter

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        done = super().execute(sql, *args)
        if sql == "COMMIT":
            self.meter.committed()
        return done


def measure_outbox(tell: Callable[[str], None], *, brief: bool = False) -> list[OutboxCase]:
    with tempfile.TemporaryDirectory(prefix="hubagent-bench-") as folder:
        return asyncio.run(_measure(Path(folder), tell, brief=brief))


def measure_backlog(tell: Callable[[str], None], *, brief: bool = False) -> Backlog:
    count = FEW if brief else MILLION
    tell(f"an outbox with {count:,} messages")
    with tempfile.TemporaryDirectory(prefix="hubagent-bench-") as folder:
        command = [sys.executable, "-m", __name__, folder, str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    return Backlog(**json.loads(done.stdout))


async def _measure(folder: Path, tell: Callable[[str], None], *, brief: bool) -> list[OutboxCase]:
    tell("SQLite alone, one commit a message")
    cases = [_floor(folder / "floor.db", FEW // 20 if brief else FLOOR)]
    for per_s in PACED:
        tell(f"the outbox, {per_s:,} messages a second")
        messages = min(FEW // 20, per_s) if brief else max(LONE, int(per_s * PACED_S))
        cases.append(await _paced(folder / str(per_s), OutboxCase(f"{per_s:,} a second", messages), per_s))
    messages = FEW if brief else AT_ONCE
    tell(f"the outbox, {messages:,} messages as fast as it can")
    cases.append(await _at_once(folder / "fast", OutboxCase("as fast as it can", messages)))
    tell("the outbox, each message acknowledged 10 ms later")
    live = OutboxCase("acknowledged after 10 ms", FEW // 20 if brief else FEW)
    cases.append(await _paced(folder / "live", live, LIVE, ACKNOWLEDGED_S))
    return cases


def _floor(path: Path, messages: int) -> OutboxCase:
    meter = _Meter(OutboxCase("SQLite, one by one", messages))
    with closing(meter.open_database(path)) as database:
        database.execute("PRAGMA journal_mode = WAL").fetchall()
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE messages (place INTEGER PRIMARY KEY, content BLOB)")
        meter.begin()
        for place in range(messages):
            began = time.perf_counter()
            database.execute("INSERT INTO messages VALUES (?, ?)", (place, CONTENT))
            meter.case.put_s.append(time.perf_counter() - began)
        meter.case.commits = messages
        meter.case.durable_s = list(meter.case.put_s)
        return meter.end()


async def _paced(folder: Path, case: OutboxCase, per_s: float, acknowledged_s: float | None = None) -> OutboxCase:
    meter = _Meter(case)
    outbox = _opened(folder, meter)
    loop = asyncio.get_running_loop()
    began = loop.time()
    meter.begin()
    for number in range(case.messages):
        pause = began + number / per_s - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        message_class = _CLASSES[number % len(_CLASSES)]
        seq = meter.put(outbox, message_class)
        if acknowledged_s is not None:
            loop.call_later(acknowledged_s, meter.acknowledge, outbox, message_class, seq)
    # The last ones' commit, or that there is none.
    await asyncio.sleep(1 / per_s + LAST_S)
    meter.end()
    outbox.close()
    return case


async def _at_once(folder: Path, case: OutboxCase) -> OutboxCase:
    meter = _Meter(case)
    outbox = _opened(folder, meter)
    meter.begin()
    for number in range(case.messages):
        meter.put(outbox, _CLASSES[number % len(_CLASSES)])
        if number % GROUP == 0:
            await asyncio.sleep(0)
    outbox.flush()
    meter.end()
    outbox.close()
    return case


def _opened(folder: Path, meter: _Meter | None = None) -> Outbox:
    runtime = real_runtime(open_serial)
    return open_outbox(
        folder, runtime if meter is None else replace(runtime, open_database=meter.open_database), _ROOMY
    )


def _written_b() -> int:
    """Of this process, by its write calls."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def _memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


async def _fill(folder: Path, messages: int) -> Backlog:
    outbox = _opened(folder)
    empty_mb = _memory_mb()
    for number in range(messages):
        outbox.put(_CLASSES[number % len(_CLASSES)], CONTENT)
        if number % GROUP == 0:
            await asyncio.sleep(0)
    outbox.close()
    began = time.perf_counter()
    outbox = _opened(folder)
    start_s = time.perf_counter() - began
    stream = outbox.streams()[0]
    began = time.perf_counter()
    pages = 0
    while pages < PAGES and (page := outbox.read(stream.message_class, stream.epoch, 0, PAGE, PAGE_BYTES)):
        outbox.acknowledge(stream.message_class, stream.epoch, page[-1].seq)
        pages += 1
    page_us = (time.perf_counter() - began) / max(pages, 1) * 1e6
    full_mb = _memory_mb()
    file_mb = (folder / FILE).stat().st_size / 1e6
    outbox.close()
    return Backlog(messages, file_mb, empty_mb, full_mb, start_s, page_us)


def table(cases: Sequence[OutboxCase]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """What became durable in a second, and what it took."""
    rows = [
        [case.name, *(f"{figure:{how}}" for figure, how in zip(_figures(case).values(), _SHOWN.values(), strict=True))]
        for case in cases
    ]
    return ["outbox", *(name.replace("_us", " µs").replace("_ms", " ms").replace("_", " ") for name in _SHOWN)], rows


def view(cases: Sequence[OutboxCase]) -> list[dict[str, object]]:
    """Times in the unit that ends their names."""
    return [{"name": case.name, **_figures(case)} for case in cases]


def backlog_table(backlog: Backlog) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    return _BACKLOG_HEAD, [
        [
            f"{backlog.messages:,}",
            f"{backlog.file_mb:.0f}",
            f"{backlog.empty_mb:.0f}",
            f"{backlog.full_mb:.0f}",
            f"{backlog.start_s * 1000:.0f}",
            f"{backlog.page_us:.0f}",
        ]
    ]


_BACKLOG_HEAD: Final = ("messages queued", "file MB", "empty: RSS MB", "RSS MB", "start ms", f"page of {PAGE} µs")

_SHOWN: Final = {
    "messages": ",d",
    "durable_per_s": ",.0f",
    "put_p50_us": ".1f",
    "put_p99_us": ".0f",
    "durable_p50_ms": ".1f",
    "durable_p99_ms": ".1f",
    "commits": ",d",
    "bytes_a_message": ",.0f",
}


def _figures(case: OutboxCase) -> dict[str, float]:
    from simulators.bench.report import quantile  # noqa: PLC0415 - it knows the radios too

    durable_s = case.durable_s
    return {
        "messages": case.messages,
        "durable_per_s": round(len(durable_s) / case.seconds, 1),
        "put_p50_us": quantile(case.put_s, 0.5) * 1e6,
        "put_p99_us": quantile(case.put_s, 0.99) * 1e6,
        "durable_p50_ms": quantile(durable_s, 0.5) * 1e3 if durable_s else 0.0,
        "durable_p99_ms": quantile(durable_s, 0.99) * 1e3 if durable_s else 0.0,
        "commits": case.commits,
        "bytes_a_message": round(case.written_b / case.messages, 1),
    }


if __name__ == "__main__":
    # Of `measure_backlog`: in a process of its own, so that its memory is the outbox's.
    print(json.dumps(asdict(asyncio.run(_fill(Path(sys.argv[1]), int(sys.argv[2]))))))  # noqa: T201 - the answer
