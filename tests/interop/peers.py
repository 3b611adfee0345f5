"""Where other people's software is, and what happens to a test that needs it when it is not there."""

import os
import shutil
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NODE_MODULES = PROJECT / ".peers" / "node_modules"


def need(what: bool, missing: str) -> None:
    """Go on, or skip the test because of `missing`; fail it where HUBAGENT_REQUIRE_INTEROP=1 forbids skipping."""
    if what:
        return
    if os.environ.get("HUBAGENT_REQUIRE_INTEROP") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


def node() -> str:
    """The path of Node.js."""
    found = shutil.which("node")
    need(found is not None, "Node.js is not installed (Debian: apt install nodejs npm)")
    assert found is not None
    return found


def need_npm_package(name: str) -> None:
    need((NODE_MODULES / name / "package.json").exists(), f"the npm package {name} is not installed (make peers)")
