"""What goes wrong with a broker: it is stopped, killed or frozen, or somebody takes a hub's session over."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Coroutine
from typing import Any, Final

from simulators.cloud.broker import Broker, NoBroker
from simulators.cloud.misbehaviour import CannotMisbehave, Lasting, Misbehaviour, Once, Settings
from simulators.cloud.mqtt_front import MqttFront

_log = logging.getLogger(__name__)

TAKEN_S: Final = 0.5
"""So long somebody else has the hub's session."""


def add_broker_faults(
    misbehaviour: Misbehaviour,
    broker: Broker,
    impostor: Callable[[str], ssl.SSLContext],
    tasks: asyncio.TaskGroup,
) -> None:
    """`impostor` gives what somebody needs who says that they are that hub."""

    def soon(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        tasks.create_task(_one_after_the_other(lock, work))

    def kill(_settings: Settings) -> str:
        soon(lambda: _kill(broker))
        return "the broker is killed, and comes back"

    def restart(_settings: Settings) -> str:
        soon(broker.restart)
        return "the broker is stopped in order, and comes back"

    def take_over(settings: Settings) -> str:
        hub = misbehaviour.hub_meant(settings)
        soon(lambda: _take_over(broker, hub, impostor(hub)))
        return f"somebody else connects as {hub}"

    def freeze(_settings: Settings) -> None:
        if not broker.is_running:
            raise CannotMisbehave("there is no broker to freeze now")
        broker.freeze()

    def thaw() -> None:
        if broker.is_running:
            broker.thaw()

    lock = asyncio.Lock()
    frozen = Lasting("the broker keeps its connections and answers nothing", freeze, thaw)
    gone = Lasting("there is no broker", lambda _: soon(broker.stop), lambda: soon(broker.start))
    misbehaviour.add("freeze-broker", frozen)
    misbehaviour.add("stop-broker", gone)
    misbehaviour.add("kill-broker", Once("the broker ends as by kill -9, and comes back", kill))
    misbehaviour.add("restart-broker", Once("the broker is stopped in order, and comes back", restart))
    misbehaviour.add("take-over", Once("somebody connects with the hub's identity; hub=ID", take_over))


async def _one_after_the_other(lock: asyncio.Lock, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with lock:
        try:
            await work()
        except NoBroker as error:
            _log.error("the broker does not come back: %s", error)


async def _kill(broker: Broker) -> None:
    await broker.kill()
    await broker.start()


async def _take_over(broker: Broker, hub: str, context: ssl.SSLContext) -> None:
    """The broker ends the hub's own connection: a name has one (MQTT 5, section 3.1.4)."""
    somebody = MqttFront("127.0.0.1", broker.port, context, _Deaf(), client=hub)
    somebody.listen(True)
    try:
        await asyncio.sleep(TAKEN_S)
    finally:
        somebody.close()


class _Deaf:
    def received(self, hub: str, channel: str, payload: bytes) -> None:
        """What the broker kept for the hub is not for us."""

    def gone(self, hub: str) -> None:
        """Nor is who comes and goes."""
