"""The files of deploy/, read."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

PROJECT: Final = Path(__file__).parents[2]
DEPLOY: Final = PROJECT / "deploy"
KUBERNETES: Final = DEPLOY / "kubernetes"
APART: Final = "chaos"
"""A folder of what is no part of the cloud."""
CHART_VALUES: Final = ("vernemq/values.yaml", "tbmq/values.yaml")
SCHEMAS: Final = Path(__file__).with_name("schemas")

Document = dict[str, Any]


def text(path: str) -> str:
    return (DEPLOY / path).read_text(encoding="utf-8")


def read_json(path: str) -> Document:
    found: Document = json.loads(text(path))
    return found


def manifests() -> dict[str, Document]:
    """By file, below deploy/kubernetes."""
    found = {}
    for path in sorted(KUBERNETES.rglob("*.yaml")):
        name = str(path.relative_to(KUBERNETES))
        if name not in (*CHART_VALUES, "kustomization.yaml") and not name.startswith(f"{APART}/"):
            (found[name],) = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return found


def values(path: str) -> Document:
    found: Document = yaml.safe_load((KUBERNETES / path).read_text(encoding="utf-8"))
    return found


def schema(name: str) -> Document:
    found: Document = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return found
