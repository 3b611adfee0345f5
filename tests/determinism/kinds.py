"""Which kind of thing an annotation means, as far as the order of what is in it is concerned."""

import ast
from dataclasses import dataclass
from typing import Final

from tests.determinism.source import Module


@dataclass(frozen=True, slots=True)
class Kind:
    """`set` of something, `dict` of key and value, `list` of an element (of any sequence or iterator), `tuple`,
    `either`, `callable` and `coroutine` of a result, `weak`; else what a class or a builtin is called."""

    name: str
    of: tuple["Kind", ...] = ()

    def part(self, index: int) -> "Kind":
        return self.of[index] if index < len(self.of) else UNKNOWN


UNKNOWN: Final = Kind("")
SET: Final = "set"
WEAK: Final = "weak"
ANY_ITERABLE: Final = "any iterable"
"""An iterable of which nobody says whether it has an order; whoever is given one may go through it."""

_NAMES: Final = {
    "set": SET,
    "frozenset": SET,
    "collections.abc.Set": SET,
    "collections.abc.MutableSet": SET,
    "typing.AbstractSet": SET,
    "weakref.WeakSet": WEAK,
    "weakref.WeakKeyDictionary": WEAK,
    "weakref.WeakValueDictionary": WEAK,
    "dict": "dict",
    "collections.abc.Mapping": "dict",
    "collections.abc.MutableMapping": "dict",
    "collections.OrderedDict": "dict",
    "collections.defaultdict": "dict",
    "types.MappingProxyType": "dict",
    "collections.Counter": "counter",
    "collections.abc.KeysView": "keys",
    "collections.abc.ItemsView": "items",
    "collections.abc.ValuesView": "list",
    "list": "list",
    "collections.deque": "list",
    "collections.abc.Sequence": "list",
    "collections.abc.MutableSequence": "list",
    "collections.abc.Iterator": "list",
    "collections.abc.Generator": "list",
    "collections.abc.AsyncIterator": "list",
    "collections.abc.AsyncGenerator": "list",
    "collections.abc.Iterable": ANY_ITERABLE,
    "collections.abc.Collection": ANY_ITERABLE,
    "tuple": "tuple",
    "typing.Optional": "either",
    "typing.Union": "either",
    "collections.abc.Callable": "callable",
    "collections.abc.Awaitable": "coroutine",
    "collections.abc.Coroutine": "coroutine",
    "asyncio.Future": "coroutine",
    "asyncio.Task": "coroutine",
}
_TRANSPARENT: Final = ("typing.ClassVar", "typing.Final", "typing.Annotated", "typing.Required", "typing.NotRequired")


def either(*kinds: Kind) -> Kind:
    flat = [part for kind in kinds for part in (kind.of if kind.name == "either" else (kind,)) if part.name]
    different = tuple(dict.fromkeys(flat))
    if len(different) < 2:
        return different[0] if different else UNKNOWN
    return Kind("either", different)


def is_set(kind: Kind) -> bool:
    """Or may be one."""
    return kind.name == SET or (kind.name == "either" and any(is_set(part) for part in kind.of))


def is_weak(kind: Kind) -> bool:
    return kind.name == WEAK or (kind.name == "either" and any(is_weak(part) for part in kind.of))


def element(kind: Kind) -> Kind:
    """What one gets by going through it."""
    if kind.name == "either":
        return either(*map(element, kind.of))
    if kind.name == "tuple":
        return either(*kind.of)
    if kind.name == "items":
        return Kind("tuple", kind.of)
    if kind.name in (SET, WEAK, "dict", "counter", "keys", "list", ANY_ITERABLE):
        return kind.part(0)
    return UNKNOWN


def annotated(node: ast.expr | None, module: Module) -> Kind:
    """What an annotation means."""
    if node is None:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return annotated(ast.parse(node.value, mode="eval").body, module)
        return UNKNOWN
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return either(annotated(node.left, module), annotated(node.right, module))
    if isinstance(node, ast.Subscript):
        return _subscripted(node, module)
    name = module.dotted(node)
    if name == "typing.Self":
        owner = module.class_around(node)
        return Kind(f"{module.name}.{owner.name}") if owner else UNKNOWN
    return Kind(_NAMES.get(name, name))


def _subscripted(node: ast.Subscript, module: Module) -> Kind:
    name = module.dotted(node.value)
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name in _TRANSPARENT:
        return annotated(inside[0], module)
    kind = _NAMES.get(name, name)
    if kind == "callable":
        return Kind(kind, (annotated(inside[-1], module),))
    if kind == "coroutine":
        return Kind(kind, (annotated(inside[-1], module),))
    parts = tuple(annotated(part, module) for part in inside if not _is_ellipsis(part))
    return either(*parts) if kind == "either" else Kind(kind, parts)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
