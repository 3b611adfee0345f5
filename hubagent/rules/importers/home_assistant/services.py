"""The services that are translated, each by a function of its own: one table."""

from collections.abc import Callable
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant import jinja
from hubagent.rules.importers.home_assistant.entities import Thing
from hubagent.rules.importers.home_assistant.lights import turned_on
from hubagent.rules.importers.home_assistant.quantities import CLIMATE_MODES, FAN_MODES
from hubagent.rules.importers.home_assistant.service_call import Call, constant_or_text, setting
from hubagent.rules.importers.home_assistant.shapes import is_template, text
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

_SWITCHED: Final = ("light", "switch", "fan", "siren")
_NOTIFIED: Final = ("title", "message")


def perform(call: Call) -> list[Table]:
    """Raises CannotTranslate."""
    domain, _, verb = call.service.partition(".")
    if domain == "notify":
        if verb == "send_message":
            asked = [entity.partition(".")[2] for entity in call.entities()]
            return [{**told, "notify": name[:100]} for told in _notify(call, "owner") for name in asked]
        return _notify(call, "owner" if verb == "notify" else verb)
    service = SERVICES.get(call.service)
    if service is None:
        raise CannotTranslate(f"service {call.service if domain in _KNOWN else domain}", call.service)
    done = service(call)
    call.done()
    return done


def _turn_on(call: Call) -> list[Table]:
    """Of `light`, `switch`, `fan`, and of `homeassistant`, which is asked of anything."""
    asked = call.service.partition(".")[0]
    kept, things = _by_kind(call)
    actions = [_variable(thing, value=True) for thing in kept]
    if things:
        devices = [thing.name for thing in things]
        if asked == "light" or all(thing.domain == "light" for thing in things):
            values = turned_on(call, devices[0] if len(devices) == 1 else None)
        elif call.data.get("percentage") is not None:
            values = {"on": True, "level": constant_or_text(call.amount("percentage"))}
        else:
            values = {"on": True}
        actions.append(setting(devices, values))
    return actions


def _turn_off(call: Call) -> list[Table]:
    kept, things = _by_kind(call)
    actions = [_variable(thing, value=False) for thing in kept]
    if things:
        actions.append(setting([thing.name for thing in things], {"on": False, **call.transition()}))
    return actions


def _toggle(call: Call) -> list[Table]:
    kept, things = _by_kind(call)
    flipped: list[Table] = [{"variable": thing.variable, "to": f"not {thing.name}"} for thing in kept]
    transition = call.transition()
    return [
        *flipped,
        *(setting([one.name], {"on": f"not {said.name(one.name, 'on').text}", **transition}) for one in things),
    ]


def _by_kind(call: Call) -> tuple[list[Thing], list[Thing]]:
    """Variables, and devices that are switched."""
    kept: list[Thing] = []
    driven: list[Thing] = []
    asked = call.service.partition(".")[0]
    for entity in call.entities():
        thing = call.draft.entities.thing(entity)
        if thing.domain == "input_boolean" and thing.is_variable and asked in ("input_boolean", "homeassistant"):
            kept.append(thing)
        elif thing.domain in (*_SWITCHED, "group") and not thing.is_mode and call.may_ask(thing):
            driven.append(thing)
        else:
            raise CannotTranslate(f"{call.service} of {thing.domain}", entity)
    unique = {thing.name: thing for thing in driven}
    return kept, list(unique.values())


def _variable(thing: Thing, *, value: Any) -> Table:
    return {"variable": thing.variable, "to": value}


def _constant(attribute: str, value: Any) -> Callable[[Call], list[Table]]:
    return lambda call: [setting(call.devices(), {attribute: value})]


def _number(attribute: str, key: str, least: float, most: float) -> Callable[[Call], list[Table]]:
    def perform(call: Call) -> list[Table]:
        value = constant_or_text(call.amount(key))
        if not isinstance(value, str) and not least <= value <= most:
            raise CannotTranslate(f"{key} out of bounds", value)
        return [setting(call.devices(), {attribute: value})]

    return perform


def _toggle_cover(call: Call) -> list[Table]:
    return [
        setting([device], {"position": f"0 if {said.name(device, 'position').text} > 0 else 100"})
        for device in call.devices()
    ]


def _temperature(call: Call) -> list[Table]:
    """Without a mode, one temperature is the one to heat to: the table of names says so."""
    values: Table = {}
    mode = call.take("hvac_mode")
    if mode is not None:
        values["mode"] = _mode(mode)
    for key, attribute in (
        ("temperature", "cooling_setpoint" if mode == "cool" else "heating_setpoint"),
        ("target_temp_low", "heating_setpoint"),
        ("target_temp_high", "cooling_setpoint"),
    ):
        if call.data.get(key) is None:
            call.data.pop(key, None)
            continue
        value = constant_or_text(call.amount(key))
        if call.draft.entities.fahrenheit:
            if isinstance(value, str):
                raise CannotTranslate("template that rounds or converts", value)
            value = said.tidy(round((value - 32) / 1.8, 1))
        if not isinstance(value, str) and not -50 <= value <= 100:
            raise CannotTranslate("temperature out of bounds", value)
        values[attribute] = value
        if key == "temperature" and mode is None:
            call.draft.note("a temperature without a mode is taken for the one to heat to")
    if not values:
        raise CannotTranslate("climate.set_temperature without a temperature")
    return [setting(call.devices(), values)]


def _mode(value: Any) -> str:
    mode = text(value, "hvac_mode")
    if mode not in CLIMATE_MODES:
        raise CannotTranslate("hvac_mode", mode)
    return CLIMATE_MODES[mode]


