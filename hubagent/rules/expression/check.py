"""From what an expression says to what it means in a home: names found, types and units checked, words understood.

Goes on after a mistake, so that all of them are told at once.
"""

from collections.abc import Callable
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.duration import parse_duration
from hubagent.rules.expression import tree
from hubagent.rules.expression.bad import BadExpression, together
from hubagent.rules.expression.fitting import Misfit, fit, fit_word, time_of_day, unit_hint
from hubagent.rules.expression.fold import folded
from hubagent.rules.expression.naming import meant, named
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.typed import (
    Between,
    Both,
    Chosen,
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
    parts,
)
from hubagent.rules.expression.types import (
    ANY,
    DURATION,
    FLAG,
    NUMBER,
    ORDERED,
    TEXT,
    Sort,
    Type,
    comparable,
    number_with_unit,
)
from hubagent.rules.names import UnknownName

MISTAKES_MAX: Final = 10
"""Of one expression; looking for what was meant costs time."""
DIGITS_MAX: Final = 9

_UNKNOWN: Final = Constant(ANY, None)
_BESIDE: Final = "and is compared with"
_WANTED: Final = "and should be"
_ARGUMENTS: Final = {"abs": (1, 1), "min": (2, 20), "max": (2, 20), "clamp": (3, 3), "round": (1, 2)}
"""How many values a function takes, at least and at most."""


def check(expression: tree.Expression, scope: Scope, expected: Type | None = None) -> Typed:
    """Raises BadExpression, with all that is wrong. `expected` is the type that the whole must have."""
    checker = _Checker(expression.text, scope)
    typed = checker.value(expression.root)
    if not checker.mistakes and expected is not None:
        typed = checker.fitting(typed, expression.root, expected, _WANTED)
    if checker.mistakes:
        raise together(checker.mistakes)
    return typed


