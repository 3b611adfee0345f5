"""bellows and zigpy on a serial port, with a listener that does what the agent's rules do: the lamp follows the motion
sensor. Run by the Python of the environment that has them (`make peers`), never by the project's: they are GPL-3.0.

    .peers/venv/bin/python bellows_host.py URL FOLDER LAMP MOTION [OTHER...]

URL is `tcp://127.0.0.1:PORT` or a path, FOLDER for its database. The devices are `EUI64/ADDRESS` in hexadecimal digits:
they are in the dongle's network already, and what it does not know of them yet it asks them. It says "ready" on stderr
when the network is up, and "interviewed" when every device is known; told to "permit" on stdin, it says "permitted"
when devices may join, and "initialized" of each that has come and is known. It is given its best: no log, no second
thread, a listener that calls the cluster itself.
"""

import asyncio
import logging
import signal
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import zigpy.config as conf  # type: ignore[import-not-found]
import zigpy.device  # type: ignore[import-not-found]
import zigpy.exceptions  # type: ignore[import-not-found]
import zigpy.types as t  # type: ignore[import-not-found]
from bellows.zigbee.application import ControllerApplication  # type: ignore[import-not-found]

ON_OFF: Final = 0x0006
OCCUPANCY: Final = 0x0406
PERMIT_S: Final = 60
AT_ONCE: Final = 8
AGAIN_S: Final = 0.1
BUSY_S: Final = 0.5
REPEAT_S: Final = 0.05
"""What is heard word for word within ten seconds zigpy takes for a repeat and drops. In a home that is long enough, but
here 256 sequence numbers are used up sooner, and a dropped answer would stop it."""


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Interviews:
    """A few at a time, as a stick has room for no more, and again where one failed. `over` when all are known."""

    def __init__(self, wanted: Sequence[Any], join: Callable[[Any], None]) -> None:
        self.over = asyncio.Event()
        self._join = join
        self._missing = set(wanted)
        self._waiting = deque(wanted)
        self._look()

    def begin(self) -> None:
        for _ in range(AT_ONCE):
            self._next()

    def device_initialized(self, device: Any) -> None:
        say(f"initialized {device.ieee}")
        self._missing.discard(device.ieee)
        self._look()
        self._next()

    def device_init_failure(self, device: Any) -> None:
        say(f"error: {device.ieee} was not interviewed")
        self._waiting.append(device.ieee)
        # Not within the failing one, which is still the device's.
        asyncio.get_running_loop().call_later(AGAIN_S, self._next)

    def _next(self) -> None:
        if self._waiting:
            self._join(self._waiting.popleft())

    def connection_lost(self, reason: Any) -> None:
        # None: it closed the port itself.
        if reason is not None:
            say(f"error: {reason!r}")

    def _look(self) -> None:
        if not self._missing:
            self.over.set()


def cluster_of(device: Any, number: int) -> Any:
    """The first there is, on whichever endpoint."""
    return next(it.in_clusters[number] for it in device.non_zdo_endpoints if number in it.in_clusters)


async def application(url: str, folder: Path) -> Any:
    app = await ControllerApplication.new(
        {
            conf.CONF_DEVICE: {conf.CONF_DEVICE_PATH: url.replace("tcp:", "socket:", 1)},
            conf.CONF_DATABASE: str(folder / "zigbee.db"),
            "use_thread": False,
            conf.CONF_OTA: {conf.CONF_OTA_ENABLED: False},
            conf.CONF_TOPO_SCAN_ENABLED: False,
            conf.CONF_NWK_BACKUP_ENABLED: False,
        },
        start_radio=False,
    )
    await app.startup(auto_form=False)
    return app


async def follow_motion(app: Any, lamp: Any, motion: Any) -> None:
    """Until SIGTERM."""
    switch = cluster_of(app.devices[lamp], ON_OFF)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with asyncio.TaskGroup() as group:

        async def send(occupied: bool) -> None:
            try:
                await (switch.on() if occupied else switch.off())
            # zigpy's own, time-outs, and what it raises while the port is gone: the next report is another command.
            except Exception as error:  # noqa: BLE001
                say(f"error: {error!r}")

        def reported(event: Any) -> None:
            if event.attribute_name == "occupancy":
                group.create_task(send(bool(event.value)))

        cluster_of(app.devices[motion], OCCUPANCY).on_event("attribute_report", reported)
        say("interviewed")
        permitting = group.create_task(permit_when_told(app))
        await ended.wait()
        permitting.cancel()


async def permit_when_told(app: Any) -> None:
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    async for line in told:
        if line.strip() == b"permit":
            await permit(app)
            say("permitted")


async def permit(app: Any) -> None:
    """Again where the stick has passed on too many broadcasts of late, which bellows does not wait for."""
    while True:
        try:
            await app.permit(PERMIT_S)
        except zigpy.exceptions.DeliveryError:
            await asyncio.sleep(BUSY_S)
        else:
            return


async def main(url: str, folder: Path, devices: Sequence[str]) -> None:
    logging.disable()
    zigpy.device.PACKET_DEBOUNCE_WINDOW = REPEAT_S
    addresses = {t.EUI64.convert(eui64): t.NWK(int(node, 16)) for eui64, node in (it.split("/") for it in devices)}
    app = await application(url, folder)
    try:
        say("ready")
        missing = [eui64 for eui64 in addresses if eui64 not in app.devices or not app.devices[eui64].is_initialized]
        # What it does itself when its trust centre lets a device in.
        interviews = Interviews(missing, lambda it: app.handle_join(nwk=addresses[it], ieee=it, parent_nwk=t.NWK(0)))
        app.add_listener(interviews)
        interviews.begin()
        await interviews.over.wait()
        lamp, motion, *_ = addresses
        await follow_motion(app, lamp, motion)
    finally:
        await app.shutdown()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
