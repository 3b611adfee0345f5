"""What survives without power."""

import json
import random
from pathlib import Path

import pytest

from simulators.zigbee.memory import (
    CHANNELS,
    COUNTER_MAX,
    COUNTER_STEP,
    CUSTOM_EUI64,
    RESTORED_EUI64,
    Child,
    LinkKey,
    Memory,
)


def rng(seed: int = 1) -> random.Random:
    return random.Random(seed)


def test_a_fresh_stick_is_in_no_network_and_has_an_address_of_its_own() -> None:
    memory = Memory.open(None, rng())
    assert memory.network is None
    assert memory.eui64 >> 40 == 0x000D6F
    assert memory.eui64 != Memory.open(None, rng(2)).eui64


def test_a_network_of_long_ago_is_drawn_from_the_seed_and_only_once() -> None:
    memory = Memory.open(None, rng())
    network = memory.commission(rng(3))
    assert network.channel in CHANNELS
    assert len(network.network_key) == len(network.link_key) == 16
    assert memory.commission(rng(4)) is network
    assert Memory.open(None, rng()).commission(rng(3)) == network


def test_all_of_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    memory = Memory.open(path, rng())
    network = memory.commission(rng())
    network.next_key = bytes(16)
    memory.keys[3] = LinkKey(0x1234, b"k" * 16, 5, 6)
    memory.children[0] = Child(0x5678, 0x1111, 4)
    memory.tokens[RESTORED_EUI64] = bytes(8)
    memory.manufacturing[1] = b"maker"
    memory.save()
    again = Memory.open(path, rng(2))
    again.nwk_counter, again.aps_counter = memory.nwk_counter, memory.aps_counter
    assert again == memory


def test_a_damaged_file_is_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    Memory.open(path, rng()).save()
    for damage in ("", "{}", "[]", json.dumps({"factory_eui64": "?"}), path.read_text().replace("0", "x", 1)):
        path.write_text(damage)
        with pytest.raises(ValueError, match=r"stick\.json is not a Zigbee stick's memory"):
            Memory.open(path, rng())


def test_a_frame_counter_only_rises_also_where_the_power_is_cut_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    highest = 0
    for life in range(5):
        memory = Memory.open(path, rng())
        counted = [memory.count_nwk() for _ in range(life * 3000 + 1)]
        assert counted[0] > highest
        assert counted == sorted(set(counted))
        highest = counted[-1]


def test_without_a_file_too_a_power_cut_moves_the_counter_on() -> None:
    memory = Memory.open(None, rng())
    before = memory.count_nwk()
    memory.lose_power()
    assert before < memory.count_nwk() <= before + COUNTER_STEP + 1


def test_flash_is_not_written_for_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    memory = Memory.open(path, rng())
    memory.count_nwk()
    written = path.read_text()
    for _ in range(COUNTER_STEP - 1):
        memory.count_nwk()
    assert path.read_text() == written
    memory.count_nwk()
    assert path.read_text() != written


def test_a_counter_at_its_end_stays_there() -> None:
    memory = Memory.open(None, rng())
    memory.set_counters(nwk=COUNTER_MAX - 1)
    assert [memory.count_nwk() for _ in range(3)] == [COUNTER_MAX] * 3


def test_the_restored_address_goes_before_the_custom_one_and_that_before_the_factory_s() -> None:
    memory = Memory.open(None, rng())
    memory.manufacturing[CUSTOM_EUI64] = (0x1111).to_bytes(8, "little")
    assert memory.eui64 == 0x1111
    memory.tokens[RESTORED_EUI64] = (0x2222).to_bytes(8, "little")
    assert memory.eui64 == 0x2222
    memory.tokens[RESTORED_EUI64] = b"\xff" * 8
    assert memory.eui64 == 0x1111


def test_factory_settings_forget_the_network_and_can_leave_the_counters() -> None:
    memory = Memory.open(None, rng())
    memory.commission(rng())
    memory.keys[0] = LinkKey(1, bytes(16))
    memory.set_counters(nwk=100_000)
    memory.reset(keep_counters=True)
    assert memory.network is None
    assert not memory.keys
    assert not memory.children
    assert memory.nwk_counter == 100_000
    memory.reset(keep_counters=False)
    assert memory.nwk_counter == 0


def test_a_child_keeps_its_line_in_the_table() -> None:
    memory = Memory.open(None, rng())
    assert [memory.add_child(eui64, 0x1000 + eui64, 4) for eui64 in (1, 2, 3)] == [0, 1, 2]
    assert memory.add_child(2, 0x3000, 4) == 1
    assert memory.remove_child(1) == 0
    assert memory.remove_child(1) is None
    assert memory.add_child(4, 0x4000, 3) == 0
