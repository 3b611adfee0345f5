"""The path of a report from a Zigbee node."""

from pathlib import Path

import pytest

from drivers.zigbee.ash import Data, Parser
from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.ezsp.frame import decode_header
from drivers.zigbee.ezsp.messaging import IncomingMessageHandler, SendUnicast
from drivers.zigbee.kind import KIND
from drivers.zigbee.zcl.clusters import occupancy_sensing
from simulators.bench.zigbee.household import ZigbeeHousehold
from simulators.bench.zigbee.reports import VERSION
from simulators.devices.sensors import MotionSensor
from tests.bench.path import Watch, agent_at, reported

CALLS_MAX = 140
"""Of Python functions, the simulated clock among them; some twenty are the rules: what set one off, its condition, how
often it may run, whose hand was at the device, and the trace."""


class ZigbeeWatch(Watch):
    """Also of the frames themselves."""

    def __init__(self) -> None:
        super().__init__(Coordinator._write.__code__)
        self.report: Data | None = None
        self.written: list[bytes] = []


def data_frame(data: bytes) -> Data | None:
    """If it is one, and nothing else."""
    frames = Parser().feed(data)
    return frames[0] if len(frames) == 1 and isinstance(frames[0], Data) else None


def is_motion(data: bytes) -> bool:
    frame = data_frame(data)
    if frame is None or decode_header(frame.payload).frame_id != IncomingMessageHandler.ID:
        return False
    message = IncomingMessageHandler.from_bytes(decode_header(frame.payload).payload, VERSION)
    return message.aps_frame.cluster_id == occupancy_sensing.CLUSTER_ID


@pytest.fixture
async def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZigbeeWatch:
    """Of one report of motion to an agent that has heard and done the same before."""
    original, original_write = Coordinator.data_received, Coordinator._write
    seen = ZigbeeWatch()
    written: list[bytes] = []

    def watched(self: Coordinator, data: bytes) -> None:
        if not is_motion(data):
            original(self, data)
            return
        written.clear()
        with seen.watching():
            original(self, data)
        seen.report, seen.written = data_frame(data), list(written)

    def write(self: Coordinator, data: bytes) -> None:
        written.append(data)
        original_write(self, data)

    monkeypatch.setattr(Coordinator, "data_received", watched)
    monkeypatch.setattr(Coordinator, "_write", write)
    household = ZigbeeHousehold()
    _, sensor = household.devices
    assert isinstance(sensor, MotionSensor)
    sensor.clear_after_s = 3600
    async with agent_at(household, KIND, tmp_path):
        await reported(sensor.set_occupied)
    return seen


async def test_the_command_carries_the_acknowledgement_of_the_report(watch: ZigbeeWatch) -> None:
    (written,) = watch.written
    command = data_frame(written)
    assert command is not None
    assert watch.report is not None
    assert command.acked == (watch.report.number + 1) % 8
    assert decode_header(command.payload).frame_id == SendUnicast.ID


async def test_the_command_leaves_within_the_call_that_brought_the_report(watch: ZigbeeWatch) -> None:
    assert len(watch.calls_at_write) == 1


async def test_no_task_queue_log_or_disk_stands_between_a_report_and_its_command(watch: ZigbeeWatch) -> None:
    assert watch.out_of_place() == []


async def test_the_path_of_a_report_is_short(watch: ZigbeeWatch) -> None:
    assert watch.calls_at_write[0] <= CALLS_MAX
