"""From an expression's text to its tree, by precedence (a Pratt parser).

A if C else B  <  or  <  and  <  not  <  == != < <= > >= in is  <  + -  <  * /  <  -x
"""

from typing import Final

from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.lexer import Token, tokens
from hubagent.rules.expression.tree import (
    Among,
    And,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Expression,
    Is,
    Literal,
    Name,
    Negative,
    Node,
    Not,
    Or,
)
from hubagent.toml_lines import did_you_mean

__all__ = ["BadExpression", "parse"]

NODES_MAX: Final = 200
DEPTH_MAX: Final = 30
"""How deep brackets, calls, `not`, `-` and `else` stand in one another."""

FUNCTIONS: Final = ("abs", "min", "max", "round", "clamp", "known", "age", "since", "between", "device")
_COMPARISONS: Final = frozenset(("==", "!=", "<", "<=", ">", ">="))
_CONSTANTS: Final = {"true": True, "false": False, "unknown": None}

_ANYTHING: Final = 0
_CHOICE: Final = 1
_OR: Final = 2
_AND: Final = 3
_NOT: Final = 4
_COMPARISON: Final = 5
_SUM: Final = 6
_PRODUCT: Final = 7
_SIGN: Final = 8

# How tightly what stands between two operands binds them.
_BINDS: Final = {
    "if": _CHOICE,
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*sorted(_COMPARISONS), "in", "is", "not"), _COMPARISON),
    **dict.fromkeys("+-", _SUM),
    **dict.fromkeys("*/", _PRODUCT),
}
_OPERANDS: Final = frozenset(("name", "number", "text", "true", "false", "unknown"))


