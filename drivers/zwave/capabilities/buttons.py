"""Central Scene and Scene Activation: buttons. A press is an event and never a state."""

from drivers.zwave.capabilities.translation import Pressed, Said, Translation, read_one
from drivers.zwave.command_classes import central_scene, scene_activation
from drivers.zwave.command_classes.central_scene import KeyAttribute
from drivers.zwave.node_record import EndPoint
from hubagent.model.capabilities.switch import SWITCH, Press

PRESSES = {
    KeyAttribute.PRESSED_1_TIME: Press.SINGLE,
    KeyAttribute.RELEASED: Press.RELEASE,
    KeyAttribute.HELD_DOWN: Press.HOLD,
    KeyAttribute.PRESSED_2_TIMES: Press.DOUBLE,
    KeyAttribute.PRESSED_3_TIMES: Press.TRIPLE,
    KeyAttribute.PRESSED_4_TIMES: Press.QUADRUPLE,
    KeyAttribute.PRESSED_5_TIMES: Press.QUINTUPLE,
}
_HELD = "held buttons"


def _central_scene(report: central_scene.CentralSceneNotification, end_point: EndPoint) -> list[Said]:
    press = PRESSES.get(KeyAttribute(report.key)) if report.key in PRESSES else None
    if press is None:
        return []
    held: dict[int, bool] = end_point.memory.setdefault(_HELD, {})
    if press is Press.HOLD and held.get(report.scene):
        # A key that is held down says so every 200 ms, or every 55 s with slow refresh: only the first is the press.
        press = Press.HOLD_REPEAT
    held[report.scene] = report.key == KeyAttribute.HELD_DOWN
    return [Pressed(report.scene, press, report.sequence_number)]


def _supported(report: central_scene.CentralSceneSupportedReport, _end_point: EndPoint) -> list[Said]:
    return read_one(SWITCH, buttons=report.scenes)


def _scene(report: scene_activation.SceneActivationSet, _end_point: EndPoint) -> list[Said]:
    return [Pressed(report.scene, Press.SINGLE)]


BUTTONS = (
    Translation(
        central_scene.COMMAND_CLASS,
        lambda _: (SWITCH,),
        {
            central_scene.CentralSceneNotification: _central_scene,
            central_scene.CentralSceneSupportedReport: _supported,
        },
    ),
    Translation(scene_activation.COMMAND_CLASS, lambda _: (), {scene_activation.SceneActivationSet: _scene}),
)
