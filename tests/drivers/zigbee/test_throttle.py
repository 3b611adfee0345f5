"""What the stick has no room for waits, the most urgent first, and not for ever."""

import asyncio

from drivers.zigbee.throttle import BROADCASTS_MAX, BROADCASTS_S, HELD_MAX, HELD_S, BroadcastBudget, Held


def held() -> tuple[Held[str], list[str], list[str]]:
    sent: list[str] = []
    given_up: list[str] = []
    return Held(asyncio.get_running_loop(), sent.append, given_up.append), sent, given_up


async def test_the_most_urgent_goes_first_and_within_that_the_oldest() -> None:
    waiting, sent, _ = held()
    for name, priority in (("poll", 5), ("first", 0), ("second", 0), ("reply", 1)):
        waiting.put(name, priority)
    for _ in range(4):
        waiting.room()
    assert sent == ["first", "second", "reply", "poll"]
    waiting.close()


async def test_what_was_tried_before_goes_before_what_came_later() -> None:
    waiting, sent, _ = held()
    waiting.put("later", 0)
    waiting.put("earlier", 0, since=-1.0)
    waiting.room()
    assert sent == ["earlier"]
    waiting.close()


async def test_without_a_word_of_room_it_is_tried_now_and_then() -> None:
    waiting, sent, _ = held()
    for number in range(5):
        waiting.put(str(number), 0)
    await asyncio.sleep(10)
    assert sent == ["0", "1", "2", "3", "4"]


async def test_what_waits_too_long_is_given_up() -> None:
    loop = asyncio.get_running_loop()
    tried: list[tuple[str, float]] = []
    given_up: list[str] = []

    def send(item: str) -> None:
        tried.append((item, loop.time()))
        waiting.put(item, 0, since=0.0)

    waiting: Held[str] = Held(loop, send, given_up.append)
    waiting.put("a", 0, since=0.0)
    await asyncio.sleep(60)
    assert given_up == ["a"]
    assert tried[-1][1] < HELD_S
    assert 10 < len(tried) < 40


async def test_the_least_urgent_loses_when_too_many_wait() -> None:
    waiting, _, given_up = held()
    for number in range(HELD_MAX):
        waiting.put(str(number), 1 if number == 3 else 0)
    waiting.put("more", 0)
    assert given_up == ["3"]
    waiting.close()
    assert len(given_up) == HELD_MAX + 1


async def test_broadcasts_of_others_count_when_the_stick_says_so() -> None:
    loop = asyncio.get_running_loop()
    budget = BroadcastBudget(loop)
    await budget.turn()
    budget.exhausted()
    await budget.turn()
    assert loop.time() >= BROADCASTS_S
    assert BROADCASTS_MAX == 8
