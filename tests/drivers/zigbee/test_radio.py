"""Messages and what becomes of them: each is answered once, however many there are."""

import asyncio

import pytest

from drivers.zigbee.exchange import Priority
from drivers.zigbee.questions import address_of
from drivers.zigbee.radio import UNDER_WAY_MAX, Transmission
from simulators.devices.switch import Switch
from tests.helpers.zigbee_home import zigbee_home


@pytest.mark.parametrize("version", [13, 14])
async def test_more_messages_than_old_firmware_has_numbers_for_are_answered_once_each(version: int) -> None:
    async with zigbee_home({"a.light": Switch()}, version=version) as home:
        node, radio = home.node("a.light"), home.driver.the_parts().radio
        answers: dict[int, list[Transmission]] = {number: [] for number in range(400)}
        home.cable.unplug()
        for number, own in answers.items():
            sequence = number & 0xFF
            radio.submit(node, address_of(node, 1, 0x0006), bytes((1, sequence, 2)), Priority.COMMAND, own.append)
        assert radio.under_way <= UNDER_WAY_MAX
        await asyncio.sleep(1)
        home.cable.replug()
        await asyncio.sleep(120)
        assert {len(own) for own in answers.values()} == {1}
        assert radio.under_way == 0
