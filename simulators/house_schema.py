"""The JSON Schema of house files, for editors: made of the tables by which the reader reads, and of the kinds' options.

It knows one file only by its shape; that a name names something is the reader's to say.
"""

from typing import Any, Final

from simulators.home import HomePlan
from simulators.kinds import KINDS

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_BY_NAME: Final = ("properties", "$defs")
"""Below these stand names, not words of JSON Schema."""


def house_schema() -> Schema:
    schema = _tidied(HomePlan.model_json_schema())
    device = schema["$defs"]["DevicePlan"]
    device["properties"]["kind"] |= {"enum": list(KINDS)}
    # What `options` takes follows from the kind beside it.
    device["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": {"properties": {"options": _tidied(kind.options.model_json_schema())}},
        }
        for name, kind in KINDS.items()
    ]
    return {"$schema": DIALECT, **schema, "title": "a simulated home"}


def _tidied(part: Any) -> Any:
    """Without null, which TOML has not, and without titles that say a key's name once more."""
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if not isinstance(part, dict):
        return part
    tidy = {
        key: {name: _tidied(below) for name, below in value.items()} if key in _BY_NAME else _tidied(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    choices = tidy.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices = [one for one in choices if one != {"type": "null"}]
        if len(choices) == 1:
            del tidy["anyOf"]
            return {**choices[0], **tidy}
        tidy["anyOf"] = choices
    return tidy
