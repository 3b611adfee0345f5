"""Where something that has no order of its own is gone through in the order that it happens to have.

Sets are in the order of their hashes: those of strings differ with PYTHONHASHSEED, those of most objects are addresses.
Folders are in the order of their file system. What is weakly referred to is there until the collector has come by.
"""

import ast
from collections.abc import Iterator
from typing import Final

from tests.determinism.inference import Inference
from tests.determinism.kinds import ANY_ITERABLE, SET, WEAK, Kind, annotated, is_set, is_weak
from tests.determinism.sin import Sin
from tests.determinism.source import FUNCTIONS, Function, Module

ORDER_FREE: Final = frozenset({"set", "frozenset", "sorted", "any", "all", "len", "min", "max", "bool"})
"""What makes the same of its elements in whatever order they come; with a `key`, of equal ones the first counts."""
BY_FIRST: Final = frozenset({"sorted", "min", "max"})
ORDERING: Final = frozenset(
    {
        "list", "tuple", "iter", "enumerate", "zip", "map", "filter", "reversed", "str", "repr", "format", "print",
        "sum", "bytes", "bytearray", "next", "dict", "dict.fromkeys", "collections.deque", "collections.Counter",
        "functools.reduce", "click.echo", "asyncio.gather", "math.fsum",
    }
)  # fmt: skip
"""What makes another thing of another order."""
ORDERING_METHODS: Final = frozenset(
    {"join", "extend", "extendleft", "writelines", "executemany", "choice", "sample", "choices"}
)
LOGGING: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
SET_METHODS: Final = frozenset(
    {
        "update", "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint",
        "intersection_update", "difference_update", "symmetric_difference_update",
    }
)  # fmt: skip
FOLDERS: Final = frozenset({"os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob"})
FOLDER_METHODS: Final = frozenset({"iterdir", "glob", "rglob"})
SET_BY_KEY: Final = "set by key"
_SET_WHY: Final = "a set has no order: go through sorted(...) of it"
_BY_KEY_WHY: Final = "of a set, those with equal keys are in any order: let the key be another one for each"
_FOLDER_WHY: Final = "a folder has no order: go through sorted(...) of it"
_WEAK_WHY: Final = "what is in it depends on when the collector came by"


def find_order(module: Module, inference: Inference) -> Iterator[Sin]:
    """All places in `module`."""
    return _Reader(module, inference).read()


