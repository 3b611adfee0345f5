"""HOMES.md: its examples, which stand between ```toml and ```, and the rows that its tables must have."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulators.kinds import KINDS

PATH = Path(__file__).parents[2] / "HOMES.md"


def examples() -> list[tuple[int, str]]:
    """Each with the line where it begins."""
    found: list[tuple[int, str]] = []
    lines: list[str] | None = None
    start = 0
    for number, line in enumerate(PATH.read_text(encoding="utf-8").splitlines(), 1):
        if lines is None and line == "```toml":
            lines, start = [], number + 1
        elif lines is not None and line == "```":
            found.append((start, "\n".join(lines) + "\n"))
            lines = None
        elif lines is not None:
            lines.append(line)
    return found


def rows(table: type[BaseModel], inherited: bool = True) -> list[str]:
    """A row for each key: what it is, and what it is when nobody says."""
    own = set(table.model_fields) - (set() if inherited else set(table.__mro__[1].model_fields))  # type: ignore[attr-defined]
    return [
        f"| `{name}` | {field.description} | {_default(field)} |"
        for name, field in table.model_fields.items()
        if name in own
    ]


def kind_rows() -> list[str]:
    rows = []
    for name, kind in KINDS.items():
        options = ", ".join(f"`{key}` {_default(field)}".strip() for key, field in kind.options.model_fields.items())
        power = "battery" if kind.battery else "mains or battery" if kind.may_sleep else "mains"
        rows.append(f"| `{name}` | {power} | {options} |")
    return rows


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default if field.default_factory is None else field.get_default(call_default_factory=True)
    return "" if value is None or value in ([], {}) or isinstance(value, list) else f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
