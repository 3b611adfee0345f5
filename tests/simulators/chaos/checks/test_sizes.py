"""What is measured, and what is left out."""

from collections import deque

from hubagent.model.device import Presence
from simulators.chaos.checks.sizes import sizes_of


class _Held:
    __slots__ = ("inner", "unset")


_Held.__module__ = "hubagent.held"


def test_containers_in_containers_and_slots_count_together_by_where_they_are() -> None:
    held = _Held()
    held.inner = {"a": [1, 2], "b": [3], "c": Presence.READY}  # type: ignore[attr-defined]
    assert sizes_of(held) == {"hubagent.held._Held.inner": 3, "hubagent.held._Held.inner[]": 3}


def test_rings_and_what_is_not_the_agents_are_not_measured() -> None:
    held = _Held()
    held.inner = [deque([[1], [2]], maxlen=4), object(), memoryview(b"12")]  # type: ignore[attr-defined]
    assert sizes_of(held) == {"hubagent.held._Held.inner": 3}


def test_what_holds_itself_is_measured_once() -> None:
    held = _Held()
    held.inner = [held, held]  # type: ignore[attr-defined]
    held.inner.append(held.inner)  # type: ignore[attr-defined]
    assert sizes_of(held) == {"hubagent.held._Held.inner": 3}
