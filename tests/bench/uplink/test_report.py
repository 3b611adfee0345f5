"""Figures that are known, as the bench shows them."""

from simulators.bench.measure import Results, Speed
from simulators.bench.table import SCENES
from simulators.bench.uplink.comeback import Comeback
from simulators.bench.uplink.local import ALONE
from simulators.bench.uplink.report import comebacks_table, local_table, taps_table, view
from simulators.bench.uplink.tap import AGENT, FLOOR, Taps

TAPS = [Taps("coap", FLOOR, 0.0, [1_000_000] * 9), Taps("coap", AGENT, 0.0, [3_000_000] * 9)]


def test_a_tap_is_told_beside_its_floor() -> None:
    rows = taps_table([*TAPS, Taps("coap", AGENT, 80.0, [90_000_000])])[1]
    assert [row[-1] for row in rows] == ["", "3.0", ""]
    assert rows[1][2] == "3.00"


def test_what_did_not_happen_is_not_told() -> None:
    assert [row[0] for row in comebacks_table([Comeback("mqtt", back_s=[0.5])])[1]] == ["mqtt: back after a restart"]


def test_the_home_is_told_beside_the_one_without_an_uplink() -> None:
    scene = SCENES["zwave"]
    results = Results(scene.radio, scene.aims)
    results.speeds = {ALONE: Speed([1_000_000]), "uplink dead": Speed([1_100_000])}
    assert [row[4] for row in local_table(results)[1]] == ["1.00", "1.10"]
    shown = view(TAPS, [Comeback("mqtt", back_s=[0.5])], [results])
    assert shown["comebacks"][0]["back_s"]["p50"] == 0.5
    assert shown["local"]["zwave"]["uplink dead"]["p99_of_alone"] == 1.1
