"""Window Covering and Door Lock (ZCL8, 7.4 and 7.3)."""

import asyncio

import pytest

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters import window_covering
from drivers.zigbee.zcl.clusters.door_lock import (
    DOOR_LOCK,
    DoorState,
    EventSource,
    LockDoor,
    LockDoorResponse,
    LockState,
    OperationEvent,
    OperationEventNotification,
    ProgrammingEvent,
    ProgrammingEventNotification,
    Toggle,
    ToggleResponse,
    UnlockDoor,
    UnlockDoorResponse,
    UnlockWithTimeout,
    UnlockWithTimeoutResponse,
)
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
from drivers.zigbee.zcl.clusters.groups import AddGroup
from drivers.zigbee.zcl.clusters.scenes import RecallScene, StoreScene
from drivers.zigbee.zcl.clusters.window_covering import (
    WINDOW_COVERING,
    ConfigStatus,
    DownClose,
    GoToLiftPercentage,
    GoToLiftValue,
    GoToTiltPercentage,
    Mode,
    UpOpen,
)
from drivers.zigbee.zcl.foundation import DefaultResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.blind import Blind
from simulators.devices.lock import BOLT_S, Lock
from tests.simulators.zigbee.on_air import OnAir, on_air

OK = ZclStatus.SUCCESS
ENABLED, DISABLED = UserStatus.OCCUPIED_ENABLED, UserStatus.OCCUPIED_DISABLED


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


# --- Window Covering


def _blind(position: float = 100.0) -> tuple[Blind, OnAir]:
    blind = Blind(_loop(), travel_s=20, position=position)
    return blind, on_air(blind)


def _closed(air: OnAir) -> object:
    return air.read(WINDOW_COVERING, "current_position_lift_percentage")


async def test_a_percentage_is_how_far_a_blind_is_closed() -> None:
    """ZCL8, 7.4, CurrentPositionLiftPercentage and Go To Lift Percentage."""
    blind, air = _blind()
    assert _closed(air) == 0
    assert air.command(GoToLiftPercentage(30)) == DefaultResponse(5, OK)
    await asyncio.sleep(2)
    assert _closed(air) == 10
    await asyncio.sleep(5)
    assert (_closed(air), round(blind.position)) == (30, 70)
    assert air.read(WINDOW_COVERING, "current_position_lift") == 60
    assert air.command(GoToLiftPercentage(101)) == DefaultResponse(5, ZclStatus.INVALID_VALUE)


async def test_up_opens_down_closes_and_stop_stops() -> None:
    """ZCL8, 7.4, Up, Down and Stop."""
    _, air = _blind(50)
    assert air.command(DownClose()) == DefaultResponse(1, OK)
    await asyncio.sleep(5)
    assert air.command(window_covering.Stop()) == DefaultResponse(2, OK)
    assert _closed(air) == 75
    air.command(UpOpen())
    await asyncio.sleep(20)
    assert _closed(air) == 0


async def test_a_lift_in_centimetres_lies_between_the_installed_limits() -> None:
    """ZCL8, 7.4, Go To Lift Value and the installed limits."""
    _, air = _blind()
    assert air.command(GoToLiftValue(100)) == DefaultResponse(4, OK)
    await asyncio.sleep(20)
    assert _closed(air) == 50
    assert air.command(GoToLiftValue(201)) == DefaultResponse(4, ZclStatus.INVALID_VALUE)


async def test_a_roller_blind_cannot_tilt() -> None:
    """ZCL8, 7.4: WindowCoveringType says which commands there are."""
    _, air = _blind()
    assert air.command(GoToTiltPercentage(10)) == DefaultResponse(8, ZclStatus.UNSUP_COMMAND)


async def test_a_reversed_motor_exchanges_up_and_down() -> None:
    """ZCL8, 7.4, Mode and ConfigStatus."""
    blind, air = _blind()
    assert air.write(WINDOW_COVERING, "mode", int(Mode.REVERSED)) == OK
    assert _closed(air) == 100
    status = air.read(WINDOW_COVERING, "config_status")
    assert isinstance(status, int)
    assert status & ConfigStatus.REVERSED
    air.command(UpOpen())
    await asyncio.sleep(21)
    assert (_closed(air), blind.position) == (0, 0)


async def test_a_blind_on_its_way_is_reported_until_it_is_there() -> None:
    blind, air = _blind()
    air.bind(WINDOW_COVERING.id)
    air.command(GoToLiftPercentage(20))
    await asyncio.sleep(6)
    told = [it["current_position_lift_percentage"] for it in air.reports(WINDOW_COVERING)]
    assert told == [5, 10, 15, 20]
    blind.press("down")
    await asyncio.sleep(20)
    assert air.reports(WINDOW_COVERING)[-1] == {"current_position_lift_percentage": 100}


