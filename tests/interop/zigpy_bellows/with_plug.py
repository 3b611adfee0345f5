"""bellows and the plug that is written by hand."""

from typing import Any

from tests.interop.plain_plug import ENDPOINT, EUI64, ON_OFF
from tests.interop.plugged import NAME, Plugged
from tests.interop.zigpy_bellows.host import Bellows

PLUG: dict[str, Any] = {"ieee": ":".join(f"{byte:02x}" for byte in EUI64.to_bytes(8, "big")), "endpoint": ENDPOINT}
PLUGS_SWITCH: dict[str, Any] = {**PLUG, "cluster": ON_OFF}


async def pair(host: Bellows, there: Plugged) -> None:
    await host.call("permit", seconds=60)
    there.network.press(NAME)
    await host.happens(event="joined", ieee=PLUG["ieee"])
    await host.happens(event="initialized", ieee=PLUG["ieee"])
