"""`{ state = "lamp.level", becomes = 40 }`, `{ state = "lamp", changes = true }`, `"hall.door becomes open"`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from hubagent.model.capability import Value
from hubagent.rules.expression.scope import Scope
from hubagent.rules.names import Subject
from hubagent.rules.reading.form import TRUE, VALUE
from hubagent.rules.reading.table import Field, Fields
from hubagent.rules.reading.wrong import Wrong
from hubagent.rules.triggers.fields import HELD, ID, SUBJECT
from hubagent.rules.triggers.meaning import find_subject, meaning, observed
from hubagent.rules.triggers.nature import BoundEdge
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class StateTrigger:
    """An attribute comes to have a value, or with `changes` any other than before."""

    FIELDS: ClassVar = Fields(
        {
            "state": Field(SUBJECT, "the device, or DEVICE.ATTRIBUTE", into="subject", required=True),
            "becomes": Field(VALUE, "the value, or a word for it: occupied, open, ..."),
            "from": Field(VALUE, "what it must have been", into="before", default="anything known"),
            "changes": Field(TRUE, "any other value than before, instead of `becomes`"),
            "for": HELD,
            "id": ID,
        }
    )

    subject: str
    """A device, or a device and its attribute."""
    becomes: Value = None
    """A value, or one of the words that people say of states; None with `changes`."""
    before: Value = None
    """What it must have been; None: anything that is known."""
    changes: bool = False
    held_s: float = 0.0
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if (self.becomes is None) is not self.changes:
            raise Wrong("says either becomes = VALUE or changes = true")
        if self.becomes is not None and self.becomes == self.before:
            raise Wrong("is the same as it becomes", below=("from",))

    def bind(self, scope: Scope) -> BoundEdge:
        subject = find_subject(self.subject, scope, self.place.below("state"))
        if self.becomes is None:
            attribute, value = observed(subject, self.place.below("state")), None
        else:
            attribute, value = meaning(subject, self.becomes, self.place.below("becomes"))
        before = None
        if self.before is not None:
            of_the_same = Subject(subject.device, attribute)
            _, before = meaning(of_the_same, self.before, self.place.below("from"))
        return BoundEdge(
            keys=((subject.device.id, attribute.name),),
            cells=(scope.cell(subject.device.id, attribute.name),),
            test=_test(value, before),
            stays=_as_it_was,
            held_s=self.held_s,
        )


def _test(wanted: Value, before: Value) -> Callable[[Value, Value], bool]:
    """Of the value before and the value now; one that is None may be any that is known."""
    if wanted is None:
        if before is None:
            return lambda was, now: was != now and now is not None
        return lambda was, now: was == before and now != before and now is not None
    if before is None:
        return lambda was, now: now == wanted and was != wanted
    return lambda was, now: now == wanted and was == before


def _as_it_was(then: Value, now: Value) -> bool:
    return now == then
