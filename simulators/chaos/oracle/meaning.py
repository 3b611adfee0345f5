"""What expressions are worth, worked out along the tree each time; None is unknown, which is neither true nor false."""

import re
from typing import Any, Final

from hubagent.model.capability import Value
from hubagent.rules.duration import duration_text
from hubagent.rules.expression import tree
from hubagent.rules.expression.template import Template
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.types import SCALES
from hubagent.rules.words import WORDS
from simulators.chaos.oracle.seen import CLOCK_NAMES, Place, Seen

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RISEN_DEGREES: Final = -0.833
"""RULES.md, Time: the sun's middle as it rises and sets."""
NUMBER_MAX: Final = 1e15
_ORDERED: Final = ("<", "<=", ">", ">=")
_SECONDS: Final = {"d": 86_400.0, "h": 3600.0, "min": 60.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|min|[dhms])")
_SPANS: Final = re.compile(rf"(?:{_SPAN.pattern}\s*)+")
_TIME: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def worth(node: tree.Node, seen: Seen) -> Any:
    """A flag, a number, a text, or None."""
    match node:
        case tree.Literal(value=value, unit=unit):
            return _with_unit(value, unit) if unit else value
        case tree.Name():
            return _named(node, seen)
        case tree.Not(operand=operand):
            value = worth(operand, seen)
            return None if value is None else not value
        case tree.And(left=left, right=right):
            both = (worth(left, seen), worth(right, seen))
            return False if False in both else None if None in both else True
        case tree.Or(left=left, right=right):
            both = (worth(left, seen), worth(right, seen))
            return True if True in both else None if None in both else False
        case tree.Is(item=item, word="known" | "unknown" as word):
            return (worth(item, seen) is not None) is (word == "known")
        case tree.Is(item=item, word=word):
            return _compared("==", item, tree.Literal(0, 0, word), seen)
        case tree.Among(item=item, options=options):
            found = [_compared("==", item, option, seen) for option in options]
            return True if True in found else None if None in found else False
        case tree.Comparison(operator=sign, left=left, right=right):
            return _compared(sign, left, right, seen)
        case tree.Choice(condition=condition, then=then, otherwise=otherwise):
            holds = worth(condition, seen)
            return None if holds is None else worth(then if holds else otherwise, seen)
        case tree.Negative(operand=operand):
            value = worth(operand, seen)
            return None if value is None else -value
        case tree.Arithmetic(operator=sign, left=left, right=right):
            return _computed(sign, worth(left, seen), worth(right, seen))
        case tree.Call(function=function, arguments=arguments):
            return _called(function, arguments, seen)
    raise AssertionError(node)


def holds(expression: Expression, seen: Seen) -> bool:
    return worth(expression.root, seen) is True


def reads(expression: Expression, seen: Seen) -> frozenset[Place]:
    """What its worth depends on, apart from the clock and from what set a run off."""
    found: set[Place] = set()
    for node in tree.walk(expression.root):
        if isinstance(node, tree.Name) and (place := seen.place(node)) is not None:
            found.add(place)
        if isinstance(node, tree.Is) and (meant := seen.meant(node.item, node.word)) is not None:
            found.add(meant[0])
    return frozenset(found)


def reads_clock(expression: Expression) -> bool:
    """Whether it may change its worth without anybody's report."""
    return any(
        (isinstance(node, tree.Name) and node.text in CLOCK_NAMES)
        or (isinstance(node, tree.Call) and node.function in ("age", "since", "between"))
        for node in tree.walk(expression.root)
    )


def rendered(template: Template, seen: Seen) -> str:
    parts = [part if isinstance(part, str) else _said(part, seen) for _, part in template.parts]
    return "".join(parts)[:4000]


def _said(expression: Expression, seen: Seen) -> str:
    node, value = expression.root, worth(expression.root, seen)
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        place = seen.place(node) if isinstance(node, tree.Name) else None
        words = (word for word, meanings in WORDS.items() if place and (place[1], value) in meanings)
        return next(words, "true" if value else "false")
    if isinstance(value, int | float):
        if isinstance(node, tree.Name) and node.text == "time":
            return f"{int(value) // 3600:02}:{int(value) // 60 % 60:02}"
        spans = (isinstance(node, tree.Name) and node.text == "trigger.late_s") or (
            isinstance(node, tree.Call) and node.function in ("age", "since")
        )
        return duration_text(value) if spans else f"{value:.10g}"
    return str(value)


