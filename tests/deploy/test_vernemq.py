"""VerneMQ lets each hub in under its own name only: its hook is run by a real Lua, its ACL is mosquitto's."""

from typing import Any, Final

import pytest
from lupa import lua53

from simulators.cloud.broker import CONSUMER, CONSUMER_ACL, HUB_ACL
from tests.deploy.files import text, values

VALUES: Final = values("vernemq/values.yaml")
ENVIRONMENT: Final[dict[str, str]] = {it["name"]: it["value"] for it in VALUES["additionalEnv"]}


def rules(acl: str) -> list[str]:
    return [line for line in acl.splitlines() if line and not line.startswith("#")]


def is_let_in(**registration: Any) -> Any:
    """As vmq_diversity calls the hook (luaplugins.md): false is a refusal."""
    lua = lua53.LuaRuntime(register_eval=False, register_builtins=False)
    lua.execute(text("kubernetes/vernemq/identity.lua"))
    hooks = lua.globals().hooks
    arguments = lua.table_from({"mountpoint": "", "clean_start": True, **registration})
    answers = [hooks[name](arguments) for name in ("auth_on_register", "auth_on_register_m5")]
    assert answers[0] == answers[1]
    assert isinstance(answers[0], bool)
    return answers[0]


@pytest.mark.parametrize("name", ["hub-00000001", "0" * 64])
def test_a_hub_comes_in_under_its_own_name(name: str) -> None:
    assert is_let_in(username=name, client_id=name)


@pytest.mark.parametrize(
    ("username", "client_id"),
    [
        ("hub-00000001", "hub-00000002"),
        ("hub-00000001", "cloud"),
        ("hub-00000001", "cloud-0"),
        ("hub-00000001", ""),
        ("hub-00000001", "HUB-00000001"),
        ("hub-00000001", "hub-00000001 "),
        ("hub-00000001", None),
        (None, "hub-00000001"),
        (None, None),
        ("", "hub-00000001"),
        ("cloud", "hub-00000001"),
        ("cloud", "cloud"),
        ("cloud", "xcloud-0"),
        (True, True),
        (1, 1),
    ],
)
def test_nobody_comes_in_under_anothers_name(username: Any, client_id: Any) -> None:
    assert not is_let_in(username=username, client_id=client_id)


def test_each_consumer_has_a_name_of_its_own() -> None:
    assert is_let_in(username=CONSUMER, client_id="cloud-consumer-5d9f-x2")


def test_the_acl_is_the_one_that_mosquitto_has_and_says_what_is_shared() -> None:
    found = rules(VALUES["acl"]["content"])
    shared = f"topic read $share/{CONSUMER}/hub/+/up/#"
    assert shared in found
    assert [rule for rule in found if rule != shared] == rules(HUB_ACL) + rules(CONSUMER_ACL)
    # vmq_acl reads a line as it stands.
    assert all(line == line.strip() for line in VALUES["acl"]["content"].splitlines())


@pytest.mark.parametrize("listener", ["SSL", "WSS"])
def test_both_listeners_want_tls_1_3_and_a_certificate(listener: str) -> None:
    settings = {
        "CAFILE": "/etc/ssl/vernemq/ca.crt",
        "CERTFILE": "/etc/ssl/vernemq/tls.crt",
        "KEYFILE": "/etc/ssl/vernemq/tls.key",
        "CRLFILE": "/etc/ssl/vernemq/hubs.crl",
        "REQUIRE_CERTIFICATE": "on",
        "USE_IDENTITY_AS_USERNAME": "on",
        "TLS_VERSION": "tlsv1.3",
        "ALLOWED_PROTOCOL_VERSIONS": "5",
    }
    for name, value in settings.items():
        assert ENVIRONMENT[f"DOCKER_VERNEMQ_LISTENER__{listener}__{name}"] == value


def test_nobody_comes_in_without_tls_or_anonymously() -> None:
    assert ENVIRONMENT["DOCKER_VERNEMQ_ALLOW_ANONYMOUS"] == "off"
    for plugin, state in (("PASSWD", "off"), ("ACL", "on"), ("DIVERSITY", "on")):
        assert ENVIRONMENT[f"DOCKER_VERNEMQ_PLUGINS__VMQ_{plugin}"] == state
    for listener in ("TCP", "WS"):
        assert ENVIRONMENT[f"DOCKER_VERNEMQ_LISTENER__{listener}__DEFAULT"].startswith("127.0.0.1:")
    assert VALUES["service"]["mqtt"] == {"enabled": False}


def test_the_hook_is_where_the_broker_looks_for_it() -> None:
    (mount,) = VALUES["extraVolumeMounts"]
    assert ENVIRONMENT["DOCKER_VERNEMQ_VMQ_DIVERSITY__IDENTITY__FILE"] == f"{mount['mountPath']}/identity.lua"
    (volume,) = VALUES["extraVolumes"]
    assert volume["configMap"]["name"] == "vernemq-identity"


def test_no_variable_is_set_twice() -> None:
    assert len(ENVIRONMENT) == len(VALUES["additionalEnv"])
