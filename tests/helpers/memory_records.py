"""Records that forget when the process ends; what the store's shelves promise, without a disk."""

from collections.abc import Callable, Mapping
from typing import Any

from hubagent.home import HomeRecords
from hubagent.model.driver import Record


class MemoryRecords:
    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        self.records: dict[str, Record] = dict(records or {})
        self.puts: list[str] = []
        self.flushes = 0

    def load(self) -> dict[str, Record]:
        return dict(self.records)

    def put(self, key: str, record: Record) -> None:
        self.puts.append(key)
        self.records[key] = record

    def touch(self, key: str, record: Callable[[str], Record]) -> None:
        self.put(key, record(key))

    def remove(self, key: str) -> None:
        self.records.pop(key, None)

    def flush(self) -> None:
        self.flushes += 1


def memory_home_records(**shelves: Any) -> HomeRecords:
    empty = {"devices": MemoryRecords(), "names": MemoryRecords(), "states": MemoryRecords()}
    return HomeRecords(**{**empty, **shelves})