class _Checker:
    def __init__(self, text: str, scope: Scope) -> None:
        self.mistakes: list[BadExpression] = []
        self._text = text
        self._scope = scope

    def wrong(self, node: tree.Node, what: str, hint: str = "", device: str | None = None) -> Constant:
        """Something that fits everywhere, so that one mistake is told once."""
        self._wrong_at(node.column, node.length, what, hint, device)
        return _UNKNOWN

    def _wrong_at(self, column: int, length: int, what: str, hint: str, device: str | None = None) -> None:
        # In `1 < x < 5` the one x stands twice in the tree.
        if any((bad.column, bad.length, bad.what) == (column, length, what) for bad in self.mistakes):
            return
        self.mistakes.append(BadExpression(self._text, column, length, what, hint, device))
        if len(self.mistakes) == MISTAKES_MAX:
            raise together(self.mistakes)

    def value(self, node: tree.Node) -> Typed:
        typed = _MEANINGS[type(node)](self, node)
        found = folded(typed)
        if isinstance(found, Constant) and found.value is None and isinstance(typed, Computed | Negated | Function):
            if any(isinstance(part, Constant) and part.value is None for part in parts(typed)):
                return found
            hint = "; nothing is divided by zero" if isinstance(typed, Computed) and typed.operator == "/" else ""
            return self.wrong(node, "this has no result", hint)
        return found

    def fitting(self, typed: Typed, node: tree.Node, expected: Type, relation: str) -> Typed:
        """As a value of the expected type."""
        if isinstance(typed, Chosen):
            nodes = (node.then, node.otherwise) if isinstance(node, tree.Choice) else (node, node)
            then, otherwise = (
                self.fitting(part, at, expected, relation)
                for part, at in zip((typed.then, typed.otherwise), nodes, strict=True)
            )
            kind = expected if expected.sort is not Sort.ANY else typed.type
            return Chosen(kind, typed.condition, then, otherwise)
        if isinstance(typed, Constant):
            return self._fitted(fit(typed, expected, relation), node)
        if comparable(typed.type, expected):
            return typed
        return self.wrong(node, f"this is {typed.type}, {relation} {expected}")

    def _fitted(self, found: Constant | Misfit, node: tree.Node) -> Constant:
        return self.wrong(node, found.what, found.hint) if isinstance(found, Misfit) else found

    # Values.

    def _literal(self, node: tree.Literal) -> Typed:
        value = node.value
        if isinstance(value, bool):
            return Constant(FLAG, value)
        if value is None:
            return _UNKNOWN
        if isinstance(value, str):
            return Constant(TEXT, value)
        if any(letter in "0123456789" for letter in node.unit):
            try:
                return Constant(DURATION, parse_duration(f"{value}{node.unit}"))
            except ValueError as error:
                return self.wrong(node, str(error))
        found = number_with_unit(value, node.unit)
        if found is None:
            return self.wrong(node, f"there is no unit {node.unit!r}", unit_hint(value, node.unit))
        return Constant(found[1], found[0])

    def _name(self, node: tree.Name) -> Typed:
        try:
            return named(node, self._scope)
        except UnknownName as unknown:
            return self.wrong(node, unknown.what, unknown.hint, unknown.device)

    def _choice(self, node: tree.Choice) -> Typed:
        condition = self._flag(node.condition)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        if _is_constant(then) and not _is_constant(otherwise):
            then = self.fitting(then, node.then, otherwise.type, "and after `else` stands")
        else:
            otherwise = self.fitting(otherwise, node.otherwise, then.type, "and before `if` stands")
        kind = otherwise.type if then.type.sort is Sort.ANY else then.type
        words = kind.words if then.type.words == otherwise.type.words else ()
        return Chosen(Type(kind.sort, kind.unit, words, kind.attribute), condition, then, otherwise)

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

    def _not(self, node: tree.Not) -> Typed:
        return Inverse(FLAG, self._flag(node.operand))

    def _and(self, node: tree.And) -> Typed:
        return Both(FLAG, self._flag(node.left), self._flag(node.right))

    def _or(self, node: tree.Or) -> Typed:
        return Either(FLAG, self._flag(node.left), self._flag(node.right))

    def _negative(self, node: tree.Negative) -> Typed:
        operand = self._number(node.operand)
        return Negated(Type(operand.type.sort, operand.type.unit), operand)

    def _arithmetic(self, node: tree.Arithmetic) -> Typed:
        left, right = self._number(node.left), self._number(node.right)
        kind = left.type if left.type.sort is not Sort.ANY else right.type
        if node.operator in "+-":
            if not comparable(left.type, right.type):
                return self.wrong(node, f"{left.type} {node.operator} {right.type} means nothing")
            unit = left.type.unit or right.type.unit
            return Computed(Type(kind.sort, unit), node.operator, left, right)
        return Computed(self._scaled(node, left.type, right.type), node.operator, left, right)

    def _scaled(self, node: tree.Arithmetic, left: Type, right: Type) -> Type:
        """The type of a product or a quotient: at most one side has a unit, or a quotient's both have the same."""
        if _is_plain(right):
            return Type(left.sort, left.unit) if left.sort is not Sort.ANY else ANY
        if node.operator == "*" and _is_plain(left):
            return Type(right.sort, right.unit)
        if node.operator == "/" and comparable(left, right):
            return NUMBER
        self.wrong(node, f"{left} {node.operator} {right} has no unit that could be compared with anything")
        return ANY

    # Comparisons.

    def _comparison(self, node: tree.Comparison) -> Typed:
        already = len(self.mistakes)
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, tree.Literal) and side.value is None:
                self.value(other)
                return self.wrong(side, "nothing can be compared with unknown", "; say `is unknown`, or `is known`")
        left, right = self._alike(node.left, node.right)
        if len(self.mistakes) > already:
            return _UNKNOWN
        if node.operator not in ("==", "!="):
            for typed, part in ((left, node.left), (right, node.right)):
                if typed.type.sort not in ORDERED:
                    return self.wrong(part, f"this is {typed.type}, which is never more or less than another")
        elif _share_no_word(left.type, right.type) and not (_is_constant(left) or _is_constant(right)):
            known = ", ".join(left.type.words)
            return self.wrong(node.right, "these two are never equal", f": the left one is one of {known}")
        return Compared(FLAG, node.operator, left, right)

    def _alike(self, one: tree.Node, other: tree.Node) -> tuple[Typed, Typed]:
        """Both sides of a comparison; what is constant is taken for what the other side is."""
        left, right = self._with_word(one, other), self._with_word(other, one)
        if _is_constant(left) and not _is_constant(right):
            return self.fitting(left, one, right.type, _BESIDE), right
        return left, self.fitting(right, other, left.type, _BESIDE)

    def _with_word(self, node: tree.Node, other: tree.Node) -> Typed:
        """A device alone is what the word on the other side is about."""
        word = other.value if isinstance(other, tree.Literal) else None
        if isinstance(node, tree.Name) and isinstance(word, str):
            found = meant(node, word, self._scope)
            if found is not None:
                return found[0]
        return self.value(node)

    def _among(self, node: tree.Among) -> Typed:
        if not node.options:
            return self.wrong(node, "nothing is in an empty list")
        item = self._with_word(node.item, node.options[0])
        options: list[Value] = []
        for option in node.options:
            typed = self.value(option)
            if isinstance(option, tree.Literal) and option.value is None:
                self.wrong(option, "nothing can be compared with unknown", "; say `is unknown`, or `is known`")
            elif isinstance(typed, Constant):
                options.append(self._fitted(fit(typed, item.type, _BESIDE), option).value)
            else:
                self.wrong(option, "in a list stand values, not names")
        return OneOf(FLAG, item, tuple(options))

    def _is(self, node: tree.Is) -> Typed:
        if node.word in ("known", "unknown"):
            known = Known(FLAG, self.value(node.item))
            return known if node.word == "known" else folded(Inverse(FLAG, known))
        if isinstance(node.item, tree.Name):
            found = meant(node.item, node.word, self._scope)
            if found is not None:
                return Compared(FLAG, "==", found[0], Constant(found[0].type, found[1]))
        item = self.value(node.item)
        if item is _UNKNOWN:
            return item
        fitted = fit_word(node.word, item.type, _BESIDE)
        if isinstance(fitted, Misfit):
            self._wrong_at(node.word_column, node.word_length, fitted.what, fitted.hint)
            return _UNKNOWN
        return Compared(FLAG, "==", item, fitted)

    # Functions.

    def _call(self, node: tree.Call) -> Typed:
        special = _SPECIAL.get(node.function)
        if special is not None:
            return special(self, node)
        fewest, most = _ARGUMENTS[node.function]
        if not fewest <= len(node.arguments) <= most:
            return self._wrong_count(node, fewest, most)
        arguments = tuple(self._number(argument) for argument in node.arguments)
        if node.function == "round":
            return self._rounded(node, arguments)
        first = next((one for one in arguments if not _is_constant(one)), arguments[0])
        fitted = tuple(
            self.fitting(one, at, first.type, "and stands beside")
            for one, at in zip(arguments, node.arguments, strict=True)
        )
        return Function(Type(first.type.sort, first.type.unit), node.function, fitted)

    def _rounded(self, node: tree.Call, arguments: tuple[Typed, ...]) -> Typed:
        digits = arguments[1] if len(arguments) > 1 else Constant(NUMBER, 0)
        if not isinstance(digits, Constant) or not isinstance(digits.value, int) or not 0 <= digits.value <= DIGITS_MAX:
            return self.wrong(node.arguments[1], f"the digits are a number from 0 to {DIGITS_MAX}")
        return Function(Type(arguments[0].type.sort, arguments[0].type.unit), "round", (arguments[0], digits))

    def _wrong_count(self, node: tree.Call, fewest: int, most: int) -> Typed:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        values = "value" if most == 1 else "values"
        return self.wrong(node, f"{node.function} takes {wanted} {values}, not {len(node.arguments)}")

    def _known(self, node: tree.Call) -> Typed:
        if len(node.arguments) != 1:
            return self._wrong_count(node, 1, 1)
        return Known(FLAG, self.value(node.arguments[0]))

    def _passed(self, node: tree.Call) -> Typed:
        if len(node.arguments) != 1:
            return self._wrong_count(node, 1, 1)
        typed = self.value(node.arguments[0])
        if isinstance(typed, Reading):
            return Passed(Type(Sort.DURATION, low=0), typed.cell, node.function == "since")
        return typed if typed is _UNKNOWN else self.wrong(node.arguments[0], f"{node.function} is of a device's value")

    def _between(self, node: tree.Call) -> Typed:
        match node.arguments:
            case (tree.Literal(value=str() as start), tree.Literal(value=str() as end)):
                start_s, end_s = time_of_day(start), time_of_day(end)
                if start_s is not None and end_s is not None:
                    return Between(FLAG, start_s, end_s)
        return self.wrong(node, "between takes two times of day", ": between('22:00', '06:00')")


