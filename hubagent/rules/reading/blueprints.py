"""A [[blueprint]] and a [[use]] of it: the arguments go into the table of a rule, which is then read as any other.

A blueprint cannot use another, so that nothing can go round in a circle.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from hubagent.rules.blueprint import Blueprint, Parameter, ParameterType
from hubagent.rules.reading.filling import Arguments, Filling, names_in, size_of
from hubagent.rules.reading.form import (
    FLAG,
    TIME_OF_DAY,
    Form,
    choice,
    duration,
    name,
    number,
    some,
    text,
)
from hubagent.rules.reading.rules import RULE_FIELDS, read_rule
from hubagent.rules.reading.table import DESCRIPTION, Field, Fields, read_table
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.rule import Rule
from hubagent.rules.triggers.fields import DEVICE, WORD
from hubagent.toml_lines import Spot, did_you_mean

PARAMETERS_MAX: Final = 32
BODY_SIZE_MAX: Final = 1000
"""Every use makes a rule of it."""

_FORMS: Final[dict[ParameterType, Form]] = {
    ParameterType.DEVICE: DEVICE,
    ParameterType.DEVICES: some(DEVICE, 64),
    ParameterType.DURATION: duration(),
    ParameterType.NUMBER: number(),
    ParameterType.FLAG: FLAG,
    ParameterType.TEXT: text(500, empty=True),
    ParameterType.TIME: TIME_OF_DAY,
    ParameterType.MODE: name("a mode"),
    ParameterType.SCENE: name("a scene"),
}

PARAMETER_FIELDS: Final = Fields(
    {
        "type": Field(choice(ParameterType), "what it is", required=True),
        "default": Field(
            Form(lambda value: value, {}, "a value"), "what it is when a use does not say", default="none"
        ),
        "description": DESCRIPTION,
        "minimum": Field(number(), "of a number"),
        "maximum": Field(number(), "of a number"),
    }
)


def _nested(value: Any) -> Any:
    return value


_ANY_TABLE: Final = Form(_nested, {"type": "object"}, "a table")

BLUEPRINT_FIELDS: Final = Fields(
    {
        "name": Field(name(), "what uses call it; unique", required=True),
        "description": DESCRIPTION,
        "parameters": Field(
            Form(_nested, {"$ref": "#/$defs/parameters"}, 'a table, as { lamp = "device" }', nested=True),
            "what a use fills in: $lamp in the rule",
            required=True,
        ),
    }
)
BODY_KEYS: Final = tuple(key for key in RULE_FIELDS if key not in BLUEPRINT_FIELDS.by_name)

USE_FIELDS: Final = Fields(
    {
        "blueprint": Field(name("a blueprint's name"), "which", required=True),
        "name": Field(name(), "of the rule that comes of it; unique", required=True),
        "description": DESCRIPTION,
        "enabled": Field(FLAG, "whether it runs at all", default="true"),
        "with": Field(_ANY_TABLE, "the arguments, by the parameters' names", into="arguments", default="{}"),
    }
)


def read_blueprint(table: Any, spot: Spot, findings: Findings) -> Blueprint | None:
    if not isinstance(table, dict):
        findings.say(spot, f"is a table, not {shown(table)}")
        return None
    body = {key: value for key, value in table.items() if key in BODY_KEYS}
    values = read_table(table, BLUEPRINT_FIELDS, spot, findings, skip=(*BODY_KEYS, "parameters"))
    parameters = _parameters(table.get("parameters", {}), spot.below("parameters"), findings)
    for key in ("when", "do"):
        if key not in body:
            findings.say(spot, f"{key} is missing, as a rule has it")
    if values is None or parameters is None or len(body.keys() & {"when", "do"}) < 2:
        return None
    if size_of(body) > BODY_SIZE_MAX:
        findings.say(spot, f"a blueprint has at most {BODY_SIZE_MAX} values, and this one {size_of(body)}")
        return None
    unknown = [(path, name) for path, name in names_in(body) if name not in parameters]
    for path, parameter in unknown:
        findings.say(spot.below(*path), f"there is no parameter ${parameter}{did_you_mean(parameter, parameters)}")
    return None if unknown else Blueprint(parameters=parameters, body=body, place=spot, **values)


def _parameters(value: Any, spot: Spot, findings: Findings) -> dict[str, Parameter] | None:
    if not isinstance(value, dict) or len(value) > PARAMETERS_MAX:
        findings.say(spot, f'is a table of at most {PARAMETERS_MAX} parameters, as {{ lamp = "device" }}')
        return None
    parameters: dict[str, Parameter] = {}
    for key, described in value.items():
        place = spot.below(key)
        table = described if isinstance(described, dict) else {"type": described}
        try:
            WORD.read(key)
        except Wrong as wrong:
            findings.say(place, str(wrong), of_key=True)
            continue
        read = read_table(table, PARAMETER_FIELDS, place, findings)
        if read is None:
            continue
        parameter = Parameter(key, **read)
        try:
            if parameter.default is not None:
                _check(parameter, parameter.default)
        except Wrong as wrong:
            findings.wrong(place.below("default"), wrong)
            continue
        parameters[key] = parameter
    return parameters if len(parameters) == len(value) else None


def _check(parameter: Parameter, value: Any) -> None:
    """Raises Wrong."""
    read = _FORMS[parameter.type].read(value)
    if parameter.type is ParameterType.NUMBER:
        low = -math.inf if parameter.minimum is None else parameter.minimum
        high = math.inf if parameter.maximum is None else parameter.maximum
        if not low <= read <= high:
            raise Wrong(f"is between {low:g} and {high:g}, not {shown(value)}")


def read_use(table: Any, spot: Spot, blueprints: Mapping[str, Blueprint], findings: Findings) -> Rule | None:
    """The rule that comes of it; None where something is wrong, which is told, at both places where there are two."""
    values = read_table(table, USE_FIELDS, spot, findings)
    if values is None:
        return None
    blueprint = blueprints.get(values["blueprint"])
    if blueprint is None:
        what = f"there is no blueprint {shown(values['blueprint'])}{did_you_mean(values['blueprint'], blueprints)}"
        findings.say(spot.below("blueprint"), what)
        return None
    arguments = _arguments(blueprint, values.get("arguments", {}), spot, findings)
    if arguments is None:
        return None
    own = {key: values[key] for key in ("name", "description", "enabled") if key in values}
    try:
        body = {**Filling(arguments).filled(dict(blueprint.body)), **own}
    except Wrong as wrong:
        findings.say(spot.below("with"), f"{wrong} ({blueprint.place}: blueprint {blueprint.name!r})")
        return None
    return read_rule(body, Spot(blueprint.place.source, blueprint.place.key, used_at=spot), findings)


def _arguments(blueprint: Blueprint, given: Any, spot: Spot, findings: Findings) -> Arguments | None:
    place = spot.below("with")
    said = f" ({blueprint.place}: blueprint {blueprint.name!r})"
    if not isinstance(given, dict):
        findings.say(place, f"is a table of arguments, not {shown(given)}")
        return None
    before = len(findings)
    arguments: dict[str, Any] = {}
    for key, value in given.items():
        parameter = blueprint.parameters.get(key)
        if parameter is None:
            what = f"there is no such parameter{did_you_mean(key, blueprint.parameters)}{said}"
            findings.say(place.below(key), what, of_key=True)
            continue
        try:
            _check(parameter, value)
        except Wrong as wrong:
            findings.say(place.below(key, *wrong.below), f"{wrong}{said}")
        arguments[key] = value
    for key, parameter in blueprint.parameters.items():
        if key not in given and parameter.default is None:
            findings.say(place, f"{key} is missing: {parameter.type.value}{said}")
        arguments.setdefault(key, parameter.default)
    if len(findings) > before:
        return None
    return {key: (blueprint.parameters[key].type, value) for key, value in arguments.items()}
