"""bellows and zigpy in virtual time, on the same stick and sensors as the agent. Run by the Python of the environment
that has them (`make peers`), never by the project's: they are GPL-3.0.

    .peers/venv/bin/python bellows_virtual.py SECONDS IDLE_SECONDS PATH...

PATHs are where this project and what its simulators need are found. It binds each sensor and configures its reports,
as the agent does; then SECONDS of virtual time pass in which they report, and IDLE_SECONDS in which nothing changes.
One line of JSON on stdout says how long either took. Its clock for the round trip of ASH is the real one, which it
reads itself.
"""

import asyncio
import json
import logging
import random
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

sys.path += sys.argv[3:]

import bellows.uart  # type: ignore[import-not-found]
import zigpy.config as conf  # type: ignore[import-not-found]
import zigpy.types as t  # type: ignore[import-not-found]
from bellows.zigbee.application import ControllerApplication  # type: ignore[import-not-found]

from simulators.bench.week.sensors import BUSY, IDLE, Sensors
from simulators.cable import MemoryCable
from simulators.virtual_time import VirtualTimeLoop, seldom_collected

TEMPERATURE: Final = 0x0402
STEPS_MAX: Final = 10**10
MIN_S: Final = 10
MAX_S: Final = 3600
CHANGE: Final = 50
"""In hundredths of a degree."""
PATIENCE_S: Final = 600.0


async def application(cable: MemoryCable) -> Any:
    async def connect(loop: Any, make: Any, url: Any, **_: Any) -> tuple[Any, Any]:  # noqa: ARG001
        protocol = make()
        return cable.open(protocol), protocol

    bellows.uart.zigpy.serial.create_serial_connection = connect
    app = await ControllerApplication.new(
        {
            conf.CONF_DEVICE: {conf.CONF_DEVICE_PATH: cable.address},
            conf.CONF_DATABASE: None,
            "use_thread": False,
            conf.CONF_OTA: {conf.CONF_OTA_ENABLED: False},
            conf.CONF_TOPO_SCAN_ENABLED: False,
            conf.CONF_NWK_BACKUP_ENABLED: False,
        },
        start_radio=False,
    )
    await app.startup(auto_form=False)
    return app


async def know(app: Any, eui64: int, address: int, heard: Any) -> None:
    """Interview it, bind it, and listen to its reports."""
    ieee = t.EUI64(eui64.to_bytes(8, "little"))
    app.handle_join(nwk=t.NWK(address), ieee=ieee, parent_nwk=t.NWK(0))
    device = app.devices[ieee]
    async with asyncio.timeout(PATIENCE_S):
        while not device.is_initialized:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(1)
    cluster = next(it.in_clusters[TEMPERATURE] for it in device.non_zdo_endpoints if TEMPERATURE in it.in_clusters)
    await cluster.bind()
    await cluster.configure_reporting("measured_value", MIN_S, MAX_S, CHANGE)
    cluster.on_event("attribute_report", heard)


async def main(seconds: float, idle_s: float) -> list[dict[str, Any]]:
    sensors = Sensors()
    cable = MemoryCable()
    await cable.plug(sensors.stick)
    reports = 0

    def heard(_event: Any) -> None:
        nonlocal reports
        reports += 1

    app = await application(cable)
    for eui64, address in sensors.addresses:
        await know(app, eui64, address, heard)

    async def took(what: str, seconds: float, pass_time: Callable[[float], Awaitable[object]]) -> dict[str, Any]:
        nonlocal reports
        reports = 0
        began = time.perf_counter()
        await pass_time(seconds)
        return {"what": what, "virtual_s": seconds, "took_s": time.perf_counter() - began, "events": reports}

    both = [await took(BUSY, seconds, sensors.live), await took(IDLE, idle_s, asyncio.sleep)]
    await app.shutdown()
    await cable.close()
    return both


if __name__ == "__main__":
    logging.disable()
    random.seed(1)
    with seldom_collected(), asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(max_steps=STEPS_MAX)) as runner:
        print(json.dumps(runner.run(main(float(sys.argv[1]), float(sys.argv[2])))))  # noqa: T201 - the parent reads it
