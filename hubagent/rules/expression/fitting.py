"""A constant taken for what it stands beside: `'open'` for a flag, `'22:00'` for a time, `'30m'` for a duration."""

import re
from dataclasses import dataclass
from typing import Final

from hubagent.rules.duration import UNITS_S, parse_duration
from hubagent.rules.expression.typed import Constant
from hubagent.rules.expression.types import UNITS, Sort, Type, comparable, meaning_of
from hubagent.toml_lines import did_you_mean

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?|24:00")


@dataclass(frozen=True, slots=True)
class Misfit:
    """It is no such thing: what is wrong, and the end of the sentence."""

    what: str
    hint: str = ""


def time_of_day(text: str) -> float | None:
    """Seconds since midnight of `22:00` or `22:00:30`; None where it is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    if match[1] is None:
        return 86400.0
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0 + int(match[3] or 0)


def fit(constant: Constant, kind: Type, relation: str) -> Constant | Misfit:
    """`relation` says how it stands to what has that type: `and is compared with`, `and should be`."""
    value = constant.value
    if Sort.ANY in (constant.type.sort, kind.sort):
        return constant
    if isinstance(value, str) and kind.sort is not Sort.TEXT:
        return fit_word(value, kind, relation)
    if comparable(constant.type, kind):
        return Constant(kind, value)
    if constant.type.sort is Sort.NUMBER and not constant.type.unit and kind.sort is Sort.DURATION:
        return Misfit("a duration has a unit", f"; say {value}s or {value}m")
    if constant.type.sort is Sort.NUMBER and kind.sort is Sort.TIME:
        return Misfit(f"this is {constant.type}, {relation} {kind}", "; a time of day is written '22:00'")
    if isinstance(value, int | float) and constant.type.unit and kind.unit:
        hint = f"; {value:g} K are {value - 273.15:.1f}°C" if (constant.type.unit, kind.unit) == ("K", "°C") else ""
        return Misfit(f"this is in {constant.type.unit}, {relation} {kind}", hint)
    return Misfit(f"this is {constant.type}, {relation} {kind}")


def fit_word(word: str, kind: Type, relation: str) -> Constant | Misfit:
    match kind.sort:
        case Sort.WORD:
            return _word_of(word, kind)
        case Sort.FLAG:
            value = meaning_of(word, kind)
            if value is None:
                return Misfit(f"it is never {word!r}", did_you_mean(word, kind.words) or _flag_words(kind))
            return Constant(kind, value)
        case Sort.TIME:
            seconds = time_of_day(word)
            return Misfit(f"{word!r} is no time of day, as '22:00'") if seconds is None else Constant(kind, seconds)
        case Sort.DURATION:
            try:
                return Constant(kind, parse_duration(word))
            except ValueError as error:
                return Misfit(str(error))
        case Sort.TEXT | Sort.ANY:
            return Constant(Type(Sort.TEXT), word)
        case _:
            return Misfit(f"this is a text, {relation} {kind}", "; numbers are written without quotes")


def _word_of(word: str, kind: Type) -> Constant | Misfit:
    if not kind.words or word in kind.words:
        return Constant(kind, word)
    said = meaning_of(word, kind)
    if isinstance(said, str):
        return Constant(kind, said)
    near = did_you_mean(word, kind.words) or f"; it is one of {', '.join(kind.words)}"
    return Misfit(f"it is never {word!r}", near)


def _flag_words(kind: Type) -> str:
    return f"; it is {' or '.join(kind.words)}" if kind.words else "; it is true or false"


_SAY: Final = {
    **dict.fromkeys(("C", "c", "°c"), "°C"),
    **dict.fromkeys(("°K", "k"), "K"),
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("percent", "pct"), "%"),
}
"""Units as people write them elsewhere."""


def unit_hint(value: float, unit: str) -> str:
    if unit in ("°F", "F"):
        return f"; {value:g} °F are {(value - 32) / 1.8:.1f}°C"
    if unit in _SAY:
        return f"; say {value:g}{_SAY[unit]}"
    return did_you_mean(unit, (*UNITS_S, *sorted(UNITS)))
