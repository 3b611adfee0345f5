"""Planted into what carries out rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from hubagent.rules.executor.executor import VARIABLE, RuleExecutor
from hubagent.rules.executor.modes import Verdict
from hubagent.rules.executor.runs import Runs

Patch = pytest.MonkeyPatch


def a_timer_is_not_kept(patch: Patch) -> None:
    """A rule that waits is forgotten at a restart."""
    patch.setattr(Runs, "record", lambda *_: None)


def a_variable_begins_anew(patch: Patch) -> None:
    """Rules count from the beginning after each restart."""

    def restore(self: RuleExecutor, key: str, record: Mapping[str, Any]) -> None:
        if not key.startswith(VARIABLE):
            real(self, key, record)

    real = RuleExecutor._restore
    patch.setattr(RuleExecutor, "_restore", restore)


def two_at_a_time(patch: Patch) -> None:
    """The lock that a rule's mode is lets the next one in while one is inside."""
    patch.setattr(Runs, "verdict", lambda *_: Verdict.BEGIN)
