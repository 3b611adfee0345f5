"""The interview, stage by stage. Each stage is recorded when it is complete, so that a restart asks nothing twice.

The order is that of SDS13784-14 (Z-Wave Network-Protocol Command Class Specification), node interview, and of what
other hubs ask: who are you, which classes in which versions, which end points, what each class can do, report to us.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Protocol

from drivers.zwave.command_classes import (
    association,
    association_grp_info,
    basic,
    manufacturer_specific,
    multi_channel,
    multi_channel_association,
    node_naming,
    version,
    wake_up,
    zwaveplus_info,
)
from drivers.zwave.command_classes.table import VERSIONS
from drivers.zwave.interview.ask import Ask
from drivers.zwave.interview.questions import QUESTIONS, says_more_than_basic
from drivers.zwave.node_record import ROOT, SEEN, EndPoint, NodeRecord, Stage

LIFELINE = association_grp_info.LIFELINE
WAKE_UP_S = 4 * 3600
"""How often a sleeping node is asked to wake up where it lets us choose."""
STEPS = len(Stage) - 1

_CONTROLLER_CLASS_MARK = 0xEF
_CONTROLLING = frozenset((0x01, 0x02, 0x0F, 0x18))
"""Generic device classes that tell others, and do nothing themselves: remote, static controller, repeater, wall
controller (ZWave_cmd_classes.xml of the Z-Wave Alliance)."""
_ROOT_ONLY = frozenset((multi_channel.COMMAND_CLASS, wake_up.COMMAND_CLASS))


class Interviewed(Protocol):
    """Whom the interview turns to: the driver, for one node."""

    @property
    def record(self) -> NodeRecord: ...

    @property
    def known(self) -> NodeRecord:
        """What was known before, and stands where a question is not answered; `record` itself the first time."""
        ...

    @property
    def own_node_id(self) -> int: ...

    def endpoint(self, number: int) -> Ask:
        """Counts in the record what is not answered."""
        ...

    async def protocol_info(self) -> None:
        """Put into the record what the controller knows of the node."""
        ...

    async def node_information(self) -> tuple[int, ...]:
        """The command classes of the node's information frame. Raises DeviceUnreachable."""
        ...

    async def read_state(self) -> None:
        """Read what the node's classes say just now. Raises DeviceUnreachable."""
        ...

    def reached(self, stage: Stage) -> None:
        """A stage is complete: keep the record."""
        ...


async def interview(node: Interviewed) -> None:
    """Everything that has not been asked yet. Raises DeviceUnreachable; what was found by then is kept."""
    for stage, run in _STAGES:
        if node.record.stage < stage:
            await run(node)
            node.record.stage = stage
            node.reached(stage)


async def _protocol(node: Interviewed) -> None:
    await node.protocol_info()


async def _node_info(node: Interviewed) -> None:
    for command_class in await node.node_information():
        if command_class == _CONTROLLER_CLASS_MARK:
            break
        node.record.root.versions.setdefault(command_class, 0)


async def _identity(node: Interviewed) -> None:
    record, known, root, ask = node.record, node.known, node.record.root, node.endpoint(ROOT)
    if root.has(manufacturer_specific.COMMAND_CLASS) and record.manufacturer is None:
        report = await ask.ask(
            manufacturer_specific.ManufacturerSpecificGet(), manufacturer_specific.ManufacturerSpecificReport
        )
        if report is not None:
            record.manufacturer = report.manufacturer
            record.product_type, record.product = report.product_type, report.product
        else:
            record.manufacturer = known.manufacturer
            record.product_type, record.product = known.product_type, known.product
    if root.has(node_naming.COMMAND_CLASS) and not record.name:
        record.name = await _own_name(ask, known.name)


async def _own_name(ask: Ask, known: str) -> str:
    name = await ask.ask(node_naming.NodeNamingNodeNameGet(), node_naming.NodeNamingNodeNameReport)
    location = await ask.ask(node_naming.NodeNamingNodeLocationGet(), node_naming.NodeNamingNodeLocationReport)
    if known and (name is None or location is None):
        return known
    parts = (location.location.text if location else "", name.name.text if name else "")
    return ".".join(part.strip() for part in parts if part.strip())


