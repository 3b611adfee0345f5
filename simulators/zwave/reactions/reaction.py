"""A reaction: how one end point of a simulated node behaves in one command class.

It is given decoded commands and gives commands back; it knows no radio, no encapsulation and no association.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.supervision import SupervisionStatus
from simulators.device_memory import Kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command that sets something; `duration_s` is what is left of it while it is working."""

    status: SupervisionStatus
    duration_s: float = 0.0


DONE = Outcome(SupervisionStatus.SUCCESS)
FAILED = Outcome(SupervisionStatus.FAIL)


def working(duration_s: float) -> Outcome:
    """Done after so many seconds; now, where there are none left."""
    return Outcome(SupervisionStatus.WORKING, duration_s) if duration_s > 0 else DONE


Answer = Command | tuple[Command, ...] | Outcome | None
"""To a Get its report or reports; to what sets something its outcome; None where the command is not supported."""


class Reaction:
    """One command class. `VERSION` is the one claimed, the codec's newest where it is None."""

    MODULE: ModuleType
    VERSION: ClassVar[int | None] = None
    REPORTS: ClassVar[tuple[type[Command], ...]] = ()
    """What it sends unasked through the lifeline."""
    IN_NODE_INFORMATION: ClassVar[bool] = True

    @property
    def command_class(self) -> int:
        number: int = self.MODULE.COMMAND_CLASS
        return number

    @property
    def version(self) -> int:
        newest: int = self.MODULE.VERSION
        return newest if self.VERSION is None else self.VERSION

    def react(self, command: Command) -> Answer:
        """Do what `command` asks, a command of this class."""
        raise NotImplementedError

    def changed(self, attribute: str) -> Iterable[Command]:  # noqa: ARG002 - for those who report something
        """What to report through the lifeline now that `attribute` of the device changed."""
        return ()

    def reset(self) -> None:
        """Back to factory settings."""

    def kept(self) -> Kept:
        """What is there without power; what the device itself keeps is not among it."""
        return {}

    def restore(self, kept: Kept) -> None:
        """Be as it was. Raises anything that an unfit dictionary leads to."""

    def lose_power(self) -> None:
        """What was under way ends, and what was only in RAM is gone."""

    def power_returned(self) -> None:
        """The power was gone, and is back."""


Loop = asyncio.AbstractEventLoop
