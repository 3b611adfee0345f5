"""`hubagent run` as a process: its beginning, its end, and the errors that keep it from beginning."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.hub_process import a_running_hub, environment_with, hubagent, wait_until_ready, with_jit, write_hub

pytestmark = pytest.mark.real_time


def run(config: Path, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return hubagent("run", "--config", str(config), environment=environment or environment_with(config.parent))


@pytest.mark.parametrize(("end", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_is_ready_in_a_line_and_ends_when_told(tmp_path: Path, end: signal.Signals, code: int) -> None:
    config = write_hub(tmp_path)
    with a_running_hub(config, environment_with(tmp_path)) as process:
        process.send_signal(end)
        assert process.wait(10) == code
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_ready_tells_the_seconds_it_took(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hubagent", "--config", str(write_hub(tmp_path)), "run"]
    with subprocess.Popen(command, env=environment_with(tmp_path), stderr=subprocess.PIPE, text=True) as process:
        said = wait_until_ready(process)
        process.kill()
    assert re.fullmatch(r"ready in \d+\.\d\d s: fake; 2 devices, 1 rule, coap://127\.0\.0\.1:\d+\n", said)


def test_a_python_that_runs_with_its_jit_is_warned_of(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hubagent", "--config", str(write_hub(tmp_path)), "run"]
    environment = environment_with(tmp_path)
    with_jit(tmp_path)
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        said = wait_until_ready(process)
        process.kill()
    assert "runs with its JIT" in said
    assert "start it without: unset PYTHON_JIT" in said


def test_a_port_that_is_not_there_is_3_and_names_port_and_remedy(tmp_path: Path) -> None:
    done = run(write_hub(tmp_path, port="missing"))
    assert done.returncode == 3
    assert done.stderr.startswith("error: missing: there is no such port; plug the stick in")
    assert len(done.stderr.splitlines()) == 1


def test_a_second_agent_on_the_same_state_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    with a_running_hub(config, environment_with(tmp_path)) as process:
        done = run(config)
        assert done.returncode == 1
        assert f"another hubagent (pid {process.pid}) uses it" in done.stderr
        assert "choose another state_dir" in done.stderr
        assert process.poll() is None


def test_a_name_that_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    environment = environment_with(tmp_path)
    with a_running_hub(config, environment) as process:
        renamed = hubagent("--config", str(config), "devices", "rename", "hall.light", "desk", environment=environment)
        process.kill()
    assert renamed.returncode == 0
    with a_running_hub(config, environment):
        shown = hubagent("--config", str(config), "devices", "show", "desk", "--json", environment=environment)
    assert json.loads(shown.stdout)["id"] == "fake-1"


def test_every_mistake_of_the_configuration_is_told_at_once(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    text = config.read_text(encoding="utf-8").replace("port =", "prot =").replace("state_dir", "stat_dir")
    config.write_text(text, encoding="utf-8")
    done = run(config)
    assert done.returncode == 2
    errors = done.stderr.splitlines()
    assert errors[0].startswith(f"error: {config}:2: hub.stat_dir: there is no such key; did you mean 'state_dir'?")
    assert errors[1] == f"error: {config}:3: drivers.fake.port: is missing"
    assert errors[2].startswith(f"error: {config}:4: drivers.fake.prot: there is no such key; did you mean 'port'?")
    assert not (tmp_path / "state").exists()


def test_a_mistake_in_a_rule_is_2_and_names_the_line(tmp_path: Path) -> None:
    done = run(write_hub(tmp_path, rules='[[rule]]\nname = "x"\nwhen = "a becomes strange"\ndo = []\n'))
    assert done.returncode == 2
    assert f"{tmp_path}/rules.toml:3:19: rule[1].when: 'strange' is no word for a state" in done.stderr


def test_an_api_open_to_the_network_is_7(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    environment = {**environment_with(tmp_path), "HUBAGENT_API__LISTEN": "0.0.0.0:5683"}
    done = run(config, environment)
    assert done.returncode == 7
    assert "HUBAGENT_API__LISTEN: api.listen" in done.stderr


def test_without_a_configuration_it_says_how_to_name_one(tmp_path: Path) -> None:
    done = hubagent("run", "--config", str(tmp_path / "nowhere.toml"), environment=environment_with(tmp_path))
    assert done.returncode == 2
    assert "nowhere.toml: cannot be read: No such file" in done.stderr


def test_a_driver_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    environment = environment_with(tmp_path, drivers="fake = no.such.module:KIND")
    done = run(write_hub(tmp_path), environment)
    assert done.returncode == 1
    assert "fake (no.such.module:KIND) is installed, but broken" in done.stderr


def test_a_broken_command_of_another_package_breaks_no_other(tmp_path: Path) -> None:
    environment = environment_with(tmp_path, commands="odd = no.such.module:odd")
    listed = hubagent("--help", environment=environment)
    assert listed.returncode == 0
    assert "the command 'odd' (no.such.module:odd) is broken" in " ".join(listed.stdout.split())
    assert hubagent("version", environment=environment).returncode == 0
    assert hubagent("odd", environment=environment).returncode == 1


def test_doctor_works_without_an_agent(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    done = hubagent("doctor", "--config", str(config), "--json", environment=environment_with(tmp_path))
    findings = {finding["about"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert findings["agent"]["grade"] == "warning"
    assert findings["driver fake"]["text"].startswith("nowhere is not there")
    assert done.returncode == 1