async def test_a_scene_brings_a_blind_back() -> None:
    """ZCL8, 7.4, scene table extensions."""
    _, air = _blind(60)
    air.command(AddGroup(1))
    air.command(StoreScene(1, 1))
    air.command(DownClose())
    await asyncio.sleep(20)
    air.command(RecallScene(1, 1))
    await asyncio.sleep(20)
    assert _closed(air) == 40


# --- Door Lock


def _lock(*, locked: bool = True) -> tuple[Lock, OnAir]:
    lock = Lock(_loop(), locked=locked)
    air = on_air(lock)
    air.bind(DOOR_LOCK.id)
    return lock, air


def _notified(air: OnAir) -> list[tuple[int, int, int]]:
    said = [it for it in air.commands() if isinstance(it, OperationEventNotification)]
    return [(it.source, it.event, it.user_id) for it in said]


@pytest.mark.parametrize(
    ("command", "response", "state"),
    [
        (UnlockDoor(), UnlockDoorResponse(OK), LockState.UNLOCKED),
        (UnlockDoor(b"1234"), UnlockDoorResponse(OK), LockState.UNLOCKED),
        (LockDoor(), LockDoorResponse(OK), LockState.LOCKED),
        (Toggle(), ToggleResponse(OK), LockState.UNLOCKED),
    ],
)
async def test_a_bolt_is_moved_and_its_state_told_when_it_has_stopped(
    command: ClusterCommand, response: ClusterCommand, state: LockState
) -> None:
    """ZCL8, 7.3, Lock Door, Unlock Door and Toggle."""
    _, air = _lock(locked=True)
    assert air.command(command) == response
    if state is LockState.UNLOCKED:
        assert air.read(DOOR_LOCK, "lock_state") == LockState.NOT_FULLY_LOCKED
    await asyncio.sleep(BOLT_S + 0.1)
    assert air.read(DOOR_LOCK, "lock_state") == state


async def test_a_door_that_was_unlocked_for_a_while_locks_itself() -> None:
    """ZCL8, 7.3, Unlock With Timeout and AutoRelockTime."""
    lock, air = _lock()
    assert air.command(UnlockWithTimeout(10)) == UnlockWithTimeoutResponse(OK)
    await asyncio.sleep(5)
    assert not lock.locked
    await asyncio.sleep(10)
    assert lock.locked
    assert air.write(DOOR_LOCK, "auto_relock_time", 30) == OK
    lock.turn(False)
    await asyncio.sleep(29)
    assert not lock.locked
    await asyncio.sleep(5)
    assert lock.locked


async def test_every_way_to_move_the_bolt_has_its_event() -> None:
    """ZCL8, 7.3, operation event codes by source."""
    nobody = 0xFFFF
    lock, air = _lock()
    lock.codes.clear()
    air.command(SetPin(2, ENABLED, UserType.UNRESTRICTED, b"4711"))
    air.heard()
    lock.act({"code": 4711})
    await asyncio.sleep(2)
    assert _notified(air) == [(EventSource.KEYPAD, OperationEvent.UNLOCK, 2)]
    lock.turn(True)
    assert _notified(air) == [(EventSource.MANUAL, OperationEvent.MANUAL_LOCK, nobody)]
    air.command(UnlockDoor())
    await asyncio.sleep(2)
    assert _notified(air) == [(EventSource.RF, OperationEvent.UNLOCK, nobody)]
    lock.press()
    await asyncio.sleep(2)
    assert _notified(air) == [(EventSource.KEYPAD, OperationEvent.LOCK, nobody)]
    lock.enter_code("0000")
    assert _notified(air) == [(EventSource.KEYPAD, OperationEvent.UNLOCK_INVALID_PIN_OR_ID, nobody)]
    air.command(UnlockWithTimeout(3))
    await asyncio.sleep(10)
    assert _notified(air) == [
        (EventSource.RF, OperationEvent.UNLOCK, nobody),
        (EventSource.MANUAL, OperationEvent.AUTO_LOCK, nobody),
    ]


async def test_masked_events_are_not_told() -> None:
    """ZCL8, 7.3, the operation event masks."""
    lock, air = _lock()
    assert air.write(DOOR_LOCK, "manual_operation_event_mask", 0) == OK
    lock.turn(False)
    assert _notified(air) == []


async def test_the_state_is_reported_with_the_event() -> None:
    lock, air = _lock()
    lock.turn(False)
    assert air.reports(DOOR_LOCK) == [{"lock_state": LockState.UNLOCKED}]
    lock.act({"open": True})
    assert air.reports(DOOR_LOCK) == [{"door_state": DoorState.OPEN}]


