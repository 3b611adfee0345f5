"""Jinja, where it says exactly what an expression of ours can say: its syntax tree, read and never run."""

from collections.abc import Callable
from typing import Any, Final

from jinja2 import Environment, TemplateError, nodes

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja_clock as clock
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.jinja_meanings import (
    AttributeValue,
    Constant,
    Flag,
    Meant,
    Number,
    StateText,
    TriggerId,
    against,
    as_flag,
    as_number,
)
from hubagent.rules.importers.home_assistant.shapes import text
from hubagent.rules.importers.home_assistant.states import attribute_state, measured_by, state_of
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

TEMPLATE_LENGTH_MAX: Final = 4000
_DEPTH_MAX: Final = 40

_ENVIRONMENT: Final = Environment()  # noqa: S701 - templates are parsed and never rendered
_SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPERATORS: Final[dict[type[nodes.Expr], str]] = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/"}


def condition(template: str, draft: Draft) -> Said:
    """Of `{{ is_state('light.hall', 'on') }}`. Raises CannotTranslate."""
    return as_flag(_Reader(draft).whole(template))


def value(template: str, draft: Draft) -> Said | str | float | bool:
    """A number as an expression, or a constant. Raises CannotTranslate."""
    match _Reader(draft).whole(template):
        case Constant(found):
            return _plain(found)
        case Flag(holds):
            return holds
        case found:
            return as_number(found, exact=True).value


def message(template: str, draft: Draft) -> str:
    """A text with expressions in braces. Raises CannotTranslate."""
    reader = _Reader(draft)
    return "".join(part if isinstance(part, str) else reader.in_braces(part) for part in _parts(_parsed(template)))


def doubled(plain: str) -> str:
    return plain.replace("{", "{{").replace("}", "}}")


def _plain(found: Any) -> str | float | bool:
    if isinstance(found, str | int | float):
        return found
    raise CannotTranslate("template", found)


def _parsed(template: str) -> nodes.Template:
    if len(template) > TEMPLATE_LENGTH_MAX:
        raise CannotTranslate(f"template longer than {TEMPLATE_LENGTH_MAX} letters")
    try:
        return _ENVIRONMENT.parse(template)
    except (TemplateError, RecursionError, ValueError, OverflowError) as error:
        raise CannotTranslate("template that is no Jinja", str(error)[:200]) from error


