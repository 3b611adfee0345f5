"""What a rule says, and the reader of rule files. Devices are names here; `engine` finds them.

    [[rule]]
    name = "hall light"
    when = "hall.motion becomes occupied"
    do = [{ set = "hall.light", on = true, level = 40 }]

`when` is one of
    DEVICE becomes WORD                 a word of `words`: occupied, open, locked, ...
    DEVICE.ATTRIBUTE becomes VALUE      true, false, a number or a word
    DEVICE.ATTRIBUTE > NUMBER           likewise <, >=, <=: when it comes to be so
    DEVICE button NUMBER PRESS          single, double, hold, release, ...
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES, commands_for
from hubagent.model.capability import Command, InvalidValue, Kind, Value
from hubagent.rules.words import WORDS, Meaning
from hubagent.toml_lines import Document, Key, Mistake, Mistakes, did_you_mean, read_document

RULES_MAX = 1000
ACTIONS_MAX = 32


@dataclass(frozen=True, slots=True)
class Becomes:
    """An attribute comes to have a value. With several meanings, the first that the device has counts."""

    device: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Crosses:
    """A number comes to be above or below a bound."""

    device: str
    attribute: str
    sign: str
    bound: float

    def holds(self, value: Value) -> bool:
        return isinstance(value, int | float) and COMPARISONS[self.sign](value, self.bound)


@dataclass(frozen=True, slots=True)
class Pressed:
    device: str
    button: int
    press: Press


Trigger = Becomes | Crosses | Pressed


@dataclass(frozen=True, slots=True)
class SetAction:
    """Commands to one device, ready to be sent."""

    device: str
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    when: Trigger
    do: tuple[SetAction, ...]
    place: str
    """`file:line` of the rule, for errors."""

    def devices(self) -> list[str]:
        """Every device that it names, the trigger's first."""
        return [self.when.device, *(action.device for action in self.do)]


COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_KEYS: Final = ("name", "when", "do")
_BECOMES = re.compile(r"^(?P<subject>.+?)\s+becomes\s+(?P<value>.+)$")
_CROSSES = re.compile(r"^(?P<subject>.+?)\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>\S+)$")
_PRESSED = re.compile(r"^(?P<device>.+?)\s+button\s+(?P<button>\S+)\s+(?P<press>\S+)$")


class _Wrong(ValueError):
    """What is wrong with one key of a rule."""


def read_rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """All rules of all files. Raises Mistakes, with everything that is wrong with any of them."""
    rules: list[Rule] = []
    mistakes: list[Mistake] = []
    for path in paths:
        try:
            document = read_document(path)
        except Mistakes as unreadable:
            mistakes += unreadable.mistakes
            continue
        found, wrong = _rules(document)
        mistakes += wrong
        for rule in found:
            if any(other.name == rule.name for other in rules):
                mistakes.append(Mistake(rule.place, "name", f"there is another rule {rule.name!r}"))
            rules.append(rule)
    if mistakes:
        raise Mistakes(mistakes)
    if len(rules) > RULES_MAX:
        raise Mistakes([Mistake(str(paths), "", f"{len(rules)} rules are more than {RULES_MAX}")])
    return tuple(rules)


def _rules(document: Document) -> tuple[list[Rule], list[Mistake]]:
    rules: list[Rule] = []
    mistakes = [
        document.mistake((key,), f"there is no such key{did_you_mean(key, ['rule'])}; a rule begins with [[rule]]")
        for key in document.tables
        if key != "rule"
    ]
    tables = document.tables.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return [], [*mistakes, document.mistake(("rule",), "is written [[rule]], once for each rule")]
    for index, table in enumerate(tables):
        rule, wrong = _rule(document, ("rule", index), table)
        mistakes += wrong
        if rule is not None:
            rules.append(rule)
    return rules, mistakes


def _rule(document: Document, key: Key, table: Mapping[str, Any]) -> tuple[Rule | None, list[Mistake]]:
    mistakes = [
        document.mistake(
            (*key, name), f"there is no such key{did_you_mean(name, _KEYS)}; a rule has {', '.join(_KEYS)}"
        )
        for name in table
        if name not in _KEYS
    ]
    parts: dict[str, Any] = {}
    readers: Mapping[str, Callable[[Any], Any]] = {"name": _name, "when": read_trigger, "do": _actions}
    for name, read in readers.items():
        if name not in table:
            mistakes.append(document.mistake(key, f"{name} is missing"))
            continue
        try:
            parts[name] = read(table[name])
        except _Wrong as wrong:
            mistakes.append(document.mistake((*key, name), str(wrong)))
    if mistakes:
        return None, mistakes
    return Rule(parts["name"], parts["when"], parts["do"], f"{document.path}:{document.line(key)}"), []


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"is a text in quotes, not {value!r}")
    return value.strip()


