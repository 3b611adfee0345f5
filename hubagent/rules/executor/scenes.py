"""Scenes: all devices told at once, and what came of it as a whole: who did not follow is named, and told once more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import DeviceId
from hubagent.rules.actions.bound_set import BoundSet, UnknownValue
from hubagent.rules.actions.scene import OnFailure, SceneAction
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundAction, BoundRule
from hubagent.rules.executor.picture import Picture
from hubagent.rules.executor.run import FAILURES_MAX, Run
from hubagent.rules.executor.sending import Sending, Wish

RECONCILED_S: Final = 60.0
"""When those that did not follow are told once more."""


@dataclass(eq=False, slots=True)
class _Under:
    """A scene on its way, or with some that are to be told once more."""

    number: int
    action: SceneAction
    bound: BoundRule | None
    run: Run
    stop: Callable[[], None]
    answered: Callable[[Run], None]
    left: int
    followed: list[tuple[DeviceId, dict[str, Value]]] = field(default_factory=list)
    """With what they were before."""
    failed: dict[DeviceId, str] = field(default_factory=dict)
    again: list[Wish] = field(default_factory=list)
    """What those are told once more, where nothing else is wished for it until then."""

    @property
    def is_over(self) -> bool:
        return self.left == 0 and all(wish.over for wish in self.again)


class Scenes:
    def __init__(self, agenda: Agenda, picture: Picture, sending: Sending, told: Callable[[str, Run], None]) -> None:
        self._agenda = agenda
        self._picture = picture
        self._sending = sending
        self._told = told
        """That a scene was activated."""
        self._numbers = count(1)
        self._under: dict[int, _Under] = {}
        """By number."""

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
        under = _Under(next(self._numbers), scene, bound, run, stop, answered, len(wanted) + 1)
        self._under[under.number] = under
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
        wish = Wish(one.device, command, under.bound)

        def done(run: Run, device: DeviceId, problem: str) -> None:
            if problem:
                under.failed.setdefault(device, problem)
                self._mind(under, wish)
            else:
                under.followed.append((device, before))
            self._one_less(under)
            under.answered(run)

        self._sending.follow(under.run, one, wish, done)

    def _mind(self, under: _Under, wish: Wish) -> None:
        """What was wished since it was sent counts, and what is wished from now on."""
        if not under.action.atomic:
            under.again.append(wish)
            self._sending.mind_wish(wish)

    def _one_less(self, under: _Under) -> None:
        under.left -= 1
        if under.left == 0:
            self._ended(under)

    def _ended(self, under: _Under) -> None:
        if not under.failed:
            self._forget(under)
            return
        name_of = self._picture.name_of
        names = ", ".join(f"{name_of(device)} ({problem})" for device, problem in under.failed.items())
        self._agenda.trace("scene", under.run.rule, under.run.id, under.action.scene, f"not followed by {names}")
        if len(under.run.failures) < FAILURES_MAX:
            under.run.failures.append(f"scene {under.action.scene}: not followed by {names}")
        if under.action.atomic:
            self._forget(under)
            self._take_back(under)
        else:
            self._tell_later(under)
        if under.action.on_failure is OnFailure.STOP:
            under.stop()

    def _tell_later(self, under: _Under) -> None:
        """Those before it that have nobody left to tell make room: a rule may activate scenes in a loop."""
        for other in [one for one in self._under.values() if one.is_over]:
            self._forget(other)
        due = self._agenda.now + RECONCILED_S
        if under.is_over or not self._agenda.timers.set(_key(under), due, lambda _now: self._again(under)):
            self._forget(under)

    def abandon(self, run: Run) -> None:
        """It was cut short: nobody is told once more for it."""
        for under in [one for one in self._under.values() if one.run is run]:
            self._forget(under)

    def _forget(self, under: _Under) -> None:
        self._under.pop(under.number, None)
        self._agenda.timers.cancel(_key(under))
        for wish in under.again:
            self._sending.forget_wish(wish)

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

    def _again(self, under: _Under) -> None:
        self._forget(under)
        for wish in under.again:
            why_not = self._sending.why_not_again(wish)
            if why_not is not None:
                self._agenda.trace("refused", under.run.rule, under.run.id, wish.device, why_not)
                continue
            if self._picture.is_so(wish.device, wish.command.wanted()):
                continue
            self._agenda.trace("again", under.run.rule, under.run.id, wish.device, f"scene {under.action.scene}")
            self._sending.send(under.run, wish.device, wish.command)


def _key(under: _Under) -> tuple[str, int]:
    return "scene", under.number
