"""The JSON Schema of hub.toml, for editors: made of the models that read it."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hubagent.config import HubToml
from hubagent.model.driver import DriverKind

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def hub_schema(kinds: Mapping[str, DriverKind]) -> dict[str, Any]:
    """With the tables of these drivers; whichever else there are is not known here, and not allowed."""
    settings = {name: kind.settings for name, kind in kinds.items() if issubclass(kind.settings, BaseModel)}
    models = [(model, "validation") for model in (HubToml, *settings.values())]
    refs, schema = models_json_schema(models)  # type: ignore[arg-type]
    definitions: dict[str, Any] = schema["$defs"]
    # Referred to by nobody else, the outermost table is the document.
    whole = definitions.pop(_name(refs[HubToml, "validation"]))
    whole["properties"]["drivers"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: refs[model, "validation"] for name, model in settings.items()},
        "description": "the radios, each with its own table",
    }
    return {"$schema": DIALECT, **whole, "title": "hub.toml", "$defs": definitions}


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
