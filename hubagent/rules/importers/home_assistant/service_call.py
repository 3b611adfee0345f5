"""A call of a service: what it is asked of, and with which data; what every service is translated with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubagent.rules.duration import duration_text
from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.entities import Thing
from hubagent.rules.importers.home_assistant.shapes import given, is_template, number, seconds, table, text, words
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

_TARGETS = ("entity_id", "device_id", "area_id", "floor_id", "label_id")


@dataclass(slots=True)
class Call:
    draft: Draft
    service: str
    data: dict[str, Any]
    """Without the targets; what a translation takes is taken out."""
    targets: dict[str, Any] = field(default_factory=dict)

    def entities(self) -> list[str]:
        """Raises CannotTranslate where it is not by entity ids that something is asked."""
        for key in _TARGETS[1:]:
            if self.targets.get(key):
                raise CannotTranslate(f"target {key}", "only entity ids say what is meant")
        found = self.targets.get("entity_id")
        if is_template(found) or (isinstance(found, list) and any(map(is_template, found))):
            found = [jinja.value(text(one, "an entity id"), self.draft) for one in words(found, "an entity id")]
        entities = words(found, "an entity id")
        if not entities:
            raise CannotTranslate("call without an entity", self.service)
        for entity in entities:
            if entity in ("all", "none"):
                raise CannotTranslate(f"entity_id: {entity}", self.service)
        return list(dict.fromkeys(entities))

    def may_ask(self, thing: Thing) -> bool:
        """Home Assistant passes by what is of another domain than the service: `light.turn_on` leaves a plug alone."""
        domain = self.service.partition(".")[0]
        return domain == "homeassistant" or thing.domain in (domain, "group")

    def devices(self) -> list[str]:
        things = [self.draft.entities.driven(entity) for entity in self.entities()]
        for thing in things:
            if not self.may_ask(thing):
                raise CannotTranslate(f"{self.service} of {thing.domain}", thing.entity)
        return list(dict.fromkeys(thing.name for thing in things))

    def take(self, key: str) -> Any:
        return given(self.data.pop(key, None))

    def number(self, key: str) -> float:
        """A number that stands there."""
        value = self.take(key)
        if is_template(value):
            value = jinja.value(value, self.draft)
            if isinstance(value, Said):
                raise CannotTranslate(f"{key} as a template", value.text)
        return number(value, key)

    def amount(self, key: str) -> Said:
        """A number, or a template that is worked out when it comes to it."""
        value = self.take(key)
        if is_template(value):
            found = jinja.value(value, self.draft)
            if isinstance(found, Said):
                return found
            value = found
        return said.number(number(value, key))

    def transition(self) -> Table:
        if self.data.get("transition") is None:
            self.data.pop("transition", None)
            return {}
        length = seconds(self.take("transition"), "transition")
        if not 0 <= length <= 3600:
            raise CannotTranslate("transition longer than an hour")
        return {"transition": duration_text(length)}

    def done(self) -> None:
        """Raises CannotTranslate where something was not taken."""
        left = [key for key, value in self.data.items() if value is not None]
        if left:
            raise CannotTranslate(f"{self.service} with {left[0]}")


def setting(devices: list[str], values: Mapping[str, Any]) -> Table:
    return {"set": devices[0] if len(devices) == 1 else devices, **values}


def constant_or_text(value: Said) -> Any:
    """A number as a number, else the expression's text."""
    try:
        found = float(value.text)
    except ValueError:
        return said.whole(value)
    return said.tidy(found)


def call_of(action: Mapping[str, Any], draft: Draft) -> Call:
    """From the several ways to write one. Raises CannotTranslate."""
    named = action.get("action", action.get("service", action.get("service_template")))
    service = text(named, "a service")
    if is_template(service):
        chosen = jinja.value(service, draft)
        if not isinstance(chosen, str):
            raise CannotTranslate("service as a template")
        service = chosen
    data: dict[str, Any] = {}
    for key in ("data", "data_template"):
        if action.get(key) is not None:
            data |= table(action[key], "data")
    targets = dict(table(action["target"], "a target")) if action.get("target") is not None else {}
    for key in _TARGETS:
        for place in (data, action):
            if place.get(key) is not None:
                targets.setdefault(key, place[key])
        data.pop(key, None)
    if action.get("response_variable") is not None:
        raise CannotTranslate("response_variable")
    return Call(draft, service.strip().lower(), data, targets)
