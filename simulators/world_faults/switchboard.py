"""Switches a world's faults on and off by their names, and knows which are on."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hubagent.toml_lines import did_you_mean
from simulators.action import TARGET
from simulators.fault_kind import Ends, Heal, Number, Options, Target, Value, nothing_to_heal, number
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.struck import Struck, WorldFault
from simulators.world_faults.table import WORLD_FAULTS

ACTIVE_MAX: Final = 1000
"""Faults that are on at once. When one more is struck the oldest is healed."""
_SECONDS: Final = Number("until it is healed", "s", 0, 1e9, 0)
RADIO: Final = "radio"
DEVICE: Final = "device"
"""How people name the target, as one of the options."""


def target_key(kind: WorldFault) -> str:
    """RADIO or DEVICE."""
    return DEVICE if kind.target is Target.DEVICE else RADIO


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
            raise NoSuchFault(f"{kind.name} does not strike {target!r}; {_there_are(there)}")
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

        Where a rate of 0 is the usual one, what was on is healed, and it strikes once. Without a radio all are struck
        that can be. Raises like `strike`.
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
            if kind.complete({})["rate"] != 0:
                return
        kind.complete(own)
        until = math.inf if seconds is None else self._struck.loop.time() + seconds
        heals = [self._strike(kind.name, target, own, until) for target in targets]
        if seconds is not None:
            for heal in heals:
                self._struck.loop.call_later(seconds, heal)

    def heal(self, name: str | None = None, target: str | None = None) -> None:
        """All that are on, or those of that name, or on that target. Raises NoSuchFault where there is none of that
        name, or nothing of that name that such a fault could be on."""
        kind = None if name is None else self.kind(name)
        full = None if kind is None else kind.name
        if target is not None:
            self._must_be_there(target, (DEVICE, RADIO) if kind is None else (target_key(kind),))
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
        key = target_key(kind)
        said = [str(options.pop(word)) for word in (key, TARGET) if word in options]
        if len(said) > 1:
            raise NoSuchFault(f"it is said twice what {kind.name} strikes: {' and '.join(said)}")
        if (other := RADIO if key == DEVICE else DEVICE) in options:
            raise NoSuchFault(f"{kind.name} strikes a {key}: say which with {key}=NAME, not with {other}=")
        if not said and key == DEVICE:
            raise NoSuchFault(f"say which device {kind.name} strikes, with device=NAME; {_there_are(there)}")
        if not said:
            return there
        [named] = said
        self._must_be_there(named, (key,))
        if named not in there:
            raise NoSuchFault(f"{kind.name} does not strike {named}; {_there_are(there)}")
        return (named,)

    def _must_be_there(self, name: str, keys: tuple[str, ...]) -> None:
        """As one of what is named by these keys."""
        known = {DEVICE: self._struck.devices, RADIO: self._struck.dongles}
        there = [it for key in keys for it in known[key]]
        if name not in there:
            here = " here" if keys == (RADIO,) else ""
            what = f"there is no {' or '.join(keys)} {name!r}{here}"
            raise NoSuchFault(f"{what}{did_you_mean(name, there) or ';'} {_there_are(there)}")


def _there_are(names: Sequence[str]) -> str:
    return f"there are {', '.join(names) or 'none'}"
