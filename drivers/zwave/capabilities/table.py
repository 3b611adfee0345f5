"""All translations, and the three questions that the driver asks of them."""

from typing import Final

from drivers.zwave.capabilities.basic import BASICS
from drivers.zwave.capabilities.buttons import BUTTONS
from drivers.zwave.capabilities.colors import COLORS
from drivers.zwave.capabilities.coverings import COVERINGS
from drivers.zwave.capabilities.locks import LOCKS
from drivers.zwave.capabilities.power import POWER
from drivers.zwave.capabilities.sensors import SENSORS
from drivers.zwave.capabilities.settings import SETTINGS
from drivers.zwave.capabilities.sirens import SIRENS
from drivers.zwave.capabilities.switches import SWITCHES
from drivers.zwave.capabilities.thermostats import THERMOSTATS
from drivers.zwave.capabilities.translation import Plan, Planner, Reader, Said, Translation
from drivers.zwave.command_classes.command import Command as ZwaveCommand
from drivers.zwave.command_classes.table import UnknownCommand
from drivers.zwave.node_record import EndPoint
from hubagent.model.capability import Command

TRANSLATIONS: Final[tuple[Translation, ...]] = (
    *COVERINGS,
    *SWITCHES,
    *SIRENS,
    *BASICS,
    *COLORS,
    *LOCKS,
    *THERMOSTATS,
    *SENSORS,
    *POWER,
    *BUTTONS,
    *SETTINGS,
)
"""In the order in which they are asked to carry out a wish: Window Covering before the Multilevel Switch beside it."""

_READERS: Final[dict[type, Reader]] = {
    kind: reader for translation in TRANSLATIONS for kind, reader in translation.readers.items()
}
_PLANNERS: Final[dict[type, list[tuple[int, Planner]]]] = {}
for _translation in TRANSLATIONS:
    for _kind, _planner in _translation.planners.items():
        _PLANNERS.setdefault(_kind, []).append((_translation.command_class, _planner))


def capabilities_of(end_point: EndPoint) -> tuple[str, ...]:
    """The names of the capabilities that an interviewed end point has, each once."""
    names: dict[str, None] = {}
    for translation in TRANSLATIONS:
        if end_point.has(translation.command_class):
            names.update(dict.fromkeys(capability.name for capability in translation.offers(end_point)))
    return tuple(names)


def said(command: ZwaveCommand | UnknownCommand, end_point: EndPoint) -> list[Said]:
    """What a command from a node means for the home; nothing for what the home has no word for."""
    reader = _READERS.get(type(command))
    return [] if reader is None else reader(command, end_point)


def plan_for(wish: Command, end_point: EndPoint) -> Plan | None:
    """How to tell an end point what is wished; None where it cannot do that."""
    for command_class, planner in _PLANNERS.get(type(wish), ()):
        if end_point.has(command_class):
            plan = planner(wish, end_point)
            if plan is not None:
                return plan
    return None
