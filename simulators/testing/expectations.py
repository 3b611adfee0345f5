"""What a test expects of a home, and waits for: that something comes to be, stays, or never is."""

from typing import Final

from simulators.testing.beliefs import TRUTH
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.expressions import Condition
from simulators.testing.failure import Unexpected, told
from simulators.testing.hidden import speaks_for_itself
from simulators.testing.record import Kind
from simulators.testing.recorder.things import is_mover
from simulators.testing.rules import Rules
from simulators.testing.watching import comes_true

__tracebackhide__ = speaks_for_itself

LATE_S: Final = 5.0
"""An expectation that fails is watched for so long: to come a moment too late is another mistake than never to."""


class Took(float):
    """Seconds until it was so. It was, also after none: `assert await home.expect(...)` holds."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


class Expectations:
    def __init__(self, context: Context, rules: Rules) -> None:
        self._context = context
        self._rules = rules

    async def comes(self, text: str, within: Duration, of: str) -> float:
        """Seconds until it held. Raises Unexpected."""
        condition = self._context.condition(text, of)
        begin = self._context.loop.time()
        if not await self._comes_true(condition, seconds_of(within), wanted=True):
            wanted = f"{text} within {within}" if seconds_of(within) else f"{text} now"
            late_s = await self._late_by(condition)
            raise self._unexpected(condition, wanted, (begin, begin + seconds_of(within)), _too_late(late_s))
        took_s = self._context.loop.time() - begin
        self._fulfilled(text, of)
        return Took(took_s)

    async def stays(self, text: str, seconds: Duration, of: str) -> None:
        """Raises Unexpected as soon as it does not hold."""
        condition = self._context.condition(text, of)
        begin = self._context.loop.time()
        if await self._comes_true(condition, seconds_of(seconds), wanted=False):
            after_s = self._context.loop.time() - begin
            how = "it was not so from the beginning" if after_s == 0 else f"it was so no more after {_seconds(after_s)}"
            raise self._unexpected(condition, f"{text} for all of {seconds}", (begin, begin + after_s), how)
        self._fulfilled(f"{text} for {seconds}", of)

    async def never(self, text: str, seconds: Duration, of: str) -> None:
        """Raises Unexpected as soon as it holds."""
        condition = self._context.condition(text, of)
        begin = self._context.loop.time()
        if await self._comes_true(condition, seconds_of(seconds), wanted=True):
            after_s = self._context.loop.time() - begin
            how = f"it was so after {_seconds(after_s)}"
            raise self._unexpected(condition, f"never {text} for {seconds}", (begin, begin + after_s), how)
        self._fulfilled(f"never {text} for {seconds}", of)

    async def _comes_true(self, condition: Condition, seconds: float, *, wanted: bool) -> bool:
        names = condition.belief.devices()
        self._context.record.mentioned.update((names[device].name, attribute) for device, attribute in condition.cells)
        truth = self._context.there.truth
        things = [truth.things[device] for device, _ in condition.cells if condition.belief is truth]
        movers = [thing for thing in things if is_mover(thing)]
        return await comes_true(
            self._context.loop,
            lambda: condition.holds() is wanted,
            seconds,
            moving=lambda: any(mover.moving for mover in movers),
        )

    async def _late_by(self, condition: Condition) -> float | None:
        begin = self._context.loop.time()
        if await self._comes_true(condition, LATE_S, wanted=True):
            return self._context.loop.time() - begin
        return None

    def _fulfilled(self, text: str, of: str) -> None:
        about = "" if of == TRUTH else f" (the {of})"
        self._context.there.recorder.happened(Kind.EXPECTED, "test", f"as expected{about}: {text}")

    def _unexpected(self, condition: Condition, wanted: str, when: tuple[float, float], how: str) -> Unexpected:
        begin, end = when
        self._context.there.recorder.happened(Kind.FAILED, "test", f"expected: {wanted}")
        words = told(self._context, self._rules, condition, wanted, begin, how)
        self._context.record.begin(begin, Kind.FAILED, wanted).end = end
        return Unexpected(words)


def _too_late(late_s: float | None) -> str:
    return f"it came {_seconds(late_s)} too late" if late_s is not None else f"nor did it come in {LATE_S:g} s more"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.3f} s"
