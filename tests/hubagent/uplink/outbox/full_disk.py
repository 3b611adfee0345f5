"""A real disk of 2 MiB that is full and gets free again, told on stdout: run in a mount namespace of its own."""

import asyncio
import subprocess
import sys
from pathlib import Path

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox import saving
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from tests.hubagent.uplink.outbox.writer import the_runtime

RETRY_S = 0.5


def _fill(disk: Path) -> None:
    try:
        with (disk / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        pass


def _tell(outbox: Outbox, moment: str) -> None:
    counts = [count for count, _size in outbox.counts().values()]
    read = [len(outbox.read(it.message_class, it.epoch, 0, 10**6, 10**9)) for it in outbox.streams()]
    assert sum(counts) == sum(read), (counts, read)
    print(
        f"{moment}: {outbox.condition.value}, {sum(counts)} messages, {outbox.condition_detail or 'well'}", flush=True
    )


def _remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


async def _run(disk: Path) -> None:
    outbox = open_outbox(disk, the_runtime())
    for _ in range(20):
        outbox.put(MessageClass.EVENT, bytes(500))
    outbox.flush()
    _tell(outbox, "empty disk")
    _fill(disk)
    for _ in range(600):
        outbox.put(MessageClass.TELEMETRY, bytes(500))
    await asyncio.sleep(0.5)
    _tell(outbox, "full disk")
    (disk / "filler").unlink()
    await asyncio.sleep(2 * RETRY_S)
    _tell(outbox, "free again")
    outbox.close()
    incarnation, boot = outbox.incarnation, outbox.boot
    _fill(disk)
    outbox = open_outbox(disk, the_runtime())
    assert outbox.incarnation == incarnation
    assert outbox.boot > boot
    outbox.put(MessageClass.ALARM, bytes(500))
    await asyncio.sleep(0.5)
    _tell(outbox, "started on a full disk")
    (disk / "filler").unlink()
    outbox.flush()
    outbox.close()
    _remount(disk, "ro")
    outbox = open_outbox(disk, the_runtime())
    outbox.put(MessageClass.ALARM, bytes(500))
    await asyncio.sleep(0.5)
    _tell(outbox, "started where nothing may be written")
    _remount(disk, "rw")
    await asyncio.sleep(2 * RETRY_S)
    _tell(outbox, "writable again")
    outbox.close()


if __name__ == "__main__":
    saving.RETRY_DELAY_S = RETRY_S  # type: ignore[misc]
    asyncio.run(_run(Path(sys.argv[1])))
