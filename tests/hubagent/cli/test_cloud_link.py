"""How a real hub's uplink is put together: what the cloud may ask of it, and what runs beside it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubagent.cli.cloud_link import cloud_link
from hubagent.config import UplinkConfig
from hubagent.identity.renewal import Renewal
from hubagent.uplink.place import Link
from simulators.cloud.ca import new_authority
from simulators.runtime import simulated_runtime
from tests.helpers.an_agent import a_config
from tests.helpers.an_identity import HUB, an_identity

NOW = 1_800_000_000.0


def linked(folder: Path) -> Link | None:
    config = replace(a_config(folder), uplink=UplinkConfig("mqtts://localhost"))
    return cloud_link(simulated_runtime("link", {}, state=config.state_dir), config)


async def test_the_cloud_may_ask_for_a_new_certificate(tmp_path: Path) -> None:
    """UPLINK.md's job `renew`: the same renewal that runs beside the uplink is told."""
    an_identity(tmp_path, new_authority(lambda: NOW))
    link = linked(tmp_path)
    assert link is not None
    assert link.hub == HUB
    assert set(link.jobs) == {"renew"}
    asked: Any = link.jobs["renew"]
    beside: Any = link.upkeep
    assert isinstance(asked.__self__, Renewal)
    assert beside.__self__ is asked.__self__


async def test_a_hub_that_was_not_provisioned_has_no_uplink_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert linked(tmp_path) is None
    assert "the home works without it" in caplog.text
