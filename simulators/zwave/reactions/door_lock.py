"""Door Lock (SDS13781) on a lock with a bolt, a knob inside and a keypad outside; no handles that could be disabled."""

from collections.abc import Iterable

from drivers.zwave.command_classes import door_lock
from drivers.zwave.command_classes.command import Command
from drivers.zwave.command_classes.door_lock import (
    AutomaticLocking,
    DoorLockCapabilitiesGet,
    DoorLockCapabilitiesReport,
    DoorLockConfiguration,
    DoorLockConfigurationGet,
    DoorLockConfigurationReport,
    DoorLockConfigurationSet,
    DoorLockMode,
    DoorLockOperationGet,
    DoorLockOperationReport,
    DoorLockOperationSet,
    OperationType,
)
from drivers.zwave.command_classes.duration import Duration
from simulators.device_memory import Kept
from simulators.devices.lock import Cause, Lock
from simulators.zwave.reactions.reaction import DONE, FAILED, Answer, Outcome, Reaction, working

MODES = (DoorLockMode.UNSECURED, DoorLockMode.UNSECURED_WITH_TIMEOUT, DoorLockMode.SECURED)
_NONE: frozenset[int] = frozenset()
FACTORY = DoorLockConfiguration(OperationType.CONSTANT, _NONE, _NONE, None, AutomaticLocking(0, 0, False, False))


class DoorLockReaction(Reaction):
    MODULE = door_lock
    REPORTS = (DoorLockOperationReport,)

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._configuration = FACTORY

    def react(self, command: Command) -> Answer:
        match command:
            case DoorLockOperationGet():
                return self._report()
            case DoorLockOperationSet(mode):
                return self._operate(mode)
            case DoorLockConfigurationGet():
                return DoorLockConfigurationReport(self._configuration)
            case DoorLockConfigurationSet(configuration):
                if configuration.operation_type not in tuple(OperationType):
                    return FAILED
                self._configuration = configuration
                return DONE
            case DoorLockCapabilitiesGet():
                return _capabilities()
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        return (self._report(),) if attribute in ("locked", "open", "jammed") else ()

    def reset(self) -> None:
        self._configuration = FACTORY

    def kept(self) -> Kept:
        return {"configuration": self._configuration.to_bytes().hex()}

    def restore(self, kept: Kept) -> None:
        self._configuration = DoorLockConfiguration.from_bytes(bytes.fromhex(kept["configuration"]))

    def basic_value(self) -> tuple[int, int, float]:
        lock = self._lock
        return _basic(lock.locked), _basic(lock.target), lock.remaining_s

    def basic_set(self, value: int) -> Outcome:
        return self._operate(DoorLockMode.SECURED if value else DoorLockMode.UNSECURED)

    def _operate(self, mode: int) -> Outcome:
        timed = self._configuration.operation_type == OperationType.TIMED
        timeout_s = self._configuration.lock_timeout_s
        if mode == DoorLockMode.SECURED:
            self._lock.drive(True, Cause.RADIO)
        elif mode == DoorLockMode.UNSECURED and not timed:
            self._lock.drive(False, Cause.RADIO)
        elif mode == DoorLockMode.UNSECURED_WITH_TIMEOUT and timed and timeout_s is not None:
            self._lock.drive(False, Cause.RADIO, relock_after_s=float(timeout_s))
        else:
            return FAILED
        if self._lock.jammed and not self._lock.moving and self._lock.locked != (mode == DoorLockMode.SECURED):
            return FAILED
        return working(self._lock.remaining_s)

    def _report(self) -> DoorLockOperationReport:
        lock = self._lock
        relocks = lock.relocks_in_s
        return DoorLockOperationReport(
            mode=DoorLockMode.UNKNOWN if lock.moving else self._mode(lock.locked),
            inside_handles=_NONE,
            outside_handles=_NONE,
            door_closed=not lock.door_open,
            bolt_unlocked=not lock.locked,
            latch_closed=False,
            remaining_s=None if relocks is None else round(relocks),
            target=self._mode(lock.target),
            duration=Duration.from_seconds(lock.remaining_s),
        )

    def _mode(self, locked: bool) -> DoorLockMode:
        if locked:
            return DoorLockMode.SECURED
        timed = self._lock.relocks_in_s is not None
        return DoorLockMode.UNSECURED_WITH_TIMEOUT if timed else DoorLockMode.UNSECURED


def _basic(locked: bool) -> int:
    return 0xFF if locked else 0


def _capabilities() -> DoorLockCapabilitiesReport:
    return DoorLockCapabilitiesReport(
        operation_types=frozenset({int(kind) for kind in OperationType}),
        modes=tuple(int(mode) for mode in MODES),
        inside_handles=_NONE,
        outside_handles=_NONE,
        door=True,
        bolt=True,
        latch=False,
        block_to_block=False,
        twist_assist=False,
        hold_and_release=False,
        auto_relock=False,
    )