async def _versions(node: Interviewed) -> None:
    record, root, ask = node.record, node.record.root, node.endpoint(ROOT)
    if not root.has(version.COMMAND_CLASS):
        # SDS13782, Version: a node without it has every class in version 1.
        root.versions = dict.fromkeys(root.versions, 1)
        return
    await _ask_versions(ask, root, node.known.root)
    if not record.firmware:
        report = await ask.ask(version.VersionGet(), version.VersionReport)
        record.firmware = node.known.firmware if report is None else ".".join(str(part) for part in report.firmware)
    if root.has(zwaveplus_info.COMMAND_CLASS) and zwaveplus_info.COMMAND_CLASS not in root.facts:
        info = await ask.ask(zwaveplus_info.ZWavePlusInfoGet(), zwaveplus_info.ZWavePlusInfoReport)
        known = node.known.root.facts_of(zwaveplus_info.COMMAND_CLASS)
        root.facts[zwaveplus_info.COMMAND_CLASS] = {**known} if info is None else {"role": info.role_type}


async def _ask_versions(ask: Ask, end_point: EndPoint, known: EndPoint) -> None:
    for command_class in sorted(end_point.versions):
        if end_point.versions[command_class] != 0:
            continue
        if command_class not in VERSIONS:
            end_point.versions[command_class] = 1
            continue
        end_point.versions[command_class] = await _version(ask, command_class, known.version(command_class))


async def _version(ask: Ask, command_class: int, known: int) -> int:
    """Of a class that is in the node information frame, and so is there, whatever a sloppy node answers."""
    report = await ask.ask(
        version.VersionCommandClassGet(command_class),
        version.VersionCommandClassReport,
        lambda report: report.requested == command_class,
    )
    return max(1, known if report is None else report.version)


async def _end_points(node: Interviewed) -> None:
    record, root, ask = node.record, node.record.root, node.endpoint(ROOT)
    if root.version(multi_channel.COMMAND_CLASS) < 2:
        # Multi Instance, which it was called then, knows no end points.
        return
    found = await ask.ask(multi_channel.MultiChannelEndPointGet(), multi_channel.MultiChannelEndPointReport)
    if found is None:
        numbers = sorted(node.known.end_points.keys() - {ROOT})
    else:
        numbers = list(range(1, found.individual + (found.aggregated or 0) + 1))
    for number in numbers:
        if number not in record.end_points:
            await _find_end_point(node, ask, number)
        if number in record.end_points:
            await _end_point_versions(ask, record, record.end_points[number], _known(node, number))


def _known(node: Interviewed, number: int) -> EndPoint:
    """What was known of an end point before; one without classes where that is nothing."""
    return node.known.end_points.get(number) or EndPoint(number)


async def _find_end_point(node: Interviewed, ask: Ask, number: int) -> None:
    report = await ask.ask(
        multi_channel.MultiChannelCapabilityGet(number),
        multi_channel.MultiChannelCapabilityReport,
        lambda report: report.end_point == number,
    )
    if report is not None:
        classes = [command_class for command_class in report.command_classes if command_class not in _ROOT_ONLY]
        found = EndPoint(number, report.generic, report.specific, dict.fromkeys(classes, 0))
        node.record.end_points[number] = found
    elif number in node.known.end_points:
        known = node.known.end_points[number]
        node.record.end_points[number] = replace(known, versions={**known.versions}, facts={}, memory={})


async def _end_point_versions(ask: Ask, record: NodeRecord, end_point: EndPoint, known: EndPoint) -> None:
    """The root answers for all end points (SDS13782, Version); what it or one of them has it was asked before."""
    for command_class, so_far in end_point.versions.items():
        if so_far == 0:
            found = max(other.version(command_class) for other in record.end_points.values())
            end_point.versions[command_class] = found
    await _ask_versions(ask, end_point, known)


