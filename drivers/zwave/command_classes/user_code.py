"""User Code, version 2: who may open a lock, by the code that is typed.

SDS13781, COMMAND_CLASS_USER_CODE. Version 2 adds more than 255 users, several codes in one command, keypad modes, the
admin code and a checksum over all codes. Codes are ASCII by the specification, 4 to 10 characters; they are kept as
bytes, since version 1 locks send others, and hide them (`******`) or fill them with zeros. They are secrets: no `repr`
shows them.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, Self

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask
from drivers.zwave.command_classes.command import need

COMMAND_CLASS = 0x63
VERSION = 2


class UserIdStatus(IntEnum):
    """What a user identifier is good for."""

    AVAILABLE = 0x00
    ENABLED = 0x01
    DISABLED = 0x02
    MESSAGING = 0x03
    PASSAGE_MODE = 0x04
    NOT_AVAILABLE = 0xFE


class KeypadMode(IntEnum):
    """What the keypad accepts. LOCKED_OUT comes after too many wrong codes."""

    NORMAL = 0x00
    VACATION = 0x01
    PRIVACY = 0x02
    LOCKED_OUT = 0x03


def _code_with_length(code: bytes) -> bytes:
    return bytes((fit(len(code), 4),)) + code


@dataclass(frozen=True, slots=True)
class UserCodeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    user: int
    """1-255; 0 is every user, and then only to make all available."""
    status: int
    code: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.user, self.status)) + self.code

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3], data[4:])


@dataclass(frozen=True, slots=True)
class UserCodeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x02

    user: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.user))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class UserCodeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x03

    user: int
    status: int
    code: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.user, self.status)) + self.code

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2], data[3], data[4:])


@dataclass(frozen=True, slots=True)
class UsersNumberGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x04

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class UsersNumberReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x05

    first_users: int
    """At most 255: what version 1 can address."""
    all_users: int | None = None
    """0-65535. Absent in version 1."""

    @property
    def users(self) -> int:
        """How many users the lock has, whatever its version."""
        return self.first_users if self.all_users is None else self.all_users

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.first_users))
        return body if self.all_users is None else body + bytes((self.all_users >> 8, self.all_users & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], int.from_bytes(data[3:5], "big") if len(data) > 4 else None)


@dataclass(frozen=True, slots=True)
class UserCodeCapabilitiesGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x06

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class UserCodeCapabilitiesReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x07

    admin_code: bool
    admin_code_deactivation: bool
    checksum: bool
    several_in_report: bool
    several_in_set: bool
    statuses: frozenset[int]
    keypad_modes: frozenset[int]
    keys: frozenset[int]
    """ASCII codes of the keys that the keypad has. 0-247."""

    def to_bytes(self) -> bytes:
        masks = [write_mask(numbers) for numbers in (self.statuses, self.keypad_modes, self.keys)]
        flags = (
            self.admin_code << 7 | self.admin_code_deactivation << 6,
            self.checksum << 7 | self.several_in_report << 6 | self.several_in_set << 5,
            0,
        )
        body = b"".join(bytes((bits | fit(len(mask), 5),)) + mask for bits, mask in zip(flags, masks, strict=True))
        return bytes((COMMAND_CLASS, self.COMMAND)) + body

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        flags, masks, at = [], [], 2
        for _ in range(3):
            need(data, at + 1, cls)
            end = at + 1 + (data[at] & 0x1F)
            need(data, end, cls)
            flags.append(data[at])
            masks.append(read_mask(data[at + 1 : end]))
            at = end
        return cls(
            admin_code=bool(flags[0] & 0x80),
            admin_code_deactivation=bool(flags[0] & 0x40),
            checksum=bool(flags[1] & 0x80),
            several_in_report=bool(flags[1] & 0x40),
            several_in_set=bool(flags[1] & 0x20),
            statuses=masks[0],
            keypad_modes=masks[1],
            keys=masks[2],
        )


@dataclass(frozen=True, slots=True)
class UserCodeKeypadModeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x08

    mode: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.mode))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class UserCodeKeypadModeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x09

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class UserCodeKeypadModeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0A

    mode: int

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.mode))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2])


@dataclass(frozen=True, slots=True)
class ExtendedUserCode:
    """One user's code. The code is empty where the status is available."""

    user: int
    """1-65535; 0 is every user, and then only to make all available."""
    status: int
    code: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        return bytes((self.user >> 8, self.user & 0xFF, self.status)) + _code_with_length(self.code)


