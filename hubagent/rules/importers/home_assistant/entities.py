"""From an entity id to what it is here: the one table of names, as proposed or as people say with --map.

What drives something (`light.hall`) becomes a device, `hall`. What senses something (`binary_sensor.hall_motion`)
becomes what conditions read, `hall.motion`: the attribute of a device `hall`, or a device that is called so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.importers.home_assistant.quantities import BINARY_SENSORS, MEASURED, VARIABLES, FlagWords
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.names import ALIASES
from hubagent.rules.reading.rule_set import MODES_MAX, OTHERS_MAX
from hubagent.rules.rule_set import MODES

_ENTITY: Final = re.compile(r"([a-z_][a-z0-9_]*)\.([a-z0-9_]+)")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

DRIVEN: Final = frozenset(("light", "switch", "fan", "cover", "lock", "climate", "valve", "siren"))
SENSED: Final = frozenset(("binary_sensor", "sensor"))

_PEOPLE: Final = frozenset(("person", "device_tracker"))
MODE: Final = "home.mode"
_VARIABLE: Final = "var."


TRUE_OR_FALSE: Final = FlagWords(on=True, off=False)


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entity is here."""

    entity: str
    domain: str
    name: str
    """The device of what is driven; of what senses, what conditions read."""
    words: FlagWords = TRUE_OR_FALSE
    measures: str = ""
    """The attribute, where the id says which."""

    @property
    def is_mode(self) -> bool:
        return self.name == MODE

    @property
    def is_variable(self) -> bool:
        return self.name.startswith(_VARIABLE)

    @property
    def variable(self) -> str:
        return self.name.removeprefix(_VARIABLE)


