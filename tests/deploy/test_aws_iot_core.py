"""AWS IoT Core's policies and rule: by their grammar, and that they bind a hub to its own name."""

import json
import re
from typing import Any, Final

import pytest

from hubagent.uplink.message.channel import Down, Up
from tests.deploy.files import read_json, schema, text
from tests.helpers.json_schema import complaints

POLICIES: Final = ("hub-policy.json", "rule-role-policy.json", "consumer-role-policy.json")
HUB: Final = "hub-00000001"
THING: Final = "${iot:Connection.Thing.ThingName}"
ARN: Final = "arn:aws:iot:REGION:ACCOUNT:"
POLICY_MAX: Final = 2048
"""Letters without whitespace (AWS IoT Core quotas, policy document size)."""


def allowed(action: str, resource: str) -> bool:
    """What a connection of HUB's may, `*` being the wildcard, `+` and `#` letters (Developer Guide)."""
    for statement in read_json("aws-iot-core/hub-policy.json")["Statement"]:
        pattern = re.escape(statement["Resource"].replace(THING, HUB)).replace(r"\*", ".*")
        if statement["Action"] == action and re.fullmatch(pattern, ARN + resource):
            assert statement["Effect"] == "Allow"
            return True
    return False


@pytest.mark.parametrize("name", POLICIES)
def test_policies_keep_to_the_grammar(name: str) -> None:
    policy = read_json(f"aws-iot-core/{name}")
    assert complaints(policy, schema("aws_policy")) == []
    assert len(json.dumps(policy, separators=(",", ":"))) <= POLICY_MAX


def test_a_hub_connects_under_its_own_name_only() -> None:
    assert allowed("iot:Connect", f"client/{HUB}")
    for name in ("hub-00000002", "+", "#", "*", f"{HUB}x", ""):
        assert not allowed("iot:Connect", f"client/{name}")


def test_a_hub_says_and_hears_what_is_its_own_and_nothing_else() -> None:
    for up in Up:
        assert allowed("iot:Publish", f"topic/hub/{HUB}/up/{up.value}")
        assert not allowed("iot:Publish", f"topic/hub/hub-00000002/up/{up.value}")
    for down in Down:
        assert allowed("iot:Receive", f"topic/hub/{HUB}/dn/{down.value}")
        assert not allowed("iot:Receive", f"topic/hub/hub-00000002/dn/{down.value}")
        assert not allowed("iot:Publish", f"topic/hub/{HUB}/dn/{down.value}")
    assert allowed("iot:Subscribe", f"topicfilter/hub/{HUB}/dn/#")
    for other in ("hub/+/dn/#", "hub/#", "#", "hub/hub-00000002/dn/#", f"hub/{HUB}/up/#"):
        assert not allowed("iot:Subscribe", f"topicfilter/{other}")


def test_no_variable_is_one_that_the_client_chooses() -> None:
    used = re.findall(r"\$\{[^}]+\}", text("aws-iot-core/hub-policy.json"))
    assert set(used) == {THING}


def test_the_rule_takes_the_hubs_name_from_the_topic() -> None:
    rule = read_json("aws-iot-core/rule.json")
    assert complaints(rule, schema("aws_rule")) == []
    assert "topic(2) AS hub" in rule["sql"]
    assert rule["sql"].endswith("FROM 'hub/+/up/#'")
    (action,) = rule["actions"]
    assert action["kinesis"]["partitionKey"] == "${topic(2)}"


def test_the_roles_are_for_the_rules_stream() -> None:
    rule: Any = read_json("aws-iot-core/rule.json")
    stream = rule["actions"][0]["kinesis"]["streamName"]
    for name in POLICIES[1:]:
        assert f"stream/{stream}" in text(f"aws-iot-core/{name}")
    assert rule["errorAction"]["cloudwatchLogs"]["logGroupName"] in text("aws-iot-core/rule-role-policy.json")


def test_no_topic_has_more_slashes_than_aws_takes() -> None:
    longest = max(len(it.value) for it in (*Up, *Down))
    assert max(f"hub/{HUB}/up/{it.value}".count("/") for it in (*Up, *Down)) == 4
    assert len("hub//up/") + 64 + longest <= 128
