"""Whether an expression fits together by what its devices can say now.

Whoever writes `kitchen.sink is wet` means a device that can be wet. One whose interview is not over may stand for
something else until it is.
"""

from typing import Final

from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Attribute, Kind
from hubagent.rules.expression import tree
from hubagent.rules.expression.tree import Expression
from hubagent.rules.expression.types import SCALES
from hubagent.rules.words import WORDS
from simulators.chaos.oracle.seen import Seen

FLAG: Final = Attribute("", Kind.FLAG, "")
WORD: Final = Attribute("", Kind.WORD, "")
NUMBER: Final = Attribute("", Kind.NUMBER, "")
SECONDS: Final = Attribute("", Kind.NUMBER, "", unit="s")
TIME: Final = Attribute("", Kind.NUMBER, "", unit="time of day")
_OWN: Final = frozenset((SECONDS.unit, TIME.unit))
"""A number without a unit is none of these."""
_NAMES: Final = {"weekday": WORD, "time": TIME, "sun.up": FLAG, "sun.elevation": NUMBER, "trigger.late_s": SECONDS}
_IN_SECONDS: Final = frozenset(("ms", "s", "m", "min", "h", "d"))
Sort = Attribute | None
"""What a value is, as if an attribute had it; None: it may be anything."""


class _Unfit(Exception):
    """Two things stand together that do not go together."""


def fits(expression: Expression, seen: Seen, wanted: Sort) -> bool:
    try:
        _give(expression.root, wanted, seen)
    except _Unfit:
        return False
    return True


def _give(node: tree.Node, wanted: Sort, seen: Seen) -> None:
    """It is to be worth something of that sort."""
    if isinstance(node, tree.Choice):
        _give(node.condition, FLAG, seen)
        _give(node.then, wanted, seen)
        _give(node.otherwise, wanted, seen)
    elif isinstance(node, tree.Literal) and isinstance(node.value, str):
        _say(node.value, wanted)
    else:
        _match(_sort(node, seen), wanted)


def _say(word: str, sort: Sort) -> None:
    """What is written in letters can be that."""
    if sort is None or sort.unit in _OWN or (sort.kind is Kind.WORD and (not sort.words or word in sort.words)):
        return
    _need(any(name == sort.name for name, _ in WORDS.get(word, ())))


def _match(one: Sort, other: Sort) -> None:
    if one is None or other is None:
        return
    _need(one.kind is other.kind)
    if one.unit != other.unit:
        _need(not (one.unit and other.unit) and not _OWN & {one.unit, other.unit})


def _need(so: bool) -> None:
    if not so:
        raise _Unfit


def _sort(node: tree.Node, seen: Seen) -> Sort:
    match node:
        case tree.Literal(value=value, unit=unit):
            return _literal(value, unit)
        case tree.Name():
            return _named(node, seen)
        case tree.Not(operand=operand):
            _give(operand, FLAG, seen)
            return FLAG
        case tree.And(left=left, right=right) | tree.Or(left=left, right=right):
            _give(left, FLAG, seen)
            _give(right, FLAG, seen)
            return FLAG
        case tree.Is(item=item, word="known" | "unknown"):
            _sort(item, seen)
            return FLAG
        case tree.Is(item=item, word=word):
            _beside(item, tree.Literal(0, 0, word), seen)
            return FLAG
        case tree.Among(item=item, options=options):
            for option in options:
                _beside(item, option, seen)
            return FLAG
        case tree.Comparison(operator=sign, left=left, right=right):
            _beside(left, right, seen)
            _need(sign in ("==", "!=") or all(_is_number(side, seen) for side in (left, right)))
            return FLAG
        case tree.Choice(condition=condition, then=then, otherwise=otherwise):
            _give(condition, FLAG, seen)
            return _sort(otherwise if isinstance(then, tree.Literal) else then, seen)
        case tree.Negative(operand=operand):
            return _number(operand, seen)
        case tree.Arithmetic(operator=sign, left=left, right=right):
            return _computed(sign, _number(left, seen), _number(right, seen))
        case tree.Call(function=function, arguments=arguments):
            return _called(function, arguments, seen)
    raise AssertionError(node)


def _literal(value: object, unit: str) -> Sort:
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, str) or value is None:
        return None if value is None else WORD
    if unit in _IN_SECONDS or any(letter in "0123456789" for letter in unit):
        return SECONDS
    return Attribute("", Kind.NUMBER, "", unit=SCALES[unit][0] if unit in SCALES else unit)


def _named(node: tree.Name, seen: Seen) -> Sort:
    place = seen.place(node)
    if place is None:
        return _NAMES.get(node.text)
    return sort_of(place[1]) if place[0] else None


def sort_of(attribute: str) -> Attribute:
    # A configuration parameter is in no table.
    return ATTRIBUTES[attribute][1] if attribute in ATTRIBUTES else NUMBER


def _beside(left: tree.Node, right: tree.Node, seen: Seen) -> None:
    """The two are compared: a device alone is what the word beside it is about."""
    for item, said in ((left, right), (right, left)):
        if not _is_constant(said):
            continue
        word = said.value if isinstance(said, tree.Literal) else None
        if not isinstance(word, str) or seen.meant(item, word) is None:
            _give(said, _sort(item, seen), seen)
        return
    one, other = _sort(left, seen), _sort(right, seen)
    _match(one, other)
    if one is not None and other is not None and one.words and other.words:
        _need(bool(set(one.words) & set(other.words)))


def _is_constant(node: tree.Node) -> bool:
    """Or a choice between constants."""
    if isinstance(node, tree.Choice):
        return _is_constant(node.then) and _is_constant(node.otherwise)
    return isinstance(node, tree.Literal)


def _is_number(node: tree.Node, seen: Seen) -> bool:
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return True
    sort = _sort(node, seen)
    return sort is None or sort.kind is Kind.NUMBER


def _number(node: tree.Node, seen: Seen) -> Sort:
    sort = _sort(node, seen)
    _need(sort is None or (sort.kind is Kind.NUMBER and sort is not TIME))
    return sort


def _computed(sign: str, left: Sort, right: Sort) -> Sort:
    if sign in ("+", "-"):
        _match(left, right)
        return left if right is None or (left is not None and left.unit) else right
    if right is None or not right.unit:
        return left
    if sign == "*" and (left is None or not left.unit):
        return right
    _need(sign == "/" and left is not None and left.unit in ("", right.unit))
    return NUMBER


def _called(function: str, arguments: tuple[tree.Node, ...], seen: Seen) -> Sort:
    match function:
        case "known" | "between":
            for argument in arguments:
                _sort(argument, seen)
            return FLAG
        case "age" | "since":
            return SECONDS
        case "round":
            return _number(arguments[0], seen)
    sorts = [_number(argument, seen) for argument in arguments]
    known = [sort for sort in sorts if sort is not None]
    for other in known[1:]:
        _match(known[0], other)
    return next((sort for sort in known if sort.unit), known[0] if known else None)
