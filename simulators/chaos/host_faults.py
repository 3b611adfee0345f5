"""What goes wrong with the hub's host: power, disk, process and clock (faults 8 and 26 to 30 of the forty)."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from simulators.chaos.calendar import DATES, change_in
from simulators.chaos.site_fault import SiteFault, put, the_hub
from simulators.fault_kind import Choice, Ends, Flag, Heal, Number, Options, Target, nothing_to_heal, number
from simulators.site.disk import Failing
from simulators.site.site import Site

FILES: Final = ("hub.db", "hub.db-wal", "uplink/outbox.db", "uplink/outbox.db-wal")
"""Of the hub's disk, in which bits rot."""
_BACK: Final = Number("until the power is back, or the process is started", "s", 0, 86_400, 5, drawn=(1, 60))
_DAY_S: Final = 86_400.0
_LEAP_SMEAR_PPM: Final = 1e6 / _DAY_S
"""A leap second spread over a day."""


def host_faults() -> Iterator[SiteFault]:
    yield from _power()
    yield from _disk()
    yield from _process()
    yield from _clock()


def _power() -> Iterator[SiteFault]:
    yield SiteFault(
        name="host.power_at_write",
        numbers=(26,),
        about="the power goes in the middle of a write to the disk: it is there, or not, or torn",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=_power_at_write,
        targets=the_hub,
        options={
            "write": Number("which one from now on", "", 1, 1_000_000, 1, drawn=(1, 30), whole=True),
            "back": _BACK,
        },
    )
    yield SiteFault(
        name="host.power",
        numbers=(26,),
        about="the power goes, between two writes to the disk",
        target=Target.HOST,
        ends=Ends.BY_ITSELF,
        strike=_power_now,
        targets=the_hub,
        options={"seconds": Number("until it is back", "s", 0, 86_400, 30, drawn=(1, 120))},
    )


def _disk() -> Iterator[SiteFault]:
    for failing, name, about in (
        (Failing.FULL, "full", "the disk is full"),
        (Failing.BROKEN, "broken", "each write fails with an I/O error"),
        (Failing.READ_ONLY, "read_only", "the file system was mounted read-only"),
    ):
        yield SiteFault(
            name=f"disk.{name}",
            numbers=(27,),
            about=about,
            target=Target.HOST,
            ends=Ends.HEALED,
            strike=partial(_fail, failing),
            targets=the_hub,
            lasts_s=(1.0, 300.0),
        )
    yield SiteFault(
        name="disk.rot",
        numbers=(27,),
        about="the power goes, and meanwhile a bit of a file changes by itself",
        target=Target.HOST,
        ends=Ends.BY_ITSELF,
        strike=_rot,
        targets=the_hub,
        options={
            "file": Choice("which", FILES, FILES[0], drawn=FILES),
            "place": Number("where, as a share of its length", "share", 0, 1, 0.5, drawn=(0, 1)),
            "bit": Number("which of the byte", "", 0, 7, 0, drawn=(0, 7), whole=True),
            "seconds": Number("until the power is back", "s", 0, 86_400, 5, drawn=(1, 30)),
        },
    )


def _process() -> Iterator[SiteFault]:
    yield SiteFault(
        name="host.write_blocked",
        numbers=(8,),
        about="a stick takes in nothing of what its host writes, and says what it has to say all the same",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=_block,
        targets=lambda site: tuple(site.hub.gates),
        lasts_s=(0.5, 60.0),
    )
    yield SiteFault(
        name="host.kill",
        numbers=(28,),
        about="kill -9 right after an effect: a write to a port, a frame to the cloud, or a write to the disk",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=_kill,
        targets=the_hub,
        options={
            "effect": Number("after which one from now on; 0: now", "", 0, 1_000_000, 0, drawn=(1, 100), whole=True),
            "back": _BACK,
        },
    )
    yield SiteFault(
        name="host.restart_storm",
        numbers=(28,),
        about="the process is killed again and again, soon after each start",
        target=Target.HOST,
        ends=Ends.BY_ITSELF,
        strike=_storm,
        targets=the_hub,
        options={
            "every": Number("from one to the next", "s", 0.1, 3600, 10, drawn=(1, 20)),
            "seconds": Number("for how long", "s", 0, 86_400, 60, drawn=(5, 60)),
        },
    )
    yield SiteFault(
        name="host.restart",
        numbers=(28,),
        about="the process is told to end (SIGTERM), and started again",
        target=Target.HOST,
        ends=Ends.BY_ITSELF,
        strike=_restart,
        targets=the_hub,
        options={"seconds": Number("until it is started", "s", 0, 86_400, 5, drawn=(0.1, 60))},
    )
    yield SiteFault(
        name="host.stall",
        numbers=(29,),
        about="the process stands still: swapped out, or suspended, while the world goes on",
        target=Target.HOST,
        ends=Ends.BY_ITSELF,
        strike=_stall,
        targets=the_hub,
        options={"seconds": Number("for how long", "s", 0, 3600, 2, drawn=(0.1, 5))},
    )