async def _classes(node: Interviewed) -> None:
    await _basic(node)
    for number, end_point in sorted(node.record.end_points.items()):
        ask = node.endpoint(number)
        for command_class, question in QUESTIONS.items():
            if end_point.has(command_class) and not end_point.was_interviewed(command_class):
                unanswered = node.record.unanswered
                found = await question(ask, end_point)
                known = _known(node, number).facts_of(command_class)
                if node.record.unanswered == unanswered:
                    known = {fact: what for fact, what in known.items() if fact == SEEN}
                found = _with(known, found)
                end_point.facts[command_class] = {**end_point.facts_of(command_class), **found}


def _with(known: Any, found: Any) -> Any:
    """What was found, and what was known besides: an answer that may have said so did not come."""
    if isinstance(known, dict) and isinstance(found, dict):
        return {**known, **{key: _with(known.get(key), value) for key, value in found.items()}}
    if isinstance(known, list) and isinstance(found, list):
        return sorted({*known, *found})
    return found


async def _basic(node: Interviewed) -> None:
    """Basic is all that a device of before Z-Wave Plus may say of itself. No node information lists it and Version may
    not know it: who answers has it (Z-Wave specifications 2024A, CC:0020.01.00.21.003, CL:0020.01.21.02.2)."""
    root = node.record.root
    known = root.has(basic.COMMAND_CLASS) or len(node.record.end_points) > 1 or says_more_than_basic(root)
    if known or root.generic_class in _CONTROLLING:
        return
    answer = await node.endpoint(ROOT).ask(basic.BasicGet(), basic.BasicReport)
    if answer is not None or node.known.root.has(basic.COMMAND_CLASS):
        root.versions[basic.COMMAND_CLASS] = 1


async def _lifeline(node: Interviewed) -> None:
    """Ask the node to report to us, and when to wake up for us."""
    root, ask, us = node.record.root, node.endpoint(ROOT), node.own_node_id
    if len(node.record.end_points) > 1 and root.version(multi_channel_association.COMMAND_CLASS) >= 3:
        # To our end point 0, so that the node's end points report as themselves (SDS13783, Multi Channel Association).
        # What was there as a plain node would hear all of it twice, and take the only place that many lifelines have.
        await ask.tell(multi_channel_association.MultiChannelAssociationRemove(LIFELINE, (us,)))
        await ask.tell(
            multi_channel_association.MultiChannelAssociationSet(
                LIFELINE, (), (multi_channel_association.EndPointDestination(us, 0),)
            )
        )
    elif root.has(association.COMMAND_CLASS):
        await ask.tell(association.AssociationSet(LIFELINE, (us,)))
    if root.has(wake_up.COMMAND_CLASS):
        interval_s = await _wake_up(ask, root, us)
        node.record.wake_up_interval_s = node.known.wake_up_interval_s if interval_s is None else interval_s


async def _wake_up(ask: Ask, root: EndPoint, us: int) -> int | None:
    interval = WAKE_UP_S
    if root.version(wake_up.COMMAND_CLASS) >= 2:
        limits = await ask.ask(wake_up.WakeUpIntervalCapabilitiesGet(), wake_up.WakeUpIntervalCapabilitiesReport)
        if limits is not None:
            interval = max(limits.minimum_s, min(limits.maximum_s, interval))
            if limits.step_s:
                interval -= (interval - limits.minimum_s) % limits.step_s
    await ask.tell(wake_up.WakeUpIntervalSet(interval, us))
    report = await ask.ask(wake_up.WakeUpIntervalGet(), wake_up.WakeUpIntervalReport)
    return None if report is None else report.interval_s


async def _complete(node: Interviewed) -> None:
    """A node that is called ready has said how it is: nobody finds a gap then that a moment would have filled."""
    await node.read_state()


_STAGES: tuple[tuple[Stage, Callable[[Interviewed], Awaitable[None]]], ...] = (
    (Stage.PROTOCOL, _protocol),
    (Stage.NODE_INFO, _node_info),
    (Stage.IDENTITY, _identity),
    (Stage.VERSIONS, _versions),
    (Stage.END_POINTS, _end_points),
    (Stage.CLASSES, _classes),
    (Stage.LIFELINE, _lifeline),
    (Stage.COMPLETE, _complete),
)
