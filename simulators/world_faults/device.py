"""What goes wrong with one device: its power, its firmware, its sensors, its clock, and hands that are at it."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from simulators.devices.device import CannotDo, Device
from simulators.devices.health import WrongValue
from simulators.dongle import Dongle, DressedDevice
from simulators.fault_kind import Choice, Ends, Flag, Heal, Number, Option, Options, Target, nothing_to_heal, number
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.struck import Struck, WorldFault, with_radio

_Strike = Callable[[Struck, str, Options], Heal]
_Targets = Callable[[Struck], tuple[str, ...]]
AWAKE_SHORT_S: Final = 0.3
STORM_MAX: Final = 50
"""Reports a second: more than any radio takes."""


def device_faults() -> Iterator[WorldFault]:
    yield from _of_power()
    yield from _of_firmware()
    yield from _of_the_rest()


def _of_power() -> Iterator[WorldFault]:
    yield _fault("device.dead", (19,), "it has no power; what it keeps without is there when that returns", _dead)
    yield _fault("device.alive", (), "it has its power back", _alive, ends=Ends.AT_ONCE, heals="device.dead")
    yield _fault(
        "device.battery",
        (19,),
        "its battery has so much left: low from 15 %, frames get lost below 3 %, dead at 0; healed it is a new one",
        _battery,
        _with_battery,
        level=Number("what is left", "%", 0, 100, 5, drawn=(0, 15)),
    )
    yield _fault(
        "device.awake_short",
        (20,),
        "it listens for a moment after it woke, and not before it wakes again",
        _awake_short,
        _sleepers,
        lasts_s=(600.0, 7200.0),
        awake=Number("how long", "s", 0.05, 10, AWAKE_SHORT_S, drawn=(0.2, 1.0)),
    )


def _of_firmware() -> Iterator[WorldFault]:
    yield _fault(
        "device.reboot",
        (21,),
        "its firmware starts anew: what it only had in memory is gone, and it says who it is",
        _reboot,
        ends=Ends.BY_ITSELF,
        seconds=Number("until it is there again", "s", 0.1, 600, 2, drawn=(0.5, 20)),
        comes_back=Choice("what is on or off then, unless it was set", *_BACK, drawn=_BACK[0]),
        moved=Flag("under another network address (Zigbee)", False, drawn=True),
        announces=Flag("with a node information frame (Z-Wave)", True, drawn=True),
    )
    yield _fault("air.no_answer", (18,), "its radio acknowledges, and no application answers", _no_answer, mute=_MUTE)
    yield _fault(
        "device.late_answer",
        (13,),
        "it answers after whoever asked has given up, to the old transaction",
        partial(_ailing, "answers_after_s", lambda options: number(options, "after")),
        after=Number("how long it takes over an answer", "s", 0.1, 120, 12, drawn=(2, 40)),
    )
    yield _fault(
        "device.wrong_value",
        (23,),
        "it reports a value of another type, one for none (0x8000), or one that cannot be",
        partial(_ailing, "reports", lambda options: WrongValue(str(options["what"]))),
        what=Choice("what is wrong", _WRONG, _WRONG[0], drawn=_WRONG),
    )
    yield _fault(
        "device.report_storm",
        (25,),
        "it says how things are, again and again",
        _storm,
        ends=Ends.BY_ITSELF,
        per_s=Number("reports a second", "1/s", 0.1, STORM_MAX, 20, drawn=(2, 30)),
        seconds=Number("for so long", "s", 0.1, 3600, 10, drawn=(2, 30)),
    )


def _of_the_rest() -> Iterator[WorldFault]:
    yield _fault("device.stuck", (22,), "its sensor goes on seeing what it sees now", _stuck, _sensing)
    yield _fault(
        "device.clock",
        (24,),
        "its own clock shows a wrong time, and runs fast or slow",
        _clock,
        lasts_s=(600.0, 7200.0),
        wrong_by=Number("what it shows too much", "s", -86_400, 86_400, 3600, drawn=(-43_200, 43_200)),
        ppm=Number("how fast it is", "ppm", -50_000, 50_000, 500, drawn=(-20_000, 20_000)),
    )
    yield _fault(
        "device.manual",
        (24,),
        "a hand operates it in the moment after it has carried out a command",
        _manual,
        _operable,
        after=Number("how long after", "s", 0, 10, 0, drawn=(0, 0.5)),
        rate=Number("at each command", "chance", 0, 1, 1, drawn=(0.1, 1)),
    )


_BACK: Final = (("as_before", "on", "off"), "as_before")
_WRONG: Final = tuple(map(str, WrongValue))
_MUTE: Final = Flag("it does as it is told, and only does not answer", False, drawn=True)


def _fault(
    name: str,
    numbers: tuple[int, ...],
    about: str,
    strike: _Strike,
    targets: _Targets = with_radio,
    *,
    ends: Ends = Ends.HEALED,
    lasts_s: tuple[float, float] = (1.0, 120.0),
    heals: str = "",
    **options: Option,
) -> WorldFault:
    return WorldFault(name, numbers, about, Target.DEVICE, ends, strike, targets, options, lasts_s, heals)


# --- who can have it


def _which(struck: Struck, fits: Callable[[str, Device, Dongle], bool]) -> tuple[str, ...]:
    placed = struck.devices.items()
    return tuple(name for name, it in placed if it.dongle is not None and fits(name, it.device, it.dongle))


def _with_battery(struck: Struck) -> tuple[str, ...]:
    return _which(struck, lambda _name, device, _dongle: device.battery is not None)


def _sleepers(struck: Struck) -> tuple[str, ...]:
    return _which(struck, lambda name, _device, dongle: dongle.sleeps(name))


def _sensing(struck: Struck) -> tuple[str, ...]:
    return _which(struck, lambda _name, device, _dongle: bool(device.MEASURES))


def _operable(struck: Struck) -> tuple[str, ...]:
    return _which(struck, lambda _name, device, _dongle: type(device).meddle is not Device.meddle)


# --- what is done


def _there(struck: Struck, device: str) -> tuple[Device, Dongle, DressedDevice]:
    placed = struck.devices[device]
    assert placed.dongle is not None
    return placed.device, placed.dongle, placed.dongle.nodes[device]


def power_of(struck: Struck, device: str) -> Stacked[bool]:
    """Whether it has any, as far as faults go."""
    _, dongle, _ = _there(struck, device)

    def write(powered: bool) -> None:
        (dongle.restore_power if powered else dongle.cut_power)(device)

    return struck.setting(f"{device} power", lambda: True, write)


def _dead(struck: Struck, device: str, _: Options) -> Heal:
    return power_of(struck, device).put(False)


def _alive(struck: Struck, device: str, _: Options) -> Heal:
    power_of(struck, device).settle(True)
    return nothing_to_heal


def _battery(struck: Struck, device: str, options: Options) -> Heal:
    physical, _, _ = _there(struck, device)
    setting = struck.setting(f"{device} battery", lambda: 100.0, physical.discharge_to)
    return setting.put(number(options, "level"))


def _awake_short(struck: Struck, device: str, options: Options) -> Heal:
    _, dongle, _ = _there(struck, device)
    setting = struck.setting(f"{device} awake", lambda: None, partial(dongle.keep_awake, device))
    return setting.put(number(options, "awake"))


def _reboot(struck: Struck, device: str, options: Options) -> Heal:
    physical, dongle, _ = _there(struck, device)
    why = f"it starts anew: {struck.loop.time()}"
    dongle.cut_power(device, why)
    over = False

    def come_back() -> None:
        nonlocal over
        if over:
            return
        over = True
        timer.cancel()
        physical.restart({"on": True, "off": False}.get(str(options["comes_back"])))
        dongle.restore_power(device, why)
        if options["announces"] and dongle.has_power(device):
            dongle.say_who_it_is(device, moved=bool(options["moved"]))

    timer = struck.loop.call_later(number(options, "seconds"), come_back)
    return come_back


def _ailing(what: str, value: Callable[[Options], object], struck: Struck, device: str, options: Options) -> Heal:
    _, _, node = _there(struck, device)
    read, write = partial(getattr, node.health, what), partial(setattr, node.health, what)
    return struck.setting(f"{device} {what}", read, write).put(value(options))


def _no_answer(struck: Struck, device: str, options: Options) -> Heal:
    return _ailing("mute" if options["mute"] else "hung", lambda _: True, struck, device, options)


def _storm(struck: Struck, device: str, options: Options) -> Heal:
    node = _there(struck, device)[2]
    return _Storm(struck.loop, node, 1 / number(options, "per_s"), number(options, "seconds")).end


class _Storm:
    """One that rages."""

    def __init__(self, loop: asyncio.AbstractEventLoop, node: DressedDevice, apart_s: float, seconds: float) -> None:
        self._loop = loop
        self._node = node
        self._apart_s = apart_s
        self._left = max(1, round(seconds / apart_s))
        self._timer = loop.call_later(0.0, self._say)

    def end(self) -> None:
        self._timer.cancel()

    def _say(self) -> None:
        self._left -= 1
        if self._left:
            self._timer = self._loop.call_later(self._apart_s, self._say)
        self._node.tell_all()


def _stuck(struck: Struck, device: str, _: Options) -> Heal:
    physical = _there(struck, device)[0]
    return struck.setting(f"{device} stuck", lambda: False, physical.set_stuck).put(True)


def _clock(struck: Struck, device: str, options: Options) -> Heal:
    node = _there(struck, device)[2]

    def write(state: tuple[float, float]) -> None:
        node.clock.wrong_by_s, node.clock.ppm = state

    setting = struck.setting(f"{device} clock", lambda: (node.clock.wrong_by_s, node.clock.ppm), write)
    return setting.put((number(options, "wrong_by"), number(options, "ppm")))


def _manual(struck: Struck, device: str, options: Options) -> Heal:
    physical, _, node = _there(struck, device)
    rng = struck.rng(f"fault:device.manual:{device}:{struck.loop.time():.6f}")

    def meddle() -> None:
        try:
            physical.meddle()
        except CannotDo:
            # A jammed bolt, say: the hand gives up.
            return

    def at_command() -> None:
        if rng.random() < number(options, "rate"):
            struck.loop.call_later(number(options, "after"), meddle)

    read, write = partial(getattr, node.health, "at_command"), partial(setattr, node.health, "at_command")
    return struck.setting(f"{device} hand", read, write).put(at_command)
