"""Keys and codes are shown to nobody who does not ask for them: not by a value's own text, an error or a log."""

import dataclasses
import importlib
import inspect
import logging
import pkgutil
import traceback
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import drivers.zigbee.ezsp
import drivers.zigbee.zcl.clusters
from drivers.zigbee.coordinator import Coordinator, Unanswered
from drivers.zigbee.exchange import Answered
from drivers.zigbee.ezsp.security import ExportKey
from drivers.zigbee.ezsp.structures import KeyContext
from drivers.zigbee.ezsp.types import KeyType
from drivers.zigbee.wire import Key, Record
from drivers.zigbee.zcl.clusters.door_lock_users import SetPin
from hubagent.model.capabilities.door_lock import SetUserCode
from hubagent.model.driver import NotPossible
from hubagent.model.event import Outcome
from simulators.devices.lock import Lock
from tests.helpers.zigbee_home import ZigbeeHome, zigbee_home

KEY = bytes(range(0xA0, 0xB0))
NOT_SECRET = {"key_type", "key_index", "key_mic", "key_bitmask", "key_data", "network_key_info"}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}")


def key_fields() -> Iterator[tuple[type, dataclasses.Field[Any]]]:
    for package in (drivers.zigbee.ezsp, drivers.zigbee.zcl.clusters):
        for module in modules(package):
            for kind in vars(module).values():
                if inspect.isclass(kind) and issubclass(kind, Record) and dataclasses.is_dataclass(kind):
                    hints = typing.get_type_hints(kind, include_extras=True)
                    for field in dataclasses.fields(kind):
                        of_bytes = "bytes" in str(hints[field.name])
                        if hints[field.name] == Key or (field.name in ("key", "code", "pin") and of_bytes):
                            yield kind, field


def test_no_frame_shows_a_key_or_a_code_when_it_is_printed() -> None:
    found = list(key_fields())
    assert len({kind for kind, _ in found}) > 20
    assert [f"{kind.__name__}.{field.name}" for kind, field in found if field.repr] == []


def test_the_code_of_a_lock_is_not_printed() -> None:
    assert "4711" not in repr(SetPin(1, 1, 0, b"4711"))


async def test_an_answer_that_cannot_be_read_does_not_show_the_key_in_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with zigbee_home({}) as home:
        coordinator = home.driver.coordinator
        assert coordinator is not None

        async def cut_off(self: Coordinator, *_: Any) -> Answered:
            return Answered(ExportKey.ID, KEY[:12])

        monkeypatch.setattr(Coordinator, "_call", cut_off)
        with pytest.raises(Unanswered) as caught:
            await coordinator.ask(ExportKey(KeyContext(KeyType.NETWORK)))
        shown = "".join(traceback.format_exception(caught.value)) + caplog.text
        assert KEY[:8].hex() not in shown
        assert "ExportKey cannot be read" in shown
        monkeypatch.undo()


async def test_nothing_that_is_logged_told_or_shown_has_a_key_or_a_code_in_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    home = ZigbeeHome()
    code, pin = "83FED3407A939723A5C639B26916D505C3B5", "471199"
    lock, link_key = Lock(home.loop), "66B6900981E1EE3CA4206B6B861C02BB"
    home.place("hall.lock", lock)
    async with home.running(60):
        formed = home.network.memory.network
        assert formed is not None
        assert (await home.send("hall.lock", SetUserCode(1, pin))).outcome is Outcome.CONFIRMED
        steps = [step async for step in home.driver.pair({"install_code": code}, 5)]
        wrong = [step async for step in home.driver.pair({"install_code": code[:-1] + "0"}, 5)]
        home.network.cut_power("hall.lock")
        silent = await home.send("hall.lock", SetUserCode(2, pin))
        taken = await home.driver.act("backup", None, {})
        with pytest.raises(NotPossible) as refused:
            await home.driver.act("restore", None, {"backup": {**taken["backup"], "channel": 99}})
        shown = [steps, wrong, silent, str(refused.value), home.events, home.driver.status(), home.detail]
        parts = [*vars(home.driver).values(), *vars(home.driver.the_parts()).values()]
        text = "".join(map(repr, [*shown, *parts])) + caplog.text
        secrets = (code, link_key, pin, formed.network_key.hex(), formed.link_key.hex())
        assert [secret for secret in secrets if secret.lower() in text.lower()] == []
        raw = (bytes.fromhex(link_key), formed.network_key, formed.link_key)
        assert [key for key in raw if repr(key)[2:-1] in text] == []
    home.close()
