"""The hub's service: systemd takes it, and it may do little."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from hubagent.config import load_config
from tests.deploy.files import text

UNIT: Final = "systemd/hubagent.service"
EXPOSURE_MAX: Final = 2.0
"""Of ten (systemd-analyze security)."""


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text(UNIT).splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """With a program that is there."""
    path = tmp_path / "hubagent.service"
    lines = ["ExecStart=/bin/true" if line.startswith("ExecStart=") else line for line in text(UNIT).splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def test_systemd_takes_it(unit: Path) -> None:
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stderr) == (0, "")


def test_it_may_do_little(unit: Path) -> None:
    done = analyze("security", "--offline=true", f"--threshold={EXPOSURE_MAX * 10:g}", str(unit))
    assert done.returncode == 0, done.stdout[-300:]


def test_the_sealing_key_is_a_credential_that_the_hub_looks_for(tmp_path: Path) -> None:
    (credential,) = settings()["LoadCredentialEncrypted"]
    name, _, path = credential.partition(":")
    assert Path(path).parent == Path("/etc/credstore.encrypted")
    hub = tmp_path / "hub.toml"
    hub.write_text(f'[identity]\nseal = "systemd:{name}"\n', encoding="utf-8")
    assert load_config(hub, {}).identity.seal == f"systemd:{name}"
    assert f'seal = "systemd:{name}"' in text(UNIT)


def test_the_steps_that_install_it_make_its_user_its_folders_and_its_credential(tmp_path: Path) -> None:
    unit, steps = settings(), text("README.md").partition("## The hub")[2]
    (credential,) = unit["LoadCredentialEncrypted"]
    name, _, path = credential.partition(":")
    assert "useradd --system " in steps
    assert f" {unit['User'][0]}\n" in steps
    for comment in (steps, text(UNIT)):
        assert f"install -d -m 700 {Path(path).parent}\n" in comment
        assert f"systemd-creds encrypt --name={name} - {path}\n" in comment
    (program,) = unit["ExecStart"]
    place, _, arguments = program.partition(" ")
    assert f"python3 -m venv {Path(place).parents[1]}\n" in steps
    # A command that needs the key is given it as the service is.
    assert f"--property=User={unit['User'][0]} " in steps
    assert f"--property=LoadCredentialEncrypted={credential} " in steps
    assert f"{place} provision --config {arguments.rpartition(' ')[2]} " in steps
    hub = tmp_path / "hub.toml"
    hub.write_text(steps.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    config = load_config(hub, {})
    assert config.state_dir == Path("/var/lib") / unit["StateDirectory"][0]
    assert config.identity.seal == f"systemd:{name}"


def test_its_state_is_where_the_service_may_write(tmp_path: Path) -> None:
    (setting,) = settings()["Environment"]
    name, _, folder = setting.partition("=")
    assert load_config(None, {name: folder}).state_dir == Path(folder)
    assert Path(folder) == Path("/var/lib") / settings()["StateDirectory"][0]
    assert settings()["ProtectSystem"] == ["strict"]
