"""One consumer, ten thousand hubs: what one frame costs does not grow with them."""

import gc
import time
from collections.abc import Callable, Sequence
from typing import Final

from hubagent.uplink.message.codec import UpMessage
from tests.simulators.cloud.a_cloud import LAMP, ACloud, batch, hello, lamp, reported

FEW: Final = 500
MANY: Final = 10_000
FRAMES: Final = 4000


def cpu_s(work: Callable[[], None]) -> float:
    """Without the collector, whose time depends on what other tests have left in this process."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        gc.enable()


def spent(cloud: ACloud, frames: Sequence[UpMessage]) -> float:
    """CPU seconds of one frame, of a quarter of a millisecond each."""

    def work() -> None:
        for frame in frames:
            cloud.hear(frame)
            cloud.run(0.00025)

    return cpu_s(work) / len(frames)


def with_hubs(count: int) -> tuple[ACloud, list[str]]:
    cloud = ACloud()
    names = [f"hub-{number:07}" for number in range(count)]
    for name in names:
        cloud.hear(hello(name))
        cloud.hear(reported(1, 0, {"zwave-2": LAMP}, hub=name))
        cloud.run(0.0001)
    cloud.run(1.0)
    cloud.sent.clear()
    cloud.changes.clear()
    return cloud, names


def test_a_frame_of_ten_thousand_hubs_costs_what_one_of_a_few_does() -> None:
    costs = {}
    for count in (FEW, MANY):
        cloud, names = with_hubs(count)
        chosen = [names[number * 7919 % count] for number in range(FRAMES)]
        numbers: dict[str, int] = {}
        frames: list[UpMessage] = []
        for name in chosen:
            numbers[name] = numbers.get(name, 0) + 1
            frames.append(batch([numbers[name]], hub=name))
            frames.append(reported(numbers[name] + 1, numbers[name], {"zwave-2": lamp(on=True)}, hub=name))
        costs[count] = spent(cloud, frames)
        assert sum(hub.counts["messages"] for hub in cloud.consumer.hubs()) == FRAMES
    assert costs[MANY] < 3 * costs[FEW], f"{costs[FEW] * 1e6:.0f} and {costs[MANY] * 1e6:.0f} us a frame"


def test_a_hello_costs_the_same_however_many_are_on_line() -> None:
    cloud, names = with_hubs(MANY)
    again: list[UpMessage] = [hello(name, boot=2) for name in names[:1000]]
    first = ACloud()
    few = spent(first, [hello(f"new-{number:07}") for number in range(1000)])
    assert spent(cloud, again) < 4 * few
