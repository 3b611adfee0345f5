"""Small durable numbers by name: what was counted, noted and dropped. They are written with the next group commit."""

from collections.abc import Mapping


class Numbers:
    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._changed: set[str] = set()

    def get(self, name: str, default: int = 0) -> int:
        return self._values.get(name, default)

    def set(self, name: str, value: int) -> None:
        if self._values.get(name) != value:
            self._values[name] = value
            self._changed.add(name)

    def load(self, values: Mapping[str, int]) -> None:
        """What the file has, where there is nothing of ours."""
        self._values = {**values, **self._values}

    def all_changed(self) -> None:
        """The file is another one: it has none of them."""
        self._changed.update(self._values)

    def is_unsaved(self, name: str) -> bool:
        return name in self._changed

    def changed(self) -> list[tuple[str, int]]:
        return [(name, self._values[name]) for name in sorted(self._changed)]

    def written(self) -> None:
        self._changed.clear()
