"""The cloud's consumer in a process that can be killed at any moment.

python -m simulators.bench.loss.cloud_side coap|mqtt PORT FOLDER
FOLDER has tls/ with anchors.pem, server.pem and .key (CoAP), cloud.pem and .key (MQTT); the database is cloud.db in it.
"""

import asyncio
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

from hubagent.cli.drivers import open_serial
from hubagent.runtime import real_runtime
from simulators.bench.uplink.site import consumer_context
from simulators.cloud.bounds import Bounds
from simulators.cloud.ca import server_context
from simulators.cloud.coap_front import CoapFront
from simulators.cloud.consumer import Consumer
from simulators.cloud.mqtt_front import MqttFront
from simulators.cloud.service import Service


async def main(way: str, port: int, folder: Path) -> None:
    runtime = real_runtime(open_serial)
    database = sqlite3.connect(folder / "cloud.db", isolation_level=None)
    bounds = replace(Bounds(), history_max=10**7)
    service = Service(Consumer(database, runtime.wall, runtime.entropy, bounds))
    door = service.door()
    tls = folder / "tls"
    if way == "coap":
        context = server_context(tls / "server.pem", tls / "server.key", _text(tls / "anchors.pem"))
        async with CoapFront(door, context, "127.0.0.1", port) as front:
            door.front = front
            await _ready()
    else:
        mqtt = MqttFront("127.0.0.1", port, consumer_context(tls), door)
        door.front = mqtt
        mqtt.listen(True)
        await mqtt.listening()
        await _ready()


def _text(path: Path) -> bytes:
    return path.read_bytes()


async def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
