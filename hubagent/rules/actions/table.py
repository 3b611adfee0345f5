"""The actions there are."""

from typing import Any, Final

from hubagent.rules.actions.choice import ChooseAction, IfAction
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.loop import RepeatAction, WhileAction
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.stop import StopAction
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.actions.wait import PauseAction, WaitAction

PlainAction = SetAction | SceneAction | VariableAction | ModeAction | NotifyAction | RunAction | HttpAction
"""What is done at once. All others say what comes next, and become instructions of their own."""

Action = PlainAction | PauseAction | WaitAction | ChooseAction | RepeatAction | WhileAction | StopAction

ACTIONS: Final[dict[str, Any]] = {
    "set": SetAction,
    "scene": SceneAction,
    "wait": WaitAction,
    "if": IfAction,
    "choose": ChooseAction,
    "repeat": RepeatAction,
    "while": WhileAction,
    "variable": VariableAction,
    "notify": NotifyAction,
    "run": RunAction,
    "stop": StopAction,
    "http": HttpAction,
    "mode": ModeAction,
}
"""By the key that tells a kind; the first that a table has counts: an attribute may be called as a later one."""