def _hvac_mode(call: Call) -> list[Table]:
    return [setting(call.devices(), {"mode": _mode(call.take("hvac_mode"))})]


def _fan_mode(key: str) -> Callable[[Call], list[Table]]:
    def perform(call: Call) -> list[Table]:
        mode = text(call.take(key), key)
        if mode not in FAN_MODES:
            raise CannotTranslate(key, mode)
        return [setting(call.devices(), {"fan_mode": mode})]

    return perform


def _scene(call: Call) -> list[Table]:
    fade = call.transition()
    actions: list[Table] = []
    for entity in call.entities():
        name = call.draft.scenes.get(entity)
        if name is None and entity in call.draft.lost_scenes:
            raise CannotTranslate("scene that is not translated", f"{entity}: {call.draft.lost_scenes[entity]}")
        if name is None:
            raise CannotTranslate("scene that is not in the file", f"{entity}; give its file with --scenes")
        call.draft.used_scenes[entity] = None
        actions.append({"scene": name, **({"fade": fade["transition"]} if fade else {})})
    return actions


def _notify(call: Call, to: str) -> list[Table]:
    parts: list[str] = []
    for key in _NOTIFIED:
        value = call.take(key)
        if value is not None and value != "":
            said_so = text(value, key)
            parts.append(jinja.message(said_so, call.draft) if is_template(said_so) else jinja.doubled(said_so))
    if not parts:
        raise CannotTranslate("notify without a message")
    call.data.pop("notification_id", None)
    call.done()
    message = ": ".join(parts)
    if len(message) > 1000:
        raise CannotTranslate("notify with more than 1000 letters")
    return [{"notify": to[:100], "text": message}]


def _notify_owner(call: Call) -> list[Table]:
    return _notify(call, "owner")


def _kept(call: Call, domains: tuple[str, ...]) -> list[Thing]:
    found: list[Thing] = []
    for entity in call.entities():
        thing = call.draft.entities.thing(entity)
        if not thing.is_variable or thing.domain not in domains:
            raise CannotTranslate(f"{call.service} of {thing.domain}", entity)
        found.append(thing)
    return found


def _set_number(call: Call) -> list[Table]:
    value = constant_or_text(call.amount("value"))
    return [_variable(thing, value=value) for thing in _kept(call, ("input_number", "counter"))]


def _stepped(sign: str, domain: str) -> Callable[[Call], list[Table]]:
    def perform(call: Call) -> list[Table]:
        call.draft.note("numbers and counters step by 1 here, and have no bounds")
        return [{"variable": one.variable, "to": f"{one.name} {sign} 1"} for one in _kept(call, (domain,))]

    return perform


def _reset(call: Call) -> list[Table]:
    return [_variable(thing, value=0) for thing in _kept(call, ("counter",))]


def _select(key: str, domain: str) -> Callable[[Call], list[Table]]:
    def perform(call: Call) -> list[Table]:
        value = call.take(key)
        chosen = jinja.value(value, call.draft) if is_template(value) else text(value, key)
        if isinstance(chosen, Said):
            raise CannotTranslate(f"{key} as a template")
        actions: list[Table] = []
        for entity in call.entities():
            thing = call.draft.entities.thing(entity)
            if thing.is_mode:
                actions.append({"mode": call.draft.entities.mode(str(chosen))})
            elif thing.is_variable and thing.domain == domain:
                actions.append({"variable": thing.variable, "to": said.text(str(chosen)).text})
            else:
                raise CannotTranslate(f"{call.service} of {thing.domain}", entity)
        return actions

    return perform


SERVICES: Final[dict[str, Callable[[Call], list[Table]]]] = {
    **{f"{domain}.turn_on": _turn_on for domain in (*_SWITCHED, "homeassistant", "input_boolean")},
    **{f"{domain}.turn_off": _turn_off for domain in (*_SWITCHED, "homeassistant", "input_boolean")},
    **{f"{domain}.toggle": _toggle for domain in (*_SWITCHED, "homeassistant", "input_boolean")},
    "fan.set_percentage": _number("level", "percentage", 0, 100),
    "fan.set_preset_mode": _fan_mode("preset_mode"),
    "cover.open_cover": _constant("position", 100),
    "cover.close_cover": _constant("position", 0),
    "cover.set_cover_position": _number("position", "position", 0, 100),
    "cover.open_cover_tilt": _constant("tilt", 100),
    "cover.close_cover_tilt": _constant("tilt", 0),
    "cover.set_cover_tilt_position": _number("tilt", "tilt_position", 0, 100),
    "cover.toggle": _toggle_cover,
    "lock.lock": _constant("locked", value=True),
    "lock.unlock": _constant("locked", value=False),
    "valve.open_valve": _constant("on", value=True),
    "valve.close_valve": _constant("on", value=False),
    "climate.set_temperature": _temperature,
    "climate.set_hvac_mode": _hvac_mode,
    "climate.set_fan_mode": _fan_mode("fan_mode"),
    "climate.turn_off": _constant("mode", "off"),
    "scene.turn_on": _scene,
    "persistent_notification.create": _notify_owner,
    "input_number.set_value": _set_number,
    "input_number.increment": _stepped("+", "input_number"),
    "input_number.decrement": _stepped("-", "input_number"),
    "counter.increment": _stepped("+", "counter"),
    "counter.decrement": _stepped("-", "counter"),
    "counter.reset": _reset,
    "counter.set_value": _set_number,
    "input_select.select_option": _select("option", "input_select"),
    "input_text.set_value": _select("value", "input_text"),
}
_KNOWN: Final = frozenset(service.partition(".")[0] for service in SERVICES)
"""Domains of which other services are counted by their whole name."""
