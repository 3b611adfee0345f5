"""deploy/README.md speaks of what is there."""

import re
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, PROJECT, text


@pytest.mark.parametrize("readme", ["README.md", "aws-iot-core/README.md"])
def test_every_file_that_is_named_is_there(readme: str) -> None:
    folder = (DEPLOY / readme).parent
    named = {
        it for it in re.findall(r"`([\w./-]+)`", text(readme)) if "/" in it or Path(it).suffix in (".json", ".lua")
    }
    missing = {
        it
        for it in named
        if not it.startswith("/")
        and not any((base / it).exists() for base in (folder, DEPLOY, PROJECT, DEPLOY / "kubernetes"))
    }
    assert missing <= {"identity.lua"}
    assert (DEPLOY / "kubernetes" / "vernemq" / "identity.lua").exists()


def test_the_functions_and_filters_that_the_consumer_needs_are_there() -> None:
    schema = text("kubernetes/postgres/schema.sql")
    for name in ("accept_hello", "accept_batch"):
        assert f"`{name}`" in text("README.md")
        assert f"CREATE FUNCTION {name}(" in schema
    assert "$share/cloud/hub/+/up/#" in text("README.md")
    assert "$share/cloud/hub/+/up/#" in text("kubernetes/consumer/deployment.yaml")
