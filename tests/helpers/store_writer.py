"""A process that writes records as fast as it can, and acknowledges each on stdout once it is on disk."""

import asyncio
import sys
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from hubagent.runtime import real_runtime
from hubagent.store.store import open_store


async def _no_ports(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
    raise NotImplementedError(port, baud, protocol)


def records_of(folder: Path) -> dict[str, Any]:
    """What a new agent finds in `folder`. Needs a running loop."""
    store = open_store(folder, real_runtime(_no_ports))
    try:
        return dict(store.shelf("driver.x").load())
    finally:
        store.close()


def _state(key: str) -> dict[str, str]:
    return {"of": key}


async def _write(folder: Path, first: int) -> NoReturn:
    store = open_store(folder, real_runtime(_no_ports))
    store.keep_backup()
    shelf, states = store.shelf("driver.x"), store.shelf("states", durable=False)
    for number in count(first):
        states.touch(f"lamp {number % 5}", _state)
        shelf.put(str(number), {"number": number, "text": "x" * (number % 500)})
        shelf.flush()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if number % 7 == 0:
            await asyncio.sleep(0)
    raise AssertionError


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1]), int(sys.argv[2])))
