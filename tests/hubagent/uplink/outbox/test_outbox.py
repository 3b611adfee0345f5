"""The outbox: what is in it, in which order, and what is on disk when."""

from pathlib import Path

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Message
from hubagent.uplink.outbox.outbox import Outbox, open_outbox
from simulators.runtime import simulated_runtime

ALARM, EVENT = MessageClass.ALARM, MessageClass.EVENT


def an_outbox(folder: Path) -> Outbox:
    return open_outbox(folder, simulated_runtime("outbox", {}, state=folder))


async def test_what_was_put_is_read_in_order_each_after_the_one_before(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    assert [outbox.put(EVENT, b"one"), outbox.put(ALARM, b"two"), outbox.put(EVENT, b"three")] == [1, 2, 3]
    assert outbox.read(EVENT, outbox.epoch, 0, 10, 1000) == [
        Message(outbox.epoch, 1, 0, b"one"),
        Message(outbox.epoch, 3, 1, b"three"),
    ]
    outbox.close()


async def test_what_was_acknowledged_is_gone_and_the_rest_outlives_a_restart(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    epoch, boot = outbox.epoch, outbox.boot
    for content in (b"one", b"two", b"three"):
        outbox.put(EVENT, content)
    outbox.acknowledge(EVENT, epoch, 2)
    outbox.close()
    outbox = an_outbox(tmp_path)
    assert [it.content for it in outbox.read(EVENT, epoch, 0, 10, 1000)] == [b"three"]
    assert (outbox.epoch, outbox.boot) == (epoch + 1, boot + 1)
    outbox.close()
