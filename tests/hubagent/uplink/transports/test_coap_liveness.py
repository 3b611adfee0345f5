"""When a CoAP connection asks whether the other side is there, and when it gives up."""

from hypothesis import given
from hypothesis import strategies as st

from hubagent.uplink.transports.coap_liveness import PING_AFTER_S, PONG_GRACE_S, Liveness, Verdict
from hubagent.uplink.transports.port import SILENCE_S


def test_asks_twice_before_it_gives_up() -> None:
    liveness = Liveness(100.0)
    looked: list[tuple[float, Verdict]] = []
    while not looked or looked[-1][1] is not Verdict.GONE:
        now = liveness.next_look()
        looked.append((now, liveness.look(now)))
    assert looked == [(108.0, Verdict.ASK), (116.0, Verdict.ASK), (118.0, Verdict.GONE)]


def test_a_machine_that_slept_asks_before_it_gives_up() -> None:
    """A laptop's lid, a paused virtual machine: all deadlines have passed, and nobody was asked."""
    liveness = Liveness(0.0)
    assert liveness.look(5000.0) is Verdict.ASK
    assert liveness.next_look() == 5000.0 + PONG_GRACE_S
    assert liveness.look(5000.0 + PONG_GRACE_S) is Verdict.GONE


def test_an_answer_is_a_new_beginning() -> None:
    liveness = Liveness(0.0)
    assert liveness.look(8.0) is Verdict.ASK
    liveness.heard(9.0)
    assert liveness.next_look() == 9.0 + PING_AFTER_S
    assert liveness.look(16.9) is Verdict.THERE


@given(st.lists(st.floats(0.0, 30.0), max_size=20))
def test_silence_is_never_longer_than_it_may_be(gaps: list[float]) -> None:
    """Whatever was heard before, a silence that begins now is given up after SILENCE_S, and asked about before."""
    now = 0.0
    liveness = Liveness(now)
    for gap in gaps:
        heard_at = now + gap
        while liveness.next_look() < heard_at:
            now = liveness.next_look()
            if liveness.look(now) is Verdict.GONE:
                return
        now = heard_at
        liveness.heard(now)
    began, asked = now, 0
    while (verdict := liveness.look(liveness.next_look())) is not Verdict.GONE:
        asked += verdict is Verdict.ASK
    assert asked == 2
    assert abs(liveness.next_look() - began - SILENCE_S) < 1e-6
