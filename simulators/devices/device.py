"""What every physical device is: something that changes, and tells whoever listens which of its attributes did."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from simulators.device_memory import Kept

Listener = Callable[[str], None]
Value = bool | int | float | str
_Seen = TypeVar("_Seen")


class CannotDo(ValueError):
    """A hand asked of a device what it cannot do; says what it can."""


class Battery:
    """What a device runs on, in percent of its charge. This one does not run down; `cells` are those that do."""

    LOW = 15

    level: float

    def __init__(self, level: float = 100.0) -> None:
        self.level = level

    @property
    def empty(self) -> bool:
        return self.level <= 0

    def spend(self, mah: float) -> None:
        """So much is taken out of it."""

    def draw(self, milliamperes: float) -> None:
        """From now on so much is, all the time."""

    def fails(self) -> bool:
        """Whether it is too weak for what the device is about to do."""
        return False

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call it when so much has run down that the device says so."""

    @property
    def low(self) -> bool:
        return self.level <= self.LOW


class Device:
    """`HANDS` are the attributes that a hand, a draught or a leak can set, each with the method that does it and
    the type of what it takes: bool, int, float or str."""

    HANDS: ClassVar[Mapping[str, tuple[str, type]]] = {}
    MEASURES: ClassVar[tuple[str, ...]] = ()
    """The attributes that it senses, and could be wrong about."""

    def __init__(self, *, battery: Battery | None = None) -> None:
        self.battery = battery
        self.identifying = False
        """It blinks, so that one finds it."""
        self._listeners: list[Listener] = []
        self._stuck: dict[str, Any] = {}
        if battery is not None:
            battery.watch(lambda: self._changed("battery"))

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the name of each attribute that changes, after it did."""
        self._listeners.append(listener)

    def press(self, button: str = "1", gesture: str = "single") -> None:
        """A finger on a button of the device. Raises CannotDo."""
        raise CannotDo(f"it has no button {button!r} for a {gesture}")

    def act(self, settings: Mapping[str, Value]) -> None:
        """Set attributes by hand, as the world outside does. Raises CannotDo, and then nothing was set."""
        hands = dict(self.HANDS)
        if self.battery is not None:
            hands["battery"] = ("discharge_to", float)
        for name, value in settings.items():
            if name not in hands:
                raise CannotDo(f"no hand sets {name!r}; there is {', '.join(sorted(hands)) or 'nothing'} to set")
            if not _is_a(hands[name][1], value):
                raise CannotDo(f"{name} takes a {hands[name][1].__name__}, not {value!r}")
        for name, value in settings.items():
            method: Callable[[Any], None] = getattr(self, hands[name][0])
            method(str(value) if hands[name][1] is str else value)

    def seen(self, name: str, value: _Seen) -> _Seen:
        """What its electronics make of an attribute that is `value`: the same, unless its sensor is stuck."""
        stuck: _Seen = self._stuck.get(name, value)
        return stuck

    @property
    def is_stuck(self) -> bool:
        return bool(self._stuck)

    def set_stuck(self, stuck: bool) -> None:
        """From now on its sensors see what they see now, whatever happens; or they see again."""
        before, self._stuck = self._stuck, {}
        if stuck:
            self._stuck = {name: before.get(name, getattr(self, name)) for name in self.MEASURES}
        else:
            self._changed(*(name for name, value in before.items() if getattr(self, name) != value))

    def meddle(self) -> None:
        """What a hand does to it in passing: something that shows. Raises CannotDo where there is nothing to do."""
        raise CannotDo("there is nothing on it to be operated")

    def restart(self, on: bool | None) -> None:  # noqa: ARG002 - for those who are on or off
        """Its firmware begins anew: what moved stands still. What is on or off is as `on` says; None: as before."""
        self.identifying = False

    # --- what it keeps without power, apart from its radio; how it is at the moment is not among it

    def kept(self) -> Kept:
        return {}

    def restore(self, kept: Kept) -> None:
        """Be set as it was, without a word to those who listen. Raises anything that an unfit dictionary leads to."""

    def discharge_to(self, percent: float) -> None:
        assert self.battery is not None
        self.battery.level = within(percent, 0.0, 100.0)
        self._changed("battery")

    def identify(self, identifying: bool) -> None:
        self.identifying = identifying
        self._changed("identifying")

    def _changed(self, *attributes: str) -> None:
        for attribute in attributes:
            if attribute in self._stuck:
                continue
            for listener in tuple(self._listeners):
                listener(attribute)


def _is_a(kind: type, value: Value) -> bool:
    if kind is str:
        return True
    if isinstance(value, bool) or kind is bool:
        return kind is type(value)
    return isinstance(value, int) or type(value) is kind


def within(value: float, lowest: float, highest: float) -> float:
    return max(lowest, min(highest, float(value)))


class Motion:
    """A quantity that moves evenly towards a target: a dimmed light, a blind, a bolt. Time is the loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, value: float, arrived: Callable[[], None]) -> None:
        self._loop = loop
        self._arrived = arrived
        self._from = value
        self._left_at = 0.0
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.target = value

    @property
    def value(self) -> float:
        """Where it is now."""
        if self._timer is None:
            return self.target
        done = min(1.0, (self._loop.time() - self._left_at) / self._seconds)
        return self._from + (self.target - self._from) * done

    @property
    def moving(self) -> bool:
        return self._timer is not None

    @property
    def remaining_s(self) -> float:
        return 0.0 if self._timer is None else max(0.0, self._left_at + self._seconds - self._loop.time())

    def go(self, target: float, seconds: float) -> None:
        """Set out for `target`, to be there in so many seconds; at once where that is 0 or it is there already."""
        start = self.value
        self._cancel()
        self.target = target
        if seconds <= 0 or start == target:
            self._arrived()
            return
        self._from, self._left_at, self._seconds = start, self._loop.time(), seconds
        self._timer = self._loop.call_later(seconds, self._arrive)

    def stop(self) -> None:
        """Stay where it is now."""
        if self._timer is not None:
            self.target = self.value
            self._cancel()
            self._arrived()

    def _arrive(self) -> None:
        self._timer = None
        self._arrived()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Timer:
    """One alarm clock, set anew each time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._loop = loop
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None

    @property
    def remaining_s(self) -> float | None:
        return None if self._timer is None else max(0.0, self._timer.when() - self._loop.time())

    def start(self, seconds: float) -> None:
        self.stop()
        self._timer = self._loop.call_later(seconds, self._fire)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._ring()