async def test_a_jammed_bolt_fails() -> None:
    """ZCL8, 7.3, Lock Door Response."""
    lock, air = _lock(locked=False)
    lock.jam(True)
    assert air.command(LockDoor()) == LockDoorResponse(ZclStatus.FAILURE)
    await asyncio.sleep(5)
    assert air.read(DOOR_LOCK, "lock_state") == LockState.UNLOCKED


async def test_a_code_may_be_needed_by_radio() -> None:
    """ZCL8, 7.3, RequirePINforRFOperation."""
    _, air = _lock()
    air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"1234"))
    assert air.write(DOOR_LOCK, "require_pin_for_rf_operation", True) == OK
    for code, status in ((None, ZclStatus.FAILURE), (b"9999", ZclStatus.FAILURE), (b"1234", OK)):
        assert air.command(UnlockDoor(code)) == UnlockDoorResponse(status)


async def test_codes_are_set_told_and_cleared() -> None:
    """ZCL8, 7.3, Set, Get and Clear PIN Code."""
    lock, air = _lock()
    assert air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"1234")) == SetPinResponse(SetCodeStatus.SUCCESS)
    assert air.command(GetPin(1)) == GetPinResponse(1, ENABLED, UserType.UNRESTRICTED, b"1234")
    assert air.command(GetPin(2)) == GetPinResponse(2, UserStatus.AVAILABLE, UserType.NOT_SUPPORTED, b"")
    duplicate = SetPin(2, ENABLED, UserType.UNRESTRICTED, b"1234")
    assert air.command(duplicate) == SetPinResponse(SetCodeStatus.DUPLICATE_CODE)
    for wrong in (b"12", b"12a4", b"12345678901"):
        command = SetPin(2, ENABLED, UserType.UNRESTRICTED, wrong)
        assert air.command(command) == SetPinResponse(SetCodeStatus.GENERAL_FAILURE)
    too_high = SetPin(99, ENABLED, UserType.UNRESTRICTED, b"5678")
    assert air.command(too_high) == SetPinResponse(SetCodeStatus.GENERAL_FAILURE)
    assert air.command(ClearPin(1)) == ClearPinResponse(OK)
    assert air.command(ClearPin(99)) == ClearPinResponse(ZclStatus.FAILURE)
    assert air.command(ClearAllPins()) == ClearAllPinsResponse(OK)
    assert lock.codes == {}


async def test_a_code_that_may_not_be_sent_is_masked() -> None:
    """ZCL8, 7.3, SendPINOverTheAir."""
    _, air = _lock()
    air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"1234"))
    assert air.write(DOOR_LOCK, "send_pin_over_the_air", False) == OK
    assert air.command(GetPin(1)) == GetPinResponse(1, ENABLED, UserType.UNRESTRICTED, b"\xff\xff\xff\xff")


async def test_users_are_disabled_and_enabled() -> None:
    """ZCL8, 7.3, Set and Get User Status and User Type."""
    lock, air = _lock()
    air.command(SetPin(1, DISABLED, UserType.UNRESTRICTED, b"1234"))
    lock.enter_code("1234")
    await asyncio.sleep(2)
    assert lock.locked
    assert air.command(SetUserStatus(1, ENABLED)) == SetUserStatusResponse(OK)
    assert air.command(SetUserStatus(5, ENABLED)) == SetUserStatusResponse(ZclStatus.FAILURE)
    assert air.command(GetUserStatus(1)) == GetUserStatusResponse(1, ENABLED)
    assert air.command(SetUserType(1, UserType.UNRESTRICTED)) == SetUserTypeResponse(OK)
    assert air.command(SetUserType(1, UserType.MASTER)) == SetUserTypeResponse(ZclStatus.FAILURE)
    assert air.command(GetUserType(1)) == GetUserTypeResponse(1, UserType.UNRESTRICTED)


async def test_a_new_code_is_told_to_the_bound() -> None:
    """ZCL8, 7.3, Programming Event Notification."""
    _, air = _lock()
    air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"1234"))
    (said,) = air.commands()
    assert isinstance(said, ProgrammingEventNotification)
    assert (said.source, said.event, said.user_id) == (EventSource.RF, ProgrammingEvent.PIN_ADDED, 1)
    assert said.code == b""
    air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"4321"))
    (said,) = air.commands()
    assert isinstance(said, ProgrammingEventNotification)
    assert said.event == ProgrammingEvent.PIN_CHANGED


async def test_codes_are_gone_with_the_network() -> None:
    lock, air = _lock()
    air.command(SetPin(1, ENABLED, UserType.UNRESTRICTED, b"1234"))
    air.leave()
    assert lock.codes == {}
