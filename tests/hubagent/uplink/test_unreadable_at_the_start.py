"""An outbox that cannot be read when the agent starts, and can be a moment later, when the cloud is there already."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.opening import open_disk
from hubagent.uplink.outbox.saving import RETRY_DELAY_S
from tests.helpers.scripted_transport import DOWN
from tests.hubagent.uplink.test_uplink import far


async def test_what_could_not_be_read_at_the_start_is_told_as_soon_as_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with far(tmp_path) as it:
        it.transport.fail = DOWN
        await asyncio.sleep(1)
        for number in range(6):
            it.report("on_off", on=number % 2 == 0)
            await asyncio.sleep(1)
    tries = 0

    def not_at_first(*args: Any, **more: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise sqlite3.OperationalError("disk I/O error")
        return open_disk(*args, **more)

    monkeypatch.setattr("hubagent.uplink.outbox.saving.open_disk", not_at_first)
    async with far(tmp_path) as it:
        await it.connected()
        assert it.status["outbox"] == "memory"
        began = asyncio.get_running_loop().time()
        hello = await it.connection.welcome()
        assert asyncio.get_running_loop().time() - began < 2 * RETRY_DELAY_S
        assert hello.oldest[MessageClass.EVENT][0] < it.hello.epoch
        told: list[bool] = []
        while len(told) < 6:
            kind, body = await it.connection.content(MessageClass.EVENT)
            if kind == "state":
                told.append(body["values"]["on"])
        assert told == [True, False] * 3
        await asyncio.sleep(1)
        assert it.status["kept"]["event"] == 0
