"""All translations, and the questions that the driver asks of them.

What a node can be asked is looked at anew by `capabilities_of`, which the driver calls whenever more became known of
the node. What the node says is understood by what was seen then: a report costs two look-ups and one small function.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from drivers.zigbee.capabilities.quirks.table import quirk_of
from drivers.zigbee.capabilities.translation import (
    Binding,
    Place,
    Plan,
    Read,
    Reading,
    Reporting,
    Said,
    ToSend,
    Translation,
)
from drivers.zigbee.node_record import ROOT, NodeRecord
from drivers.zigbee.zcl.clusters.table import CLUSTERS, decode_command
from drivers.zigbee.zcl.frame import ZclFrame
from hubagent.model.capability import Command

TRANSLATIONS: Final[tuple[Translation, ...]] = ()
"""In the order in which they are asked to carry out a wish."""


def capabilities_of(record: NodeRecord) -> Mapping[int, tuple[str, ...]]:
    """By part (ROOT is the device itself, the others have their end point's number) the capabilities that it has.

    ROOT is always there. Looks anew at what is known of the node; what it says from now on is understood accordingly.
    """
    raise NotImplementedError


def part_of(record: NodeRecord, endpoint: int, said: Said) -> int:
    """Which part of the device it is about: a key of `capabilities_of`."""
    raise NotImplementedError


def said_by_attributes(record: NodeRecord, endpoint: int, cluster: int, values: Mapping[int, Any]) -> list[Said]:
    """What attributes in a report, or in the answer to a reading, mean for the home. None is the ZCL's non-value.

    Attributes that the device does not have do not belong into `values`.
    """
    raise NotImplementedError


def said_by_command(record: NodeRecord, endpoint: int, cluster: int, frame: ZclFrame) -> list[Said]:
    """What a cluster's own command from a node means for the home. Raises MalformedFrame."""
    raise NotImplementedError


def plan_for(wish: Command, record: NodeRecord, part: int) -> Plan | None:
    """How to tell a part of the device (ROOT is itself) what is wished; None where it cannot do that."""
    raise NotImplementedError


def bindings_of(record: NodeRecord) -> tuple[Binding, ...]:
    """Which clusters shall send to us what happens, and which attributes they shall report by themselves."""
    raise NotImplementedError


def questions_of(record: NodeRecord) -> tuple[Read, ...]:
    """What is read once, to understand the device: the answers belong into its end points' `attributes`."""
    raise NotImplementedError


def state_reads_of(record: NodeRecord) -> tuple[Read, ...]:
    """What is read to know how the device is now."""
    raise NotImplementedError


def preparations_of(record: NodeRecord) -> tuple[ToSend, ...]:
    """What is sent once when the interview is over, so that the device says all that it can."""
    raise NotImplementedError


def answers_to(record: NodeRecord, endpoint: int, cluster: int, frame: ZclFrame, now_utc_s: float) -> tuple[ToSend, ...]:
    """What a device that asks this expects to hear; `now_utc_s` is for those who ask for the time."""
    raise NotImplementedError
