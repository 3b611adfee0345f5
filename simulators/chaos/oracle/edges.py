"""Triggers that wait for a value: which attribute they are about, when they happen, and what has to stay so."""

from hubagent.model.capability import Attribute, InvalidValue, Kind, Value
from hubagent.rules.names import main_attribute
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.words import WORDS
from simulators.chaos.oracle.fitting import sort_of
from simulators.chaos.oracle.seen import Place, Seen, has

Edge = StateTrigger | NumericTrigger


def place_of(trigger: Edge, seen: Seen) -> Place | None:
    """None: there is no such device, or it says nothing of the kind."""
    subject = seen.subject(trigger.subject)
    if subject is None:
        return None
    if isinstance(trigger, StateTrigger) and (meant := _meant(trigger.becomes, trigger, seen)) is not None:
        return meant[0]
    attribute = subject.attribute or main_attribute(subject.device)
    return None if attribute is None else (subject.device.id, attribute.name)


def can_happen(trigger: Edge, seen: Seen) -> bool:
    """Whether what it is about is there, and can have such values."""
    place = place_of(trigger, seen)
    if place is None:
        return False
    attribute = sort_of(place[1])
    if isinstance(trigger, NumericTrigger):
        return attribute.kind is Kind.NUMBER
    values = (_value(value, trigger, seen) for value in (trigger.becomes, trigger.before))
    return all(_can_have(attribute, value) for value in values)


def _can_have(attribute: Attribute, value: Value) -> bool:
    try:
        attribute.check(value)
    except InvalidValue:
        return False
    return True


def happened(trigger: Edge, before: Value, now: Value, seen: Seen) -> bool:
    """Of two values that are known, one after the other."""
    if isinstance(trigger, NumericTrigger):
        return inside(trigger, now) and not inside(trigger, before)
    was = _value(trigger.before, trigger, seen)
    if trigger.becomes is None:
        return now is not None and before != now and was in (None, before)
    wanted = _value(trigger.becomes, trigger, seen)
    return now == wanted and before != wanted and was in (None, before)


def stays(trigger: Edge, then: Value, now: Value) -> bool:
    """What began with the one value still is so with the other."""
    return inside(trigger, now) if isinstance(trigger, NumericTrigger) else now is not None and now == then


def inside(trigger: NumericTrigger, value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = float("-inf") if trigger.above is None else trigger.above
    high = float("inf") if trigger.below is None else trigger.below
    return low <= value <= high if trigger.inclusive else low < value < high


def rearms(trigger: Edge) -> bool:
    """Whether it is deaf after it happened."""
    return isinstance(trigger, NumericTrigger) and not trigger.rearm_below is trigger.rearm_above is None


def hears_again(trigger: Edge, value: Value) -> bool:
    """Whether one that is deaf hears again with this value."""
    if not isinstance(trigger, NumericTrigger) or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    below, above = trigger.rearm_below, trigger.rearm_above
    return (below is not None and value < below) or (above is not None and value > above)


def _value(said: Value, trigger: StateTrigger, seen: Seen) -> Value:
    meant = _meant(said, trigger, seen)
    return said if meant is None else meant[1]


def _meant(said: Value, trigger: StateTrigger, seen: Seen) -> tuple[Place, Value] | None:
    subject = seen.subject(trigger.subject)
    if subject is None or not isinstance(said, str):
        return None
    for name, value in WORDS.get(said, ()):
        if (subject.attribute is None and has(subject.device, name)) or (
            subject.attribute is not None and subject.attribute.name == name
        ):
            return (subject.device.id, name), value
    return None
