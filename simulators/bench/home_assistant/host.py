"""Home Assistant's core in one process, with automations, measured from a state that is set to the service's handler.

Run by the Python of the environment that has it (`make peers-home-assistant`), never by the project's.

    .peers/home-assistant/bin/python -I host.py

It reads one line of JSON on stdin, `{"automations": YAML, "runs": N, "warm_up": N}`, and answers with one on stdout:
`{"version": TEXT, "reactions_ns": [..], "load_s": S, "memory_mb": MB}`. It is given its best: no log, no recorder, no
web server, nothing that listens to states but the automations; and the time ends when the handler is called, whatever
the automations that do not act have yet to do.
"""

import asyncio
import gc
import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

# Imported before the memory is looked at: the code is no part of what automations need.
import homeassistant.components.automation  # type: ignore[import-not-found]
import homeassistant.components.homeassistant.triggers.state  # type: ignore[import-not-found]  # noqa: F401 - see above
from homeassistant import bootstrap, config_entries, loader
from homeassistant.const import __version__  # type: ignore[import-not-found]
from homeassistant.core import CoreState, HomeAssistant, callback  # type: ignore[import-not-found]
from homeassistant.setup import async_setup_component  # type: ignore[import-not-found]
from homeassistant.util.yaml import parse_yaml  # type: ignore[import-not-found]

MOTION: Final = "binary_sensor.hall_motion"
STATES: Final = {
    MOTION: "off",
    "binary_sensor.attic_motion": "off",
    "sensor.hall_lux": "12",
    "input_select.home_mode": "home",
    "light.hall": "off",
}
REACTION_S: Final = 60.0
_PAGE_B: Final = os.sysconf("SC_PAGESIZE")


async def core(folder: str) -> Any:
    """As its own start makes it, up to where a home's integrations would come."""
    hass = HomeAssistant(folder)
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    await bootstrap.async_load_base_functionality(hass)
    for domain in sorted(bootstrap.CORE_INTEGRATIONS):
        assert await async_setup_component(hass, domain, {}), domain
    for entity, state in STATES.items():
        hass.states.async_set(entity, state)
    await hass.async_start()
    assert hass.state is CoreState.running
    return hass


async def load(hass: Any, text: str) -> None:
    listed = parse_yaml(text)
    assert await async_setup_component(hass, "automation", {"automation": listed})
    await hass.async_block_till_done()
    on = [state for state in hass.states.async_all("automation") if state.state == "on"]
    assert len(on) == len(listed), f"{len(on)} of {len(listed)} automations are on"


async def reactions(hass: Any, count: int) -> list[int]:
    found: list[int] = []
    called: asyncio.Future[int] = hass.loop.create_future()

    @callback  # type: ignore[untyped-decorator]
    def turn_on(_call: Any) -> None:
        called.set_result(time.perf_counter_ns())

    hass.services.async_register("test", "turn_on", turn_on)
    for _ in range(count):
        hass.states.async_set(MOTION, "off")
        await hass.async_block_till_done()
        called = hass.loop.create_future()
        began = time.perf_counter_ns()
        hass.states.async_set(MOTION, "on")
        async with asyncio.timeout(REACTION_S):
            found.append(await called - began)
        # The others' conditions are asked before the next report, and a second call would have failed.
        await hass.async_block_till_done()
    return found


async def measure(wish: dict[str, Any], folder: str) -> dict[str, Any]:
    hass = await core(folder)
    gc.collect()
    memory = memory_b()
    began = time.perf_counter()
    await load(hass, wish["automations"])
    load_s = time.perf_counter() - began
    memory_mb = (memory_b() - memory) / 1e6
    gc.freeze()
    found = await reactions(hass, wish["runs"] + wish["warm_up"])
    return {
        "version": __version__,
        "reactions_ns": found[wish["warm_up"] :],
        "load_s": load_s,
        "memory_mb": memory_mb,
    }


def memory_b() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * _PAGE_B


def main() -> None:
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="hubagent-bench-ha-") as folder:
        answer = asyncio.run(measure(json.loads(sys.stdin.readline()), folder))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        # Its stop would wait for what a home has to write down.
    os._exit(0)


if __name__ == "__main__":
    main()
