"""A stick that lives and says what cannot be used: how often it is asked, and how much of that is logged."""

import asyncio

import pytest

from drivers.zwave.controller import COME_BACK_MAX_S, LOGGED_MAX
from drivers.zwave.serial_api.application import ApplicationCommand
from drivers.zwave.serial_api.controller_info import GetSerialApiCapabilities, InitData
from drivers.zwave.serial_api.function import Message, to_frame
from drivers.zwave.serial_frame import DataFrame, FrameType
from hubagent.model.event import Outcome
from simulators.devices.switch import Switch
from tests.helpers.zwave_home import ZwaveHome, zwave_home


async def test_a_stick_that_says_twice_that_it_has_started_is_started_all_the_same() -> None:
    home = ZwaveHome()
    home.place("hall.light", Switch())
    say, said = home.stick._say, list[Message]()

    def again(message: Message) -> None:
        """Instead of its first answer after the reset."""
        link = home.stick._link
        if isinstance(message, InitData) and not said and link is not None:
            said.append(message)
            link.send(to_frame(home.stick._started()))
        else:
            say(message)

    home.stick._say = again  # type: ignore[method-assign]  # firmware with a fault
    async with home.running():
        assert said
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
    home.cable.unplug()


def warnings(caplog: pytest.LogCaptureFixture, about: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if about in record.getMessage()]


async def test_a_stick_that_says_much_that_cannot_be_read_does_not_fill_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        controller = home.driver.the_controller()
        for number in range(100):
            broken = DataFrame(FrameType.REQUEST, ApplicationCommand.FUNCTION, bytes((0, 2, 9, number)))
            controller.data_received(broken.to_bytes())
            await asyncio.sleep(1)
        assert len(warnings(caplog, "cannot be read")) == LOGGED_MAX
        assert home.driver.status()["wire_unreadable"] == 100


class Garbling:
    """From its next start on, a stick garbles the answer in which it says what nodes there are, until it is `well`."""

    def __init__(self, home: ZwaveHome) -> None:
        self.well = False
        self.asked_at: list[float] = []
        """When somebody began to bring it up."""
        self.asked = asyncio.Event()
        self._home = home
        self._say, self._hear = home.stick._say, home.stick.data_received
        home.stick._say = self._garbled  # type: ignore[method-assign]  # firmware with a fault
        home.stick.data_received = self._heard  # type: ignore[method-assign]  # an ear at the cable

    def _garbled(self, message: Message) -> None:
        link = self._home.stick._link
        if isinstance(message, InitData) and not self.well and link is not None:
            link.send(DataFrame(FrameType.RESPONSE, InitData.FUNCTION, b"\x08"))
        else:
            self._say(message)

    def _heard(self, data: bytes) -> None:
        if to_frame(GetSerialApiCapabilities()).to_bytes() in data:
            self.asked_at.append(self._home.loop.time())
            self.asked.set()
        self._hear(data)


async def test_a_stick_that_is_back_and_of_no_use_is_complained_of_once_and_asked_less_and_less(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        home.cable.unplug()
        stick = Garbling(home)
        home.cable.replug()
        await asyncio.sleep(3600)
        assert warnings(caplog, "is back but") == [
            "the stick on sim://test is back but does not answer as it should: GetInitData: NotUnderstood"
        ]
        pauses = [round(after - before) for before, after in zip(stick.asked_at, stick.asked_at[1:], strict=False)]
        assert pauses == sorted(pauses)
        assert pauses[-1] == COME_BACK_MAX_S
        stick.well = True
        await asyncio.sleep(COME_BACK_MAX_S + 5)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED


async def test_a_stick_that_was_of_no_use_and_is_plugged_in_again_is_used_at_once() -> None:
    async with zwave_home({"hall.light": Switch()}) as home:
        home.cable.unplug()
        stick = Garbling(home)
        home.cable.replug()
        await asyncio.sleep(3600)
        stick.asked.clear()
        await stick.asked.wait()
        await asyncio.sleep(1)
        stick.well = True
        home.cable.unplug()
        home.cable.replug()
        await asyncio.sleep(5)
        assert (await home.set("hall.light", on=True)).outcome is Outcome.CONFIRMED
