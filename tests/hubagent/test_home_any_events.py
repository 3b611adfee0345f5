"""The home under any sequence of events and restarts: what must hold after each of them."""

import random
from collections.abc import Callable

import pytest

from hubagent.home import BadName, Home, Previous
from hubagent.model.capability import Value
from hubagent.model.device import Device, DeviceId, Presence
from hubagent.model.event import (
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverCondition,
    DriverStatus,
    Event,
    StateReported,
)
from tests.helpers.memory_records import memory_home_records

STEPS = 300
NAMES = ("lamp", "Lamp", "lamp 2", "desk", "", "  odd\n", "x" * 80)


class Life:
    """A home, what must be true of it, and a source of whatever may happen to it."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.records = memory_home_records()
        self.said: dict[tuple[DeviceId, str], Value] = {}
        self.start()

    def start(self) -> None:
        self.home = Home(lambda: 0.0, self.records)
        self.home.restore(frozenset({"fake"}))
        self.home.listen(self.hear)
        self.said = {}

    def hear(self, event: Event, previous: Previous) -> None:
        if isinstance(event, StateReported):
            for name, value in event.values.items():
                before = self.said.get((event.device, name))
                is_change = before is not None and before != value
                assert (name in previous) == is_change
                assert previous.get(name) == (before if is_change else None)
                self.said[event.device, name] = value
        elif isinstance(event, DeviceLeft):
            self.said = {key: value for key, value in self.said.items() if not key[0].startswith(event.device)}
        elif isinstance(event, DriverStatus):
            self.said = {key: value for key, value in self.said.items() if key[0] in self.home.devices}

    def step(self) -> None:
        steps: tuple[Callable[[], None], ...] = (
            self.report, self.report, self.report, self.join, self.change, self.leave, self.fall_silent, self.rename,
            self.ready, self.restart,
        )  # fmt: skip
        self.rng.choice(steps)()
        self.check()

    def check(self) -> None:
        names = [device.name.casefold() for device in self.home.devices.values()]
        assert len(set(names)) == len(names)
        for device in self.home.devices.values():
            assert self.home.resolve(device.id) is device
            assert self.home.resolve(device.name) is device
            assert self.home.state(device.id) is not None
        for (device_id, name), value in self.said.items():
            assert self.home.state(device_id)["on_off"][name].value == value

    def report(self) -> None:
        device = f"fake-{self.rng.randrange(6)}"
        self.home.apply(StateReported(device, "on_off", {"on": self.rng.choice([True, False, None])}, 0.0))

    def join(self) -> None:
        self.home.apply(DeviceJoined(self.device()))

    def change(self) -> None:
        device = self.device()
        if device.id in self.home.devices:
            self.home.apply(DeviceChanged(device))

    def leave(self) -> None:
        self.home.apply(DeviceLeft(f"fake-{self.rng.randrange(6)}"))

    def fall_silent(self) -> None:
        self.home.apply(DeviceSilent(f"fake-{self.rng.randrange(6)}"))

    def rename(self) -> None:
        device = f"fake-{self.rng.randrange(6)}"
        name = self.rng.choice(NAMES)
        if device in self.home.devices:
            try:
                self.home.rename(device, name)
            except BadName:
                return
            assert self.home.devices[device].name == name

    def ready(self) -> None:
        self.home.apply(DriverStatus("fake", DriverCondition.READY))

    def restart(self) -> None:
        before = {device.id: device.name for device in self.home.devices.values()}
        self.start()
        after = {device.id: device.name for device in self.home.devices.values()}
        assert before.items() <= after.items()

    def device(self) -> Device:
        number = self.rng.randrange(6)
        presence = self.rng.choice(list(Presence))
        return Device(f"fake-{number}", self.rng.choice(NAMES), "fake", number, ("on_off",), presence)


@pytest.mark.parametrize("seed", range(60))
def test_the_home_holds_together_whatever_happens(seed: int) -> None:
    life = Life(seed)
    for _ in range(STEPS):
        life.step()