class Entities:
    """Names that were asked for, and what came of them."""

    def __init__(self, mapped: Mapping[str, str], *, fahrenheit: bool = False) -> None:
        self.variables: dict[str, Value] = {}
        self.modes: dict[str, None] = dict.fromkeys(MODES)
        self.fahrenheit = fahrenheit
        self._mapped = mapped
        self._things: dict[str, Thing] = {}
        self._taken: set[str] = set(mapped.values())
        self._remarks: dict[str, str] = {}
        self._devices: dict[str, str] = {}
        self._keepers: dict[str, str] = {}
        """Of each variable, the domain that keeps it there."""

    def table(self) -> dict[str, str]:
        """For the head of the file."""
        found = {
            entity: f"{thing.name}{self._remarks.get(entity, '')}"
            for entity, thing in self._things.items()
            if thing.domain != "sun"
        }
        return {**found, **self._devices}

    def mode(self, mode: str) -> str:
        """One of the home's modes from now on. Raises CannotTranslate."""
        if not mode.strip() or len(mode) > 60 or not mode.isprintable():
            raise CannotTranslate("mode's name", mode)
        if mode not in self.modes and len(self.modes) >= MODES_MAX:
            raise CannotTranslate(f"more than {MODES_MAX} modes", mode)
        self.modes[mode] = None
        return mode

    def thing(self, entity: str) -> Thing:
        """Raises CannotTranslate where it is nothing that the hub has."""
        entity = entity.strip().lower()
        if entity not in self._things:
            self._things[entity] = self._find(entity)
        return self._things[entity]

    def driven(self, entity: str) -> Thing:
        """Something that can be set. Raises CannotTranslate."""
        thing = self.thing(entity)
        if thing.domain in SENSED or thing.is_mode or thing.is_variable:
            raise CannotTranslate(f"{thing.domain} is set", entity)
        return thing

    def of_registry(self, domain: str, registry_id: str) -> Thing:
        """An entity or device by its number, which only --map can name. Raises CannotTranslate."""
        ours = self._mapped.get(registry_id)
        if ours is None:
            raise CannotTranslate("device id", f"say what it is with --map {registry_id}=DEVICE")
        self._devices[registry_id] = ours
        return Thing(registry_id, domain, ours)

    def device(self, key: str, proposal: str) -> str:
        """What sends events, by what the events call it."""
        if key not in self._devices:
            self._devices[key] = self._mapped.get(key) or self._free(proposal, "button")
        return self._devices[key]

    def _find(self, entity: str) -> Thing:
        match = _ENTITY.fullmatch(entity)
        if match is None:
            raise CannotTranslate("entity id", f"{entity} is none")
        domain, own = match.groups()
        mapped = self._mapped.get(entity)
        if domain in VARIABLES and (mapped is None or mapped.startswith(_VARIABLE)):
            return self._kept(entity, domain, own, mapped)
        if domain in DRIVEN:
            return Thing(entity, domain, mapped or self._free(own, domain))
        if domain == "binary_sensor":
            return self._binary(entity, own, mapped)
        if domain == "sensor":
            return self._sensor(entity, own, mapped)
        if entity == "sun.sun":
            return Thing(entity, domain, "sun")
        if mapped is not None:
            if mapped.startswith(_VARIABLE):
                raise CannotTranslate(f"variable for {domain}", f"{entity} is nothing that people set by hand")
            return Thing(entity, domain, mapped)
        if domain in _PEOPLE:
            raise CannotTranslate("where people are", f"say what tells it with --map {entity}=DEVICE")
        raise CannotTranslate(f"entity {domain}", entity)

    def _kept(self, entity: str, domain: str, own: str, mapped: str | None) -> Thing:
        name = own if mapped is None else mapped.removeprefix(_VARIABLE)
        name = name if _WORD.fullmatch(name) else f"_{name}"
        if _WORD.fullmatch(name) is None:
            raise CannotTranslate("name of a variable", name)
        initial: Value = VARIABLES[domain]
        other = self._keepers.get(name, domain)
        if type(self.variables.get(name, initial)) is not type(initial) or (mapped is None and other != domain):
            name = f"{name}_{domain}"
        self._keepers.setdefault(name, domain)
        if name not in self.variables and len(self.variables) >= OTHERS_MAX:
            raise CannotTranslate(f"more than {OTHERS_MAX} variables", name)
        self.variables.setdefault(name, initial)
        return Thing(entity, domain, f"{_VARIABLE}{name}")

    def _binary(self, entity: str, own: str, mapped: str | None) -> Thing:
        ending = _ending(own, BINARY_SENSORS)
        if ending is None:
            if mapped is None:
                self._remarks[entity] = "   # guessed: its name does not say what it reports"
            return Thing(entity, "binary_sensor", mapped or self._free(own, "sensor"))
        words = BINARY_SENSORS[ending]
        return Thing(entity, "binary_sensor", mapped or self._part(own, ending, words.ending), words)

    def _sensor(self, entity: str, own: str, mapped: str | None) -> Thing:
        ending = _ending(own, MEASURED)
        if ending is None:
            if mapped is None:
                self._remarks[entity] = "   # guessed: its name does not say what it measures"
                return Thing(entity, "sensor", self._free(own, "sensor"))
            word = mapped.rpartition(".")[2]
            return Thing(entity, "sensor", mapped, measures=ALIASES.get(word, word))
        return Thing(entity, "sensor", mapped or self._part(own, ending, MEASURED[ending]), measures=MEASURED[ending])

    def _part(self, own: str, ending: str, ours: str) -> str:
        rest = own.removesuffix(ending).strip("_")
        return self._free(f"{rest}.{ours or ending}" if rest else own, "sensor")

    def _free(self, name: str, otherwise: str) -> str:
        wanted, number = name, 1
        while wanted in self._taken:
            wanted = f"{name}.{otherwise}" if number == 1 else f"{name}.{otherwise}{number}"
            number += 1
        self._taken.add(wanted)
        return wanted


def _ending(own: str, endings: Mapping[str, object]) -> str | None:
    """The longest that the id ends with."""
    fitting = [ending for ending in endings if own == ending or own.endswith(f"_{ending}")]
    return max(fitting, key=len, default=None)
