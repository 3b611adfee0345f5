"""A network that is closed for certain."""

import asyncio

from drivers.zigbee.ezsp.types import PolicyId, TrustCenterDecision
from drivers.zigbee.trust_center import CLOSE_AGAIN_S, TrustCenter
from simulators.devices.switch import Switch
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home


def is_open(home: ZigbeeHome) -> bool:
    chip = home.stick._chip
    assert chip is not None
    joins = chip.policy(PolicyId.TRUST_CENTER) & TrustCenterDecision.ALLOW_JOINS
    return bool(joins) or chip.permits_joining or bool(chip.transient_keys)


def trust_center_that_cannot(home: ZigbeeHome, times: int) -> TrustCenter:
    """The next so many attempts to close the network take too long."""
    assert home.driver.parts is not None
    trust_center = home.driver.parts.trust_center
    shut_door = trust_center.shut_door
    failed = 0

    async def shut_or_not() -> None:
        nonlocal failed
        failed += 1
        if failed <= times:
            await asyncio.sleep(1000)
        await shut_door()

    trust_center.shut_door = shut_or_not  # type: ignore[method-assign]  # a link on a bad day
    return trust_center


async def test_what_could_not_be_closed_is_closed_later() -> None:
    async with zigbee_home({}) as home:
        trust_center = trust_center_that_cannot(home, 5)
        steps = [step async for step in home.driver.pair({}, 5)]
        assert steps[-1].step == "timeout"
        assert is_open(home)
        await asyncio.sleep(2 * CLOSE_AGAIN_S)
        assert not is_open(home)
        assert trust_center.is_closed


async def test_what_is_closed_late_does_not_close_the_next_pairing() -> None:
    async with zigbee_home({}) as home:
        trust_center_that_cannot(home, 3)
        assert [step async for step in home.driver.pair({}, 5)][-1].step == "timeout"
        home.place("b.light", Switch(), joined=False)
        home.loop.call_later(2 * CLOSE_AGAIN_S, home.network.press, "b.light")
        steps = [step async for step in home.driver.pair({}, 180)]
        assert steps[-1].step == "done"
        await asyncio.sleep(60)
        assert not is_open(home)