def _named(node: tree.Name, seen: Seen) -> Value:
    place = seen.place(node)
    if place is not None:
        return seen.value(place)
    local = seen.local()
    match node.text:
        case "trigger.value":
            return seen.cause.value
        case "trigger.id":
            return seen.cause.id
        case "trigger.late_s":
            return seen.cause.late_s
        case "weekday":
            return WEEKDAYS[local.weekday()]
        case "time":
            return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    elevation = seen.where.sun_elevation(seen.wall)
    if node.text == "sun.elevation" or elevation is None:
        return elevation
    return elevation > RISEN_DEGREES


def _compared(sign: str, left: tree.Node, right: tree.Node, seen: Seen) -> bool | None:
    if isinstance(left, tree.Literal) and isinstance(left.value, str):
        return _compared({"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign), right, left, seen)
    one, other = worth(left, seen), worth(right, seen)
    if isinstance(right, tree.Literal) and isinstance(other, str):
        meant = seen.meant(left, other)
        if meant is not None and sign in ("==", "!="):
            return _beside(sign, seen.value(meant[0]), meant[1])
    if any(isinstance(node, tree.Name) and node.text == "trigger.value" for node in (left, right)):
        # It may be anything, and nobody can say what a text beside it is meant to be.
        return _beside(sign, _flag_for(one, other), _flag_for(other, one))
    return _beside(sign, _taken_for(one, other), _taken_for(other, one))


def _flag_for(value: Value, beside: Value) -> Value:
    """A word beside a flag is a word for a flag."""
    if not isinstance(value, str) or not isinstance(beside, bool):
        return value
    flags = {meaning for _, meaning in WORDS.get(value, ()) if isinstance(meaning, bool)}
    return min(flags) if len(flags) == 1 else value


def _taken_for(value: Value, beside: Value) -> Value:
    """What is written in letters is a word for a flag, a time of day, a duration, or itself."""
    if not isinstance(value, str) or isinstance(beside, bool | str) or beside is None:
        return _flag_for(value, beside)
    return _seconds(value) if _TIME.fullmatch(value) else _span(value) if _SPANS.fullmatch(value) else value


def _beside(sign: str, one: Value, other: Value) -> bool | None:
    if one is None or other is None or _kind(one) is not _kind(other):
        return None
    if sign in _ORDERED:
        if isinstance(one, bool | str) or isinstance(other, bool | str):
            return None
        return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]
    return (one == other) is (sign == "==")


def _kind(value: Value) -> type:
    return bool if isinstance(value, bool) else str if isinstance(value, str) else float


def _computed(sign: str, one: Any, other: Any) -> float | None:
    if one is None or other is None or (sign == "/" and other == 0):
        return None
    value: float = (
        one + other if sign == "+" else one - other if sign == "-" else one * other if sign == "*" else one / other
    )
    return value if -NUMBER_MAX <= value <= NUMBER_MAX else None


def _called(function: str, arguments: tuple[tree.Node, ...], seen: Seen) -> Any:
    if function in ("age", "since"):
        [node] = arguments
        place = seen.place(node) if isinstance(node, tree.Name) else None
        said = None if place is None else seen.said.get(place)
        if said is None:
            return None
        return max(0.0, seen.wall - (said.as_of if function == "age" else said.changed_at))
    values = [worth(argument, seen) for argument in arguments]
    if function == "known":
        return values[0] is not None
    if None in values:
        return None
    match function:
        case "between":
            now = seen.local()
            begin, end = (_seconds(str(value)) for value in values)
            at = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
            return begin <= at < end if begin <= end else not end <= at < begin
        case "clamp":
            return max(values[1], min(values[0], values[2]))
        case "abs":
            return abs(values[0])
        case "round":
            return round(*values)
        case "min":
            return min(values)
        case "max":
            return max(values)
    raise AssertionError(function)


def _with_unit(value: Any, unit: str) -> float:
    """In the unit that attributes have; a duration, also `1h30m`, in seconds."""
    if any(letter in "0123456789" for letter in unit):
        return _span(f"{value}{unit}")
    factor = _SECONDS[unit] if unit in _SECONDS else SCALES[unit][1] if unit in SCALES else 1.0
    number: float = value * factor
    return number


def _span(text: str) -> float:
    return sum(float(number) * _SECONDS[unit] for number, unit in _SPAN.findall(text))


def _seconds(text: str) -> float:
    hour, minute, *second = text.split(":")
    return int(hour) * 3600 + int(minute) * 60 + (float(second[0]) if second else 0.0)
