"""What a name in an expression stands for: the clock, the mode, a variable, what set the run off, a device's value."""

from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.expression import tree
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.typed import Clock, Reading, Typed
from hubagent.rules.expression.types import (
    ANY,
    DURATION,
    FLAG,
    TEXT,
    TIME,
    Sort,
    Type,
    type_of,
    type_of_value,
)
from hubagent.rules.names import Subject, UnknownName, attribute_of, main_attribute, no_device, resolve
from hubagent.rules.words import WORDS
from hubagent.toml_lines import did_you_mean

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = {
    "time": TIME,
    "weekday": Type(Sort.WORD, words=WEEKDAYS),
    "sun.up": FLAG,
    "sun.elevation": Type(Sort.NUMBER, "degrees", low=-90, high=90),
}
_TRIGGER: Final = {"value": ANY, "id": TEXT, "late_s": DURATION}


def named(node: tree.Name, scope: Scope) -> Typed:
    """Raises UnknownName."""
    found = None if node.device is not None else _root(node.text, scope)
    return _of_device(node, scope) if found is None else found


def meant(node: tree.Name, word: str, scope: Scope) -> tuple[Reading, Value] | None:
    """The attribute of a device alone that a word is about, and its value; None where it is about none."""
    if word not in WORDS or (node.device is None and _is_root(node.text)):
        return None
    try:
        subject = _subject(node, scope)
    except UnknownName:
        return None
    if subject.attribute is not None:
        return None
    for name, value in WORDS[word]:
        try:
            attribute = attribute_of(subject.device, name)
        except UnknownName:
            continue
        return Reading(type_of(attribute), scope.cell(subject.device.id, name)), value
    return None


def _is_root(text: str) -> bool:
    return text in _CLOCK or text == "home.mode" or text.partition(".")[0] in ("var", "trigger")


def _root(text: str, scope: Scope) -> Typed | None:
    """None for what is no root, and may be a device that is called so."""
    if text in _CLOCK:
        if text.startswith("sun.") and not scope.has_place:
            hint = "; say latitude and longitude under [hub] in hub.toml"
            raise UnknownName("it is not known where the home is", hint)
        return Clock(_CLOCK[text], text)
    if text == "home.mode":
        return Reading(Type(Sort.WORD, words=scope.modes), scope.mode)
    root, _, rest = text.partition(".")
    if root == "trigger" and rest in _TRIGGER:
        return Reading(_TRIGGER[rest], getattr(scope.trigger, rest))
    cell = scope.variable(rest) if root == "var" and rest else None
    return None if cell is None else Reading(type_of_value(cell.value), cell)


def _of_device(node: tree.Name, scope: Scope) -> Reading:
    try:
        subject = _subject(node, scope)
    except UnknownName as unknown:
        what, hint = _not_found(node, scope)
        raise UnknownName(what or unknown.what, hint or unknown.hint, None if what else unknown.device) from unknown
    attribute = subject.attribute or main_attribute(subject.device)
    if attribute is None:
        raise UnknownName(f"{subject.device.name} reports nothing", "")
    return Reading(type_of(attribute), scope.cell(subject.device.id, attribute.name))


def _subject(node: tree.Name, scope: Scope) -> Subject:
    if node.device is None:
        return resolve(node.text, scope)
    device = scope.find(node.device)
    if device is None:
        raise no_device(node.device, did_you_mean(node.device, scope.names()))
    return Subject(device, None if node.attribute is None else attribute_of(device, node.attribute))


def _not_found(node: tree.Name, scope: Scope) -> tuple[str, str]:
    """What is said instead of what `resolve` says, and the hint; each empty where that says it better."""
    if node.device is not None:
        return "", ""
    root, _, rest = node.text.partition(".")
    if root == "var":
        hint = did_you_mean(rest, scope.variables()) or "; variables are named under [variables]"
        return f"there is no variable {rest!r}", hint
    if root == "home":
        return "", "; of the home there is home.mode"
    if root == "trigger":
        return "", f"; of what set it off there are {', '.join(f'trigger.{one}' for one in _TRIGGER)}"
    if root == "sun":
        return "", "; of the sun there are sun.up and sun.elevation"
    before, _, after = node.text.rpartition("-")
    if before and _exists(before, scope):
        return "", f"; a minus has spaces around it: {before} - {after}"
    if not rest and (node.text in WORDS or node.text in scope.modes):
        return f"{node.text!r} is no name", f"; a word is written in quotes: {node.text!r}, or after `is`"
    if not rest:
        return "", did_you_mean(node.text, ("time", "weekday"))
    return "", ""


def _exists(name: str, scope: Scope) -> bool:
    try:
        resolve(name, scope)
    except UnknownName:
        return False
    return True
