"""From what an expression says to what it means in a home: names found, types and units checked, words understood.

Goes on after a mistake, so that all of them are told at once.
"""

import re
from collections.abc import Callable
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.cells import Cell
from hubagent.rules.duration import parse_duration
from hubagent.rules.expression import tree
from hubagent.rules.expression.bad import BadExpression, together
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.typed import (
    Between,
    Both,
    Chosen,
    Clock,
    Compared,
    Computed,
    Constant,
    Either,
    Function,
    Inverse,
    Known,
    Negated,
    OneOf,
    Passed,
    Reading,
    Typed,
)
from hubagent.rules.expression.types import (
    ANY,
    DURATION,
    FLAG,
    NUMBER,
    ORDERED,
    TEXT,
    TIME,
    Sort,
    Type,
    meaning_of,
    number_with_unit,
    type_of,
    type_of_value,
)
from hubagent.rules.names import Subject, UnknownName, attribute_of, main_attribute, resolve
from hubagent.rules.words import WORDS
from hubagent.toml_lines import did_you_mean

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00")
_CLOCK: Final = {
    "time": TIME,
    "weekday": Type(Sort.WORD, words=WEEKDAYS),
    "sun.up": FLAG,
    "sun.elevation": Type(Sort.NUMBER, low=-90, high=90),
}
_UNKNOWN: Final = Constant(ANY, None)


def check(expression: tree.Expression, scope: Scope, expected: Type | None = None) -> Typed:
    """Raises BadExpression, with all that is wrong. `expected` is the type that the whole must have."""
    checker = _Checker(expression.text, scope)
    typed = checker.value(expression.root)
    if not checker.mistakes and expected is not None:
        typed = checker.fitting(typed, expression.root, expected)
    if checker.mistakes:
        raise together(checker.mistakes)
    return typed


