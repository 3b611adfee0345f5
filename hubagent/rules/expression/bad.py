"""What is wrong with an expression, and where in its text."""

from collections.abc import Sequence


class BadExpression(ValueError):
    """`what` is wrong with `length` letters of `text` from `column` on, counted from 0.

    `hint` is the end of the sentence, or empty: what was probably meant. `device` is one that is not there, where only
    that is wrong. When more is wrong, `others` has the rest.
    """

    def __init__(
        self, text: str, column: int, length: int, what: str, hint: str = "", device: str | None = None
    ) -> None:
        super().__init__(f"{what}{hint}")
        self.text = text
        self.column = column
        self.length = length
        self.what = what
        self.hint = hint
        self.device = device
        self.others: tuple[BadExpression, ...] = ()

    @property
    def all(self) -> "tuple[BadExpression, ...]":
        return (self, *self.others)

    def caret(self) -> str:
        """The text with what is wrong marked under it."""
        return f"{self.text}\n{' ' * self.column}{'^' * max(1, self.length)}"


def together(mistakes: "Sequence[BadExpression]") -> BadExpression:
    """The first, which knows of the others."""
    first, *others = sorted(mistakes, key=lambda bad: bad.column)
    first.others = tuple(others)
    return first
