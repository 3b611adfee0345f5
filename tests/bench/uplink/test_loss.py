"""The proof in its short form, and that it can fail."""

from pathlib import Path

import pytest

from simulators.bench.loss.loss import FEW, Loss, failed_gates, measure_loss, table
from tests.interop.peers import mosquitto


@pytest.mark.real_time
@pytest.mark.parametrize("way", ["coap", "mqtt"])
async def test_nothing_promised_is_lost_and_nothing_counts_twice(tmp_path: Path, way: str) -> None:
    """Fault 6: a broker that dies after it has confirmed."""
    if way == "mqtt":
        mosquitto()
    loss = await measure_loss(way, 7, tmp_path, FEW)
    assert (loss.lost, loss.twice) == (0, 0)
    assert loss.promised >= FEW
    assert loss.kills.split().count("kill_hub") == 2


def test_what_is_lost_or_there_twice_fails_the_bench() -> None:
    good = Loss("coap", 1, 10, 10, 0, 0, 3, "")
    assert failed_gates([good]) == []
    assert len(failed_gates([good, Loss("mqtt", 2, 10, 9, 1, 0, 0, ""), Loss("mqtt", 3, 10, 11, 0, 1, 0, "")])) == 2
    assert len(table([good])[1]) == 1
