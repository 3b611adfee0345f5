"""A hub from the box, for each test its own."""

from pathlib import Path

import pytest

from tests.hubagent.identity.a_hub import AHub


@pytest.fixture
def hub(tmp_path: Path) -> AHub:
    return AHub(tmp_path)