_SPECIAL: Final[dict[str, Callable[[_Checker, tree.Call], Typed]]] = {
    "known": _Checker._known,
    "age": _Checker._passed,
    "since": _Checker._passed,
    "between": _Checker._between,
}
_MEANINGS: Final[dict[type[tree.Node], Callable[..., Typed]]] = {
    tree.Literal: _Checker._literal,
    tree.Name: _Checker._name,
    tree.Call: _Checker._call,
    tree.Negative: _Checker._negative,
    tree.Arithmetic: _Checker._arithmetic,
    tree.Comparison: _Checker._comparison,
    tree.Among: _Checker._among,
    tree.Is: _Checker._is,
    tree.Not: _Checker._not,
    tree.And: _Checker._and,
    tree.Or: _Checker._or,
    tree.Choice: _Checker._choice,
}


def _is_constant(typed: Typed) -> bool:
    """Or a choice between constants."""
    if isinstance(typed, Chosen):
        return _is_constant(typed.then) and _is_constant(typed.otherwise)
    return isinstance(typed, Constant)


def _is_plain(kind: Type) -> bool:
    return kind.sort is Sort.ANY or (kind.sort is Sort.NUMBER and not kind.unit)


def _share_no_word(one: Type, other: Type) -> bool:
    if Sort.FLAG in (one.sort, other.sort) or not one.words or not other.words:
        return False
    return not set(one.words) & set(other.words)


def _flag_hint(kind: Type) -> str:
    if kind.sort in ORDERED:
        return "; compare it with something, as in x > 20"
    return "; compare it with a word, as in x == 'night'"
