"""What a hub is answered, as frames."""

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import channel_of, encode
from hubagent.uplink.message.down import SPREAD_MAX_S, Ack, Bye, Desired, Welcome
from simulators.cloud import streams
from simulators.cloud.bounds import Bounds
from simulators.cloud.hub import Hub
from simulators.cloud.items import Send


def welcome(hub: Hub, bounds: Bounds, wall: float, online: int) -> Send:
    """Everything that is here of the hub's; `online` hubs would all come back at once should this cloud fall."""
    assert hub.incarnation is not None
    return frame(
        hub,
        Welcome(
            hub=hub.id,
            incarnation=hub.incarnation,
            boot=hub.boot,
            arrived=streams.arrived(hub, streams.in_order(hub.highs)),
            window=bounds.window,
            time=wall,
            reported=hub.reported,
            desired=hub.desired,
            spread=min(SPREAD_MAX_S, max(bounds.spread_min_s, online / bounds.return_rate)),
            hello=hub.hello,
        ),
    )


def ack(hub: Hub, bounds: Bounds) -> Send:
    """Only of the streams that something came of."""
    assert hub.incarnation is not None
    return frame(
        hub,
        Ack(
            hub=hub.id,
            incarnation=hub.incarnation,
            boot=hub.boot,
            arrived=streams.arrived_since(hub),
            missing=streams.arrived(hub, streams.in_order(hub.missing)),
            window=bounds.window,
            reported=hub.reported,
        ),
    )


def who_is_there(hub: Hub, incarnation: bytes, bounds: Bounds) -> Send:
    """Nothing is known of a hub that speaks of this incarnation: it is asked to say Hello, on the connection it has."""
    return frame(hub, Ack(hub.id, incarnation, 0, (), (), bounds.window, 0))


def frame(hub: Hub, message: Welcome | Ack | Desired | Bye) -> Send:
    channel = channel_of(message)
    assert isinstance(channel, Down)
    return Send(hub.id, channel, encode(message))
