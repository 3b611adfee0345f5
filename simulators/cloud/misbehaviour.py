"""A cloud that does what it must not, on demand and by name: hubs have to bear it, and tests show that they do.

Some last until `behave`, or for so many seconds; others happen once.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.down import RETRY_AFTER_MAX_S, Command
from simulators.cloud.bad_frames import BAD_FRAMES, Victim
from simulators.cloud.consumer import Consumer, UnknownHub
from simulators.cloud.front import Front
from simulators.cloud.items import Send
from simulators.cloud.service import Service

Setting = str | int | float | bool
Settings = Mapping[str, Setting]

SLOW_S: Final = 3.0
TIMES_MAX: Final = 10
SECONDS_MAX: Final = 3600.0

LASTING: Final = {
    "refuse": "no hub is let in",
    "stall": "connections stay, nothing that hubs say is heard, and nothing is answered",
    "away": "the consumer goes away; a broker keeps what hubs say meanwhile",
    "forget-acks": "everything is kept, nothing is acknowledged",
    "slow-acks": f"each acknowledgement leaves late; late=SECONDS (default {SLOW_S:g})",
    "duplicate": "each command is sent several times; times=N (default 2)",
    "lose-commands": "commands leave, and never arrive",
}
"""Until `behave`, or for seconds=N."""
BEHAVE: Final = "behave"


class CannotMisbehave(ValueError):
    """There is no such misbehaviour, or not here; says what there is."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """Begins, and ends when it is told to, or by itself."""

    words: str
    begin: Callable[[Settings], None]
    """Raises CannotMisbehave."""
    end: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Once:
    words: str
    do: Callable[[Settings], str]
    """Says in words what has been done. Raises CannotMisbehave."""


class Misbehaviour:
    """The manners of a service, good until told otherwise. More of them may be added."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._loop = asyncio.get_running_loop()
        self._active: dict[str, Settings] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._faults: dict[str, Lasting | Once] = {name: Lasting(words, *_ALONE) for name, words in LASTING.items()}
        self.add("refuse", self._at_fronts("refuse", lambda front, on: front.refuse(on)))
        self.add("away", self._at_fronts("away", lambda front, on: front.listen(not on)))
        self.add("forget", Once("everything that was known of all hubs is lost", self._forget))
        self.add("kick", Once("the hub's connection breaks; hub=ID", self._kick))
        self.add("bye", Once("the hub is asked to go; hub=ID retry_after=SECONDS (default 1)", self._bye))
        for name in BAD_FRAMES:
            self.add(name, Once("a frame that the hub must refuse; hub=ID device=ID", partial(self._send_bad, name)))
        service.manners = self

    def add(self, name: str, fault: Lasting | Once) -> None:
        self._faults[name] = fault

    @property
    def there_is(self) -> Mapping[str, str]:
        """Every name, and what it does."""
        return {**{name: fault.words for name, fault in self._faults.items()}, BEHAVE: "all of that ends"}

    @property
    def active(self) -> list[str]:
        return sorted(self._active)

    # The service's manners.

    def hears(self) -> bool:
        return "stall" not in self._active

    def sendings(self, send: Send) -> Iterable[tuple[float, Send]]:
        if "stall" in self._active:
            return ()
        if send.channel is Down.ACK:
            if "forget-acks" in self._active:
                return ()
            return ((self._number("slow-acks", "late", SLOW_S, SECONDS_MAX), send),)
        if send.channel is Down.COMMAND:
            if "lose-commands" in self._active:
                return ()
            times = int(self._number("duplicate", "times", 2, TIMES_MAX)) if "duplicate" in self._active else 1
            return ((0.0, send), *((0.0, replace(send, command=None)) for _ in range(times - 1)))
        return ((0.0, send),)

    # What may be asked for.

    def do(self, name: str, settings: Settings) -> str:
        """What has been done, in words. Raises CannotMisbehave."""
        if name == BEHAVE:
            self.behave()
            return "it behaves"
        match self._faults.get(name):
            case Lasting() as fault:
                return self._begin(name, fault, settings)
            case Once() as fault:
                return fault.do(settings)
        raise CannotMisbehave(f"there is no misbehaviour {name[:40]!r}; there is {', '.join(self.there_is)}")

    def behave(self) -> None:
        for name in list(self._active):
            self._end(name)

    def close(self) -> None:
        self.behave()

    def hub_meant(self, settings: Settings) -> str:
        """The one that `hub` names, or the only one there is. Raises CannotMisbehave."""
        wanted = settings.get("hub")
        known = [hub.id for hub in self._service.consumer.hubs()]
        if wanted is None and len(known) == 1:
            return known[0]
        if wanted not in known:
            raise CannotMisbehave(f"say which hub with hub=ID; there is {', '.join(known[:10]) or 'none yet'}")
        return str(wanted)

    def _begin(self, name: str, fault: Lasting, settings: Settings) -> str:
        seconds = _number(settings, "seconds", 0.0, SECONDS_MAX)
        self._end(name)
        fault.begin(settings)
        self._active[name] = dict(settings)
        if seconds:
            self._ends[name] = self._loop.call_later(seconds, self._end, name)
        return f"{fault.words.partition(';')[0]}, {f'for {seconds:g} s' if seconds else f'until `{BEHAVE}`'}"

    def _end(self, name: str) -> None:
        timer = self._ends.pop(name, None)
        if timer is not None:
            timer.cancel()
        fault = self._faults[name]
        if self._active.pop(name, None) is not None and isinstance(fault, Lasting):
            fault.end()

    def _at_fronts(self, name: str, tell: Callable[[Front, bool], bool]) -> Lasting:
        """What only the fronts can do: all that can."""

        def told(*, on: bool) -> bool:
            answers = [tell(door.front, on) for door in self._service.doors if door.front is not None]
            return any(answers)

        def begin(_settings: Settings) -> None:
            if not told(on=True):
                raise CannotMisbehave(f"no way by which hubs come here can {name}")

        def end() -> None:
            told(on=False)

        return Lasting(LASTING[name], begin, end)

    def _forget(self, _settings: Settings) -> str:
        self._service.forget()
        return "everything is forgotten"

    def _kick(self, settings: Settings) -> str:
        hub = self.hub_meant(settings)
        if not any(door.front.kick(hub) for door in self._service.doors if door.front is not None):
            raise CannotMisbehave(f"{hub} is not connected here, or only its broker could kick it")
        return f"{hub} was kicked"

    def _bye(self, settings: Settings) -> str:
        hub, seconds = self.hub_meant(settings), _number(settings, "retry_after", 1.0, RETRY_AFTER_MAX_S)
        self._service.bye(hub, "the cloud wants it so", seconds)
        return f"{hub} was asked to come back after {seconds:g} s"

    def _send_bad(self, name: str, settings: Settings) -> str:
        hub = self.hub_meant(settings)
        victim = victim_of(self._service.consumer, hub, settings.get("device"))
        if not self._service.send(hub, *BAD_FRAMES[name](victim)):
            raise CannotMisbehave(f"{hub} is not connected")
        return f"{hub} was sent a command that is {name}"

    def _number(self, name: str, key: str, default: float, most: float) -> float:
        settings = self._active.get(name)
        return 0.0 if settings is None else _number(settings, key, default, most)


