"""Scenes: all devices told at once, and what is done about those that do not follow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.scene import OnFailure, SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.rule import Rule
from hubagent.rules.scene import Scene
from simulators.chaos.oracle.commands import commands_of
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.seen import Seen
from simulators.chaos.oracle.sending import Sending
from simulators.chaos.oracle.state import Run, Wish

AGAIN_S: Final = 60.0
"""RULES.md, What is sent again: those that did not follow are told once more."""
_Told = tuple[SetAction, DeviceId, Command]


@dataclass(slots=True, eq=False)
class _Under:
    """A scene whose devices have not all answered."""

    action: SceneAction
    run: Run
    rule: Rule | None
    left: int
    followed: list[tuple[DeviceId, dict[str, Value]]] = field(default_factory=list)
    """With what they were before."""
    failed: list[Wish] = field(default_factory=list)


class Scenes:
    """`told` is called with a scene that was activated, `stop` with a run that is to end for one that did not come
    about."""

    def __init__(
        self,
        desk: Desk,
        seen: Seen,
        sending: Sending,
        told: Callable[[str, Run], None],
        stop: Callable[[Run], None],
    ) -> None:
        self._desk = desk
        self._seen = seen
        self._sending = sending
        self._told = told
        self._stop = stop

    def activate(self, rule: Rule | None, run: Run, action: SceneAction, scene: Scene) -> None:
        """Without a rule it is a person's wish."""
        wanted = self._wanted(action, scene)
        if wanted is None:
            self._came_to_nothing(run, action)
            return
        # Safety's wishes are noted before anything of the scene is sent, and a device is left out as a whole.
        refused = {device for _, device, command in wanted if not self._sending.may(rule, device, command)}
        if action.atomic:
            silent = any(self._sending.is_silent(device) for _, device, _ in wanted)
            together = [(device, command) for _, device, command in wanted]
            if refused or silent or not self._sending.may_together(together, by_rule=rule is not None):
                self._came_to_nothing(run, action)
                return
        wanted = [one for one in wanted if one[1] not in refused]
        # One more than there are, until all are told.
        under = _Under(action, run, rule, len(wanted) + 1)
        for one in wanted:
            if action.atomic or self._sending.may(rule, one[1], one[2]):
                self._tell(under, *one)
            else:
                under.left -= 1
        self._one_less(under)
        self._told(action.scene, run)

    def _wanted(self, action: SceneAction, scene: Scene) -> list[_Told] | None:
        """None: what one of them is to be is unknown, or it cannot be that."""
        wanted: list[_Told] = []
        for setting in scene.settings:
            for device, commands in commands_of(setting, self._seen, action.fade_s):
                if not commands:
                    return None
                wanted += [(setting, device, command) for command in commands]
        return wanted

    def _came_to_nothing(self, run: Run, action: SceneAction) -> None:
        run.failed = True
        if action.on_failure is OnFailure.STOP:
            self._stop(run)

    def _tell(self, under: _Under, setting: SetAction, device: DeviceId, command: Command) -> None:
        before = {name: self._seen.value((device, name)) for name in command.wanted()}

        def answered(wish: Wish, failed: bool) -> None:
            if failed:
                under.failed.append(wish)
                self._sending.look_after(wish)
            else:
                under.followed.append((device, before))
            self._one_less(under)

        wish = Wish(under.run, under.rule, device, command, setting.retry, answered=answered)
        self._sending.track(wish, setting.within_s)

    def _one_less(self, under: _Under) -> None:
        under.left -= 1
        if under.left or not under.failed:
            return
        under.run.failed = True
        if under.action.atomic:
            for wish in under.failed:
                self._sending.look_away(wish)
            self._take_back(under)
        else:
            self._sending.tell_later(under.failed, AGAIN_S, lambda: self._again(under))
        if under.action.on_failure is OnFailure.STOP:
            self._stop(under.run)

    def _take_back(self, under: _Under) -> None:
        """All or none."""
        for device, before in under.followed:
            try:
                commands = commands_for({name: value for name, value in before.items() if value is not None})
            except InvalidValue:
                continue
            for command in commands:
                if self._sending.may(under.rule, device, command):
                    self._sending.send(under.run, device, command)

    def _again(self, under: _Under) -> None:
        for wish in under.failed:
            self._sending.look_away(wish)
            if self._sending.is_so(wish.device, wish.command) or wish.over:
                continue
            if self._sending.may(wish.rule, wish.device, wish.command):
                self._sending.send(wish.run, wish.device, wish.command)