def parse(text: str) -> Expression:
    """Raises BadExpression, with the place."""
    return Expression(text, _Parser(text).whole())


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._rest = iter(tokens(text))
        self._token = next(self._rest)
        self._end = 0
        """Where that ends which was taken last."""
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        if self._token.kind == "end":
            raise BadExpression(self._text, 0, 1, "there is no expression")
        root = self._operand_and_more(_ANYTHING)
        if self._token.kind != "end":
            raise self._unexpected()
        return root

    # What goes on while something stands between operands.

    def _operand_and_more(self, power: int) -> Node:
        """An operand with all after it that binds tighter than `power`."""
        left = self._operand(power)
        while True:
            token = self._token
            binds = _BINDS.get(token.text, _ANYTHING) if token.kind != "text" else _ANYTHING
            if binds <= power:
                return left
            if binds == _COMPARISON:
                left = self._comparison(left)
            elif binds == _CHOICE:
                left = self._choice(left)
            else:
                left = self._joined(left, binds)

    def _joined(self, left: Node, binds: int) -> Node:
        sign = self._take().text
        right = self._operand_and_more(binds)
        span = self._span(left.column)
        if binds == _AND:
            return And(*span, left, right)
        if binds == _OR:
            return Or(*span, left, right)
        return Arithmetic(*span, sign, left, right)

    def _choice(self, then: Node) -> Node:
        self._take()
        condition = self._operand_and_more(_CHOICE)
        self._expect("else")
        otherwise = self._deeper(_ANYTHING)
        return Choice(*self._span(then.column), condition, then, otherwise)

    def _comparison(self, left: Node) -> Node:
        """`1 < x < 5` means `1 < x and x < 5`."""
        if self._token.kind not in ("sign", "end"):
            return self._state(left) if self._is("is") else self._among(left)
        whole: Node | None = None
        while self._token.kind == "sign" and self._token.text in _COMPARISONS:
            sign = self._take().text
            right = self._operand_and_more(_COMPARISON)
            one = Comparison(*self._span(left.column), sign, left, right)
            whole = one if whole is None else And(*self._span(whole.column), whole, one)
            left = right
        assert whole is not None
        return self._compared(whole)

    def _state(self, item: Node) -> Node:
        self._take()
        negated = self._is("not")
        if negated:
            self._take()
        word = self._token
        if word.kind not in ("name", "unknown", "text"):
            raise self._unexpected("; after `is` comes a word, as in `hall.door is open`")
        self._take()
        said = str(word.value) if word.kind == "text" else word.text
        found: Node = Is(*self._span(item.column), item, said, word.column, word.length)
        return self._compared(Not(*self._span(item.column), found) if negated else found)

    def _among(self, item: Node) -> Node:
        negated = self._is("not")
        if negated:
            self._take()
        self._expect("in")
        self._expect("(")
        options = self._arguments()
        found: Node = Among(*self._span(item.column), item, options)
        return self._compared(Not(*self._span(item.column), found) if negated else found)

    def _compared(self, found: Node) -> Node:
        if self._token.kind != "text" and _BINDS.get(self._token.text) == _COMPARISON:
            raise self._unexpected("; put what stands before it in brackets")
        return found

    # Operands.

    def _operand(self, power: int) -> Node:
        token = self._token
        kind = token.kind
        if kind == "name":
            self._take()
            return self._call(token) if self._is("(") else Name(*self._span(token.column), token.text)
        if kind in ("number", "text"):
            self._take()
            return Literal(*self._span(token.column), token.value, token.unit)
        if kind in _CONSTANTS:
            self._take()
            return Literal(*self._span(token.column), _CONSTANTS[kind])
        if self._is("("):
            self._take()
            inner = self._deeper(_ANYTHING)
            self._expect(")")
            return inner
        if self._is("-"):
            self._take()
            operand = self._deeper(_SIGN)
            return Negative(*self._span(token.column), operand)
        if self._is("not") and power < _COMPARISON:
            self._take()
            operand = self._deeper(_NOT)
            return Not(*self._span(token.column), operand)
        raise self._unexpected()

    def _call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS:
            what = f"there is no function {name.text!r}"
            hint = did_you_mean(name.text, FUNCTIONS) or f"; there are {', '.join(FUNCTIONS)}"
            raise BadExpression(self._text, name.column, name.length, what, hint)
        self._take()
        arguments = self._arguments()
        if name.text == "device":
            return self._device(name, arguments)
        return Call(*self._span(name.column), name.text, arguments)

    def _arguments(self) -> tuple[Node, ...]:
        """Up to and with the closing bracket."""
        found: list[Node] = []
        while not self._is(")"):
            if found:
                self._expect(",")
                if self._is(")"):
                    break
            found.append(self._deeper(_ANYTHING))
        self._take()
        return tuple(found)

    def _device(self, name: Token, arguments: tuple[Node, ...]) -> Node:
        match arguments:
            case (Literal(value=str() as device),):
                pass
            case _:
                what = 'device("...") takes the name of one device'
                raise BadExpression(self._text, name.column, name.length, what)
        attribute = self._take().text[1:] if self._token.kind == "suffix" else None
        text = device if attribute is None else f"{device}.{attribute}"
        return Name(*self._span(name.column), text, device, attribute)

    # Tokens, and what is wrong with them.

    def _take(self) -> Token:
        token = self._token
        self._end = token.column + token.length
        self._token = next(self._rest, token)
        return token

    def _is(self, text: str) -> bool:
        return self._token.text == text and self._token.kind != "text"

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._unexpected(f"; {text!r} is missing before it")
        self._take()

    def _unexpected(self, hint: str = "") -> BadExpression:
        token = self._token
        if token.kind == "end":
            return BadExpression(self._text, token.column, 1, "the expression ends too early", hint)
        if not hint and token.kind in _OPERANDS:
            hint = "; something like == or and is missing before it"
        if not hint and token.kind == "not":
            hint = "; put `not` and what it belongs to in brackets"
        return BadExpression(self._text, token.column, token.length, f"{token.text!r} is not expected here", hint)

    def _span(self, column: int) -> tuple[int, int]:
        """From there to what was taken last."""
        self._nodes += 1
        if self._nodes > NODES_MAX:
            what = f"an expression has at most {NODES_MAX} parts"
            raise BadExpression(self._text, column, self._end - column, what)
        return column, self._end - column

    def _deeper(self, power: int) -> Node:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            token = self._token
            what = f"an expression is at most {DEPTH_MAX} levels deep"
            raise BadExpression(self._text, token.column, token.length, what)
        found = self._operand_and_more(power)
        self._depth -= 1
        return found
