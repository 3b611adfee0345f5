"""The Job that runs seeds on a cluster is what Kubernetes takes, and its indexes share the seeds."""

import json
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml

from hubagent.cli.exits import GATE, OK
from hubagent.cli.main import run_command
from simulators.chaos.asked import Asked
from simulators.chaos.verdict import Problem, Verdict
from tests.deploy.files import KUBERNETES, PROJECT

JOB: Final = yaml.safe_load((KUBERNETES / "chaos" / "job.yaml").read_text(encoding="utf-8"))
(CONTAINER,) = JOB["spec"]["template"]["spec"]["containers"]
VERSIONS: Final = ("1.32", "1.34", "1.37")


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_it(version: str) -> None:
    kubernetes_validate.validate(JOB, version, strict=True)


def test_each_index_runs_a_block_of_its_own_and_together_they_run_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("simulators.chaos.jobs.answer", _fine)
    seeds: list[int] = []
    for index in range(JOB["spec"]["completions"]):
        monkeypatch.setenv("JOB_COMPLETION_INDEX", str(index))
        assert _run() == OK
        seeds += [json.loads(line)["seed"] for line in capsys.readouterr().out.splitlines()]
    assert seeds == list(range(10_000))


def test_a_failure_ends_its_index_and_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.chaos.jobs.answer", _wrong)
    monkeypatch.setattr("simulators.chaos.asked.answer", _fine)
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "1")
    assert _run() == GATE
    (rule,) = [it for it in JOB["spec"]["podFailurePolicy"]["rules"] if it["action"] == "FailIndex"]
    assert rule["onExitCodes"]["values"] == [GATE]
    assert rule["onExitCodes"]["containerName"] == CONTAINER["name"]
    assert JOB["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_it_is_bounded_and_unprivileged() -> None:
    pod: dict[str, Any] = JOB["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["activeDeadlineSeconds"]
    assert CONTAINER["resources"]["limits"]["memory"]
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not CONTAINER["image"].endswith(":latest")


def test_what_its_image_is_made_of_is_there() -> None:
    for line in (KUBERNETES / "chaos" / "Containerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY "):
            assert all((PROJECT / name).exists() for name in line.split()[1:-1]), line


def _run() -> int:
    return run_command([str(word) for word in CONTAINER["args"]])


def _fine(asked: Asked) -> Verdict:
    return Verdict(asked.scenario, (), "", 0, 0.0, 1)


def _wrong(asked: Asked) -> Verdict:
    problems = (Problem("messages", "one is lost"),) if asked.scenario.seed == 250 else ()
    return Verdict(asked.scenario, problems, "", 0, 0.0, 1)
