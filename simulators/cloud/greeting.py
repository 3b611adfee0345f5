"""What a Hello changes of what is known of a hub."""

from hubagent.uplink.message.up import Hello
from simulators.cloud import streams
from simulators.cloud.database import Database
from simulators.cloud.hub import Hub


def went_back(hub: Hub, hello: Hello) -> bool:
    """Whether its starts are counted backwards.

    A Hello that a broker had kept for long; a hub whose disk did not take the count; or one that was restored from a
    copy, which sees from the Welcome how far its numbers were used, and goes on beyond. In no case may what is known of
    the numbers be forgotten.
    """
    return hello.incarnation == hub.incarnation and hello.boot < hub.boot


def take_in(hub: Hub, hello: Hello, database: Database, *, wall: float, now: float) -> bool:
    """Whether the agent was started anew since the Hello before."""
    other_outbox = hello.incarnation != hub.incarnation
    started_anew = other_outbox or hello.boot != hub.boot
    if other_outbox:
        streams.begin_anew(hub, database, hello.incarnation)
    streams.forget(hub, database, hello)
    hub.boot, hub.epoch, hub.software = hello.boot, hello.epoch, hello.software
    hub.clock_off = hello.clock - wall if hello.clock_sure else None
    hub.hello, hub.hello_at = hello.number, now
    if hello.desired > hub.desired:
        # This cloud has lost what it wished: the next wish must be newer than what the hub took up.
        hub.desired, hub.wishes = hello.desired, {}
    return started_anew