def _clock() -> Iterator[SiteFault]:
    yield SiteFault(
        name="clock.step",
        numbers=(30,),
        about="the clock is set wrong, and set right again by a time server",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=lambda site, _, options: _clock_by(
            site, number(options, "seconds") * (-1 if options["back"] else 1), 0.0
        ),
        targets=the_hub,
        options={
            "seconds": Number("by how much", "s", 0, 1e9, 60, drawn=(0.5, 100_000)),
            "back": Flag("it is behind, instead of ahead", usual=False, drawn=True),
        },
        lasts_s=(1.0, 900.0),
    )
    yield SiteFault(
        name="clock.epoch",
        numbers=(30,),
        about="the clock stands in 1970, as on a board without a battery",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=_epoch,
        targets=the_hub,
        lasts_s=(10.0, 900.0),
    )
    yield SiteFault(
        name="clock.drift",
        numbers=(30,),
        about="the clock goes too fast or too slowly",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=lambda site, _, options: _clock_by(site, 0.0, number(options, "ppm")),
        targets=the_hub,
        options={"ppm": Number("by how much", "ppm", -100_000, 100_000, 100, drawn=(-500, 500))},
        lasts_s=(60.0, 1800.0),
    )
    yield SiteFault(
        name="clock.leap_smear",
        numbers=(30,),
        about="a leap second is spread over the day",
        target=Target.HOST,
        ends=Ends.HEALED,
        strike=lambda site, _target, _options: _clock_by(site, 0.0, -_LEAP_SMEAR_PPM),
        targets=the_hub,
        lasts_s=(600.0, 3600.0),
    )
    for date, about in DATES.items():
        yield SiteFault(
            name=f"clock.{date}",
            numbers=(30,),
            about=f"{about}: the run begins so much before it",
            target=Target.HOST,
            ends=Ends.AT_ONCE,
            strike=lambda _site, _target, _options: nothing_to_heal,
            targets=partial(_where_it_comes, date),
        )


# --- what they do


def _where_it_comes(date: str, site: Site) -> Sequence[str]:
    return () if change_in(site.setting.plan, date) is None else the_hub(site)


def _power_at_write(site: Site, _: str, options: Options) -> Heal:
    hub, disk = site.hub, site.hub.disk
    hub.cut_power_at(int(number(options, "write")), number(options, "back"))

    def heal() -> None:
        disk.stay_powered()
        hub.power_on()

    return heal


def _power_now(site: Site, _: str, options: Options) -> Heal:
    site.hub.cut_power(number(options, "seconds"))
    return site.hub.power_on


def _fail(failing: Failing, site: Site, _target: str, _options: Options) -> Heal:
    def read() -> Failing | None:
        return site.hub.disk.failing

    def write(value: Failing | None) -> None:
        site.hub.disk.failing = value

    return put(site, "disk", read, write, failing)


def _rot(site: Site, _: str, options: Options) -> Heal:
    seconds = number(options, "seconds")
    site.hub.cut_power(seconds)
    file, place, bit = str(options["file"]), number(options, "place"), int(number(options, "bit"))
    site.world.loop.call_later(seconds / 2, site.hub.rot, file, place, bit)
    return site.hub.power_on


def _block(site: Site, radio: str, _options: Options) -> Heal:
    gate = site.hub.gates[radio]
    return put(site, f"{radio} gate", lambda: gate.shut, gate.set_shut, value=True)


def _kill(site: Site, _: str, options: Options) -> Heal:
    effect, back = int(number(options, "effect")), number(options, "back")
    if not effect:
        site.hub.kill(back)
        return site.hub.power_on
    call_off = site.hub.kill_at(effect, back)

    def heal() -> None:
        call_off()
        site.hub.power_on()

    return heal


def _storm(site: Site, _: str, options: Options) -> Heal:
    loop, every = site.world.loop, number(options, "every")
    ends_at = loop.time() + number(options, "seconds")
    timer: list[asyncio.TimerHandle] = []

    def kill() -> None:
        timer.clear()
        # A process that is being started as soon as it is gone, and never for long.
        site.hub.kill(min(1.0, every / 2))
        if loop.time() + every < ends_at:
            timer.append(loop.call_later(every, kill))

    def heal() -> None:
        for it in timer:
            it.cancel()
        site.hub.power_on()

    kill()
    return heal


def _restart(site: Site, _: str, options: Options) -> Heal:
    site.hub.restart(number(options, "seconds"))
    # It may still be ending: whoever starts another one before would have two.
    return nothing_to_heal


def _stall(site: Site, _: str, options: Options) -> Heal:
    go_on = site.hub.stall()
    timer = site.world.loop.call_later(number(options, "seconds"), go_on)

    def heal() -> None:
        timer.cancel()
        go_on()

    return heal


def _clock_by(site: Site, seconds: float, ppm: float) -> Heal:
    site.clock.drift_ppm = ppm
    site.clock.step(seconds)
    return site.clock.heal


def _epoch(site: Site, _target: str, _options: Options) -> Heal:
    site.clock.set(0.0)
    return site.clock.heal
