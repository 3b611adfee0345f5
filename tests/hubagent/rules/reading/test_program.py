"""A flat program is what its actions say in the file, however their conditions come out: both are walked."""

import tomllib
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from hubagent.rules.program import Await, Branch, Enter, Goto, Halt, Loop, Pause, Perform, Program
from hubagent.rules.reading.program import _Writer
from tests.hubagent.rules.a_house import rules
from tests.hubagent.rules.oracle.made_up import made_up

Flip = Callable[[], bool]
"""Whether the condition that is asked next holds."""
SECONDS = {"s": 1, "m": 60}


class Stopped(Exception):
    """By `stop`."""


def of_tables(actions: list[dict[str, Any]], flip: Flip) -> Iterator[str]:
    """As RULES.md has it, straight from what stands in the file."""
    for action in actions:
        match action:
            case {"choose": options, **more}:
                yield from of_tables(_first(options, more.get("else", []), flip), flip)
            case {"if": _, "do": _, **more}:
                yield from of_tables(_first([action], more.get("else", []), flip), flip)
            case {"repeat": times, "do": body}:
                for _ in range(times):
                    yield from of_tables(body, flip)
            case {"while": _, "at_most": most, "do": body}:
                for _ in range(most):
                    if not flip():
                        break
                    yield from of_tables(body, flip)
                else:
                    flip()
            case {"stop": _}:
                raise Stopped
            case {"wait": what} if what[0].isdigit():
                yield f"wait {int(what[:-1]) * SECONDS[what[-1]]}"
            case _:
                kind = next(iter(action))
                yield f"{kind} {action[kind]}"


def _first(options: list[dict[str, Any]], otherwise: list[dict[str, Any]], flip: Flip) -> list[dict[str, Any]]:
    return next((option["do"] for option in options if flip()), otherwise)


def of_program(program: Program, flip: Flip) -> Iterator[str]:
    at, slots = 0, [0] * program.slots
    while at < len(program.instructions):
        instruction = program.instructions[at]
        at += 1
        match instruction:
            case Perform(action=action):
                kind, field = next(iter(type(action).FIELDS.by_name.items()))
                said = getattr(action, field.into or kind)
                yield f"{kind} {_shown(kind, said)}"
            case Pause(seconds=seconds):
                yield f"wait {seconds:g}"
            case Await(condition=condition):
                yield f"wait {condition.text}"
            case Branch(otherwise=otherwise):
                at = at if flip() else otherwise
            case Goto(to=to):
                at = to
            case Enter(slot=slot):
                slots[slot] = 0
            case Loop(slot=slot, at_most=at_most, leave=leave):
                at = at if slots[slot] < at_most else leave
                slots[slot] += 1
            case Halt():
                return


def _shown(kind: str, said: Any) -> Any:
    if kind == "set":
        return said[0] if len(said) == 1 else list(said)
    return said


def _stepwise(steps: Iterator[str]) -> Iterator[str]:
    """Up to where it was stopped."""
    try:
        yield from steps
    except Stopped:
        return


def coin(seed: str) -> Flip:
    rng = Random(seed)
    return lambda: rng.random() < 0.5


def both(text: str, seed: int) -> list[tuple[list[str], list[str]]]:
    """By rule, as the file says it and as its program does it."""
    found: list[tuple[list[str], list[str]]] = []
    for table, rule in zip(tomllib.loads(text)["rule"], rules(text).rules, strict=True):
        flips = f"{seed}:{rule.name}"
        from_file = list(_stepwise(of_tables(table["do"], coin(flips))))
        found.append((from_file, list(of_program(rule.program, coin(flips)))))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_a_program_does_what_its_actions_say(seed: int) -> None:
    text = made_up(seed).text
    for coins in range(3):
        for from_file, from_program in both(text, coins):
            assert from_program == from_file


def test_a_program_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in which an option that was done leads into the next one."""
    monkeypatch.setattr(_Writer, "_choose", _without_ends)
    assert any(one != other for seed in range(40) for one, other in both(made_up(seed).text, 0))


def _without_ends(self: _Writer, choose: Any) -> None:
    for option in choose.options:
        branch = self._reserve()
        self.write(option.do)
        self.instructions[branch] = Branch(option.condition, len(self.instructions), place=option.place)
    self.write(choose.otherwise)