def _read_codes(data: bytes, what: type) -> tuple[tuple[ExtendedUserCode, ...], int]:
    """The codes whose count is at byte 2, and where they end."""
    need(data, 3, what)
    codes, at = [], 3
    for _ in range(data[2]):
        need(data, at + 4, what)
        end = at + 4 + (data[at + 3] & 0x0F)
        need(data, end, what)
        codes.append(ExtendedUserCode(data[at] << 8 | data[at + 1], data[at + 2], data[at + 4 : end]))
        at = end
    return tuple(codes), at


@dataclass(frozen=True, slots=True)
class ExtendedUserCodeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0B

    codes: tuple[ExtendedUserCode, ...]
    """At most 255, and no more than one unless the lock can take several."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, len(self.codes)))
        return header + b"".join(code.to_bytes() for code in self.codes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(_read_codes(data, cls)[0])


@dataclass(frozen=True, slots=True)
class ExtendedUserCodeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0C

    user: int
    """1-65535."""
    report_more: bool = False
    """Whether the lock may put the users after this one into the same report."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.user >> 8, self.user & 0xFF, self.report_more))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 5, cls)
        return cls(data[2] << 8 | data[3], bool(data[4] & 0x01))


@dataclass(frozen=True, slots=True)
class ExtendedUserCodeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0D

    codes: tuple[ExtendedUserCode, ...]
    next_user: int
    """The next user with a code; 0 is none. 0-65535."""

    def to_bytes(self) -> bytes:
        header = bytes((COMMAND_CLASS, self.COMMAND, len(self.codes)))
        codes = b"".join(code.to_bytes() for code in self.codes)
        return header + codes + bytes((self.next_user >> 8, self.next_user & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        codes, end = _read_codes(data, cls)
        need(data, end + 2, cls)
        return cls(codes, data[end] << 8 | data[end + 1])


@dataclass(frozen=True, slots=True)
class AdminCodeSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0E

    code: bytes = field(repr=False)
    """Empty takes the admin code away, where the lock allows that."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _code_with_length(self.code)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + (data[2] & 0x0F)
        need(data, end, cls)
        return cls(data[3:end])


@dataclass(frozen=True, slots=True)
class AdminCodeGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x0F

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class AdminCodeReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x10

    code: bytes = field(repr=False)
    """Empty where there is none."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND)) + _code_with_length(self.code)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        end = 3 + (data[2] & 0x0F)
        need(data, end, cls)
        return cls(data[3:end])


@dataclass(frozen=True, slots=True)
class UserCodeChecksumGet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x11

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 2, cls)
        return cls()


@dataclass(frozen=True, slots=True)
class UserCodeChecksumReport:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x12

    checksum: int
    """CRC-CCITT over all codes, 0 where there is none. 0-65535."""

    def to_bytes(self) -> bytes:
        return bytes((COMMAND_CLASS, self.COMMAND, self.checksum >> 8, self.checksum & 0xFF))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 4, cls)
        return cls(data[2] << 8 | data[3])


COMMANDS = (
    UserCodeSet,
    UserCodeGet,
    UserCodeReport,
    UsersNumberGet,
    UsersNumberReport,
    UserCodeCapabilitiesGet,
    UserCodeCapabilitiesReport,
    UserCodeKeypadModeSet,
    UserCodeKeypadModeGet,
    UserCodeKeypadModeReport,
    ExtendedUserCodeSet,
    ExtendedUserCodeGet,
    ExtendedUserCodeReport,
    AdminCodeSet,
    AdminCodeGet,
    AdminCodeReport,
    UserCodeChecksumGet,
    UserCodeChecksumReport,
)