def read_trigger(value: Any) -> Trigger:
    """Raises ValueError, in words."""
    if not isinstance(value, str):
        raise _Wrong(f'is a text, as "hall.motion becomes occupied"; not {value!r}')
    text = value.strip()
    if match := _PRESSED.match(text):
        return _pressed(match["device"], match["button"], match["press"])
    if match := _BECOMES.match(text):
        return _becomes(match["subject"], match["value"])
    if match := _CROSSES.match(text):
        return _crosses(match["subject"], match["sign"], match["bound"])
    raise _Wrong(
        f"{value!r} is not understood; say DEVICE becomes WORD, DEVICE.ATTRIBUTE becomes VALUE, "
        "DEVICE.ATTRIBUTE > NUMBER, or DEVICE button NUMBER PRESS"
    )


def _pressed(device: str, button: str, press: str) -> Pressed:
    if not button.isdecimal() or not 1 <= int(button) <= 255:
        raise _Wrong(f"a button is a number from 1, not {button!r}")
    presses = [known.value for known in Press]
    if press not in presses:
        raise _Wrong(f"there is no press {press!r}{did_you_mean(press, presses)}; there are: {', '.join(presses)}")
    return Pressed(device, int(button), Press(press))


def _becomes(subject: str, text: str) -> Becomes:
    device, attribute = _subject(subject)
    if attribute is None or (text in WORDS and not _is_value(attribute, text)):
        # A device may be called after what it senses: "kitchen.leak becomes leak" is no attribute of the kitchen.
        device = subject
        if text not in WORDS:
            raise _Wrong(
                f"{text!r} is no word for a state{did_you_mean(text, WORDS)}; there are: {', '.join(WORDS)}; "
                "or name the attribute: DEVICE.ATTRIBUTE becomes VALUE"
            )
        return Becomes(device, WORDS[text])
    return Becomes(device, ((attribute, _value(attribute, text)),))


def _crosses(subject: str, sign: str, bound: str) -> Crosses:
    device, attribute = _subject(subject)
    if attribute is None:
        raise _Wrong(f"{subject!r} names no attribute; say DEVICE.ATTRIBUTE {sign} {bound}")
    if attribute in ATTRIBUTES and ATTRIBUTES[attribute][1].kind is not Kind.NUMBER:
        raise _Wrong(f"{attribute} is not a number, so it cannot be {sign} {bound}")
    value = _value(attribute, bound)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Wrong(f"{bound!r} is not a number")
    return Crosses(device, attribute, sign, value)


def _subject(subject: str) -> tuple[str, str | None]:
    """The device, and the attribute where the last part is one. A device's name may have dots itself."""
    device, _, last = subject.rpartition(".")
    if device and _is_attribute(last):
        return device, last
    return subject, None


def _is_attribute(name: str) -> bool:
    return name in ATTRIBUTES or parameter_number(name) is not None


def _is_value(attribute: str, text: str) -> bool:
    try:
        _value(attribute, text)
    except ValueError:
        return False
    return True


def _value(attribute: str, text: str) -> Value:
    value: Value = {"true": True, "false": False}.get(text)
    if value is None:
        value = _number(text)
    if value is None:
        value = text.strip("\"'")
    if attribute in ATTRIBUTES:
        try:
            return ATTRIBUTES[attribute][1].check(value)
        except InvalidValue as invalid:
            raise _Wrong(str(invalid)) from invalid
    return value


def _number(text: str) -> int | float | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def _actions(value: Any) -> tuple[SetAction, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        raise _Wrong('is a list, as [{ set = "hall.light", on = true }]')
    if len(value) > ACTIONS_MAX:
        raise _Wrong(f"has at most {ACTIONS_MAX} actions, not {len(value)}")
    return tuple(_action(item) for item in value)


def _action(table: Mapping[str, Any]) -> SetAction:
    device = table.get("set")
    if not isinstance(device, str) or not device:
        raise _Wrong(f'an action says set = "DEVICE" and the attributes to set; not {dict(table)!r}')
    values = {name: value for name, value in table.items() if name != "set"}
    if not values:
        raise _Wrong(f"nothing is set on {device!r}; say for example on = true")
    try:
        return SetAction(device, tuple(commands_for(values)))
    except InvalidValue as invalid:
        raise _Wrong(str(invalid)) from invalid
