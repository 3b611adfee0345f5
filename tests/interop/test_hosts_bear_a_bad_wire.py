"""Two real hosts and the simulated Zigbee dongle get their frames through a wire that damages and loses them.

Each end of ASH is judged by somebody else's other end: who does not send again, or takes a damaged frame for a good
one, is stuck here.
"""

from pathlib import Path

import pytest

from simulators.cable import PtyCable, TcpCable
from simulators.faults import Direction, WireFaults
from tests.interop.plugged import plugged
from tests.interop.zigbee2mqtt.broker import broker
from tests.interop.zigbee2mqtt.host import zigbee2mqtt_on
from tests.interop.zigbee2mqtt.with_plug import NAMES, switch, url
from tests.interop.zigbee2mqtt.with_plug import pair as pair_with_zigbee2mqtt
from tests.interop.zigpy_bellows.host import started
from tests.interop.zigpy_bellows.with_plug import PLUGS_SWITCH
from tests.interop.zigpy_bellows.with_plug import pair as pair_with_bellows

pytestmark = [pytest.mark.interop, pytest.mark.real_time]

TIMES = 20
BAD = {"flip": 0.02, "drop_byte": 0.02, "garbage": 0.02, "half": 0.01, "lose": 0.01, "split": 0.1, "coalesce": 0.1}
SEED = 5


async def test_bellows_and_the_dongle_bear_a_bad_wire(tmp_path: Path) -> None:
    wire = WireFaults(SEED)
    async with plugged(PtyCable(tmp_path / "port"), wire=wire) as there, started(there.port, tmp_path) as host:
        await pair_with_bellows(host, there)
        wire.rates.update(BAD)
        for on in (True, False) * (TIMES // 2):
            await host.call("command", command="on" if on else "off", **PLUGS_SWITCH)
            assert there.plug.on is on
        assert wire.struck
        assert there.stick.malformed_commands == 0


async def test_zigbee2mqtt_hears_the_dongle_over_a_bad_wire(tmp_path: Path) -> None:
    """In this direction alone: where a command of its own is lost, zigbee-herdsman waits until it gives up."""
    wire = WireFaults(SEED)
    async with (
        broker(tmp_path) as broker_port,
        plugged(TcpCable("127.0.0.1", 0), wire=wire) as there,
        zigbee2mqtt_on(url(there), broker_port, tmp_path, NAMES) as host,
    ):
        await pair_with_zigbee2mqtt(host, there)
        for number, fault in enumerate(BAD):
            wire.ask_for(fault, Direction.TO_HOST)
            await switch(host, there, "OFF" if number % 2 else "ON")
        assert {strike.fault for strike in wire.struck} == set(BAD)
        assert there.stick.malformed_commands == 0
