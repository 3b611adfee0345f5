"""A Python on which homes went wrong is told of, by whoever runs one."""

import sys
from types import SimpleNamespace

import pytest

from hubagent.interpreter import doubt


def with_jit(monkeypatch: pytest.MonkeyPatch, *, on: bool) -> None:
    monkeypatch.setattr(sys, "_jit", SimpleNamespace(is_enabled=lambda: on), raising=False)


def test_a_jit_that_is_on_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    with_jit(monkeypatch, on=True)
    text = doubt()
    assert text is not None
    assert "JIT" in text


def test_one_that_is_off_or_not_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with_jit(monkeypatch, on=False)
    assert doubt() is None
    monkeypatch.delattr(sys, "_jit")
    assert doubt() is None
