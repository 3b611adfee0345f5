"""A dataclass of numbers, texts and bytes as JSON keeps it, and back: bytes in hexadecimal, types looked at."""

from dataclasses import asdict, fields
from typing import Any, TypeVar

_Kind = TypeVar("_Kind")


def as_kept(it: Any) -> dict[str, Any]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(it).items()}


def from_kept(kind: type[_Kind], kept: dict[str, Any]) -> _Kind:
    """Raises TypeError or ValueError for what is none."""
    values = dict(kept)
    for it in fields(kind):  # type: ignore[arg-type]  # `kind` is a dataclass
        if it.name not in values:
            continue
        wanted: Any = it.type
        if isinstance(values[it.name], str) and not isinstance(values[it.name], wanted):
            values[it.name] = bytes.fromhex(values[it.name])
        if not isinstance(values[it.name], wanted):
            raise TypeError(f"{it.name} is {values[it.name]!r}")
    return kind(**values)
