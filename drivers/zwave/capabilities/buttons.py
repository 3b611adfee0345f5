"""Central Scene and Scene Activation: buttons. A press is an event and never a state."""

from drivers.zwave.capabilities.translation import Pressed, Said, Translation, read_one
from drivers.zwave.command_classes import central_scene, scene_activation
from drivers.zwave.command_classes.central_scene import RELEASE_TIMEOUT_S, SLOW_RELEASE_TIMEOUT_S, KeyAttribute
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


def _central_scene(report: central_scene.CentralSceneNotification, _end_point: EndPoint) -> list[Said]:
    press = PRESSES.get(KeyAttribute(report.key)) if report.key in PRESSES else None
    if press is None:
        return []
    held_for_s = 0.0
    if press is Press.HOLD:
        held_for_s = SLOW_RELEASE_TIMEOUT_S if report.slow_refresh else RELEASE_TIMEOUT_S
    return [Pressed(report.scene, press, report.sequence_number, held_for_s)]


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
