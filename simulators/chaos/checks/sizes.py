"""How much an agent holds: the length of every container that its objects have, by the class and the attribute.

The graph is walked from the agent on, through objects of the agent and its drivers and whatever containers they have.
What a loop, a database or the simulated world holds is not the agent's. What is in a ring, which begins again at its
end, is bounded by that and not walked through: most of what an agent holds is in there.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

OURS: Final = ("hubagent.", "drivers.")
OBJECTS_MAX: Final = 2_000_000
RINGS: Final = frozenset({"hubagent.rules.traces.Traces._ring"})
"""Lists of a length that never changes; deques with a `maxlen` are rings by themselves."""
_SCALARS: Final = frozenset((type(None), bool, int, float, complex, str, bytes, type))

Sizes = dict[str, int]


def sizes_of(root: object) -> Sizes:
    """Things in all containers together, by `module.Class.attribute`; `[]` is what is in the values of one."""
    sizes: Sizes = {}
    seen = {id(root)}
    waiting: deque[tuple[str, Any]] = deque([("", root)])
    while waiting and len(seen) < OBJECTS_MAX:
        name, it = waiting.popleft()
        for where, one in _inside(name, it, sizes):
            kind: type[object] = type(one)
            if kind not in _SCALARS and id(one) not in seen and _is_walked(kind):  # type: ignore[arg-type]  # classes can be hashed
                seen.add(id(one))
                waiting.append((where, one))
    return sizes


def _inside(name: str, it: Any, sizes: Sizes) -> Iterable[tuple[str, Any]]:
    kind: type[object] = type(it)
    if kind not in _CONTAINERS:
        return _attributes(kind, it)
    if name in RINGS or getattr(it, "maxlen", None) is not None:
        return ()
    sizes[name] = sizes.get(name, 0) + len(it)
    values = it.values() if kind is dict else it
    where = f"{name}[]"
    return [(where, value) for value in values if type(value) not in _SCALARS]


_CONTAINERS: Final = frozenset((dict, list, tuple, set, frozenset, deque))


@cache
def _is_walked(kind: type) -> bool:
    return kind in _CONTAINERS or kind.__module__.startswith(OURS)


@cache
def _place(kind: type, attribute: str) -> str:
    return f"{kind.__module__}.{kind.__qualname__}.{attribute}"


@cache
def _slots(kind: type) -> tuple[str, ...]:
    return tuple(
        name
        for base in kind.__mro__
        for slots in (base.__dict__.get("__slots__", ()),)
        for name in ((slots,) if isinstance(slots, str) else slots)
        if name not in ("__dict__", "__weakref__")
    )


def _attributes(kind: type, it: Any) -> Iterator[tuple[str, Any]]:
    for name, value in list(getattr(it, "__dict__", {}).items()):
        yield _place(kind, name), value
    for name in _slots(kind):
        try:
            yield _place(kind, name), object.__getattribute__(it, name)
        except AttributeError:
            continue
