"""Powerlevel (SDS13784): the strength of the radio, and a test of its links."""

from drivers.zwave.command_classes import powerlevel
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.powerlevel import (
    PowerlevelGet,
    PowerlevelReport,
    PowerlevelSet,
    PowerlevelTestNodeGet,
    PowerlevelTestNodeReport,
    PowerlevelTestNodeSet,
    TestStatus,
)
from simulators.zwave.reactions.reaction import DONE, Answer, Loop, Reaction


class PowerlevelReaction(Reaction):
    """Every test frame is acknowledged, at once: the air between the nodes is not simulated here."""

    MODULE = powerlevel

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._level = 0
        self._normal_at = 0.0
        self._test = PowerlevelTestNodeReport(0, TestStatus.FAILED, 0)

    def lose_power(self) -> None:
        self._level, self._normal_at = 0, 0.0

    def react(self, command: Command) -> Answer:
        match command:
            case PowerlevelGet():
                left_s = max(0, round(self._normal_at - self._loop.time()))
                return PowerlevelReport(self._level, left_s) if left_s else PowerlevelReport(0, 0)
            case PowerlevelSet(level, timeout_s):
                self._level = level
                self._normal_at = self._loop.time() + (timeout_s if level else 0)
                return DONE
            case PowerlevelTestNodeSet(node, _, frames):
                self._test = PowerlevelTestNodeReport(node, TestStatus.SUCCESS, frames)
                return DONE
            case PowerlevelTestNodeGet():
                return self._test
        return None
