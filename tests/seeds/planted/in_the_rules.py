"""Planted into what carries out rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from hubagent.rules.executor.executor import VARIABLE, RuleExecutor

Patch = pytest.MonkeyPatch


def a_variable_begins_anew(patch: Patch) -> None:
    """Rules count from the beginning after each restart."""

    def restore(self: RuleExecutor, key: str, record: Mapping[str, Any]) -> None:
        if not key.startswith(VARIABLE):
            real(self, key, record)

    real = RuleExecutor._restore
    patch.setattr(RuleExecutor, "_restore", restore)
