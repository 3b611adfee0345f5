"""From actions to a flat program."""

from hubagent.rules.actions.choice import ChooseAction
from hubagent.rules.actions.loop import RepeatAction, WhileAction
from hubagent.rules.actions.stop import StopAction
from hubagent.rules.actions.table import Action
from hubagent.rules.actions.wait import PauseAction, WaitAction
from hubagent.rules.program import Await, Branch, Enter, Goto, Halt, Instruction, Loop, Pause, Perform, Program


def program_of(actions: tuple[Action, ...]) -> Program:
    writer = _Writer()
    writer.write(actions)
    return Program(tuple(writer.instructions), writer.slots)


def steps_of(actions: tuple[Action, ...]) -> int:
    """How many actions one run does at most."""
    return sum(_steps(action) for action in actions)


def _steps(action: Action) -> int:
    match action:
        case RepeatAction():
            return 1 + action.times * steps_of(action.do)
        case WhileAction():
            return 1 + action.at_most * steps_of(action.do)
        case ChooseAction():
            return 1 + max(steps_of(action.otherwise), *(steps_of(option.do) for option in action.options))
        case _:
            return 1


class _Writer:
    """Instructions whose target is not known yet are written when it is."""

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self.slots = 0

    def write(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            self._action(action)

    def _action(self, action: Action) -> None:
        match action:
            case PauseAction():
                self.instructions.append(Pause(action.seconds))
            case WaitAction(condition, held_s, timeout_s, on_timeout):
                self.instructions.append(Await(condition, held_s, timeout_s, on_timeout, place=action.place))
            case ChooseAction():
                self._choose(action)
            case RepeatAction() | WhileAction():
                self._loop(action)
            case StopAction():
                self.instructions.append(Halt(action.reason))
            case _:
                self.instructions.append(Perform(action))

    def _choose(self, choose: ChooseAction) -> None:
        ends: list[int] = []
        for number, option in enumerate(choose.options):
            branch = self._reserve()
            self.write(option.do)
            if number + 1 < len(choose.options) or choose.otherwise:
                ends.append(self._reserve())
            self.instructions[branch] = Branch(option.condition, len(self.instructions), place=option.place)
        self.write(choose.otherwise)
        for end in ends:
            self.instructions[end] = Goto(len(self.instructions))

    def _loop(self, loop: RepeatAction | WhileAction) -> None:
        slot, self.slots = self.slots, self.slots + 1
        self.instructions.append(Enter(slot))
        start = len(self.instructions)
        branch = self._reserve() if isinstance(loop, WhileAction) else None
        count = self._reserve()
        self.write(loop.do)
        self.instructions.append(Goto(start))
        leave = len(self.instructions)
        if isinstance(loop, WhileAction):
            assert branch is not None
            # First the condition: the bound is only worth a word where it would have gone on.
            self.instructions[branch] = Branch(loop.condition, leave, place=loop.place)
            self.instructions[count] = Loop(slot, loop.at_most, leave, bounded=True)
        else:
            self.instructions[count] = Loop(slot, loop.times, leave)

    def _reserve(self) -> int:
        self.instructions.append(_LATER)
        return len(self.instructions) - 1


_LATER = Goto(-1)
