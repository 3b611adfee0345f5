"""As much of JSON Schema, draft 2020-12, as our schemas use. A word that it does not know fails the test."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
_SAYS_NOTHING = frozenset(("$schema", "$defs", "title", "description", "default", "format", "writeOnly", "examples"))


def complaints(value: Any, schema: Schema) -> list[str]:
    """Everything that is not as the schema wants it; empty where it is."""
    return list(_Validator(schema).complaints(value, schema, "$"))


class _Validator:
    def __init__(self, root: Schema) -> None:
        self._root = root

    def complaints(self, value: Any, schema: Schema, at: str) -> Iterator[str]:
        for word, wanted in schema.items():
            if word in _SAYS_NOTHING:
                continue
            if word in _OF_OTHERS:
                yield from getattr(self, f"_{word.strip('$')}")(value, wanted, schema, at)
            elif not _HOLDS[word](value, wanted):
                yield f"{at}: {value!r} against {word} {wanted!r}"

    def _ref(self, value: Any, wanted: str, _schema: Schema, at: str) -> Iterator[str]:
        yield from self.complaints(value, self._root["$defs"][wanted.removeprefix("#/$defs/")], at)

    def _anyOf(self, value: Any, wanted: list[Schema], _schema: Schema, at: str) -> Iterator[str]:  # noqa: N802
        found = [list(self.complaints(value, one, at)) for one in wanted]
        if all(found):
            yield min(found, key=len)[0]

    def _properties(self, value: Any, wanted: Schema, _schema: Schema, at: str) -> Iterator[str]:
        for name, below in value.items() if isinstance(value, dict) else ():
            if name in wanted:
                yield from self.complaints(below, wanted[name], f"{at}.{name}")

    def _patternProperties(self, value: Any, wanted: Schema, _schema: Schema, at: str) -> Iterator[str]:  # noqa: N802
        for name, below in value.items() if isinstance(value, dict) else ():
            for pattern, one in wanted.items():
                if re.search(pattern, name):
                    yield from self.complaints(below, one, f"{at}.{name}")

    def _additionalProperties(self, value: Any, wanted: Any, schema: Schema, at: str) -> Iterator[str]:  # noqa: N802
        patterns = schema.get("patternProperties", {})
        for name, below in value.items() if isinstance(value, dict) else ():
            if name in schema.get("properties", {}) or any(re.search(pattern, name) for pattern in patterns):
                continue
            if wanted is False:
                yield f"{at}: there is no {name!r}"
            elif wanted is not True:
                yield from self.complaints(below, wanted, f"{at}.{name}")

    def _propertyNames(self, value: Any, wanted: Schema, _schema: Schema, at: str) -> Iterator[str]:  # noqa: N802
        for name in value if isinstance(value, dict) else ():
            yield from self.complaints(name, wanted, f"{at}.{name}")

    def _items(self, value: Any, wanted: Schema, _schema: Schema, at: str) -> Iterator[str]:
        for number, below in enumerate(value if isinstance(value, list) else ()):
            yield from self.complaints(below, wanted, f"{at}[{number}]")


_OF_OTHERS = (
    "$ref",
    "anyOf",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "items",
)


def _is_a(value: Any, wanted: str | list[str]) -> bool:
    return any(_TYPES[kind](value) for kind in ([wanted] if isinstance(wanted, str) else wanted))


def _of(kind: type | tuple[type, ...], test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Said of values of one kind only, and of others nothing."""
    return lambda value, wanted: not isinstance(value, kind) or isinstance(value, bool) or test(value, wanted)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_a,
    "enum": lambda value, wanted: value in wanted,
    "const": lambda value, wanted: value == wanted and isinstance(value, bool) == isinstance(wanted, bool),
    "required": _of(dict, lambda value, wanted: all(name in value for name in wanted)),
    "minProperties": _of(dict, lambda value, wanted: len(value) >= wanted),
    "maxProperties": _of(dict, lambda value, wanted: len(value) <= wanted),
    "minItems": _of(list, lambda value, wanted: len(value) >= wanted),
    "maxItems": _of(list, lambda value, wanted: len(value) <= wanted),
    "uniqueItems": _of(list, lambda value, wanted: not wanted or len({repr(one) for one in value}) == len(value)),
    "minLength": _of(str, lambda value, wanted: len(value) >= wanted),
    "maxLength": _of(str, lambda value, wanted: len(value) <= wanted),
    "pattern": _of(str, lambda value, wanted: re.search(wanted, value) is not None),
    "minimum": _of((int, float), lambda value, wanted: value >= wanted),
    "maximum": _of((int, float), lambda value, wanted: value <= wanted),
    "exclusiveMinimum": _of((int, float), lambda value, wanted: value > wanted),
    "exclusiveMaximum": _of((int, float), lambda value, wanted: value < wanted),
}
