"""Every radio that the bench knows, in the order in which they are measured."""

from typing import Final

from simulators.bench.scene import Scene
from simulators.bench.zigbee.scene import ZigbeeScene
from simulators.bench.zwave.scene import ZwaveScene

SCENES: Final[dict[str, Scene]] = {scene.radio: scene for scene in (ZwaveScene(), ZigbeeScene())}
