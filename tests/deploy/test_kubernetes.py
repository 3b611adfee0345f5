"""The manifests are what Kubernetes takes, and fit one another; no cluster is asked."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml

from tests.deploy.files import CHART_VALUES, KUBERNETES, Document, manifests, schema, text, values
from tests.helpers.json_schema import complaints

MANIFESTS: Final = manifests()
OURS: Final = {name: it for name, it in MANIFESTS.items() if not it["apiVersion"].startswith("postgresql.cnpg.io/")}
VERSIONS: Final = ("1.32", "1.34", "1.37")
"""Of Kubernetes: the oldest we mean, and newer ones."""
DEPLOYMENTS: Final = {name: it for name, it in MANIFESTS.items() if it["kind"] == "Deployment"}
OTHER_PODS: Final = ({"app.kubernetes.io/name": "vernemq"}, {"cnpg.io/cluster": "uplink-db"})
"""That the chart and the operator make."""
SECRETS: Final = {"vernemq-certificates", "consumer-certificates", "uplink-db-app"}


def of_kind(kind: str) -> Document:
    return {it["metadata"]["name"]: it for it in MANIFESTS.values() if it["kind"] == kind}


def below(value: Any, key: str) -> Iterator[Any]:
    """Everything under that key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from below(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from below(inner, key)


def pods() -> list[dict[str, str]]:
    return [it["spec"]["template"]["metadata"]["labels"] for it in DEPLOYMENTS.values()] + list(OTHER_PODS)


def selected(labels: dict[str, str]) -> bool:
    return any(labels.items() <= pod.items() for pod in pods())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OURS)
def test_kubernetes_takes_every_manifest(name: str, version: str) -> None:
    kubernetes_validate.validate(OURS[name], version, strict=True)


def test_a_key_that_kubernetes_does_not_know_would_be_noticed() -> None:
    broken = {**OURS["consumer/service.yaml"], "sepc": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSIONS[0], strict=True)


def test_the_databases_cluster_is_what_its_operator_takes() -> None:
    assert complaints(MANIFESTS["postgres/cluster.yaml"], schema("cnpg_cluster")) == []


@pytest.mark.parametrize("path", CHART_VALUES)
def test_the_charts_have_the_values_that_are_set(path: str) -> None:
    assert complaints(values(path), schema(f"{path.partition('/')[0]}_values")) == []


def test_kustomize_is_told_of_every_manifest_and_file() -> None:
    kustomization = yaml.safe_load(text("kubernetes/kustomization.yaml"))
    assert sorted(kustomization["resources"]) == sorted(MANIFESTS)
    for generator in kustomization["configMapGenerator"]:
        for file in generator["files"]:
            assert (KUBERNETES / file).is_file()


def test_kustomize_makes_one_of_all() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    done = subprocess.run([kubectl, "kustomize", str(KUBERNETES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = [it for it in yaml.safe_load_all(done.stdout) if it]
    assert len(made) == len(MANIFESTS) + 3
    assert {it["metadata"].get("namespace", it["metadata"]["name"]) for it in made} == {"hub-cloud"}


def test_every_selector_finds_pods() -> None:
    for name, manifest in MANIFESTS.items():
        spec = manifest.get("spec", {})
        found = [*below(spec.get("selector", {}), "matchLabels"), *below(spec, "podSelector")]
        if manifest["kind"] == "Service":
            found.append(spec["selector"])
        for it in found:
            labels = it.get("matchLabels", it)
            assert selected(labels), (name, labels)


def test_services_and_probes_use_ports_that_their_pods_have() -> None:
    for deployment in DEPLOYMENTS.values():
        template = deployment["spec"]["template"]
        ports = {port["name"] for it in template["spec"]["containers"] for port in it["ports"]}
        assert set(below(template, "port")) <= ports
        for service in of_kind("Service").values():
            if service["spec"]["selector"].items() <= template["metadata"]["labels"].items():
                assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_what_is_scaled_and_what_may_not_all_go_at_once_is_there() -> None:
    names = {it["metadata"]["name"] for it in DEPLOYMENTS.values()}
    assert set(of_kind("HorizontalPodAutoscaler")) == {"consumer"}
    target = of_kind("HorizontalPodAutoscaler")["consumer"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", "consumer")
    assert "replicas" not in DEPLOYMENTS["consumer/deployment.yaml"]["spec"]
    assert set(of_kind("PodDisruptionBudget")) == names
    assert set(of_kind("NetworkPolicy")) == {*names, "vernemq", "uplink-db"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_pod_is_bounded_unprivileged_and_watched(name: str) -> None:
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert container["readinessProbe"]
        assert container["livenessProbe"]
        security = container["securityContext"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert re.search(r":[^:/]+$", container["image"])
        assert not container["image"].endswith(":latest")


def test_secrets_are_referred_to_and_named_in_the_readme() -> None:
    assert of_kind("Secret") == {}
    named = {
        *below(MANIFESTS, "secretName"),
        *(it["name"] for it in below(MANIFESTS, "secretKeyRef")),
        *below(values("vernemq/values.yaml"), "secretName"),
    }
    assert named == SECRETS
    for secret in SECRETS:
        assert f"| `{secret}` |" in text("README.md")


def test_no_file_has_a_key_or_a_password() -> None:
    for path in KUBERNETES.parent.rglob("*"):
        if path.is_file():
            found = path.read_text(encoding="utf-8")
            assert "PRIVATE KEY" not in found
            assert not re.search(
                r"(?i)password[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9]{6,}", found.replace("Key: password", "")
            ), path


def test_hubs_are_told_to_return_no_faster_than_they_are_let_in() -> None:
    configuration = text("kubernetes/admission/haproxy.cfg")
    per_process = int(re.search(r"maxconnrate (\d+)", configuration)[1])  # type: ignore[index]
    listeners = [int(it) for it in re.findall(r"rate-limit sessions (\d+)", configuration)]
    assert sum(listeners) <= per_process
    let_in = per_process * DEPLOYMENTS["admission/deployment.yaml"]["spec"]["replicas"]
    (consumer,) = DEPLOYMENTS["consumer/deployment.yaml"]["spec"]["template"]["spec"]["containers"]
    told = next(int(it["value"]) for it in consumer["env"] if it["name"] == "RETURN_RATE")
    assert told < let_in
    # And whoever stands in the kernel's line is served while the hub still waits.
    from hubagent.uplink.transports.port import CONNECT_TIMEOUT_S

    backlog = int(re.search(r"backlog (\d+)", configuration)[1])  # type: ignore[index]
    assert backlog / max(listeners) < CONNECT_TIMEOUT_S / 2


def test_a_million_connections_find_their_ports_while_one_proxy_is_away() -> None:
    deployment = DEPLOYMENTS["admission/deployment.yaml"]["spec"]
    (sysctl,) = deployment["template"]["spec"]["securityContext"]["sysctls"]
    first, last = (int(it) for it in sysctl["value"].split())
    ports = set(below(deployment, "containerPort"))
    assert max(ports) < first
    per_process = int(re.search(r"maxconn (\d+)", text("kubernetes/admission/haproxy.cfg"))[1])  # type: ignore[index]
    brokers = values("vernemq/values.yaml")["replicaCount"]
    assert per_process <= (last - first + 1) * brokers
    assert per_process * (deployment["replicas"] - 1) >= 1_000_000


def test_haproxy_takes_its_configuration() -> None:
    haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if haproxy is None:
        pytest.skip("haproxy is not installed (Debian: apt install haproxy)")
    path = KUBERNETES / "admission" / "haproxy.cfg"
    done = subprocess.run([haproxy, "-c", "-f", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
