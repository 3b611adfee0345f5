"""The codes of a door lock's users (ZCL8, 7.3): ten of them, of four to ten digits."""

import string
from typing import Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.door_lock import ProgrammingEvent
from drivers.zigbee.zcl.clusters.door_lock_users import (
    ClearAllPins,
    ClearAllPinsResponse,
    ClearPin,
    ClearPinResponse,
    GetPin,
    GetPinResponse,
    GetUserStatus,
    GetUserStatusResponse,
    GetUserType,
    GetUserTypeResponse,
    SetCodeStatus,
    SetPin,
    SetPinResponse,
    SetUserStatus,
    SetUserStatusResponse,
    SetUserType,
    SetUserTypeResponse,
    UserStatus,
    UserType,
)
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.lock import Code, Lock
from simulators.zigbee.clusters.side import Answer

USERS: Final = 10
SHORTEST, LONGEST = 4, 10
EVERYBODY: Final = 0xFFFF
COMMANDS: Final = (
    SetPin,
    GetPin,
    ClearPin,
    ClearAllPins,
    SetUserStatus,
    GetUserStatus,
    SetUserType,
    GetUserType,
)

Programmed = tuple[ProgrammingEvent, int]
"""What happened to whose code."""


class PinCodes:
    """`programmed` is what the last command changed, None where it changed nothing."""

    def __init__(self, lock: Lock) -> None:
        self.programmed: Programmed | None = None
        self._lock = lock

    def react(self, command: ClusterCommand, *, tells_codes: bool) -> Answer:
        self.programmed = None
        match command:
            case SetPin(user, status, user_type, code):
                return SetPinResponse(self._set(user, status, user_type, code))
            case GetPin(user):
                status, user_type, digits = self.of(user)
                # ZCL8, 7.3 (SendPINOverTheAir): otherwise each digit is 0xFF.
                return GetPinResponse(user, status, user_type, digits if tells_codes else b"\xff" * len(digits))
            case ClearPin(user):
                return ClearPinResponse(self._clear(user))
            case ClearAllPins():
                return ClearAllPinsResponse(self._clear(EVERYBODY))
            case SetUserStatus(user, status):
                return SetUserStatusResponse(self._set_status(user, status))
            case GetUserStatus(user):
                return GetUserStatusResponse(user, self.of(user)[0])
            case SetUserType(user, user_type):
                known = user in self._lock.codes and user_type == UserType.UNRESTRICTED
                return SetUserTypeResponse(ZclStatus.SUCCESS if known else ZclStatus.FAILURE)
            case GetUserType(user):
                return GetUserTypeResponse(user, self.of(user)[1])
        return None

    def of(self, user: int) -> tuple[UserStatus, UserType, bytes]:
        if not 0 <= user < USERS:
            return UserStatus.NOT_SUPPORTED, UserType.NOT_SUPPORTED, b""
        code = self._lock.codes.get(user)
        if code is None:
            return UserStatus.AVAILABLE, UserType.NOT_SUPPORTED, b""
        status = UserStatus.OCCUPIED_ENABLED if code.enabled else UserStatus.OCCUPIED_DISABLED
        return status, UserType.UNRESTRICTED, code.digits.encode()

    def _set(self, user: int, status: int, user_type: int, code: bytes) -> SetCodeStatus:
        usable = status in (UserStatus.OCCUPIED_ENABLED, UserStatus.OCCUPIED_DISABLED)
        if not 0 <= user < USERS or not usable or user_type != UserType.UNRESTRICTED or not _is_code(code):
            return SetCodeStatus.GENERAL_FAILURE
        digits = code.decode()
        if any(it.digits == digits for other, it in self._lock.codes.items() if other != user):
            return SetCodeStatus.DUPLICATE_CODE
        event = ProgrammingEvent.PIN_CHANGED if user in self._lock.codes else ProgrammingEvent.PIN_ADDED
        self._lock.codes[user] = Code(digits, status == UserStatus.OCCUPIED_ENABLED)
        self.programmed = event, user
        return SetCodeStatus.SUCCESS

    def _clear(self, user: int) -> ZclStatus:
        if user == EVERYBODY:
            self._lock.codes.clear()
        elif self._lock.codes.pop(user, None) is None and not 0 <= user < USERS:
            return ZclStatus.FAILURE
        self.programmed = ProgrammingEvent.PIN_DELETED, user
        return ZclStatus.SUCCESS

    def _set_status(self, user: int, status: int) -> ZclStatus:
        code = self._lock.codes.get(user)
        if code is None or status not in (UserStatus.OCCUPIED_ENABLED, UserStatus.OCCUPIED_DISABLED):
            return ZclStatus.FAILURE
        code.enabled = status == UserStatus.OCCUPIED_ENABLED
        return ZclStatus.SUCCESS


def _is_code(code: bytes) -> bool:
    return SHORTEST <= len(code) <= LONGEST and all(chr(byte) in string.digits for byte in code)
