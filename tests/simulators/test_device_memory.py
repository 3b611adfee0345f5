"""The file in which the devices of one radio keep what is theirs."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.device_memory import WRITTEN_WITHIN_S, DeviceMemory, Kept


class Part:
    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.asked = 0

    def kept(self) -> Kept:
        self.asked += 1
        return {"number": self.number}

    def restore(self, kept: Kept) -> None:
        self.number = kept["number"] + 0


def _open(path: Path | None) -> DeviceMemory:
    return DeviceMemory.open(asyncio.get_running_loop(), path)


def _placed(memory: DeviceMemory, name: str, part: Part, identity: str = "lamp") -> Callable[[], None]:
    return memory.watch(name, identity, {"part": part})


def _restored(memory: DeviceMemory, name: str, identity: str = "lamp") -> int | None:
    part = Part()
    return part.number if memory.restore(name, identity, {"part": part}) else None


def _is_there(path: Path) -> bool:
    return path.exists()


def _remove(path: Path) -> None:
    path.unlink()


def _open_as(path: Path, text: str) -> DeviceMemory:
    path.write_text(text)
    return _open(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "devices.json"


async def test_a_device_is_as_it_was_and_another_one_under_its_name_is_a_new_one(path: Path) -> None:
    memory = _open(path)
    assert memory.is_new
    _placed(memory, "hall.light", Part(7))
    memory.close()
    again = _open(path)
    assert not again.is_new
    assert _restored(again, "hall.light") == 7
    assert _restored(again, "hall.light", "blind") is None
    assert _restored(again, "kitchen.light") is None


async def test_what_changes_is_written_a_moment_later_and_once(path: Path) -> None:
    memory = _open(path)
    part = Part()
    changed = _placed(memory, "hall.light", part)
    for number in range(1, 6):
        part.number = number
        changed()
        await asyncio.sleep(WRITTEN_WITHIN_S / 10)
    assert not _is_there(path)
    await asyncio.sleep(WRITTEN_WITHIN_S)
    assert _restored(_open(path), "hall.light") == 5
    assert part.asked == 1
    memory.close()


async def test_only_who_said_something_is_asked_and_nothing_is_written_where_nothing_changed(path: Path) -> None:
    memory = _open(path)
    parts = {name: Part() for name in ("one", "two")}
    changed = {name: _placed(memory, name, part) for name, part in parts.items()}
    for say in changed.values():
        say()
    await asyncio.sleep(2 * WRITTEN_WITHIN_S)
    _remove(path)
    changed["one"]()
    await asyncio.sleep(2 * WRITTEN_WITHIN_S)
    assert (parts["one"].asked, parts["two"].asked) == (2, 1)
    assert not _is_there(path)
    memory.close()


async def test_the_end_writes_what_nobody_spoke_of_and_is_the_end(path: Path) -> None:
    memory = _open(path)
    part = Part(1)
    changed = _placed(memory, "hall.light", part)
    memory.close()
    assert _restored(_open(path), "hall.light") == 1
    part.number = 2
    changed()
    await asyncio.sleep(2 * WRITTEN_WITHIN_S)
    assert _restored(_open(path), "hall.light") == 1


async def test_a_device_that_is_not_there_this_time_is_kept_for_the_next(path: Path) -> None:
    first = _open(path)
    _placed(first, "one", Part(1))
    _placed(first, "two", Part(2))
    first.close()
    second = _open(path)
    _placed(second, "one", Part(11))
    second.close()
    third = _open(path)
    assert (_restored(third, "one"), _restored(third, "two")) == (11, 2)


async def test_without_a_file_nobody_is_asked() -> None:
    memory = _open(None)
    part = Part()
    changed = _placed(memory, "hall.light", part)
    changed()
    await asyncio.sleep(2 * WRITTEN_WITHIN_S)
    memory.close()
    assert part.asked == 0
    assert memory.is_new


async def test_a_damaged_file_is_one_clear_error(path: Path) -> None:
    for damage in ("", "{", "[]", "{}", '{"devices": []}', '{"devices": {"a": {}}}', '{"devices": {"a": 1}}'):
        with pytest.raises(ValueError, match=r"devices\.json is not what simulated devices keep"):
            _open_as(path, damage)


async def test_a_device_that_cannot_be_what_the_file_says_is_the_same_error(path: Path) -> None:
    unfit: list[Kept] = [{}, {"part": None}, {"part": {}}, {"part": {"number": "many"}}]
    for kept in unfit:
        memory = _open_as(path, json.dumps({"devices": {"hall.light": {"identity": "lamp", **kept}}}))
        with pytest.raises(ValueError, match=r"devices\.json is not what simulated devices keep: hall\.light"):
            _restored(memory, "hall.light")