def _nothing(*_: object) -> None:
    pass


_ALONE: Final[tuple[Callable[[Settings], None], Callable[[], None]]] = (_nothing, _nothing)
"""Of those that need nobody else: `hears` and `sendings` look at what is active."""


def victim_of(consumer: Consumer, hub_name: str, device: Any = None) -> Victim:
    """A good command to spoil, for a device of the hub that can be switched on. Raises CannotMisbehave."""
    try:
        hub = consumer.hub(hub_name)
    except UnknownHub:
        raise CannotMisbehave(f"there is no hub {hub_name}") from None
    devices = consumer.devices(hub_name)
    found = [it["id"] for it in devices if device in (None, it["id"], it.get("name")) and _on(it) is not None]
    if not found:
        raise CannotMisbehave(f"{hub_name} has no device that can be switched on" + (f" {device!r}" if device else ""))
    on = next(_on(it) for it in devices if it["id"] == found[0])
    ended = next((it.id for it in consumer.commands.latest(hub_name, 50) if it.state == "done"), None)
    wish = consumer.commands.draft(hub, found[0], {"on": not on})
    message = wish.message(hub.boot)
    assert isinstance(message, Command)
    return Victim(message, hub.desired, ended)


def _on(device: Mapping[str, Any]) -> bool | None:
    capabilities = device.get("capabilities")
    on_off = capabilities.get("on_off") if isinstance(capabilities, dict) else None
    on = on_off.get("on") if isinstance(on_off, dict) else None
    return on if isinstance(on, bool) else None


def _number(settings: Settings, key: str, default: float, most: float) -> float:
    value = settings.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise CannotMisbehave(f"{key} is no number from 0 to {most:g}")
    return float(value)
