"""Switches a world's faults on and off by their names, and knows which are on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulators.fault_kind import Ends, Heal, Number, Options, Target, Value, nothing_to_heal, number
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.struck import Struck, WorldFault
from simulators.world_faults.table import WORLD_FAULTS

ACTIVE_MAX: Final = 1000
"""Faults that are on at once. When one more is struck the oldest is healed."""
_SECONDS: Final = Number("until it is healed", "s", 0, 1e9, 0)
_TARGET_OPTIONS: Final = {Target.DEVICE: "device"}
"""How people name the target; a radio's is `radio`."""


class NoSuchFault(ValueError):
    """There is none of that name, or not on what it is to strike; says what there is."""


@dataclass(frozen=True, slots=True)
class Active:
    """A fault that was struck, and is not known to be over."""

    number: int
    name: str
    target: str
    options: Options
    since: float
    until: float = math.inf
    """By the loop's clock: when it ends by itself, or will be healed, where that is known."""


class Switchboard:
    """One world's."""

    def __init__(self, struck: Struck) -> None:
        self._struck = struck
        self._settings: dict[str, Stacked[Any]] = {}
        self._active: dict[int, tuple[Active, Heal]] = {}
        self._numbers = 0

    def setting(self, name: str, read: Callable[[], Any], write: Callable[[Any], None]) -> Stacked[Any]:
        if name not in self._settings:
            self._settings[name] = Stacked(read, write)
        return self._settings[name]

    def strike(self, name: str, target: str, options: Mapping[str, Value]) -> Heal:
        """Raises NoSuchFault, BadOption or CannotDo, and then nothing was done."""
        return self._strike(name, target, options, math.inf)

    def _strike(self, name: str, target: str, options: Mapping[str, Value], until: float) -> Heal:
        kind = self.kind(name)
        there = kind.targets(self._struck)
        if target not in there:
            raise NoSuchFault(f"{kind.name} does not strike {target!r}; there are {', '.join(there) or 'none'}")
        complete = kind.complete(options)
        if kind.heals:
            self.heal(kind.heals, target)
        end = kind.strike(self._struck, target, complete)
        if kind.ends is Ends.AT_ONCE or end is nothing_to_heal:
            return end
        self._forget_what_is_over()
        while len(self._active) >= ACTIVE_MAX:
            self._active.pop(next(iter(self._active)))[1]()
        self._numbers += 1
        key = self._numbers
        now = self._struck.loop.time()
        if kind.ends is Ends.BY_ITSELF and not complete.get("rate"):
            # With a rate each strike of it is a matter of chance.
            until = now + number(complete, "seconds")
        self._active[key] = Active(key, kind.name, target, complete, now, until), end

        def heal() -> None:
            if self._active.pop(key, None) is not None:
                end()

        return heal

    def strike_as_told(self, name: str, options: Mapping[str, Value]) -> None:
        """As `sim do fault` says it: the target among the options, `seconds` until it is healed, `rate=0` to heal it.

        Without a radio all are struck that can be. Raises like `strike`.
        """
        kind = self.kind(name)
        own = dict(options)
        targets = self._meant(kind, own)
        seconds = None
        if kind.ends is Ends.HEALED and "seconds" not in kind.options and "seconds" in own:
            seconds = float(_SECONDS.checked("seconds", own.pop("seconds")))
        if kind.ends is Ends.HEALED and own.get("rate") == 0:
            kind.complete(own)
            for target in targets:
                self.heal(kind.name, target)
            return
        kind.complete(own)
        until = math.inf if seconds is None else self._struck.loop.time() + seconds
        heals = [self._strike(kind.name, target, own, until) for target in targets]
        if seconds is not None:
            for heal in heals:
                self._struck.loop.call_later(seconds, heal)

    def heal(self, name: str | None = None, target: str | None = None) -> None:
        """All that are on, or those of that name, or on that target."""
        full = None if name is None else self.kind(name).name
        for key, (active, end) in list(self._active.items()):
            if full in (None, active.name) and target in (None, active.target):
                del self._active[key]
                end()

    def active(self) -> tuple[Active, ...]:
        """In the order in which they were struck."""
        self._forget_what_is_over()
        return tuple(active for active, _ in self._active.values())

    def kind(self, name: str) -> WorldFault:
        """By its name, or without its family where that says which. Raises NoSuchFault."""
        if name in WORLD_FAULTS:
            return WORLD_FAULTS[name]
        found = [kind for kind in WORLD_FAULTS.values() if kind.name.partition(".")[2] == name]
        if len(found) != 1:
            what = "means several" if found else "does not exist"
            raise NoSuchFault(f"the fault {name!r} {what}; there are {', '.join(WORLD_FAULTS)}")
        return found[0]

    def _forget_what_is_over(self) -> None:
        now = self._struck.loop.time()
        for key, (active, _) in list(self._active.items()):
            if WORLD_FAULTS[active.name].ends is Ends.BY_ITSELF and active.until <= now:
                del self._active[key]

    def _meant(self, kind: WorldFault, options: dict[str, Value]) -> tuple[str, ...]:
        """The target that is named among the options, which it is taken from; every radio where none is."""
        there = tuple(kind.targets(self._struck))
        option = _TARGET_OPTIONS.get(kind.target, "radio")
        named = options.pop(option, None)
        if named is None and option == "radio":
            return there
        if option == "radio" and named not in self._struck.dongles:
            raise NoSuchFault(f"there is no radio {named!r} here; there are {', '.join(self._struck.dongles)}")
        if option == "device" and named not in self._struck.devices:
            raise NoSuchFault(f"there is no device {named!r}; there are {', '.join(self._struck.devices)}")
        if named not in there:
            raise NoSuchFault(f"{kind.name} does not strike {named}; there are {', '.join(there) or 'none'}")
        return (str(named),)
