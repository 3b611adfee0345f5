"""The JSON Schema of rule files, for editors: made of the same tables that the readers read by.

It knows no home, so it cannot say whether a device exists; `rules check` does.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from hubagent.model.capabilities.configuration import PARAMETER_PREFIX
from hubagent.model.capabilities.table import ATTRIBUTES
from hubagent.model.capability import Attribute, Kind
from hubagent.rules.actions.choice import OPTIONS_MAX, Option
from hubagent.rules.actions.set import SETTABLE, SetAction
from hubagent.rules.actions.table import ACTIONS
from hubagent.rules.reading.actions import ACTIONS_MAX
from hubagent.rules.reading.blueprints import BLUEPRINT_FIELDS, BODY_KEYS, PARAMETER_FIELDS, PARAMETERS_MAX, USE_FIELDS
from hubagent.rules.reading.expression_form import EXPRESSION_LENGTH_MAX
from hubagent.rules.reading.form import NAME_LENGTH_MAX, VALUE
from hubagent.rules.reading.rule_set import LISTS, MODES_MAX
from hubagent.rules.reading.rules import DST_FIELDS, RULE_FIELDS
from hubagent.rules.reading.scenes import NEVER_FIELDS, SCENE_FIELDS, SETTING_FIELDS, SETTINGS_MAX
from hubagent.rules.reading.table import Fields
from hubagent.rules.reading.trials import STEPS, STEPS_MAX, TRIAL_FIELDS
from hubagent.rules.reading.triggers import TRIGGERS_MAX
from hubagent.rules.triggers.fields import WORD
from hubagent.rules.triggers.table import TRIGGERS
from hubagent.rules.triggers.text import TEXT_LENGTH_MAX

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def rule_schema() -> Schema:
    return {
        "$schema": DIALECT,
        "title": "hubagent rules",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "home": _home(),
            "variables": {
                "type": "object",
                "description": "values that rules keep: a flag, a number or a text, with the first value of each",
                "propertyNames": WORD.schema,
                "additionalProperties": VALUE.schema,
            },
            **{name: _list({"$ref": f"#/$defs/{name}"}) for name in LISTS},
        },
        "$defs": {
            "rule": _table(RULE_FIELDS),
            "triggers": _one_or_list(_triggers(), TRIGGERS_MAX),
            "dst": _table(DST_FIELDS),
            "actions": _one_or_list({"$ref": "#/$defs/action"}, ACTIONS_MAX),
            "action": {"type": "object", "anyOf": [_action(name, kind) for name, kind in ACTIONS.items()]},
            "options": _list(_table(Option.FIELDS), OPTIONS_MAX),
            "scene": _table(SCENE_FIELDS),
            "settings": _list(_settings(SETTING_FIELDS), SETTINGS_MAX),
            "never": _table(NEVER_FIELDS),
            "blueprint": _blueprint(),
            "parameters": _parameters(),
            "use": _table(USE_FIELDS),
            "test": _table(TRIAL_FIELDS),
            "steps": _list({"type": "object", "anyOf": [_table(fields) for fields in STEPS.values()]}, STEPS_MAX),
        },
    }


def _table(fields: Fields) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(fields.required),
        "properties": _properties(fields),
    }


def _properties(fields: Fields, names: Iterable[str] | None = None) -> Schema:
    properties: Schema = {}
    for name in fields if names is None else names:
        field = fields.by_name[name]
        default = f" (default: {field.default})" if field.default else ""
        properties[name] = {**field.form.schema, "description": f"{field.doc}{default}"}
    return properties


def _list(item: Mapping[str, Any], most: int | None = None) -> Schema:
    bound = {} if most is None else {"maxItems": most, "minItems": 1}
    return {"type": "array", "items": dict(item), **bound}


def _one_or_list(item: Mapping[str, Any], most: int) -> Schema:
    return {"anyOf": [dict(item), _list(item, most)]}


def _home() -> Schema:
    mode = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH_MAX}
    modes = {**_list(mode, MODES_MAX), "uniqueItems": True, "description": "the first is the one to begin with"}
    return {"type": "object", "additionalProperties": False, "properties": {"modes": modes}}


def _triggers() -> Schema:
    text = {
        "type": "string",
        "minLength": 1,
        "maxLength": TEXT_LENGTH_MAX,
        "description": "DEVICE becomes WORD, DEVICE.ATTRIBUTE > NUMBER, DEVICE button NUMBER PRESS; with: for 3m",
    }
    return {"anyOf": [text, *(_table(kind.FIELDS) for kind in TRIGGERS.values())]}


def _action(name: str, kind: Any) -> Schema:
    return _settings(kind.FIELDS) if kind is SetAction else {**_table(kind.FIELDS), "title": name}


def _settings(fields: Fields) -> Schema:
    """A table that has attributes beside its fields."""
    table = _table(fields)
    table["properties"] |= {name: _setting(ATTRIBUTES[name][1]) for name in SETTABLE}
    table["patternProperties"] = {f"^{PARAMETER_PREFIX}[0-9]+$": {"type": ["integer", "string"]}}
    table["minProperties"] = 2
    return table


def _setting(attribute: Attribute) -> Schema:
    """A value that it can have, or an expression."""
    unit = f", in {attribute.unit}" if attribute.unit else ""
    expression = {"type": "string", "minLength": 1, "maxLength": EXPRESSION_LENGTH_MAX}
    return {"anyOf": [_constant(attribute), expression], "description": f"{attribute.doc}{unit}; or an expression"}


def _constant(attribute: Attribute) -> Schema:
    match attribute.kind:
        case Kind.FLAG:
            return {"type": "boolean"}
        case Kind.NUMBER:
            bounds = {"minimum": attribute.minimum, "maximum": attribute.maximum}
            return {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}}
        case Kind.WORD:
            return {"enum": list(attribute.words)}


def _blueprint() -> Schema:
    """Its body is a rule in which a `$name` may stand for anything, so that little can be said of its values."""
    table = _table(BLUEPRINT_FIELDS)
    table["properties"] |= {
        name: {"description": described["description"]}
        for name, described in _properties(RULE_FIELDS, BODY_KEYS).items()
    }
    table["required"] = [*table["required"], "when", "do"]
    return table


def _parameters() -> Schema:
    kind = PARAMETER_FIELDS.by_name["type"].form.schema
    return {
        "type": "object",
        "maxProperties": PARAMETERS_MAX,
        "propertyNames": WORD.schema,
        "additionalProperties": {"anyOf": [kind, _table(PARAMETER_FIELDS)]},
    }
