"""Rules fire exactly when the oracle says, and the check finds it when they do not."""

import asyncio

import pytest

from hubagent.rules.executor.triggering import Triggering
from simulators.chaos.checks.rules import Rules
from simulators.site.site import Site
from simulators.virtual_time import run_virtual
from tests.simulators.chaos.checks.watched import found, watched


async def _door(site: Site, *, kill: bool) -> None:
    """Opened and closed; 90 s later the flat's rule locks it."""
    site.world.do("set", "hall.door", "open=true")
    await asyncio.sleep(5)
    site.world.do("set", "hall.door", "open=false")
    await asyncio.sleep(20)
    if kill:
        site.hub.kill()
    await asyncio.sleep(120)


def _found(*, kill: bool) -> list[str]:
    async def main() -> list[str]:
        async with watched(Rules, "flat", still=True) as (site, check):
            # A minute after its start, a change is one.
            await asyncio.sleep(70)
            await _door(site, kill=kill)
            return await found(check, 5)

    return run_virtual(main, seed=1)


def test_rules_that_do_what_they_should_are_no_problem() -> None:
    assert _found(kill=False) == []


def test_what_is_held_over_a_kill_is_no_problem() -> None:
    assert _found(kill=True) == []


def test_what_is_held_and_was_not_stored_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    restore = Triggering.restore

    def forgetful(self: Triggering, key: str, record: dict[str, object]) -> None:
        if not key.startswith("hold:"):
            restore(self, key, record)

    monkeypatch.setattr(Triggering, "restore", forgetful)
    assert "the door is locked behind who left it closed" in "".join(_found(kill=True))


def test_a_rule_that_fires_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    hold = Triggering._held

    def twice(self: Triggering, one: object) -> None:
        hold(self, one)  # type: ignore[arg-type]
        hold(self, one)  # type: ignore[arg-type]

    monkeypatch.setattr(Triggering, "_held", twice)
    assert "which the oracle does not say" in "".join(_found(kill=False))


def test_a_rule_that_does_not_fire_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Triggering, "_held", lambda _self, _hold: None)
    assert "as the oracle says" in "".join(_found(kill=False))


def test_a_change_that_is_held_for_too_short_a_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    hold = Triggering._hold

    def short(self: Triggering, bound: object, index: int, about: str, value: object, held_s: float, key: str) -> None:
        hold(self, bound, index, about, value, held_s / 2, key)  # type: ignore[arg-type]

    monkeypatch.setattr(Triggering, "_hold", short)
    assert "which the oracle does not say" in "".join(_found(kill=False))
