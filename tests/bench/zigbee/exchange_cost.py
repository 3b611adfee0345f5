"""What link and queue cost, without port and rules: `python -m tests.bench.zigbee.exchange_cost`.

Microseconds from a report's bytes handed in to the bytes of the command that answers it handed out.
"""

import asyncio
import time
from typing import Any

from drivers.zigbee.ash import Ack, Data, ResetAck, ResetCode
from drivers.zigbee.exchange import IN_FLIGHT_MAX, Answer, Call, PortOpened, Priority, Resume, perform_with
from drivers.zigbee.exchange_machine import Exchanges
from drivers.zigbee.ezsp.frame import encode_command, encode_response
from drivers.zigbee.ezsp.messaging import SendUnicast, SendUnicastResponse
from drivers.zigbee.ezsp.status import Status
from drivers.zigbee.ezsp.structures import ApsFrame
from drivers.zigbee.ezsp.types import OutgoingType
from hubagent.machine import run_machine
from simulators.bench.zigbee.reports import VERSION, Member, motion_report

ROUNDS = 20_000
MOTION = Member(0xB2, 0x2222)
COMMAND = SendUnicast(OutgoingType.DIRECT, 0x1111, ApsFrame(0x0104, 6, 1, 1), 1, b"\x01\x01\x01")


def measure() -> list[float]:
    written: list[Any] = []
    moments: list[float] = []
    answers: list[Answer] = []

    def react(_frame_id: int, _payload: bytes) -> None:
        host.feed(Call(lambda it: encode_command(it, COMMAND, VERSION), Priority.COMMAND, answers.append, left))

    def left() -> None:
        moments.append(time.perf_counter())

    loop = asyncio.new_event_loop()
    machine = Exchanges()
    host = run_machine(machine, perform_with(written.append, react, written.append, written.append), loop)
    host.feed(PortOpened())
    host.feed(ResetAck(ResetCode.SOFTWARE).to_bytes())
    host.feed(Resume())
    machine.in_flight_max = IN_FLIGHT_MAX
    spent = []
    for number in range(ROUNDS):
        report = Data(2 * number & 7, motion_report(MOTION, True, number), number & 7).to_bytes()
        response = encode_response(number & 0xFF, SendUnicast.ID, SendUnicastResponse(Status.OK, 1), VERSION)
        written.clear()
        begun = time.perf_counter()
        host.feed(report)
        spent.append(moments[-1] - begun)
        assert len(written) == 1
        host.feed(Data(2 * number + 1 & 7, response, number + 1 & 7).to_bytes())
        host.feed(Ack(number + 1 & 7).to_bytes())
    assert len(answers) == ROUNDS
    host.close()
    loop.close()
    return sorted(spent)


if __name__ == "__main__":
    result = measure()
    print(f"p50 {result[ROUNDS // 2] * 1e6:.1f} µs, p99 {result[ROUNDS * 99 // 100] * 1e6:.1f} µs, n {ROUNDS}")
