"""Central Scene on a remote (SDS13781): one scene a button."""

from collections.abc import Iterable

from drivers.zwave.command_classes import central_scene
from drivers.zwave.command_classes.central_scene import (
    CentralSceneConfigurationGet,
    CentralSceneConfigurationReport,
    CentralSceneConfigurationSet,
    CentralSceneNotification,
    CentralSceneSupportedGet,
    CentralSceneSupportedReport,
    KeyAttribute,
)
from drivers.zwave.command_classes.command import Command
from simulators.device_memory import Kept
from simulators.devices.remote import DOUBLE, HOLD, RELEASE, SINGLE, TRIPLE, Remote
from simulators.zwave.reactions.reaction import DONE, Answer, Reaction

KEYS = {
    SINGLE: KeyAttribute.PRESSED_1_TIME,
    DOUBLE: KeyAttribute.PRESSED_2_TIMES,
    TRIPLE: KeyAttribute.PRESSED_3_TIMES,
    HOLD: KeyAttribute.HELD_DOWN,
    RELEASE: KeyAttribute.RELEASED,
}


class CentralSceneReaction(Reaction):
    MODULE = central_scene
    REPORTS = (CentralSceneNotification,)

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._sequence_number = 0
        self._slow_refresh = False
        self._held: int | None = None

    def react(self, command: Command) -> Answer:
        match command:
            case CentralSceneSupportedGet():
                keys = frozenset(int(key) for key in KEYS.values())
                return CentralSceneSupportedReport(self._remote.buttons, (keys,), identical=True, slow_refresh=True)
            case CentralSceneConfigurationGet():
                return CentralSceneConfigurationReport(self._slow_refresh)
            case CentralSceneConfigurationSet(slow_refresh):
                self._slow_refresh = slow_refresh
                return DONE
        return None

    def changed(self, attribute: str) -> Iterable[Command]:
        if attribute != "button":
            return ()
        button, gesture = self._remote.done
        again = self._held == button and gesture == HOLD
        self._held = button if gesture == HOLD else None
        # SDS13781: with slow refresh the notification is repeated every 55 s only; nobody here holds that long.
        if again and self._slow_refresh:
            return ()
        self._sequence_number = self._sequence_number + 1 & 0xFF
        return (CentralSceneNotification(self._sequence_number, KEYS[gesture], button, self._slow_refresh),)

    def reset(self) -> None:
        self._slow_refresh = False

    def kept(self) -> Kept:
        """With the number of the last notification, so that the next one is not taken for the same."""
        return {"slow_refresh": self._slow_refresh, "sequence_number": self._sequence_number}

    def restore(self, kept: Kept) -> None:
        self._slow_refresh = bool(kept["slow_refresh"])
        self._sequence_number = int(kept["sequence_number"])

    def lose_power(self) -> None:
        self._held = None
