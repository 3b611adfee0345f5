"""What link and queue cost, without port and rules: `python -m tests.bench.zwave.exchange_cost`.

Microseconds from a report's bytes handed in to the bytes of the command that answers it handed out.
"""

import asyncio
import time
from typing import Any

from drivers.zwave.exchange import Answer, Call, PortOpened, Priority, Resume, perform_with
from drivers.zwave.exchange_machine import Exchanges
from drivers.zwave.serial_api.send_data import SendData
from drivers.zwave.serial_frame import DataFrame, FrameType
from hubagent.machine import run_machine

ROUNDS = 20_000
REPORT = DataFrame(FrameType.REQUEST, 0x04, bytes.fromhex("0002032503ff")).to_bytes()
RESPONSE = DataFrame(FrameType.RESPONSE, 0x13, b"\x01").to_bytes()


def measure() -> list[float]:
    written: list[Any] = []
    moments: list[float] = []
    answers: list[Answer] = []

    def react(_frame: DataFrame) -> None:
        host.feed(Call(lambda i: SendData(3, b"\x25\x01\xff", 0x25, i), Priority.COMMAND, answers.append, left))

    def left() -> None:
        moments.append(time.perf_counter())

    loop = asyncio.new_event_loop()
    host = run_machine(Exchanges(), perform_with(written.append, react, written.append, written.append), loop)
    host.feed(PortOpened())
    host.feed(Resume())
    spent = []
    for _ in range(ROUNDS):
        written.clear()
        begun = time.perf_counter()
        host.feed(REPORT)
        spent.append(moments[-1] - begun)
        callback_id = written[1][-2]
        host.feed(b"\x06" + RESPONSE)
        host.feed(DataFrame(FrameType.REQUEST, 0x13, bytes((callback_id, 0, 0, 1))).to_bytes())
    assert len(answers) == ROUNDS
    host.close()
    loop.close()
    return sorted(spent)


if __name__ == "__main__":
    result = measure()
    print(f"p50 {result[ROUNDS // 2] * 1e6:.1f} µs, p99 {result[ROUNDS * 99 // 100] * 1e6:.1f} µs, n {ROUNDS}")
