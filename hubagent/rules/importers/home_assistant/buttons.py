"""Events and device triggers that are presses of buttons, where their own words say which button and which press."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.shapes import table, text
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate

# deCONZ REST API, "Button events": the last three digits are the press, what is before them the button.
_DECONZ: Final = {1: "hold", 2: "single", 3: "release", 4: "double", 5: "triple", 6: "quadruple"}

# Z-Wave Central Scene, as Z-Wave JS names its key attributes.
_CENTRAL_SCENE: Final = {
    "KeyPressed": "single",
    "KeyPressed2x": "double",
    "KeyPressed3x": "triple",
    "KeyPressed4x": "quadruple",
    "KeyPressed5x": "quintuple",
    "KeyHeldDown": "hold",
    "KeyReleased": "release",
}

_PRESSES: Final = {
    "single": "single",
    "double": "double",
    "triple": "triple",
    "quadruple": "quadruple",
    "quintuple": "quintuple",
    "hold": "hold",
    "release": "release",
    "button_short_press": "single",
    "button_double_press": "double",
    "button_triple_press": "triple",
    "button_quadruple_press": "quadruple",
    "button_quintuple_press": "quintuple",
    "button_long_press": "hold",
    "button_long_release": "release",
    "remote_button_short_press": "single",
    "remote_button_double_press": "double",
    "remote_button_triple_press": "triple",
    "remote_button_quadruple_press": "quadruple",
    "remote_button_quintuple_press": "quintuple",
    "remote_button_long_press": "hold",
    "remote_button_long_release": "release",
}

_NUMBERED: Final = re.compile(r"(?:button_)?(\d{1,3})_([a-z_]+)|([a-z_]+?)")
_SUBTYPE: Final = re.compile(r"(?:button_?)?(\d{1,3})")


def event(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    """`platform: event`. Raises CannotTranslate."""
    kind = text(found.get("event_type"), "an event's kind")
    data = table(found.get("event_data") or {}, "an event's data")
    read = _EVENTS.get(kind)
    if read is None:
        raise CannotTranslate(f"trigger event {kind}")
    return [read(data, draft)]


def _button(device: str, number: int, press: str) -> Table:
    if not 1 <= number <= 255:
        raise CannotTranslate("button's number", number)
    return {"button": device, **({"number": number} if number != 1 else {}), "press": press}


def _deconz(data: Mapping[str, Any], draft: Draft) -> Table:
    name, code = text(data.get("id"), "a button's id"), text(data.get("event"), "a button's event")
    number, press = divmod(int(code), 1000) if code.isdecimal() and len(code) < 7 else (0, 0)
    if press not in _DECONZ:
        raise CannotTranslate("press of a button", f"deconz_event {code}")
    return _button(draft.entities.device(name, name), number, _DECONZ[press])


def _zwave(data: Mapping[str, Any], draft: Draft) -> Table:
    if text(data.get("command_class_name", "Central Scene"), "a command class") != "Central Scene":
        raise CannotTranslate("trigger event zwave_js_value_notification", "not of Central Scene")
    key = text(data.get("property_key_name", data.get("property_key")), "a button's number")
    press = _CENTRAL_SCENE.get(text(data.get("value"), "a press"))
    if press is None or not key.isdecimal() or len(key) > 4:
        raise CannotTranslate("press of a button", data.get("value"))
    return _button(_sender(data, draft, "node_id", "zwave_node_"), int(key), press)


def _zha(data: Mapping[str, Any], draft: Draft) -> Table:
    number, press = _numbered(text(data.get("command"), "a command"))
    endpoint = data.get("endpoint_id", 1)
    if endpoint != 1:
        raise CannotTranslate("press of a button", f"endpoint {endpoint}")
    return _button(_sender(data, draft, "device_ieee", "zigbee_"), number, press)


def _sender(data: Mapping[str, Any], draft: Draft, key: str, prefix: str) -> str:
    """The device by its address on the radio; by its number in the registry only --map can name it."""
    if data.get(key) is not None:
        address = text(data[key], key)
        short = re.sub("[^0-9a-z]", "", address.lower())[-8:]
        return draft.entities.device(address, f"{prefix}{short}")
    return draft.entities.of_registry("button", text(data.get("device_id"), "a device")).name


def _numbered(word: str) -> tuple[int, str]:
    """`2_double`, `button_2_double`, `double`. Raises CannotTranslate."""
    match = _NUMBERED.fullmatch(word)
    press = _PRESSES.get(match[2] or match[3]) if match is not None else None
    if match is None or press is None:
        raise CannotTranslate("press of a button", f"{word}: which button that is, is the device's own matter")
    return int(match[1] or 1), press


_EVENTS: Final[dict[str, Callable[[Mapping[str, Any], Draft], Table]]] = {
    "deconz_event": _deconz,
    "zha_event": _zha,
    "zwave_js_value_notification": _zwave,
}


def device(found: Mapping[str, Any], draft: Draft) -> list[Table]:
    """A device trigger of a remote control. Raises CannotTranslate."""
    kind, subtype = text(found.get("type"), "a type"), text(found.get("subtype", "button_1"), "a subtype")
    name = draft.entities.of_registry("button", text(found.get("device_id"), "a device")).name
    if kind in ("action", "click"):  # MQTT: the press is the subtype
        return [_button(name, *_numbered(subtype))]
    if kind == "event.value_notification.central_scene":
        press = "single" if found.get("value") == 0 else None
        key = found.get("property_key")
        if press is None or not isinstance(key, str) or not key.isdecimal() or len(key) > 4:
            raise CannotTranslate("press of a button", kind)
        return [_button(name, int(key), press)]
    number = _SUBTYPE.fullmatch(subtype)
    if kind not in _PRESSES or number is None:
        raise CannotTranslate("press of a button", f"{kind} of {subtype}")
    return [_button(name, int(number[1]), _PRESSES[kind])]


def is_remote(found: Mapping[str, Any]) -> bool:
    """Rather than a light or sensor, which have entities."""
    kind = found.get("type")
    return isinstance(kind, str) and (kind in _PRESSES or kind in ("action", "click") or kind.startswith("event."))
