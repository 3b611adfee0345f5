"""User Code (SDS13781) on a lock with a keypad: ten users, one code each."""

import string

from drivers.zwave.command_classes import user_code
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.user_code import (
    ExtendedUserCode,
    ExtendedUserCodeGet,
    ExtendedUserCodeReport,
    ExtendedUserCodeSet,
    KeypadMode,
    UserCodeCapabilitiesGet,
    UserCodeCapabilitiesReport,
    UserCodeGet,
    UserCodeKeypadModeGet,
    UserCodeKeypadModeReport,
    UserCodeKeypadModeSet,
    UserCodeReport,
    UserCodeSet,
    UserIdStatus,
    UsersNumberGet,
    UsersNumberReport,
)
from simulators.devices.lock import Code, Lock
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction

USERS = 10
STATUSES = (UserIdStatus.AVAILABLE, UserIdStatus.ENABLED, UserIdStatus.DISABLED)
_SHORTEST, _LONGEST = 4, 10


class UserCodeReaction(Reaction):
    MODULE = user_code

    def __init__(self, lock: Lock) -> None:
        self._lock = lock

    def react(self, command: Command) -> Answer:
        match command:
            case UsersNumberGet():
                return UsersNumberReport(USERS, USERS)
            case UserCodeGet(user):
                code = self._code(user)
                return UserCodeReport(code.user, code.status, code.code or bytes(_SHORTEST))
            case UserCodeSet(user, status, code):
                return self._set(user, status, code)
            case ExtendedUserCodeGet(user, report_more):
                return self._extended(user, report_more)
            case ExtendedUserCodeSet(codes):
                outcomes = [self._set(it.user, it.status, it.code) for it in codes]
                return FAILED if FAILED in outcomes else DONE
            case UserCodeCapabilitiesGet():
                return _capabilities()
            case UserCodeKeypadModeGet():
                return UserCodeKeypadModeReport(self._keypad_mode())
            case UserCodeKeypadModeSet(mode):
                if mode not in (KeypadMode.NORMAL, KeypadMode.LOCKED_OUT):
                    return FAILED
                self._lock.keypad_enabled = mode == KeypadMode.NORMAL
                return DONE
        return None

    def reset(self) -> None:
        self._lock.codes.clear()
        self._lock.keypad_enabled = True

    def _keypad_mode(self) -> KeypadMode:
        return KeypadMode.NORMAL if self._lock.keypad_enabled else KeypadMode.LOCKED_OUT

    def _code(self, user: int) -> ExtendedUserCode:
        if not 1 <= user <= USERS:
            return ExtendedUserCode(user, UserIdStatus.NOT_AVAILABLE, b"")
        code = self._lock.codes.get(user)
        if code is None:
            return ExtendedUserCode(user, UserIdStatus.AVAILABLE, b"")
        return ExtendedUserCode(
            user, UserIdStatus.ENABLED if code.enabled else UserIdStatus.DISABLED, code.digits.encode()
        )

    def _extended(self, user: int, report_more: bool) -> ExtendedUserCodeReport:
        users = [user, *(it for it in sorted(self._lock.codes) if it > user)] if report_more else [user]
        following = min((it for it in self._lock.codes if it > users[-1]), default=0)
        return ExtendedUserCodeReport(tuple(self._code(it) for it in users), following)

    def _set(self, user: int, status: int, code: bytes) -> Outcome:
        if status == UserIdStatus.AVAILABLE and 0 <= user <= USERS:
            for gone in tuple(self._lock.codes) if user == 0 else (user,):
                self._lock.codes.pop(gone, None)
            return DONE
        if not 1 <= user <= USERS or status not in STATUSES or not _is_code(code):
            return FAILED
        digits = code.decode()
        if any(it.digits == digits for other, it in self._lock.codes.items() if other != user):
            return FAILED
        self._lock.codes[user] = Code(digits, status == UserIdStatus.ENABLED)
        return DONE


def _is_code(code: bytes) -> bool:
    return _SHORTEST <= len(code) <= _LONGEST and all(chr(byte) in string.digits for byte in code)


def _capabilities() -> UserCodeCapabilitiesReport:
    return UserCodeCapabilitiesReport(
        admin_code=False,
        admin_code_deactivation=False,
        checksum=False,
        several_in_report=True,
        several_in_set=True,
        statuses=frozenset(int(status) for status in STATUSES),
        keypad_modes=frozenset({int(KeypadMode.NORMAL), int(KeypadMode.LOCKED_OUT)}),
        keys=frozenset(ord(digit) for digit in string.digits),
    )
