"""What is wrong with one value, and all that is wrong with the files."""

from collections.abc import Iterable
from typing import Any, Final

from hubagent.toml_lines import Mistake, Mistakes, Spot

MISTAKES_MAX: Final = 100
"""With these, a reader has enough, and reads no further."""

_SHOWN_LENGTH_MAX: Final = 60


class Wrong(ValueError):
    """A value that cannot be, said in words. `below` is where in it, `column` and `length` which part of its text."""

    def __init__(
        self,
        what: str,
        *,
        below: tuple[str | int, ...] = (),
        column: int = 0,
        length: int = 0,
        of_key: bool = False,
    ) -> None:
        super().__init__(what)
        self.below = below
        self.column = column
        self.length = length
        self.of_key = of_key
        """The key is wrong, and not its value."""

    def at(self, *below: str | int) -> "Wrong":
        """The same, seen from further out."""
        return Wrong(str(self), below=(*below, *self.below), column=self.column, length=self.length, of_key=self.of_key)


class Findings:
    """The mistakes found so far, bounded: a file may be nothing but mistakes."""

    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def are_full(self) -> bool:
        """It is not worth while to look for more."""
        return self._count >= MISTAKES_MAX

    def say(self, spot: Spot, what: str, *, of_key: bool = False) -> None:
        self._count += 1
        if self._count <= MISTAKES_MAX:
            self._mistakes.append(spot.mistake(what, of_key=of_key))

    def wrong(self, spot: Spot, wrong: Wrong) -> None:
        self._count += 1
        if self._count <= MISTAKES_MAX:
            spot = spot.below(*wrong.below)
            self._mistakes.append(
                spot.mistake(str(wrong), column=wrong.column, length=wrong.length, of_key=wrong.of_key)
            )

    def add(self, mistakes: Iterable[Mistake]) -> None:
        for mistake in mistakes:
            self._count += 1
            if self._count <= MISTAKES_MAX:
                self._mistakes.append(mistake)

    def raise_if_any(self) -> None:
        """In the order in which they stand in the files."""
        if not self._mistakes:
            return
        files = {file: number for number, (file, _) in enumerate(map(_file_and_line, reversed(self._mistakes)))}
        told = sorted(self._mistakes, key=lambda one: (-files[_file_and_line(one)[0]], *_order(one)))
        if self.are_full:
            told.append(Mistake(told[-1].place, "", f"after {MISTAKES_MAX} mistakes it was read no further"))
        raise Mistakes(told)


def _file_and_line(mistake: Mistake) -> tuple[str, int]:
    file, _, line = mistake.place.rpartition(":")
    return (file, int(line)) if line.isdecimal() else (mistake.place, 0)


def _order(mistake: Mistake) -> tuple[int, int]:
    return _file_and_line(mistake)[1], mistake.column or 0


def shown(value: Any) -> str:
    """The value for an error's text, as a file would have it, and never long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number with many digits"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    text = repr(value) if isinstance(value, str | int | float) else str(value)
    return text if len(text) <= _SHOWN_LENGTH_MAX else f"{text[: _SHOWN_LENGTH_MAX - 3]}..."
