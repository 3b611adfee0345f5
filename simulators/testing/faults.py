"""What goes wrong on purpose, by the names of `sim do fault`: struck, healed, and written down for the timeline.

with home.zigbee.loss(0.3): ...
home.fault("device.dead", device="hall.motion", seconds=60)
"""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from simulators.devices.device import Value
from simulators.fault_kind import Ends, Heal, Target
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.record import Span
from simulators.world import CannotBe
from simulators.world_faults.switchboard import NoSuchFault

__tracebackhide__ = speaks_for_itself


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

    def strike(
        self, name: str, device: str | None, radio: str | None, seconds: Duration | None, options: Mapping[str, Value]
    ) -> Fault:
        """Raises CannotBe, CannotDo."""
        world = self._context.site.world
        try:
            kind = world.faults.kind(name)
        except NoSuchFault as error:
            raise CannotBe(str(error)) from None
        targets = self._targets(kind.targets(world), kind.name, device if kind.target is Target.DEVICE else radio)
        lasts_s = None if seconds is None else seconds_of(seconds)
        if lasts_s is not None and "seconds" in kind.options:
            options = {**options, "seconds": lasts_s}
        heals = [world.strike(kind.name, target, **options) for target in targets]
        text = " ".join((kind.name, *targets, *(f"{key}={value}" for key, value in options.items())))
        spans = [self._context.there.recorder.fault_begins(kind.name, target, text) for target in targets]
        end = self._end(heals, spans)
        if kind.ends is Ends.AT_ONCE:
            end()
        elif lasts_s is not None:
            self._context.loop.call_later(lasts_s, end)
        return Fault(end)

    def own(self, name: str, about: str, begin: Callable[[], None], end: Callable[[], None]) -> Fault:
        """One that no table has: of the network, of a cloud."""
        begin()
        span = self._context.there.recorder.fault_begins(name, about, f"{name} {about}".strip())
        return Fault(self._end([end], [span]))

    def _end(self, heals: Sequence[Heal], spans: Sequence[Span]) -> Callable[[], None]:
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

    def _targets(self, there: Sequence[str], fault: str, wanted: str | None) -> Sequence[str]:
        if wanted is None and fault.startswith("device."):
            raise CannotBe(f'say which device: home.fault("{fault}", device=...); there are {", ".join(there)}')
        if wanted is None:
            return there
        if wanted not in there:
            raise CannotBe(f"{fault} does not strike {wanted!r}; there are {', '.join(there) or 'none'}")
        return (wanted,)
