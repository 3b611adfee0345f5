"""How much an agent holds: the length of every container that its objects have, by the class and the attribute.

The graph is walked from the agent on, through objects of the agent and its drivers and whatever containers they have.
What a loop, a database or the simulated world holds is not the agent's. What is in a ring, which begins again at its
end, is bounded by that and not walked through: most of what an agent holds is in there.
"""

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

OURS: Final = ("hubagent.", "drivers.")
OBJECTS_MAX: Final = 2_000_000
RINGS: Final = frozenset({"hubagent.rules.traces.Traces._ring"})
"""Lists of a length that never changes; deques with a `maxlen` are rings by themselves."""
_SCALARS: Final = (type(None), bool, int, float, complex, str, bytes, type)

Sizes = dict[str, int]


def sizes_of(root: object) -> Sizes:
    """Things in all containers together, by `module.Class.attribute`; `[]` is what is in the values of one."""
    sizes: Sizes = {}
    seen = {id(root)}
    waiting: deque[tuple[str, Any]] = deque([("", root)])
    while waiting and len(seen) < OBJECTS_MAX:
        name, it = waiting.popleft()
        inside = _inside(name, it, sizes)
        for where, one in inside:
            kind: type[object] = type(one)
            if kind in _SCALARS or id(one) in seen:
                continue
            if kind in _CONTAINERS or _is_ours(kind):  # type: ignore[arg-type]  # classes can be hashed
                seen.add(id(one))
                waiting.append((where, one))
    return sizes


def _inside(name: str, it: Any, sizes: Sizes) -> Iterator[tuple[str, Any]]:
    kind: type[object] = type(it)
    if kind not in _CONTAINERS:
        owner = _name(kind)  # type: ignore[arg-type]  # as above
        return ((f"{owner}.{attribute}", value) for attribute, value in _attributes(kind, it))
    if name in RINGS or getattr(it, "maxlen", None) is not None:
        return iter(())
    sizes[name] = sizes.get(name, 0) + len(it)
    values = it.values() if isinstance(it, dict) else it
    return ((f"{name}[]", value) for value in list(values))


_CONTAINERS: Final = frozenset((dict, list, tuple, set, frozenset, deque))


@cache
def _is_ours(kind: type) -> bool:
    return kind.__module__.startswith(OURS)


@cache
def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


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
    yield from list(getattr(it, "__dict__", {}).items())
    for name in _slots(kind):
        try:
            yield name, object.__getattribute__(it, name)
        except AttributeError:
            continue
