"""Scenes: all devices told at once, and what came of it as a whole: who did not follow is named, and told once more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.bound_set import BoundSet, UnknownValue
from hubagent.rules.actions.scene import OnFailure, SceneAction
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundAction, BoundRule
from hubagent.rules.executor.picture import Picture
from hubagent.rules.executor.run import Run
from hubagent.rules.executor.sending import Sending, Wish

RECONCILED_S: Final = 60.0
"""When those that did not follow are told once more."""


@dataclass(eq=False, slots=True)
class _Under:
    """A scene on its way."""

    action: SceneAction
    bound: BoundRule | None
    run: Run
    stop: Callable[[], None]
    answered: Callable[[Run], None]
    left: int
    followed: list[tuple[DeviceId, dict[str, Value]]] = field(default_factory=list)
    """With what they were before."""
    failed: dict[DeviceId, tuple[str, list[Wish]]] = field(default_factory=dict)


class Scenes:
    def __init__(self, agenda: Agenda, picture: Picture, sending: Sending, told: Callable[[str, Run], None]) -> None:
        self._agenda = agenda
        self._picture = picture
        self._sending = sending
        self._told = told
        """That a scene was activated."""

    def activate(
        self,
        bound: BoundRule | None,
        run: Run,
        action: BoundAction,
        stop: Callable[[], None],
        answered: Callable[[Run], None],
    ) -> str | None:
        """Tell all its devices. Why not, where nothing was sent; what comes of it is told later.

        Without a rule it is a person's wish. `answered` is called after each answer.
        """
        scene = action.action
        assert isinstance(scene, SceneAction)
        wanted: list[tuple[BoundSet, Command]] = []
        for one in action.sets:
            try:
                wanted += [(one, command) for command in one.commands()]
            except (UnknownValue, InvalidValue) as problem:
                return f"scene {scene.scene}: {problem}"
        wishes = [(one.device, command) for one, command in wanted]
        refused = self._refusals(bound, wishes, all_or_none=scene.atomic)
        never = self._sending.never_together(bound, wishes) if scene.atomic and not refused else None
        if never is not None:
            return f"scene {scene.scene}: nothing was sent: {never}"
        if refused and scene.atomic:
            return f"scene {scene.scene}: nothing was sent: {'; '.join(refused.values())}"
        for device, why in refused.items():
            self._agenda.trace("refused", run.rule, run.id, device, why)
        wanted = [(one, command) for one, command in wanted if one.device not in refused]
        # One more than there are, until all are told: some may be refused for what others of them bring about.
        under = _Under(scene, bound, run, stop, answered, len(wanted) + 1)
        for one, command in wanted:
            why_not = None if scene.atomic else self._sending.may_not(bound, one.device, command)
            if why_not is None:
                self._tell(under, one, command)
            else:
                why_not = f"{self._picture.name_of(one.device)}: {why_not}"
                self._agenda.trace("refused", run.rule, run.id, one.device, why_not)
                under.left -= 1
        self._one_less(under)
        self._told(scene.scene, run)
        return None

    def _refusals(
        self, bound: BoundRule | None, wishes: list[tuple[DeviceId, Command]], *, all_or_none: bool
    ) -> dict[DeviceId, str]:
        found: dict[DeviceId, str] = {}
        for device, command in wishes:
            why = self._sending.may_not(bound, device, command)
            if why is None and all_or_none and self._picture.is_dead(device):
                why = "does not answer"
            if why is not None:
                found[device] = f"{self._picture.name_of(device)}: {why}"
        return found

    def _tell(self, under: _Under, one: BoundSet, command: Command) -> None:
        before = {name: self._picture.cell(one.device, name).value for name in command.wanted()}

        def done(run: Run, device: DeviceId, problem: str) -> None:
            if problem:
                failed = under.failed.setdefault(device, (problem, []))
                failed[1].append(self._sending.wish(device, command, under.bound))
            else:
                under.followed.append((device, before))
            self._one_less(under)
            under.answered(run)

        self._sending.track(under.run, one, command, done, bound=under.bound)

    def _one_less(self, under: _Under) -> None:
        under.left -= 1
        if under.left == 0:
            self._ended(under)

    def _ended(self, under: _Under) -> None:
        if not under.failed:
            return
        name_of = self._picture.name_of
        names = ", ".join(f"{name_of(device)} ({problem})" for device, (problem, _) in under.failed.items())
        self._agenda.trace("scene", under.run.rule, under.run.id, under.action.scene, f"not followed by {names}")
        under.run.failures.append(f"scene {under.action.scene}: not followed by {names}")
        again = [wish for _, wishes in under.failed.values() for wish in wishes]
        if under.action.atomic:
            for wish in again:
                self._sending.forget_wish(wish)
            self._take_back(under)
        else:
            key = ("scene", under.run.id, under.action.scene)
            self._agenda.timers.set(key, self._agenda.now + RECONCILED_S, lambda _now: self._again(under, again))
        if under.action.on_failure is OnFailure.STOP:
            under.stop()

    def _take_back(self, under: _Under) -> None:
        """All or none: those that followed go back to what they were, as far as that is known."""
        for device, before in under.followed:
            known = {name: value for name, value in before.items() if value is not None}
            try:
                commands = commands_for(known)
            except InvalidValue:
                continue
            for command in commands:
                why = self._sending.may_not(under.bound, device, command)
                if why is None:
                    self._sending.send(under.run, device, command)
                else:
                    self._agenda.trace("refused", under.run.rule, under.run.id, device, why)
        self._agenda.trace("scene", under.run.rule, under.run.id, under.action.scene, "taken back")

    def _again(self, under: _Under, wishes: list[Wish]) -> None:
        for wish in wishes:
            self._sending.forget_wish(wish)
            why_not = self._sending.why_not_again(wish)
            if why_not is not None:
                self._agenda.trace("refused", under.run.rule, under.run.id, wish.device, why_not)
                continue
            if self._picture.is_so(wish.device, wish.command.wanted()):
                continue
            self._agenda.trace("again", under.run.rule, under.run.id, wish.device, f"scene {under.action.scene}")
            self._sending.send(under.run, wish.device, wish.command)
