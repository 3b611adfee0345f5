"""Hello, made of what there is at the moment."""

from typing import Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Hello
from hubagent.uplink.session.surroundings import Outbox, Surroundings

DESIRED_NOTE: Final = "desired"
"""Under which the outbox remembers the version of the wishes that were taken up."""


def hello(outbox: Outbox, around: Surroundings, reported: int, number: int) -> Hello:
    oldest: dict[MessageClass, tuple[int, int]] = {}
    for stream in outbox.streams():
        place = stream.epoch, stream.first
        oldest[stream.message_class] = min(oldest.get(stream.message_class, place), place)
    unix, sure = around.clock()
    return Hello(
        hub=around.hub,
        incarnation=outbox.incarnation,
        boot=outbox.boot,
        epoch=outbox.epoch,
        oldest=oldest,
        reported=reported,
        desired=outbox.noted(DESIRED_NOTE),
        clock=unix,
        clock_sure=sure,
        software=around.software,
        number=number,
    )
