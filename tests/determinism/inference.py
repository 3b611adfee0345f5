"""What kind of thing an expression is, from what is annotated and assigned: as good as a reader's first look.

It follows names, attributes, calls, subscripts and loops through the whole project. Where it does not know, it says so;
the types that mypy keeps would tell more, but are not to be had without a run of it.
"""

import ast
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from tests.determinism.kinds import SET, UNKNOWN, Kind, annotated, either, element, is_set
from tests.determinism.source import COMPREHENSIONS, FUNCTIONS, Comprehension, Function, Module

Binder = Callable[[], Kind]

_MADE: Final = {
    "set": SET,
    "frozenset": SET,
    "list": "list",
    "sorted": "list",
    "reversed": "list",
    "iter": "list",
    "tuple": "list",
    "collections.deque": "list",
    "weakref.WeakSet": "weak",
    "weakref.WeakKeyDictionary": "weak",
    "weakref.WeakValueDictionary": "weak",
}
"""What builtins make of the elements of what they are given."""
_FUNCTIONS: Final = {
    "asyncio.all_tasks": Kind(SET, (Kind("asyncio.Task"),)),
    "asyncio.wait": Kind("coroutine", (Kind("tuple", (Kind(SET), Kind(SET))),)),
}
_SETS_OF_SETS: Final = ("union", "intersection", "difference", "symmetric_difference", "copy")
_SET_OPERATORS: Final = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)
_DEPTH_MAX: Final = 60


