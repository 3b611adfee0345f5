"""The herd returns: nobody is lost or counted twice, a broker lets in no more than it can, and jitter helps."""

import random
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.session.backoff import CAP_S, SPREAD_S, FullJitter
from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S
from simulators.bench import herd as bench
from simulators.herd import (
    BROKERS,
    OUTAGE_S,
    STEP_S,
    Broker,
    Herd,
    Return,
    _bounds_s,
    _draw,
    come_back,
    told_spread_s,
)


def broker(per_s: float = 100.0, waiting_max: int = 0) -> Broker:
    return Broker("a broker", per_s, waiting_max, "this test")


def returned(herd: Herd, to: Broker, seed: int = 1) -> Return:
    return come_back(herd, to, random.Random(seed))


herds = st.builds(
    Herd,
    hubs=st.integers(1, 3000),
    spread_s=st.none() | st.floats(0.5, 60),
    jitter=st.just(True),
)
brokers = st.builds(broker, st.floats(50, 2000), st.sampled_from([0, 10, 500]))


@given(herds, brokers, st.integers(0, 2**32))
def test_every_hub_comes_back_once(herd: Herd, to: Broker, seed: int) -> None:
    outcome = returned(herd, to, seed)
    assert outcome.back.total() == herd.hubs
    assert outcome.attempts.total() == herd.hubs + outcome.refused


@given(herds, brokers, st.integers(0, 2**32))
def test_no_more_are_let_in_than_the_broker_can(herd: Herd, to: Broker, seed: int) -> None:
    outcome = returned(herd, to, seed)
    per_second: Counter[int] = Counter()
    for step, count in outcome.back.items():
        per_second[int(step * STEP_S)] += count
    # What was not used in one second may be used in the next, and no later.
    assert max(per_second.values()) <= 2 * to.per_s + 1
    assert sum(per_second.values()) <= to.per_s * (max(per_second) - min(per_second) + 2) + 1


def test_nobody_is_back_before_the_broker_is() -> None:
    outcome = returned(Herd(500, None), broker())
    assert min(outcome.back) * STEP_S >= OUTAGE_S
    assert min(outcome.attempts) * STEP_S >= OUTAGE_S


def test_the_same_seed_returns_the_same_way() -> None:
    herd = Herd(2000, None)
    assert returned(herd, broker(), seed=3) == returned(herd, broker(), seed=3)
    assert returned(herd, broker(), seed=3) != returned(herd, broker(), seed=4)


def test_without_jitter_all_knock_in_the_same_moments() -> None:
    outcome = returned(Herd(500, None, jitter=False), broker())
    assert len(outcome.attempts) < 20
    assert outcome.peak_per_s == 500


def test_with_jitter_the_worst_second_has_fewer_attempts_and_all_are_back_sooner() -> None:
    alike, jittered = (returned(Herd(5000, None, jitter=jitter), broker()) for jitter in (False, True))
    assert jittered.peak_per_s < alike.peak_per_s / 2
    later, sooner = alike.back_s(5000, 0.99), jittered.back_s(5000, 0.99)
    assert later is not None
    assert sooner is not None
    assert sooner < later


def test_told_to_spread_they_knock_hardly_more_often_than_the_broker_lets_in() -> None:
    to = broker(per_s=1000.0)
    herd = Herd(50_000, told_spread_s(50_000, to))
    assert herd.spread_s == 50
    outcome = returned(herd, to)
    assert outcome.peak_per_s < 1.5 * to.per_s
    assert outcome.peak_per_s < returned(Herd(50_000, None), to).peak_per_s / 10


def test_a_line_in_which_hubs_wait_longer_than_they_do_makes_handshakes_for_nobody() -> None:
    herd = Herd(20_000, None)
    short, long = (
        returned(herd, broker(per_s=300.0, waiting_max=round(300 * CONNECT_TIMEOUT_S * factor))) for factor in (0.5, 4)
    )
    assert short.wasted == 0
    assert long.wasted > 1000


def test_a_line_that_long_is_never_worked_off_by_a_herd_that_was_not_told_to_spread() -> None:
    """What deploy/README.md warns of: twice a hub's patience, and handshakes are for those who have gone."""
    herd = Herd(600, None)
    short, long = (returned(herd, broker(2.0, round(2.0 * CONNECT_TIMEOUT_S * factor))) for factor in (0.9, 2))
    assert short.back.total() == herd.hubs
    assert long.back.total() < herd.hubs / 10
    spread = Herd(600, told_spread_s(600, broker(2.0)))
    assert returned(spread, broker(2.0, round(4.0 * CONNECT_TIMEOUT_S))).back.total() == herd.hubs


def test_it_agrees_with_what_was_measured() -> None:
    """500 clients with mutual TLS, all at once, were back in 1.6 s on a machine that does 300 to 830 a second."""
    herd = Herd(500, None, jitter=False)
    back = returned(herd, BROKERS["mosquitto"]).back_s(500, 1.0)
    assert back is not None
    assert 0.6 <= back <= 1.8


def test_the_delays_are_the_hubs_own() -> None:
    backoff = FullJitter(random.Random(1))
    backoff.spread_s = 3.0
    bounds = []
    for _ in range(8):
        bounds.append(backoff.bound_s)
        backoff.next_delay_s()
    assert _bounds_s(3.0, random.Random(2))[:8] == bounds
    assert _bounds_s(None, random.Random(2))[0] == SPREAD_S
    assert _bounds_s(None, random.Random(2))[-1] == CAP_S


@given(st.integers(0, 5000), st.floats(0.5, 100), st.integers(0, 2**32))
def test_drawing_loses_nobody(count: int, bound: float, seed: int) -> None:
    drawn = _draw(count, bound, random.Random(seed))
    assert drawn.total() == count
    assert all(0 <= step < bound for step in drawn)


def test_a_million_is_no_more_work_than_a_second_or_two() -> None:
    hubs, to = 1_000_000, BROKERS["tbmq"]
    outcome = returned(Herd(hubs, told_spread_s(hubs, to)), to)
    assert outcome.back.total() == hubs
    assert (outcome.back_s(hubs, 0.99) or 0) < 1.05 * hubs / to.per_s


def test_the_bench_shows_every_case_as_a_row_and_as_json() -> None:
    told: list[str] = []
    cases = bench.measure_herd(told.append, brief=True)
    head, rows = bench.table(cases)
    assert len(rows) == 3 * len(bench.FEW) == len(bench.view(cases))
    assert all(len(row) == len(head) for row in rows)
    assert told == ["500 hubs return at once to mosquitto, 2 cores", "10,000 hubs return at once to mosquitto, 2 cores"]
    assert bench.view(cases)[0]["source"]


def test_the_figures_in_the_architecture_are_the_models() -> None:
    text = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for case in bench.measure_herd(lambda _: None, brief=True):
        back = case.outcome.back_s(case.herd.hubs, 0.99)
        assert back is not None
        shown = f"{back:.1f}" if back < 20 else f"{back:.0f}"
        assert f"| {shown} s | {case.outcome.peak_per_s:,} |" in text
    to = BROKERS["tbmq"]
    outcome = returned(Herd(1_000_000, told_spread_s(1_000_000, to)), to, bench.SEED)
    back = outcome.back_s(1_000_000, 0.99)
    assert f"| {back:.0f} s | {outcome.peak_per_s:,} | {outcome.refused:,} |" in text
