"""The JSON of SmartThings' Rules API: one rule, a list of them, or what the API answers with `items`."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from hubagent.rules.importers.imported import Import, ImportedRule, Share, stub
from hubagent.rules.importers.reason import CannotTranslate, Reason, one_line
from hubagent.rules.importers.smartthings.names import Names
from hubagent.rules.importers.smartthings.operands import word
from hubagent.rules.importers.smartthings.rule import rules_of

RULES_MAX: Final = 2000
_SOURCE_LINES_MAX: Final = 400
_DEPTH_MAX: Final = 60

DIFFERENCES: Final = (
    "What is unknown is neither true nor false: about a silent device, neither a condition nor its opposite holds.",
    "Only the conditions of outer `if`s set a rule off; those below `then` and `else` are looked at when reached.",
    "A rule that is set off while it waits is not begun again.",
    "Times are of the home's clock.",
    "A door or shade that is open only partly is open, too.",
)


class BadFile(Exception):
    """The file has no rules; the text says where and why."""


def import_smartthings(name: str, text: str, mapped: Mapping[str, str], *, fahrenheit: bool = False) -> Import:
    """Raises BadFile."""
    rules = _rules(name, text)
    names = Names(mapped, fahrenheit=fahrenheit)
    for rule in rules:
        _find_modes(rule, names, 0)
    result = Import(differences=DIFFERENCES)
    for number, rule in enumerate(rules, 1):
        place = f"{name}, rule {number}"
        source = tuple(json.dumps(rule, indent=1, ensure_ascii=False).splitlines()[: _SOURCE_LINES_MAX + 1])
        if isinstance(rule, dict):
            result.rules += rules_of(rule, place, source, names)
        else:
            reason = Reason("rule that is no table", one_line(rule, 80))
            result.rules.append(ImportedRule(stub("no rule", [reason]), Share.NOT, (reason,), (), place, source))
    result.modes = dict(names.modes)
    result.table = dict(names.table)
    return result


def _rules(name: str, text: str) -> list[Any]:
    if not text.strip():
        raise BadFile(f"{name}: is empty")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadFile(f"{name}:{error.lineno}:{error.colno}: is not JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise BadFile(f"{name}: is not JSON that anybody writes") from error
    if _depth(found) > _DEPTH_MAX:
        raise BadFile(f"{name}: its lists and tables stand more than {_DEPTH_MAX} deep in one another")
    if isinstance(found, dict) and isinstance(found.get("items"), list):
        found = found["items"]
    rules = found if isinstance(found, list) else [found]
    if not any(isinstance(rule, dict) and "actions" in rule for rule in rules):
        raise BadFile(f"{name}: has no rules: neither `actions`, nor a list of rules, nor `items`")
    if len(rules) > RULES_MAX:
        raise BadFile(f"{name}: has more than {RULES_MAX} rules; import it in parts")
    return rules


def _depth(value: Any) -> int:
    """Without recursion, which JSON of a kind would break."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(one, dict | list):
            waiting += [(below, depth + 1) for below in (one.values() if isinstance(one, dict) else one)]
    return deepest


def _find_modes(value: Any, names: Names, depth: int) -> None:
    """All of the home's modes must be known before a rule can be set off by a change of them."""
    if isinstance(value, list):
        for item in value:
            _find_modes(item, names, depth + 1)
    elif isinstance(value, dict):
        location = value.get("location")
        if isinstance(location, dict) and _is_name(location.get("mode")):
            _keep(location["mode"], names)
        sides = [value.get("left"), value.get("right")]
        if any(_is_mode(side) for side in sides):
            for side in sides:
                if isinstance(side, dict) and _is_name(side.get("string")):
                    _keep(side["string"], names)
        for item in value.values():
            _find_modes(item, names, depth + 1)


def _keep(mode: str, names: Names) -> None:
    with suppress(CannotTranslate):  # told of the rule that wants it
        names.mode(mode)


def _is_mode(side: Any) -> bool:
    location = side.get("location") if isinstance(side, dict) else None
    return isinstance(location, dict) and word(location.get("attribute")) == "mode"


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 100 and value.isprintable()
