"""What `light.turn_on` is asked for: brightness and colour, in our terms."""

import colorsys
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant.service_call import Call, constant_or_text
from hubagent.rules.importers.home_assistant.shapes import many, number, text
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.said import Said

_BRIGHTNESS_MAX: Final = Said("255")
_KELVIN_MIREDS: Final = 1_000_000

# CSS Color Module Level 3, §4.1 and §4.3, as red, green and blue.
_COLOURS: Final[dict[str, tuple[float, float, float]]] = {
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "lime": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "magenta": (255, 0, 255),
    "fuchsia": (255, 0, 255),
    "cyan": (0, 255, 255),
    "aqua": (0, 255, 255),
    "pink": (255, 192, 203),
    "violet": (238, 130, 238),
    "indigo": (75, 0, 130),
    "turquoise": (64, 224, 208),
    "gold": (255, 215, 0),
    "white": (255, 255, 255),
}


def turned_on(call: Call, device: str | None) -> Table:
    """The values of a `set`; `device` is the only one, where there is only one."""
    values: Table = {"on": True, **_level(call, device), **_colour(call), **call.transition()}
    if values.get("level") == 0:
        return {"on": False, **{key: values[key] for key in ("transition",) if key in values}}
    return values


def _level(call: Call, device: str | None) -> Table:
    data = call.data
    if data.get("brightness_pct") is not None:
        return {"level": _bounded(call.amount("brightness_pct"))}
    if data.get("brightness") is not None:
        brightness = call.amount("brightness")
        asked = constant_or_text(brightness)
        if not isinstance(asked, str):
            # What is more than nothing stays more than nothing: 1 of 255 is a night light, and not off.
            return {"level": _bounded(said.number(max(round(asked / 2.55), 1 if asked > 0 else 0)))}
        scaled = said.computed(said.computed(brightness, "/", _BRIGHTNESS_MAX), "*", Said("100"))
        return {"level": said.whole(Said(f"round({scaled.text})"))}
    for key, scale in (("brightness_step_pct", 1.0), ("brightness_step", 2.55)):
        if data.get(key) is not None:
            step = round(call.number(key) / scale)
            if device is None:
                raise CannotTranslate(f"{key} of several lights")
            level = said.computed(said.name(device, "level"), "-" if step < 0 else "+", said.number(abs(step)))
            return {"level": f"clamp({level.text}, 0, 100)"}
    return {}


def _bounded(level: Said) -> Any:
    value = constant_or_text(level)
    return value if isinstance(value, str) else max(0, min(value, 100))


def _colour(call: Call) -> Table:
    data = call.data
    if data.get("kelvin") is not None or data.get("color_temp_kelvin") is not None:
        return {"color_temperature": _kelvin(call.number("kelvin" if data.get("kelvin") else "color_temp_kelvin"))}
    if data.get("color_temp") is not None:
        mireds = call.number("color_temp")
        if mireds <= 0:
            raise CannotTranslate("color_temp is no temperature", mireds)
        return {"color_temperature": _kelvin(round(_KELVIN_MIREDS / mireds))}
    if data.get("hs_color") is not None:
        hue, saturation = _numbers(call.take("hs_color"), 2, "hs_color")
        return _hue(hue, saturation)
    if data.get("rgb_color") is not None:
        return _of_rgb(_numbers(call.take("rgb_color"), 3, "rgb_color"))
    if data.get("color_name") is not None:
        name = text(call.take("color_name"), "color_name").lower().replace(" ", "")
        if name not in _COLOURS:
            raise CannotTranslate("color_name", name)
        return _of_rgb(list(_COLOURS[name]))
    return {}


def _kelvin(value: float) -> int:
    if not 1000 <= value <= 20000:
        raise CannotTranslate("colour temperature out of bounds", value)
    return round(value)


def _numbers(value: Any, count: int, what: str) -> list[float]:
    found = [number(one, what) for one in many(value)]
    if len(found) != count or not all(0 <= one <= 360 for one in found):
        raise CannotTranslate(f"{what} is no colour", value)
    return found


def _of_rgb(parts: list[float]) -> Table:
    red, green, blue = (min(part, 255) / 255 for part in parts)
    hue, saturation, _value = colorsys.rgb_to_hsv(red, green, blue)
    return _hue(hue * 360, saturation * 100)


def _hue(hue: float, saturation: float) -> Table:
    return {"hue": said.tidy(round(hue, 1)), "saturation": said.tidy(round(min(saturation, 100), 1))}
