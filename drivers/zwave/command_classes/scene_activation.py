"""Scene Activation, version 1: makes devices take the settings that they keep for a scene.

SDS13781, COMMAND_CLASS_SCENE_ACTIVATION. Sent by remotes to those associated with them, so a controller reads it as a
button.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from drivers.zwave.command_classes.command import need
from drivers.zwave.command_classes.duration import Duration

COMMAND_CLASS = 0x2B
VERSION = 1


@dataclass(frozen=True, slots=True)
class SceneActivationSet:
    COMMAND_CLASS: ClassVar = COMMAND_CLASS
    COMMAND: ClassVar = 0x01

    scene: int
    """1-255."""
    duration: Duration | None = None
    """0xFF is the one configured for the scene. None only where a device left it out."""

    def to_bytes(self) -> bytes:
        body = bytes((COMMAND_CLASS, self.COMMAND, self.scene))
        return body if self.duration is None else body + bytes((self.duration.byte,))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        need(data, 3, cls)
        return cls(data[2], Duration(data[3]) if len(data) > 3 else None)


COMMANDS = (SceneActivationSet,)
