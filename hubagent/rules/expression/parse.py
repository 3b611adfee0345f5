"""From an expression's text to its tree, by precedence.

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

FUNCTIONS: Final = ("abs", "min", "max", "round", "clamp", "known", "age", "since", "between", "device")
_COMPARISONS: Final = frozenset(("==", "!=", "<", "<=", ">", ">="))
_CONSTANTS: Final = {"true": True, "false": False, "unknown": None}


def parse(text: str) -> Expression:
    """Raises BadExpression, with the place."""
    return Expression(text, _Parser(text).whole())


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0
        self._nodes = 0

    def whole(self) -> Node:
        if self._token.kind == "end":
            raise BadExpression(self._text, 0, 1, "there is no expression")
        root = self._choice()
        if self._token.kind != "end":
            raise self._unexpected()
        return root

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._token.kind != "text" and self._token.text in texts

    def _expect(self, text: str) -> Token:
        if not self._is(text):
            raise self._unexpected(f"; {text!r} is missing before it")
        return self._take()

    def _unexpected(self, hint: str = "") -> BadExpression:
        token = self._token
        if token.kind == "end":
            return BadExpression(self._text, token.column, 1, "the expression ends too early", hint)
        if not hint and token.kind in ("name", "number", "text"):
            hint = "; something like == or and is missing before it"
        return BadExpression(self._text, token.column, token.length, f"{token.text!r} is not expected here", hint)

    def _span(self, first: Node | Token) -> tuple[int, int]:
        """From `first` to what was taken last."""
        last = self._tokens[self._at - 1]
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise BadExpression(self._text, last.column, last.length, f"an expression has at most {NODES_MAX} parts")
        return first.column, last.column + last.length - first.column

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            token = self._token
            raise BadExpression(
                self._text, token.column, token.length, f"an expression is at most {DEPTH_MAX} levels deep"
            )

    def _choice(self) -> Node:
        self._deeper()
        then = self._or()
        if self._is("if"):
            self._take()
            condition = self._or()
            self._expect("else")
            otherwise = self._choice()
            then = Choice(*self._span(then), condition, then, otherwise)
        self._depth -= 1
        return then

    def _or(self) -> Node:
        left = self._and()
        while self._is("or"):
            self._take()
            right = self._and()
            left = Or(*self._span(left), left, right)
        return left

    def _and(self) -> Node:
        left = self._not()
        while self._is("and"):
            self._take()
            right = self._not()
            left = And(*self._span(left), left, right)
        return left

    def _not(self) -> Node:
        if not self._is("not"):
            return self._comparison()
        sign = self._take()
        self._deeper()
        operand = self._not()
        self._depth -= 1
        return Not(*self._span(sign), operand)

    def _comparison(self) -> Node:
        left = self._sum()
        if self._is("is"):
            return self._state(left)
        if self._is("in", "not"):
            return self._among(left)
        whole: Node | None = None
        while self._token.kind == "sign" and self._token.text in _COMPARISONS:
            sign = self._take().text
            right = self._sum()
            one = Comparison(*self._span(left), sign, left, right)
            whole = one if whole is None else And(*self._span(whole), whole, one)
            left = right
        return left if whole is None else whole

    def _state(self, item: Node) -> Node:
        self._take()
        negated = self._is("not")
        if negated:
            self._take()
        token = self._take()
        if token.kind not in ("name", "unknown", "text"):
            self._at -= 1
            raise self._unexpected("; after `is` comes a word, as in `hall.door is open`")
        found: Node = Is(*self._span(item), item, token.text)
        return Not(*self._span(item), found) if negated else found

    def _among(self, item: Node) -> Node:
        negated = self._is("not")
        if negated:
            self._take()
        self._expect("in")
        self._expect("(")
        options = self._arguments()
        found: Node = Among(*self._span(item), item, options)
        return Not(*self._span(item), found) if negated else found

    def _arguments(self) -> tuple[Node, ...]:
        """Up to and with the closing bracket."""
        found: list[Node] = []
        while not self._is(")"):
            if found:
                self._expect(",")
                if self._is(")"):
                    break
            found.append(self._choice())
        self._take()
        return tuple(found)

    def _sum(self) -> Node:
        left = self._product()
        while self._is("+", "-"):
            sign = self._take().text
            right = self._product()
            left = Arithmetic(*self._span(left), sign, left, right)
        return left

    def _product(self) -> Node:
        left = self._negative()
        while self._is("*", "/"):
            sign = self._take().text
            right = self._negative()
            left = Arithmetic(*self._span(left), sign, left, right)
        return left

    def _negative(self) -> Node:
        if not self._is("-"):
            return self._primary()
        sign = self._take()
        self._deeper()
        operand = self._negative()
        self._depth -= 1
        return Negative(*self._span(sign), operand)

    def _primary(self) -> Node:
        token = self._token
        if token.kind == "number":
            self._take()
            return Literal(*self._span(token), float(token.text) if "." in token.text else int(token.text), token.unit)
        if token.kind == "text":
            self._take()
            return Literal(*self._span(token), token.text)
        if token.kind in _CONSTANTS:
            self._take()
            return Literal(*self._span(token), _CONSTANTS[token.kind])
        if token.kind == "name":
            self._take()
            return self._call(token) if self._is("(") else Name(*self._span(token), token.text)
        if self._is("("):
            self._take()
            inner = self._choice()
            self._expect(")")
            return inner
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
        return Call(*self._span(name), name.text, arguments)

    def _device(self, name: Token, arguments: tuple[Node, ...]) -> Node:
        match arguments:
            case (Literal(value=str() as device),):
                pass
            case _:
                what = 'device("...") takes the name of one device'
                raise BadExpression(self._text, name.column, name.length, what)
        attribute = self._take().text if self._token.kind == "suffix" else None
        text = device if attribute is None else f"{device}.{attribute}"
        return Name(*self._span(name), text, device, attribute)
