"""A simulated Z-Wave node: reactions on its end points, and around them encapsulation, sleep and the lifeline.

What a kind of device is made of is in `faces`; what each command class does is in `reactions`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from drivers.zwave.command_classes.command import Command, MalformedCommand
from drivers.zwave.command_classes.crc_16_encap import Crc16Encap
from drivers.zwave.command_classes.device_reset_locally import DeviceResetLocallyNotification
from drivers.zwave.command_classes.duration import Duration
from drivers.zwave.command_classes.multi_channel import MultiChannelCommandEncapsulation
from drivers.zwave.command_classes.supervision import SupervisionReport, SupervisionStatus
from drivers.zwave.command_classes.table import UnknownCommand, decode
from drivers.zwave.command_classes.wake_up import BROADCAST_NODE, WakeUpNotification
from drivers.zwave.encapsulation.chain import unwrap, wrap
from drivers.zwave.encapsulation.envelope import PLAIN, Envelope
from simulators.device_memory import Kept, nothing
from simulators.devices.cells import ASLEEP_MA, BEAM_MA, FRAME_MAH
from simulators.devices.clock import DeviceClock
from simulators.devices.device import Battery, Device
from simulators.devices.health import Health
from simulators.zwave.radio_node import NodeInformation, NodeRadio
from simulators.zwave.reactions.association import Lifeline
from simulators.zwave.reactions.reaction import Answer, Outcome, Reaction
from simulators.zwave.reactions.wake_up import WakeUpReaction
from simulators.zwave.wrong_values import gone_wrong

CONTROLLER = 1
"""The node identifier of whoever started the network, the only other node that these nodes speak to."""


class EndPoint:
    """A part of a node with reactions of its own; the node itself is end point 0."""

    def __init__(self, device: Device, generic_class: int, specific_class: int, reactions: Sequence[Reaction]) -> None:
        self.device = device
        self.generic_class = generic_class
        self.specific_class = specific_class
        self.reactions = {reaction.command_class: reaction for reaction in reactions}

    @property
    def command_classes(self) -> tuple[int, ...]:
        """As the node information lists them."""
        return tuple(number for number, reaction in self.reactions.items() if reaction.IN_NODE_INFORMATION)

    @property
    def reports(self) -> tuple[type[Command], ...]:
        return tuple(kind for reaction in self.reactions.values() for kind in reaction.REPORTS)

    def kept(self) -> Kept:
        """By command class."""
        entries = {f"0x{number:02x}": reaction.kept() for number, reaction in self.reactions.items()}
        return {name: entry for name, entry in entries.items() if entry}

    def restore(self, kept: Kept) -> None:
        for number, reaction in self.reactions.items():
            entry = kept.get(f"0x{number:02x}")
            if entry is not None:
                reaction.restore(entry)

    def react(self, command: Command | UnknownCommand) -> Answer:
        if isinstance(command, UnknownCommand):
            return None
        reaction = self.reactions.get(command.COMMAND_CLASS)
        return None if reaction is None else reaction.react(command)


@dataclass(frozen=True, slots=True)
class Listening:
    """How a node hears: always, or a beam every so many ms, or only while it is awake."""

    always: bool = True
    beam_ms: int | None = None


class SimulatedNode:
    """A `radio_node.RadioNode`. `end_points` are those beside the root, numbered from 1."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        root: EndPoint,
        end_points: Sequence[EndPoint],
        lifeline: Lifeline,
        listening: Listening,
        clock: DeviceClock | None = None,
    ) -> None:
        self.root = root
        self.health = Health()
        self.clock = clock or DeviceClock(loop)
        self.lifeline = lifeline
        self.node_id: int | None = None
        self.home_id: int | None = None
        """Of the network that it believes to be in."""
        self.changed: Callable[[], None] = nothing
        """Called when something that it keeps without power may have changed."""
        self._loop = loop
        self._end_points = (root, *end_points)
        self._listening = listening
        self._radio: NodeRadio | None = None
        self._last_session: int | None = None
        self._last_report: tuple[int, Command] | None = None
        if root.device.battery is not None and listening.beam_ms is not None:
            root.device.battery.draw(ASLEEP_MA + BEAM_MA)
        for number, end_point in enumerate(self._end_points):
            self._report_changes(number, end_point)

    # --- what the network sees

    @cached_property
    def info(self) -> NodeInformation:
        """The same for all of its life."""
        return NodeInformation(
            generic_class=self.root.generic_class,
            specific_class=self.root.specific_class,
            command_classes=self.root.command_classes,
            listening=self._listening.always,
            flirs=self._listening.beam_ms,
            routing=True,
        )

    @property
    def awake(self) -> bool:
        if self._radio is None:
            return False
        return self._sleep is None or self._sleep.awake

    def joined(self, radio: NodeRadio, node_id: int, home_id: int) -> None:
        self._radio, self.node_id, self.home_id = radio, node_id, home_id
        self._last_session = None
        if self._sleep is not None:
            self._sleep.included()
        self.changed()

    def excluded(self) -> None:
        self._radio = self.node_id = self.home_id = None
        if self._sleep is not None:
            self._sleep.excluded()
        for end_point in self._end_points:
            for reaction in end_point.reactions.values():
                reaction.reset()
        self.changed()

    def receive(self, data: bytes) -> None:
        self.changed()
        if self._sleep is not None:
            self._sleep.heard()
        if self._battery is not None:
            self._battery.spend(FRAME_MAH)
        try:
            command, envelope = unwrap(data)
        except MalformedCommand:
            return
        if self.health.hung:
            return
        if envelope.multicast:
            for number in sorted(_named_end_points(data)):
                if number < len(self._end_points):
                    self._carry_out(self._end_points[number], command)
            return
        if envelope.own_endpoint >= len(self._end_points):
            return
        end_point = self._end_points[envelope.own_endpoint]
        if envelope.supervision is None:
            self._answer(self._carry_out(end_point, command), envelope)
        else:
            self._supervise(end_point, command, envelope)

    # --- what the world does

    def wake(self) -> None:
        """Somebody presses its button: a sleeping node wakes up."""
        if self._sleep is not None and self._radio is not None:
            self._sleep.wake()

    def was_set_up(self) -> None:
        """It is in the network since long ago: a sleeping one knows whom to tell when it wakes."""
        if self._sleep is not None:
            self._sleep.was_set_up(CONTROLLER)

    def wake_in(self, seconds: float) -> None:
        """A sleeping one, if it is in a network."""
        if self._sleep is not None and self._radio is not None:
            self._sleep.wake_in(seconds)

    def reset_by_hand(self) -> None:
        """Factory settings, by its own button: it says so, and is gone. The controller still has it in its list."""
        self._report(0, DeviceResetLocallyNotification())
        if self._radio is not None:
            self._radio.leave()
        self.excluded()

    def tell_all(self) -> None:
        """What it said last of itself, once more; one that said nothing yet says who it is."""
        if self._last_report is not None:
            self._report(*self._last_report)
        elif self._radio is not None:
            self._radio.send_node_information()

    def say_who_it_is(self) -> None:
        if self._radio is not None:
            self._radio.send_node_information()

    @property
    def sleep(self) -> WakeUpReaction | None:
        """None: it never sleeps, or a beam wakes it."""
        return self._sleep

    def notify_awake(self, node_id: int) -> None:
        """Tell whom the Wake Up interval names that it is awake, if that is the controller or everybody."""
        if node_id in (CONTROLLER, BROADCAST_NODE):
            self._send(WakeUpNotification(), PLAIN)

    def lose_power(self) -> None:
        """What it keeps without is there when the power returns, and nothing else."""
        self._last_session = None
        for end_point in self._end_points:
            for reaction in end_point.reactions.values():
                reaction.lose_power()

    def power_returned(self) -> None:
        """A sleeping one wakes up, as with its button."""
        for end_point in self._end_points:
            for reaction in end_point.reactions.values():
                reaction.power_returned()
        self.wake()

    def power_off(self) -> None:
        """For good: the world ends."""
        self._radio = None
        self.lose_power()

    # --- what it keeps without power

    def kept(self) -> Kept:
        end_points = {str(number): it.kept() for number, it in enumerate(self._end_points)}
        return {"home_id": self.home_id, "end_points": end_points}

    def restore(self, kept: Kept) -> None:
        self.home_id = None if kept["home_id"] is None else int(kept["home_id"])
        for number, end_point in enumerate(self._end_points):
            end_point.restore(kept["end_points"].get(str(number), {}))

    # --- inside

    @property
    def _battery(self) -> Battery | None:
        return self.root.device.battery

    @property
    def _sleep(self) -> WakeUpReaction | None:
        reaction = self.root.reactions.get(WakeUpReaction.MODULE.COMMAND_CLASS)
        return reaction if isinstance(reaction, WakeUpReaction) else None

    def _carry_out(self, end_point: EndPoint, command: Command | UnknownCommand) -> Answer:
        answer = end_point.react(command)
        if isinstance(answer, Outcome) and self.health.at_command is not None:
            self.health.at_command()
        return answer

    def _answer(self, answer: Answer, envelope: Envelope) -> None:
        if answer is None or isinstance(answer, Outcome) or self.health.mute:
            return
        for command in answer if isinstance(answer, tuple) else (answer,):
            own = replace(envelope, supervision=None)
            if self.health.answers_after_s:
                self._loop.call_later(self.health.answers_after_s, self._send, command, own)
            else:
                self._send(command, own)

    def _supervise(self, end_point: EndPoint, command: Command | UnknownCommand, envelope: Envelope) -> None:
        supervision = envelope.supervision
        assert supervision is not None
        if self._last_session == supervision.session:
            # Z-Wave specifications 2024A, CC:006C.01.01.11.00D: the same session again is neither carried out nor
            # answered, without security.
            return
        answer = self._carry_out(end_point, command)
        self._answer(answer, envelope)
        report = _supervision_report(supervision.session, answer, updates=supervision.status_updates)
        self._last_session = supervision.session
        self._answer(report, envelope)
        if report.more_updates and isinstance(answer, Outcome):
            self._loop.call_later(answer.duration_s, self._finish, supervision.session, envelope)

    def _finish(self, session: int, envelope: Envelope) -> None:
        self._answer(SupervisionReport(session, SupervisionStatus.SUCCESS), envelope)

    def _report_changes(self, number: int, end_point: EndPoint) -> None:
        def changed(attribute: str) -> None:
            self.changed()
            for reaction in end_point.reactions.values():
                for command in reaction.changed(attribute):
                    self._report(number, command)

        end_point.device.listen(changed)

    def _report(self, number: int, command: Command) -> None:
        """Send unasked, to whom the lifeline names (SDS13782, Multi Channel Association).

        From an end point only to an end point, since a plain node would take it for the root's; and what the root only
        mirrors not to an end point, which gets the original.
        """
        self._last_report = number, command
        wrong = self.health.reports
        said = command if wrong is None else gone_wrong(command, wrong)
        if number == 0 and CONTROLLER in self.lifeline.nodes:
            self._send(said, PLAIN)
        mirrored = number == 0 and any(command.COMMAND_CLASS in it.reactions for it in self._end_points[1:])
        for destination in () if mirrored else self.lifeline.end_points:
            if destination.node == CONTROLLER and isinstance(destination.end_points, int):
                # The envelope is what an answer to the destination's end point would be put in.
                self._send(said, Envelope(endpoint=destination.end_points, own_endpoint=number))

    def _send(self, command: Command | UnknownCommand, envelope: Envelope) -> None:
        if self._radio is None:
            return
        if self._battery is not None:
            self._battery.spend(FRAME_MAH)
            if self._battery.fails():
                return
        self._radio.send(wrap(command, envelope))


def _named_end_points(data: bytes) -> frozenset[int]:
    """The end points that a command names by bits: the chain only tells that it does."""
    command = decode(data)
    if isinstance(command, Crc16Encap):
        command = decode(command.payload)
    if isinstance(command, MultiChannelCommandEncapsulation) and not isinstance(command.destination, int):
        return command.destination
    return frozenset()


def _supervision_report(session: int, answer: Answer, *, updates: bool) -> SupervisionReport:
    if answer is None:
        return SupervisionReport(session, SupervisionStatus.NO_SUPPORT)
    if not isinstance(answer, Outcome):
        return SupervisionReport(session, SupervisionStatus.SUCCESS)
    if answer.status is not SupervisionStatus.WORKING:
        return SupervisionReport(session, answer.status)
    # Z-Wave specifications 2024A, table 4.29: a command that is being worked on takes more than no time.
    return SupervisionReport(session, answer.status, Duration.from_seconds(max(1, answer.duration_s)), updates)
