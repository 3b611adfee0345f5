"""What goes wrong on the wire between a stick and its host (`faults` does it)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from simulators.fault_kind import Choice, Ends, Heal, Number, Options, Target, nothing_to_heal, number
from simulators.faults import UNPLUG, Direction
from simulators.world_faults.struck import Struck, WorldFault, radios

_ABOUT: Final[Mapping[str, tuple[tuple[int, ...], str]]] = {
    "drop_byte": ((1,), "one byte of a write is missing"),
    "flip": ((2,), "one bit of a write is wrong"),
    "duplicate": ((3,), "a write arrives twice"),
    "garbage": ((4,), "up to 16 random bytes come before a write"),
    "half": ((5,), "a write ends in the middle"),
    "lose": ((5,), "nothing of a write arrives"),
    "split": ((6,), "a write arrives in pieces, up to 20 ms apart"),
    "coalesce": ((6,), "a write waits up to 30 ms and arrives together with what follows"),
    "late": ((7,), "a write takes up to 2 s"),
    "stall": ((7,), "nothing arrives in a direction for 2 to 12 s, then everything"),
}
_RARE: Final = 0.01
_SELDOM: Final = frozenset(("late", "stall"))
"""Each of these costs seconds: no plan draws them often."""


@dataclass(frozen=True, slots=True)
class _Once(Number):
    """A chance of which 0 is not never."""

    once: str = ""
    """What 0 is."""

    @property
    def usual_text(self) -> str:
        return f"{self.usual:g} ({self.once})"


def _rate(highest_drawn: float) -> Number:
    about = "the chance that it strikes a write; 0: it strikes the next write, and no other"
    once = "the next write only"
    return _Once(about, "chance", 0, 1, 0, drawn=(_RARE / 10, highest_drawn), once=once)


_DIRECTION: Final = Choice(
    "of the next write", tuple(map(str, Direction)), str(Direction.TO_HOST), drawn=tuple(map(str, Direction))
)


def wire_faults() -> Iterator[WorldFault]:
    for name, (numbers, about) in _ABOUT.items():
        yield WorldFault(
            name=f"wire.{name}",
            numbers=numbers,
            about=about,
            target=Target.WIRE,
            ends=Ends.HEALED,
            strike=partial(_strike, name),
            targets=radios,
            options={"rate": _rate(_RARE if name in _SELDOM else 10 * _RARE), "direction": _DIRECTION},
        )
    yield WorldFault(
        name=f"wire.{UNPLUG}",
        numbers=(9,),
        about="the stick is pulled out, and put back in",
        target=Target.WIRE,
        ends=Ends.BY_ITSELF,
        strike=_unplug,
        targets=radios,
        options={
            "seconds": Number("until it is put back in", "s", 0, 86_400, 5, drawn=(0.1, 60)),
            "rate": _Once(
                "the chance that a write pulls it out; 0: it is pulled out now", "chance", 0, 1, 0, once="now"
            ),
        },
    )


def _strike(name: str, struck: Struck, radio: str, options: Options) -> Heal:
    rate = number(options, "rate")
    if rate:
        return _with_rate(name, struck, radio, rate)
    struck.wire_faults[radio].ask_for(name, Direction(str(options["direction"])))
    return nothing_to_heal


def _with_rate(name: str, struck: Struck, radio: str, rate: float) -> Heal:
    rates = struck.wire_faults[radio].rates
    setting = struck.setting(f"{radio} wire {name}", partial(rates.get, name, 0.0), partial(rates.__setitem__, name))
    return setting.put(rate)


def _unplug(struck: Struck, radio: str, options: Options) -> Heal:
    rate = number(options, "rate")
    if rate:
        return _pulled_out_by_chance(struck, radio, rate)
    wire = struck.wires.get(radio)
    if wire is None:
        struck.wire_faults[radio].ask_for(UNPLUG)
        return nothing_to_heal
    return wire.pull_out(number(options, "seconds"))


def _pulled_out_by_chance(struck: Struck, radio: str, rate: float) -> Heal:
    off = _with_rate(UNPLUG, struck, radio, rate)

    def heal() -> None:
        off()
        if (wire := struck.wires.get(radio)) is not None:
            wire.put_in()

    return heal
