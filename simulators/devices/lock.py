"""A door lock with a motor, a knob inside and a keypad outside."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from simulators.device_memory import Kept
from simulators.devices.device import Battery, CannotDo, Device, Motion, Timer

BOLT_S = 1.5
MOTOR_MAH = 0.12
"""300 mA for as long."""


class Cause(StrEnum):
    """Who moved the bolt last."""

    HAND = "hand"
    KEYPAD = "keypad"
    RADIO = "radio"
    ITSELF = "itself"


@dataclass(slots=True)
class Code:
    digits: str
    enabled: bool = True


class Lock(Device):
    """`locked` is where the bolt is once it has stopped; `jammed` lets it stop halfway."""

    HANDS: ClassVar = {
        "locked": ("turn", bool),
        "open": ("open_door", bool),
        "jammed": ("jam", bool),
        "code": ("enter_code", str),
    }

    def __init__(self, loop: asyncio.AbstractEventLoop, *, locked: bool = True, battery: Battery | None = None) -> None:
        super().__init__(battery=battery or Battery())
        self.cause = Cause.HAND
        self.door_open = False
        self.jammed = False
        self.codes: dict[int, Code] = {}
        """By the user's number, from 1."""
        self.last_user = 0
        """Who entered a right code last."""
        self.keypad_enabled = True
        self._bolt = Motion(loop, float(locked), self._arrived)
        self._relock = Timer(loop, self._lock_again)

    @property
    def locked(self) -> bool:
        return self._bolt.value == 1.0

    @property
    def target(self) -> bool:
        return self._bolt.target == 1.0

    @property
    def moving(self) -> bool:
        return self._bolt.moving

    @property
    def remaining_s(self) -> float:
        return self._bolt.remaining_s

    @property
    def relocks_in_s(self) -> float | None:
        return self._relock.remaining_s

    def drive(self, locked: bool, cause: Cause, relock_after_s: float | None = None) -> None:
        """Let the motor turn the bolt, and back again by itself after `relock_after_s`."""
        self._move(locked, cause, BOLT_S)
        if relock_after_s is not None and not locked:
            self._relock.start(relock_after_s)

    def turn(self, locked: bool) -> None:
        """Turn the knob."""
        self._move(locked, Cause.HAND, 0.0)

    def enter_code(self, digits: str) -> None:
        """Type at the keypad: a right code unlocks."""
        for user, code in sorted(self.codes.items()):
            if code.enabled and code.digits == digits and self.keypad_enabled:
                self.last_user = user
                self.drive(False, Cause.KEYPAD)
                return
        self._changed("wrong_code")

    def open_door(self, is_open: bool) -> None:
        if is_open and self.locked:
            raise CannotDo("it is locked")
        if is_open != self.door_open:
            self.door_open = is_open
            self._changed("open")

    def kept(self) -> Kept:
        codes = {str(user): [code.digits, code.enabled] for user, code in self.codes.items()}
        return {"codes": codes, "keypad_enabled": self.keypad_enabled}

    def restore(self, kept: Kept) -> None:
        self.codes = {int(user): Code(str(digits), bool(enabled)) for user, (digits, enabled) in kept["codes"].items()}
        self.keypad_enabled = bool(kept["keypad_enabled"])

    def jam(self, jammed: bool) -> None:
        self.jammed = jammed

    def press(self, button: str = "lock", gesture: str = "single") -> None:
        if (button, gesture) not in (("lock", "single"), ("1", "single")):
            raise CannotDo("its button outside is lock")
        self.drive(True, Cause.KEYPAD)

    def meddle(self) -> None:
        self.turn(not self.target)

    def restart(self, on: bool | None) -> None:
        """The bolt comes to its end all the same; it has forgotten to lock again."""
        super().restart(on)
        self._relock.stop()

    def _move(self, locked: bool, cause: Cause, seconds: float) -> None:
        self._relock.stop()
        self.cause = cause
        if self.jammed and locked != self.locked:
            self._changed("jammed")
            return
        if seconds and self.battery is not None:
            self.battery.spend(MOTOR_MAH)
        self._bolt.go(float(locked), seconds)

    def _lock_again(self) -> None:
        self.drive(True, Cause.ITSELF)

    def _arrived(self) -> None:
        self._changed("locked")
