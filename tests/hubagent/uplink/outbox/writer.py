"""A process that puts messages as fast as it can, and says on stdout what is on disk and what it acknowledges."""

import asyncio
import random
import sys
from pathlib import Path
from typing import NoReturn

from hubagent.runtime import Runtime, real_runtime
from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.outbox import open_outbox
from hubagent.uplink.outbox.saving import COMMIT_DELAY_S, REST_MAX_S


async def _no_ports(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
    raise NotImplementedError(port, baud, protocol)


def the_runtime() -> Runtime:
    return real_runtime(_no_ports)


async def _write(folder: Path) -> NoReturn:
    outbox = open_outbox(folder, the_runtime())
    print("boot", outbox.boot, flush=True)
    rng = random.Random(outbox.boot)
    while True:
        put = []
        for _ in range(rng.randint(1, 200)):
            size = rng.choice([1, 100, 5000])
            put += [outbox.put(MessageClass.EVENT, bytes(size)), size]
            outbox.put(MessageClass.TELEMETRY, b"x")
        if rng.random() < 0.97:
            outbox.flush()
        else:
            # By its own timer, on the slowest of disks.
            await asyncio.sleep(COMMIT_DELAY_S + REST_MAX_S)
        print("committed", outbox.epoch, *put, flush=True)
        if rng.random() < 0.3:
            seq = rng.choice(put[::2])
            # Said before it is done: from then on it may be gone.
            print("acknowledging", outbox.epoch, seq, flush=True)
            outbox.acknowledge(MessageClass.EVENT, outbox.epoch, seq)
        if rng.random() < 0.1:
            outbox.new_epoch()


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1])))
