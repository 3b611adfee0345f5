"""How the interview speaks to a node: it asks and waits, or tells and waits until it has arrived."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from drivers.zwave.command_classes.command import Command

Answer = TypeVar("Answer", bound=Command)


class Ask(Protocol):
    """One end point of one node, spoken to at the priority of interviews."""

    async def ask(
        self, get: Command, expected: type[Answer], matches: Callable[[Answer], bool] | None = None
    ) -> Answer | None:
        """The node's answer; None where it received the question and, asked again, did not answer.

        Raises DeviceUnreachable where it could not be reached at all.
        """
        ...

    async def tell(self, command: Command) -> None:
        """Sent and acknowledged. Raises DeviceUnreachable."""
        ...
