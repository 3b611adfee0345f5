"""The bridge from machines to asyncio: order, re-entrance, and the clock."""

import asyncio

from hubagent.machine import RunningMachine, run_machine


class Echo:
    """Each item "a>b>c" is the effect "a", whose performance hands in "b>c"; "@5" asks for a timeout at 5."""

    def __init__(self) -> None:
        self._effects: list[str] = []
        self._deadline: float | None = None

    def receive(self, item: str, now: float) -> None:
        if item.startswith("@"):
            self._deadline = float(item[1:])
        else:
            self._effects += item.split(",")

    def handle_timeout(self, now: float) -> None:
        if self._deadline is not None and now >= self._deadline:
            self._effects.append(f"timeout at {now:g}")
            self._deadline = None

    def next_deadline(self) -> float | None:
        return self._deadline

    def take_effects(self) -> list[str]:
        effects, self._effects = self._effects, []
        return effects


class Bench:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.machine: RunningMachine[str, str] = run_machine(Echo(), self._perform)

    def _perform(self, effect: str) -> None:
        first, _, rest = effect.partition(">")
        self.done.append(first)
        if rest:
            self.machine.feed(rest)
            self.done.append(f"{first} returned")


async def test_an_item_fed_from_the_last_effect_is_carried_out_before_that_call_returns() -> None:
    bench = Bench()
    bench.machine.feed("report>command")
    assert bench.done == ["report", "command", "report returned"]


async def test_an_item_fed_from_an_effect_does_not_overtake_the_effects_that_wait() -> None:
    bench = Bench()
    bench.machine.feed("report>command,acknowledgement")
    assert bench.done == ["report", "report returned", "acknowledgement", "command"]


async def test_the_timeout_comes_when_it_is_due_and_an_earlier_one_is_not_missed() -> None:
    bench = Bench()
    bench.machine.feed("@9")
    bench.machine.feed("@5")
    await asyncio.sleep(6)
    assert bench.done == ["timeout at 5"]


async def test_a_timer_that_is_not_needed_any_more_fires_into_nothing() -> None:
    bench = Bench()
    bench.machine.feed("@5")
    bench.machine.feed("@8")
    await asyncio.sleep(10)
    assert bench.done == ["timeout at 8"]


async def test_a_closed_machine_takes_nothing_and_fires_nothing() -> None:
    bench = Bench()
    bench.machine.feed("@5")
    bench.machine.close()
    bench.machine.feed("late")
    await asyncio.sleep(6)
    assert bench.done == []