def _parts(parsed: nodes.Template) -> list[str | nodes.Expr]:
    """Texts as they will stand, and expressions."""
    found: list[str | nodes.Expr] = []
    for node in parsed.body:
        if not isinstance(node, nodes.Output):
            raise CannotTranslate("template with statements", f"a Jinja {type(node).__name__.lower()}")
        found += [doubled(part.data) if isinstance(part, nodes.TemplateData) else part for part in node.nodes]
    return found


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._depth = 0

    def whole(self, template: str) -> Meant:
        """A template that is one expression, or one `if` around two."""
        body = [
            part
            for node in _parsed(template).body
            for part in (node.nodes if isinstance(node, nodes.Output) else [node])
            if not (isinstance(part, nodes.TemplateData) and not part.data.strip())
        ]
        if len(body) != 1:
            raise CannotTranslate("template of several parts")
        return self._part(body[0])

    def in_braces(self, part: nodes.Expr) -> str:
        """As it stands in a text; numbers look the same there, states do not."""
        match self.meaning(part):
            case Constant(found):
                return doubled(str(_plain(found)))
            case (Number() | StateText() | AttributeValue()) as meant:
                return f"{{{as_number(self._number(meant), exact=True).value.text}}}"
        raise CannotTranslate("template in a text")

    def _part(self, part: nodes.Node) -> Meant:
        if isinstance(part, nodes.TemplateData):
            return Constant(_read_constant(part.data.strip()))
        if isinstance(part, nodes.Expr):
            return self.meaning(part)
        if isinstance(part, nodes.If) and not part.elif_:
            holds = as_flag(self.meaning(part.test))
            return _choice(holds, self._branch(part.body), self._branch(part.else_))
        raise CannotTranslate("template with statements", f"a Jinja {type(part).__name__.lower()}")

    def _branch(self, body: list[nodes.Node]) -> Meant:
        parts = [
            part
            for node in body
            for part in (node.nodes if isinstance(node, nodes.Output) else [node])
            if not (isinstance(part, nodes.TemplateData) and not part.data.strip())
        ]
        if len(parts) != 1 or isinstance(parts[0], nodes.If):
            raise CannotTranslate("template of several parts")
        return self._part(parts[0])

    def meaning(self, node: nodes.Node) -> Meant:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise CannotTranslate("template too deep in itself")
        read = _READ.get(type(node))
        if read is None:
            raise CannotTranslate("template", f"a Jinja {type(node).__name__.lower()}")
        found = read(self, node)
        self._depth -= 1
        return found

    def _constant(self, node: nodes.Const) -> Meant:
        return Constant(node.value)

    def _list(self, node: nodes.List | nodes.Tuple) -> Meant:
        items = [self.meaning(item) for item in node.items]
        if not all(isinstance(item, Constant) for item in items):
            raise CannotTranslate("template with a list of what is not constant")
        return Constant([item.value for item in items if isinstance(item, Constant)])

    def _name(self, node: nodes.Name) -> Meant:
        if node.name in self._draft.constants:
            return Constant(self._draft.constants[node.name])
        if node.name in self._draft.formulas:
            if not self._draft.at_once:
                raise CannotTranslate("template with a variable", node.name)
            return self.whole(str(self._draft.formulas[node.name]))
        raise CannotTranslate("template with a variable", node.name)

    def _attribute(self, node: nodes.Getattr) -> Meant:
        path = _path(node)
        if path == ["trigger", "id"]:
            return TriggerId()
        if path == ["trigger", "to_state", "state"]:
            return StateText(self._of_the_trigger())
        if len(path) == 4 and path[:3] == ["trigger", "to_state", "attributes"]:
            return AttributeValue(self._of_the_trigger(), path[3])
        if len(path) == 4 and path[0] == "states" and path[3] == "state":
            return StateText(f"{path[1]}.{path[2]}")
        if len(path) == 5 and path[0] == "states" and path[3] == "attributes":
            return AttributeValue(f"{path[1]}.{path[2]}", path[4])
        found = clock.attribute(node)
        if found is None:
            raise CannotTranslate("template", f"{'.'.join(path)[:60]}" if path else "an attribute")
        return found

    def _of_the_trigger(self) -> str:
        """What set the rule off, where that can only be one, and nothing can have changed since."""
        entities = {edge.entity for edge in self._draft.edges}
        if len(entities) != 1 or self._draft.edged != len(self._draft.triggers) or not self._draft.at_once:
            raise CannotTranslate("template about the trigger")
        (entity,) = entities
        return entity

    def _call(self, node: nodes.Call) -> Meant:
        found = clock.call(node)
        if found is not None:
            return found
        if not isinstance(node.node, nodes.Name) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise CannotTranslate("template", "a call")
        arguments = [self.meaning(argument) for argument in node.args]
        known = [argument.value for argument in arguments if isinstance(argument, Constant)]
        match node.node.name, known:
            case "is_state", [str() as entity, str() as state]:
                return Flag(state_of(self._draft.entities, entity, state).holds)
            case "is_state", [str() as entity, list() as states]:
                held = [state_of(self._draft.entities, entity, text(state, "a state")).holds for state in states]
                return Flag(said.any_of(held))
            case "states", [str() as entity]:
                return StateText(entity)
            case "state_attr", [str() as entity, str() as attribute]:
                return AttributeValue(entity, attribute)
            case "is_state_attr", [str() as entity, str() as attribute, str() | int() | float() as wanted]:
                return Flag(_attribute_is(self._draft, AttributeValue(entity, attribute), wanted))
            case _:
                pass
        raise CannotTranslate("template", f"{node.node.name}()")

    def _filter(self, node: nodes.Filter) -> Meant:
        if node.node is None:
            raise CannotTranslate("template", f"|{node.name}")
        inner = self.meaning(node.node)
        constant_arguments = all(isinstance(argument, nodes.Const) for argument in node.args)
        match node.name:
            case "float" if constant_arguments and not node.kwargs:
                return self._number(inner)
            case "int" if constant_arguments and not node.kwargs:
                found = self._number(inner)
                return Number(found.value, found.measured, is_whole=True)
            case "bool" if isinstance(inner, Flag):
                return inner
            case "round" if not node.args and not node.kwargs:
                return Number(Said(f"round({as_number(inner, exact=True).value.text})"))
            case "abs":
                return Number(Said(f"abs({as_number(inner, exact=True).value.text})"))
            case _:
                raise CannotTranslate("template", f"|{node.name}")

    def _number(self, inner: Meant) -> Number:
        match inner:
            case Number():
                return inner
            case StateText(entity):
                measured = measured_by(self._draft.entities, entity)
                return Number(measured.named, measured)
            case AttributeValue(entity, attribute):
                measured = measured_by(self._draft.entities, entity, attribute)
                return Number(measured.named, measured)
            case Constant(str() | int() | float() as found):
                try:
                    return Number(said.number(float(found)))
                except ValueError:
                    pass
        raise CannotTranslate("template", "a number of something else")

    def _compare(self, node: nodes.Compare) -> Meant:
        left = self.meaning(node.expr)
        parts: list[Said] = []
        for operand in node.ops:
            right = self.meaning(operand.expr)
            parts.append(self._compared(left, operand.op, right))
            left = right
        return Flag(said.all_of(parts))

    def _compared(self, left: Meant, operator: str, right: Meant) -> Said:
        if operator in ("in", "notin"):
            if not isinstance(right, Constant) or not isinstance(right.value, list) or not right.value:
                raise CannotTranslate("template", "in")
            holds = said.any_of(self._compared(left, "eq", Constant(one)) for one in right.value)
            return holds if operator == "in" else said.negated(holds)
        sign = _SIGNS.get(operator)
        if sign is None:
            raise CannotTranslate("template", operator)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, sign = right, left, _MIRRORED[sign]
        if sign == "!=":
            return said.negated(self._equal(left, "==", right))
        return self._equal(left, sign, right)

    def _equal(self, left: Meant, sign: str, right: Meant) -> Said:
        match left, right:
            case clock.Clock(), Constant(found):
                return left.compared(sign, found)
            case StateText(entity), Constant(str() as state) if sign == "==":
                return state_of(self._draft.entities, entity, state).holds
            case AttributeValue(), Constant(str() | int() | float() as wanted) if sign == "==":
                return _attribute_is(self._draft, left, wanted)
            case TriggerId(), Constant(str() as wanted) if sign == "==":
                return self._draft.trigger_id([wanted])
            case Flag(holds), Constant(bool() as wanted) if sign == "==":
                return holds if wanted else said.negated(holds)
            case ((Number() | AttributeValue()), Constant(int() | float() as wanted)):
                return against(as_number(left if isinstance(left, Number) else self._number(left)), sign, wanted)
            case ((Number() | AttributeValue()), (Number() | AttributeValue())):
                one, other = self._number(left), self._number(right)
                return said.compared(as_number(one, exact=True).value, sign, as_number(other, exact=True).value)
        raise CannotTranslate("template", "a comparison")

    def _and(self, node: nodes.And) -> Meant:
        return Flag(said.all_of([as_flag(self.meaning(node.left)), as_flag(self.meaning(node.right))]))

    def _or(self, node: nodes.Or) -> Meant:
        return Flag(said.any_of([as_flag(self.meaning(node.left)), as_flag(self.meaning(node.right))]))

    def _not(self, node: nodes.Not) -> Meant:
        return Flag(said.negated(as_flag(self.meaning(node.node))))

    def _negative(self, node: nodes.Neg) -> Meant:
        inner = self.meaning(node.node)
        if isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value)
        raise CannotTranslate("template", "a minus")

    def _choice(self, node: nodes.CondExpr) -> Meant:
        if node.expr2 is None:
            raise CannotTranslate("template", "an if without else")
        return _choice(as_flag(self.meaning(node.test)), self.meaning(node.expr1), self.meaning(node.expr2))

    def _arithmetic(self, node: nodes.BinExpr) -> Meant:
        left, right = self.meaning(node.left), self.meaning(node.right)
        one, other = as_number(self._operand(left), exact=True), as_number(self._operand(right), exact=True)
        return Number(said.computed(one.value, _OPERATORS[type(node)], other.value))

    def _operand(self, meant: Meant) -> Meant:
        return self._number(meant) if isinstance(meant, AttributeValue) else meant


