"""What a run does at one step. One that fails does not keep the run from its next step."""

from collections.abc import Callable, Mapping
from typing import Protocol

from hubagent.model.capability import Command, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.table import PlainAction
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.expression.tree import Expression
from hubagent.rules.rule import Rule
from hubagent.rules.scene import Scene
from simulators.chaos.oracle.calls import Calls
from simulators.chaos.oracle.commands import commands_of
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.meaning import rendered, worth
from simulators.chaos.oracle.scenes import Scenes
from simulators.chaos.oracle.seen import Seen
from simulators.chaos.oracle.sending import Sending
from simulators.chaos.oracle.state import Run, Wish


class Home(Protocol):
    """What runs do beyond devices; each says whether it could be done."""

    def set_mode(self, mode: str, run: Run | None) -> bool: ...

    def set_variable(self, name: str, value: Value, run: Run | None) -> bool: ...

    def set_off(self, rule: str, run: Run) -> None: ...

    def scene_activated(self, scene: str, run: Run) -> None: ...

    def outcome(self, run: Run, outcome: str) -> None: ...


class Doing:
    """`answered` is called with a run after each answer, `stop` with one that is to end as failed."""

    def __init__(
        self, desk: Desk, seen: Seen, home: Home, answered: Callable[[Run], None], stop: Callable[[Run], None]
    ) -> None:
        self._desk = desk
        self._seen = seen
        self._home = home
        self.sending = Sending(desk, seen, answered)
        self.calls = Calls(desk, answered)
        self.telling = Scenes(desk, seen, self.sending, home.scene_activated, stop)
        self.scenes: Mapping[str, Scene] = {}
        self.watched: frozenset[str] = frozenset()
        """Rules whose outcome another one waits for."""

    def start(self) -> None:
        """A new life: nobody answers what an older one sent."""
        self.sending.start()
        self.calls.start()

    def perform(self, rule: Rule, run: Run, action: PlainAction) -> None:
        match action:
            case SetAction():
                for device, commands in commands_of(action, self._seen):
                    self._set(rule, run, action, device, commands)
            case ModeAction(mode=mode):
                run.failed |= not self._home.set_mode(mode, run)
            case VariableAction(name=name, to=to):
                value = worth(to.root, self._seen) if isinstance(to, Expression) else to
                run.failed |= value is None or not self._home.set_variable(name, value, run)
            case RunAction(rule=other):
                self._home.set_off(other, run)
            case _ if run.in_doubt:
                pass
            case SceneAction(scene=scene):
                self.telling.activate(rule, run, action, self.scenes[scene])
            case NotifyAction(to=to, text=text):
                self._desk.did.append(("notify", rule.name, to, rendered(text, self._seen)))
            case HttpAction(body=body):
                self.calls.call(run, action, "" if body is None else rendered(body, self._seen))

    def _set(self, rule: Rule, run: Run, action: SetAction, device: DeviceId, commands: list[Command]) -> None:
        run.failed |= not commands
        for command in commands:
            if run.in_doubt and self.sending.is_so(device, command):
                continue
            if not self.sending.may(rule, device, command):
                run.failed = True
            elif action.retry or action.within_s is not None or rule.name in self.watched:
                self.sending.track(Wish(run, rule, device, command, action.retry), action.within_s)
            else:
                self.sending.send(run, device, command)
