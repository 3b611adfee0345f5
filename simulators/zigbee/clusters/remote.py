"""What the buttons of a remote command lamps with, through its bindings: On/Off and Level Control, as a client.

Five buttons an endpoint, as dimmer switches have them: on, off, brighter, darker, and a favourite level. A long press
of the first two dims until it is released. What is pressed twice is sent twice.
"""

from collections.abc import Sequence
from typing import Final

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.level_control import (
    LEVEL_CONTROL,
    Direction,
    MoveToLevelWithOnOff,
    MoveWithOnOff,
    StepWithOnOff,
    StopWithOnOff,
)
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, Off, On
from simulators.devices.remote import DOUBLE, HOLD, RELEASE, TRIPLE, Remote
from simulators.zigbee.clusters.side import Side

BUTTONS_AN_ENDPOINT: Final = 5
STEP_SIZE: Final = 43
TRANSITION_TENTHS: Final = 5
RATE: Final = 83
FAVOURITE_LEVEL: Final = 127

_PRESSED: Final[Sequence[ClusterCommand]] = (
    On(),
    Off(),
    StepWithOnOff(Direction.UP, STEP_SIZE, TRANSITION_TENTHS),
    StepWithOnOff(Direction.DOWN, STEP_SIZE, TRANSITION_TENTHS),
    MoveToLevelWithOnOff(FAVOURITE_LEVEL, TRANSITION_TENTHS),
)
_HELD: Final[Sequence[ClusterCommand | None]] = (
    MoveWithOnOff(Direction.UP, RATE),
    MoveWithOnOff(Direction.DOWN, RATE),
    None,
    None,
    None,
)
_TIMES: Final = {DOUBLE: 2, TRIPLE: 3}


class OnOffClient(Side):
    """Says nothing by itself: the buttons are the level's."""

    CLUSTER = ON_OFF
    IS_SERVER = False


class ButtonsClient(Side):
    """The client of Level Control of one endpoint, and its buttons."""

    CLUSTER = LEVEL_CONTROL
    IS_SERVER = False

    def __init__(self, remote: Remote, first: int) -> None:
        """`first` is the number of the button that switches on."""
        super().__init__()
        self._remote = remote
        self._first = first
        self._moves = False

    def happened(self, attribute: str) -> None:
        if attribute != "button":
            return
        button, gesture = self._remote.done
        place = button - self._first
        if 0 <= place < BUTTONS_AN_ENDPOINT:
            self._done(place, gesture)

    def halt(self) -> None:
        self._moves = False

    def _done(self, place: int, gesture: str) -> None:
        moves = _HELD[place]
        if gesture == RELEASE:
            if self._moves:
                self._moves = False
                self.place.tell_bound(StopWithOnOff())
        elif gesture == HOLD and moves is not None:
            # The finger is told of again and again, the movement once.
            if not self._moves:
                self._moves = True
                self.place.tell_bound(moves)
        else:
            for _ in range(_TIMES.get(gesture, 1)):
                self.place.tell_bound(_PRESSED[place])
