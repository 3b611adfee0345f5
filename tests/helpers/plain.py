"""A command or frame as plain values, so that vectors in TOML can be compared with it."""

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from drivers.zwave.command_classes.duration import Duration


def plain(value: Any) -> Any:
    """Dataclasses to dicts without their None fields, enums to lower-case names, bytes to hex, durations to a byte."""
    if isinstance(value, Duration):
        return value.byte
    if isinstance(value, Enum):
        return value.name.lower() if value.name else int(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(item) for name, item in named.items() if item is not None}
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [plain(item) for item in items]
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    return value
