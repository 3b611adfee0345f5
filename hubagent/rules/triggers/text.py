"""Triggers as short texts, each with ` for 3m` at the end where it must stay so:

DEVICE becomes WORD · DEVICE.ATTRIBUTE becomes VALUE · DEVICE.ATTRIBUTE > NUMBER · DEVICE button NUMBER PRESS
"""

import re
from typing import Any, Final

from hubagent.model.capabilities.configuration import parameter_number
from hubagent.model.capabilities.switch import Press
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import InvalidValue, Kind, Value
from hubagent.rules.expression.types import UNITS, number_with_unit
from hubagent.rules.reading.form import duration_of
from hubagent.rules.reading.wrong import Wrong, shown
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.words import WORDS
from hubagent.toml_lines import Spot, did_you_mean

TEXT_LENGTH_MAX: Final = 300

_FOR: Final = re.compile(r"\s+for\s+(?P<held>[0-9][0-9a-z. ]*)$")
_BECOMES: Final = re.compile(r"(?P<subject>\S.*?)\s+becomes\s+(?P<value>\S.*)")
_CROSSES: Final = re.compile(r"(?P<subject>\S.*?)\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>\S(?:.*\S)?)")
_PRESSED: Final = re.compile(r"(?P<device>\S.*?)\s+button\s+(?P<button>\S+)\s+(?P<press>\S+)")
_NUMBER: Final = re.compile(r"([+-]?\d{1,15}(?:\.\d{1,15})?)\s*([^\d\s.+-]\S*)?")

_SAY: Final = (
    "say DEVICE becomes WORD, DEVICE.ATTRIBUTE becomes VALUE, DEVICE.ATTRIBUTE > NUMBER, DEVICE button NUMBER PRESS; "
    'or a table, as { time = "07:30" }'
)


def read_text_trigger(written: str, place: Spot) -> StateTrigger | NumericTrigger | ButtonTrigger:
    """Raises Wrong, with the part of the text that is."""
    if len(written) > TEXT_LENGTH_MAX:
        raise Wrong(f"has at most {TEXT_LENGTH_MAX} letters, not {len(written)}")
    start = len(written) - len(written.lstrip())
    text = written.rstrip()
    held_s = 0.0
    if " for " in text and (match := _FOR.search(text)):
        held_s = _part(match, "held", duration_of)
        text = text[: match.start()]
    if match := _PRESSED.fullmatch(text, start):
        if held_s:
            raise Wrong("a press is over at once; what stays so is a state", column=len(text), length=len(written))
        return ButtonTrigger(
            match["device"], _part(match, "button", _button), _part(match, "press", _press), place=place
        )
    if match := _BECOMES.fullmatch(text, start):
        subject = match["subject"]
        return StateTrigger(
            subject, _part(match, "value", lambda value: _state(subject, value)), held_s=held_s, place=place
        )
    if match := _CROSSES.fullmatch(text, start):
        subject = match["subject"]
        bound = _part(match, "bound", lambda value: _bound(subject, value))
        side = {"above" if match["sign"].startswith(">") else "below": bound}
        return NumericTrigger(subject, **side, inclusive=match["sign"].endswith("="), held_s=held_s, place=place)
    raise Wrong(f"{shown(written)} is not understood; {_SAY}")


def _part(match: re.Match[str], group: str, read: Any) -> Any:
    try:
        return read(match[group])
    except Wrong as wrong:
        raise Wrong(str(wrong), column=match.start(group), length=len(match[group])) from wrong


def _button(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= 255):
        raise Wrong(f"a button is a number from 1, not {shown(text)}")
    return int(text)


def _press(text: str) -> Press:
    presses = [known.value for known in Press]
    if text not in presses:
        raise Wrong(f"there is no press {shown(text)}{did_you_mean(text, presses)}; there are: {', '.join(presses)}")
    return Press(text)


def _state(subject: str, text: str) -> Value:
    """A word or a value. What can be told without the device is: the rest when it is known."""
    value = value_of(text)
    attribute = _attribute(subject)
    if isinstance(value, str) and value in WORDS:
        return value
    if attribute in ATTRIBUTES:
        try:
            return ATTRIBUTES[attribute][1].check(value)
        except InvalidValue as invalid:
            near = did_you_mean(value, [*WORDS, *ATTRIBUTES[attribute][1].words]) if isinstance(value, str) else ""
            raise Wrong(f"{invalid}{near}") from invalid
    if attribute is None and isinstance(value, str):
        raise Wrong(
            f"{shown(value)} is no word for a state{did_you_mean(value, WORDS)}; there are: {', '.join(WORDS)}; "
            "or name the attribute: DEVICE.ATTRIBUTE becomes VALUE"
        )
    return value


def _bound(subject: str, text: str) -> float:
    value = value_of(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"{shown(text)} is not a number")
    attribute = _attribute(subject)
    if attribute in ATTRIBUTES:
        known = ATTRIBUTES[attribute][1]
        if known.kind is not Kind.NUMBER:
            raise Wrong(f"{attribute} is not a number, so it has no bounds")
        try:
            known.check(value)
        except InvalidValue as invalid:
            raise Wrong(str(invalid)) from invalid
    return value


def _attribute(subject: str) -> str | None:
    """What the last part of a name is, where it is an attribute's own name.

    Other words for attributes are left for later: what is called `porch.motion` or `hall.brightness` may be a device.
    """
    _, dot, last = subject.rpartition(".")
    return last if dot and (last in ATTRIBUTES or parameter_number(last) is not None) else None


def value_of(text: str) -> Value:
    """true, false, a number with or without its unit, or a word."""
    if text in {"true", "false"}:
        return text == "true"
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text.strip("\"'")
    number = float(match[1])
    plain = int(match[1]) if number.is_integer() and "." not in match[1] else number
    if not match[2]:
        return plain
    measured = number_with_unit(plain, match[2])
    if measured is None:
        raise Wrong(f"there is no unit {shown(match[2])}{did_you_mean(match[2], UNITS)}")
    return measured[0]
