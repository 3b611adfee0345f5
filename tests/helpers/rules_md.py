"""RULES.md: its examples, which stand between ```toml and ```, and the rows of its tables."""

from collections.abc import Iterable
from pathlib import Path

from hubagent.rules.reading.table import Fields

PATH = Path(__file__).parents[2] / "RULES.md"


def examples() -> list[tuple[int, str]]:
    """Each with the line where it begins."""
    found: list[tuple[int, str]] = []
    lines: list[str] | None = None
    for number, line in enumerate(PATH.read_text(encoding="utf-8").splitlines(), 1):
        if lines is None and line == "```toml":
            lines, start = [], number + 1
        elif lines is not None and line == "```":
            found.append((start, "\n".join(lines) + "\n"))
            lines = None
        elif lines is not None:
            lines.append(line)
    return found


def rows(fields: Fields, only: Iterable[str] | None = None) -> list[str]:
    """The rows of a table that says what these fields are."""
    return [
        f"| `{name}` | {field.doc} | {field.form.said} | {'**required**' if field.required else _code(field.default)} |"
        for name, field in fields.by_name.items()
        if only is None or name in only
    ]


def _code(default: str) -> str:
    return (
        f"`{default}`"
        if default[:1] in {'"', "[", "{"} or default in {"true", "false"} or default.isdigit()
        else default
    )
