"""A hub that says numbered things, and can be killed at any moment.

python -m simulators.bench.loss.hub_side URL SEAL FOLDER RATE
RATE messages a second, each with the start's number and its own. When everything up to N is durable, "durable BOOT N"
is said on stdout: from then on it is promised. "end" on stdin ends the saying; "empty" is said when the outbox is.
"""

import asyncio
import sys
from pathlib import Path
from typing import Final

from hubagent.cli.cloud_link import transport_to
from hubagent.cli.drivers import open_serial
from hubagent.clock import TrustedClock
from hubagent.config import UplinkConfig
from hubagent.home import Home, HomeRecords
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import Identity
from hubagent.identity.seal import seal_source
from hubagent.model.event import VariableChanged
from hubagent.runtime import Runtime, real_runtime
from hubagent.store.store import Store, open_store
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from hubagent.uplink.uplink import Parts, Uplink
from hubagent.wishes import Wishes

TICK_S: Final = 0.01
PROMISE_S: Final = 0.1
WHO: Final = "bench"


class _NoRules:
    def judge(self, device: str, values: object) -> None: ...

    def person_acted(self, device: str, commands: object) -> None: ...


async def main(url: str, seal: str, folder: Path, rate: int) -> None:
    runtime = real_runtime(open_serial)
    loop = asyncio.get_running_loop()
    files = IdentityFiles(folder)
    clock = TrustedClock(runtime.wall, loop.time, None)
    identity = Identity(files, seal_source(f"file:{seal}", {}), clock)
    store = open_store(folder, runtime)
    outbox = open_outbox(folder / "uplink", runtime)
    transport = transport_to(UplinkConfig(url, fallbacks=False), identity)
    parts = Parts(identity.hub, "bench", outbox, transport, clock, runtime.rng("uplink"), {}, lambda _: False)
    home = _home(runtime, store)
    uplink = Uplink(parts, home, Wishes(home, _NoRules(), lambda *_: None, "cloud"))
    over = asyncio.Event()
    loop.add_reader(sys.stdin, over.set)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(uplink.run())
        await _say(uplink, outbox, rate, over)
        while any(count for count, _ in outbox.counts().values()):  # noqa: ASYNC110 - it has no event for that
            await asyncio.sleep(PROMISE_S)
        _tell("empty")
        await loop.create_future()


def _home(runtime: Runtime, store: Store) -> Home:
    records = HomeRecords(store.shelf("devices"), store.shelf("names"), store.shelf("states", durable=False))
    return Home(runtime.wall, records)


async def _say(uplink: Uplink, outbox: Outbox, rate: int, over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    began, said, promise_at = loop.time(), 0, PROMISE_S
    name = str(outbox.boot)
    _tell(f"durable {outbox.boot} 0")
    while not over.is_set():
        now = loop.time() - began
        while said < now * rate:
            said += 1
            uplink.hear(VariableChanged(name, said, WHO), {})
        if now >= promise_at:
            promise_at = now + PROMISE_S
            # What was heard is put into the outbox a moment later.
            await asyncio.sleep(TICK_S)
            outbox.flush()
            _tell(f"durable {outbox.boot} {said}")
        await asyncio.sleep(TICK_S)
    await asyncio.sleep(TICK_S)
    outbox.flush()
    _tell(f"durable {outbox.boot} {said}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
