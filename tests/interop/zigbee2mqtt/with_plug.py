"""zigbee2mqtt and the plug that is written by hand."""

from tests.interop.plain_plug import EUI64
from tests.interop.plugged import NAME, Plugged
from tests.interop.zigbee2mqtt.host import Zigbee2Mqtt

NAMES = {f"0x{EUI64:016x}": NAME}
PAIRING_S = 30.0
NOT_OURS = "warning: \tz2m: Device 'plug' with Zigbee model 'PlainPlug' and manufacturer name 'by hand' is NOT "
"""It is in nobody's database."""


async def pair(host: Zigbee2Mqtt, there: Plugged) -> None:
    await host.ask("permit_join", {"time": 60})
    there.network.press(NAME)
    await host.settles({NAME}, PAIRING_S)


async def switch(host: Zigbee2Mqtt, there: Plugged, state: str) -> None:
    host.publish(f"{NAME}/set", {"state": state})
    await host.hears(NAME, state=state)
    assert there.plug.on is (state == "ON")


def problems(host: Zigbee2Mqtt) -> list[str]:
    return [line for line in host.problems() if not line.startswith(NOT_OURS)]


def url(there: Plugged) -> str:
    """The dongle's TCP port, as it writes them."""
    return there.port.replace("socket:", "tcp:")