def time_of_day(text: str) -> float | None:
    """Seconds since midnight of `22:00` or `22:00:30`; None where it is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    if match[1] is None:
        return 86400.0
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0 + int(match[3] or 0)


class _Checker:
    def __init__(self, text: str, scope: Scope) -> None:
        self.mistakes: list[BadExpression] = []
        self._text = text
        self._scope = scope
        self._functions: dict[str, Callable[[tree.Call], Typed]] = {
            "known": self._known,
            "age": lambda call: self._passed(call, of_change=False),
            "since": lambda call: self._passed(call, of_change=True),
            "between": self._between,
        }

    def wrong(self, node: tree.Node, what: str, hint: str = "") -> Typed:
        """Something that fits everywhere, so that one mistake is told once."""
        self.mistakes.append(BadExpression(self._text, node.column, node.length, what, hint))
        return _UNKNOWN

    def value(self, node: tree.Node) -> Typed:
        match node:
            case tree.Literal():
                return self._literal(node)
            case tree.Name():
                return self._name(node)
            case tree.Call():
                return self._call(node)
            case tree.Negative():
                operand = self._number(node.operand)
                return Negated(Type(operand.type.sort, operand.type.unit), operand)
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.Comparison():
                return self._comparison(node)
            case tree.Among():
                return self._among(node)
            case tree.Is():
                return self._is(node)
            case tree.Not():
                return Inverse(FLAG, self._flag(node.operand))
            case tree.And():
                return Both(FLAG, self._flag(node.left), self._flag(node.right))
            case tree.Or():
                return Either(FLAG, self._flag(node.left), self._flag(node.right))
            case tree.Choice():
                return self._choice(node)
            case _:
                raise AssertionError(node)

    def fitting(self, typed: Typed, node: tree.Node, expected: Type) -> Typed:
        """As a value of the expected type."""
        if isinstance(typed, Chosen):
            then, otherwise = (self.fitting(part, node, expected) for part in (typed.then, typed.otherwise))
            return Chosen(expected, typed.condition, then, otherwise)
        if isinstance(typed, Constant):
            return self._constant_as(typed, node, expected)
        if Sort.ANY in (typed.type.sort, expected.sort) or _comparable(typed.type, expected):
            return typed
        return self.wrong(node, f"this is {typed.type}, and should be {expected}")

    # Values.

    def _literal(self, node: tree.Literal) -> Typed:
        value = node.value
        if isinstance(value, bool):
            return Constant(FLAG, value)
        if value is None:
            return _UNKNOWN
        if isinstance(value, str):
            return Constant(TEXT, value)
        if any(letter.isdigit() for letter in node.unit):
            try:
                return Constant(DURATION, parse_duration(f"{value}{node.unit}"))
            except ValueError as error:
                return self.wrong(node, str(error))
        found = number_with_unit(value, node.unit)
        if found is None:
            return self.wrong(node, f"there is no unit {node.unit!r}", _unit_hint(value, node.unit))
        return Constant(found[1], found[0])

    def _name(self, node: tree.Name) -> Typed:
        if node.device is None:
            root, _, rest = node.text.partition(".")
            if node.text in _CLOCK:
                return self._clock(node)
            if root in ("home", "var", "trigger", "sun") and rest:
                found = self._root(root, rest)
                if found is not None:
                    return found
        return self._attribute(node)

    def _clock(self, node: tree.Name) -> Typed:
        if node.text.startswith("sun.") and not self._scope.has_place:
            return self.wrong(
                node, "it is not known where the home is", "; say latitude and longitude under [hub] in hub.toml"
            )
        return Clock(_CLOCK[node.text], node.text)

    def _root(self, root: str, rest: str) -> Typed | None:
        scope = self._scope
        if root == "home" and rest == "mode":
            return Reading(Type(Sort.WORD, words=scope.modes), scope.mode)
        if root == "trigger" and rest in ("value", "id", "late_s"):
            kind = {"value": ANY, "id": TEXT, "late_s": DURATION}[rest]
            return Reading(kind, getattr(scope.trigger, rest))
        if root == "var":
            cell = scope.variable(rest)
            return None if cell is None else Reading(type_of_value(cell.value), cell)
        return None

    def _attribute(self, node: tree.Name) -> Typed:
        try:
            subject = self._subject(node)
        except UnknownName as unknown:
            return self.wrong(node, unknown.what, self._hint(node, unknown.hint))
        attribute = subject.attribute or main_attribute(subject.device)
        if attribute is None:
            return self.wrong(node, f"{subject.device.name} reports nothing")
        return Reading(type_of(attribute), self._scope.cell(subject.device.id, attribute.name))

    def _subject(self, node: tree.Name) -> Subject:
        if node.device is None:
            return resolve(node.text, self._scope)
        device = self._scope.find(node.device)
        if device is None:
            hint = did_you_mean(node.device, self._scope.names())
            raise UnknownName(f"there is no device {node.device!r}", hint)
        return Subject(device, None if node.attribute is None else attribute_of(device, node.attribute))

    def _hint(self, node: tree.Name, hint: str) -> str:
        root, _, rest = node.text.partition(".")
        if root == "var":
            known = list(self._scope.variables())
            return did_you_mean(rest, known) or "; variables are named under [variables]"
        if root == "home":
            return "; of the home there is home.mode"
        if not hint and not rest:
            if node.text in WORDS or node.text in self._scope.modes:
                return f"; a word is written in quotes: {node.text!r}, or after `is`"
            return did_you_mean(node.text, ("time", "weekday"))
        return hint

    def _choice(self, node: tree.Choice) -> Typed:
        condition = self._flag(node.condition)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        if isinstance(then, Constant) and not isinstance(otherwise, Constant):
            then = self._constant_as(then, node.then, otherwise.type)
        elif isinstance(otherwise, Constant):
            otherwise = self._constant_as(otherwise, node.otherwise, then.type)
        elif not _comparable(then.type, otherwise.type):
            self.wrong(node.otherwise, f"this is {otherwise.type}, and before `if` stands {then.type}")
        kind = otherwise.type if then.type.sort is Sort.ANY else then.type
        return Chosen(Type(kind.sort, kind.unit, kind.words, kind.attribute), condition, then, otherwise)

    # What operators need.

    def _flag(self, node: tree.Node) -> Typed:
        typed = self.value(node)
        if typed.type.sort not in (Sort.FLAG, Sort.ANY):
            return self.wrong(node, f"this is {typed.type}, not true or false", _flag_hint(typed.type))
        return typed

    def _number(self, node: tree.Node) -> Typed:
        typed = self.value(node)
        if typed.type.sort not in (Sort.NUMBER, Sort.DURATION, Sort.ANY):
            return self.wrong(node, f"this is {typed.type}, not a number")
        return typed

    def _arithmetic(self, node: tree.Arithmetic) -> Typed:
        left, right = self._number(node.left), self._number(node.right)
        kind = left.type if left.type.sort is not Sort.ANY else right.type
        if node.operator in "+-":
            if not _comparable(left.type, right.type):
                return self.wrong(node, f"{left.type} {node.operator} {right.type} means nothing")
            unit = left.type.unit or right.type.unit
            return Computed(Type(kind.sort, unit), node.operator, left, right)
        return Computed(self._scaled(node, left.type, right.type), node.operator, left, right)

    def _scaled(self, node: tree.Arithmetic, left: Type, right: Type) -> Type:
        """The type of a product or a quotient: at most one side has a unit, or a quotient's both have the same."""
        plain_left, plain_right = (kind in (NUMBER, ANY) or _is_plain(kind) for kind in (left, right))
        if plain_right:
            return Type(left.sort, left.unit) if left.sort is not Sort.ANY else NUMBER
        if node.operator == "*" and plain_left:
            return Type(right.sort, right.unit)
        if node.operator == "/" and _comparable(left, right):
            return NUMBER
        self.wrong(node, f"{left} {node.operator} {right} has no unit that could be compared with anything")
        return ANY

    def _comparison(self, node: tree.Comparison) -> Typed:
        already = len(self.mistakes)
        left, right = self._alike(node.left, node.right)
        if node.operator not in ("==", "!=") and len(self.mistakes) == already:
            for typed, part in ((left, node.left), (right, node.right)):
                if typed.type.sort not in ORDERED:
                    return self.wrong(part, f"this is {typed.type}, which is never more or less than another")
        return Compared(FLAG, node.operator, left, right)

    def _alike(self, one: tree.Node, other: tree.Node) -> tuple[Typed, Typed]:
        """Both sides of a comparison; a constant is taken for what the other side is."""
        left, right = self._with_word(one, other), self._with_word(other, one)
        if isinstance(right, Constant):
            right = self._constant_as(right, other, left.type)
        elif isinstance(left, Constant):
            left = self._constant_as(left, one, right.type)
        elif not _comparable(left.type, right.type):
            self.wrong(other, f"this is {right.type}, and is compared with {left.type}")
        return left, right

    def _with_word(self, node: tree.Node, other: tree.Node) -> Typed:
        """A device alone is what the word on the other side is about."""
        word = other.value if isinstance(other, tree.Literal) else None
        if isinstance(node, tree.Name) and isinstance(word, str):
            meant = self._meant(node, word)
            if meant is not None:
                return meant[0]
        return self.value(node)

    def _meant(self, node: tree.Name, word: str) -> tuple[Typed, Value] | None:
        """The attribute of a device alone that a word is about, and its value; None where it is about none."""
        try:
            subject = self._subject(node)
        except UnknownName:
            return None
        if subject.attribute is not None:
            return None
        for name, value in WORDS.get(word, ()):
            try:
                attribute = attribute_of(subject.device, name)
            except UnknownName:
                continue
            return Reading(type_of(attribute), self._scope.cell(subject.device.id, name)), value
        return None

    def _constant_as(self, typed: Constant, node: tree.Node, kind: Type) -> Typed:
        """A constant beside something of another type: `'open'` is a flag, `'22:00'` a time, `'30m'` a duration."""
        value = typed.value
        if Sort.ANY in (typed.type.sort, kind.sort):
            return typed
        if isinstance(value, str) and kind.sort is not Sort.TEXT:
            return self._word_as(value, node, kind)
        if _comparable(typed.type, kind):
            return Constant(kind, value)
        if typed.type.sort is Sort.NUMBER and kind.sort is Sort.DURATION:
            return self.wrong(node, "a duration has a unit", f"; say {value}s or {value}m")
        if typed.type.unit and kind.unit:
            return self.wrong(node, f"this is in {typed.type.unit}, and what it is compared with in {kind.unit}")
        return self.wrong(node, f"this is {typed.type}, and is compared with {kind}")

    def _word_as(self, word: str, node: tree.Node, kind: Type) -> Typed:
        if kind.sort is Sort.WORD:
            if kind.words and word not in kind.words:
                meant = meaning_of(word, kind)
                if meant is not None:
                    return Constant(kind, meant)
                near = did_you_mean(word, kind.words) or f"; it is one of {', '.join(kind.words)}"
                return self.wrong(node, f"it is never {word!r}", near)
            return Constant(kind, word)
        if kind.sort is Sort.FLAG:
            value = meaning_of(word, kind)
            if value is None:
                near = did_you_mean(word, kind.words) or "; it is true or false"
                return self.wrong(node, f"it is never {word!r}", near)
            return Constant(kind, value)
        if kind.sort is Sort.TIME:
            seconds = time_of_day(word)
            if seconds is None:
                return self.wrong(node, f"{word!r} is no time of day, as '22:00'")
            return Constant(kind, seconds)
        if kind.sort is Sort.DURATION:
            try:
                return Constant(kind, parse_duration(word))
            except ValueError as error:
                return self.wrong(node, str(error))
        return self.wrong(node, f"this is a text, and is compared with {kind}", "; numbers are written without quotes")

    def _among(self, node: tree.Among) -> Typed:
        if not node.options:
            return self.wrong(node, "nothing is in an empty list")
        item = self._with_word(node.item, node.options[0])
        options: list[Value] = []
        for option in node.options:
            typed = self.value(option)
            if not isinstance(typed, Constant):
                self.wrong(option, "in a list stand values, not names")
                continue
            fitted = self._constant_as(typed, option, item.type)
            assert isinstance(fitted, Constant)
            options.append(fitted.value)
        return OneOf(FLAG, item, tuple(options))

    def _is(self, node: tree.Is) -> Typed:
        if node.word in ("known", "unknown"):
            known = Known(FLAG, self.value(node.item))
            return known if node.word == "known" else Inverse(FLAG, known)
        if isinstance(node.item, tree.Name):
            meant = self._meant(node.item, node.word)
            if meant is not None:
                return Compared(FLAG, "==", meant[0], Constant(meant[0].type, meant[1]))
        item = self.value(node.item)
        return Compared(FLAG, "==", item, self._word_as(node.word, node, item.type)) if item is not _UNKNOWN else item

    # Functions.

    def _call(self, node: tree.Call) -> Typed:
        special = self._functions.get(node.function)
        if special is not None:
            return special(node)
        fewest, most = {"abs": (1, 1), "round": (1, 2), "clamp": (3, 3)}.get(node.function, (2, 20))
        if not fewest <= len(node.arguments) <= most:
            return self._wrong_count(node, fewest, most)
        arguments = tuple(self._number(argument) for argument in node.arguments)
        first = next((one for one in arguments if not isinstance(one, Constant)), arguments[0])
        if node.function == "round":
            return self._rounded(node, arguments)
        fitted = tuple(
            self._constant_as(one, at, first.type) if isinstance(one, Constant) else one
            for one, at in zip(arguments, node.arguments, strict=True)
        )
        for one, at in zip(fitted, node.arguments, strict=True):
            if not _comparable(one.type, first.type):
                self.wrong(at, f"this is {one.type}, and stands beside {first.type}")
        return Function(Type(first.type.sort, first.type.unit), node.function, fitted)

    def _rounded(self, node: tree.Call, arguments: tuple[Typed, ...]) -> Typed:
        digits = arguments[1] if len(arguments) > 1 else Constant(NUMBER, 0)
        if not isinstance(digits, Constant) or not isinstance(digits.value, int) or not 0 <= digits.value <= 9:
            return self.wrong(node.arguments[1], "the digits are a number from 0 to 9")
        return Function(Type(arguments[0].type.sort, arguments[0].type.unit), "round", (arguments[0], digits))

    def _wrong_count(self, node: tree.Call, fewest: int, most: int) -> Typed:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        return self.wrong(node, f"{node.function} takes {wanted} values, not {len(node.arguments)}")

    def _known(self, node: tree.Call) -> Typed:
        if len(node.arguments) != 1:
            return self._wrong_count(node, 1, 1)
        return Known(FLAG, self.value(node.arguments[0]))

    def _passed(self, node: tree.Call, *, of_change: bool) -> Typed:
        if len(node.arguments) != 1:
            return self._wrong_count(node, 1, 1)
        typed = self.value(node.arguments[0])
        if isinstance(typed, Reading):
            return Passed(DURATION, typed.cell, of_change)
        return typed if typed is _UNKNOWN else self.wrong(node.arguments[0], f"{node.function} is of a device's value")

    def _between(self, node: tree.Call) -> Typed:
        match node.arguments:
            case (tree.Literal(value=str() as start), tree.Literal(value=str() as end)):
                start_s, end_s = time_of_day(start), time_of_day(end)
                if start_s is not None and end_s is not None:
                    return Between(FLAG, start_s, end_s)
        return self.wrong(node, "between takes two times of day", ": between('22:00', '06:00')")


def _comparable(one: Type, other: Type) -> bool:
    if Sort.ANY in (one.sort, other.sort):
        return True
    words = (Sort.WORD, Sort.TEXT)
    if one.sort in words and other.sort in words:
        return True
    return one.sort is other.sort and (one.unit == other.unit or not one.unit or not other.unit)


def _is_plain(kind: Type) -> bool:
    return kind.sort is Sort.NUMBER and not kind.unit


def _flag_hint(kind: Type) -> str:
    if kind.sort in ORDERED:
        return "; compare it with something, as in x > 20"
    return "; compare it with a word, as in x == 'night'"


def _unit_hint(value: float, unit: str) -> str:
    if unit in ("°F", "F"):
        return f"; {value:g} °F are {(value - 32) / 1.8:.1f}°C"
    if unit in ("C", "°K"):
        return f"; say {value:g}{'°C' if unit == 'C' else 'K'}"
    return did_you_mean(unit, ("%", "°C", "lx", "kWh", "W", "hPa", "K", "ms", "s", "min", "m", "h", "d"))


def cell_of(typed: Typed) -> Cell | None:
    """Where the value stands, when it is just one cell's."""
    return typed.cell if isinstance(typed, Reading) else None
