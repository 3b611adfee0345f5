"""Why something is not translated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    kind: str
    """What is counted: `trigger mqtt`, `template`."""
    detail: str = ""
    """What it is about in this case, or what can be done about it."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


class CannotTranslate(Exception):
    """There is nothing that means the same here."""

    def __init__(self, kind: str, detail: object = "") -> None:
        self.reason = Reason(one_line(kind, 80), one_line(detail, 200))
        super().__init__(str(self.reason))


def one_line(value: object, most: int) -> str:
    """Of whatever a file says: printable, and not long."""
    text = value if isinstance(value, str) else _shown(value)
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * most]).split())
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _shown(value: object) -> str:
    # The text of a list or a table can be as long as the file.
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a table of {', '.join(str(key)[:30] for key in list(value)[:5])}"
    return str(value)
