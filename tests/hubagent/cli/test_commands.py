"""The commands against a running hub: what they print, and with which code they end."""

import asyncio
import io
import json
import os
import select
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from hubagent.cli.main import run_command
from hubagent.model.driver import PairingStep
from tests.helpers.fake_driver import BACKUP, MAP, FakeDriver, FakeKind
from tests.helpers.hub_process import a_running_hub, environment_with, hubagent, write_hub

pytestmark = pytest.mark.real_time

DEAF = FakeKind(FakeDriver(answer_delay_s=600))
"""Its devices never answer."""


class Hesitant(FakeDriver):
    """Finds a device soon, and is never done with it."""

    async def pair(self, options: Mapping[str, Any], timeout_s: float) -> AsyncIterator[PairingStep]:
        yield PairingStep("ready", "press the button of the device")
        while True:
            await asyncio.sleep(0.2)
            yield PairingStep("found", "found it")


HESITANT = FakeKind(Hesitant())


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """hub.toml of a running hub."""
    folder = tmp_path_factory.mktemp("hub")
    config = write_hub(folder)
    with a_running_hub(config, environment_with(folder)):
        yield config


class Said:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def say(hub: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command in this process, on the running hub."""

    def run(*arguments: str) -> Said:
        code = run_command(["--config", str(hub), *arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


def test_devices_are_listed_for_people(say: Any) -> None:
    said = say("devices")
    assert said.code == 0
    assert said.out.splitlines()[0].split() == ["NAME", "STATE", "ID", "VALUES"]
    assert "hall.motion" in said.out


def test_devices_are_listed_for_programs(say: Any) -> None:
    devices = say("devices", "--json").json()["devices"]
    assert [device["id"] for device in devices] == ["fake-1", "fake-2"]
    assert set(devices[0]) == {"id", "name", "protocol", "address", "state", "capabilities"}


def test_only_the_devices_of_the_network_that_is_named_are_listed(say: Any) -> None:
    said = say("devices", "--zigbee")
    assert (said.code, said.out) == (0, "")
    assert "no devices yet" in said.err
    assert say("devices", "--zwave", "--json").json()["devices"] == []


def test_a_terminal_that_lacks_a_letter_gets_its_number_and_a_program_good_json(hub: Path) -> None:
    environment = environment_with(hub.parent)
    name, ascii_only = ["--config", str(hub), "devices"], {**environment, "PYTHONIOENCODING": "ascii"}
    assert hubagent(*name, "rename", "hall.light", "küche", environment=environment).returncode == 0
    try:
        said = hubagent(*name, environment=ascii_only)
        assert (said.returncode, said.stderr) == (0, "")
        assert "k\\xfcche" in said.stdout
        listed = json.loads(hubagent(*name, "--json", environment=ascii_only).stdout)
        assert listed["devices"][0]["name"] == "küche"
    finally:
        hubagent(*name, "rename", "küche", "hall.light", environment=environment)


def test_a_set_confirmed_is_0_and_then_got(say: Any) -> None:
    said = say("set", "hall.light", "on=true", "level=35")
    assert said.code == 0
    assert "confirmed" in said.out
    assert say("get", "hall.light", "on_off.on").out == "true\n"
    assert say("get", "fake-1", "level", "--json").json() == {
        "v": 1,
        "id": "fake-1",
        "capability": "level_control",
        "attribute": "level",
        "value": 35,
    }


def test_what_a_device_has_and_has_not_said_yet_is_unknown(say: Any) -> None:
    assert say("get", "hall.motion", "occupied").out == "unknown\n"
    assert say("get", "hall.motion", "occupancy_sensing.occupied", "--json").json()["value"] is None


def test_a_percentage_may_be_written_with_its_sign(say: Any) -> None:
    assert say("set", "hall.light", "level=50%").code == 0
    assert say("get", "hall.light", "level").out == "50\n"


def test_a_device_that_did_not_confirm_in_time_is_5_and_may_still_do_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_hub(tmp_path)
    with a_running_hub(config, environment_with(tmp_path, f"fake = {__name__}:DEAF")):
        code = run_command(["--config", str(config), "set", "--timeout", "0.5", "hall.light", "on=true"])
    said = capsys.readouterr()
    assert (code, said.out) == (5, "")
    assert said.err == (
        "error: hall.light did not confirm within 0.5 s; the command may still be carried out; "
        "`hubagent get hall.light` shows what it says of itself\n"
    )


def test_a_word_alone_sets_too(say: Any) -> None:
    assert say("set", "hall.light", "off").code == 0
    assert say("get", "hall.light", "on").out == "false\n"


def test_all_values_are_got_line_by_line(say: Any) -> None:
    say("set", "hall.light", "on=true", "level=35")
    assert say("get", "hall.light").out == "on_off.on=true\nlevel_control.level=35\n"


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("get", "hal.light"), 2, "did you mean hall.light?"),
        (("get", "hall.light", "warmth"), 2, "has reported no warmth"),
        (("set", "hall.light", "on=maybe"), 2, "on is true or false, not 'maybe'"),
        (("set", "hall.light", "nonsense"), 2, "is not NAME=VALUE"),
        (("set", "hall.light"), 2, "Missing argument"),
        (("set", "hall.light", "on=true", "on=false"), 2, "on is given twice"),
        (("set", "hall.light", "on_off.on=true", "off"), 2, "on is given twice"),
        (("set", "hall.light", "level=40", "on=false"), 2, "on=false and level=40 contradict each other"),
        (("set", "hall.light", "ON=true"), 2, "there is no attribute 'ON'; did you mean 'on'?"),
        (("set", "hall.light", "ON"), 2, "did you mean 'on'?"),
        (("set", "hall.light", "level=150%"), 2, "level is between 0 and 100 (%), not 150"),
        (("set", "hall.light", "on=50%"), 2, "on is true or false, not '50%'"),
        (("devices", "act", "hall.light", "ping", "times=1", "times=2"), 2, "times is given twice"),
        (("devices", "--svg", "map.svg"), 2, "--svg draws the map: say --map, too"),
        (
            ("devices", "--map", "--svg", "/nonexistent/x.svg"),
            2,
            "error: /nonexistent/x.svg: no such file or directory",
        ),
        (("devices", "rename", "hall.light", "7"), 2, "would be taken for an address"),
        (("devices", "act", "hall.light", "dance"), 1, "there is no 'dance'"),
        (("pair", "--zigbee"), 3, "there is no driver 'zigbee'"),
        (("unpair", "--failed"), 2, "--failed needs the DEVICE"),
        (("devixes",), 2, "did you mean 'devices'?"),
    ],
)
def test_a_mistake_is_told_on_stderr_with_its_code(say: Any, arguments: Any, code: int, complaint: str) -> None:
    said = say(*arguments)
    assert (said.code, said.out) == (code, "")
    assert complaint in said.err


def test_a_network_is_backed_up_for_its_owner_only_and_restored(say: Any, tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    said = say("backup", str(file))
    assert (said.code, said.out) == (0, "")
    assert "the network's key" in said.err
    assert json.loads(file.read_text()) == BACKUP
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert say("backup", "-").json() == BACKUP
    said = say("restore", str(file))
    assert (said.code, said.err) == (0, "restored: True\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "it is no backup"),
        ("[" * 100_000, "it is no backup"),
        ("[]", "another network"),
        (json.dumps([0] * 300_000), "more than the agent takes at once"),
        (None, "no such file"),
    ],
)
def test_what_is_no_backup_of_this_network_is_refused(
    say: Any, tmp_path: Path, text: str | None, complaint: str
) -> None:
    file = tmp_path / "network.json"
    if text is not None:
        file.write_text(text)
    said = say("restore", str(file))
    assert said.code != 0
    assert complaint in said.err


def test_a_backup_that_cannot_be_written_leaves_the_old_one(say: Any, tmp_path: Path) -> None:
    said = say("backup", str(tmp_path / "nowhere" / "network.json"))
    assert said.code == 2
    assert "no such file or directory" in said.err


def test_a_backup_goes_to_where_a_link_leads_and_the_link_stays(say: Any, tmp_path: Path) -> None:
    stick, link = tmp_path / "stick.json", tmp_path / "network.json"
    link.symlink_to(stick)
    assert say("backup", str(link)).code == 0
    assert link.is_symlink()
    assert json.loads(stick.read_text()) == BACKUP
    assert stat.S_IMODE(stick.stat().st_mode) == 0o600


def test_a_backup_into_a_pipe_is_written_there_and_no_file_takes_its_place(hub: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "hubagent", "--config", str(hub), "backup", str(pipe)]
    with subprocess.Popen(command, env=environment_with(hub.parent), stderr=subprocess.PIPE) as writing:
        # Not for ever where nobody writes into it.
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        assert writing.wait(20) == 0
        assert json.loads(os.read(reader, 65536)) == BACKUP
        os.close(reader)
    assert pipe.is_fifo()


def test_the_network_is_shown_as_a_table_and_drawn(say: Any, tmp_path: Path) -> None:
    rows = [line.split() for line in say("devices", "--map").out.splitlines()[1:]]
    assert rows == [
        ["coordinator", "coordinator", "0", "hall.light", "(200)"],
        ["hall.light", "router", "7", "coordinator", "(200),", "hall.motion", "(90)"],
        ["hall.motion", "end_device", "9", "hall.light", "(90)"],
    ]
    assert say("devices", "--map", "--json").json()["links"] == MAP["links"]
    picture = tmp_path / "map.svg"
    assert say("devices", "--map", "--svg", str(picture)).code == 0
    root = ElementTree.fromstring(picture.read_text())
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == [
        "coordinator",
        "hall.light",
        "hall.motion",
    ]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}line"))) == 2


def test_pairing_wishes_reach_the_radio_and_the_router_is_named_by_its_id(
    say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("83FED3407A939723A5C639B26916D505C3B5\n"))
    wishes = ("--install-code", "-", "--via", "hall.light")
    said = say("pair", "--zigbee", *wishes)
    assert said.code == 3
    assert "there is no driver 'zigbee'" in said.err
    assert "no device 'hall.lamp'" in say("pair", "--zigbee", "--via", "hall.lamp").err


def test_a_device_is_shown_acted_on_and_renamed(say: Any) -> None:
    assert "fake address 1" in say("devices", "show", "hall.light").out
    assert "answered: true" in say("devices", "act", "hall.light", "ping").out
    assert say("devices", "rename", "hall.light", "desk").code == 0
    assert say("devices", "show", "desk", "--json").json()["name"] == "desk"
    assert say("devices", "rename", "desk", "hall.light").code == 0


def test_who_renames_a_device_is_told_which_rules_wait_and_what_to_type(say: Any) -> None:
    said = say("devices", "rename", "fake-2", "hall bewegung")
    try:
        assert (said.code, said.out) == (0, "")
        assert said.err.splitlines()[1:] == [
            "these rules wait for 'hall.motion' now: 'hall light'",
            "let their files follow: hubagent rules rename hall.motion 'hall bewegung'",
        ]
    finally:
        said = say("devices", "rename", "fake-2", "hall.motion", "--json")
    assert said.json()["rules_waiting"] == []
    assert said.err == ""


def test_pairing_shows_each_step_and_ends_with_the_device(say: Any) -> None:
    said = say("pair", "--jsonl", "--timeout", "5")
    steps = [json.loads(line)["step"] for line in said.out.splitlines()]
    assert (said.code, steps) == (0, ["ready", "found", "done"])
    assert say("unpair", "new lamp").code == 0
    assert say("get", "new lamp").code == 2


def test_pairing_that_nobody_answers_is_1(say: Any) -> None:
    assert say("unpair", "--timeout", "1").code == 1


def test_who_interrupts_pairing_closes_the_network(say: Any, hub: Path) -> None:
    command = [sys.executable, "-m", "hubagent", "--config", str(hub), "unpair", "--jsonl", "--timeout", "60"]
    with subprocess.Popen(
        command, env=environment_with(hub.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as pairing:
        assert pairing.stdout is not None
        assert json.loads(pairing.stdout.readline())["step"] == "ready"
        assert "somebody is pairing already" in say("pair").err
        pairing.send_signal(signal.SIGINT)
        _, said = pairing.communicate(timeout=10)
    assert pairing.returncode == 130
    assert "the network is closed" in said
    assert say("pair", "--timeout", "5").code == 0
    assert say("unpair", "new lamp").code == 0


@pytest.mark.parametrize("sent", [(signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGHUP, signal.SIGTERM)])
def test_pairing_that_is_told_to_end_closes_the_network(say: Any, hub: Path, sent: tuple[signal.Signals, ...]) -> None:
    """Of a closed terminal a process may be told twice."""
    command = [sys.executable, "-m", "hubagent", "--config", str(hub), "unpair", "--jsonl", "--timeout", "60"]
    with subprocess.Popen(
        command, env=environment_with(hub.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as pairing:
        assert pairing.stdout is not None
        assert json.loads(pairing.stdout.readline())["step"] == "ready"
        # It hears of all of them at once, however busy the machine is.
        for number in (signal.SIGSTOP, *sent, signal.SIGCONT):
            pairing.send_signal(number)
        _, said = pairing.communicate(timeout=10)
    assert "the network is closed" in said
    assert pairing.returncode in {128 + number for number in sent}
    assert say("pair", "--timeout", "5").code == 0
    assert say("unpair", "new lamp").code == 0


def test_pairing_under_nohup_outlives_its_terminal(say: Any, hub: Path) -> None:
    command = ["nohup", sys.executable, "-m", "hubagent", "--config", str(hub), "unpair", "--jsonl", "--timeout", "60"]
    with subprocess.Popen(
        command, env=environment_with(hub.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as pairing:
        assert pairing.stdout is not None
        assert json.loads(pairing.stdout.readline())["step"] == "ready"
        pairing.send_signal(signal.SIGHUP)
        assert "somebody is pairing already" in say("pair").err
        pairing.send_signal(signal.SIGTERM)
        pairing.communicate(timeout=10)
    assert pairing.returncode == 128 + signal.SIGTERM


def test_rules_are_checked_against_the_devices(say: Any, hub: Path) -> None:
    assert say("rules", "check").code == 0
    rules = hub.parent / "rules.toml"
    good = rules.read_text(encoding="utf-8")
    rules.write_text(good.replace("hall.light", "hall.lihgt"), encoding="utf-8")
    try:
        said = say("rules", "check", "--json")
    finally:
        rules.write_text(good, encoding="utf-8")
    assert said.code == 2
    [mistake] = said.json()["mistakes"]
    assert (mistake["code"], mistake["place"], mistake["rule"]) == ("E-device", f"{rules}:5", "hall light")
    assert mistake["what"] == "there is no device 'hall.lihgt'; did you mean 'hall.light'?"


def test_rules_are_checked_without_an_agent_and_as_sarif(say: Any, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[[rule]]\nname = "x"\nwhen = "hall.motion becomes ocupied"\ndo = []\n', encoding="utf-8")
    said = say("rules", "check", str(file), "--sarif")
    assert said.code == 2
    results = said.json()["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {"E-file"}
    assert results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_the_rules_are_listed_with_the_mode_which_can_be_set(say: Any) -> None:
    said = say("rules", "list", "--json").json()
    assert [one["name"] for one in said["rules"]] == ["hall light"]
    assert said["mode"] == "home"
    assert "hall light  ready" in say("rules", "list").out
    assert say("rules", "mode").out.strip() == "home"
    assert say("rules", "mode", "away").code == 0
    assert say("rules", "mode").out.strip() == "away"
    assert say("rules", "mode", "home").code == 0


def test_a_mode_or_rule_that_there_is_not_is_told(say: Any) -> None:
    said = say("rules", "mode", "nigt")
    assert (said.code, "did you mean 'night'?" in said.err) == (2, True)
    said = say("rules", "trace", "hal light")
    assert (said.code, "did you mean 'hall light'?" in said.err) == (2, True)


def test_what_a_rule_did_is_traced_and_explained(say: Any) -> None:
    assert say("rules", "run", "hall light").code == 0
    traces = say("rules", "trace", "hall light", "--json").json()["traces"]
    assert [one["kind"] for one in traces][:2] == ["fired", "sent"]
    assert "sent to hall.light: on = true" in say("rules", "trace", "hall light").out
    assert "because of rule 'hall light'" in say("rules", "explain", "hall.light").out


def test_files_are_read_again_and_a_webhook_that_nobody_waits_for_is_no_mistake(say: Any) -> None:
    assert say("rules", "reload").code == 0
    assert say("rules", "webhook", "nobody").code == 0


def test_the_schemas_are_printed(say: Any) -> None:
    assert say("rules", "schema").json()["$schema"].startswith("https://json-schema.org/draft/2020-12")
    assert "drivers" in say("rules", "schema", "--hub").json()["properties"]


def test_doctor_finds_nothing_wrong_with_a_hub_that_runs(hub: Path) -> None:
    said = hubagent("doctor", "--config", str(hub), "--json", environment=environment_with(hub.parent))
    findings = json.loads(said.stdout)["findings"]
    assert said.returncode == 0
    assert {finding["grade"] for finding in findings} == {"ok"}
    assert "driver fake" in [finding["about"] for finding in findings]


def test_the_configuration_may_be_named_after_the_command(hub: Path) -> None:
    said = hubagent("devices", "--config", str(hub), "--json", environment=environment_with(hub.parent))
    assert len(json.loads(said.stdout)["devices"]) == 2


def test_pairing_whose_reader_went_away_closes_the_network(tmp_path: Path) -> None:
    config, environment = write_hub(tmp_path), environment_with(tmp_path, f"fake = {__name__}:HESITANT")
    command = f"{sys.executable} -m hubagent --config {config} pair --jsonl --timeout 600 | head -1"
    with a_running_hub(config, environment):
        pairing = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, timeout=30, check=False)
        assert json.loads(pairing.stdout)["step"] == "ready"
        assert b"the network is closed" in pairing.stderr
        assert run_command(["--config", str(config), "unpair", "hall.light"]) == 0


def test_watch_tells_events_line_by_line_until_interrupted(hub: Path) -> None:
    environment = environment_with(hub.parent)
    command = [sys.executable, "-m", "hubagent", "--config", str(hub), "watch", "--jsonl"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        while not select.select([watching.stdout], [], [], 0.2)[0]:
            run_command(["--config", str(hub), "set", "hall.light", "on=true"])
        event = json.loads(watching.stdout.readline())
        watching.send_signal(signal.SIGINT)
        watching.stdout.read()
        assert watching.wait(10) == 130
    assert {"t", "device", "capability", "attribute", "value", "cause", "latency_ms"} <= set(event)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_command_whose_output_was_closed_from_the_start_works_all_the_same(hub: Path, closed: str) -> None:
    command = f"{sys.executable} -m hubagent --config {hub} devices {closed}"
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment_with(hub.parent),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", ["devices", "backup -"])
def test_a_disk_too_full_for_the_output_is_one_line_and_no_trace(hub: Path, arguments: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m hubagent --config {hub} {arguments} >/dev/full"],
        env=environment_with(hub.parent),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: no space left on device\n")


@pytest.mark.parametrize("arguments", ["--help", "--version", "set --help"])
def test_a_disk_too_full_for_a_help_is_one_line_and_no_trace(arguments: str) -> None:
    for environment in ({"PYTHONUNBUFFERED": "1"}, {"PYTHONUNBUFFERED": ""}):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m hubagent {arguments} >/dev/full"],
            env={**os.environ, **environment, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: no space left on device\n")


def test_a_reader_that_has_seen_enough_is_no_error_to_read_of(hub: Path) -> None:
    command = f"{sys.executable} -m hubagent --config {hub} watch --jsonl | head -1"
    with subprocess.Popen(
        ["bash", "-c", command],
        env=environment_with(hub.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        while watching.poll() is None:
            run_command(["--config", str(hub), "set", "hall.light", "on=true"])
        out, err = watching.communicate()
    assert (len(out.splitlines()), err) == (1, "")


def test_without_an_agent_the_error_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_command(["--config", str(write_hub(tmp_path)), "devices"])
    said = capsys.readouterr()
    assert (code, said.out) == (3, "")
    assert "no agent answers at 127.0.0.1" in said.err
    assert "hubagent run" in said.err


def test_version_and_completion_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["version", "--json"]) == 0
    assert "hubagent" in json.loads(capsys.readouterr().out)
    assert run_command(["completion", "bash"]) == 0
    assert "_HUBAGENT_COMPLETE" in capsys.readouterr().out


def test_help_needs_none_of_the_heavy_libraries() -> None:
    heavy = "pydantic aiocoap rich cbor2 sqlite3"
    program = (
        "import sys; from hubagent.cli.main import COMMANDS, run_command; run_command(['devices', '--help']);"
        f"sys.exit(' '.join(name for name in '{heavy}'.split() if name in sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert "Usage" in done.stdout
