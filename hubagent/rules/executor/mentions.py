"""Which names of devices a rule or an invariant mentions: it has to be bound anew only when one of these comes, goes or
changes."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from hubagent.rules.expression.template import Template
from hubagent.rules.expression.tree import Expression
from hubagent.rules.never import Never
from hubagent.rules.rule import Rule
from hubagent.rules.scene import Scene

_NAMING = ("subject", "device", "devices")
"""Fields of triggers and actions that hold names of devices."""
_NOT_SAID = ("place", "program")
"""Fields that repeat what others say, or say where."""


def mentioned(rule: Rule | Scene | Never) -> frozenset[str]:
    """In small letters: each name as it is written, and what is left when its last parts are attributes."""
    found: set[str] = set()
    for name in _names(rule):
        folded = name.casefold()
        while folded:
            found.add(folded)
            folded = folded.rpartition(".")[0]
    return frozenset(found)


def expressions_of(thing: Any) -> Iterator[Expression]:
    """Every expression in a rule, those of texts too."""
    if isinstance(thing, Expression):
        yield thing
    elif isinstance(thing, Template):
        yield from (part for _, part in thing.parts if isinstance(part, Expression))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from expressions_of(part)
    else:
        for name in _said_by(type(thing)):
            yield from expressions_of(getattr(thing, name))


def names_in(rule: Rule) -> list[str]:
    """As they are written, once each."""
    return list(dict.fromkeys(_names(rule)))


def _names(thing: Any) -> Iterator[str]:
    if isinstance(thing, Expression | Template):
        yield from (reference.name for reference in thing.references)
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _names(part)
    else:
        for name in _said_by(type(thing)):
            value = getattr(thing, name)
            if name in _NAMING:
                yield from (value,) if isinstance(value, str) else (one for one in value if isinstance(one, str))
            else:
                yield from _names(value)


def _said_by(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that say something; none where it is no dataclass."""
    known = _FIELDS.get(kind)
    if known is None:
        found = fields(kind) if is_dataclass(kind) else ()
        known = _FIELDS[kind] = tuple(field.name for field in found if field.name not in _NOT_SAID)
    return known


_FIELDS: Final[dict[type, tuple[str, ...]]] = {}
"""There are as many as kinds of triggers and actions, and thousands of rules."""
