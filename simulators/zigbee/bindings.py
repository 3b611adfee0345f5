"""The binding table: whom the clusters of a node speak to unasked (Zigbee Specification 05-3474-22, §2.2.8).

A report, a notification or a remote's command goes to everybody whom the table names for that endpoint and cluster.
"""

from dataclasses import dataclass

from simulators.device_memory import Kept
from simulators.kept_record import as_kept, from_kept

BINDINGS_MAX = 16
"""A usual size; a full table says so with TABLE_FULL."""


@dataclass(frozen=True, slots=True)
class Binding:
    """From one cluster of an endpoint to an endpoint of another node, or to a group."""

    endpoint: int
    cluster: int
    eui64: int | None = None
    target_endpoint: int = 0
    group: int | None = None
    """In place of a node and its endpoint."""


class BindingTable:
    def __init__(self, size: int = BINDINGS_MAX) -> None:
        self._size = size
        self._bindings: list[Binding] = []

    @property
    def all(self) -> tuple[Binding, ...]:
        """In the order in which they were made."""
        return tuple(self._bindings)

    def add(self, binding: Binding) -> bool:
        """False: the table is full. What is bound already stays bound once (05-3474-22, §2.2.4)."""
        if binding in self._bindings:
            return True
        if len(self._bindings) >= self._size:
            return False
        self._bindings.append(binding)
        return True

    def remove(self, binding: Binding) -> bool:
        """False: there is no such binding."""
        if binding not in self._bindings:
            return False
        self._bindings.remove(binding)
        return True

    def of(self, endpoint: int, cluster: int) -> tuple[Binding, ...]:
        return tuple(it for it in self._bindings if it.endpoint == endpoint and it.cluster == cluster)

    def kept(self) -> list[Kept]:
        return [as_kept(it) for it in self._bindings]

    def restore(self, kept: list[Kept]) -> None:
        self._bindings = [from_kept(Binding, it) for it in kept]

    def clear(self) -> None:
        self._bindings.clear()
