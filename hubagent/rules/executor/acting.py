"""What a run does at one step: tells devices and people, changes the home's mode and variables, sets off other rules.

One that fails is said to have, and does not keep the run from its next step.
"""

from typing import Any, Protocol

from hubagent.model.capability import InvalidValue, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.bound_set import BoundSet, UnknownValue
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import OnFailure, SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundAction, BoundRule
from hubagent.rules.executor.calls import Calls
from hubagent.rules.executor.effects import Notify
from hubagent.rules.executor.picture import Picture
from hubagent.rules.executor.run import FAILURES_MAX, Run
from hubagent.rules.executor.scenes import Scenes
from hubagent.rules.executor.sending import Sending


class Home(Protocol):
    """What runs do beyond devices."""

    def set_mode(self, mode: str, who: str, run: Run) -> str | None:
        """Why not, or None."""
        ...

    def set_variable(self, name: str, value: Value, who: str, run: Run) -> str | None: ...

    def set_off(self, rule: str, run: Run) -> None: ...

    def outcome(self, run: Run, outcome: str) -> None: ...


class Progress(Protocol):
    """Whom a run's steps are told to."""

    def step(self, run: Run, about: str, detail: object) -> None: ...

    def failed(self, run: Run, what: str) -> None: ...

    def answered(self, run: Run, device: DeviceId, problem: str) -> None:
        """A command that was tracked: done, or failed for good."""
        ...

    def tell_outcome(self, run: Run) -> None:
        """Once, when it has ended and all that it sent was answered."""
        ...

    def end(self, run: Run, outcome: str | None) -> None: ...


class Acting:
    def __init__(
        self,
        agenda: Agenda,
        picture: Picture,
        sending: Sending,
        scenes: Scenes,
        calls: Calls,
        home: Home,
        progress: Progress,
    ) -> None:
        self._agenda = agenda
        self._picture = picture
        self._sending = sending
        self._scenes = scenes
        self._calls = calls
        self._home = home
        self._progress = progress

    def perform(self, bound: BoundRule, run: Run, action: BoundAction) -> None:
        match action.action:
            case SetAction():
                for one in action.sets:
                    self._set(bound, run, one)
            case ModeAction(mode=mode):
                self._done_with(run)
                self._refused(run, "mode", self._home.set_mode(mode, run.cause.who, run))
            case VariableAction(name=name, to=to):
                self._variable(run, name, action, to)
            case RunAction(rule=rule):
                self._done_with(run)
                self._home.set_off(rule, run)
            case _ if run.in_doubt:
                self._progress.step(run, "in doubt", "it may have been done before the hub stopped")
            case SceneAction(scene=scene, on_failure=on_failure):
                problem = self._scenes.activate(
                    bound, run, action, lambda: self._stop_for_scene(run, scene), self._progress.tell_outcome
                )
                if problem:
                    self._progress.failed(run, problem)
                    if on_failure is OnFailure.STOP:
                        self._stop_for_scene(run, scene)
            case NotifyAction(to=to):
                assert action.text is not None
                self._agenda.effects.append(Notify(to, action.text.render(), run.rule))
            case HttpAction() as call:
                body = "" if action.text is None else action.text.render()
                self._calls.call(run, call, body, self._http_answered)

    def _done_with(self, run: Run) -> None:
        """What comes of the present action is kept, and with it that this is done: neither is without the other."""
        if self._agenda.durable:
            self._agenda.keep(run.key, run.record(acting=True))

    def _set(self, bound: BoundRule, run: Run, one: BoundSet) -> None:
        try:
            commands = one.commands()
        except UnknownValue as unknown:
            self._progress.failed(run, f"unknown: {unknown}")
            return
        except InvalidValue as invalid:
            self._progress.failed(run, str(invalid))
            return
        for command in commands:
            if run.in_doubt and self._picture.is_so(one.device, command.wanted()):
                continue
            refused = self._sending.may_not(bound, one.device, command)
            if refused is not None:
                self._refused(run, one.device, refused)
            elif one.is_tracked or bound.observed:
                self._sending.track(run, one, command, self._progress.answered, bound=bound)
            else:
                self._sending.send(run, one.device, command)

    def _refused(self, run: Run, about: str, why: str | None) -> None:
        if why is not None:
            self._agenda.trace("refused", run.rule, run.id, about, why)
            if len(run.failures) < FAILURES_MAX:
                run.failures.append(why)

    def _variable(self, run: Run, name: str, action: BoundAction, to: Any) -> None:
        value = to if action.value is None else action.value.evaluate()
        if value is None:
            assert action.value is not None
            self._progress.failed(run, f"{name}: unknown: {', '.join(action.value.unknowns())}")
            return
        self._done_with(run)
        self._refused(run, name, self._home.set_variable(name, value, run.cause.who, run))

    def _stop_for_scene(self, run: Run, scene: str) -> None:
        if not run.ended:
            self._agenda.trace("ended", run.rule, run.id, scene, "the scene did not come about")
            self._progress.end(run, "failed")

    def _http_answered(self, run: Run, problem: str) -> None:
        if problem:
            self._progress.failed(run, problem)
        self._progress.tell_outcome(run)
