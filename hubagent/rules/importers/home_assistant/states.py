"""What Home Assistant's states mean here: as a condition, and as the trigger of coming to be so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant.entities import DRIVEN, SENSED, Entities, Thing
from hubagent.rules.importers.home_assistant.quantities import (
    ATTRIBUTES,
    CLIMATE_ACTIONS,
    CLIMATE_MODES,
    FAN_MODES,
    TEMPERATURES,
)
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

NOTHING: Final = ("unavailable", "unknown")
"""States of what nobody knows."""

_ON_OFF: Final = {"on": "on", "off": "off"}
_LOCK: Final = {"locked": "locked", "unlocked": "unlocked", "jammed": "jammed"}
_SUN: Final = {"above_horizon": ("sunrise", "sun.up"), "below_horizon": ("sunset", "not sun.up")}
_PRESENT: Final = {"home": "occupied", "not_home": "clear", "on": "on", "off": "off"}


@dataclass(frozen=True, slots=True)
class State:
    """One state of one entity."""

    holds: Said
    trigger: dict[str, Any] | None
    """Becoming so; None where nothing here is set off by that."""
    before: Any = None
    """How the same is said after `from`; None where it cannot be."""
    subject: Said | None = None
    """What `since` can be asked of."""


def state_of(entities: Entities, entity: str, state: str) -> State:
    """Raises CannotTranslate."""
    thing = entities.thing(entity)
    if thing.is_mode:
        return _mode(entities, state)
    if thing.is_variable:
        return _kept(thing, state)
    if state in NOTHING and (thing.domain in DRIVEN or thing.domain in SENSED):
        return State(Said(f"{said.name(thing.name).text} is unknown", said.COMPARISON), {"offline": thing.name})
    if thing.domain == "sensor":
        return _sensor(entities, thing, state)
    return _STATES.get(thing.domain, _mapped)(thing, state)


def _worded(subject: str, word: str) -> State:
    named = said.name(subject)
    # When it jammed is not when it was locked or unlocked last, which is what a lock alone is about.
    since = None if word == "jammed" else named
    return State(Said(f"{named.text} is {word}", said.COMPARISON), {"state": subject, "becomes": word}, word, since)


def _valued(subject: str, attribute: str, value: str | bool) -> State:
    named = said.name(subject, attribute)
    trigger = {"state": f"{subject}.{attribute}" if attribute else subject, "becomes": value}
    if isinstance(value, bool):
        return State(named if value else said.negated(named), trigger, value, named)
    return State(said.compared(named, "==", said.text(value)), trigger, value, named)


def _one_of(states: dict[str, str]) -> Callable[[Thing, str], State]:
    def found(thing: Thing, state: str) -> State:
        if state not in states:
            raise CannotTranslate(f"state of {thing.domain}", f"{thing.entity}: {state}")
        return _worded(thing.name, states[state])

    return found


def _binary(thing: Thing, state: str) -> State:
    if state not in _ON_OFF:
        raise CannotTranslate("state of binary_sensor", f"{thing.entity}: {state}")
    word = thing.words.on if state == "on" else thing.words.off
    return _valued(thing.name, "", word) if isinstance(word, bool) else _worded(thing.name, word)


def _cover(thing: Thing, state: str) -> State:
    position = said.name(thing.name, "position")
    subject = f"{thing.name}.position"
    if state == "open":
        return State(said.compared(position, ">", Said("0")), {"numeric": subject, "above": 0}, None, position)
    if state == "closed":
        return State(said.compared(position, "==", Said("0")), {"state": subject, "becomes": 0}, 0, position)
    raise CannotTranslate("state of cover", f"{thing.entity}: {state}")


def _climate(thing: Thing, state: str) -> State:
    if state not in CLIMATE_MODES:
        raise CannotTranslate("state of climate", f"{thing.entity}: {state}")
    return _valued(thing.name, "mode", CLIMATE_MODES[state])


def _sensor(entities: Entities, thing: Thing, state: str) -> State:
    measured = measured_by(entities, thing.entity)
    try:
        value = measured.exactly(float(state))
    except ValueError:
        raise CannotTranslate("state of sensor", f"{thing.entity}: {state}") from None
    trigger = {"state": thing.name, "becomes": value}
    return State(said.compared(measured.named, "==", said.number(value)), trigger, value, measured.named)


def _sun(_thing: Thing, state: str) -> State:
    if state not in _SUN:
        raise CannotTranslate("state of sun", state)
    event, holds = _SUN[state]
    return State(Said(holds, said.NOT if " " in holds else said.ATOM), {"sun": event})


def _mapped(thing: Thing, state: str) -> State:
    """Of a domain that means nothing here, but of which people said what it is."""
    if state not in _PRESENT:
        raise CannotTranslate(f"state of {thing.domain}", f"{thing.entity}: {state}")
    return _worded(thing.name, _PRESENT[state])


_STATES: Final[dict[str, Callable[[Thing, str], State]]] = {
    "light": _one_of(_ON_OFF),
    "switch": _one_of(_ON_OFF),
    "fan": _one_of(_ON_OFF),
    "siren": _one_of(_ON_OFF),
    "valve": _one_of({"open": "on", "closed": "off"}),
    "lock": _one_of(_LOCK),
    "binary_sensor": _binary,
    "cover": _cover,
    "climate": _climate,
    "sun": _sun,
}


def _mode(entities: Entities, state: str) -> State:
    entities.mode(state)
    holds = said.compared(Said("home.mode"), "==", said.text(state))
    return State(holds, {"mode": state}, None, Said("home.mode"))


def _kept(thing: Thing, state: str) -> State:
    named = Said(thing.name)
    if thing.domain == "input_boolean":
        if state not in _ON_OFF:
            raise CannotTranslate("state of input_boolean", f"{thing.entity}: {state}")
        return State(named if state == "on" else said.negated(named), None, None, named)
    if thing.domain in ("input_number", "counter"):
        try:
            return State(said.compared(named, "==", said.number(float(state))), None, None, named)
        except ValueError:
            raise CannotTranslate(f"state of {thing.domain}", f"{thing.entity}: {state}") from None
    return State(said.compared(named, "==", said.text(state)), None, None, named)


def attribute_state(entities: Entities, entity: str, attribute: str, value: str) -> State:
    """An attribute that is a word: of a thermostat. Raises CannotTranslate."""
    thing = entities.thing(entity)
    if thing.domain == "climate" and attribute == "hvac_action" and value in CLIMATE_ACTIONS:
        return _valued(thing.name, "running", CLIMATE_ACTIONS[value])
    if thing.domain == "climate" and attribute == "fan_mode" and value in FAN_MODES:
        return _valued(thing.name, "fan_mode", value)
    measured = measured_by(entities, entity, attribute)
    try:
        amount = measured.exactly(float(value))
    except ValueError:
        raise CannotTranslate(f"attribute {attribute}", f"of {entity}") from None
    trigger = {"state": measured.subject, "becomes": amount}
    return State(said.compared(measured.named, "==", said.number(amount)), trigger, amount, measured.named)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that an entity reports."""

    subject: str
    """For triggers."""
    named: Said
    """For conditions."""
    scale: float = 1.0
    """What a number of theirs is multiplied by to be one of ours."""
    is_fahrenheit: bool = False

    def ours(self, value: float) -> float | int:
        if self.is_fahrenheit:
            value = (value - 32) / 1.8
        return said.tidy(round(value * self.scale, 2) if self.scale != 1.0 or self.is_fahrenheit else value)

    def exactly(self, value: float) -> float | int:
        """For what must be equal: half of 255 is 50.2 %, which no device says. Raises CannotTranslate."""
        ours = self.ours(value)
        if not self.is_same and ours != int(ours):
            raise CannotTranslate("equal to what is no whole number here", f"{self.named.text} == {ours:g}")
        return ours

    @property
    def is_same(self) -> bool:
        """Its numbers are those of ours."""
        return self.scale == 1.0 and not self.is_fahrenheit


def measured_by(entities: Entities, entity: str, attribute: str = "") -> Measured:
    """Raises CannotTranslate where it is no number that the hub has."""
    thing = entities.thing(entity)
    if thing.domain == "sun" and attribute == "elevation":
        return Measured("", Said("sun.elevation"))
    if attribute:
        ours, scale = ATTRIBUTES.get(thing.domain, {}).get(attribute, ("", 1.0))
        if not ours:
            raise CannotTranslate(f"attribute {attribute}", f"of {entity}")
        device = _without(thing.name, thing.measures)
        is_fahrenheit = entities.fahrenheit and ours in TEMPERATURES
        return Measured(f"{device}.{ours}", said.name(device, ours), scale, is_fahrenheit)
    if thing.is_variable and thing.domain in ("input_number", "counter"):
        return Measured("", Said(thing.name))
    if thing.domain == "sensor":
        is_fahrenheit = entities.fahrenheit and thing.measures in TEMPERATURES
        return Measured(thing.name, said.name(thing.name), 1.0, is_fahrenheit)
    raise CannotTranslate(f"number of {thing.domain}", entity)


def _without(name: str, attribute: str) -> str:
    return name.removesuffix(f".{attribute}") if attribute else name