class _Reader:
    def __init__(self, module: Module, inference: Inference) -> None:
        self._module = module
        self._inference = inference

    def read(self) -> Iterator[Sin]:
        for node in self._module.nodes:
            for used in self._gone_through(node):
                yield from self._judge(used)
            if isinstance(node, ast.Call):
                yield from self._folder(node)
                yield from self._weakly_kept(node)

    def _judge(self, used: ast.expr) -> Iterator[Sin]:
        kind = self._inference.kind(used, self._module)
        if is_set(kind):
            parent = self._module.parents.get(used)
            by_key = isinstance(parent, ast.Call) and self._module.dotted(parent.func) in BY_FIRST
            what, why = (SET_BY_KEY, _BY_KEY_WHY) if by_key else (SET, _SET_WHY)
            yield Sin(self._module.path, used.lineno, what, why)
        elif is_weak(kind):
            yield Sin(self._module.path, used.lineno, WEAK, _WEAK_WHY)

    # --- what is gone through, in order

    def _gone_through(self, node: ast.AST) -> Iterator[ast.expr]:
        match node:
            case ast.For() | ast.AsyncFor() | ast.YieldFrom():
                yield node.value if isinstance(node, ast.YieldFrom) else node.iter
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
                if not self._is_order_free(node):
                    yield from (generator.iter for generator in node.generators)
            case ast.Starred(value=value):
                if not isinstance(self._module.parents.get(node), ast.Set):
                    yield value
            case ast.FormattedValue(value=value):
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=parts) | ast.List(elts=parts)], value=value):
                if len(parts) > 1:
                    yield value
            case ast.AugAssign(op=ast.Add(), value=value):
                yield value
            case ast.Call():
                yield from self._given(node)
            case ast.Return(value=ast.expr() as value):
                yield from self._returned(node, value)
            case ast.AnnAssign(value=ast.expr() as value):
                if _may_be_gone_through(annotated(node.annotation, self._module)):
                    yield value

    def _given(self, node: ast.Call) -> Iterator[ast.expr]:
        name = self._module.dotted(node.func)
        if name in ORDERING or name.startswith("itertools."):
            yield from node.args
            return
        if name in BY_FIRST and any(it.arg == "key" for it in node.keywords):
            yield from node.args[:1]
            return
        yield from self._to_ours(node)
        if isinstance(node.func, ast.Attribute):
            method, owner = node.func.attr, self._inference.kind(node.func.value, self._module)
            if is_set(owner):
                if method == "pop" and not node.args:
                    yield node.func.value
            elif method in ORDERING_METHODS or (method in LOGGING and "log" in ast.unparse(node.func.value).lower()):
                yield from node.args

    def _to_ours(self, node: ast.Call) -> Iterator[ast.expr]:
        """What is given to a function of ours as any iterable: it may go through it, and cannot know better."""
        called = self._inference.called(node, self._module)
        if called is None:
            return
        module, function = called
        parameters = [*function.args.posonlyargs, *function.args.args]
        if isinstance(module.parents.get(function), ast.ClassDef) and parameters:
            parameters = parameters[1:]
        named = {it.arg: it for it in [*parameters, *function.args.kwonlyargs]}
        pairs = list(zip(node.args, parameters, strict=False))
        pairs += [(it.value, named[it.arg]) for it in node.keywords if it.arg in named]
        for argument, parameter in pairs:
            if _may_be_gone_through(annotated(parameter.annotation, module)) and not self._takes_any_order(
                module, function, parameter.arg
            ):
                yield argument

    def _takes_any_order(self, module: Module, function: Function, parameter: str) -> bool:
        """Does it make the same of it in whatever order it comes, wherever it uses it?"""
        reader = _Reader(module, self._inference)
        uses = [it for it in ast.walk(function) if isinstance(it, ast.Name) and it.id == parameter]
        return all(reader.is_used_in_any_order(use) for use in uses)

    def is_used_in_any_order(self, use: ast.expr) -> bool:
        parent = self._module.parents.get(use)
        if isinstance(parent, ast.comprehension):
            made = self._module.parents[parent]
            return isinstance(made, ast.SetComp) or (isinstance(made, ast.expr) and self._is_order_free(made))
        return self._is_order_free(use)

    def _returned(self, node: ast.Return, value: ast.expr) -> Iterator[ast.expr]:
        function = self._module.function_around(node)
        if isinstance(function, FUNCTIONS) and _may_be_gone_through(annotated(function.returns, self._module)):
            yield value

    def _is_order_free(self, node: ast.expr) -> bool:
        """Whoever gets it makes the same of it in whatever order it comes."""
        parent = self._module.parents.get(node)
        if isinstance(parent, ast.Compare) and node in parent.comparators:
            return True
        if isinstance(parent, ast.Starred):
            return isinstance(self._module.parents.get(parent), ast.Set)
        if not isinstance(parent, ast.Call) or node not in parent.args:
            return False
        name = self._module.dotted(parent.func)
        if name == "sum":
            # Of whole numbers, that is: of others the order would be felt in the last digit.
            return isinstance(node, ast.GeneratorExp) and _is_whole(node.elt)
        if name in ORDER_FREE:
            return not (name in BY_FIRST and any(it.arg == "key" for it in parent.keywords))
        if isinstance(parent.func, ast.Attribute) and parent.func.attr in SET_METHODS:
            return is_set(self._inference.kind(parent.func.value, self._module))
        return False

    def _weakly_kept(self, node: ast.Call) -> Iterator[Sin]:
        """It does not help to sort them."""
        if self._module.dotted(node.func) in ORDER_FREE:
            weak = [it for it in node.args if is_weak(self._inference.kind(it, self._module))]
            yield from (Sin(self._module.path, it.lineno, WEAK, _WEAK_WHY) for it in weak)

    # --- folders

    def _folder(self, node: ast.Call) -> Iterator[Sin]:
        name = self._module.dotted(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if (name in FOLDERS or method in FOLDER_METHODS) and not self.is_used_in_any_order(node):
            yield Sin(self._module.path, node.lineno, "folder", _FOLDER_WHY)


def _is_whole(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.LShift)
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _may_be_gone_through(kind: Kind) -> bool:
    return kind.name == ANY_ITERABLE or (kind.name == "either" and any(map(_may_be_gone_through, kind.of)))
