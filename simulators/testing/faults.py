"""What goes wrong on purpose, by name: struck, healed, and written down for the timeline.

with home.zigbee.loss(0.3): ...
home.fault("device.dead", device="hall.motion", seconds=60)
home.fault("disk.full", seconds=60)
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from hubagent.toml_lines import did_you_mean
from simulators.chaos.fault import Fault as PlannedFault
from simulators.chaos.table import FAULTS, strike
from simulators.devices.device import CannotDo, Value
from simulators.fault_kind import BadOption, Ends, FaultKind, Heal, Target
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.on_the_loop import on_the_loop
from simulators.testing.record import Kind, Span
from simulators.world import CannotBe
from simulators.world_faults.switchboard import NoSuchFault
from simulators.world_faults.table import WORLD_FAULTS

__tracebackhide__ = speaks_for_itself

_OF_SITES: Final = frozenset((Target.HOST, Target.UPLINK))


class Fault:
    """Is on from the beginning; `heal` ends it, and so does the end of the `with` that it is in."""

    def __init__(self, heal: Callable[[], None]) -> None:
        self._heal = heal

    def heal(self) -> None:
        """A second time it does nothing."""
        self._heal()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._heal()


class Faults:
    def __init__(self, context: Context) -> None:
        self._context = context

    @on_the_loop
    def strike(
        self, name: str, device: str | None, radio: str | None, seconds: Duration | None, options: Mapping[str, Value]
    ) -> Fault:
        """Raises CannotBe, CannotDo."""
        kind = self._kind(name)
        of_device = kind.target is Target.DEVICE
        if device is not None and not of_device:
            raise CannotBe(f"{kind.name} does not strike a device ({device}): it is of the {kind.target}")
        if radio is not None and of_device:
            raise CannotBe(f"{kind.name} does not strike a radio ({radio}): it is of a device")
        targets = self._targets(kind, device if of_device else radio)
        lasts_s = None if seconds is None else seconds_of(seconds)
        if lasts_s is not None and "seconds" in kind.options:
            options = {**options, "seconds": lasts_s}
        heals = [self._struck(kind.name, target, options) for target in targets]
        end = self._end(kind, targets, options, heals)
        if lasts_s is not None:
            self._context.loop.call_later(lasts_s, end)
        return Fault(partial(self._context.on_the_loop, end))

    @on_the_loop
    def own(self, name: str, begin: Callable[[], None], end: Callable[[], None]) -> Fault:
        """One that no table has."""
        begin()
        span = self._context.there.recorder.fault_begins(name, "", name)
        return Fault(partial(self._context.on_the_loop, self._ended([end], [span])))

    def schedule(self, plan: Sequence[PlannedFault]) -> None:
        """Each at its time, counted from now."""
        for fault in plan:
            self._context.loop.call_later(fault.start_s, self._planned, fault)

    def _planned(self, fault: PlannedFault) -> None:
        try:
            heal = strike(self._context.site, fault.name, fault.target, fault.options)
        except (CannotBe, CannotDo) as error:
            text = f"{fault.name} {fault.target} could not strike: {error}"
            self._context.there.recorder.happened(Kind.FAULT, fault.target, text)
            return
        end = self._end(FAULTS[fault.name], (fault.target,), fault.options, [heal])
        self._context.loop.call_later(fault.end_s - fault.start_s, end)

    def _struck(self, name: str, target: str, options: Mapping[str, Value]) -> Heal:
        site = self._context.site
        if name in WORLD_FAULTS:
            return site.world.strike(name, target, **options)
        try:
            return strike(site, name, target, options)
        except BadOption as error:
            raise CannotBe(str(error)) from None

    def _end(
        self, kind: FaultKind[Any], targets: Sequence[str], options: Mapping[str, Value], heals: Sequence[Heal]
    ) -> Callable[[], None]:
        """Written down; what is called to end it."""
        text = " ".join((kind.name, *targets, *(f"{key}={value}" for key, value in options.items())))
        spans = [self._context.there.recorder.fault_begins(kind.name, target, text) for target in targets]
        end = self._ended(heals, spans)
        if kind.ends is Ends.AT_ONCE:
            end()
        elif kind.ends is Ends.BY_ITSELF and isinstance(seconds := kind.complete(options).get("seconds"), int | float):
            self._context.loop.call_later(seconds, end)
        return end

    def _ended(self, heals: Sequence[Heal], spans: Sequence[Span]) -> Callable[[], None]:
        over = False

        def end() -> None:
            nonlocal over
            if not over:
                over = True
                for heal in heals:
                    heal()
                for span in spans:
                    self._context.there.recorder.fault_ends(span)

        return end

    def _kind(self, name: str) -> FaultKind[Any]:
        if name in FAULTS:
            return FAULTS[name]
        try:
            return self._context.site.world.faults.kind(name)
        except NoSuchFault:
            known = tuple(dict.fromkeys((*WORLD_FAULTS, *FAULTS)))
            meant = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise CannotBe(f"the fault {name!r} does not exist{meant}") from None

    def _targets(self, kind: FaultKind[Any], wanted: str | None) -> Sequence[str]:
        site = self._context.site
        there = tuple(kind.targets(site if kind.target in _OF_SITES else site.world))
        if wanted is None and kind.target is Target.DEVICE:
            raise CannotBe(f'say which device: home.fault("{kind.name}", device=...); there are {", ".join(there)}')
        if wanted is None and there:
            return there
        if wanted is None or wanted not in there:
            raise CannotBe(
                f"{kind.name} does not strike {wanted or 'anything'!r}; there are {', '.join(there) or 'none'}"
            )
        return (wanted,)
