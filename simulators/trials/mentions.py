"""Which devices a set of rules speaks of, and what they must be able to do: for a house that is made for the rules.

`hall.light.level` may be a device of that name, or the level of `hall.light`. What rules set, press or wait for to be
silent is a device for certain; of the rest, the last part is an attribute where something stands before it that is one,
or that has a dot in it, as the names of devices in rooms do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from hubagent.model.capabilities.switch import SWITCH
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Value
from hubagent.rules.actions.set import SetAction
from hubagent.rules.executor.mentions import expressions_of
from hubagent.rules.expression import tree
from hubagent.rules.names import ALIASES, ROOTS
from hubagent.rules.rule_set import RuleSet
from hubagent.rules.trial import Expect, Outage, PressButton, Report, Trial
from hubagent.rules.triggers.button import ButtonTrigger
from hubagent.rules.triggers.joined import JoinedTrigger
from hubagent.rules.triggers.numeric import NumericTrigger
from hubagent.rules.triggers.offline import OfflineTrigger
from hubagent.rules.triggers.state import StateTrigger
from hubagent.rules.words import WORDS

LIKELY: Final = {
    "light": "on_off",
    "lamp": "on_off",
    "plug": "on_off",
    "siren": "on_off",
    "fan": "on_off",
    "door": "boolean_state",
    "window": "boolean_state",
    "leak": "boolean_state",
    "blind": "window_covering",
    "smoke": "smoke_co_alarm",
    "remote": "switch",
}
"""What a device is where rules only speak of it as a whole, by the last part of its name."""
ALSO: Final = {"level_control": "on_off", "color_control": "on_off", "thermostat": "temperature_measurement"}
"""Nobody has the one without the other."""


@dataclass(frozen=True, slots=True)
class Mention:
    name: str
    """As it stands there."""
    capabilities: tuple[str, ...] = ()
    """What the device can certainly do."""
    value: Value = None
    """What the name is compared with, if it is."""
    certain: bool = False
    """The name is a device's, without an attribute."""


def devices_in(rule_set: RuleSet) -> dict[str, tuple[str, ...]]:
    """By name, the capabilities."""
    mentions = list(_mentions(rule_set))
    devices: dict[str, dict[str, None]] = {
        one.name: {} for one in mentions if one.certain or _attribute(one.name) not in ATTRIBUTES
    }
    pending: list[tuple[str, Mention]] = []
    for one in mentions:
        name = one.name.rpartition(".")[0]
        if one.name not in devices and (name in devices or "." in name):
            devices.setdefault(name, {})[ATTRIBUTES[_attribute(one.name)][0].name] = None
            continue
        devices.setdefault(one.name, {}).update(dict.fromkeys(one.capabilities))
        pending.append((one.name, one))
    for name, one in pending:
        if not one.certain and not _says(devices[name], one.value):
            devices[name][_guessed(name, one.value)] = None
    for name, capabilities in devices.items():
        if not capabilities:
            capabilities[_guessed(name, None)] = None
        for needing, needed in ALSO.items():
            if needing in capabilities:
                capabilities[needed] = None
    return {name: tuple(capabilities) for name, capabilities in sorted(devices.items())}


def _attribute(name: str) -> str:
    """What the last part of the name is called, if it is an attribute."""
    last = name.rpartition(".")[2]
    return ALIASES.get(last, last)


def _says(capabilities: dict[str, None], value: Value) -> bool:
    """A device of these abilities can be what the value says."""
    meanings = WORDS.get(value, ()) if isinstance(value, str) else ()
    if meanings:
        return any(ATTRIBUTES[name][0].name in capabilities for name, _ in meanings)
    return bool(capabilities)


def _guessed(name: str, value: Value) -> str:
    last = name.rpartition(".")[2].casefold()
    attribute = _attribute(name)
    meanings = WORDS.get(value, ()) if isinstance(value, str) else ()
    if meanings:
        possible = [ATTRIBUTES[known][0].name for known, _ in meanings]
        if attribute in ATTRIBUTES and ATTRIBUTES[attribute][0].name in possible:
            return ATTRIBUTES[attribute][0].name
        return LIKELY[last] if LIKELY.get(last) in possible else possible[0]
    if attribute in ATTRIBUTES:
        return ATTRIBUTES[attribute][0].name
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "temperature_measurement"
    return LIKELY.get(last, "on_off")


def _mentions(rule_set: RuleSet) -> Iterator[Mention]:
    for thing in (*rule_set.rules, *rule_set.scenes.values(), *rule_set.nevers, *rule_set.tests):
        yield from _in(thing)
        for expression in expressions_of(thing):
            yield from _in_expression(expression.root)


def _in(thing: Any) -> Iterator[Mention]:
    match thing:
        case StateTrigger():
            yield Mention(thing.subject, value=thing.becomes)
        case NumericTrigger():
            yield Mention(thing.subject, value=thing.above if thing.above is not None else thing.below)
        case ButtonTrigger():
            yield Mention(thing.device, (SWITCH.name,), certain=True)
        case OfflineTrigger():
            yield Mention(thing.device, certain=True)
        case JoinedTrigger() if thing.device != "any":
            yield Mention(thing.device, certain=True)
        case SetAction():
            needed = tuple(
                ATTRIBUTES[name][0].name if name in ATTRIBUTES else "configuration" for name, _ in thing.values
            )
            yield from (Mention(device, needed, certain=True) for device in thing.devices)
        case Trial():
            yield from (
                Mention(name, value=value) for name, value in thing.given if name.partition(".")[0] not in ROOTS
            )
        case Report():
            yield Mention(thing.subject, value=thing.value)
        case PressButton():
            yield Mention(thing.device, (SWITCH.name,), certain=True)
        case Outage():
            yield Mention(thing.device, certain=True)
    if isinstance(thing, tuple):
        for part in thing:
            yield from _in(part)
    elif is_dataclass(thing) and not isinstance(thing, type | tree.Expression | Expect):
        for field in fields(thing):
            if field.name not in ("place", "program"):
                yield from _in(getattr(thing, field.name))


def _in_expression(node: tree.Node) -> Iterator[Mention]:
    """Names, with what they are compared with."""
    for one in tree.walk(node):
        match one:
            case tree.Name():
                yield from _named(one, None)
            case tree.Is(item=tree.Name() as name):
                yield from _named(name, one.word if one.word not in ("known", "unknown") else None)
            case tree.Comparison(left=tree.Name() as name, right=tree.Literal() as literal):
                yield from _named(name, literal.value)
            case tree.Comparison(left=tree.Literal() as literal, right=tree.Name() as name):
                yield from _named(name, literal.value)


def _named(node: tree.Name, value: Value) -> Iterator[Mention]:
    if node.device is not None:
        known = None if node.attribute is None else ATTRIBUTES.get(ALIASES.get(node.attribute, node.attribute))
        yield Mention(node.device, () if known is None else (known[0].name,), certain=True)
    elif not _is_root(node.text):
        yield Mention(node.text, value=value)


def _is_root(name: str) -> bool:
    return name.partition(".")[0] in ROOTS
