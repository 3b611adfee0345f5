"""`hubagent doctor` beside agents: whose it is, how its rules are, and what helps."""

import json
import socket
import threading  # noqa: TID251 - the command runs beside who answers it
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hubagent.model.event import DriverCondition, DriverStatus
from tests.helpers.an_agent import HALL_LIGHT
from tests.helpers.fake_driver import FakeDriver, FakeKind
from tests.helpers.hub_process import a_running_hub, environment_with, hubagent, with_jit, write_hub
from tests.hubagent.cli.test_rules import WAITS, WRONG, place

pytestmark = pytest.mark.real_time


class Unplugged(FakeDriver):
    """Its stick was pulled out, and it says so."""

    async def run(self, report: Any) -> None:
        def troubled(event: Any) -> None:
            report(event)
            if isinstance(event, DriverStatus):
                report(DriverStatus(self.name, DriverCondition.TROUBLED, "[Errno 5] the device is gone"))

        await super().run(troubled)

    def status(self) -> dict[str, Any]:
        return {"port": "nowhere", "status": "port lost"}


UNPLUGGED = FakeKind(Unplugged())


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hub")
    config = write_hub(folder, rules=HALL_LIGHT + WAITS + WRONG)
    with a_running_hub(config, environment_with(folder, f"fake = {__name__}:UNPLUGGED")):
        yield config


def findings(hub: Path, config: Path) -> tuple[int, list[dict[str, str]]]:
    said = hubagent("doctor", "--config", str(config), "--json", environment=environment_with(hub.parent))
    return said.returncode, json.loads(said.stdout)["findings"]


def about(found: list[dict[str, str]], what: str) -> list[dict[str, str]]:
    return [one for one in found if one["about"] == what]


def test_rules_that_do_nothing_are_told_each_with_its_own_remedy(hub: Path) -> None:
    _, found = findings(hub, hub)
    read, waits, wrong = about(found, "rules")
    assert read["text"] == "3 rules"
    assert (waits["grade"], waits["text"]) == (
        "warning",
        "rule 'light in the study' waits: there is no device 'study.lamp'",
    )
    assert waits["fix"] == f"pair it, or correct the name: {hub.parent}/rules.toml:7"
    assert wrong["grade"] == "error"
    assert wrong["text"].startswith("rule 'bright' cannot run: this is a text")
    assert f"{hub.parent}/rules.toml:12" in wrong["fix"]


def test_a_stick_that_was_unplugged_has_a_remedy(hub: Path) -> None:
    code, found = findings(hub, hub)
    [driver] = about(found, "driver fake")
    assert (code, driver["grade"]) == (1, "error")
    assert "the device is gone" in driver["text"]
    assert driver["fix"] == "plug it in again, or look at its cable; then `hubagent doctor` again"


def test_what_is_said_of_devices_behind_it_is_from_before(hub: Path) -> None:
    said = hubagent("devices", "--config", str(hub), environment=environment_with(hub.parent))
    assert said.returncode == 0
    assert (
        "fake is troubled ([Errno 5] the device is gone): what is said of its devices is from before; hubagent doctor"
        in said.stderr
    )


def test_an_agent_of_another_configuration_is_told_and_the_own_ports_are_looked_at(hub: Path, tmp_path: Path) -> None:
    other = tmp_path / "hub.toml"
    text = hub.read_text(encoding="utf-8").replace("nowhere", "/dev/ttyNobody").replace('"rules.toml"', "")
    other.write_text(text, encoding="utf-8")
    _, found = findings(hub, other)
    [agent] = about(found, "agent")
    assert agent["grade"] == "warning"
    assert agent["text"].startswith(
        f"another one answers at {place(hub)}: its fake stick is at nowhere, not at /dev/ttyNobody; "
        f"it does not use the state in {tmp_path}/state; it runs since "
    )
    assert agent["text"].endswith("; 2 devices, 3 rules")
    [driver] = about(found, "driver fake")
    assert driver["text"].startswith("/dev/ttyNobody is not there")


def test_another_service_at_the_agents_address_is_told_beside_all_the_rest(tmp_path: Path) -> None:
    config = write_hub(tmp_path, port="/dev/ttyNobody")
    host, _, port = place(config).rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        somebody.bind((host, int(port)))
        stranger = threading.Thread(target=answer_not_found, args=(somebody,), daemon=True)
        stranger.start()
        code, found = findings(config, config)
    [agent] = about(found, "agent")
    assert (code, agent["grade"]) == (1, "error")
    assert agent["text"].startswith(f"what answers at {host}:{port} is no hubagent")
    assert "choose another [api] listen" in agent["fix"]
    [driver] = about(found, "driver fake")
    assert driver["text"].startswith("/dev/ttyNobody is not there")


def answer_not_found(somebody: socket.socket) -> None:
    """As a CoAP service does that has nothing of ours: an acknowledgement with 4.04 (RFC 7252, section 5.2.1)."""
    with suppress(OSError):
        while True:
            request, who = somebody.recvfrom(2000)
            token = request[4 : 4 + (request[0] & 0x0F)]
            somebody.sendto(bytes((0x60 | len(token), 0x84)) + request[2:4] + token, who)


def test_an_agent_whose_api_is_off_is_not_said_to_be_missing(tmp_path: Path) -> None:
    config, environment = write_hub(tmp_path), environment_with(tmp_path)
    environment["HUBAGENT_API__LISTEN"] = "off"
    with a_running_hub(config, environment):
        said = hubagent("doctor", "--config", str(config), "--json", environment=environment)
    found = json.loads(said.stdout)["findings"]
    [agent] = about(found, "agent")
    assert agent["text"] == "cannot be asked, and may run all the same: the API is off in hub.toml"
    assert "hubagent run" not in agent["fix"]


def test_an_agent_whose_python_runs_with_its_jit_is_doubtful(tmp_path: Path) -> None:
    config, environment = write_hub(tmp_path), environment_with(tmp_path)
    with_jit(tmp_path)
    with a_running_hub(config, environment):
        _, found = findings(config, config)
        _runs, jit = about(found, "agent")
        assert (jit["grade"], jit["fix"]) == ("warning", "start it without: unset PYTHON_JIT, or PYTHON_JIT=0")
        assert "runs with its JIT" in jit["text"]
