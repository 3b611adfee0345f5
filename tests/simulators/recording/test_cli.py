"""`sim record` and `sim play` as a person types them."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubagent.cli.main import run_command
from simulators.recording.format import Became, Event, Pressed
from simulators.recording.reading import open_recording
from tests.simulators.recording.a_recording import a_recording, some_rules

TIMEOUT_S = 60
LOOKS_MAX = 100


def _hubagent(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from hubagent.cli.main import main; main()", *arguments]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other home runs for this test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def _read(path: Path) -> list[Event]:
    with open_recording(path) as recording:
        return list(recording.events)


# Play.


def test_a_recording_is_played_and_what_came_of_it_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, rules = str(a_recording(tmp_path)), str(some_rules(tmp_path))
    assert run_command(["sim", "play", file, "--rules", rules, "--after", "5m"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "flat: 6 events of 8m20s in ",
        "2 left out: the hub did them once; --as-recorded plays them, too",
        "commands of rules: 2 confirmed, 2 sent",
        "2 notifications, the latest: 'pressed' to owner; '18.5 °C' to owner",
        "the same again: --seed 1; its hash is ",
        "too cold",
        "2017-03-26 01:05:10",
    ):
        assert words in shown
    [cold] = [line for line in shown.splitlines() if line.startswith("kitchen.climate")]
    assert cold.split() == ["kitchen.climate", *("temperature=21", "humidity=60", "illuminance=0") * 2]


def test_a_program_gets_all_of_it_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sim", "play", str(a_recording(tmp_path)), "--json", "--no-cloud", "--seed", "4"]
    assert run_command(arguments) == 0
    view = json.loads(capsys.readouterr().out)
    assert view["v"] == 1
    assert (view["home"], view["seed"], view["played"], view["left_out"], view["ended_t"]) == ("flat", 4, 8, 0, 500.0)
    assert view["truth"]["hall.light"] == {"level": 0.0, "on": False}
    assert view["hub"]["kitchen.climate"]["temperature"] == 21.0
    assert view["times_real"] > 100
    assert run_command(arguments) == 0
    assert json.loads(capsys.readouterr().out)["trace"] == view["trace"]


def test_a_home_of_its_own_brings_its_rules_unless_none_are_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [{"t": 5.0, "device": "hall.motion", "set": {"occupied": True}}]
    file = str(a_recording(tmp_path, events))
    assert run_command(["sim", "play", file, "--home", "demo", "--json", "--no-cloud"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"]["light for whoever comes through the hall"]["runs"] == 1
    assert run_command(["sim", "play", file, "--home", "demo", "--json", "--no-cloud", "--no-rules"]) == 0
    view = json.loads(capsys.readouterr().out)
    assert view["rules"] == {}
    assert "at the start: the home has no kitchen.heating" in view["problems"]


def test_what_a_home_cannot_do_is_told_and_the_rest_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [{"t": 1.0, "device": "hall.remote", "press": "9"}, {"t": 2.0, "device": "hall.remote", "press": "1"}]
    assert run_command(["sim", "play", str(a_recording(tmp_path, events)), "--no-cloud"]) == 0
    shown = capsys.readouterr().out
    assert "1 were impossible:\n  t 1: there is no button '9'" in shown
    assert "flat: 1 events" in shown


def test_what_is_wrong_with_the_file_ends_it_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = [{"t": 1.0, "device": "hall.motion", "set": {"occupied": "yes"}}]
    assert run_command(["sim", "play", str(a_recording(tmp_path, events)), "--no-cloud"]) == 2
    assert 'flat.jsonl:2: hall.motion: occupied is true or false, not "yes"' in capsys.readouterr().err


def test_rules_that_name_no_device_of_the_recording_are_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "other.rules.toml"
    rules.write_text('[[rule]]\nname = "lost"\nwhen = "attic.door becomes open"\ndo = [{ set = "a.b", on = true }]\n')
    arguments = ["sim", "play", str(a_recording(tmp_path)), "--rules", str(rules), "--no-cloud", "--json"]
    assert run_command(arguments) == 0
    told = capsys.readouterr()
    warning = f"{rules}:3: rule 'lost' never runs in this home: there is no device 'attic.door'"
    assert f"warning  {warning}" in told.err
    assert json.loads(told.out)["remarks"] == [warning]


def test_a_fault_beside_the_recording_takes_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fault = "device.dead device=kitchen.climate at=5"
    assert run_command(["sim", "play", str(a_recording(tmp_path)), "--fault", fault, "--json", "--no-cloud"]) == 0
    view = json.loads(capsys.readouterr().out)
    assert view["truth"]["kitchen.climate"]["temperature"] == 21.0
    assert view["hub"]["kitchen.climate"]["temperature"] == 20.0


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["{none}"], 2, "cannot be read: No such file"),
        (["{file}", "--speed", "fast"], 2, "is neither max nor a number of times"),
        (["{file}", "--speed", "0"], 2, "is neither max nor a number of times"),
        (["{file}", "--until", "soon"], 2, "is no duration"),
        (["{file}", "--home", "castle"], 2, "there is no home 'castle'"),
        (["{file}", "--home", "studio"], 2, "has none of the recording's devices"),
        (["{file}", "--fault", "bad.luck"], 2, "is no fault of a home"),
        (["{file}", "--fault", ""], 2, "is no fault of a home"),
        (["{file}", "--fault", "air.loss at=soon"], 2, "could not convert"),
        (["{file}", "--rules", "{file}", "--no-rules"], 2, "are two wishes"),
        (["{file}", "--speed", "2"], 3, "no simulated home is running"),
        (["{file}", "--speed", "2", "--home", "demo"], 2, "they are for --speed max"),
    ],
)
def test_what_cannot_be_played_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, complaint: str
) -> None:
    places = {"file": str(a_recording(tmp_path)), "none": str(tmp_path / "none")}
    assert run_command(["sim", "play", *(one.format(**places) for one in arguments)]) == code
    assert complaint in capsys.readouterr().err


# Record.


@contextmanager
def _up(*arguments: str) -> Iterator[None]:
    with subprocess.Popen(
        _hubagent("sim", "up", *arguments), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert any(line.startswith("ready in") for line in process.stderr)
            yield
        finally:
            process.terminate()


def _run(*arguments: str) -> str:
    done = subprocess.run(_hubagent(*arguments), capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _until_known(device: str) -> None:
    """A hub is ready before each of its devices has been asked how it is; asking takes as long as a look does."""
    for _ in range(LOOKS_MAX):
        devices = json.loads(_run("devices", "--json"))["devices"]
        if any(it["name"] == device and it["state"] == "ready" for it in devices):
            return
    pytest.fail(f"{device} was never ready")


@pytest.mark.real_time
def test_a_running_home_is_recorded_until_it_is_enough_and_played_to(tmp_path: Path) -> None:
    file, home = tmp_path / "demo.jsonl", tmp_path / "demo.toml"
    with _up("demo", "--world-only"):
        with subprocess.Popen(
            _hubagent("sim", "record", str(file), "--home", str(home)), stderr=subprocess.PIPE, text=True
        ) as recorder:
            assert recorder.stderr is not None
            assert next(recorder.stderr).startswith("recording demo")
            _run("sim", "do", "set", "kitchen.sink", "wet=true")
            _run("sim", "do", "press", "bedroom.remote", "2", "double")
            recorder.send_signal(signal.SIGINT)
            said = recorder.stderr.read()
            assert recorder.wait(TIMEOUT_S) == 0, said
        events = _read(file)
        assert [
            dict(event.set) for event in events if isinstance(event, Became) and event.device == "kitchen.sink"
        ] == [{"wet": True}]
        assert any(isinstance(event, Pressed) and event.gesture == "double" for event in events)
        again = [{"t": 0.5, "device": "hall.light", "set": {"level": 66}}]
        _run("sim", "play", "--speed", "10", str(a_recording(tmp_path, again)))
        truth = {one["name"]: one["state"] for one in json.loads(_run("sim", "show", "--json"))["devices"]}
        assert truth["hall.light"]["level"] == 66
    assert "[[device]]" in home.read_text()


@pytest.mark.real_time
def test_a_hub_that_runs_is_recorded_with_what_it_knew_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "studio.jsonl"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        api = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("HUBAGENT_API__LISTEN", api)
    with _up("studio", "--api", api):
        _until_known("studio.light")
        with subprocess.Popen(
            _hubagent("sim", "record", "--from-hub", str(file), "--timezone", "Europe/Oslo"),
            stderr=subprocess.PIPE,
            text=True,
        ) as recorder:
            assert recorder.stderr is not None
            assert next(recorder.stderr).startswith("recording the hub")
            _run("sim", "do", "press", "studio.light")
            _run("set", "studio.light", "on=false")
            recorder.send_signal(signal.SIGTERM)
            said = recorder.stderr.read()
            assert recorder.wait(TIMEOUT_S) == 0, said
    with open_recording(file) as recording:
        assert recording.header.by_name["studio.light"].state == {"on": False}
        assert recording.header.place is not None
        assert recording.header.place.timezone == "Europe/Oslo"
        events = [event for event in recording.events if isinstance(event, Became) and event.device == "studio.light"]
    # What a person had the hub do is no rule's doing.
    assert [(dict(event.set), event.by) for event in events] == [({"on": True}, None), ({"on": False}, None)]


def test_what_watch_printed_becomes_a_recording_and_a_house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {
        "event": "reported",
        "device": "zigbee-1",
        "name": "Flur",
        "attribute": "occupied",
        "value": True,
        "t": 1.8e9,
    }
    log, file, home = tmp_path / "log.jsonl", tmp_path / "flat.jsonl", tmp_path / "flat.toml"
    log.write_text(json.dumps(line) + "\n" + json.dumps({**line, "t": 1.8e9 + 60, "value": False}) + "\n")
    arguments = ["--watch", str(log), str(file), "--home", str(home), "--timezone", "Europe/Berlin"]
    assert run_command(["sim", "record", *arguments]) == 0
    said = capsys.readouterr().err
    assert "'Flur' is called flur in it" in said
    assert f"play it: hubagent sim play {file} --home {home}" in said
    assert run_command(["sim", "play", str(file), "--home", str(home), "--json", "--no-cloud"]) == 0
    view = json.loads(capsys.readouterr().out)
    assert (view["played"], view["truth"]["flur"]) == (2, {"occupied": False})


@pytest.mark.real_time
def test_a_log_on_stdin_is_recorded_when_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "flat.jsonl"
    line = {"event": "reported", "device": "zwave-1", "name": "hall.light", "attribute": "on", "value": True, "t": 5}
    done = subprocess.run(
        _hubagent("sim", "record", "--watch", "-", str(file)),
        input=json.dumps(line) + "\n",
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [event.t for event in _read(file)] == [0.0]


def test_the_schema_is_printed_for_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["sim", "record", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "a line of a recording"


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ([], 2, "say where to: hubagent sim record FILE"),
        (["{file}"], 3, "no simulated home is running"),
        (["{none}/file"], 1, "cannot be written"),
        (["{file}", "--from-hub", "--watch", "-"], 2, "choose one"),
        (["{file}", "--watch", "{none}"], 2, "cannot be read"),
        (["{file}", "--watch", "{bad}"], 2, "line 1: that is no JSON"),
        (["{file}", "--open-smart-home", "{here}"], 2, "has no file like Kitchen_Temperature.csv"),
        (["{file}", "--watch", "{bad}", "--timezone", "Mars/Olympus"], 2, "there is no time zone 'Mars/Olympus'"),
        (["{file}", "--watch", "{bad}", "--timezone", "../etc"], 2, "there is no time zone"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, complaint: str
) -> None:
    (tmp_path / "bad").write_text("nonsense\n")
    places = {"file": tmp_path / "file", "none": tmp_path / "none", "bad": tmp_path / "bad", "here": tmp_path}
    assert run_command(["sim", "record", *(one.format(**places) for one in arguments)]) == code
    assert complaint in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["bad"]
