"""What is wrong with a table of a TOML file, in words: what was written, what fits there, and what may have been meant.

For tables that a pydantic model reads; its fields' descriptions are part of what is said.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hubagent.counted import counted
from hubagent.toml_lines import Key, did_you_mean

_EXPECTED: Final = {
    "string_type": "is a text in quotes",
    "int_type": "is a whole number",
    "int_from_float": "is a whole number",
    "float_type": "is a number",
    "bool_type": "is true or false",
    "list_type": "is a list: [ ... ]",
    "dict_type": "is a table",
    "model_type": "is a table",
    "model_attributes_type": "is a table",
}
_BOUNDS: Final = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
"""How each is said, and where pydantic has the number."""
_LENGTHS: Final = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}
_TEXT_LENGTHS: Final = {f"string_{kind}": bound for kind, bound in _LENGTHS.items()}
_PATTERN: Final = "string_pattern_mismatch"


def words(model: type[BaseModel], problem: Mapping[str, Any], patterns: Mapping[str, str] | None = None) -> str:
    """`problem` is one of a ValidationError's, `patterns` says in words what texts look like that match a pattern."""
    kind, location = problem["type"], problem["loc"]
    if kind == "extra_forbidden":
        known = _keys_around(model, location)
        return f"there is no such key{did_you_mean(str(location[-1]), known)}; there are: {', '.join(known)}"
    described = _description(model, location)
    if kind == "missing":
        return f"is missing{f': {described}' if described else ''}"
    written = "what stands there" if _is_secret(model, location) else repr(problem["input"])
    context = problem.get("ctx", {})
    if kind in _LENGTHS:
        bound, where = _LENGTHS[kind]
        return f"has {bound} {context[where]} items, not {context['actual_length']}"
    if kind in _TEXT_LENGTHS:
        # Without the text: whoever sees that it is empty needs no more, and what is too long is not said once more.
        bound, where = _TEXT_LENGTHS[kind]
        letters = len(problem["input"])
        return f"has {bound} {counted(context[where], 'letter')}, not {letters}" if letters else "is empty"
    expected = _expected(kind, context, patterns or {})
    if expected is not None:
        return f"{expected}, not {written}{f' ({described})' if described else ''}"
    message = str(problem["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if kind == "value_error":
        return f"{written}: {message}"
    return f"{f'is {described}' if described else message}, not {written}"


def _expected(kind: str, context: Mapping[str, Any], patterns: Mapping[str, str]) -> str | None:
    """What fits there; None where pydantic's own words have to do."""
    if kind in _BOUNDS:
        bound, where = _BOUNDS[kind]
        return f"is {bound} {context[where]:g}"
    if kind == "literal_error":
        return f"is {context['expected']}"
    if kind == _PATTERN:
        return patterns.get(context["pattern"])
    return _EXPECTED.get(kind)


def _keys_around(model: type[BaseModel], location: Key) -> list[str]:
    return sorted(field.alias or name for name, field in _model_at(model, location[:-1]).model_fields.items())


def _description(model: type[BaseModel], location: Key) -> str:
    field = _field_at(model, location)
    return (field.description or "") if field is not None else ""


def _is_secret(model: type[BaseModel], location: Key) -> bool:
    """It is not shown, however wrong it is."""
    field = _field_at(model, location)
    kinds = () if field is None else (field.annotation, *getattr(field.annotation, "__args__", ()))
    return any(kind is SecretStr for kind in kinds)


def _field_at(model: type[BaseModel], location: Key) -> FieldInfo | None:
    names = [part for part in location if isinstance(part, str)]
    return _model_at(model, tuple(names[:-1])).model_fields.get(names[-1]) if names else None


def _model_at(model: type[BaseModel], location: Key) -> type[BaseModel]:
    """The model of the table at `location`; the outermost that is known where it is not one."""
    for part in location:
        field = model.model_fields.get(str(part))
        annotation = field.annotation if field is not None else None
        inner = [kind for kind in (annotation, *getattr(annotation, "__args__", ())) if _is_model(kind)]
        if inner:
            model = inner[0]
    return model


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