class Inference:
    """Over all of `modules`."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = {module.name: module for module in modules}
        self._classes = {
            f"{module.name}.{node.name}": (module, node)
            for module in self._modules.values()
            for node in module.nodes
            if isinstance(node, ast.ClassDef)
        }
        self._known: dict[ast.expr, Kind] = {}
        self._bindings: dict[ast.AST, dict[str, list[Binder]]] = {}
        self._attributes: dict[str, dict[str, list[Binder]]] = {}
        self._depth = 0

    def kind(self, node: ast.expr, module: Module) -> Kind:
        if node not in self._known:
            # What is asked for again while it is being found out is found out without it.
            self._known[node] = UNKNOWN
            if self._depth < _DEPTH_MAX:
                self._depth += 1
                try:
                    self._known[node] = self._resolve(self._find(node, module))
                finally:
                    self._depth -= 1
        return self._known[node]

    def called(self, node: ast.Call, module: Module) -> tuple[Module, Function] | None:
        """The function or method of ours that is called, or whose class is."""
        if isinstance(node.func, ast.Attribute):
            found = self._method(self.kind(node.func.value, module), node.func.attr)
            if found:
                return found
        return self._defined(module.dotted(node.func))

    # --- expressions

    def _find(self, node: ast.expr, module: Module) -> Kind:
        def kind(it: ast.expr) -> Kind:
            return self.kind(it, module)

        match node:
            case ast.Set() | ast.SetComp():
                return Kind(SET, (kind(node.elts[0]) if isinstance(node, ast.Set) else kind(node.elt),))
            case ast.List(elts=elements):
                return Kind("list", (either(*map(kind, elements)),))
            case ast.Tuple(elts=elements):
                return Kind("tuple", tuple(map(kind, elements)))
            case ast.Dict(keys=keys, values=values):
                return Kind("dict", (either(*(kind(it) for it in keys if it)), either(*map(kind, values))))
            case ast.ListComp() | ast.GeneratorExp():
                return Kind("list", (kind(node.elt),))
            case ast.DictComp():
                return Kind("dict", (kind(node.key), kind(node.value)))
            case ast.IfExp():
                return either(kind(node.body), kind(node.orelse))
            case ast.BoolOp(values=values):
                return either(*map(kind, values))
            case ast.BinOp():
                return self._operation(node, kind(node.left), kind(node.right))
            case ast.Await():
                return kind(node.value).part(0) if kind(node.value).name == "coroutine" else UNKNOWN
            case ast.NamedExpr() | ast.Starred():
                return kind(node.value)
            case ast.Constant(value=str() | bytes()):
                return Kind("str")
            case ast.JoinedStr():
                return Kind("str")
            case ast.Name():
                return self._name(node, module)
            case ast.Attribute():
                return self._attribute(node, module)
            case ast.Subscript():
                return self._subscript(node, kind(node.value))
            case ast.Call():
                return self._call(node, module)
        return UNKNOWN

    def _operation(self, node: ast.BinOp, left: Kind, right: Kind) -> Kind:
        if isinstance(node.op, _SET_OPERATORS) and any(
            is_set(it) or it.name in ("keys", "items") for it in (left, right)
        ):
            return Kind(SET, (either(element(left), element(right)),))
        if isinstance(node.op, ast.Add | ast.BitOr):
            return either(left, right)
        return UNKNOWN

    def _subscript(self, node: ast.Subscript, owner: Kind) -> Kind:
        if owner.name == "either":
            return either(*(self._subscript(node, part) for part in owner.of))
        if isinstance(node.slice, ast.Slice):
            return owner
        if owner.name == "tuple":
            index = node.slice
            if isinstance(index, ast.Constant) and isinstance(index.value, int) and len(owner.of) > 1:
                return owner.part(index.value)
            return either(*owner.of)
        if owner.name == "dict":
            return owner.part(1)
        return owner.part(0) if owner.name == "list" else UNKNOWN

    def _name(self, node: ast.Name, module: Module) -> Kind:
        for place in module.around(node):
            if isinstance(place, (*COMPREHENSIONS, *FUNCTIONS, ast.Lambda, ast.Module)):
                binders = self._bound_in(place, module).get(node.id)
                if binders:
                    return either(*(bind() for bind in binders))
        return self._dotted(module.dotted(node))

    def _dotted(self, name: str) -> Kind:
        """What is defined at the top of one of our modules."""
        owner, _, last = name.rpartition(".")
        module = self._modules.get(owner)
        statement = module.top.get(last) if module else None
        if module is None or statement is None:
            return UNKNOWN
        if isinstance(statement, ast.AnnAssign):
            found = annotated(statement.annotation, module)
            if found.name in ("typing.Final", "") and statement.value is not None:
                return self.kind(statement.value, module)
            return found
        if isinstance(statement, ast.Assign):
            return self.kind(statement.value, module)
        if isinstance(statement, ast.ClassDef):
            return Kind("type", (Kind(name),))
        return UNKNOWN

    def _attribute(self, node: ast.Attribute, module: Module) -> Kind:
        whole = self._dotted(module.dotted(node))
        if whole.name:
            return whole
        return self.attribute(self.kind(node.value, module), node.attr)

    def attribute(self, owner: Kind, name: str) -> Kind:
        if owner.name == "either":
            return either(*(self.attribute(part, name) for part in owner.of))
        if owner.name == "type":
            owner = owner.part(0)
        if owner.name in self._classes:
            for ancestor in self._line_of(owner.name):
                binders = self._attributes_of(ancestor).get(name)
                if binders:
                    return either(*(bind() for bind in binders))
            return UNKNOWN
        if owner.name:
            return UNKNOWN
        return self._by_name_alone(name)

    def _by_name_alone(self, name: str) -> Kind:
        """Of a thing of which nothing is known: a set where every class of ours that has such a thing has a set."""
        kinds = [either(*(bind() for bind in binders)) for binders in self._named_so.get(name, ())]
        return kinds[0] if kinds and all(kind.name == SET for kind in kinds) else UNKNOWN

    @cached_property
    def _named_so(self) -> dict[str, list[list[Binder]]]:
        named: dict[str, list[list[Binder]]] = {}
        for owner in self._classes:
            for name, binders in self._attributes_of(owner).items():
                named.setdefault(name, []).append(binders)
        return named

    # --- calls

    def _call(self, node: ast.Call, module: Module) -> Kind:
        name = module.dotted(node.func)
        argument = self.kind(node.args[0], module) if node.args else UNKNOWN
        if name in _MADE and name not in module.top:
            return Kind(_MADE[name], (element(argument),))
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        match name:
            case "enumerate":
                return Kind("list", (Kind("tuple", (Kind("int"), element(argument))),))
            case "zip":
                elements = tuple(element(self.kind(it, module)) for it in node.args)
                return Kind("list", (Kind("tuple", elements),))
            case "next" | "min" | "max":
                return element(argument) if len(node.args) == 1 else UNKNOWN
            case "dict":
                pair = element(argument)
                return argument if argument.name == "dict" else Kind("dict", (pair.part(0), pair.part(1)))
            case "collections.defaultdict":
                made = self._made_by(node.args[0], module) if node.args else UNKNOWN
                return Kind("dict", (UNKNOWN, made))
            case "typing.cast":
                return annotated(node.args[0], module)
            case "dataclasses.field":
                factory = next((it.value for it in node.keywords if it.arg == "default_factory"), None)
                return self._made_by(factory, module) if factory is not None else UNKNOWN
            case "dataclasses.replace":
                return argument
            case "getattr":
                return UNKNOWN
        if name in self._classes:
            return Kind(name)
        if isinstance(node.func, ast.Attribute):
            found = self._method_call(self.kind(node.func.value, module), node.func.attr, node, module)
            if found.name:
                return found
        defined = self._defined(name)
        if defined:
            return _returned(*defined)
        function = self.kind(node.func, module)
        return function.part(0) if function.name in ("callable", "type") else UNKNOWN

    def _made_by(self, factory: ast.expr, module: Module) -> Kind:
        name = module.dotted(factory)
        if name in _MADE:
            return Kind(_MADE[name])
        if isinstance(factory, ast.Lambda):
            return self.kind(factory.body, module)
        return Kind(name) if name in self._classes else Kind("dict") if name == "dict" else UNKNOWN

    def _method_call(self, owner: Kind, name: str, node: ast.Call, module: Module) -> Kind:
        if owner.name == "either":
            return either(*(self._method_call(part, name, node, module) for part in owner.of))
        method = self._method(owner, name)
        if method:
            return _returned(*method)
        if owner.name == SET:
            if name in _SETS_OF_SETS:
                return owner
            return element(owner) if name == "pop" else UNKNOWN
        if owner.name in ("dict", "counter"):
            default = self.kind(node.args[1], module) if len(node.args) > 1 else UNKNOWN
            value = owner.part(1)
            match name:
                case "get" | "pop" | "setdefault":
                    return either(value, default)
                case "values":
                    return Kind("list", (value,))
                case "items":
                    return Kind("items", owner.of)
                case "keys":
                    return Kind("keys", owner.of)
                case "copy":
                    return owner
            return UNKNOWN
        if owner.name == "list" and name in ("pop", "popleft"):
            return owner.part(0)
        found = self.attribute(owner, name)
        return found.part(0) if found.name == "callable" else UNKNOWN

    # --- what is ours

    def _method(self, owner: Kind, name: str) -> tuple[Module, Function] | None:
        if owner.name == "either":
            return next((found for part in owner.of if (found := self._method(part, name))), None)
        if owner.name == "type":
            owner = owner.part(0)
        if owner.name in self._classes:
            for ancestor in self._line_of(owner.name):
                module, node = self._classes[ancestor]
                for statement in node.body:
                    if isinstance(statement, FUNCTIONS) and statement.name == name and not _is_property(statement):
                        return module, statement
        return None

    def _defined(self, name: str) -> tuple[Module, Function] | None:
        if name in self._classes:
            return self._method(Kind(name), "__init__")
        owner, _, last = name.rpartition(".")
        module = self._modules.get(owner)
        statement = module.top.get(last) if module else None
        return (module, statement) if module and isinstance(statement, FUNCTIONS) else None

    def _line_of(self, name: str) -> Iterator[str]:
        """The class and those it is derived from, as far as they are ours."""
        seen: list[str] = []
        waiting = [name]
        while waiting:
            name = waiting.pop(0)
            if name in seen or name not in self._classes:
                continue
            seen.append(name)
            yield name
            module, node = self._classes[name]
            bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
            waiting += [module.dotted(base) for base in bases]

    def _resolve(self, kind: Kind) -> Kind:
        """Names of ours that stand for other annotations become these."""
        owner, _, last = kind.name.rpartition(".")
        module = self._modules.get(owner)
        statement = module.top.get(last) if module else None
        if module is None or not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            if kind.of and kind.name != "type":
                return Kind(kind.name, tuple(map(self._resolve, kind.of)))
            return kind
        return self._resolve(annotated(statement.value, module))

    def _attributes_of(self, name: str) -> dict[str, list[Binder]]:
        if name not in self._attributes:
            module, node = self._classes[name]
            self._attributes[name] = dict(self._find_attributes(module, node))
        return self._attributes[name]

    def _find_attributes(self, module: Module, owner: ast.ClassDef) -> Iterator[tuple[str, list[Binder]]]:
        said: dict[str, list[Binder]] = {}
        guessed: dict[str, list[Binder]] = {}
        for node in _own(owner):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                said.setdefault(node.target.id, []).append(self._annotation(node, module))
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        guessed.setdefault(target.id, []).append(self._value(node.value, module))
            elif isinstance(node, FUNCTIONS) and _is_property(node):
                said.setdefault(node.name, []).append(lambda node=node: _returned(module, node))  # type: ignore[misc]
        for method in owner.body:
            if isinstance(method, FUNCTIONS) and method.args.args:
                for attribute, value, annotation in _assignments(method, method.args.args[0].arg):
                    if annotation is not None:
                        said.setdefault(attribute, []).append(self._annotation(annotation, module))
                    elif value is not None:
                        guessed.setdefault(attribute, []).append(self._value(value, module))
        yield from {**guessed, **said}.items()

    def _annotation(self, node: ast.AnnAssign, module: Module) -> Binder:
        def bind() -> Kind:
            found = self._resolve(annotated(node.annotation, module))
            if found.name in ("typing.Final", "typing.ClassVar", "") and node.value is not None:
                return self.kind(node.value, module)
            return found

        return bind

    def _value(self, node: ast.expr, module: Module) -> Binder:
        return lambda: self.kind(node, module)

    # --- what a name is bound to, in a function or comprehension

    def _bound_in(self, place: ast.AST, module: Module) -> dict[str, list[Binder]]:
        if place not in self._bindings:
            found: dict[str, list[Binder]] = {}
            for name, bind in self._find_bindings(place, module):
                found.setdefault(name, []).append(bind)
            self._bindings[place] = found
        return self._bindings[place]

    def _find_bindings(self, place: ast.AST, module: Module) -> Iterator[tuple[str, Binder]]:
        if isinstance(place, COMPREHENSIONS):
            yield from self._comprehension(place, module)
        elif isinstance(place, ast.Lambda):
            for argument in place.args.args:
                yield argument.arg, lambda: UNKNOWN
        elif isinstance(place, (*FUNCTIONS, ast.Module)):
            if not isinstance(place, ast.Module):
                yield from self._parameters(place, module)
            for node in _own(place):
                yield from self._statement(node, module)

    def _comprehension(self, node: Comprehension, module: Module) -> Iterator[tuple[str, Binder]]:
        for generator in node.generators:
            yield from _targets(generator.target, lambda it=generator.iter: element(self.kind(it, module)))  # type: ignore[misc]

    def _parameters(self, node: Function, module: Module) -> Iterator[tuple[str, Binder]]:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        owner = module.parents.get(node)
        for number, argument in enumerate(arguments):
            if number == 0 and isinstance(owner, ast.ClassDef) and argument.annotation is None:
                yield argument.arg, lambda owner=owner: Kind(f"{module.name}.{owner.name}")  # type: ignore[misc]
            else:
                yield argument.arg, lambda it=argument: self._resolve(annotated(it.annotation, module))  # type: ignore[misc]
        if node.args.vararg:
            inside = annotated(node.args.vararg.annotation, module)
            yield node.args.vararg.arg, lambda: Kind("list", (self._resolve(inside),))

    def _statement(self, node: ast.AST, module: Module) -> Iterator[tuple[str, Binder]]:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, self._annotation(node, module)
            case ast.Assign(targets=targets, value=value):
                for one in targets:
                    yield from _targets(one, self._value(value, module))
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                yield name, self._value(value, module)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                yield name, self._value(value, module)
            case ast.For() | ast.AsyncFor():
                yield from _targets(node.target, lambda: element(self.kind(node.iter, module)))
            case ast.withitem(optional_vars=ast.expr() as target, context_expr=context):
                yield from _targets(target, lambda: self._entered(context, module))

    def _entered(self, context: ast.expr, module: Module) -> Kind:
        """What a `with` gives to its body."""
        kind = self.kind(context, module)
        method = self._method(kind, "__enter__") or self._method(kind, "__aenter__")
        if method:
            return self._resolve(_returned(*method))
        return kind.part(0) if kind.name in ("list", "coroutine") else kind


def _returned(module: Module, node: Function) -> Kind:
    kind = annotated(node.returns, module)
    is_generator = kind.name == "list"
    return Kind("coroutine", (kind,)) if isinstance(node, ast.AsyncFunctionDef) and not is_generator else kind


def _is_property(node: Function) -> bool:
    names = [
        it.id if isinstance(it, ast.Name) else it.attr
        for it in node.decorator_list
        if isinstance(it, ast.Name | ast.Attribute)
    ]
    return any(name in ("property", "cached_property") for name in names)


def _own(place: ast.AST) -> Iterator[ast.AST]:
    """What is in it, but not in a function or class within it; these themselves are."""
    waiting = deque(ast.iter_child_nodes(place))
    while waiting:
        node = waiting.popleft()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)


def _assignments(method: Function, me: str) -> Iterator[tuple[str, ast.expr | None, ast.AnnAssign | None]]:
    """What a method assigns to attributes of its own."""
    for node in ast.walk(method):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == me:
                if isinstance(node, ast.AnnAssign):
                    yield target.attr, None, node
                elif isinstance(node, ast.Assign):
                    yield target.attr, node.value, None


def _targets(target: ast.expr, bind: Binder) -> Iterator[tuple[str, Binder]]:
    """The names in what is assigned to, each with its part of the value."""
    if isinstance(target, ast.Name):
        yield target.id, bind
    elif isinstance(target, ast.Tuple | ast.List):
        for index, part in enumerate(target.elts):
            yield from _targets(part, lambda index=index: _unpacked(bind(), index))  # type: ignore[misc]


def _unpacked(kind: Kind, index: int) -> Kind:
    if kind.name == "either":
        return either(*(_unpacked(part, index) for part in kind.of))
    if kind.name in ("tuple", "counter"):
        return kind.part(index)
    return element(kind) if kind.name in ("list", SET) else UNKNOWN
