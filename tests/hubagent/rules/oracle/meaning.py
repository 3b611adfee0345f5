"""What the oracle takes texts to mean: expressions, triggers, durations."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from hubagent.rules.expression import tree
from hubagent.rules.expression.parse import parse

DEVICES = {
    "hall.motion": "occupied",
    "hall.lux": "illuminance",
    "hall.light": "on",
    "porch.light": "on",
    "garage.door": "open",
    "garage.freezer": "temperature",
}
WORDS = {"occupied": True, "clear": False, "open": True, "closed": False, "on": True, "off": False}
FOREVER = float("inf")


def full(subject: str) -> str:
    return f"{subject}.{DEVICES[subject]}" if subject in DEVICES else subject.replace(".temp", ".temperature")


@cache
def parsed(text: str) -> tree.Node:
    return parse(text).root


@cache
def names_in(text: str) -> set[str]:
    return {full(node.text) for node in tree.walk(parsed(text)) if isinstance(node, tree.Name)}


def worth(node: tree.Node, value_of: Callable[[str], Any]) -> Any:
    """None is unknown."""

    def below(one: tree.Node) -> Any:
        return worth(one, value_of)

    match node:
        case tree.Literal(value=value):
            return value
        case tree.Name(text=text):
            return value_of(text)
        case tree.Not(operand=operand):
            value = below(operand)
            return None if value is None else not value
        case tree.And(left=left, right=right):
            both = [below(left), below(right)]
            return False if False in both else None if None in both else True
        case tree.Or(left=left, right=right):
            both = [below(left), below(right)]
            return True if True in both else None if None in both else False
        case tree.Is(item=item, word="known" | "unknown" as word):
            return (below(item) is not None) is (word == "known")
        case tree.Is(item=item, word=word):
            return compared("==", below(item), word)
        case tree.Among(item=item, options=options):
            found = [compared("==", below(item), below(option)) for option in options]
            return True if True in found else None if None in found else False
        case tree.Comparison(operator=sign, left=left, right=right):
            return compared(sign, below(left), below(right))
        case tree.Arithmetic(operator=sign, left=left, right=right):
            one, other = below(left), below(right)
            return None if None in (one, other) else one + other if sign == "+" else one - other
        case tree.Call(function=function, arguments=arguments):
            values = [below(argument) for argument in arguments]
            if None in values:
                return None
            return min(values) if function == "min" else max(values[1], min(values[0], values[2]))
        case _:
            raise AssertionError(node)


def compared(sign: str, one: Any, other: Any) -> bool | None:
    if isinstance(one, bool) and isinstance(other, str):
        other = WORDS.get(other)
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other)]
    if (
        one is None
        or other is None
        or numbers[0] is not numbers[1]
        or isinstance(one, str) is not isinstance(other, str)
    ):
        return None
    if sign in ("==", "!="):
        return bool((one == other) is (sign == "=="))
    if not all(numbers):
        return None
    return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign])


def said_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "unknown", True: "true", False: "false"}[value]
    return value if isinstance(value, str) else f"{value:g}"


def seconds_of(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def time_of_day(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def within(policy: str) -> float:
    """How late something may be: "skip", "run", "continue if less than 20s late", .."""
    limit = re.search(r"less than (\S+) late", policy)
    return seconds_of(limit[1]) if limit else 0 if policy in ("skip", "stop") else FOREVER


def resumed_within(rule: dict[str, Any]) -> float:
    return within(rule.get("resumed", "continue"))


def read_trigger(rule: dict[str, Any], index: int) -> dict[str, Any]:
    """As a table, also where it is a text."""
    said = rule["when"][index]
    if isinstance(said, dict):
        return said
    text, _, held = said.partition(" for ")
    more = {"for": held} if held else {}
    if " becomes " in text:
        subject, _, word = text.partition(" becomes ")
        return {"state": subject, "becomes": word, **more}
    if " button " in text:
        _, _, number, press = text.split(" ")
        return {"button": "", "number": int(number), "press": press}
    subject, sign, bound = text.split(" ")
    number = int(bound)
    return {"numeric": subject, "above" if ">" in sign else "below": number, "inclusive": "=" in sign, **more}


def edge_of(trigger: dict[str, Any]) -> str | None:
    subject = trigger.get("state", trigger.get("numeric"))
    return None if subject is None else full(subject)


def inside(trigger: dict[str, Any], value: Any) -> bool:
    low, high = trigger.get("above", -FOREVER), trigger.get("below", FOREVER)
    if value is None:
        return False
    return bool(low <= value <= high if trigger.get("inclusive") else low < value < high)


def happened(trigger: dict[str, Any], before: Any, now: Any) -> bool:
    if "numeric" in trigger:
        return inside(trigger, now) and not inside(trigger, before)
    if "changes" in trigger:
        return True
    wanted, was = WORDS[trigger["becomes"]], trigger.get("from")
    return bool(now == wanted and (was is None or before == WORDS[was]))


def stays(trigger: dict[str, Any], then: Any, now: Any) -> bool:
    return inside(trigger, now) if "numeric" in trigger else now == then
