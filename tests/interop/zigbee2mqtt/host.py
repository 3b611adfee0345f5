"""The real zigbee2mqtt as a host for one of our dongles, told what to do over MQTT."""

import asyncio
import json
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.interop.peers import NODE_MODULES, need_npm_package, newest_node
from tests.interop.told_process import Refused
from tests.interop.zigbee2mqtt.mqtt import Message, MqttClient, mqtt_client

TOPIC = "zigbee2mqtt"
CHANNEL = 15
PAN_ID = 0x1A62
EXTENDED_PAN_ID = (0xDD,) * 8
NETWORK_KEY = (1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13)
"""The key that its documentation shows: nothing secret."""
START_S = 60.0
END_S = 20.0
HEARD_MAX = 50_000
COLOUR = re.compile("\x1b\\[[0-9;]*m")
CONFIGURING = "z2m: (Configuring|Successfully configured|Failed to configure) '([^']*)'"

Payload = dict[str, Any]


class Zigbee2Mqtt:
    """What it publishes is kept, so one may await it late."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._heard: deque[tuple[str, Any]] = deque(maxlen=HEARD_MAX)
        self._latest: dict[str, Any] = {}
        self._news = asyncio.Event()
        self.client: MqttClient | None = None

    def heard(self, message: Message) -> None:
        if message.topic.startswith(f"{TOPIC}/"):
            try:
                payload = json.loads(message.payload)
            except ValueError:
                payload = message.payload.decode(errors="replace")
            topic = message.topic.removeprefix(f"{TOPIC}/")
            self._heard.append((topic, payload))
            self._latest[topic] = payload
            self._news.set()

    def publish(self, topic: str, payload: Payload) -> None:
        assert self.client is not None
        self.client.publish(f"{TOPIC}/{topic}", json.dumps(payload).encode())

    async def ask(self, request: str, payload: Payload, timeout_s: float = 30.0) -> Any:
        """A request to its bridge, and what that answers. Raises Refused."""
        self.publish(f"bridge/request/{request}", payload)
        answer = await self.hears(f"bridge/response/{request}", timeout_s=timeout_s)
        if answer["status"] != "ok":
            raise Refused(answer["error"])
        return answer["data"]

    async def hears(
        self, topic: str, where: Callable[[Any], bool] = lambda _: True, *, timeout_s: float = 30.0, **like: Any
    ) -> Any:
        """The next that is published there with these fields; it and all before it are forgotten."""
        async with asyncio.timeout(timeout_s):
            while True:
                at, payload = await self._next()
                if at == topic and (not like or like.items() <= payload.items()) and where(payload):
                    return payload

    async def settles(self, names: set[str], within_s: float) -> None:
        """Until all `names` are interviewed, and what it configures on them is done or has failed."""
        missing, configured = set(names), dict.fromkeys(names, True)
        try:
            async with asyncio.timeout(within_s):
                while missing or not all(configured.values()):
                    topic, payload = await self._next()
                    if topic == "bridge/event" and payload["type"] == "device_interview":
                        assert payload["data"]["status"] != "failed", payload
                        if payload["data"]["status"] == "successful":
                            missing.discard(payload["data"]["friendly_name"])
                    elif topic == "bridge/logging" and (said := re.match(CONFIGURING, payload["message"])):
                        configured[said[2]] = said[1] != "Configuring"
        except TimeoutError as error:
            undone = [name for name, done in configured.items() if not done]
            raise AssertionError(f"in {within_s:g} s not interviewed {missing}, not configured {undone}") from error

    async def _next(self) -> tuple[str, Any]:
        while not self._heard:
            self._news.clear()
            await self._news.wait()
        return self._heard.popleft()

    def latest(self, topic: str) -> Any:
        return self._latest[topic]

    def forget(self) -> None:
        self._heard.clear()

    def problems(self) -> list[str]:
        """The errors and warnings of its log, without their times."""
        lines = COLOUR.sub("", self._log.read_text(encoding="utf-8", errors="replace")).splitlines()
        return [found[1] for line in lines if (found := re.match(r"\[[^]]*\] ((?:error|warning): .*)", line))]


def configuration(serial: str, broker_port: int, names: Mapping[str, str]) -> Payload:
    """Its configuration.yaml: JSON is YAML, too. `names` are the devices' by their EUI64s, as it writes them."""
    return {
        "version": 5,
        "mqtt": {"base_topic": TOPIC, "server": f"mqtt://127.0.0.1:{broker_port}"},
        "serial": {"port": serial, "adapter": "ember"},
        "advanced": {
            "network_key": NETWORK_KEY,
            "pan_id": PAN_ID,
            "ext_pan_id": EXTENDED_PAN_ID,
            "channel": CHANNEL,
            "log_level": "debug",
            "log_output": ["console"],
        },
        "frontend": {"enabled": False},
        "homeassistant": {"enabled": False},
        # Its list of firmware is on the network.
        "ota": {"disable_automatic_update_check": True},
        "devices": {eui64: {"friendly_name": name} for eui64, name in names.items()},
    }


@asynccontextmanager
async def zigbee2mqtt_on(
    serial: str, broker_port: int, folder: Path, names: Mapping[str, str] | None = None
) -> AsyncIterator[Zigbee2Mqtt]:
    """zigbee2mqtt with the port `serial` (a path, or `tcp://host:port`), once it is online.

    What it keeps, and its log, are in `folder`: started there again, it resumes. Skips where it is not installed.
    """
    executable = newest_node()
    need_npm_package("zigbee2mqtt")
    config = folder / "configuration.yaml"
    if not config.exists():
        config.write_text(json.dumps(configuration(serial, broker_port, names or {})), encoding="utf-8")
    log = folder / "zigbee2mqtt.log"
    host = Zigbee2Mqtt(log)
    async with mqtt_client(broker_port, host.heard) as host.client:
        host.forget()
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(executable, str(NODE_MODULES / "zigbee2mqtt" / "index.js")),
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # It asks git whether it is the version that was built, and would build itself where the folder is in a
                # repository of somebody else's.
                env={**os.environ, "ZIGBEE2MQTT_DATA": str(folder), "GIT_DIR": str(folder / "none"), "NO_COLOR": "1"},
            )
        try:
            await _online(host, process)
            yield host
        finally:
            await _end(process)


async def _online(host: Zigbee2Mqtt, process: asyncio.subprocess.Process) -> None:
    async with asyncio.TaskGroup() as group:
        ended = group.create_task(process.wait())
        # It says "online" before it listens to requests.
        online = group.create_task(host.hears("bridge/logging", message="z2m: Zigbee2MQTT started!", timeout_s=START_S))
        await asyncio.wait((ended, online), return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), host.problems()
        ended.cancel()
        await online


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end; kill it by its id if it does not."""
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
