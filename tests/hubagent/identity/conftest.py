"""A hub from the box, for each test its own."""

import os
from pathlib import Path

import pytest

from tests.hubagent.identity.a_hub import AHub


@pytest.fixture
def hub(tmp_path: Path) -> AHub:
    return AHub(tmp_path)


@pytest.fixture
def a_quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is synced: for lives of which each hour would take a real disk's milliseconds."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