def _read_constant(found: str) -> Any:
    lower = found.lower()
    if lower in ("true", "false"):
        return lower == "true"
    try:
        return float(found)
    except ValueError:
        return found


def _choice(holds: Said, then: Meant, otherwise: Meant) -> Meant:
    match then, otherwise:
        case Constant(bool() as one), Constant(bool() as other):
            if one == other:
                return Constant(one)
            return Flag(holds if one else said.negated(holds))
        case ((Constant(str()) as one), (Constant(str()) as other)):
            raise CannotTranslate("template that chooses a text", f"{one.value} or {other.value}")
        case _:
            left, right = as_number(then, exact=True).value, as_number(otherwise, exact=True).value
            first, last = said.at_least(left, said.OR), said.at_least(holds, said.OR)
            return Number(Said(f"{first} if {last} else {right.text}", said.CHOICE))


def _attribute_is(draft: Draft, found: AttributeValue, wanted: str | float) -> Said:
    if isinstance(wanted, bool):
        raise CannotTranslate(f"attribute {found.attribute}", f"of {found.entity}")
    return attribute_state(draft.entities, found.entity, found.attribute, str(wanted)).holds


def _path(node: nodes.Node) -> list[str]:
    """`states.light.hall.state` as its words; empty where it begins with anything but a name."""
    found: list[str] = []
    while isinstance(node, nodes.Getattr):
        found.append(node.attr)
        node = node.node
    return [node.name, *reversed(found)] if isinstance(node, nodes.Name) else []


_READ: Final[dict[type[nodes.Node], Callable[[Any, Any], Meant]]] = {
    nodes.Const: _Reader._constant,
    nodes.List: _Reader._list,
    nodes.Tuple: _Reader._list,
    nodes.Name: _Reader._name,
    nodes.Getattr: _Reader._attribute,
    nodes.Call: _Reader._call,
    nodes.Filter: _Reader._filter,
    nodes.Compare: _Reader._compare,
    nodes.And: _Reader._and,
    nodes.Or: _Reader._or,
    nodes.Not: _Reader._not,
    nodes.Neg: _Reader._negative,
    nodes.CondExpr: _Reader._choice,
    **dict.fromkeys(_OPERATORS, _Reader._arithmetic),
}
