"""Scenes: `scenes.yaml`, or below `scene:`. Those of which everything maps exactly can be used by rules."""

from collections.abc import Mapping
from typing import Any, Final

from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.entities import Entities
from hubagent.rules.importers.home_assistant.service_call import call_of
from hubagent.rules.importers.home_assistant.services import perform
from hubagent.rules.importers.home_assistant.shapes import text
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate, one_line

_SETTINGS_MAX: Final = 100
_LEFT_OUT: Final = frozenset(
    (
        *("state", "friendly_name", "icon", "supported_features", "supported_color_modes", "color_mode"),
        *("min_mireds", "max_mireds", "min_color_temp_kelvin", "max_color_temp_kelvin", "effect_list"),
    )
)
"""What Home Assistant writes beside what a scene is about."""
_COLOURS: Final = ("hs_color", "color_temp_kelvin", "color_temp", "rgb_color")
"""A light has one of them; the others say the same in other words."""
_NO_EFFECT: Final = ("none", "off")


def entity_of(scene: Mapping[str, Any]) -> str:
    """Its entity id there, as Home Assistant makes it of the name. Raises CannotTranslate."""
    name = _name(scene)
    return f"scene.{''.join(letter if letter.isalnum() else '_' for letter in name.lower()).strip('_')}"


def _name(scene: Mapping[str, Any]) -> str:
    return one_line(text(scene.get("name"), "a scene's name"), 100)


def scene_of(scene: Mapping[str, Any], entities: Entities) -> Table:
    """The scene here. Raises CannotTranslate."""
    name = _name(scene)
    wanted = scene.get("entities")
    if not isinstance(wanted, Mapping) or not 0 < len(wanted) <= _SETTINGS_MAX:
        raise CannotTranslate("scene without entities", name)
    settings: list[Table] = []
    for one, state in wanted.items():
        for action in _actions(str(one), state, entities):
            if "set" not in action:
                raise CannotTranslate("scene with a variable", one)
            if any(setting["device"] == action["set"] for setting in settings):
                raise CannotTranslate("scene with two states of one device", f"{one} is {action['set']} here, too")
            settings.append({"device": action.pop("set"), **action})
    return {"name": name, "set": settings}


def _actions(entity: str, state: Any, entities: Entities) -> list[Table]:
    draft = Draft(entities, {})
    data = {key: value for key, value in state.items() if value is not None} if isinstance(state, Mapping) else {}
    wanted = text(data.get("state") if isinstance(state, Mapping) else state, "a state")
    domain = entity.partition(".")[0]
    if wanted == "on" and domain == "light":
        mode = data.get("color_mode")
        kept = {key: value for key, value in data.items() if key not in _LEFT_OUT}
        colours = [key for key in _COLOURS if key in kept and (mode != "color_temp" or key.startswith("color_temp"))]
        others = (*_COLOURS, "xy_color") if colours else ()
        kept = {key: value for key, value in kept.items() if key not in others or key in colours[:1]}
        if str(kept.get("effect", "none")).lower() in _NO_EFFECT:
            kept.pop("effect", None)
        return perform(call_of({"action": "light.turn_on", "entity_id": entity, "data": kept}, draft))
    if domain == "cover" and "current_tilt_position" in data:
        raise CannotTranslate("scene with slats", entity)
    if domain == "cover" and "current_position" in data:
        position = {"position": data["current_position"]}
        return perform(call_of({"action": "cover.set_cover_position", "entity_id": entity, "data": position}, draft))
    if domain == "fan" and wanted == "on":
        speed = {key: data[key] for key in ("percentage", "preset_mode") if key in data}
        return perform(call_of({"action": "fan.turn_on", "entity_id": entity, "data": speed}, draft))
    service = _SERVICES.get((domain, wanted)) or _SERVICES.get(("", wanted))
    if service is None:
        raise CannotTranslate("scene", f"{entity}: {wanted}")
    return perform(call_of({"action": service, "entity_id": entity}, draft))


_SERVICES: Final = {
    ("", "on"): "homeassistant.turn_on",
    ("", "off"): "homeassistant.turn_off",
    ("cover", "open"): "cover.open_cover",
    ("cover", "closed"): "cover.close_cover",
    ("lock", "locked"): "lock.lock",
    ("lock", "unlocked"): "lock.unlock",
}
