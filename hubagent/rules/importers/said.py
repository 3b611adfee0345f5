"""Texts of expressions, put together with brackets where they are needed."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from hubagent.rules.expression.lexer import KEYWORDS, LENGTH_MAX
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.names import ROOTS

CHOICE: Final = 1
OR: Final = 2
AND: Final = 3
NOT: Final = 4
COMPARISON: Final = 5
SUM: Final = 6
PRODUCT: Final = 7
SIGN: Final = 8
ATOM: Final = 9

_NUMBER_MAX: Final = 1e12


class Said(NamedTuple):
    text: str
    power: int = ATOM
    """How tightly it holds together."""


TRUE: Final = Said("true")
FALSE: Final = Said("false")
NEVER: Final = Said("unknown")
"""What stands for a condition that could not be translated: it never holds."""


def at_least(said: Said, power: int) -> str:
    return said.text if said.power >= power else f"({said.text})"


def all_of(parts: Iterable[Said]) -> Said:
    return _joined([part for part in parts if part != TRUE], "and", AND, TRUE)


def any_of(parts: Iterable[Said]) -> Said:
    return _joined([part for part in parts if part != FALSE], "or", OR, FALSE)


def _joined(parts: Sequence[Said], word: str, power: int, nothing: Said) -> Said:
    different = list(dict.fromkeys(parts))
    if len(different) <= 1:
        return different[0] if different else nothing
    return Said(f" {word} ".join(at_least(part, power + 1) for part in different), power)


def negated(said: Said) -> Said:
    if said in (TRUE, FALSE):
        return FALSE if said == TRUE else TRUE
    if said.power == NOT and said.text.startswith("not "):
        inner = said.text.removeprefix("not ")
        return Said(inner, COMPARISON) if not inner.startswith("(") else Said(inner[1:-1], CHOICE)
    return Said(f"not {at_least(said, COMPARISON)}", NOT)


def compared(left: Said, sign: str, right: Said) -> Said:
    return Said(f"{at_least(left, SUM)} {sign} {at_least(right, SUM)}", COMPARISON)


def among(item: Said, values: Sequence[Said]) -> Said:
    if len(values) == 1:
        return compared(item, "==", values[0])
    return Said(f"{at_least(item, SUM)} in ({', '.join(value.text for value in values)})", COMPARISON)


def computed(left: Said, sign: str, right: Said) -> Said:
    power = SUM if sign in "+-" else PRODUCT
    return Said(f"{at_least(left, power)} {sign} {at_least(right, power + 1)}", power)


def number(value: float) -> Said:
    """Raises CannotTranslate where it is none that expressions have."""
    plain = tidy(value)
    text = str(plain) if isinstance(plain, int) else f"{plain:.10f}".rstrip("0").rstrip(".")
    return Said(text, SIGN if value < 0 else ATOM)


def tidy(value: float) -> float | int:
    """Without digits that only the computer's arithmetic made. Raises CannotTranslate for what is no amount."""
    if not math.isfinite(value) or abs(value) > _NUMBER_MAX:
        raise CannotTranslate("number out of bounds", value)
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def literal(value: object) -> Said:
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int | float):
        return number(value)
    return text(str(value))


def text(value: str) -> Said:
    if "\\" in value or "\n" in value or ("'" in value and '"' in value):
        raise CannotTranslate("text with signs that expressions do not have", value)
    return Said(f'"{value}"' if "'" in value else f"'{value}'")


def name(subject: str, attribute: str = "") -> Said:
    """A device, or its attribute, as expressions name it."""
    whole = f"{subject}.{attribute}" if attribute else subject
    if _is_plain(whole):
        return Said(whole)
    quoted = text(subject).text
    return Said(f"device({quoted}).{attribute}" if attribute else f"device({quoted})")


def _is_plain(whole: str) -> bool:
    parts = [piece for part in whole.split(".") for piece in (part.split("-") if part else [""])]
    return (
        all(piece and all(letter.isalnum() or letter == "_" for letter in piece) for piece in parts)
        and not whole[0].isdigit()
        and (whole[0].isalpha() or whole[0] == "_")
        and whole not in KEYWORDS
        and whole.partition(".")[0] not in ROOTS
    )


def whole(said: Said) -> str:
    """As it stands in a rule. Raises CannotTranslate where it is longer than expressions may be."""
    if len(said.text) > LENGTH_MAX:
        raise CannotTranslate(f"condition longer than {LENGTH_MAX} letters")
    return said.text
