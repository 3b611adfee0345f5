"""`hubagent run` as a process of its own, with the fake driver installed beside the real ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.an_agent import HALL_LIGHT, a_free_port

PROJECT = Path(__file__).parents[2]


def write_hub(folder: Path, *, port: str = "nowhere", rules: str = HALL_LIGHT) -> Path:
    """A hub.toml with the fake driver, and a rule; the path of it."""
    host, number = a_free_port()
    path = folder / "hub.toml"
    path.write_text(
        f'[hub]\nstate_dir = "state"\n[drivers.fake]\nport = "{port}"\n'
        f'[rules]\nfiles = ["rules.toml"]\n[api]\nlisten = "{host}:{number}"\n',
        encoding="utf-8",
    )
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    return path


def environment_with(
    folder: Path, drivers: str = "fake = tests.helpers.fake_driver:KIND", commands: str = ""
) -> dict[str, str]:
    """The environment in which another package, with these entry points, is installed."""
    installed = folder / "site" / "fake_maker-1.0.dist-info"
    installed.mkdir(parents=True, exist_ok=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-maker\nVersion: 1.0\n", encoding="utf-8")
    points = f"[hubagent.drivers]\n{drivers}\n[hubagent.commands]\n{commands}\n"
    (installed / "entry_points.txt").write_text(points, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": f"{folder / 'site'}:{PROJECT}", "NO_COLOR": "1"}


def with_jit(folder: Path) -> None:
    """Python itself says, in `environment_with(folder)`, that its JIT is on; it need not have one."""
    text = "import sys, types\nsys._jit = types.SimpleNamespace(is_enabled=lambda: True)\n"
    (folder / "site" / "sitecustomize.py").write_text(text, encoding="utf-8")


def hubagent(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "hubagent", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextmanager
def a_running_hub(config: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A hub that is ready; `ready_line` is what it said then."""
    with subprocess.Popen(
        [sys.executable, "-m", "hubagent", "run", "--config", str(config)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_until_ready(process)
            yield process
        finally:
            process.kill()


def wait_until_ready(process: "subprocess.Popen[str]") -> str:
    """What it said on stderr up to "ready", that line included."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith("ready"):
            return said
    raise AssertionError(f"the hub ended before it was ready: {said}")
