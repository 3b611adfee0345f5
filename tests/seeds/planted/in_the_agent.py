"""Planted into the agent itself: what holds drivers, rules and uplink together."""

from collections import deque
from collections.abc import Callable
from typing import Final

import pytest

from hubagent import automation
from hubagent.agent import Answered, Radio
from hubagent.model.capability import Command
from hubagent.model.device import DeviceId
from hubagent.model.event import Cause, CommandAnswered

Patch = pytest.MonkeyPatch

LOOK_S: Final = 0.005


def one_at_a_time(patch: Patch) -> None:
    """A command waits until the one before it was answered, so that they do not collide."""

    def send(self: Radio, device: DeviceId, command: Command, cause: Cause, answered: Answered) -> None:
        line: deque[Callable[[], None]] = vars(self).setdefault("_line", deque())

        def then(answer: CommandAnswered) -> None:
            line.popleft()
            answered(answer)
            if line:
                line[0]()

        line.append(lambda: real(self, device, command, cause, then))
        if len(line) == 1:
            line[0]()

    real = Radio.send
    patch.setattr(Radio, "send", send)


def files_are_looked_at_all_the_time(patch: Patch) -> None:
    """Whether the rules' files have changed is asked without a pause."""
    patch.setattr(automation, "LOOK_S", LOOK_S)
