"""Locks and the codes that open them: Matter Application Cluster Specification 1.4, §5.2 Door Lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from hubagent.model.capability import Attribute, Capability, Command, InvalidValue, Kind, Setting, Value

DOOR_LOCK = Capability(
    "door_lock",
    "Matter 1.4 Application Clusters §5.2",
    (
        Attribute("locked", Kind.FLAG, "the bolt is out"),
        Attribute("door_open", Kind.FLAG, "the door that it guards stands open"),
        Attribute("jammed", Kind.FLAG, "the bolt could not move"),
    ),
)

USER_ID_MAX = 65535


@dataclass(frozen=True, slots=True)
class LockDoor(Command):
    """Lock, or with `locked` false unlock."""

    CAPABILITY: ClassVar = DOOR_LOCK

    locked: bool

    def __post_init__(self) -> None:
        DOOR_LOCK.by_name["locked"].check(self.locked)

    def wanted(self) -> Mapping[str, Value]:
        return {"locked": self.locked}


@dataclass(frozen=True, slots=True)
class SetUserCode(Command):
    """Give the user in slot `user_id` (1-65535) a code of 4-10 digits. The code is a secret: it is not printed."""

    CAPABILITY: ClassVar = DOOR_LOCK

    user_id: int
    code: str

    def __post_init__(self) -> None:
        _check_user(self.user_id)
        if not (4 <= len(self.code) <= 10 and self.code.isascii() and self.code.isdigit()):
            raise InvalidValue("a user code is 4 to 10 digits")

    def __repr__(self) -> str:
        return f"SetUserCode(user_id={self.user_id}, code=<secret>)"

    def settles(self) -> Mapping[str, object]:
        return {f"code of {self.user_id}": self.code}


@dataclass(frozen=True, slots=True)
class ClearUserCode(Command):
    CAPABILITY: ClassVar = DOOR_LOCK

    user_id: int

    def __post_init__(self) -> None:
        _check_user(self.user_id)

    def settles(self) -> Mapping[str, object]:
        return {f"code of {self.user_id}": None}


def _check_user(user_id: int) -> None:
    # An API's body may have brought it: neither 1.5 nor true is a slot.
    if type(user_id) is not int or not 1 <= user_id <= USER_ID_MAX:
        raise InvalidValue(f"a user's slot is a whole number from 1 to {USER_ID_MAX}, not {user_id!r}")


SETTINGS = (Setting(("locked",), LockDoor),)
