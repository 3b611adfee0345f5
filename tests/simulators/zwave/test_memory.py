"""What the stick remembers without power."""

import random
from pathlib import Path

import pytest

from drivers.zwave.serial_api.setup import Region
from simulators.zwave.memory import Memory, NodeEntry
from simulators.zwave.network import Network
from simulators.zwave.radio_node import NodeInformation
from tests.helpers.plain_switch import PlainSwitch

INFO = NodeInformation(0x40, 0x03, (0x5E, 0x62), listening=False, flirs=1000)


def test_everything_that_was_saved_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    memory = Memory.open(path, random.Random(1))
    memory.nodes[7] = NodeEntry("lock", INFO, frozenset({1, 3}))
    memory.last_node_id = 7
    memory.region = Region.USA
    memory.powerlevel_decidbm = -12
    memory.save()
    assert Memory.open(path, random.Random(2)) == memory


def test_a_new_memory_draws_its_home_id_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "stick.json"
    home_id = Memory.open(path, random.Random(1)).home_id
    assert 0xC0000000 <= home_id < 0xFFFFFFFF
    assert Memory.open(path, random.Random(2)).home_id == home_id
    assert Memory.open(None, random.Random(2)).home_id != home_id


def test_a_power_cut_while_saving_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stick.json"
    memory = Memory.open(path, random.Random(1))
    before = path.read_text()

    def power_cut(_descriptor: int) -> None:
        raise OSError("no power")

    monkeypatch.setattr("os.fsync", power_cut)
    memory.last_node_id = 99
    with pytest.raises(OSError, match="no power"):
        memory.save()
    assert path.read_text() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"home_id": 1}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stick.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"stick\.json is not a stick's memory"):
        Memory.open(path, random.Random(1))


async def test_the_same_devices_have_the_same_node_identifiers_after_a_restart(tmp_path: Path) -> None:
    def world() -> tuple[Network, PlainSwitch, PlainSwitch]:
        rng = random.Random(1)
        network = Network(Memory.open(tmp_path / "stick.json", rng), rng)
        first, second = PlainSwitch(), PlainSwitch()
        # In another order than they were included: the name counts.
        network.place("second", second)
        network.place("first", first)
        return network, first, second

    network, *_ = world()
    assert [network.include("first"), network.include("second")] == [2, 3]
    network, first, second = world()
    assert [network.node_of("first"), network.node_of("second")] == [2, 3]
    assert first.memberships == [(2, network.memory.home_id)]
    assert second.memberships == [(3, network.memory.home_id)]


def test_node_identifiers_begin_again_at_the_lowest_free_one_when_the_highest_is_given() -> None:
    memory = Memory.open(None, random.Random(1))
    memory.last_node_id = 232
    memory.nodes = {2: NodeEntry("a", INFO), 232: NodeEntry("b", INFO)}
    assert memory.free_node_id() == 3


def test_a_full_network_has_no_identifier_left() -> None:
    memory = Memory.open(None, random.Random(1))
    memory.nodes = {node_id: NodeEntry(str(node_id), INFO) for node_id in range(2, 233)}
    memory.last_node_id = 232
    assert memory.free_node_id() == 0
