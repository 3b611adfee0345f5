"""What a person wants of a device, here or far away: checked, sent at once, and answered when all of it has ended.

The API and the uplink both ask through here, so that a wish is judged alike wherever it comes from. Everything is
synchronous up to the command's bytes: nothing waits between a finger and a lamp but the radio.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from typing import Any, Final, Protocol

from hubagent.home import Home, UnknownDevice
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capability import Command, InvalidValue, Value
from hubagent.model.device import Device, DeviceId
from hubagent.model.event import Cause, CommandAnswered, Outcome

OPEN_MAX: Final = 64
"""Wishes that wait for their devices at the same time, of one kind of person."""


class Refusal(Enum):
    UNKNOWN_DEVICE = "unknown_device"
    INVALID = "invalid"
    FORBIDDEN = "refused"
    TOO_MANY = "too_many"


class WishRefused(Exception):
    """Nothing was sent; the text says why."""

    def __init__(self, refusal: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.refusal = refusal


class Send(Protocol):
    def __call__(
        self, device: DeviceId, command: Command, cause: Cause, answered: Callable[[CommandAnswered], None]
    ) -> None: ...


class Judge(Protocol):
    """The rules, as far as a person's wish concerns them."""

    def judge(self, device: DeviceId, values: Mapping[str, Value]) -> str | None: ...
    def person_acted(self, device: DeviceId, commands: Sequence[Command]) -> None: ...


_SEVERITY: Final = (
    Outcome.CONFIRMED,
    Outcome.DELIVERED,
    Outcome.WAITING,
    Outcome.REFUSED,
    Outcome.UNREACHABLE,
    Outcome.FAILED,
)

Done = Callable[[Sequence[CommandAnswered]], None]


class Wishes:
    """Of one kind of person, by whom the cause is told: `api`, `cloud`."""

    def __init__(self, home: Home, judge: Judge, send: Send, who: str) -> None:
        self._home = home
        self._judge = judge
        self._send = send
        self._who = who
        self._open = 0

    def apart(self) -> "Wishes":
        """Of the same person, and counted by themselves."""
        return Wishes(self._home, self._judge, self._send, self._who)

    def find(self, text: str) -> Device:
        """Raises WishRefused."""
        try:
            return self._home.resolve(text)
        except UnknownDevice as error:
            raise WishRefused(Refusal.UNKNOWN_DEVICE, str(error)) from error

    def set(self, text: str, values: Mapping[str, Any], done: Done) -> None:
        """Send what brings `values` about; `done` is called once, maybe before this returns. Raises WishRefused."""
        device = self.find(text)
        try:
            commands = commands_for(values)
        except InvalidValue as error:
            raise WishRefused(Refusal.INVALID, str(error)) from error
        if not commands:
            raise WishRefused(Refusal.INVALID, "nothing to set; say for example on=true")
        self.carry_out(device, commands, done)

    def carry_out(self, device: Device, commands: Sequence[Command], done: Done) -> None:
        """As `set`, of commands that were made already. Raises WishRefused."""
        _check_able(device, commands)
        self._check_allowed(device, commands)
        if self._open >= OPEN_MAX:
            raise WishRefused(Refusal.TOO_MANY, f"{OPEN_MAX} requests wait for their devices already")
        self._open += 1
        self._judge.person_acted(device.id, commands)
        answers: dict[int, CommandAnswered] = {}

        def answered(number: int, answer: CommandAnswered) -> None:
            if number in answers:
                return
            answers[number] = answer
            if len(answers) == len(commands):
                self._open -= 1
                done([answers[place] for place in range(len(commands))])

        for number, command in enumerate(commands):
            self._send(device.id, command, Cause(self._who), partial(answered, number))

    def _check_allowed(self, device: Device, commands: Sequence[Command]) -> None:
        makes = {name: value for command in commands for name, value in command.brings_about().items()}
        never = self._judge.judge(device.id, makes)
        if never is not None:
            raise WishRefused(Refusal.FORBIDDEN, f"{device.name} may not: [[never]] {never!r} says so")


def worst_of(answers: Sequence[CommandAnswered]) -> CommandAnswered:
    """How a wish of several commands has ended."""
    return max(answers, key=lambda answer: _SEVERITY.index(answer.outcome))


def _check_able(device: Device, commands: Sequence[Command]) -> None:
    for command in commands:
        capability = command.CAPABILITY
        if capability.name not in device.capabilities:
            able = ", ".join(device.capabilities) or "nothing yet: it is being interviewed"
            raise WishRefused(Refusal.INVALID, f"{device.name} has no {capability.name}; it has {able}")
