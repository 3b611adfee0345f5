"""The bridge from machines to asyncio: order, re-entrance, and the clock."""

import asyncio

import pytest

from hubagent.machine import PAUSE_S, RunningMachine, run_machine


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


class Clockwork:
    """Does something every 5 s; `broken` is which of its methods raises, and `stuck` that it does not get further."""

    def __init__(self) -> None:
        self.broken = ""
        self.stuck = False
        self._due = 5.0
        self._effects: list[str] = []

    def receive(self, item: str, now: float) -> None:
        self._due = float(item)
        self._break("receive")

    def handle_timeout(self, now: float) -> None:
        if now < self._due:
            return
        if not self.stuck:
            self._due += 5
        self._break("handle_timeout")
        self._effects.append(f"{now:g}")

    def next_deadline(self) -> float:
        return self._due

    def take_effects(self) -> list[str]:
        effects, self._effects = self._effects, []
        if effects:
            self._break("take_effects")
        return effects

    def perform(self, effect: str) -> None:
        self._break("perform")
        self.done.append(effect)

    def _break(self, method: str) -> None:
        if method == self.broken:
            raise ValueError(method)

    def run(self) -> RunningMachine[str, str]:
        """`done` is what was done, `heard` what the loop was told of."""
        self.done: list[str] = []
        self.heard: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: self.heard.append(str(context["exception"])))
        machine = run_machine(self, self.perform)
        machine.feed("5")
        return machine


@pytest.mark.parametrize("method", ["handle_timeout", "take_effects", "perform"])
async def test_an_exception_at_a_timeout_leaves_no_machine_without_a_clock(method: str) -> None:
    clockwork = Clockwork()
    clockwork.run()
    await asyncio.sleep(7)
    clockwork.broken = method
    await asyncio.sleep(5)
    clockwork.broken = ""
    await asyncio.sleep(10)
    assert clockwork.done == ["5", "15", "20"]
    assert clockwork.heard == [method]


async def test_an_exception_that_comes_back_at_every_timeout_leaves_the_loop_to_others() -> None:
    clockwork = Clockwork()
    clockwork.run()
    clockwork.broken, clockwork.stuck = "handle_timeout", True
    await asyncio.sleep(15.5)
    assert len(clockwork.heard) == 1 + 10 / PAUSE_S
    clockwork.broken, clockwork.stuck = "", False
    await asyncio.sleep(PAUSE_S)
    assert clockwork.done[0] == "16"


async def test_an_item_that_raises_has_its_deadline_and_moves_no_other() -> None:
    clockwork = Clockwork()
    machine = clockwork.run()
    clockwork.broken = "receive"
    for due in ("5", "5", "5", "2", "2"):
        with pytest.raises(ValueError, match="receive"):
            machine.feed(due)
        await asyncio.sleep(PAUSE_S / 2)
    assert clockwork.done == ["2.5"]
    machine.close()
